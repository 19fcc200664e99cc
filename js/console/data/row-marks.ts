// What this page knows of flexible IPs beyond their status: a change of it that waits, is under way or is in doubt.
// The work itself says so here, because the table must not load the work.
import type { ClientEvent, FlexibleIP } from 'flexip/slim'
import { useSyncExternalStore } from 'react'
import { observable, useObservable } from './observable.js'
import { startedOver } from './started-over.js'

export interface RowMark {
  readonly state: 'attaching' | 'detaching' | 'waits' | 'inDoubt'
  /** The change that waits, such as `tag`. */
  readonly what?: string
  /** When the step that is under way began. */
  readonly since?: number
  /** The server of an attach. */
  readonly toId?: string
}

export type RowMarks = ReadonlyMap<string, RowMark>

/** A request whose answer was lost may take effect so long after it was sent: the longest that attaches are known to take. */
export const settlingMs = 60_000

const sources = new Map<string, RowMarks>()
const doubts = new Map<string, { readonly mark: RowMark; readonly timer: ReturnType<typeof setTimeout> }>()
const marks = observable<RowMarks>(new Map())

/** The latest change that was sent of a flexible IP. */
interface Sent {
  readonly at: number
  readonly operation: string
  /** The server of an attach. */
  readonly toId: string | undefined
}

const sent = new Map<string, Sent>()
const idPattern = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g

/** Notes a change that is sent. The ids of a request are not only those of flexible IPs: the others have no row. */
export function noteSent(event: ClientEvent): void {
  if (event.type !== 'request' || event.method === 'GET') return
  const { operation, url, body = '' } = event
  const toId = operation === 'attachFlexibleIP' ? /"server_id":"([\da-f-]{36})"/.exec(body)?.[1] : undefined
  for (const id of `${url} ${body}`.match(idPattern) ?? []) sent.set(id, { at: Date.now(), operation, toId })
}

/** The latest reading of a zone, for the work that waits for answers. */
export const readings = observable<readonly FlexibleIP[]>([])

/** Settles what a reading decides: an attach or a detach whose goal is reached. */
export function noteReading(ips: readonly FlexibleIP[]): void {
  // An unchanged list is the same array, and is a reading all the same.
  readings.set([...ips])
  if (doubts.size === 0) return
  const isReached = ({ id, status, serverId }: FlexibleIP): boolean => {
    const { operation, toId } = sent.get(id) ?? {}
    if (status === 'updating' || status === 'detaching') return false
    return (operation === 'attachFlexibleIP' && toId !== undefined && serverId === toId) || (operation === 'detachFlexibleIP' && serverId === undefined)
  }
  settle(ips.filter((ip) => doubts.has(ip.id) && isReached(ip)).map(({ id }) => id))
}

startedOver.subscribe(() => settle([...doubts.keys()]))

/** Replaces the marks of one kind of work. */
export function markRows(source: string, next: RowMarks): void {
  if (next.size === 0 && !sources.has(source)) return
  if (next.size === 0) sources.delete(source)
  else sources.set(source, next)
  publish()
}

/** Flexible IPs of which it is unknown whether a change was done. A minute after the request, what the service lists is so. */
export function noteDoubt(ids: readonly string[], toId?: string): void {
  settle(ids)
  for (const id of ids) {
    const now = Date.now()
    const leftMs = (sent.get(id)?.at ?? now) + settlingMs - now
    if (leftMs <= 0) continue
    const timer = setTimeout(() => settle([id]), leftMs)
    doubts.set(id, { mark: { state: 'inDoubt', ...(toId !== undefined && { toId }) }, timer })
  }
  publish()
}

/** What became of these is known. */
export function settle(ids: readonly string[]): void {
  const known = ids.filter((id) => doubts.has(id))
  for (const id of known) {
    clearTimeout(doubts.get(id)?.timer)
    doubts.delete(id)
  }
  if (known.length > 0) publish()
}

/** No flexible IP is in doubt: what was sent was for a fleet that is no more. */
export const settleAll = (): void => settle([...doubts.keys()])

// A mark that says the same stays the same object, so that its row is not drawn again.
function publish(): void {
  const next = new Map<string, RowMark>([...doubts].map(([id, { mark }]) => [id, mark]))
  for (const source of sources.values()) for (const [id, mark] of source) next.set(id, mark)
  const before = marks.get()
  for (const [id, mark] of next) {
    const old = before.get(id)
    if (old && old.state === mark.state && old.what === mark.what && old.since === mark.since && old.toId === mark.toId) next.set(id, old)
  }
  marks.set(next)
  const now = [...next].flatMap(([id, { state }]) => (state === 'attaching' || state === 'detaching' ? [id] : []))
  if (now.length !== steps.get().size || now.some((id) => !steps.get().has(id))) steps.set(new Set(now))
}

const steps = observable<ReadonlySet<string>>(new Set())

/** The flexible IPs of which a step of this page is under way, answered or not. */
export function useSteps(): ReadonlySet<string> {
  return useObservable(steps)
}

/** The mark of a flexible IP. */
export function useRowMark(id: string): RowMark | undefined {
  return useSyncExternalStore(marks.subscribe, () => marks.get().get(id))
}

/** The marks of all, for a table of many: its rows need not ask one by one. */
export function useRowMarks(): RowMarks {
  return useObservable(marks)
}
