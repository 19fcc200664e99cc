// What this page knows of flexible IPs beyond their status: a change of it that waits, is under way or is in doubt.
// The work itself says so here, because the table must not load the work.
import { useSyncExternalStore } from 'react'
import { observable } from './observable.js'

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

/** Replaces the marks of one kind of work. */
export function markRows(source: string, next: RowMarks): void {
  if (next.size === 0 && !sources.has(source)) return
  if (next.size === 0) sources.delete(source)
  else sources.set(source, next)
  publish()
}

/** Flexible IPs of which it is unknown whether a change was done. After a minute, what the service lists is so. */
export function noteDoubt(ids: readonly string[], toId?: string): void {
  settle(ids)
  for (const id of ids) {
    const timer = setTimeout(() => settle([id]), settlingMs)
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
}

/** The mark of a flexible IP. */
export function useRowMark(id: string): RowMark | undefined {
  return useSyncExternalStore(marks.subscribe, () => marks.get().get(id))
}
