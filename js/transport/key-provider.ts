// The secret key of a client.

/** A key, or a function that gives one. */
export type SecretKey = string | (() => string | Promise<string>)

/** Gives the secret key. A function is called once, and again when the core asks for a new key after a 401. */
export class KeyProvider {
  readonly #secretKey: SecretKey | undefined
  #pending: Promise<string> | undefined

  constructor(secretKey: SecretKey | undefined) {
    this.#secretKey = secretKey
  }

  /** The key; `renew` calls the function again. Rejects with what the function throws, or where it gives no key. */
  get(renew: boolean): string | undefined | Promise<string> {
    const secretKey = this.#secretKey
    if (typeof secretKey !== 'function') return secretKey
    if (renew || !this.#pending) {
      const pending = (async () => checkKey(await secretKey()))()
      this.#pending = pending
      pending.catch(() => this.forget(pending))
    }
    return this.#pending
  }

  /** Lets the next `get` call the function again: for a promise that failed or did not settle in time. */
  forget(pending = this.#pending): void {
    if (this.#pending === pending) this.#pending = undefined
  }
}

function checkKey(key: unknown): string {
  if (typeof key === 'string' && /^[!-~]+$/.test(key)) return key
  throw new TypeError('the function secretKey gave no key')
}
