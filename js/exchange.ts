// One exchange: the injected `fetch`, its timer and its signal. It ends in exactly one way, whatever
// `fetch` does, and leaves no timer and no listener behind. What the end means is for the core.
import type { Fetch, FetchInit, FetchedResponse } from './options.js'

/** How an exchange can end. The core knows these numbers. */
export const Ended = { answered: 0, broken: 1, timedOut: 2, aborted: 3 } as const

/** An end, as the core reads it. */
export interface Ending {
  how: (typeof Ended)[keyof typeof Ended]
  /** The method and the URL of the request, where an answer came. */
  method?: string
  url?: string
  /** The status of the answer. */
  status: number
  /** The headers of the answer, as they came. */
  headers?: FetchedResponse['headers'] | undefined
  /** The parsed body, if it is JSON. */
  body?: unknown
  /** The beginning of a body that is not JSON; what broke the exchange, in words. */
  words: string
  /** What broke it: what `fetch` threw, or the reason of the caller's signal. */
  cause?: unknown
}

/** Where credentials come from: the options that the core must not see. */
export interface Credentials {
  secretKey?: string | (() => string | Promise<string>) | undefined
  sessionToken?: string | undefined
}

const wordsMax = 400

/**
 * Makes the function that the core sends with. It gives what ends an exchange early, and tells
 * `ended` once, by the number that the core gave the exchange.
 */
export function exchanger(
  fetch: Fetch | undefined,
  { secretKey, sessionToken }: Credentials,
  ended: (exchange: number, ending: Ending) => void,
) {
  return (
    url: string,
    method: FetchInit['method'],
    headers: Readonly<Record<string, string>>,
    body: string | undefined,
    timeoutMs: number,
    signal: AbortSignal | undefined,
    exchange: number,
  ): (() => void) => {
    const { init, stop: stopFetch } = prepared(method, { ...headers }, body)
    let key: string | undefined
    let over = false
    const end = (ending: Ending) => {
      if (over) return
      over = true
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      ended(exchange, ending)
    }
    const cut = (ending: Ending) => {
      if (over) return
      end(ending)
      stopFetch()
    }
    const abort = () => cut({ how: Ended.aborted, status: 0, words: '', cause: signal?.reason })
    const stop = () => cut({ how: Ended.timedOut, status: 0, words: '' })
    const timer = setTimeout(stop, timeoutMs)
    const send = async () => {
      key = typeof secretKey === 'function' ? credential(await secretKey()) : secretKey
      // It took too long, or the caller gave up meanwhile: nothing is sent.
      if (over) throw new Error('over')
      if (key !== undefined) init.headers['X-Auth-Token'] = key
      if (sessionToken !== undefined) init.headers['X-Session-Token'] = sessionToken
      // Looked up here, so that a global fetch may be replaced at any time.
      const response = await (fetch ?? globalThis.fetch)(url, init)
      return answer(method, url, response, await response.text())
    }
    if (signal?.aborted) {
      abort()
    } else {
      signal?.addEventListener('abort', abort)
      send().then(end, (thrown: unknown) => {
        const secrets = [key, sessionToken].filter((secret) => secret !== undefined)
        const words = without(secrets, inWords(thrown))
        end({ how: Ended.broken, status: 0, words, cause: secrets.some((secret) => holds(thrown, secret)) ? new Error(words) : thrown })
      })
    }
    return stop
  }
}

/** What `fetch` gets, and how to abort it. */
function prepared(method: FetchInit['method'], headers: Record<string, string>, body: string | undefined) {
  let controller: AbortController | undefined
  const init: FetchInit = {
    method,
    headers,
    // Followed, a redirection could carry the key to another host.
    redirect: 'manual',
    // Made when `fetch` asks for it: in Node one costs as much as a third of a call that needs none.
    // A getter of the object itself, so that `{ ...init }` in a wrapped `fetch` has it too.
    get signal() {
      return (controller ??= new AbortController()).signal
    },
  }
  if (body !== undefined) init.body = body
  // Made here at the latest: a wrapped `fetch` may look at the signal later.
  return { init, stop: () => (controller ??= new AbortController()).abort() }
}

function answer(method: string, url: string, { status, headers }: FetchedResponse, text: string): Ending {
  // An opaque redirection has the status 0.
  if (!Number.isInteger(status) || status < 100 || status > 999 || typeof text !== 'string') {
    throw new TypeError('fetch gave a redirection, or something that is no Response')
  }
  const body = parsed(text)
  return { how: Ended.answered, method, url, status, headers, body, words: body === undefined ? text.slice(0, wordsMax) : '' }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function credential(key: unknown): string {
  if (typeof key === 'string' && /^[!-~]+$/.test(key)) return key
  throw new TypeError('the function secretKey gave no key')
}

/** What was thrown, in words; for an error, its message and its cause's. Anything can be thrown. */
function inWords(thrown: unknown): string {
  try {
    const { message, cause } = Object(thrown) as { message?: unknown; cause?: { message?: unknown; code?: unknown } }
    const because = cause?.message || cause?.code
    const words = typeof message === 'string' && message ? message : String(thrown)
    return because ? `${words}: ${String(because)}` : words
  } catch {
    return 'something that has no text'
  }
}

/** The beginning of words, whoever wrote them, without secrets: cut first, the beginning of one could stay. */
function without(secrets: string[], words: string): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, '[secret]'), words).slice(0, wordsMax)
}

/** Whether a secret stands in what was thrown: some clients add the whole request to their errors. */
function holds(thrown: unknown, secret: string, depth = 5): boolean {
  if (typeof thrown === 'string') return thrown.includes(secret)
  if (typeof thrown !== 'object' || thrown === null || ArrayBuffer.isView(thrown) || depth === 0) return false
  try {
    const parts = thrown instanceof Headers ? [...thrown.values()] : Object.values(Object.getOwnPropertyDescriptors(thrown))
    return parts.some((part) => holds(typeof part === 'string' ? part : part.value, secret, depth - 1))
  } catch {
    // A proxy that lets nobody look.
    return false
  }
}
