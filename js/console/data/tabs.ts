// Tabs with one connection agree: a change that one of them made has the others read its zone.
const name = 'flexip-console'

export interface Tabs {
  /** Has the other tabs read a zone again. */
  changed(zone: string): void
}

export function joinTabs(scope: string, onChange: (zone: string) => void): Tabs {
  if (typeof BroadcastChannel === 'undefined') return { changed: () => undefined }
  const channel = new BroadcastChannel(`${name}-${scope}`)
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (typeof data === 'string') onChange(data)
  }
  return { changed: (zone) => channel.postMessage(zone) }
}
