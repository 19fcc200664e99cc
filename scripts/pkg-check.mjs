// npm run pkg:check   compares the sums in pkg/digest.json with the sources and with pkg/; builds nothing
// npm run pkg:verify  the same, then builds everything again and compares the result with pkg/
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { differences, jsInputs, outputs, readJson, rustInputs } from './digest.mjs'
import { Stop, main, root } from './run.mjs'

const pkg = join(root, 'pkg')
const digestFile = join(pkg, 'digest.json')

/** The inputs that differ from those that pkg/ was built from. */
export function staleInputs() {
  return differences(readJson(digestFile)?.inputs ?? {}, { ...rustInputs(), ...jsInputs() })
}

/** Throws a `Stop` with the names of the sources and built files that differ from digest.json. */
export function checkPkg() {
  report('pkg/ was not built from the present sources', staleInputs())
  report('pkg/ has changed since it was built', differences(readJson(digestFile).outputs, outputs(pkg)))
}

/** Builds into build/verify/ and throws a `Stop` when the result differs from pkg/. */
export async function verifyPkg() {
  const { build } = await import('./build.mjs')
  const rebuilt = join(root, 'build/verify')
  mkdirSync(rebuilt, { recursive: true })
  const { toolchain } = await build({ out: rebuilt })
  const recorded = readJson(digestFile).toolchain
  let files = readdirSync(rebuilt, { recursive: true }).filter((file) => file !== 'digest.json' && file.includes('.'))
  if (toolchain !== recorded) {
    // Another compiler emits different code, and different names for the exports of the modules.
    console.log(`pkg/ was built with ${recorded}, this is ${toolchain}: comparing the declarations only.`)
    files = files.filter((file) => /\.d\.c?ts$/.test(file))
  }
  const different = files.filter((file) => bytes(join(rebuilt, file)) !== bytes(join(pkg, file)))
  report('building again gave different files', different.map((file) => `pkg/${file} differs from build/verify/${file}`))
}

function bytes(file) {
  return existsSync(file) ? readFileSync(file, 'latin1') : undefined
}

function report(problem, lines) {
  if (lines.length > 0) throw new Stop([`${problem}:`, ...lines.map((line) => `  ${line}`), 'Run npm run build.'].join('\n'))
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    checkPkg()
    if (process.argv.includes('--rebuilt')) await verifyPkg()
    console.log('pkg/ belongs to the present sources.')
  })
}
