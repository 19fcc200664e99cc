// Time and timers. Both may be replaced by a test's fake ones at any time, and back.

/** The longest delay of a timer. A longer one would end at once. */
const delayMax = 2 ** 31 - 1

/** Makes a clock that never goes back, also where `performance.now` is replaced by a clock that starts at 0. */
export function monotonicClock(): () => number {
  let last = 0
  let time = 0
  return () => {
    const now = globalThis.performance?.now() ?? Date.now()
    if (now > last) time += now - last
    last = now
    return time
  }
}

/** Starts a timer; returns the function that stops it. That is the one that belonged to the timer when it started. */
export function startTimer(ms: number, run: () => void): () => void {
  const { clearTimeout } = globalThis
  const timer = setTimeout(run, Math.min(ms, delayMax))
  return () => clearTimeout(timer)
}
