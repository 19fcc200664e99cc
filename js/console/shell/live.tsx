// What a screen reader reads out, and the short note "Copied". One change of state is one announcement.
import { useEffect, useSyncExternalStore } from 'react'
import { observable, useObservable } from '../data/observable.js'

let text = ''
const subscribers = new Set<() => void>()

/** Has a text read out when the reader is free. */
export function announce(next: string): void {
  text = next
  for (const subscriber of subscribers) subscriber()
}

const noteMs = 3000
const shown = observable('')

/** Reads a text out, and shows it for a moment. For what is not worth a place in the page, such as "Copied". */
export function note(next: string): void {
  announce(next)
  shown.set(next)
}

function subscribe(subscriber: () => void): () => void {
  subscribers.add(subscriber)
  return () => subscribers.delete(subscriber)
}

export function LiveRegion() {
  const visible = useObservable(shown)
  useEffect(() => {
    if (visible === '') return
    const timer = setTimeout(() => shown.set(''), noteMs)
    return () => clearTimeout(timer)
  }, [visible])
  return (
    <>
      <div className="hidden" role="status" aria-live="polite">
        {useSyncExternalStore(subscribe, () => text)}
      </div>
      {visible !== '' && (
        <div className="toast" aria-hidden="true">
          {visible}
        </div>
      )}
    </>
  )
}
