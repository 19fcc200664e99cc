// The secret key of a client.
import { hidden } from './redaction.js'
import { watchTimers } from './timing.js'

/** A key, or a function that gives one. */
export type SecretKey = string | (() => string | Promise<string>)

/** The key of one exchange: the text, or the promise of the function that gives it. */
export type KeySource = string | Promise<string> | undefined

/** The longest key (`src/flow/settings/headers.rs`). */
const lengthMax = 16_384

/** The number of keys of a function that are replaced in messages. */
const knownMax = 64

/** Gives the secret key. A function is called once, and again when the service has refused its last key. */
export class KeyProvider {
  readonly #secretKey: SecretKey | undefined
  #current: Promise<string> | undefined
  #refused: KeySource
  /** Whether the function was called under timers that others have replaced: it may never give a key. */
  #isLost = () => false
  /** The keys that no message may contain, the newest first. */
  readonly known: string[]

  constructor(secretKey: SecretKey | undefined) {
    this.#secretKey = secretKey
    this.known = typeof secretKey === 'string' ? [secretKey] : []
  }

  /** The key. With `renews`, the function is called again unless another exchange has done so since the refusal. */
  get(renews: boolean): KeySource {
    const secretKey = this.#secretKey
    if (typeof secretKey !== 'function') return secretKey
    if (!this.#current || this.#isLost() || (renews && this.#current === this.#refused)) {
      const isReplaced = watchTimers()
      let isPending = true
      this.#isLost = () => isPending && isReplaced()
      const current = (async () => this.#check(await secretKey()))()
      this.#current = current
      current.then(
        () => (isPending = false),
        () => this.forget(current),
      )
    }
    return this.#current
  }

  /** Notes that the service has refused this key. */
  refuse(source: KeySource): void {
    this.#refused = source
  }

  /** Lets the next `get` call the function again: for a promise that failed or did not settle in time. */
  forget(source: KeySource): void {
    if (this.#current === source) this.#current = undefined
  }

  #check(key: unknown): string {
    if (typeof key !== 'string' || key === '') throw new TypeError('the function secretKey gave no key')
    // The message does not repeat the text, which may be a key with a stray newline.
    if (key.length > lengthMax) throw new TypeError(`the function secretKey gave a text of more than ${lengthMax} characters, which no key has`)
    if (!/^[!-~]+$/.test(key)) throw new TypeError('the function secretKey gave a text with a space, a line break or another character that no key has')
    if (!this.known.includes(key)) this.known.splice(0, this.known.length, key, ...this.known.slice(0, knownMax - 1))
    return key
  }
}

/** Parts of a text that may be a key or a part of one: 8 or more of the characters of UUIDs, tokens and base64, a digit among them. */
const keyLike = /(?=[a-z_+=-]*\d)[\w+=-]{8,}/gi

/** A text without what may be a key. A function that fails can name the key that it did not give, which is not known then. */
export function withoutKeyLike(text: string): string {
  return text.replace(keyLike, hidden)
}
