// npm run size: the sizes of the package and of the official SDK. Writes docs/figures/size.json; fails when the client
// is larger than its limit. `npm run size -- rooms` prints the bytes of each room of the client's module in build/, and
// writes docs/size.md.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { circumstances, readFigures, writeFigures } from './figures.mjs'
import { moduleStart } from './module-text.mjs'
import { modulesAsBuilt } from './build-rust.mjs'
import { differences, rustInputs } from './digest.mjs'
import { bytesByRoom } from './rooms.mjs'
import { Stop, main, root } from './run.mjs'

/** The most bytes, after brotli, that a page may load for the client: module, glue and facade. */
const limit = 79_500

/** Names that load no WebAssembly if they are imported alone, and the most bytes of brotli for each. */
const withoutWasm = ['srn', 'isFlexipError', 'TimeoutError', 'parseIp']
const limitAlone = 2000

await main(async () => {
  if (process.argv[2] === 'rooms') return reportRooms()
  const sizes = {
    client: await measure('index', 'client'),
    emulator: await measure('emulator', 'emulator'),
    // What a bundler leaves of the package if one name is imported.
    alone: Object.fromEntries(await Promise.all([...withoutWasm, 'validate'].map(async (name) => [name, print(`${name} alone`, await bundle(`export { ${name} } from './pkg/index.js'`))]))),
    slim: print('slim.js, without WASM', await bundle(`export * from './pkg/slim.js'`)),
    official: print('official SDK, bundled', await officialBundle()),
  }
  const { brotli } = sizes.client.bundle
  console.log(`\nclient, as a page loads it: ${number(brotli)} bytes of brotli; the limit is ${number(limit)}`)
  if (brotli > limit) throw new Stop('The client is larger than its limit.')
  const large = withoutWasm.filter((name) => sizes.alone[name].brotli > limitAlone)
  if (large.length > 0) throw new Stop(`These names alone are larger than ${number(limitAlone)} bytes of brotli: ${large.join(', ')}.`)
  // Without a change of a size the file stays as it is, with the date and the pkg/ of that measurement.
  if (!isDeepStrictEqual(readFigures('size')?.sizes, sizes)) writeFigures('size', { ...circumstances(), official: officialVersions(), sizes })
})

// Bytes before compression: what brotli makes of a room depends on the others.
function reportRooms() {
  if (differences(modulesAsBuilt().inputs, rustInputs()).length > 0) throw new Stop('The modules in build/ are not of the present sources: run npm run build.')
  const rooms = [...bytesByRoom(readFileSync(join(root, 'build/client/named.wasm')))]
  const rows = [...rooms, ['all code', rooms.reduce((sum, [, bytes]) => sum + bytes, 0)]]
  for (const [room, bytes] of rows) console.log(`${room.padEnd(28)}${number(bytes).padStart(9)}`)
  const table = ['| room or crate | bytes |', '|---|---|', ...rows.map(([room, bytes]) => `| ${room} | ${number(bytes)} |`), ''].join('\n')
  const file = join(root, 'docs/size.md')
  // Without a change of a size the page stays as it is, with the date and the pkg/ of that measurement.
  if (existsSync(file) && readFileSync(file, 'utf8').endsWith(table)) return
  const { date, pkg } = circumstances()
  writeFileSync(file, `# The client's module by room\n\nBytes of code before compression: \`npm run size -- rooms\` of ${date}, \`pkg/\` with the digest ${pkg}. Functions that the optimiser made of several rooms count where their name is.\n\n${table}`)
}

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

function withoutPayload(text) {
  const start = text.indexOf(`"${moduleStart}`)
  return start < 0 ? text : text.slice(0, start + 1) + text.slice(text.indexOf('"', start + 1))
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
