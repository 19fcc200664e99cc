// Virtual time: while a scenario runs, the timers, clocks and random numbers of this process are replaced, for
// client and emulator alike. Time moves only to the next timer; computing takes no virtual time.

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Runs `scenario` in virtual time, with random numbers of `seed`, and returns its result. */
export async function inVirtualTime(seed, scenario) {
  const real = { ...pick(globalThis, ['setTimeout', 'clearTimeout']), dateNow: Date.now, performanceNow: performance.now, random: Math.random }
  const timers = new Map()
  let now = Date.UTC(2026, 0, 1)
  let last = 0
  globalThis.setTimeout = (call, ms = 0, ...args) => {
    timers.set(++last, { at: now + Math.max(0, Number(ms) || 0), call: () => call(...args) })
    return last
  }
  globalThis.clearTimeout = (timer) => timers.delete(timer)
  Date.now = () => Math.floor(now)
  performance.now = () => now
  Math.random = randomOf(seed)
  try {
    let over = false
    const result = scenario().finally(() => (over = true))
    result.catch(() => {})
    while (await turn().then(() => !over)) {
      const next = earliest(timers)
      if (next === undefined) throw new Error('the scenario waits, and there is no timer')
      const { at, call } = timers.get(next)
      timers.delete(next)
      now = Math.max(now, at)
      call()
    }
    return await result
  } finally {
    Object.assign(globalThis, { setTimeout: real.setTimeout, clearTimeout: real.clearTimeout })
    Date.now = real.dateNow
    performance.now = real.performanceNow
    Math.random = real.random
  }
}

/** The timer that is due first; of several that are due at one moment, the one that was set first. */
function earliest(timers) {
  let first
  for (const [timer, { at }] of timers) if (first === undefined || at < timers.get(first).at) first = timer
  return first
}

/** The random numbers of a seed, by mulberry32. */
function randomOf(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function pick(object, names) {
  return Object.fromEntries(names.map((name) => [name, object[name]]))
}
