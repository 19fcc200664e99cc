// The session of `flexip console`: the first page that its address opens has the key, all tabs send it. It is in the
// storage of this origin, which a server on another port of this machine cannot read, as it could a cookie.
const storageKey = 'flexip-session'

/** A field of the page that its server has filled; empty without one. */
export function fieldOf(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? ''
}

/** The headers that the proxy of `flexip console` wants. None for other servers. */
export function sessionHeaders(): Readonly<Record<string, string>> {
  const fresh = fieldOf('flexip-session')
  if (fresh !== '') localStorage.setItem(storageKey, fresh)
  const key = fresh || localStorage.getItem(storageKey)
  return key === null ? {} : { 'X-Flexip-Session': key }
}

/** Takes the token, which was used, out of the address, so that it is neither copied nor in the history. */
export function forgetToken(): void {
  const url = new URL(location.href)
  if (!url.searchParams.has('token')) return
  url.searchParams.delete('token')
  history.replaceState(history.state, '', url)
}
