// The events of a client: requests, responses, retries, waits, steps. No event holds a secret.

/** An error, as an event names it. */
export interface EventError {
  /** The `code` of the error. */
  code: string
  message: string
  retryable: boolean
}

/** A request is about to be sent. */
export interface RequestEvent {
  type: 'request'
  operation: string
  /** The number of this attempt, from 1. */
  attempt: number
  method: string
  url: string
  /** The headers that hold no secret. */
  headers: Record<string, string>
}

/** An exchange ended, with a response or without one. */
export interface ResponseEvent {
  type: 'response'
  operation: string
  attempt: number
  method: string
  url: string
  /** `aborted`: the call ended before its response, by an abort, its total timeout or another request that failed. */
  outcome: 'answered' | 'broken' | 'timedOut' | 'aborted'
  durationMs: number
  /** The status of the response, if one came. */
  status?: number
  /** The response's `X-Request-Id`. */
  requestId?: string
  /** The headers of the response that hold no secret. */
  headers?: Record<string, string>
}

/** An attempt failed, and a retry follows. */
export interface RetryEvent {
  type: 'retry'
  operation: string
  /** How many attempts were made so far. */
  attempts: number
  /** The time until the retry, in milliseconds. */
  delayMs: number
  error: EventError
}

/** A wait has polled, and its condition is not met yet. */
export interface WaitEvent {
  type: 'wait'
  /** The number of flexible IPs that it still waits for. */
  pending: number
  /** The id of one of them. */
  fipId?: string
  /** The status of that one, if it was read. */
  status?: string
  elapsedMs: number
  /** The time until the next poll, in milliseconds. */
  delayMs: number
}

/** A poll, or a step of a move, failed. The next poll shows the state. */
export interface PollFailedEvent {
  type: 'pollFailed'
  elapsedMs: number
  error: EventError
}

/** A step of `ensureAttached` or `failover`. */
export interface StepEvent {
  type: 'step'
  action: 'attach' | 'detach'
  /** The ids of the MAC group, or the id of the one flexible IP. */
  fipsIds: string[]
  serverId?: string
  progress: 'begun' | 'done' | 'failed'
  elapsedMs: number
}

/** What `onEvent` receives. */
export type ClientEvent = RequestEvent | ResponseEvent | RetryEvent | WaitEvent | PollFailedEvent | StepEvent

/** Receives events. What it throws is dropped: a listener cannot break a call. */
export type ClientEventListener = (event: ClientEvent) => void
