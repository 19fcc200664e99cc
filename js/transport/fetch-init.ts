// The argument of `fetch`.
import { ReturnsObject } from '../results/returns-object.js'
import type { FetchInit } from './fetch.js'

/** What gives the signal of an exchange. It is asked when `fetch` reads the signal: in Node, one costs a third of a call that needs none. */
export interface SignalSource {
  readonly signal: AbortSignal | undefined
}

/** Keeps the source with the argument of `fetch` and its headers. */
class WithSource extends ReturnsObject {
  #source: SignalSource

  constructor(object: object, source: SignalSource) {
    super(object)
    this.#source = source
  }

  static of(object: object): SignalSource | undefined {
    return #source in object ? object.#source : undefined
  }
}

/**
 * The property `signal`. It is an own one, so that `{ ...init }` in a wrapped `fetch` has the signal too, and the same
 * for all exchanges: an object with another getter takes five times as long. A proxy of the argument, or an object
 * that inherits from it, is known by the headers.
 */
const signal: PropertyDescriptor & ThisType<FetchInit> = {
  get() {
    return (WithSource.of(this) ?? WithSource.of(Object(this.headers) as object))?.signal
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
  new WithSource(init, source)
  new WithSource(headers, source)
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
