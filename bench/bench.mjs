// npm run bench [-- NAME…] [-- --json FILE]: what we need beside what others need for the same.
//
// Only the ratios mean something: each is of one run, on one machine. A figure over its aim fails nothing.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { calls } from './calls.mjs'
import { failover } from './failover.mjs'
import { inventory } from './inventory.mjs'
import { measurePort } from './port.mjs'
import { rate } from './rate.mjs'

/** Each gives its figures: `[{ name, ours, other, unit, ratio, aim, met }]`, made in figure.mjs. */
const benches = {
  calls,
  failover,
  inventory,
  rate,
  port: measurePort,
  scale: () => JSON.parse(execFileSync(process.execPath, [new URL('emulator-scale.mjs', import.meta.url).pathname], { encoding: 'utf8' })),
}

const { values, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true })
const unknown = positionals.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  console.error(`No such bench: ${unknown.join(', ')}. The benches are: ${Object.keys(benches).join(', ')}.`)
  process.exit(1)
}

const machine = { node: process.versions.node, processor: cpus()[0]?.model ?? 'unknown' }
console.log(`Node ${machine.node}, ${machine.processor}`)
const results = {}
for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
  const start = performance.now()
  results[name] = await benches[name]()
  print(name, results[name], (performance.now() - start) / 1000)
}
if (values.json) {
  writeFileSync(values.json, `${JSON.stringify({ date: new Date().toISOString(), ...machine, results }, null, 2)}\n`)
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

function plain(number) {
  if (!Number.isFinite(number)) return '-'
  return Math.abs(number) >= 100 ? number.toFixed(0) : number.toFixed(2)
}
