// Reads the body of a request, up to a limit.
import type { IncomingMessage } from 'node:http'

const empty = new Uint8Array(0)

/** The body is larger than the limit. */
export class BodyTooLarge extends Error {}

/** All bodies together that are being received are larger than the limit. */
export class TooManyBodies extends Error {}

/** The bytes that the bodies that are being received may have together. */
export class BodyBudget {
  #bytes: number

  constructor(bytes: number) {
    this.#bytes = bytes
  }

  take(bytes: number): void {
    if (bytes > this.#bytes) throw new TooManyBodies()
    this.#bytes -= bytes
  }

  giveBack(bytes: number): void {
    this.#bytes += bytes
  }
}

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

/** Resolves with the body. Rejects over `limit` bytes, when the budget is spent, or when the connection ends before the body. */
export async function readBody(request: IncomingMessage, limit: number, budget: BodyBudget): Promise<Uint8Array> {
  if (Number(rawHeader(request, 'content-length') ?? 0) > limit) throw new BodyTooLarge()
  let length = 0
  let taken = 0
  try {
    return await new Promise((resolve, reject) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => {
        length += part.length
        try {
          if (length > limit) throw new BodyTooLarge()
          budget.take(part.length)
          taken += part.length
          parts.push(part)
        } catch (error) {
          request.pause()
          reject(error as Error)
        }
      })
      request.on('end', () => resolve(parts.length === 1 ? (parts[0] ?? empty) : Buffer.concat(parts)))
      request.on('error', reject)
      request.on('close', () => {
        if (!request.complete) reject(new Error('the connection ended within the body'))
      })
    })
  } finally {
    budget.giveBack(taken)
  }
}
