// Reads plain requests: those that arrive as a whole, and that every reader of HTTP reads alike.

import type { ArrivedRequest } from '../emulator/host.js'

/** A request that node:http would read as the same. */
export interface PlainRequest extends ArrivedRequest {
  /** The value of `Host`. */
  host: string
}

/** The sizes up to which a request is read here. */
export interface PlainLimits {
  bodyBytes: number
  headBytes: number
  headers: number
}

/** A head of visible ASCII and spaces between, with one space after each colon. Paths below /_emulator/ are not of the API. */
const plainHead = /^(GET|POST|PATCH|PUT|DELETE) (\/(?!_emulator\/)[!-~]*) HTTP\/1\.1\r\n((?:[\w-]+: [!-~](?:[ -~]*[!-~])?\r\n)+)$/

/** Reads a request. Returns `undefined` if it is not a plain one, not complete, or not alone. */
export function readPlainRequest(bytes: Buffer, limits: PlainLimits): PlainRequest | undefined {
  const headLength = bytes.indexOf('\r\n\r\n') + 2
  if (headLength < 2 || headLength > limits.headBytes) return undefined
  const [, method, target, lines] = plainHead.exec(bytes.toString('latin1', 0, headLength)) ?? []
  if (method === undefined || target === undefined || lines === undefined) return undefined
  let host: string | undefined
  let length: number | undefined
  let count = 0
  for (let at = 0, end: number; at < lines.length; at = end + 2) {
    const colon = lines.indexOf(':', at)
    end = lines.indexOf('\r', colon)
    const value = lines.slice(colon + 2, end)
    switch (lines.slice(at, colon).toLowerCase()) {
      case 'host':
        if (host !== undefined) return undefined
        host = value
        break
      case 'content-length':
        if (length !== undefined || !/^\d{1,9}$/.test(value)) return undefined
        length = Number(value)
        break
      case 'connection':
        if (value.toLowerCase() !== 'keep-alive') return undefined
        break
      // A browser: its pages are judged in one place.
      case 'user-agent':
        if (value.startsWith('Mozilla/')) return undefined
        break
      // How the body is sent, what comes after it, or that the request is one of a page.
      case 'transfer-encoding':
      case 'trailer':
      case 'expect':
      case 'upgrade':
      case 'proxy-connection':
      case 'origin':
      case 'sec-fetch-site':
        return undefined
    }
    count++
  }
  const body = bytes.subarray(headLength + 2)
  if (host === undefined || count > limits.headers || body.length !== (length ?? 0) || body.length > limits.bodyBytes) return undefined
  return { method, target, host, body, bytes, headLength }
}
