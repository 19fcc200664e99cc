// Writes answers to a connection, and breaks it where a fault says so.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../clock.js'
import { dripping } from '../drip.js'
import type { Answer } from '../emulation.js'
import { hasNoBody } from './body.js'

const exposed = 'Date, Retry-After, Server, X-Envoy-Ratelimited, X-Request-Id'

/** Headers for a page of another origin. The service sends none; a page could not read its answers. */
export function crossOrigin(request: IncomingMessage): string[] {
  if (request.headers.origin === undefined) return []
  return ['Access-Control-Allow-Origin', '*', 'Access-Control-Expose-Headers', exposed]
}

/** Says what a page of another origin may send: whatever it asks for. */
export function preflight(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(204, [
    ...crossOrigin(request),
    ...['Access-Control-Allow-Methods', 'GET, POST, PATCH, PUT, DELETE'],
    ...['Access-Control-Allow-Headers', request.headers['access-control-request-headers'] ?? '*'],
    ...(request.headers['access-control-request-private-network'] ? ['Access-Control-Allow-Private-Network', 'true'] : []),
    ...['Access-Control-Max-Age', '7200', 'Vary', 'Origin, Access-Control-Request-Headers'],
  ])
  response.end()
}

/** Sends an answer of the emulator's. */
export async function deliver(answer: Answer, request: IncomingMessage, response: ServerResponse, { closing, clock }: { closing: boolean; clock: Clock }): Promise<void> {
  if (answer.dropped) {
    response.destroy()
    return
  }
  if (answer.reset) {
    request.socket.resetAndDestroy()
    return
  }
  const headers = answer.head === '' ? [] : answer.head.split('\n')
  headers.push(...crossOrigin(request))
  if (closing) headers.push('Connection', 'close')
  // The service says when it answered.
  response.sendDate = false
  const length = answer.body.length
  if (answer.cut) {
    // One byte more is promised than comes.
    response.writeHead(answer.status, [...headers, 'Content-Length', String(length + 1)])
    response.write(answer.body, () => response.destroy())
    return
  }
  if (answer.status !== 204) headers.push('Content-Length', String(length))
  response.writeHead(answer.status, headers)
  const { pieces, overMs } = answer
  if (pieces !== undefined && overMs !== undefined) {
    const drip = (signal: AbortSignal) => writeAll(response, dripping(answer.body, { pieces, overMs }, clock, signal))
    return whileThere(response, drip)
  }
  // As a text of bytes it goes out with the head in one write; bytes would be a second one.
  response.end(Buffer.from(answer.body.buffer, answer.body.byteOffset, length).toString('latin1'), 'latin1')
}

/** Does something that takes time, which is given up when the client goes. */
export async function whileThere(response: ServerResponse, act: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const gone = new AbortController()
  const leave = () => gone.abort()
  response.once('close', leave)
  await act(gone.signal).catch((error: unknown) => {
    if (!gone.signal.aborted) throw error
  })
  response.off('close', leave)
}

async function writeAll(response: ServerResponse, pieces: AsyncGenerator<Uint8Array, void>): Promise<void> {
  // The head goes out before any of the body.
  response.flushHeaders()
  for await (const piece of pieces) response.write(piece)
  response.end()
}

/** Sends an answer of the server's own, in the words of the API. */
export function reply(request: IncomingMessage, response: ServerResponse, status: number, body?: unknown): void {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  const headers = [...crossOrigin(request), 'Content-Length', String(Buffer.byteLength(text))]
  if (text !== '') headers.push('Content-Type', 'application/json')
  // Of a body that was not read, the rest would be taken for the next request.
  if (!request.complete && !hasNoBody(request)) headers.push('Connection', 'close')
  response.writeHead(status, status === 204 ? crossOrigin(request) : headers)
  response.end(text)
}
