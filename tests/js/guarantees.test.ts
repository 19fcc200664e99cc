// Each line of docs/guarantees.md names a test that exists.
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const page = readFileSync('docs/guarantees.md', 'utf8')

/** The file and the test of each `file`: name. */
function referencesOf(text: string): { file: string; name: string }[] {
  const references = [...text.matchAll(/`([a-z_-]+\.(?:rs|test\.ts))`: ([^|)\n]+?)(?=\s*[|)]|\s*$)/gm)]
  return references.map(([, file = '', name = '']) => ({ file, name: name.trim() }))
}

function isThere({ file, name }: { file: string; name: string }): boolean {
  const path = file.endsWith('.rs') ? `tests/flows/${file}` : `tests/js/${file}`
  if (!existsSync(path)) return false
  const source = readFileSync(path, 'utf8')
  return file.endsWith('.rs') ? source.includes(`fn ${name}()`) : source.includes(name)
}

test('every line of the guarantees names a test that exists', () => {
  const references = referencesOf(page)
  expect(references.length).toBeGreaterThan(35)
  expect(references.filter((reference) => !isThere(reference))).toEqual([])
})

test('every row of the guarantees names a test', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| ') && !/^\| (method|error|bound|never) \|/.test(line))
  expect(rows.filter((row) => referencesOf(row).length === 0)).toEqual([])
})

test('a test that does not exist is found', () => {
  expect(isThere({ file: 'moves.rs', name: 'no_such_test' })).toBe(false)
  expect(referencesOf('| a | `moves.rs`: no_such_test |')).toEqual([{ file: 'moves.rs', name: 'no_such_test' }])
})
