// npm run size: what a page loads, and whether the client keeps to its aim.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { Stop, main, root } from './run.mjs'

/** WASM and glue of the client, in bytes of brotli. */
const aim = 45_000

await main(() => {
  const client = measure('index', 'client')
  measure('emulator', 'emulator')
  console.log(`\nclient, WASM and glue: ${number(client)} bytes of brotli; the aim is at most ${number(aim)}`)
  if (client > aim) throw new Stop('The client is over its aim.')
})

function measure(entry, module) {
  const bundle = read(`${entry}.js`)
  print(`${entry}.js, WASM inlined`, bundle)
  const wasm = print(`${module}.wasm alone`, read(`${module}.wasm`))
  const glue = print(`${entry}.js without WASM`, Buffer.from(withoutPayload(bundle.toString())))
  return wasm + glue
}

// The WASM is one string of base64, which begins with WebAssembly's magic number.
function withoutPayload(text) {
  return text.replace(/"AGFzbQEAAA[A-Za-z0-9+/=]*"/, '""')
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
