// The table of the packaging matrix in docs/long-runs.md says what docs/figures/packaging.json has, which
// `npm run test:long -- packaging` writes. `UPDATE=1` writes the table.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
// @ts-expect-error: the consumers are plain JavaScript, without declarations
import { core, further, notRun } from '../packaging/matrix/consumers.mjs'

interface Result {
  result: string
  date: string
  pkg: string
  versions?: string[]
}

const root = new URL('../..', import.meta.url).pathname
const page = join(root, 'docs/long-runs.md')
const between = /(?<=<!-- packaging:begin -->\n)[^]*?(?=<!-- packaging:end -->)/
const consumers = Object.keys({ ...core, ...further } as object)
const results = JSON.parse(readFileSync(join(root, 'docs/figures/packaging.json'), 'utf8')) as Record<string, Result>

test('the table of the packaging matrix is what the matrix wrote', () => {
  if (process.env.UPDATE) writeFileSync(page, readFileSync(page, 'utf8').replace(between, tableOf(results, consumers)))
  expect(between.exec(readFileSync(page, 'utf8'))?.[0]).toBe(tableOf(results, consumers))
})

test('what has results is a consumer of the matrix', () => {
  expect(Object.keys(results).filter((name) => !consumers.includes(name))).toEqual([])
})

test('what a consumer of the matrix runs is not said not to be run', () => {
  expect(Object.keys(notRun as object).filter((name) => consumers.includes(name))).toEqual([])
})

test('the consumers of npm run test:full have everything that failed once', () => {
  const failedOnce = [
    'Cloudflare Workers',
    'Parcel’s default resolver',
    'TypeScript node10',
    'TypeScript without DOM',
    'emulator answers that are read later',
    'error.code',
    'exactOptionalPropertyTypes',
    'flexip/server in CommonJS',
    'jest with jsdom',
    'msw 3',
    'named imports from CommonJS',
    'other runtimes',
    'short lines and source maps',
    'targets below ES2022',
    'tree-shaking',
  ]
  const rows = Object.values(core as Record<string, { rows: string[] }>).flatMap((consumer) => consumer.rows)
  expect([...new Set(rows)].sort()).toEqual(failedOnce)
})

test('the table has a row for each consumer, with its versions, also for one that has not run yet', () => {
  const results = { two: { result: 'failed', date: '2026-11-02', pkg: '0123456789ab' }, one: { result: 'passed', date: '2026-11-01', pkg: '0123456789ab', versions: ['x 1.2.3', 'y 4.5.6'] } }
  expect(tableOf(results, ['two', 'three', 'one'])).toBe('| consumer | versions | result | date | `pkg/` |\n|---|---|---|---|---|\n| one | x 1.2.3, y 4.5.6 | passed | 2026-11-01 | `01234567` |\n| three | | not run yet | | |\n| two | | failed | 2026-11-02 | `01234567` |\n')
})

function tableOf(results: Record<string, Result>, consumers: string[]): string {
  const line = (name: string) => {
    const known = results[name]
    if (!known) return `| ${name} | | not run yet | | |\n`
    const { result, date, pkg, versions = [] } = known
    return `| ${name} |${versions.length > 0 ? ` ${versions.join(', ')}` : ''} | ${result} | ${date} | \`${pkg.slice(0, 8)}\` |\n`
  }
  return ['| consumer | versions | result | date | `pkg/` |\n', '|---|---|---|---|---|\n', ...[...consumers].sort().map(line)].join('')
}
