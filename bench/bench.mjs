// npm run bench [-- NAME…]: the time, requests or memory that our code needs, compared with another program's.
//
//   --quick  a fifth of the rounds, for the calls in Node and in browsers
//   --json   write the figures of the benches that ran to docs/figures/bench.json; npm run bench does so
//
// Compare ratios only: both numbers of a ratio are from one run on one machine. A missed aim is reported, not a failure.
import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { circumstances, readFigures, writeFigures } from '../scripts/figures.mjs'
import { browsers } from './browsers.mjs'
import { calls } from './calls.mjs'
import { cold } from './cold.mjs'
import { failover } from './failover.mjs'
import { inventory } from './inventory.mjs'
import { machine } from './machine.mjs'
import { port } from './port.mjs'
import { rate } from './rate.mjs'

/** Each returns its figures: `[{ name, ours, other, unit, ratio, aim, met }]`, made by figure.mjs. */
const benches = {
  calls: () => calls({ quick: values.quick }),
  machine: () => machine({ quick: values.quick }),
  browsers: () => browsers({ quick: values.quick }),
  cold,
  failover,
  inventory,
  rate,
  port,
  scale: () => JSON.parse(execFileSync(process.execPath, [new URL('emulator-scale.mjs', import.meta.url).pathname], { encoding: 'utf8' })),
}

/** The benches that --quick shortens. */
const hasQuick = ['calls', 'machine', 'browsers']

const options = { json: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } }
const { values, positionals } = parseArgs({ options, allowPositionals: true })
const unknown = positionals.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  console.error(`No such bench: ${unknown.join(', ')}. The benches are: ${Object.keys(benches).join(', ')}.`)
  process.exit(1)
}

const host = { ...circumstances(), processor: cpus()[0]?.model ?? 'unknown' }
console.log(`Node ${host.node}, ${host.processor}`)
const results = {}
for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
  const start = performance.now()
  results[name] = await benches[name]()
  print(name, results[name], (performance.now() - start) / 1000)
}
if (values.json) {
  // A bench that did not run keeps its figures, with their date and the pkg/ of that run.
  const measured = Object.entries(results).map(([name, figures]) => [name, { ...host, quick: values.quick && hasQuick.includes(name), figures: figures.map(rounded) }])
  writeFigures('bench', { ...readFigures('bench'), ...Object.fromEntries(measured) })
}

function print(name, figures, seconds) {
  console.log(`\n${name} (${seconds.toFixed(0)} s)`)
  const rows = figures.map(({ name, ours, other, unit, ratio, aim, met }) => [
    name,
    plain(ours),
    plain(other),
    unit,
    plain(ratio),
    aim === undefined ? '' : `${aim}: ${met ? 'met' : 'NOT MET'}`,
  ])
  const table = [['', 'ours', 'other', '', 'ratio', 'aim'], ...rows]
  const widths = table[0].map((_, column) => Math.max(...table.map((row) => row[column].length)))
  const isNumber = [false, true, true, false, true, false]
  for (const row of table) {
    const cells = row.map((cell, column) => (isNumber[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column])))
    console.log(`  ${cells.join('  ').trimEnd()}`)
  }
}

/** A figure with four significant digits in each number. */
function rounded(figure) {
  const round = (value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value)
  return Object.fromEntries(Object.entries(figure).map(([name, value]) => [name, round(value)]))
}

function plain(number) {
  if (!Number.isFinite(number)) return '-'
  return Math.abs(number) >= 100 ? number.toFixed(0) : number.toFixed(2)
}
