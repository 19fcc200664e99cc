// The activity log: what the page sent, got, retried and waited for. No event holds a secret.
import type { ClientEvent } from 'flexip/slim'
import type { Connection } from './connection.js'

/** Where the flexible IPs of a move were read after it: a step whose answer was lost has no event of its end. */
export interface MoveReadEvent {
  readonly type: 'moveRead'
  readonly calls: readonly number[]
  /** `serverId` is absent on no server. */
  readonly units: readonly { readonly fipsIds: readonly string[]; readonly isKnown: boolean; readonly serverId?: string }[]
}

/** The change of one call was sent anew by another call, in place of a retry; or not again, if there is no such call. */
export interface SentAnewEvent {
  readonly type: 'sentAnew'
  readonly of: number
  readonly call?: number
  /** A reading has shown it done. */
  readonly isDone?: boolean
}

/** A reading of these flexible IPs has shown their latest change done. */
export interface ReadDoneEvent {
  readonly type: 'readDone'
  readonly fipsIds: readonly string[]
}

export interface LogEntry {
  readonly number: number
  /** When it happened, in milliseconds since the Unix epoch. */
  readonly at: number
  readonly event: ClientEvent | MoveReadEvent | SentAnewEvent | ReadDoneEvent
}

const entriesMax = 2000

/** Keeps the latest entries, and calls its subscribers once for the entries of one task. */
export class ActivityLog {
  #entries: readonly LogEntry[] = []
  #added: LogEntry[] = []
  #number = 0
  readonly #subscribers = new Set<() => void>()

  readonly add = (event: LogEntry['event']): void => {
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

/** The numbers of calls that are not the client's. Those of the client are above 0. */
let ownCall = 0

/** Notes in the log what is sent without the client. */
export function withLog(log: ActivityLog, operation: string, fetch: Connection['fetch']): Connection['fetch'] {
  return async (url, init) => {
    ownCall -= 1
    const request = { call: ownCall, operation, attempt: 1, exchange: ownCall, method: init.method, url }
    const beganAt = performance.now()
    const end = () => ({ type: 'response', ...request, durationMs: performance.now() - beganAt }) as const
    log.add({ type: 'request', ...request, headers: {} })
    try {
      const response = await fetch(url, init)
      const requestId = response.headers.get('x-request-id')
      log.add({ ...end(), outcome: 'answered', status: response.status, ...(requestId !== null && { requestId }) })
      return response
    } catch (error) {
      const isTimeout = init.signal?.reason instanceof DOMException && init.signal.reason.name === 'TimeoutError'
      log.add({ ...end(), outcome: isTimeout ? 'timedOut' : init.signal?.aborted === true ? 'aborted' : 'broken' })
      throw error
    }
  }
}
