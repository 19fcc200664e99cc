// What a client tells of its work: requests, answers, retries, waits, steps. No secret is in it: headers
// are told by name, from a list.
import { Ended, type Ending } from './ending.js'
import type { FetchedResponse } from './options.js'

/** What went wrong, in an event. */
export interface EventError {
  /** As the `code` of errors. */
  code: string
  message: string
  retryable: boolean
}

/** A request is sent. */
export interface RequestEvent {
  type: 'request'
  operation: string
  /** The how manieth time it is sent, from 1. */
  attempt: number
  method: string
  url: string
  /** Those that hold no secret. */
  headers: Record<string, string>
}

/** A request ended: with an answer, or without. */
export interface ResponseEvent {
  type: 'response'
  operation: string
  attempt: number
  method: string
  url: string
  outcome: 'answered' | 'broken' | 'timedOut'
  durationMs: number
  /** The status of the answer, if one came. */
  status?: number
  /** The answer's `X-Request-Id`. */
  requestId?: string
  /** Those of the answer that hold no secret. */
  headers?: Record<string, string>
}

/** A request will be sent again. */
export interface RetryEvent {
  type: 'retry'
  operation: string
  /** How many attempts were made. */
  attempts: number
  /** How long it waits before the next one. */
  delayMs: number
  error: EventError
}

/** A wait has looked, and is not over. */
export interface WaitEvent {
  type: 'wait'
  /** How many flexible IPs it still waits for. */
  pending: number
  /** One of them. */
  fipId?: string
  /** Its status, if it was seen. */
  status?: string
  elapsedMs: number
  /** When it looks again. */
  delayMs: number
}

/** A look, or a step of a move, failed. The next look tells how things are. */
export interface LookFailedEvent {
  type: 'lookFailed'
  elapsedMs: number
  error: EventError
}

/** A step of `ensureAttached` or `failover`. */
export interface StepEvent {
  type: 'step'
  action: 'attach' | 'detach'
  /** The MAC group, or the one flexible IP. */
  fipsIds: string[]
  serverId?: string
  progress: 'begun' | 'done' | 'failed'
  elapsedMs: number
}

/** What `onEvent` is told. */
export type ClientEvent = RequestEvent | ResponseEvent | RetryEvent | WaitEvent | LookFailedEvent | StepEvent

/** Takes events. What it throws is dropped: a watcher cannot break a call. */
export type Watcher = (event: ClientEvent) => void

/** What the core says of an exchange that is watched. */
export interface Watched {
  operation: string
  attempt: number
  onEvent: Watcher | undefined
}

const harmless = ['accept', 'content-type', 'date', 'retry-after', 'retry-after-ms', 'server', 'user-agent', 'x-envoy-ratelimited', 'x-request-id']

/** Tells an event to the client's watcher and to the call's own. */
export function tell(all: Watcher | undefined, own: Watcher | undefined, event: ClientEvent): void {
  for (const watcher of [all, own]) {
    try {
      // An async watcher must not leave a rejection behind either.
      Promise.resolve(watcher?.(event) as unknown).catch(() => {})
    } catch {
      // Dropped, as documented.
    }
  }
}

export function tellRequest(
  all: Watcher | undefined,
  { operation, attempt, onEvent }: Watched,
  { method, url, headers }: { method: string; url: string; headers: Record<string, string> },
): void {
  const told = Object.fromEntries(Object.entries(headers).filter(([name]) => harmless.includes(name.toLowerCase())))
  tell(all, onEvent, { type: 'request', operation, attempt, method, url, headers: told })
}

export function tellResponse(
  all: Watcher | undefined,
  { operation, attempt, onEvent }: Watched,
  { method, url, ending, durationMs }: { method: string; url: string; ending: Ending; durationMs: number },
): void {
  const event: ResponseEvent = { type: 'response', operation, attempt, method, url, outcome: outcomes[ending.how] ?? 'broken', durationMs }
  if (ending.how === Ended.answered) {
    event.status = ending.status
    event.headers = harmlessOf(ending.headers)
    const requestId = event.headers['x-request-id']
    if (requestId !== undefined) event.requestId = requestId
  }
  tell(all, onEvent, event)
}

const outcomes: Partial<Record<Ending['how'], ResponseEvent['outcome']>> = { [Ended.answered]: 'answered', [Ended.timedOut]: 'timedOut' }

function harmlessOf(headers: FetchedResponse['headers'] | undefined): Record<string, string> {
  const told: Record<string, string> = {}
  for (const name of harmless) {
    try {
      const value: unknown = headers?.get(name)
      if (typeof value === 'string') told[name] = value
    } catch {
      // Headers of whatever `fetch` gave: what cannot be read is not told.
    }
  }
  return told
}
