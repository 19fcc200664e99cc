// A value that views subscribe to.
import { useSyncExternalStore } from 'react'

export interface Observable<Value> {
  readonly subscribe: (subscriber: () => void) => () => void
  readonly get: () => Value
  readonly set: (next: Value) => void
}

export function observable<Value>(first: Value): Observable<Value> {
  let value = first
  const subscribers = new Set<() => void>()
  return {
    subscribe(subscriber) {
      subscribers.add(subscriber)
      return () => subscribers.delete(subscriber)
    },
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const subscriber of subscribers) subscriber()
    },
  }
}

export function useObservable<Value>({ subscribe, get }: Observable<Value>): Value {
  return useSyncExternalStore(subscribe, get)
}
