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

/** Follows the selection until work on it has ended. What is `done` then is selected no longer, unless the person chose it meanwhile; what is `left` is. */
export function followSelection(): (done: readonly string[], left: readonly string[]) => void {
  const chosen = new Set<string>()
  let before = selected
  const end = subscribe(() => {
    for (const id of selected) if (!before.has(id)) chosen.add(id)
    before = selected
  })
  return (done, left) => {
    end()
    const next = new Set(selected)
    for (const id of done) if (!chosen.has(id)) next.delete(id)
    for (const id of left) next.add(id)
    if (next.size !== selected.size || [...next].some((id) => !selected.has(id))) select(next, [])
  }
}

/** The selection of this page. */
export function useSelection(): ReadonlySet<string> {
  return useSyncExternalStore(subscribe, () => selected)
}
