// The cold start: from before the import to the first decoded list, each in a new process, beside the official SDK's,
// from node_modules and as one file that esbuild made. The `fetch` is a stub; what it needs is loaded before.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'
import { root } from '../scripts/run.mjs'
import { paired } from './figure.mjs'

// A list that was not decoded would be a fast one.
const measure = `import { account, record, responding } from ${JSON.stringify(join(root, 'bench/stub.mjs'))}
const fetch = responding({ total_count: 20, flexible_ips: Array.from({ length: 20 }, (_, number) => record(number)) })
await (await fetch()).json()
const start = performance.now()
const { first } = await import(process.argv[2])
const ips = await first(fetch, account)
const ms = performance.now() - start
if (ips.length !== 20 || !(ips[0].createdAt instanceof Date)) throw new Error('the list was not decoded')
console.log(ms)`

/** Returns a figure for each way to load the programs: milliseconds, the ratio the median of the rounds. */
export async function cold({ rounds = 31 } = {}) {
  mkdirSync(join(root, 'build'), { recursive: true })
  const folder = mkdtempSync(join(root, 'build/cold-'))
  try {
    writeFileSync(join(folder, 'measure.mjs'), measure)
    const installed = ['ours', 'official'].map((name) => join(root, `bench/cold/${name}.mjs`))
    const bundled = await Promise.all(installed.map((file) => bundle(file, folder)))
    return [
      paired({ name: 'from node_modules, beside the official SDK', rounds: measured(folder, installed, rounds), unit: 'ms', atMost: 0.6 }),
      paired({ name: 'bundled, beside the official SDK', rounds: measured(folder, bundled, rounds), unit: 'ms', atMost: 1 }),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// The contender that begins changes with each pair. The first pair fills the caches of the file system.
function measured(folder, [ours, official], rounds) {
  const time = (file) => Number(execFileSync(process.execPath, [join(folder, 'measure.mjs'), file], { encoding: 'utf8' }))
  const results = Array.from({ length: rounds + 1 }, (_, pair) => {
    if (pair % 2 === 0) return [time(ours), time(official)]
    const other = time(official)
    return [time(ours), other]
  })
  return results.slice(1)
}

/** Bundles a program; returns the file. */
async function bundle(file, folder) {
  const outfile = join(folder, basename(file))
  await build({ entryPoints: [file], outfile, bundle: true, minify: true, format: 'esm', platform: 'node', target: 'es2022', logLevel: 'warning' })
  return outfile
}
