// What the client's module must not contain: parts of std that are large and that the client can do without.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
// @ts-expect-error: the scripts are plain JavaScript, without declarations
import { functions } from '../../scripts/sections.mjs'

const build = new URL('../../build/', import.meta.url)
const { toolchain } = JSON.parse(readFileSync(new URL('record.json', build), 'utf8')) as { toolchain: string }
const names = (functions(readFileSync(new URL('client/named.wasm', build))) as [string, number][]).map(([name]) => name.replace(/\[[0-9a-f]+\]/g, ''))

// A std as shipped is compiled with the texts of panics, which are formatted.
test.runIf(toolchain.includes('std from source')).each([
  ['the allocator of std', /\bdlmalloc::/],
  ['trees and hash tables', /\bbtree::|\bhashbrown::/],
  ['floats from text', /\bdec2flt::/],
  ['formatting', /\bcore::fmt::(write|Formatter|num|builders)|as core::fmt::(Display|LowerHex)>/],
])('the module has no %s', (_, found) => {
  expect(names.filter((name) => found.test(name))).toEqual([])
})

test('the names of the module’s functions are known, and the allocator is its own', () => {
  expect(names.filter((name) => name.includes('flexip::flow::')).length).toBeGreaterThan(100)
  expect(names.some((name) => name.includes('flexip_alloc::'))).toBe(true)
})
