// npm run test:full -- howto: the worked examples of docs/adding-*.md still fit the sources. The ```diff blocks of a
// page are applied, in their order, to a copy of the tree, which then has to compile.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { modulesAsBuilt } from './build-rust.mjs'
import { Stop, main, output, root, run } from './run.mjs'
import { npmPackages } from './setup.mjs'
import { hostToolchain } from './toolchain.mjs'

/** Checks every page, or the pages with these names. */
export function howto(names = readdirSync(join(root, 'docs')).filter((name) => /^adding-.*\.md$/.test(name))) {
  npmPackages()
  modulesAsBuilt()
  for (const name of names) checkPage(name)
}

function checkPage(name) {
  const patches = patchesOf(readFileSync(join(root, 'docs', name), 'utf8'))
  if (patches.length === 0) throw new Stop(`docs/${name} has no diff block.`)
  // Outside the repository, because git applies patches to the repository that it is in.
  const copy = mkdtempSync(join(tmpdir(), 'flexip-howto-'))
  try {
    copyTree(copy)
    for (const { line, text } of patches) apply(copy, text, `docs/${name}:${line}`)
    compile(copy)
    console.log(`docs/${name}: ${patches.length} patches apply, and the result compiles`)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

/** The ```diff blocks of a page, each with the line on which it begins. */
export function patchesOf(page) {
  return [...page.matchAll(/^```diff\n([^]*?)^```$/gm)].map(({ 1: text, index }) => ({ text, line: page.slice(0, index).split('\n').length }))
}

/** Copies the files that are in git, or would be, as they are now; what is installed and built is linked. */
function copyTree(copy) {
  const files = output('git', ['ls-files', '--cached', '--others', '--exclude-standard'])?.split('\n') ?? []
  for (const file of files.filter((file) => /^(src|crates|js|tests|tools|docs|bench|\.cargo)\/|^[^/]*\.(toml|lock|json|ts)$/.test(file))) {
    // A file may be in git and deleted here.
    if (!existsSync(join(root, file))) continue
    mkdirSync(dirname(join(copy, file)), { recursive: true })
    cpSync(join(root, file), join(copy, file))
  }
  for (const folder of ['node_modules', 'build', 'pkg']) symlinkSync(join(root, folder), join(copy, folder))
}

function apply(copy, patch, place) {
  const file = join(copy, 'howto.patch')
  writeFileSync(file, patch)
  try {
    run('git', ['apply', '--recount', '--whitespace=nowarn', file], {}, { cwd: copy })
  } catch (error) {
    throw error instanceof Stop ? new Stop(`${place}: this patch does not fit the sources any more.`) : error
  }
}

function compile(copy) {
  const { cargo, env } = hostToolchain()
  const target = { CARGO_TARGET_DIR: process.env.CARGO_TARGET_DIR ?? join(root, 'target') }
  run(cargo, ['check', '--tests', '--quiet'], { ...env, ...target }, { cwd: copy })
  run(join(root, 'node_modules/.bin/tsc'), ['--project', '.'], {}, { cwd: copy })
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(() => howto(process.argv.length > 2 ? process.argv.slice(2) : undefined))
}
