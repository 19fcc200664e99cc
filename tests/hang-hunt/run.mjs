// Bundles the client from its sources, and runs hunt.mjs in a separate process: `node run.mjs [COUNT] [SEED]`.
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { encodeModule } from '../../scripts/module-text.mjs'

const root = join(import.meta.dirname, '../..')

/** Makes `count` calls. Resolves with the figures. Rejects when a call hangs, or after `timeout` milliseconds. */
export async function hunt(count, seed = 1, timeout = 3_000_000) {
  const client = join(root, `build/hang-hunt/client-${process.pid}.mjs`)
  mkdirSync(join(root, 'build/hang-hunt'), { recursive: true })
  const text = {
    name: 'wasm-as-text',
    setup: ({ onLoad }) => onLoad({ filter: /\.wasm$/ }, ({ path }) => ({ contents: encodeModule(readFileSync(path)), loader: 'text' })),
  }
  await build({ entryPoints: [join(root, 'js/index.ts')], bundle: true, format: 'esm', outfile: client, plugins: [text], logLevel: 'error' })
  const script = join(import.meta.dirname, 'hunt.mjs')
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', script, pathToFileURL(client).href, count, seed].map(String), { timeout })
  return JSON.parse(stdout)
}

if (process.argv[1] === import.meta.filename) {
  const figures = await hunt(process.argv[2] ?? 1_000_000, process.argv[3] ?? 1)
  console.log(JSON.stringify(figures, null, 2))
  if (figures.grown.heap + figures.grown.wasm > 5_000_000) throw new Error('memory has grown')
}
