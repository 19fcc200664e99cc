// The activity log: what the client sent, got, retried and waited for. Events of the client hold no secret.
import type { ClientEvent } from 'flexip/slim'

export interface LogEntry {
  readonly number: number
  /** When it happened, in milliseconds since the Unix epoch. */
  readonly at: number
  readonly event: ClientEvent
}

const entriesMax = 2000

/** Keeps the latest entries, and calls its subscribers once for the entries of one task. */
export class ActivityLog {
  #entries: readonly LogEntry[] = []
  #added: LogEntry[] = []
  #number = 0
  readonly #subscribers = new Set<() => void>()

  readonly add = (event: ClientEvent): void => {
    this.#number += 1
    this.#added.push({ number: this.#number, at: Date.now(), event })
    if (this.#added.length === 1) queueMicrotask(() => this.#publish())
  }

  readonly subscribe = (subscriber: () => void): (() => void) => {
    this.#subscribers.add(subscriber)
    return () => this.#subscribers.delete(subscriber)
  }

  /** The entries, oldest first: the same array until one is added. */
  readonly entries = (): readonly LogEntry[] => this.#entries

  #publish(): void {
    this.#entries = [...this.#entries, ...this.#added].slice(-entriesMax)
    this.#added = []
    for (const subscriber of this.#subscribers) subscriber()
  }
}
