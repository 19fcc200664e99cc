// The table "Other people's programs" of the emulator's guide says what docs/figures/clients.json has, which the tests
// of tests/clients/ write. `UPDATE=1` writes the table.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

type Answered = Record<string, Record<string, number[]>>

const root = new URL('../..', import.meta.url).pathname
const guide = join(root, 'docs/guides/emulator.md')
const between = /(?<=<!-- clients:begin -->\n)[^]*?(?=<!-- clients:end -->)/

test('the table of the guide is what the programs asked and were answered', () => {
  const answered = JSON.parse(readFileSync(join(root, 'docs/figures/clients.json'), 'utf8')) as Answered
  const page = readFileSync(guide, 'utf8')
  if (process.env.UPDATE) writeFileSync(guide, page.replace(between, tableOf(answered)))
  expect(between.exec(readFileSync(guide, 'utf8'))?.[0]).toBe(tableOf(answered))
})

test('the table has a row for each request and a column for each program', () => {
  const table = tableOf({ one: { 'GET /metadata': [200], createFlexibleIP: [200, 400] }, other: { createFlexibleIP: [200] } })
  expect(table).toBe('| request | one | other |\n|---|---|---|\n| `createFlexibleIP` | 200, 400 | 200 |\n| `GET /metadata` | 200 | |\n')
})

/** The operations first, then the requests outside the API, each in the order of the alphabet. */
function tableOf(answered: Answered): string {
  const programs = Object.keys(answered).sort()
  const requests = [...new Set(Object.values(answered).flatMap((requests) => Object.keys(requests)))]
  const isOutside = (request: string) => request.includes('/')
  requests.sort((one, other) => Number(isOutside(one)) - Number(isOutside(other)) || (one < other ? -1 : 1))
  const row = (cells: string[]) => `|${cells.map((cell) => (cell ? ` ${cell} |` : ' |')).join('')}\n`
  const rows = requests.map((request) => row([`\`${request}\``, ...programs.map((program) => (answered[program]?.[request] ?? []).join(', '))]))
  return [row(['request', ...programs]), `|${'---|'.repeat(programs.length + 1)}\n`, ...rows].join('')
}
