// Reads the body of a request, up to a limit.
import type { IncomingMessage } from 'node:http'

const empty = new Uint8Array(0)

/** The body is larger than the limit. */
export class BodyTooLarge extends Error {
  /** `bytes`: the size, if the request states it. */
  constructor(bytes: number | undefined, limit: number) {
    super(`the body of the request has ${bytes === undefined ? `over ${limit}` : bytes} bytes; allowed are at most ${limit}`)
  }
}

/** All bodies together that are being received are larger than the limit. */
export class TooManyBodies extends Error {}

/** The bytes that the bodies that are being received may have together. */
export class BodyBudget {
  #bytes: number

  constructor(bytes: number) {
    this.#bytes = bytes
  }

  hasRoomFor(bytes: number): boolean {
    return bytes <= this.#bytes
  }

  take(bytes: number): void {
    if (!this.hasRoomFor(bytes)) throw new TooManyBodies()
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
  const parts: Buffer[] = []
  await receive(request, limit, budget, (part) => parts.push(part))
  return parts.length === 1 ? (parts[0] ?? empty) : Buffer.concat(parts)
}

/** As `readBody`, with the body as text. It is decoded as it arrives, so that it is never there as bytes too. */
export async function readText(request: IncomingMessage, limit: number, budget: BodyBudget): Promise<string> {
  const decoder = new TextDecoder()
  const texts: string[] = []
  await receive(request, limit, budget, (part) => texts.push(decoder.decode(part, { stream: true })))
  texts.push(decoder.decode())
  return texts.join('')
}

async function receive(request: IncomingMessage, limit: number, budget: BodyBudget, onPart: (part: Buffer) => void): Promise<void> {
  const stated = Number(rawHeader(request, 'content-length') ?? 0)
  if (stated > limit) throw new BodyTooLarge(stated, limit)
  let length = 0
  let taken = 0
  try {
    await new Promise<void>((resolve, reject) => {
      request.on('data', (part: Buffer) => {
        length += part.length
        try {
          if (length > limit) throw new BodyTooLarge(undefined, limit)
          budget.take(part.length)
          taken += part.length
          onPart(part)
        } catch (error) {
          request.pause()
          reject(error as Error)
        }
      })
      request.on('end', resolve)
      request.on('error', reject)
      request.on('close', () => {
        if (!request.complete) reject(new Error('the connection ended within the body'))
      })
    })
  } finally {
    budget.giveBack(taken)
  }
}
