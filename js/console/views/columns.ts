// The columns of the table, and how wide each is.
import type { FlexibleIP } from 'flexip/slim'
import { columnVisibilityFeature, createColumnHelper, createSortedRowModel, rowSortingFeature, tableFeatures } from '@tanstack/react-table'
import { type Column, type NameOf, furtherColumns, keyOf, sortable } from '../data/search.js'
import { strings } from '../strings.js'

export const features = tableFeatures({ rowSortingFeature, columnVisibilityFeature, sortedRowModel: createSortedRowModel() })

const helper = createColumnHelper<typeof features, FlexibleIP>()

/** The columns. Their values are the keys by which they are sorted. */
export function columnsOf(nameOf: NameOf, failing: ReadonlySet<string>) {
  return helper.columns(
    sortable.map((name) =>
      helper.accessor((ip: FlexibleIP) => keyOf(name, ip, nameOf, failing), {
        id: name,
        header: strings.columns[name],
        sortFn: (a, b, id) => order(a.getValue<string>(id), b.getValue<string>(id)),
      }),
    ),
  )
}

function order(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** The order of the rows for the `sort` of the URL. */
export function sortingOf(sort: string): { id: string; desc: boolean }[] {
  const desc = sort.startsWith('-')
  const first = sortable.find((name) => name === (desc ? sort.slice(1) : sort)) ?? 'server'
  return [{ id: first, desc }, ...furtherColumns.filter((name) => name !== first).map((id) => ({ id, desc: false }))]
}

/** The rows in the order of the table, for a file of them. */
export function sorted(rows: readonly FlexibleIP[], sort: string, nameOf: NameOf, failing: ReadonlySet<string>): FlexibleIP[] {
  const by = sortingOf(sort)
  const keys = new Map(rows.map((ip) => [ip, by.map(({ id }) => keyOf(id as Column, ip, nameOf, failing))]))
  return [...rows].sort((a, b) => {
    for (const [index, { desc }] of by.entries()) {
      const compared = order(keys.get(a)?.[index] ?? '', keys.get(b)?.[index] ?? '')
      if (compared !== 0) return desc ? -compared : compared
    }
    return 0
  })
}

/** In pixels. The description has at least so much, and what is left over. */
const widths: Readonly<Record<Column, number>> = { address: 174, status: 184, server: 100, zone: 76, mac: 176, reverse: 190, description: 120, tags: 180, updated: 72 }
/** What a cell leaves free at its end. */
const gap = 12

/** How many pixels a text of a column has at least. */
export const roomOf = (name: Column): number => widths[name] - gap

/** The columns that a narrow page leaves out, first the one that goes first. */
const leaving: readonly Column[] = ['reverse', 'tags', 'zone', 'description', 'updated']

/** The columns for a width of the page, without those that the person hid. */
export function visible(width: number, hidden: readonly string[]): Column[] {
  const left = width >= 1280 ? 0 : width >= 1120 ? 1 : width >= 940 ? 2 : width >= 860 ? 3 : 5
  const gone = new Set<string>([...hidden, ...leaving.slice(0, left)])
  return sortable.filter((name) => name === 'address' || !gone.has(name))
}

/** The widths, for a grid. */
export function template(columns: readonly Column[]): string {
  return ['40px', ...columns.map((name) => (name === 'description' ? `minmax(${widths[name]}px, 1fr)` : `${widths[name]}px`))].join(' ')
}
