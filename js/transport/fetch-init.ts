// The argument of `fetch`.
import type { FetchInit } from './fetch.js'

/** What gives the signal of an exchange. It is asked when `fetch` reads the signal: in Node, one costs a third of a call that needs none. */
export interface SignalSource {
  readonly signal: AbortSignal | undefined
}

/**
 * The source of each argument of `fetch`, and of its headers. They carry no private fields: Bun reads those of headers,
 * and a compiler for old targets makes properties of them, which would be sent.
 */
const sources = new WeakMap<object, SignalSource>()

/**
 * The property `signal`. It is an own one, so that `{ ...init }` in a wrapped `fetch` has the signal too, and the same
 * for all exchanges: an object with another getter takes five times as long. A proxy of the argument, or an object
 * that inherits from it, is known by the headers.
 */
const signal: PropertyDescriptor & ThisType<FetchInit> = {
  get() {
    return (sources.get(this) ?? sources.get(Object(this.headers) as object))?.signal
  },
  enumerable: true,
  configurable: true,
}

/** Makes the argument of `fetch`. `headers` is a new object. */
export function prepareInit(method: FetchInit['method'], headers: Record<string, string>, body: string | undefined, setsCache: boolean, source: SignalSource): FetchInit {
  // A redirection that is followed could carry the key to another host.
  const init: FetchInit = { method, headers, redirect: 'manual' }
  // A response from a cache says nothing about now: waits would poll an old state for ever.
  if (setsCache) init.cache = 'no-store'
  if (body !== undefined) init.body = body
  Object.defineProperty(init, 'signal', signal)
  sources.set(init, source)
  sources.set(headers, source)
  return init
}

/** The headers of requests. */
export class RequestHeaders {
  /** The headers without the credentials, each name once: the last takes the place of the others, in whatever case they are written. */
  readonly plain: Readonly<Record<string, string>>
  /** The latest credentials, and all headers with them. To add a field to a copy takes ten times as long as the copy. */
  #secretKey: string | undefined
  #sessionToken: string | undefined
  #all: Readonly<Record<string, string>>

  constructor(headers: Readonly<Record<string, string>>) {
    this.plain = lastOfEach(headers)
    this.#all = this.plain
  }

  /** A new object with all headers. */
  with(secretKey: string | undefined, sessionToken: string | undefined): Record<string, string> {
    if (secretKey !== this.#secretKey || sessionToken !== this.#sessionToken) {
      this.#secretKey = secretKey
      this.#sessionToken = sessionToken
      const all: Record<string, string> = { ...this.plain }
      if (secretKey !== undefined) all['X-Auth-Token'] = secretKey
      if (sessionToken !== undefined) all['X-Session-Token'] = sessionToken
      // Made of its entries, so that copies of it are fast.
      this.#all = Object.fromEntries(Object.entries(all))
    }
    return { ...this.#all }
  }
}

/** The headers, each name once: a call's takes the place of the client's, in whatever case they are written. */
function lastOfEach(headers: Readonly<Record<string, string>>): Record<string, string> {
  const last = new Map<string, [string, string]>()
  for (const entry of Object.entries(headers)) last.set(entry[0].toLowerCase(), entry)
  return Object.fromEntries(last.values())
}

/** Whether a `fetch` threw because it does not know the field `cache`, as in older Cloudflare Workers. Nothing was sent then. */
export function refusesCache(thrown: unknown): boolean {
  return thrown instanceof Error && /\bcache\b.*(implement|support|valid)|(unsupported|invalid) cache/i.test(thrown.message)
}
