// npm run size: what a page loads, and whether the client keeps to its aim.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { Stop, main, root } from './run.mjs'

/** What a page may load of the client, in bytes of brotli: module, glue and facade. */
const aim = 81_000

await main(() => {
  const client = measure('index', 'client')
  measure('emulator', 'emulator')
  console.log(`\nclient, as a page loads it: ${number(client)} bytes of brotli; the aim is at most ${number(aim)}`)
  if (client > aim) throw new Stop('The client is over its aim.')
})

/** Prints the sizes of an entry and gives what a page loads of it: the bytes of brotli. */
function measure(entry, module) {
  const bundle = read(`${entry}.js`)
  const loaded = print(`${entry}.js, WASM inlined`, bundle)
  print(`${module}.wasm alone`, read(`${module}.wasm`))
  print(`${entry}.js without WASM`, Buffer.from(withoutPayload(bundle.toString())))
  return loaded
}

// The WASM is one string of hexadecimal digits, which begins with WebAssembly's magic number.
function withoutPayload(text) {
  return text.replace(/"0061736d01000000[0-9a-f]*"/, '""')
}

function read(file) {
  const path = join(root, 'pkg', file)
  if (!existsSync(path)) throw new Stop(`There is no pkg/${file}: run npm run build.`)
  return readFileSync(path)
}

function print(name, bytes) {
  const sizes = [bytes, gzipSync(bytes, { level: 9 }), brotliCompressSync(bytes)].map(({ length }) => length)
  const columns = ['raw', 'gzip', 'brotli'].map((form, i) => `${number(sizes[i]).padStart(9)} ${form}`)
  console.log(`${name.padEnd(28)}${columns.join('')}`)
  return sizes[2]
}

function number(bytes) {
  return bytes.toLocaleString('en')
}
