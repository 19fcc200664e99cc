// What the URL holds: view, filters, sort, selection, sheet, tab, dialog. All of it is in the query, so that the
// static files work from any path.
import { useCallback, useSyncExternalStore } from 'react'

export const views = ['ips', 'servers', 'log', 'connect'] as const
export type View = (typeof views)[number]

export const tabs = ['overview', 'mac', 'network', 'log'] as const
export type Tab = (typeof tabs)[number]

/** The dialogs, by the name before the colon in the URL. */
export const dialogNames = ['failover', 'move', 'doubt', 'keys', 'results', 'detach', 'delete', 'tag', 'create', 'edit', 'describe'] as const
export type DialogName = (typeof dialogNames)[number]

/** The name of a dialog in the URL; undefined if there is no such dialog. */
export const dialogName = (dialog: string): DialogName | undefined => dialogNames.find((name) => dialog === name || dialog.startsWith(`${name}:`))

export interface Place {
  readonly view: View
  /** The text of the search. */
  readonly q: string
  readonly zone: readonly string[]
  readonly status: readonly string[]
  readonly tag: readonly string[]
  readonly server: readonly string[]
  readonly project: readonly string[]
  /** A column, with `-` before it for the opposite order. */
  readonly sort: string
  readonly hide: readonly string[]
  /** Ids, packed ids, or the word `all` for all that filters show. */
  readonly sel: readonly string[]
  /** With `all`: a digest of the selection and the filters that showed it. */
  readonly selq: string
  /** The flexible IP of the sheet. */
  readonly ip: string
  readonly tab: Tab
  readonly dialog: string
  /** The move whose calls the log shows; empty for all. */
  readonly move: string
}

const nothing: Place = { view: 'ips', q: '', zone: [], status: [], tag: [], server: [], project: [], sort: 'server', hide: [], sel: [], selq: '', ip: '', tab: 'overview', dialog: '', move: '' }

const lists = ['zone', 'status', 'tag', 'server', 'project', 'hide', 'sel'] as const
const texts = ['q', 'sort', 'selq', 'ip', 'dialog', 'move'] as const

/** Reads a query. What it does not know is ignored. */
export function parse(search: string): Place {
  const query = new URLSearchParams(search)
  const place: { -readonly [Field in keyof Place]: Place[Field] } = { ...nothing }
  for (const name of lists) place[name] = query.getAll(name)
  for (const name of texts) place[name] = query.get(name) ?? nothing[name]
  place.view = views.find((view) => view === query.get('view')) ?? nothing.view
  // A dialog that is not there would keep keys from acting.
  if (dialogName(place.dialog) === undefined) place.dialog = ''
  place.tab = tabs.find((tab) => tab === query.get('tab')) ?? nothing.tab
  return place
}

/** Writes a place into a query. What it has by default is left out, and other parameters stay. */
export function format(place: Place, search: string): string {
  const query = new URLSearchParams(search)
  for (const name of Object.keys(nothing)) query.delete(name)
  for (const name of [...texts, 'view', 'tab'] as const) if (place[name] !== nothing[name]) query.set(name, place[name])
  for (const name of lists) for (const value of place[name]) query.append(name, value)
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}

/** The search and the filters of a place, as a query. */
export function filtersOf({ q, zone, status, tag, server, project }: Place): string {
  return format({ ...nothing, q, zone, status, tag, server, project }, '')
}

const subscribers = new Set<() => void>()
let known = { search: '', place: nothing }

function current(): Place {
  if (location.search !== known.search) known = { search: location.search, place: parse(location.search) }
  return known.place
}

function subscribe(subscriber: () => void): () => void {
  subscribers.add(subscriber)
  addEventListener('popstate', subscriber)
  return () => {
    subscribers.delete(subscriber)
    removeEventListener('popstate', subscriber)
  }
}

/** The address of a change of the place. */
export function addressOf(change: Partial<Place>): string {
  return `${location.pathname}${format({ ...current(), ...change }, location.search)}`
}

/** Goes to a place. A new view or sheet is a step of the history; a filter is not. */
export function go(change: Partial<Place>, isStep = 'view' in change || 'ip' in change || 'dialog' in change): void {
  history[isStep ? 'pushState' : 'replaceState'](null, '', addressOf(change))
  for (const subscriber of subscribers) subscriber()
}

/** The place, and how to leave it. */
export function usePlace(): [Place, typeof go] {
  return [useSyncExternalStore(subscribe, current), useCallback(go, [])]
}
