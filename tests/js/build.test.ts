import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = new URL('../..', import.meta.url).pathname
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
// Those for Node alone have no `require`.
const entries = Object.keys(manifest.exports).filter((path) => manifest.exports[path].require)
const text = (file: string) => readFileSync(join(root, file), 'utf8')

test('there are entries for every platform', () => {
  expect(entries).toEqual(['.', './emulator', './msw', './proxy'])
})

describe.each(entries)('the entry %s', (path) => {
  const { import: esm, require: cjs } = manifest.exports[path]

  test('exports the same names to import and to require', async () => {
    const imported = await import(/* @vite-ignore */ join(root, esm.default))
    const required = createRequire(import.meta.url)(join(root, cjs.default))
    expect(Object.keys(required).sort()).toEqual(Object.keys(imported).sort())
    expect(Object.keys(imported)).not.toEqual([])
  })

  test('has the same declarations for both, with nothing left to import', () => {
    expect(text(esm.types)).toBe(text(cjs.types))
    expect(text(esm.types)).not.toMatch(/^(import|export) .*\bfrom ['"]/m)
  })

  test('needs no other file at run time', () => {
    for (const file of [esm.default, cjs.default]) {
      expect(text(file)).not.toMatch(/import\.meta|\bimport\(|\brequire\(|new URL\([^)]*\.wasm/)
    }
  })
})

test('server.js needs Node’s own modules and the module beside it, and cli.js only server.js', () => {
  const imports = (file: string) => [...text(file).matchAll(/\bfrom\s*"([^"]+)"/g)].map(([, name]) => name)
  expect(imports('pkg/server.js').filter((name) => !name?.startsWith('node:'))).toEqual([])
  expect(text('pkg/server.js')).toContain('./emulator.wasm')
  expect(imports('pkg/cli.js').filter((name) => !name?.startsWith('node:'))).toEqual(['./server.js'])
  expect(text('pkg/cli.js')).toContain('Permission is hereby granted')
})

test.each([
  ['index', 'client'],
  ['emulator', 'emulator'],
])('%s.js carries %s.wasm, and no other module', (entry, module) => {
  const wasm = readFileSync(join(root, `pkg/${module}.wasm`), 'hex')
  expect(text(`pkg/${entry}.js`).match(/0061736d01000000[0-9a-f]*/g)).toEqual([wasm])
})

test('no built file names a folder of the machine that built it', () => {
  for (const file of readdirSync(join(root, 'pkg'))) {
    expect(readFileSync(join(root, 'pkg', file), 'latin1'), file).not.toMatch(/\/(root|home|Users|tmp)\//)
  }
})
