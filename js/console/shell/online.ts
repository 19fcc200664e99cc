// Whether the browser has a network, and since when it has or has not.
import { useSyncExternalStore } from 'react'

let since = 0

function subscribe(subscriber: () => void): () => void {
  const listener = () => {
    since = Date.now()
    subscriber()
  }
  addEventListener('online', listener)
  addEventListener('offline', listener)
  return () => {
    removeEventListener('online', listener)
    removeEventListener('offline', listener)
  }
}

export function useOnline(): boolean {
  return useSyncExternalStore(subscribe, () => navigator.onLine)
}

/** When the network last came or went; 0 if it never did. */
export function networkSince(): number {
  return since
}
