// A virtual clock with timers. `next` moves it to the next timer.
const realSetImmediate = setImmediate

export class Clock {
  now = 0
  #lastId = 0
  #timers = new Map()

  install() {
    globalThis.setTimeout = (call, ms = 0) => {
      const id = ++this.#lastId
      this.#timers.set(id, { at: this.now + Math.max(0, ms), call })
      return id
    }
    globalThis.clearTimeout = (id) => this.#timers.delete(id)
    performance.now = () => this.now
  }

  /** Waits until all promises that depend on no timer have settled. */
  settlePromises() {
    return new Promise((resolve) => realSetImmediate(resolve))
  }

  /** Moves to the time of the next timer, and calls all timers that are due. Returns whether there was one. */
  next() {
    let first = Infinity
    for (const { at } of this.#timers.values()) first = Math.min(first, at)
    if (first === Infinity) return false
    this.now = Math.max(this.now, first)
    for (const [id, { at, call }] of this.#timers) {
      if (at > this.now) continue
      this.#timers.delete(id)
      call()
    }
    return true
  }

  clear() {
    this.#timers.clear()
  }
}
