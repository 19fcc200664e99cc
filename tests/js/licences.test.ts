// What may be compiled into the package, and how a breach of deny.toml is named.
import { expect, test } from 'vitest'
// @ts-expect-error: the scripts are plain JavaScript, without declarations
import * as deny from '../../scripts/deny.mjs'
// @ts-expect-error: the scripts are plain JavaScript, without declarations
import * as licences from '../../scripts/licences.mjs'

interface Crate { name: string; version: string; license: string | null; source: string | null; dependencies: { name: string; req: string; path?: string }[] }
const { rules, breaches, severalVersions } = deny as {
  rules: () => { licences: string[]; banned: string[]; registries: string[] }
  breaches: (crates: Crate[], rules: object) => string[]
  severalVersions: (crates: { name: string; version: string }[]) => string[]
}
const { isAllowed } = licences as { isAllowed: (expression: string | null, list: string[]) => boolean }

test.each([
  ['MIT', true],
  ['GPL-3.0', false],
  [null, false],
  ['', false],
  ['MIT OR GPL-3.0', true],
  ['GPL-3.0/MIT', true],
  ['MIT AND GPL-3.0', false],
  ['(MIT OR GPL-3.0) AND ISC', true],
  ['(MIT OR GPL-3.0) AND GPL-3.0', false],
  ['ISC AND (GPL-3.0 OR MIT)', true],
  ['GPL-3.0 OR ISC AND MIT', true],
  ['MIT WITH GCC-exception', false],
  ['(MIT', false],
  ['MIT)', false],
])('the expression %j is allowed by MIT and ISC: %j', (expression, allowed) => {
  expect(isAllowed(expression, ['MIT', 'ISC'])).toBe(allowed)
})

test('every crate that breaks a rule of deny.toml is named with its rule', () => {
  const registry = 'registry+https://github.com/rust-lang/crates.io-index'
  const crate = (more: Partial<Crate>): Crate => ({ name: 'good', version: '1.0.0', license: 'MIT', source: registry, dependencies: [], ...more })
  const crates = [
    crate({}),
    crate({ name: 'flexip', license: null, source: null, dependencies: [{ name: 'any', req: '*' }, { name: 'beside', req: '*', path: '../beside' }] }),
    crate({ name: 'copyleft', license: 'GPL-3.0-only' }),
    crate({ name: 'openssl-sys' }),
    crate({ name: 'forked', source: 'git+https://example.com/forked' }),
  ]
  expect(breaches(crates, rules())).toEqual([
    'flexip takes any version of any',
    'copyleft 1.0.0 has the licence GPL-3.0-only',
    'openssl-sys 1.0.0 is banned',
    'forked 1.0.0 is from git+https://example.com/forked',
  ])
})

test('a crate that the modules have in two versions is named', () => {
  expect(severalVersions([{ name: 'syn', version: '2.0.0' }, { name: 'serde', version: '1.0.0' }, { name: 'syn', version: '3.0.0' }])).toEqual(['the modules have syn in the versions 2.0.0, 3.0.0'])
})
