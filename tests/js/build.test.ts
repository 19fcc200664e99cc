import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
// @ts-expect-error: the scripts are plain JavaScript, without declarations
import { encodeModule, moduleStart } from '../../scripts/module-text.mjs'

const root = new URL('../..', import.meta.url).pathname
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const entries = Object.keys(manifest.exports).filter((path) => manifest.exports[path].require)
const text = (file: string) => readFileSync(join(root, file), 'utf8')
const isModule = (line: string) => line.includes(`"${moduleStart}`)
const built = readdirSync(join(root, 'pkg'), { recursive: true, encoding: 'utf8' }).filter((file) => file.includes('.'))

/** A file of the package and all that it loads. */
function loaded(file: string): string[] {
  const found = [...text(file).matchAll(/(?:\bfrom|\bimport|\brequire\()\s*"(\.[^"]+)"/g)].map(([, path = '']) => join(dirname(file), path))
  return [file, ...found.flatMap(loaded)]
}

test('there are entries for every platform, and two for Node', () => {
  expect(entries).toEqual(['.', './slim', './emulator', './emulator/slim', './msw', './network', './proxy', './server', './node', './schema', './query'])
})

describe.each(entries)('the entry %s', (path) => {
  const { import: esm, require: cjs } = manifest.exports[path]

  test('exports the same names to import and to require', async () => {
    const imported = await import(/* @vite-ignore */ join(root, esm.default))
    const required = createRequire(import.meta.url)(join(root, cjs.default))
    expect(Object.keys(required).sort()).toEqual(Object.keys(imported).sort())
    expect(Object.keys(imported)).not.toEqual([])
  })

  test('gives its names to an import of the CommonJS file', () => {
    const script = `import * as all from ${JSON.stringify(join(root, cjs.default))}; console.log(Object.keys(all).join())`
    const names = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).trim().split(',')
    expect(names).toEqual(expect.arrayContaining(Object.keys(createRequire(import.meta.url)(join(root, cjs.default)))))
  })

  test('has the same declarations for both, with nothing left to import', () => {
    expect(text(esm.types)).toBe(text(cjs.types))
    expect(text(esm.types)).not.toMatch(/^(import|export) .*\bfrom ['"]\./m)
  })

  test('loads no other files than those of the package, each only once', () => {
    for (const file of [esm.default, cjs.default]) {
      const files = loaded(file).map((name) => relative(root, join(root, name)))
      expect(files.filter((name) => !/^pkg\/(shared\/)?[\w-]+\.c?js$/.test(name))).toEqual([])
      for (const name of files) expect(text(name)).not.toMatch(/import\.meta|\bimport\(|new URL\([^)]*\.wasm/)
    }
  })
})

test('cli.js needs Node’s own modules, and the files of the package', () => {
  const imports = [...text('pkg/cli.js').matchAll(/\b(?:from|import\()\s*"(node:[\w/]+|\.{0,2}\/[\w./-]+)"/g)].map(([, name]) => name)
  expect([...new Set(imports.filter((name) => !name?.startsWith('node:')))].sort()).toEqual(['./emulator.js', './index.js', './node.js', './proxy.js', './server.js'])
  expect(text('pkg/cli.js')).toContain('Permission is hereby granted')
})

test.each([
  ['index', 'client'],
  ['emulator', 'emulator'],
  ['server', 'emulator'],
])('%s.js loads the text of %s.wasm, and no other module', (entry, module) => {
  const wasm = encodeModule(readFileSync(join(root, `pkg/${module}.wasm`))) as string
  const files = [...new Set(loaded(`pkg/${entry}.js`))]
  expect(files.flatMap((file) => text(file).match(/^".*"$/gm) ?? []).filter(isModule)).toEqual([`"${wasm}"`])
})

test.each(['slim', 'emulator-slim', 'msw', 'network', 'proxy'])('%s.js loads no text of a module', (entry) => {
  expect(loaded(`pkg/${entry}.js`).filter((file) => isModule(text(file)))).toEqual([])
})

test('every source is in one file of the package, but for the copies with a slot', () => {
  const places = new Map<string, string[]>()
  for (const file of built.filter((name) => name.endsWith('.js.map') && name !== 'cli.js.map')) {
    const { sources } = JSON.parse(text(`pkg/${file}`)) as { sources: string[] }
    for (const source of sources) {
      const name = relative(root, join(root, 'pkg', dirname(file), source))
      if (!file.includes('-slot')) places.set(name, [...(places.get(name) ?? []), file])
    }
  }
  expect(places.size).toBeGreaterThan(60)
  const twice = [...places].filter(([name, files]) => files.length > 1 && name.startsWith('js/') && name !== 'js/index.ts' && name !== 'js/emulator.ts')
  expect(twice).toEqual([])
})

test('the source maps have the sources, by relative paths', () => {
  const maps = built.filter((file) => file.endsWith('.map'))
  expect(maps.length).toBeGreaterThan(20)
  for (const file of maps) {
    const { sources, sourcesContent } = JSON.parse(text(`pkg/${file}`)) as { sources: string[]; sourcesContent: (string | null)[] }
    expect(sources.filter((source) => source.startsWith('/')), file).toEqual([])
    expect(sourcesContent.filter((content) => content === null), file).toEqual([])
  }
})

test('no line but the text of a module is long', () => {
  for (const file of built.filter((name) => /\.c?js$/.test(name))) {
    const long = text(`pkg/${file}`).split('\n').filter((line) => line.length > 2000 && !isModule(line))
    expect(long.map((line) => line.slice(0, 80)), file).toEqual([])
  }
})

test('no built file names a folder of the machine that built it', () => {
  for (const file of built) {
    expect(readFileSync(join(root, 'pkg', file), 'latin1'), file).not.toMatch(/(?<![\w.])\/(root|home|Users|tmp|work)\/\w/)
  }
})
