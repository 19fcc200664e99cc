// The selected flexible IPs. The URL holds exactly them, whatever the filters become: few by id, some by packed ids, and
// more only if they are all that filters show, by these filters with a digest. Other selections last as long as the page.
import { useSyncExternalStore } from 'react'
import { digestOf, pack, packedMax, unpack } from './packed-ids.js'
import { type Place, filtersOf, go, parse } from './url.js'

/** The most ids that the URL holds one by one. */
const idsMax = 50

/** A selection by filters, until the zones are there. Without a digest, whatever the filters show. */
export interface Wanted {
  readonly filters: Place
  readonly digest: string | undefined
}

interface Opened {
  readonly ids: ReadonlySet<string>
  readonly wanted: Wanted | undefined
}

function open(place: Place): Opened {
  const [first] = place.sel
  // A link that was written by hand may say it otherwise.
  if (first?.toLowerCase() === 'all') {
    const [digest = '', ...filters] = place.selq.split('?')
    // A link that was written by hand has the filters of the URL only.
    return { ids: new Set(), wanted: { filters: digest === '' ? place : parse(filters.join('?')), digest: digest === '' ? undefined : digest } }
  }
  return { ids: new Set(place.sel.flatMap((each) => unpack(each) ?? [each])), wanted: undefined }
}

const hasPage = typeof location !== 'undefined'
const atFirst = parse(hasPage ? location.search : '')
let written: Pick<Place, 'sel' | 'selq'> = { sel: atFirst.sel, selq: atFirst.selq }
let { ids: selected, wanted } = open(atFirst)
/** How many were selected by filters that show others by now. */
let lost: number | undefined
const subscribers = new Set<() => void>()

function subscribe(subscriber: () => void): () => void {
  subscribers.add(subscriber)
  return () => subscribers.delete(subscriber)
}

// A step of the history is a place; what is selected stays, so the URL of the place says it.
if (hasPage) addEventListener('popstate', () => go(written))

function set(ids: Iterable<string>, inUrl: (ids: ReadonlySet<string>) => Pick<Place, 'sel' | 'selq'>): void {
  selected = new Set(ids)
  wanted = undefined
  lost = undefined
  written = inUrl(selected)
  go(written)
  for (const subscriber of subscribers) subscriber()
}

/** What the URL says of a selection. `shown` are the ids that the filters show. */
function urlOf(ids: ReadonlySet<string>, shown: readonly string[], filters: Place): Pick<Place, 'sel' | 'selq'> {
  if (ids.size <= idsMax) return { sel: [...ids], selq: '' }
  const packed = ids.size <= packedMax ? pack(ids) : undefined
  if (packed !== undefined) return { sel: [packed], selq: '' }
  const isAll = ids.size === shown.length && shown.every((id) => ids.has(id))
  return isAll ? { sel: ['all'], selq: digestOf(ids) + filtersOf(filters) } : { sel: [], selq: '' }
}

/** Selects these. `shown` are the ids that the filters show. */
export function select(ids: Iterable<string>, shown: readonly string[]): void {
  set(ids, (next) => urlOf(next, shown, parse(location.search)))
}

/** Selects what filters of the URL show. If it is not what they showed when it was selected, nothing: no act may be on more than a person saw. */
export function settleWanted({ filters, digest }: Wanted, shown: readonly string[]): void {
  if (isSame(digest, shown)) set(shown, (next) => urlOf(next, shown, filters))
  else {
    set([], () => ({ sel: [], selq: '' }))
    lost = Number.parseInt(digest ?? '', 10)
    for (const subscriber of subscribers) subscriber()
  }
}

export const isSame = (digest: string | undefined, ids: readonly string[]): boolean => digest === undefined || digestOf(ids) === digest

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

/** The selection that the URL asks for by filters, until it is settled. */
export function useWanted(): Wanted | undefined {
  return useSyncExternalStore(subscribe, () => wanted)
}

/** How many flexible IPs were selected by filters that show others by now, until something is selected. */
export function useLostSelection(): number | undefined {
  return useSyncExternalStore(subscribe, () => lost)
}
