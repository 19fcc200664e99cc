// One exchange: a request that is sent with `fetch`, and its completion.
import { type Completion, CompletionKind } from './completion.js'
import { type ExchangeContext, emitRequest, emitResponse } from './emit.js'
import type { ClientEventListener } from './events.js'
import type { Fetch, FetchInit, FetchedResponse } from './fetch.js'
import { KeyProvider, type SecretKey } from './key-provider.js'
import { containsSecret, redact } from './redaction.js'
import { Slots } from './slots.js'

/** The options that only the transport uses. The core refuses options that cannot be read. */
export interface TransportOptions {
  fetch?: Fetch | undefined
  secretKey?: SecretKey | undefined
  sessionToken?: string | undefined
  maxConcurrency?: number | undefined
  onEvent?: ClientEventListener | undefined
}

const textMax = 400

/** Makes the function that starts exchanges. It calls `complete` once for each number. */
export function createExchange(
  { fetch, secretKey, sessionToken, maxConcurrency, onEvent }: TransportOptions,
  complete: (number: number, completion: Completion) => void,
) {
  const keys = new KeyProvider(secretKey)
  const slots = maxConcurrency === undefined ? undefined : new Slots(maxConcurrency)

  /** Starts an exchange; returns the function that ends it early. `context` is `undefined` without a listener. */
  return (
    url: string,
    method: FetchInit['method'],
    headers: Readonly<Record<string, string>>,
    body: string | undefined,
    timeoutMs: number,
    number: number,
    renewsKey: boolean,
    context: ExchangeContext | undefined,
  ): (() => void) => {
    const { init, abort } = prepareInit(method, { ...headers }, body)
    const startedAt = context && performance.now()
    let secret: string | undefined
    let isAwaitingKey = false
    let isSent = false
    let isComplete = false
    let freeSlot: (() => void) | undefined
    const finish = (completion: Completion | undefined) => {
      if (isComplete || !completion) return
      isComplete = true
      clearTimeout(timer)
      // Freed here, because a `fetch` that never ends must not keep its slot.
      freeSlot?.()
      if (context) emitResponse(onEvent, context, { method, url, completion, durationMs: performance.now() - (startedAt ?? 0) })
      complete(number, completion)
    }
    const stop = () => {
      if (isComplete) return
      if (isAwaitingKey) keys.forget()
      finish({ kind: CompletionKind.TimedOut, status: 0, text: '', unsent: !isSent })
      abort()
    }
    const timer = setTimeout(stop, timeoutMs)
    const secrets = () => [secret, sessionToken].filter((secret) => secret !== undefined)
    const send = async (): Promise<Completion | undefined> => {
      freeSlot = slots && (await slots.acquire())
      // The timeout or an abort came while this waited for a slot: nothing is sent.
      if (isComplete) {
        freeSlot?.()
        return undefined
      }
      isAwaitingKey = true
      secret = await keys.get(renewsKey)
      isAwaitingKey = false
      if (isComplete) return undefined
      if (context) emitRequest(onEvent, context, { method, url, headers: init.headers })
      if (secret !== undefined) init.headers['X-Auth-Token'] = secret
      if (sessionToken !== undefined) init.headers['X-Session-Token'] = sessionToken
      isSent = true
      // The global fetch is read at each exchange, so that it can be replaced at any time.
      const response = await (fetch ?? globalThis.fetch)(url, init)
      return readResponse(method, url, response, await response.text(), secrets())
    }
    send().then(finish, (thrown: unknown) => {
      const text = redact(secrets(), messageOf(thrown)).slice(0, textMax)
      finish({ kind: CompletionKind.Broken, status: 0, text, unsent: !isSent, cause: secrets().some((secret) => containsSecret(thrown, secret)) ? new Error(text) : thrown })
    })
    return stop
  }
}

/** Makes the argument of `fetch`, and the function that aborts its signal. */
function prepareInit(method: FetchInit['method'], headers: Record<string, string>, body: string | undefined) {
  let controller: AbortController | undefined
  const init: FetchInit = {
    method,
    headers,
    // A redirection that is followed could carry the key to another host.
    redirect: 'manual',
    // The controller is made when `fetch` reads the signal: in Node, one costs a third of a call that needs none.
    // The getter is an own property, so that `{ ...init }` in a wrapped `fetch` has the signal too.
    get signal() {
      return (controller ??= new AbortController()).signal
    },
  }
  if (body !== undefined) init.body = body
  // The controller is made by now at the latest: a wrapped `fetch` may read the signal later.
  return { init, abort: () => (controller ??= new AbortController()).abort() }
}

/** Reads a response. Throws a `TypeError` for what is not a `Response`, and for an opaque redirection. */
function readResponse(method: string, url: string, { status, headers }: FetchedResponse, raw: string, secrets: string[]): Completion {
  // An opaque redirection has the status 0.
  if (!Number.isInteger(status) || status < 100 || status > 999 || typeof raw !== 'string') {
    throw new TypeError('fetch gave a redirection, or something that is no Response')
  }
  let body = parseJson(raw)
  let text = ''
  // Some gateways repeat the request in the body of a refusal.
  if (status < 200 || status > 299 || body === undefined) {
    const clean = redact(secrets, raw)
    body = parseJson(clean)
    if (body === undefined) text = clean.slice(0, textMax)
  }
  return { kind: CompletionKind.Answered, method, url, status, headers, body, text }
}

function parseJson(text: string): unknown {
  try {
    // Some gateways put a byte order mark before the JSON, and not every `fetch` removes it.
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
  } catch {
    return undefined
  }
}

/** The message of anything that was thrown; of an error, its message and the message of its cause. */
function messageOf(thrown: unknown): string {
  try {
    const { message, cause } = Object(thrown) as { message?: unknown; cause?: { message?: unknown; code?: unknown } }
    const because = cause?.message || cause?.code
    const text = typeof message === 'string' && message ? message : String(thrown)
    return because ? `${text}: ${String(because)}` : text
  } catch {
    return 'something that has no text'
  }
}
