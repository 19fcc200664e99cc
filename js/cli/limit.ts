// A time limit that holds.

/** The longest time of a timer, in milliseconds: with a longer one it would fire at once. */
const longestMs = 2 ** 31 - 1

/**
 * Aborted with `signal`, or after the time. Not `AbortSignal.timeout` within `AbortSignal.any`: Node can collect that as
 * garbage before its time, and a command that prints much makes it do so.
 */
export function limitOf(signal: AbortSignal, ms: number): { signal: AbortSignal; isLate: () => boolean; end: () => void } {
  const limit = new AbortController()
  let isLate = false
  const abort = () => limit.abort(signal.reason)
  const timer = setTimeout(() => {
    isLate = true
    limit.abort(new DOMException('the time is up', 'TimeoutError'))
  }, Math.min(ms, longestMs))
  signal.addEventListener('abort', abort)
  if (signal.aborted) abort()
  const end = () => {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
  return { signal: limit.signal, isLate: () => isLate, end }
}
