// Time that passes as fast as it can: timers, clocks and chance of this process are replaced while a
// scenario runs, for client and emulator alike. What is computed takes no time at all.

const turn = () => new Promise((resolve) => setImmediate(resolve))

/** Runs `scenario` in virtual time, with chance that follows from `seed`, and gives what it gives. */
export async function inVirtualTime(seed, scenario) {
  const real = { ...pick(globalThis, ['setTimeout', 'clearTimeout']), dateNow: Date.now, performanceNow: performance.now, random: Math.random }
  const timers = new Map()
  let now = Date.UTC(2026, 0, 1)
  let last = 0
  globalThis.setTimeout = (call, ms = 0, ...given) => {
    timers.set(++last, { at: now + Math.max(0, Number(ms) || 0), call: () => call(...given) })
    return last
  }
  globalThis.clearTimeout = (timer) => timers.delete(timer)
  Date.now = () => Math.floor(now)
  performance.now = () => now
  Math.random = chance(seed)
  try {
    let over = false
    const result = scenario().finally(() => (over = true))
    result.catch(() => {})
    while (await turn().then(() => !over)) {
      const next = earliest(timers)
      if (next === undefined) throw new Error('nothing is left to happen, and the scenario is not over')
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

/** The timer that is due first; of several at one moment, the one that was set first. */
function earliest(timers) {
  let first
  for (const [timer, { at }] of timers) if (first === undefined || at < timers.get(first).at) first = timer
  return first
}

/** mulberry32. */
function chance(seed) {
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
