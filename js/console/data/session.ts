// The session of `flexip console`: the first page that its address opens has the key, all tabs send it. It is in the
// storage of this origin, which a server on another port of this machine cannot read, as it could a cookie.
import { observable } from './observable.js'
import { readStored, store } from './storage.js'

const storageKey = 'flexip-session'

/** A field of the page that its server has filled; empty without one. */
export function fieldOf(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? ''
}

/** The headers that the proxy of `flexip console` wants. None for other servers. */
export function sessionHeaders(): Readonly<Record<string, string>> {
  const fresh = fieldOf('flexip-session')
  if (fresh !== '') store(storageKey, fresh)
  const key = fresh || readStored(storageKey)
  return key === undefined ? {} : { 'X-Flexip-Session': key }
}

/** The server of this page does not know this browser: whose address is to be opened. Undefined while it does. */
export const sessionEnd = observable<'console' | 'site' | undefined>(undefined)

/** Notes whether the server of this page refused the browser itself. The key of the service is not concerned. */
export function noteSession({ headers }: Pick<Response, 'headers'>): void {
  if (headers.get('X-Flexip-Refused') !== 'caller') return sessionEnd.set(undefined)
  sessionEnd.set('X-Flexip-Session' in sessionHeaders() ? 'console' : 'site')
}

/** Takes the token, which was used, out of the address, so that it is neither copied nor in the history; and the mark of a page that a link led to. */
export function forgetToken(): void {
  const url = new URL(location.href)
  if (!['token', 'linked'].some((name) => url.searchParams.has(name))) return
  url.searchParams.delete('token')
  url.searchParams.delete('linked')
  history.replaceState(history.state, '', url)
}
