// The package as users install it: packed, installed in an empty project, and used there.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
// @ts-expect-error: the scripts are plain JavaScript, without declarations
import { wrongFiles } from '../../scripts/packed-files.mjs'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'flexip-packaging-'))
const installed = join(folder, 'node_modules/flexip')

/** Runs a program in the project. Returns its output, or throws if it fails. */
function run(program: string, args: string[], cwd = folder): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error ? String(error) : stdout + stderr}`)
  return stdout.trim()
}

/** Writes a file of the project. Returns its path. */
function write(file: string, body: string): string {
  const path = join(folder, file)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, body)
  return path
}

/** Creates a flexible IP, and prints its status and its zone. */
const use = `
const emulator = new FlexibleIpEmulator({ seed: 1 })
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
client.createFlexibleIP({ description: 'mail' }).then((ip) => console.log(ip.status, ip.zone))
`
const esm = `import { FlexibleIpClient } from 'flexip'\nimport { FlexibleIpEmulator } from 'flexip/emulator'\n${use}`
const cjs = `const { FlexibleIpClient } = require('flexip')\nconst { FlexibleIpEmulator } = require('flexip/emulator')\n${use}`

beforeAll(() => {
  const tarball = run(process.execPath, [join(root, 'scripts/pack.mjs'), folder], root)
  write('package.json', '{"name":"consumer","version":"1.0.0","private":true}')
  run('npm', ['install', '--ignore-scripts', '--offline', '--no-audit', '--no-fund', tarball])
  // Packing builds the console.
}, 300_000)

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('the package', () => {
  test('has the built files and no others', () => {
    const files = readdirSync(installed, { recursive: true, withFileTypes: true }).filter((item) => item.isFile()).map((item) => relative(installed, join(item.parentPath, item.name)))
    expect((wrongFiles as (files: string[]) => string[])(files)).toEqual([])
    expect((wrongFiles as (files: string[]) => string[])([...files.slice(1), 'pkg/.env']).sort()).toEqual([`missing: ${files[0]}`, 'not expected: pkg/.env'].sort())
  })

  test('has a bill of materials with each crate and package that the notice of licences names', () => {
    const { bomFormat, components } = JSON.parse(readFileSync(join(installed, 'sbom.cdx.json'), 'utf8')) as { bomFormat: string; components: { name: string; version: string; purl: string; hashes: unknown[]; licenses: unknown[] }[] }
    expect(bomFormat).toBe('CycloneDX')
    const notice = readFileSync(join(installed, 'THIRD-PARTY-LICENCES.txt'), 'utf8')
    const named = [...notice.matchAll(/^== the (crate|npm package) (\S+) (\S+):/gm)].map(([, kind, name = '', version]) => `pkg:${kind === 'crate' ? 'cargo' : 'npm'}/${name.replace('@', '%40')}@${version}`)
    expect(components.map(({ purl }) => purl).sort()).toEqual(named.sort())
    for (const { purl, hashes, licenses } of components) expect([purl, hashes.length, licenses.length]).toEqual([purl, 1, 1])
    expect(components.length).toBeGreaterThan(20)
  })

  test('has every document that one of its documents links to', () => {
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'))
    const links = files.flatMap((file) => [...readFileSync(join(installed, file), 'utf8').matchAll(/\]\(([^)\s:#]+)(?:#[^)\s]*)?\)/g)].map(([, link = '']) => join(installed, dirname(file), link)))
    expect(links.length).toBeGreaterThan(50)
    expect(links.filter((link) => !existsSync(link))).toEqual([])
  })

  test('names the licence of each crate and package that is compiled in', () => {
    const notice = readFileSync(join(installed, 'THIRD-PARTY-LICENCES.txt'), 'utf8')
    for (const name of ['the crate wasm-bindgen', 'the crate serde_json', 'the npm package yaml', 'the npm package commander']) expect(notice).toContain(`== ${name} `)
    expect(notice).toContain('Permission is hereby granted')
  })

  test('is loaded by resolvers that know no exports', () => {
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Record<string, string>
    for (const field of ['main', 'module', 'types']) expect(existsSync(join(installed, manifest[field] ?? 'none')), field).toBe(true)
    const old = `console.log(typeof require(${JSON.stringify(join(installed, 'emulator'))}).FlexibleIpEmulator, typeof require(${JSON.stringify(installed)}).srn)`
    expect(run(process.execPath, [write('old.cjs', old)])).toBe('function function')
  })

  test('is private, so that npm does not publish it, unless it names its repository', () => {
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { private?: boolean; repository?: { url: string } }
    expect(manifest.private ?? false).toBe(manifest.repository === undefined)
  })

  test('has no dependencies and no install scripts', () => {
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Record<string, object>
    for (const field of ['dependencies', 'optionalDependencies']) expect(manifest[field], field).toBeUndefined()
    const optional = Object.keys(manifest.peerDependencies ?? {}).map((name) => [name, { optional: true }])
    expect(manifest.peerDependenciesMeta).toEqual(Object.fromEntries(optional))
    expect(Object.keys(manifest.scripts ?? {}).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([])
    expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['flexip'])
  })

  test('exports only files that exist', () => {
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { exports: object }
    const targets: string[] = []
    JSON.stringify(manifest.exports, (_, value: unknown) => (typeof value === 'string' ? targets.push(value) : value))
    expect(targets.length).toBeGreaterThan(8)
    expect(targets.filter((target) => !existsSync(join(installed, target)))).toEqual([])
  })
})

describe('Node', () => {
  test.each([
    ['import', 'main.mjs', esm],
    ['require', 'main.cjs', cjs],
    ['import() from CommonJS', 'dynamic.cjs', `Promise.all([import('flexip'), import('flexip/emulator')]).then(([{ FlexibleIpClient }, { FlexibleIpEmulator }]) => {${use}})`],
  ])('loads the package by %s', (_, file, body) => {
    expect(run(process.execPath, [write(file, body)])).toBe('ready fr-par-1')
  })

  test('serves the emulator from CommonJS', () => {
    const serve = `const { serveEmulator } = require('flexip/server')\nserveEmulator().then(async ({ url, close }) => {\nconst { status } = await fetch(url + '/_emulator/health')\nawait close()\nconsole.log(status) })`
    expect(run(process.execPath, [write('serve.cjs', serve)])).toBe('200')
  })

  test('serves the emulator on a port, and runs the command', () => {
    const serve = `import { serveEmulator } from 'flexip/server'\nconst { url, close } = await serveEmulator()\nconst { status } = await fetch(url + '/_emulator/health')\nawait close()\nconsole.log(status)`
    expect(run(process.execPath, [write('serve.mjs', serve)])).toBe('200')
    expect(run(join(folder, 'node_modules/.bin/flexip'), ['--version'])).toMatch(/^\d+\.\d+\.\d+$/)
  })

  test('loads the ES module and the CommonJS module in one program, and each recognizes the errors of the other', () => {
    const both = `import * as esm from 'flexip'\nimport { createRequire } from 'node:module'\nconst cjs = createRequire(import.meta.url)('flexip')\nconsole.log(esm.isFlexipError(new cjs.TimeoutError('x')), cjs.isFlexipError(new esm.TimeoutError('x')), new cjs.TimeoutError('x') instanceof esm.TimeoutError, esm.TimeoutError === cjs.TimeoutError)`
    expect(run(process.execPath, [write('both.mjs', both)])).toBe('true true true false')
  })

  test('loads the handlers for MSW without MSW, and the OpenAPI description', () => {
    const http = `{ all: (path) => path }`
    const emulator = `{ fetch: async () => new Response() }`
    const esm = `import { flexibleIpHandlers } from 'flexip/msw'\nconsole.log(flexibleIpHandlers(${http}, ${emulator})[0])`
    const cjs = `const { flexibleIpHandlers } = require('flexip/msw')\nconst { openapi } = require('flexip/openapi.json')\nconsole.log(flexibleIpHandlers(${http}, ${emulator})[0], openapi)`
    expect(run(process.execPath, [write('msw.mjs', esm)])).toBe('https://api.scaleway.com/flexible-ip/*')
    expect(run(process.execPath, [write('msw.cjs', cjs)])).toBe('https://api.scaleway.com/flexible-ip/* 3.1.0')
  })

  test('cannot import files that the package does not export', () => {
    const deep = write('deep.mjs', `import('flexip/pkg/index.js').catch((error) => console.log(error.code))`)
    expect(run(process.execPath, [deep])).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED')
  })
})

describe('TypeScript', () => {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const typed = `${esm}\nexport const wrong: number = client.getFlexibleIP({ fipId: 'x' }) // TS2322`

  test.each([
    ['node16', 'node16', 'main.mts'],
    ['node16', 'node16', 'main.cts'],
    ['nodenext', 'nodenext', 'main.mts'],
    ['nodenext', 'nodenext', 'main.cts'],
    ['bundler', 'esnext', 'main.ts'],
  ])('with moduleResolution %s (module %s) finds the types in %s', (moduleResolution, module, file) => {
    write(`${moduleResolution}/${file}`, typed)
    const config = { compilerOptions: { strict: true, noEmit: true, target: 'es2022', lib: ['es2022', 'dom', 'dom.iterable'], types: [], module, moduleResolution }, files: [file] }
    write(`${moduleResolution}/tsconfig.json`, JSON.stringify(config))
    // The one mistake is reported, so the types were found. No other error is reported.
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', join(folder, moduleResolution)], { encoding: 'utf8' })
    expect([status, stdout.match(/error TS\d+/g)], stdout).toEqual([2, ['error TS2322']])
  })

  test('takes a client that was imported for one that was required, and the other way round, and has types of every entry in a .cts file', () => {
    const text = `import type { FlexibleIpClient as Imported } from 'flexip' with { 'resolution-mode': 'import' }
import type { FlexibleIpEmulator as ImportedEmulator } from 'flexip/emulator' with { 'resolution-mode': 'import' }
import type { FlexipError as ImportedError } from 'flexip' with { 'resolution-mode': 'import' }
import { FlexibleIpClient, type FlexipError } from 'flexip'
import { FlexibleIpEmulator } from 'flexip/emulator'
import { serveEmulator } from 'flexip/server'
import { createProxy } from 'flexip/proxy'
import { clientFromEnvironment } from 'flexip/node'
import { flexibleIpQueries } from 'flexip/query'
import { requestSchemas } from 'flexip/schema'
import { load } from 'flexip/slim'
const client: Imported = new FlexibleIpClient({})
export const back: FlexibleIpClient = client
export const emulator: FlexibleIpEmulator = new FlexibleIpEmulator() satisfies ImportedEmulator
export const same = (error: ImportedError): FlexipError => error
export const queries = flexibleIpQueries(client)
export const url: Promise<string> = serveEmulator().then((served) => served.url)
export const others = [createProxy, clientFromEnvironment, requestSchemas, load]
export const wrong: number = client.getFlexibleIP({ fipId: 'x' }) // TS2322`
    write('both/main.cts', text)
    write('both/tsconfig.json', JSON.stringify({ compilerOptions: { strict: true, noEmit: true, target: 'es2022', lib: ['es2022'], types: [], module: 'nodenext' }, files: ['main.cts'] }))
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', join(folder, 'both')], { encoding: 'utf8' })
    expect([status, stdout.match(/error TS\d+/g)], stdout).toEqual([2, ['error TS2322']])
  })
})

describe('esbuild', () => {
  test.each(['esm', 'cjs', 'iife'] as const)('bundles it into one file that runs, in the format %s', async (format) => {
    const outfile = join(folder, `bundle-${format}.${format === 'esm' ? 'mjs' : 'cjs'}`)
    const { metafile, warnings } = await build({ entryPoints: [write('entry.mjs', esm)], bundle: true, minify: true, format, outfile, platform: 'browser', metafile: true, logLevel: 'silent' })
    expect(warnings).toEqual([])
    expect(Object.keys(metafile.outputs)).toHaveLength(1)
    expect(run(process.execPath, [outfile])).toBe('ready fr-par-1')
  })

  test('leaves everything out if nothing is used', async () => {
    const { outputFiles } = await build({ stdin: { contents: `import 'flexip'; import { FlexibleIpClient } from 'flexip'; console.log(1)`, resolveDir: folder }, bundle: true, minify: true, format: 'esm', write: false, logLevel: 'silent' })
    expect(outputFiles[0]?.text.length).toBeLessThan(100)
  })

  test('leaves the emulator out of a client', async () => {
    const { metafile } = await build({ stdin: { contents: `export { FlexibleIpClient } from 'flexip'`, resolveDir: folder }, bundle: true, format: 'esm', write: false, metafile: true, logLevel: 'silent' })
    expect(Object.keys(metafile.inputs).filter((input) => input.includes('emulator'))).toEqual([])
  })
})
