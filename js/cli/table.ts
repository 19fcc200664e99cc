// Tables for people.

/** A column: its title, and its text of a row. The columns are in the order of their importance. */
export interface Column<Row> {
  title: string
  cell(row: Row): string
  /** The fewest characters that the column may be cut to; it is not cut if absent. */
  min?: number
}

/** How a table is written. `clean` takes out secrets, before the widths are known. */
export interface TableStyle {
  bold(text: string): string
  clean?(text: string): string
}

const gap = '  '

/** The lines of a table of at most `width` characters. The last columns are left out where the width does not suffice. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number, { bold, clean = (text) => text }: TableStyle): string[] {
  const cells = columns.map(({ title, cell }) => [title, ...rows.map((row) => visible(clean(cell(row))))])
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

/** What moves the cursor or changes colours, in a class of a regular expression. */
const controls = '\\p{Cc}'

/** What turns the direction of a text, breaks a line, or is not seen: also letters that are blank, and the tags of plane 14. */
const unseen = '\\p{Cf}\\p{Zl}\\p{Zp}\\u034f\\u115f\\u1160\\u2065\\u3164\\uffa0\\u{e0000}-\\u{e0fff}'

const hidden = new RegExp(`[${controls}${unseen}]`, 'gu')
const hiddenInOutput = new RegExp(`\\u001b(?!\\[\\d*[mK])|(?![\\t\\n\\r\\u001b])${controls}|[${unseen}]`, 'gu')

/** A text with escapes for what moves the cursor, changes colours, turns the direction of a text or is not seen: descriptions and names are not ours. */
export function visible(text: string): string {
  return text.replace(hidden, escapeOf)
}

/**
 * The same for a whole output, where line ends and the colours and lines that commands make stay. In JSON the escapes
 * are those of JSON.
 */
export function visibleOutput(text: string): string {
  return text.replace(hiddenInOutput, escapeOf)
}

/** A line of another program: tabs stay, and colours if they are on. */
export function visibleLine(line: string, hasColours: boolean): string {
  return line.split(hasColours ? /(\t|\u001b\[\d*m)/ : /(\t)/).map((part, index) => (index % 2 === 1 ? part : visible(part))).join('')
}

/** Whether a text has such characters. */
export function hasHidden(text: string): boolean {
  return visible(text) !== text
}

function escapeOf(character: string): string {
  return Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('')
}

/** The text in lines of at most `width` characters, where words allow it. Line breaks of the text stay. */
export function wrap(text: string, width: number): string {
  const lines = text.split('\n').flatMap((line) => {
    const wrapped: string[] = ['']
    for (const word of line.split(' ')) {
      const last = wrapped.at(-1) ?? ''
      if (last !== '' && last.length + 1 + word.length > width) wrapped.push(word)
      else wrapped[wrapped.length - 1] = last === '' ? word : `${last} ${word}`
    }
    return wrapped
  })
  return lines.join('\n')
}
