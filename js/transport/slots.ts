// The limit of `maxConcurrency`.

/** Limits how many exchanges run at once. Further ones wait in the order in which they came. */
export class Slots {
  #free: number
  readonly #waiting = new Set<() => void>()

  constructor(count: number) {
    this.#free = count
  }

  /** Takes a free slot; `false` if there is none. */
  take(): boolean {
    return this.#free > 0 && this.#free-- > 0
  }

  /** Calls `begin` when a slot is free, which is then taken. Returns the function that ends the waiting. */
  wait(begin: () => void): () => void {
    this.#waiting.add(begin)
    return () => this.#waiting.delete(begin)
  }

  /** Gives a slot to the exchange that has waited longest. */
  free(): void {
    const [next] = this.#waiting
    if (!next) this.#free++
    else if (this.#waiting.delete(next)) next()
  }
}
