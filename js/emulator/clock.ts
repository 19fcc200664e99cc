// The emulator's clock. A real clock follows the system's time; a manual clock moves only by `advance`.

interface Sleeper {
  wakeAt: number
  wake: () => void
}

/** Where a manual clock starts by default, in milliseconds since the epoch. */
export const defaultStart = Date.UTC(2026, 0, 1)

export class Clock {
  readonly #isManual: boolean
  readonly #start: number
  #now: number
  #sleepers: Sleeper[] = []

  constructor(kind: 'real' | 'manual', startsAt: Date) {
    this.#isManual = kind === 'manual'
    this.#start = this.#isManual ? startsAt.getTime() : 0
    this.#now = this.#start
  }

  get kind(): 'real' | 'manual' {
    return this.#isManual ? 'manual' : 'real'
  }

  /** The time in milliseconds since the epoch. It goes back only when a manual clock is reset. */
  now(): number {
    if (!this.#isManual) this.#now = Math.max(this.#now, Date.now())
    return this.#now
  }

  /** Moves the clock to a time that an earlier run reached, unless it is past that time already. */
  resume(at: number): void {
    this.#now = Math.max(this.#now, at)
  }

  /** Sets a manual clock back to its start, and ends the sleeps on it. A real clock is unaffected. */
  reset(): void {
    if (this.#isManual) this.#now = this.#start
    const sleepers = this.#sleepers.splice(0)
    for (const { wake } of sleepers) wake()
  }

  /** Moves a manual clock. Returns the reason when it cannot be moved. */
  advance(ms: number): string | undefined {
    if (!this.#isManual) return "a real clock cannot be moved: set clock: 'manual'"
    if (!Number.isFinite(ms) || ms < 0) return `time can be moved on by 0 or more milliseconds; found ${ms}`
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
}
