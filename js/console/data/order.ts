// What the table shows, while it is shown: its rows in their order, and the row of the cursor. Keys and the sheet read it.
import { observable, useObservable } from './observable.js'

export interface Shown {
  readonly ids: readonly string[]
  readonly cursorId: string
}

const nothing: Shown = { ids: [], cursorId: '' }
const table = observable(nothing)

export const showRows = (next: Shown = nothing): void => table.set(next)
export const shownRows = table.get
export const useShownRows = (): Shown => useObservable(table)

/** The row that the cursor is on when its own is gone: the next one of those that stood after it, else the last of those before it. */
export function neighbourOf(id: string, before: readonly string[], now: readonly string[]): number {
  const place = before.indexOf(id)
  if (place < 0) return -1
  const at = new Map(now.map((each, index) => [each, index]))
  const there = [...before.slice(place + 1), ...before.slice(0, place).reverse()].find((each) => at.has(each))
  return at.get(there ?? '') ?? -1
}
