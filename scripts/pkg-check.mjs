// npm run pkg:check   does pkg/ belong to the present sources? Compares sums, builds nothing.
// npm run pkg:verify  the same, and builds everything again to compare what comes out.
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { differences, jsInputs, outputs, readJson, rustInputs } from './digest.mjs'
import { Stop, main, root } from './run.mjs'

const pkg = join(root, 'pkg')
const digestFile = join(pkg, 'digest.json')

/** Which inputs are others than those that pkg/ was built from. */
export function staleInputs() {
  return differences(readJson(digestFile)?.inputs ?? {}, { ...rustInputs(), ...jsInputs() })
}

/** Stops, naming the files, when the sources or the built files are not those that digest.json records. */
export function checkPkg() {
  report('pkg/ was not built from the present sources', staleInputs())
  report('pkg/ is not as it was built', differences(readJson(digestFile).outputs, outputs(pkg)))
}

/** Builds into a folder of its own and stops when the result is not what is in pkg/. */
export async function verifyPkg() {
  const { build } = await import('./build.mjs')
  const rebuilt = join(root, 'build/verify')
  mkdirSync(rebuilt, { recursive: true })
  const { toolchain } = await build({ out: rebuilt })
  const recorded = readJson(digestFile).toolchain
  let files = readdirSync(rebuilt).filter((file) => file !== 'digest.json')
  if (toolchain !== recorded) {
    // Another compiler gives other machine code and other names to what JavaScript calls in it.
    console.log(`pkg/ was built with ${recorded}, this is ${toolchain}: comparing the declarations only.`)
    files = files.filter((file) => /\.d\.c?ts$/.test(file))
  }
  const different = files.filter((file) => bytes(join(rebuilt, file)) !== bytes(join(pkg, file)))
  report('building again gave something else', different.map((file) => `pkg/${file} differs from build/verify/${file}`))
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
