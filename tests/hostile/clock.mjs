// A virtual clock. It takes the place of the timers and clocks of the process before the package is
// imported, and jumps to the next wake-up when nothing else can run.
import { random } from './random.mjs'

const turn = setImmediate
const epoch = Date.UTC(2026, 5, 1)
/** The most timers that may end at one moment: more are a livelock. */
const mostAtOnce = 20_000

export class Clock {
  now = 0
  #number = 0
  #timers = new Map()
  #chance = random(0)
  #atThisMoment = 0

  install() {
    globalThis.setTimeout = (run, ms = 0, ...rest) => this.after(ms, () => run(...rest))
    globalThis.clearTimeout = (number) => this.#timers.delete(number)
    performance.now = () => this.now
    Date.now = () => epoch + this.now
    Math.random = () => this.#chance.fraction()
    crypto.getRandomValues = (bytes) => {
      const view = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      for (let i = 0; i < view.length; i++) view[i] = this.#chance.below(256)
      return bytes
    }
  }

  /** Begins again at zero, without timers, with chance that follows from the seed. */
  restart(seed) {
    this.now = 0
    this.#timers.clear()
    this.#chance = random(seed, 'client')
    this.#atThisMoment = 0
  }

  /** The present as the wire writes it, with a number of nanoseconds that is different each time. */
  static text(ms, order) {
    const whole = new Date(epoch + Math.floor(ms)).toISOString().slice(0, -1)
    return `${whole}${String(order % 1000).padStart(3, '0')}Z`
  }

  get date() {
    return new Date(epoch + this.now)
  }

  after(ms, run) {
    const number = ++this.#number
    const wait = Number(ms)
    this.#timers.set(number, { at: this.now + (wait > 0 ? wait : 0), run })
    return number
  }

  cancel(number) {
    this.#timers.delete(number)
  }

  /** Lets run what waits for no timer. */
  quiet() {
    return new Promise((resolve) => turn(resolve))
  }

  /** Ends the timer that is due first; false without one. */
  #next() {
    let due
    for (const entry of this.#timers) if (due === undefined || entry[1].at < due[1].at) due = entry
    if (due === undefined) return false
    const [number, { at, run }] = due
    this.#timers.delete(number)
    this.#atThisMoment = at > this.now ? 0 : this.#atThisMoment + 1
    if (at > this.now) this.now = at
    run()
    return true
  }

  /** Runs until `done`; gives 'done', 'late' at the limit, 'idle' without timers, 'livelock'. */
  async run(done, limit) {
    for (;;) {
      await this.quiet()
      if (done()) return 'done'
      if (this.now >= limit) return 'late'
      if (this.#atThisMoment > mostAtOnce) return 'livelock'
      if (this.#next()) continue
      for (let turns = 0; turns < 4; turns++) await this.quiet()
      if (done()) return 'done'
      if (!this.#next()) return 'idle'
    }
  }
}
