// The selected flexible IPs. Up to 50 are in the URL by id; all that the filter shows are there as one word; other
// selections last as long as the page.
import { useSyncExternalStore } from 'react'
import { go, parse } from './url.js'

/** The most ids that the URL holds. */
const idsMax = 50

let selected: ReadonlySet<string> = new Set(parse(typeof location === 'undefined' ? '' : location.search).sel.filter((id) => id !== 'all'))
const subscribers = new Set<() => void>()

function subscribe(subscriber: () => void): () => void {
  subscribers.add(subscriber)
  return () => subscribers.delete(subscriber)
}

/** Selects these. `shown` are the ids that the filter shows. */
export function select(ids: Iterable<string>, shown: readonly string[]): void {
  selected = new Set(ids)
  const isAll = selected.size === shown.length && shown.every((id) => selected.has(id))
  const inUrl = selected.size <= idsMax ? [...selected] : isAll ? ['all'] : []
  go({ sel: inUrl })
  for (const subscriber of subscribers) subscriber()
}

/** Selects these no longer. What was selected meanwhile stays so. */
export function deselect(ids: Iterable<string>): void {
  const left = new Set(selected)
  for (const id of ids) left.delete(id)
  if (left.size < selected.size) select(left, [])
}

/** The selection of this page. */
export function useSelection(): ReadonlySet<string> {
  return useSyncExternalStore(subscribe, () => selected)
}
