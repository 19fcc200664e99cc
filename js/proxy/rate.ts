// How many requests each caller may make.
import { monotonicClock } from '../transport/timing.js'

interface Bucket {
  tokens: number
  at: number
  running: number
}

/** Beyond this number of callers, those are forgotten that have all their tokens. */
const callersMax = 10_000

/** Counts the requests of each caller: as many a minute, and as many at once, as the limits allow. */
export class CallerRates {
  readonly #buckets = new Map<string, Bucket>()
  readonly #now = monotonicClock()

  /** Begins a request. Returns the function that ends it, or the seconds after which a further request may come. */
  begin(caller: string, perMinute: number, atOnce: number): (() => void) | number {
    const now = this.#now()
    const bucket = this.#buckets.get(caller) ?? { tokens: perMinute, at: now, running: 0 }
    bucket.tokens = Math.min(perMinute, bucket.tokens + ((now - bucket.at) * perMinute) / 60_000)
    bucket.at = now
    this.#buckets.set(caller, bucket)
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) * 60) / perMinute)
    if (bucket.running >= atOnce) return 1
    bucket.tokens--
    bucket.running++
    if (this.#buckets.size > callersMax) this.#forget(now)
    return () => void bucket.running--
  }

  #forget(now: number): void {
    for (const [caller, { at, running }] of this.#buckets) {
      // After a minute, every bucket is full.
      if (running === 0 && now - at >= 60_000) this.#buckets.delete(caller)
    }
  }
}
