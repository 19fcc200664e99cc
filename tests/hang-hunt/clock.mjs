// Timers and a clock that go on by themselves only when nothing else happens.
const turn = setImmediate

export class Clock {
  now = 0
  #last = 0
  #timers = new Map()

  install() {
    globalThis.setTimeout = (call, ms = 0) => {
      const number = ++this.#last
      this.#timers.set(number, { at: this.now + Math.max(0, ms), call })
      return number
    }
    globalThis.clearTimeout = (number) => this.#timers.delete(number)
    performance.now = () => this.now
  }

  /** Waits until everything has happened that waits for no timer. */
  quiet() {
    return new Promise((resolve) => turn(resolve))
  }

  /** Goes on to the next moment at which something is due; says whether there was one. */
  next() {
    let first = Infinity
    for (const { at } of this.#timers.values()) first = Math.min(first, at)
    if (first === Infinity) return false
    this.now = Math.max(this.now, first)
    for (const [number, { at, call }] of this.#timers) {
      if (at > this.now) continue
      this.#timers.delete(number)
      call()
    }
    return true
  }

  clear() {
    this.#timers.clear()
  }
}
