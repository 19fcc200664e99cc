// npm run bench [-- --json FILE]: the time of a call beside the official SDK's and a bare fetch's, with a stub fetch.
//
// Only the ratios mean something: they are of one run, on one machine, taken in turn.
import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { calls } from './calls.mjs'
import { measurePort, printPort } from './port.mjs'
import { microsecondsPerCall } from './rounds.mjs'

const { values } = parseArgs({ options: { json: { type: 'string' } } })
const machine = `Node ${process.versions.node}, ${cpus()[0]?.model ?? 'unknown processor'}`

console.log(`Microseconds a call, medians of interleaved rounds. ${machine}`)
print(['', 'ours', 'official', 'bare fetch', 'ours/official', 'ours/bare', 'aim'])
const results = []
for (const { name, aim, load, contenders } of calls) {
  const times = await microsecondsPerCall(contenders, load)
  const result = { name, ...times, toOfficial: times.ours / times.official, toBare: times.ours / times.bare, aim }
  results.push({ ...result, met: result.toOfficial <= aim })
  print(row(results.at(-1)))
}
printPort(await measurePort())
if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine, results }, null, 2)}\n`)

function row({ name, ours, official, bare, toOfficial, toBare, aim, met }) {
  const micros = [ours, official, bare].map((time) => time.toFixed(1))
  const ratios = [toOfficial, toBare].map((ratio) => ratio.toFixed(2))
  return [name, ...micros, ...ratios, `≤ ${aim.toFixed(1)} of the official: ${met ? 'met' : 'NOT MET'}`]
}

function print([name, ...cells]) {
  const last = cells.pop()
  console.log([name.padEnd(12), ...cells.map((cell) => cell.padStart(13)), `  ${last}`].join(' '))
}
