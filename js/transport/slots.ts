// The limit of `maxConcurrency`.
import { watchTimers } from './timing.js'

/** A slot that an exchange has, or waits for. */
interface Slot {
  begin: () => void
  /** Whether the exchange began under timers that others have replaced. It may never end, so it is not counted. */
  isLost: () => boolean
}

/** Limits how many exchanges run at once. Further ones wait in the order in which they came. */
export class Slots {
  readonly #count: number
  readonly #taken = new Set<Slot>()
  readonly #waiting = new Set<Slot>()

  constructor(count: number) {
    this.#count = count
  }

  /**
   * Calls `begin` when there is a free slot, at once if there is one now. Returns the function that gives the
   * slot back, or ends the waiting. Calling it again does nothing.
   */
  enter(begin: () => void): () => void {
    const slot: Slot = { begin, isLost: watchTimers() }
    this.#waiting.add(slot)
    this.#fill()
    return () => {
      this.#waiting.delete(slot)
      if (this.#taken.delete(slot)) this.#fill()
    }
  }

  #fill(): void {
    for (const slot of this.#taken) if (slot.isLost()) this.#taken.delete(slot)
    for (const slot of this.#waiting) {
      if (this.#taken.size >= this.#count) return
      this.#waiting.delete(slot)
      this.#taken.add(slot)
      slot.begin()
    }
  }
}
