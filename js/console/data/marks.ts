// The servers that are marked as failing, by a person or by the fleet of a first visit. Kept in the browser, for all tabs.
import { forget, readStored, store } from './storage.js'

export class Marks {
  readonly #key: string
  readonly #first: readonly string[]
  #marked: ReadonlySet<string>
  readonly #subscribers = new Set<() => void>()

  constructor(scope: string, first: readonly string[]) {
    this.#key = `flexip-failing-${scope}`
    this.#first = first
    this.#marked = this.#read()
    addEventListener('storage', ({ key }) => {
      if (key === this.#key || key === null) this.#publish(this.#read())
    })
  }

  readonly subscribe = (subscriber: () => void): (() => void) => {
    this.#subscribers.add(subscriber)
    return () => this.#subscribers.delete(subscriber)
  }

  readonly marked = (): ReadonlySet<string> => this.#marked

  mark(serverId: string, isFailing: boolean): void {
    const next = new Set(this.#marked)
    if (isFailing) next.add(serverId)
    else next.delete(serverId)
    store(this.#key, JSON.stringify([...next]))
    this.#publish(next)
  }

  /** Back to the marks of the start. */
  reset(): void {
    forget(this.#key)
    this.#publish(this.#read())
  }

  #publish(next: ReadonlySet<string>): void {
    this.#marked = next
    for (const subscriber of this.#subscribers) subscriber()
  }

  #read(): ReadonlySet<string> {
    try {
      const stored: unknown = JSON.parse(readStored(this.#key) ?? 'null')
      if (Array.isArray(stored)) return new Set(stored.filter((id) => typeof id === 'string'))
    } catch {
      // What another program wrote there is left out.
    }
    return new Set(this.#first)
  }
}
