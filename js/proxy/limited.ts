// Waiting with a limit: neither for ever, nor for a caller that is gone.
import { startTimer } from '../transport/timing.js'
import { gone } from './refusal.js'
import { NoAnswer } from './service.js'

/**
 * Calls a function of the options, and resolves with what it gives. Throws a `NoAnswer` that names the function if it
 * takes longer than `timeoutMs`, and a `Refusal` once the signal of the caller is aborted.
 */
export async function limited<Value>(name: string, call: () => Value | PromiseLike<Value>, timeoutMs: number, signal?: AbortSignal): Promise<Value> {
  // Before the call: a promise that nothing waits for would end the process if it rejected.
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
    return await Promise.race([call(), ended])
  } finally {
    stop()
  }
}
