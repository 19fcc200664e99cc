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

/** Watches the timers of now. Returns whether others have replaced them: what waits for timers of a test that is over waits for ever. */
export function watchTimers(): () => boolean {
  const { setTimeout } = globalThis
  return () => globalThis.setTimeout !== setTimeout
}

/** Whether the timers of now are those of a test: sinon's, which vitest and jest use too, or older ones of jest. */
export function areTimersFake(): boolean {
  return ['clock', '_isMockFunction'].some((mark) => mark in globalThis.setTimeout)
}

/** Starts a timer; returns the function that stops it. That is the one that belonged to the timer when it started. */
export function startTimer(ms: number, run: () => void): () => void {
  const { clearTimeout } = globalThis
  const timer = setTimeout(run, Math.min(ms, delayMax))
  return () => clearTimeout(timer)
}
