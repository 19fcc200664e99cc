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
