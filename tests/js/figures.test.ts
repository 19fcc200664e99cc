// The table of costs in the README, between <!-- costs:begin --> and <!-- costs:end -->, says what `npm run size` and
// `npm run bench` have measured. Each row is a label, a figure and a remark. `UPDATE=1` writes the measured figures.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = new URL('../..', import.meta.url).pathname
const text = (file: string) => readFileSync(join(root, file), 'utf8')
const { sizes } = JSON.parse(text('docs/figures/size.json'))
const bench = JSON.parse(text('docs/figures/bench.json'))

const bytes = {
  'page load, raw': sizes.client.bundle.raw,
  'page load, gzip': sizes.client.bundle.gzip,
  'page load, brotli': sizes.client.bundle.brotli,
  'official SDK, raw': sizes.official.raw,
  'official SDK, gzip': sizes.official.gzip,
  'official SDK, brotli': sizes.official.brotli,
}

const ratios = {
  get: () => ratio('calls', 'get, beside the official SDK'),
  create: () => ratio('calls', 'create, beside the official SDK'),
  'list of 100': () => ratio('calls', 'list of 100, beside the official SDK'),
  inventory: () => ratio('inventory', 'no gate: beside in sequence, pages of 100'),
  failover: () => ratio('failover', 'whole failover'),
}

const required = ['page load, brotli', 'official SDK, brotli', 'get', 'create', 'list of 100']

test('the costs in the README are those that were measured', () => {
  if (process.env.UPDATE) writeFileSync(join(root, 'README.md'), updated(text('README.md')))
  expect(mistakes(text('README.md'))).toEqual([])
})

test('a wrong figure, an unknown row, a missing row and a missing table are found', () => {
  const row = (label: string, figure: string) => `| ${label} | ${figure} | |`
  const rows = [
    ...(['page load, brotli', 'official SDK, brotli'] as const).map((label) => row(label, `${bytes[label].toLocaleString('en')} bytes`)),
    ...(['get', 'create', 'list of 100'] as const).map((label) => row(label, ratios[label]().toFixed(2))),
  ]
  const page = (...rows: string[]) => ['<!-- costs:begin -->', row('cost', 'figure'), '|---|---|---|', ...rows, '<!-- costs:end -->'].join('\n')
  expect(mistakes(page(...rows))).toEqual([])
  expect(mistakes(page(...rows.slice(1)))).toEqual(['there is no row "page load, brotli"'])
  expect(mistakes(page(...rows, row('get', '0.01')))).toEqual([`get: 0.01, measured ${ratios.get().toFixed(2)}`])
  expect(mistakes(page(...rows, row('page load, raw', '1,000 bytes')))).toEqual([`page load, raw: 1,000 bytes, measured ${bytes['page load, raw']} bytes`])
  expect(mistakes(page(...rows, row('page load, raw', 'small')))).toEqual([`page load, raw: small, measured ${bytes['page load, raw']} bytes`])
  expect(mistakes(page(...rows, row('list', '1.00')))).toEqual(['nothing measures "list"'])
  expect(mistakes(updated(page(...rows, row('get', '0.01'), row('page load, raw', 'small'))))).toEqual([])
  expect(mistakes('# flexip')).toEqual(['there is no table between <!-- costs:begin --> and <!-- costs:end -->'])
})

/** A page with the measured figures in its table. */
function updated(page: string): string {
  return page.replace(/(?<=<!-- costs:begin -->\n)[^]*?(?=<!-- costs:end -->)/, (table) =>
    table.replace(/^\| ([^|]+) \| [^|]+ \|/gm, (row, label: string) => {
      if (has(bytes, label)) return `| ${label} | ${bytes[label].toLocaleString('en')} bytes |`
      return has(ratios, label) ? `| ${label} | ${ratios[label]().toFixed(2)} |` : row
    }),
  )
}

/** The differences between the table of a page and what was measured. */
function mistakes(page: string): string[] {
  const table = /<!-- costs:begin -->\n([^]*?)<!-- costs:end -->/.exec(page)?.[1]
  if (!table) return ['there is no table between <!-- costs:begin --> and <!-- costs:end -->']
  // The heading and the line below it are not rows.
  const rows = table.split('\n').filter((line) => line.startsWith('|')).slice(2)
  const cells = rows.map((row) => row.split('|').slice(1, 3).map((cell) => cell.trim()))
  const labels = cells.map(([label]) => label)
  const missing = required.filter((label) => !labels.includes(label)).map((label) => `there is no row "${label}"`)
  return [...missing, ...cells.flatMap(([label = '', figure = '']) => mistake(label, figure))]
}

function mistake(label: string, figure: string): string[] {
  if (has(bytes, label)) {
    const measured = bytes[label]
    return isCloseInBytes(figure, measured) ? [] : [`${label}: ${figure}, measured ${measured} bytes`]
  }
  if (has(ratios, label)) {
    const measured = ratios[label]().toFixed(2)
    return figure === measured ? [] : [`${label}: ${figure}, measured ${measured}`]
  }
  return [`nothing measures "${label}"`]
}

/** Whether `81,234 bytes` differs by at most 2 %, or `81.2 KB` is the measured number rounded. */
function isCloseInBytes(figure: string, measured: number): boolean {
  const [, number = '', unit] = /^([\d,.]+) (bytes|KB)$/.exec(figure) ?? []
  if (unit === 'KB') return number === (measured / 1000).toFixed(1)
  return unit === 'bytes' && Math.abs(Number(number.replaceAll(',', '')) / measured - 1) <= 0.02
}

/** The ratio of our time to the official SDK's. */
function ratio(name: string, figure: string): number {
  const found = bench[name]?.figures.find((measured: { name: string }) => measured.name === figure)
  if (!found) throw new Error(`docs/figures/bench.json has no "${figure}": run npm run bench -- ${name}`)
  return found.ratio
}

function has<T extends object>(object: T, name: PropertyKey): name is keyof T {
  return Object.hasOwn(object, name)
}
