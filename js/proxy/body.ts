// Reads the body of a request or a response, up to a number of bytes and within a time.
import { startTimer } from '../transport/timing.js'

/** Why a body was not read whole. */
export type BodyFailure = 'too large' | 'too slow' | 'broken'

/** What has a body: a `Request` or a `Response`. */
interface HasBody {
  readonly body: ReadableStream<Uint8Array> | null
}

/** Reads the bytes of a body. Resolves with the reason if it is too large, too slow or broken; then it is cancelled. */
export async function readBytes({ body }: HasBody, bytesMax: number, timeoutMs: number): Promise<Uint8Array | BodyFailure> {
  if (!body) return new Uint8Array(0)
  const reader = body.getReader()
  let stop = (): void => undefined
  const timeout = new Promise<'too slow'>((resolve) => {
    stop = startTimer(timeoutMs, () => resolve('too slow'))
  })
  try {
    const result = await Promise.race([readAll(reader, bytesMax), timeout])
    // The rest is never read. A stream may refuse to be cancelled.
    if (typeof result === 'string') reader.cancel().catch(() => undefined)
    return result
  } finally {
    stop()
  }
}

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>, bytesMax: number): Promise<Uint8Array | BodyFailure> {
  const parts: Uint8Array[] = []
  let length = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      length += value.length
      if (length > bytesMax) return 'too large'
      parts.push(value)
    }
  } catch {
    return 'broken'
  }
  const bytes = new Uint8Array(length)
  let end = 0
  for (const part of parts) {
    bytes.set(part, end)
    end += part.length
  }
  return bytes
}

/** The text of bytes; `undefined` if they are not UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
