// Emits events to the listeners of the client and of the call. An event names only the headers of a list
// of harmless ones, and its texts are cleaned, so it holds no secret.
import type { Completion } from './completion.js'
import type { ClientEvent, ClientEventListener, ResponseEvent } from './events.js'
import type { FetchedResponse } from './fetch.js'
import type { Redaction } from './redaction.js'

/** What the core adds to the events of an exchange. */
export interface ExchangeContext {
  /** The number of the call. */
  call: number
  operation: string
  /** The number of this attempt, from 1. */
  attempt: number
  /** The call's own listener. */
  onEvent: ClientEventListener | undefined
}

const harmless = ['accept', 'content-type', 'date', 'retry-after', 'retry-after-ms', 'server', 'user-agent', 'x-envoy-ratelimited', 'x-request-id']

/** Emits an event to the client's listener and then to the call's. Neither can break the call. */
export function emit(clientListener: ClientEventListener | undefined, callListener: ClientEventListener | undefined, event: ClientEvent): void {
  for (const listener of [clientListener, callListener]) {
    try {
      // The rejection of an async listener must not stay unhandled either.
      Promise.resolve(listener?.(event) as unknown).catch(() => {})
    } catch {
      // Dropped, as documented.
    }
  }
}

/** Emits that a request is about to be sent. */
export function emitRequest(
  clientListener: ClientEventListener | undefined,
  { call, operation, attempt, onEvent }: ExchangeContext,
  { exchange, method, url, headers, body }: { exchange: number; method: string; url: string; headers: Record<string, string>; body: string | undefined },
  clean: Redaction['clean'],
): void {
  const shown: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) if (harmless.includes(name.toLowerCase())) shown[name] = clean(value)
  emit(clientListener, onEvent, { type: 'request', call, operation, attempt, exchange, method, url, headers: shown, ...(body !== undefined && { body: clean(body) }) })
}

/** Emits that an exchange ended. */
export function emitResponse(
  clientListener: ClientEventListener | undefined,
  { call, operation, attempt, onEvent }: ExchangeContext,
  { exchange, method, url, completion, durationMs, clean }: { exchange: number; method: string; url: string; completion: Completion; durationMs: number; clean: Redaction['clean'] },
): void {
  const event: ResponseEvent = { type: 'response', call, operation, attempt, exchange, method, url, outcome: completion.kind, durationMs }
  if (completion.kind === 'answered') {
    event.status = completion.status
    event.headers = harmlessOf(completion.headers, clean)
    const requestId = event.headers['x-request-id']
    if (requestId !== undefined) event.requestId = requestId
  }
  emit(clientListener, onEvent, event)
}

function harmlessOf(headers: FetchedResponse['headers'] | undefined, clean: Redaction['clean']): Record<string, string> {
  const shown: Record<string, string> = {}
  for (const name of harmless) {
    try {
      const value: unknown = headers?.get(name)
      if (typeof value === 'string') shown[name] = clean(value)
    } catch {
      // A custom `fetch` may give headers that throw. Such a header is left out.
    }
  }
  return shown
}
