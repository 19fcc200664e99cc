// The emulator's clock. A manual clock moves only by `advance` and `restore`.
//
// A real clock is at the system's time, if that is not before its own. Else it goes on from where it is, by the time
// that passes, and a tenth slower, until the system's time has caught up. So whatever date the system gives and takes
// back, time goes on, it never goes back, and no error adds to another.

interface Sleeper {
  wakeAt: number
  wake: () => void
}

/** Where a manual clock starts by default, in milliseconds since the epoch. */
export const defaultStart = Date.UTC(2026, 0, 1)

/** Where every clock ends. The core counts nanoseconds, which have room until 2554. */
export const latest = Date.UTC(2500, 0, 1)

/** No date of the system is later: it is wrong, and a clock that believed it would soon be at its end. */
const latestOfSystem = Date.UTC(2400, 0, 1)

/** How fast a real clock is that is ahead of the system's time. */
const slowed = 0.9

export class Clock {
  readonly #isManual: boolean
  readonly #start: number
  #now: number
  /** How much time has passed, in milliseconds, since a moment that does not matter. */
  readonly #ticker = new Ticker()
  #isHeld = false
  #sleepers: Sleeper[] = []

  constructor(kind: 'real' | 'manual', startsAt: Date) {
    this.#isManual = kind === 'manual'
    this.#start = this.#isManual ? startsAt.getTime() : 0
    this.#now = this.#start
  }

  get kind(): 'real' | 'manual' {
    return this.#isManual ? 'manual' : 'real'
  }

  /** The time in milliseconds since the epoch. It goes back only when a manual clock is restored, or a clock is reset. */
  now(): number {
    if (this.#isManual || this.#isHeld) return this.#now
    this.#follow()
    return Math.floor(this.#now)
  }

  /** Lets a real clock stand still from now on: only `resume` moves it. */
  hold(): void {
    this.#isHeld = true
  }

  /** Moves the clock to a time that an earlier run reached, unless it is past that time already. */
  resume(at: number): void {
    this.#now = Math.min(latest, Math.max(this.#now, at))
  }

  /** Sets a manual clock to the time of a snapshot, and ends the sleeps on it. A real clock goes on, from that time if it is later. */
  restore(at: number): void {
    if (this.#isManual) this.#set(at)
    else this.resume(at)
  }

  /** Sets a manual clock back to its start, and ends the sleeps on it. Sets a real clock to the system's time. */
  reset(): void {
    if (this.#isManual) this.#set(this.#start)
    else this.#now = 0
  }

  /** Moves a manual clock. Returns the reason when it cannot be moved. */
  advance(ms: number): string | undefined {
    if (!this.#isManual) return "a real clock cannot be moved: set clock: 'manual'"
    if (!Number.isFinite(ms) || ms < 0) return `time can be moved on by 0 or more milliseconds; found ${ms}`
    if (this.#now + ms > latest) return `time ends at ${new Date(latest).toISOString()}: it can be moved on by ${latest - this.#now} milliseconds at most; found ${ms}`
    this.#now += ms
    const due = this.#sleepers.filter(({ wakeAt }) => wakeAt <= this.#now)
    this.#sleepers = this.#sleepers.filter((sleeper) => !due.includes(sleeper))
    for (const { wake } of due.sort((one, other) => one.wakeAt - other.wakeAt)) wake()
    return undefined
  }

  /** Resolves after a time in milliseconds. Rejects with the signal's reason when the signal aborts first. */
  async sleep(ms: number, signal: AbortSignal | null | undefined): Promise<void> {
    let onAbort!: () => void
    let timer: ReturnType<typeof setTimeout> | undefined
    const sleeper: Sleeper = { wakeAt: this.now() + ms, wake: () => {} }
    try {
      await new Promise<void>((resolve, reject) => {
        onAbort = () => reject(signal?.reason)
        signal?.addEventListener('abort', onAbort)
        sleeper.wake = resolve
        if (this.#isManual) this.#sleepers.push(sleeper)
        else timer = setTimeout(resolve, ms)
      })
    } finally {
      clearTimeout(timer)
      this.#sleepers = this.#sleepers.filter((other) => other !== sleeper)
      signal?.removeEventListener('abort', onAbort)
    }
  }

  #follow(): void {
    const passed = this.#ticker.passed()
    const system = Date.now()
    const isDate = system >= 0 && system <= latestOfSystem
    this.#now = Math.min(latest, Math.max(this.#now + passed * slowed, isDate ? system : 0))
  }

  #set(at: number): void {
    this.#now = at
    const sleepers = this.#sleepers.splice(0)
    for (const { wake } of sleepers) wake()
  }
}

/** Measures time that is never set: `performance.now()`. */
class Ticker {
  #read: (() => number) | undefined
  #ticks = 0

  /** The milliseconds since the last call. 0 where that is unknown: at first, and when a test has just replaced the timer. */
  passed(): number {
    // Some hosts have none. There, time goes on by the system's time only.
    const { performance } = globalThis as { performance?: Pick<Performance, 'now'> }
    const ticks = performance?.now() ?? 0
    const passed = performance?.now === this.#read ? ticks - this.#ticks : 0
    this.#read = performance?.now
    this.#ticks = ticks
    return passed > 0 ? passed : 0
  }
}
