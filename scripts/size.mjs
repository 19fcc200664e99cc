// npm run size: the sizes of the package and of the official SDK. Writes docs/figures/size.json; fails when the client
// is larger than its limit.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { circumstances, readFigures, writeFigures } from './figures.mjs'
import { Stop, main, root } from './run.mjs'

/** The most bytes, after brotli, that a page may load for the client: module, glue and facade. */
const limit = 113_000

await main(async () => {
  const sizes = {
    client: await measure('index', 'client'),
    emulator: await measure('emulator', 'emulator'),
    // What a bundler leaves of the package if one name is imported.
    alone: Object.fromEntries(await Promise.all(['srn', 'TimeoutError', 'parseIp', 'validate'].map(async (name) => [name, print(`${name} alone`, await bundle(`export { ${name} } from './pkg/index.js'`))]))),
    slim: print('slim.js, without WASM', await bundle(`export * from './pkg/slim.js'`)),
    official: print('official SDK, bundled', await officialBundle()),
  }
  const { brotli } = sizes.client.bundle
  console.log(`\nclient, as a page loads it: ${number(brotli)} bytes of brotli; the limit is ${number(limit)}`)
  if (brotli > limit) throw new Stop('The client is larger than its limit.')
  // Without a change of a size the file stays as it is, with the date and the pkg/ of that measurement.
  if (!isDeepStrictEqual(readFigures('size')?.sizes, sizes)) writeFigures('size', { ...circumstances(), official: officialVersions(), sizes })
})

/** Prints and returns the sizes of an entry: as a page loads it, its module alone, and without its module. */
async function measure(entry, module) {
  read(`${entry}.js`)
  const whole = await bundle(`export * from './pkg/${entry}.js'`)
  return {
    bundle: print(`${entry}.js, WASM inlined`, whole),
    wasm: print(`${module}.wasm alone`, read(`${module}.wasm`)),
    script: print(`${entry}.js without WASM`, Buffer.from(withoutPayload(whole.toString()))),
  }
}

/** The official SDK's client of the Flexible IP API, bundled and minified like ours. */
function officialBundle() {
  return bundle(`
    export { createClient } from '@scaleway/sdk-client'
    export { Flexibleipv1alpha1 } from '@scaleway/sdk-flexibleip'`)
}

/** What a page loads of a program, as one file. */
async function bundle(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    format: 'esm',
    bundle: true,
    minify: true,
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    write: false,
    logLevel: 'warning',
  })
  return Buffer.from(outputFiles[0].contents)
}

function officialVersions() {
  const version = (name) => JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version
  return Object.fromEntries(['@scaleway/sdk-client', '@scaleway/sdk-flexibleip'].map((name) => [name, version(name)]))
}

// The module is one string of hexadecimal digits, which begins with WebAssembly's magic number.
function withoutPayload(text) {
  return text.replace(/"0061736d01000000[0-9a-f]*"/, '""')
}

function read(file) {
  const path = join(root, 'pkg', file)
  if (!existsSync(path)) throw new Stop(`There is no pkg/${file}: run npm run build.`)
  return readFileSync(path)
}

/** Prints and returns the bytes raw, after gzip and after brotli. */
function print(name, bytes) {
  const sizes = { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length, brotli: brotliCompressSync(bytes).length }
  const columns = Object.entries(sizes).map(([form, size]) => `${number(size).padStart(9)} ${form}`)
  console.log(`${name.padEnd(28)}${columns.join('')}`)
  return sizes
}

function number(bytes) {
  return bytes.toLocaleString('en')
}
