// The argument of `fetch`.
import type { FetchInit } from './fetch.js'

/** Makes the argument of `fetch`, and the function that aborts its signal. */
export function prepareInit(method: FetchInit['method'], headers: Record<string, string>, body: string | undefined, setsCache: boolean) {
  let controller: AbortController | undefined
  // Without an AbortController there is no signal: the exchange ends all the same.
  const own = () => (controller ??= typeof AbortController === 'undefined' ? undefined : new AbortController())
  const init: FetchInit = {
    method,
    headers,
    // A redirection that is followed could carry the key to another host.
    redirect: 'manual',
    // The controller is made when `fetch` reads the signal: in Node, one costs a third of a call that needs none.
    // The getter is an own property, so that `{ ...init }` in a wrapped `fetch` has the signal too.
    get signal() {
      return own()?.signal as AbortSignal
    },
  }
  // A response from a cache says nothing about now: waits would poll an old state for ever.
  if (setsCache) init.cache = 'no-store'
  if (body !== undefined) init.body = body
  // The controller is made by now at the latest: a wrapped `fetch` may read the signal later.
  return { init, abort: () => own()?.abort() }
}

/** The headers, each name once: a call's takes the place of the client's, in whatever case they are written. */
export function lastOfEach(headers: Readonly<Record<string, string>>): Record<string, string> {
  const last = new Map<string, [string, string]>()
  for (const entry of Object.entries(headers)) last.set(entry[0].toLowerCase(), entry)
  return Object.fromEntries(last.values())
}

/** Whether a `fetch` threw because it does not know the field `cache`, as in older Cloudflare Workers. Nothing was sent then. */
export function refusesCache(thrown: unknown): boolean {
  return thrown instanceof Error && /\bcache\b.*(implement|support|valid)|(unsupported|invalid) cache/i.test(thrown.message)
}
