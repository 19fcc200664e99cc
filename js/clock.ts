// The emulator's clock: the real one, or one that stands still until it is moved.

interface Sleeper {
  until: number
  wake: () => void
}

/** Where a manual clock begins if nothing else is said. */
export const usualStart = Date.UTC(2026, 0, 1)

export class Clock {
  readonly #manual: boolean
  readonly #start: number
  #now: number
  #sleepers: Sleeper[] = []

  constructor(kind: 'real' | 'manual', startsAt: Date) {
    this.#manual = kind === 'manual'
    this.#start = this.#manual ? startsAt.getTime() : 0
    this.#now = this.#start
  }

  get kind(): 'real' | 'manual' {
    return this.#manual ? 'manual' : 'real'
  }

  /** Milliseconds since the epoch. They never go back. */
  now(): number {
    if (!this.#manual) this.#now = Math.max(this.#now, Date.now())
    return this.#now
  }

  /** Goes on from a time that was reached before. */
  resume(at: number): void {
    this.#now = Math.max(this.#now, at)
  }

  /** Puts a manual clock back to where it began; who waits for it waits no longer. */
  reset(): void {
    if (this.#manual) this.#now = this.#start
    const sleepers = this.#sleepers.splice(0)
    for (const { wake } of sleepers) wake()
  }

  /** Moves a manual clock; gives the reason when it cannot be moved. */
  advance(ms: number): string | undefined {
    if (!this.#manual) return "a real clock cannot be moved: set clock: 'manual'"
    if (!Number.isFinite(ms) || ms < 0) return `time can be moved on by 0 or more milliseconds; found ${ms}`
    this.#now += ms
    const due = this.#sleepers.filter(({ until }) => until <= this.#now)
    this.#sleepers = this.#sleepers.filter((sleeper) => !due.includes(sleeper))
    for (const { wake } of due.sort((one, other) => one.until - other.until)) wake()
    return undefined
  }

  /** Waits, unless the signal ends it. */
  async sleep(ms: number, signal: AbortSignal | null | undefined): Promise<void> {
    let giveUp!: () => void
    let timer: ReturnType<typeof setTimeout> | undefined
    const sleeper: Sleeper = { until: this.now() + ms, wake: () => {} }
    try {
      await new Promise<void>((resolve, reject) => {
        giveUp = () => reject(signal?.reason)
        signal?.addEventListener('abort', giveUp)
        sleeper.wake = resolve
        if (this.#manual) this.#sleepers.push(sleeper)
        else timer = setTimeout(resolve, ms)
      })
    } finally {
      clearTimeout(timer)
      this.#sleepers = this.#sleepers.filter((other) => other !== sleeper)
      signal?.removeEventListener('abort', giveUp)
    }
  }
}
