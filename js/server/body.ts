// Reads the body of a request, up to a limit.
import type { IncomingMessage } from 'node:http'

const empty = new Uint8Array(0)

/** The body is larger than the limit. */
export class BodyTooLarge extends Error {}

/** Whether the headers of a request show that it has no body. */
export function hasNoBody(request: IncomingMessage): boolean {
  return rawHeader(request, 'transfer-encoding') === undefined && (rawHeader(request, 'content-length') ?? '0') === '0'
}

/** The first value of a header. `headers` of a request is made on its first use, which takes longer than this. */
export function rawHeader({ rawHeaders }: IncomingMessage, name: string): string | undefined {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const other = rawHeaders[index] ?? ''
    if (other.length === name.length && other.toLowerCase() === name) return rawHeaders[index + 1]
  }
  return undefined
}

/** Resolves with the body. Rejects with `BodyTooLarge` over `limit` bytes, or when the connection ends before the body. */
export function readBody(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    if (Number(rawHeader(request, 'content-length') ?? 0) > limit) return reject(new BodyTooLarge())
    const parts: Buffer[] = []
    let length = 0
    request.on('data', (part: Buffer) => {
      length += part.length
      if (length > limit) {
        request.pause()
        reject(new BodyTooLarge())
      } else parts.push(part)
    })
    request.on('end', () => resolve(parts.length === 1 ? (parts[0] ?? empty) : Buffer.concat(parts)))
    request.on('error', reject)
    request.on('close', () => {
      if (!request.complete) reject(new Error('the connection ended within the body'))
    })
  })
}
