// Tables for people.

/** A column: its title, and its text of a row. The columns are in the order of their importance. */
export interface Column<Row> {
  title: string
  cell(row: Row): string
  /** The fewest characters that the column may be cut to; it is not cut if absent. */
  min?: number
}

const gap = '  '

/** The lines of a table of at most `width` characters. The last columns are left out where the width does not suffice. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number, bold: (text: string) => string = (text) => text): string[] {
  const cells = columns.map(({ title, cell }) => [title, ...rows.map((row) => visible(cell(row)))])
  const natural = cells.map((texts) => Math.max(...texts.map((text) => [...text].length)))
  const widths: number[] = []
  let rest = width
  for (const [index, { min }] of columns.entries()) {
    const room = rest - (index === 0 ? 0 : gap.length)
    const wanted = natural[index] ?? 0
    const taken = wanted <= room || index === 0 ? wanted : min !== undefined && room >= min ? room : undefined
    if (taken === undefined) break
    widths.push(taken)
    rest = room - taken
  }
  const line = (row: number) => widths.map((wide, column) => cut(cells[column]?.[row] ?? '', wide).padEnd(column === widths.length - 1 ? 0 : wide)).join(gap).trimEnd()
  return Array.from({ length: rows.length + 1 }, (_, row) => (row === 0 ? bold(line(0)) : line(row)))
}

function cut(text: string, width: number): string {
  const letters = [...text]
  return letters.length <= width ? text : `${letters.slice(0, Math.max(0, width - 1)).join('')}…`
}

/** A text without what moves the cursor or changes colours: descriptions and names are not ours. */
export function visible(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, '\u00b7')
}
