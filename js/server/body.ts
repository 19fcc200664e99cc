// Reads the body of a request, up to a limit.
import type { IncomingMessage } from 'node:http'

const nothing = new Uint8Array(0)

/** The limit was passed. */
export class TooLarge extends Error {}

/** Whether a request has no body, which is known before it has ended. */
export function hasNoBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0'
}

/** Gives the body, or rejects with `TooLarge`, or when the connection ends before it. */
export function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > limit) return reject(new TooLarge())
    const parts: Buffer[] = []
    let length = 0
    request.on('data', (part: Buffer) => {
      length += part.length
      if (length > limit) {
        request.pause()
        reject(new TooLarge())
      } else parts.push(part)
    })
    request.on('end', () => resolve(parts.length === 1 ? (parts[0] ?? nothing) : Buffer.concat(parts)))
    request.on('error', reject)
    request.on('close', () => reject(new Error('the connection ended within the body')))
  })
}
