// The emulator's clock. A real clock follows the system's time; a manual clock moves only by `advance` and `restore`.

interface Sleeper {
  wakeAt: number
  wake: () => void
}

/** Where a manual clock starts by default, in milliseconds since the epoch. */
export const defaultStart = Date.UTC(2026, 0, 1)

/** Where every clock ends. The core counts nanoseconds, which have room until 2554. */
export const latest = Date.UTC(2500, 0, 1)

const day = 86_400_000

export class Clock {
  readonly #isManual: boolean
  readonly #start: number
  #now: number
  /** The system's time when it was last read. */
  #system: number | undefined
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

  /** The time in milliseconds since the epoch. It goes back only when a manual clock is reset or restored. */
  now(): number {
    if (!this.#isManual && !this.#isHeld) this.#follow()
    return this.#now
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

  /** Sets a manual clock back to its start, and ends the sleeps on it. A real clock is unaffected. */
  reset(): void {
    if (this.#isManual) this.#set(this.#start)
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

  /**
   * Follows the system's time. When that is set back, time goes on from where it was. When it is set on again by about
   * as much, the two meet: otherwise, each time that a test fakes the date and stops would move the world by years.
   */
  #follow(): void {
    const system = Date.now()
    if (!Number.isFinite(system)) return
    const step = system - (this.#system ?? this.#now)
    const ahead = this.#now - (this.#system ?? this.#now)
    const meets = this.#system === undefined || (step > day && step > ahead / 2)
    this.#system = system
    if (step > 0) this.#now = Math.min(latest, meets ? Math.max(this.#now, system) : this.#now + step)
  }

  #set(at: number): void {
    this.#now = at
    const sleepers = this.#sleepers.splice(0)
    for (const { wake } of sleepers) wake()
  }
}
