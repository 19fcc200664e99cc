// Waiting with a limit: neither for ever, nor for a caller that is gone.
import { startTimer } from '../transport/timing.js'
import { gone } from './refusal.js'
import { NoAnswer } from './service.js'

/**
 * Resolves with what a function of the options gave. Throws a `NoAnswer` that names the function if it takes longer than
 * `timeoutMs`, and a `Refusal` once the signal of the caller is aborted.
 */
export async function limited<Value>(name: string, value: Value | PromiseLike<Value>, timeoutMs: number, signal?: AbortSignal): Promise<Value> {
  if (signal?.aborted) throw gone()
  let stop = (): void => undefined
  const ended = new Promise<never>((_, reject) => {
    const onAbort = () => reject(gone())
    const stopTimer = startTimer(timeoutMs, () => reject(new NoAnswer(503, `the function ${name} of the proxy took too long`)))
    signal?.addEventListener('abort', onAbort)
    stop = () => {
      stopTimer()
      signal?.removeEventListener('abort', onAbort)
    }
  })
  try {
    return await Promise.race([value, ended])
  } finally {
    stop()
  }
}
