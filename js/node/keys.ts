// The keys of the environment, of the options and of the config file: what no error and no warning repeats.
import { redactionOf } from '../transport/redaction.js'

/** What has the form of a key. */
const keyForm = /(?:[\da-f]-?){32}|scw[\da-z]{17}/gi

/** Keys, and texts of others without them. */
export class Keys {
  readonly #known = new Set<string>()
  readonly #redaction = redactionOf(() => [...this.#known])

  add(...keys: readonly (string | undefined)[]): void {
    for (const key of keys) if (key) this.#known.add(key).add(key.trim())
  }

  /** A text without these keys, in any spelling. */
  hide(text: string): string {
    return this.#redaction.cleanOwn(text)
  }

  /** The same without anything that could be a key: a name that has the form of one may be a key in the wrong place. */
  hideForms(name: string): string {
    return this.hide(name).replace(keyForm, '[secret]')
  }
}
