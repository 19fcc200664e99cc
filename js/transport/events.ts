// The events of a client: requests, responses, retries, waits, steps. No event holds a secret.

/** An error, as an event names it. */
export interface EventError {
  /** The `code` of the error. */
  code: string
  /** The message of the error, without secrets. */
  message: string
  /** Whether the same request could succeed later without any change. */
  retryable: boolean
}

/** A request is about to be sent. */
export interface RequestEvent {
  /** Which event this is. */
  type: 'request'
  /** The number of the call: the same in all events of one call of a method. */
  call: number
  /** The operation of the API that is requested, or `getServer` of the Elastic Metal API. One call of the client may request several. */
  operation: string
  /** The number of this attempt, from 1. */
  attempt: number
  /** The number of this exchange: the same in the event of its request and in that of its end. A call can have several under way. */
  exchange: number
  /** The HTTP method. */
  method: string
  /** The URL of the request, without secrets. */
  url: string
  /** The headers that hold no secret. */
  headers: Record<string, string>
  /** The JSON of the request, if it has a body, without secrets. */
  body?: string
}

/** An exchange ended, with a response or without one. */
export interface ResponseEvent {
  /** Which event this is. */
  type: 'response'
  /** The number of the call: the same in all events of one call of a method. */
  call: number
  /** The operation that was requested. */
  operation: string
  /** The number of this attempt, from 1. */
  attempt: number
  /** The number of this exchange: the same in the event of its request and in that of its end. A call can have several under way. */
  exchange: number
  /** The HTTP method. */
  method: string
  /** The URL of the request, without secrets. */
  url: string
  /** `aborted`: the call ended before its response, by an abort, its total timeout or another request that failed. */
  outcome: 'answered' | 'broken' | 'timedOut' | 'aborted'
  /** From the sending to the end, in milliseconds. */
  durationMs: number
  /** The status of the response, if one came. */
  status?: number
  /** The response's `X-Request-Id`. */
  requestId?: string
  /** The headers of the response that hold no secret. */
  headers?: Record<string, string>
}

/** An attempt failed, and a retry follows: of a step of a move, unless the next poll shows that it is done. */
export interface RetryEvent {
  /** Which event this is. */
  type: 'retry'
  /** The number of the call: the same in all events of one call of a method. */
  call: number
  /** The operation that was requested. */
  operation: string
  /** How many attempts were made so far. */
  attempts: number
  /** The time until the retry, in milliseconds. 0 if only the key was refused. */
  delayMs: number
  /** What failed. */
  error: EventError
}

/** A wait has polled, and its condition is not met yet. */
export interface WaitEvent {
  /** Which event this is. */
  type: 'wait'
  /** The number of the call: the same in all events of one call of a method. */
  call: number
  /** The number of flexible IPs that it still waits for. */
  pending: number
  /** The id of one of them. */
  fipId?: string
  /** The status of that one, if it was read. */
  status?: string
  /** The time since the call began, in milliseconds. */
  elapsedMs: number
  /** The time until the next poll, in milliseconds. */
  delayMs: number
}

/** A poll failed, or a step of a move that is too late to send again. The next poll shows the state. */
export interface PollFailedEvent {
  /** Which event this is. */
  type: 'pollFailed'
  /** The number of the call: the same in all events of one call of a method. */
  call: number
  /** The time since the call began, in milliseconds. */
  elapsedMs: number
  /** What failed. */
  error: EventError
}

/** A step of `ensureAttached` or `failover`. */
export interface StepEvent {
  /** Which event this is. */
  type: 'step'
  /** The number of the call: the same in all events of one call of a method. */
  call: number
  /** What the step does. */
  action: 'attach' | 'detach'
  /** The ids of the MAC group, or the id of the one flexible IP. */
  fipsIds: string[]
  /** The server of the step. */
  serverId?: string
  /** How far the step is. */
  progress: 'begun' | 'done' | 'failed'
  /** The time since the call began, in milliseconds. */
  elapsedMs: number
}

/** What `onEvent` receives. */
export type ClientEvent = RequestEvent | ResponseEvent | RetryEvent | WaitEvent | PollFailedEvent | StepEvent

/** Called right before a change is sent again. What it throws ends the call. */
export type BeforeRetry = (retry: RetryEvent) => void | Promise<void>

/** Receives events. What it throws is dropped: a listener cannot break a call. */
export type ClientEventListener = (event: ClientEvent) => void
