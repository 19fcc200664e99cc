// What a screen reader reads out, and the short note "Copied". One change of state is one announcement.
import { useSyncExternalStore } from 'react'

let text = ''
const subscribers = new Set<() => void>()

/** Has a text read out when the reader is free. */
export function announce(next: string): void {
  text = next
  for (const subscriber of subscribers) subscriber()
}

function subscribe(subscriber: () => void): () => void {
  subscribers.add(subscriber)
  return () => subscribers.delete(subscriber)
}

export function LiveRegion() {
  return (
    <div className="hidden" role="status" aria-live="polite">
      {useSyncExternalStore(subscribe, () => text)}
    </div>
  )
}
