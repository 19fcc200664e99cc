// A time limit that holds.

/**
 * Does work with a signal that is aborted with another, or after the time. Not `AbortSignal.timeout` within
 * `AbortSignal.any`: engines can collect that as garbage before its time.
 */
export async function withLimit<Result>(signal: AbortSignal, ms: number, work: (limit: AbortSignal) => Promise<Result>): Promise<Result> {
  const limit = new AbortController()
  const abort = () => limit.abort(signal.reason)
  const timer = setTimeout(() => limit.abort(new DOMException('the time is up', 'TimeoutError')), ms)
  signal.addEventListener('abort', abort)
  if (signal.aborted) abort()
  try {
    return await work(limit.signal)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}
