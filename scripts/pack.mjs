// npm run pack [-- FOLDER --asm]: the tarball of the package. Writes it into the folder, else into this one.
// What is packed is staged in a new folder: without the fields of package.json that only this repository uses, with
// the documents that README.md links to, the static files of the console, and folders for resolvers that do not know `exports`.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, posix, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { buildConsole } from './console.mjs'
import { notice } from './licences.mjs'
import { sbom } from './sbom.mjs'
import { Stop, main, root, run } from './run.mjs'

/**
 * Packs into a folder, and returns the path of the tarball. With `asm` it has the entries flexip/asm and
 * flexip/emulator/asm too, which are not in pkg/: Rust is compiled for them.
 */
export async function pack(folder, { asm = false } = {}) {
  mkdirSync(join(root, 'build'), { recursive: true })
  const staged = mkdtempSync(join(root, 'build/package-'))
  try {
    await stage(staged, asm)
    const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', resolve(folder), staged], {}, { stdout: 'pipe' }))
    return join(resolve(folder), filename)
  } finally {
    rmSync(staged, { recursive: true, force: true })
  }
}

async function stage(staged, asm) {
  if (asm) await buildWithAsm(staged)
  else cpSync(join(root, 'pkg'), join(staged, 'pkg'), { recursive: true })
  cpSync(buildConsole(), join(staged, 'pkg/console'), { recursive: true })
  rmSync(join(staged, 'pkg/digest.json'), { force: true })
  for (const file of filesOutsidePkg()) copy(staged, file)
  writeFileSync(join(staged, 'THIRD-PARTY-LICENCES.txt'), notice())
  writeFileSync(join(staged, 'sbom.cdx.json'), `${JSON.stringify(sbom(), null, 2)}\n`)
  const { devDependencies: _, scripts: _scripts, files: _files, workspaces: _workspaces, ...manifest } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  if (whyNotPublished(manifest)) manifest.private = true
  if (asm) Object.assign(manifest.exports, { './asm': entry('asm'), './emulator/asm': entry('emulator-asm') })
  writeFileSync(join(staged, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  for (const [path, { import: esm, require: cjs }] of Object.entries(manifest.exports)) if (path !== '.' && cjs) writeStub(staged, path, esm, cjs)
}

async function buildWithAsm(staged) {
  const [{ buildAsm }, { buildJs }, { buildModules, modules }] = await Promise.all([import('./build-asm.mjs'), import('./build-js.mjs'), import('./build-rust.mjs')])
  // A fresh clone has pkg/, but not what it is bundled from.
  buildModules()
  buildAsm()
  await buildJs(join(staged, 'pkg'), modules, { asm: true })
}

/** Why a package with this package.json is not to be published; undefined if it may be. npm refuses a private one. */
export function whyNotPublished({ repository }) {
  const hosted = /^(git\+)?https:\/\/\S+$/.test(repository?.url ?? '')
  if (!hosted) return 'package.json has no `repository` with the https:// address where the sources are public (docs/decisions/052-no-repository-yet.md).'
}

function entry(name) {
  const files = (types, script) => ({ types: `./pkg/${name}${types}`, default: `./pkg/${name}${script}` })
  return { import: files('.d.ts', '.js'), require: files('.d.cts', '.cjs') }
}

/** The files of this repository that are packed as they are, besides pkg/. */
export function filesOutsidePkg() {
  return ['LICENSE', 'llms.txt', ...documents('README.md')]
}

/** A document and those of this repository that it links to, directly or through others. */
export function documents(first, found = new Set()) {
  if (found.has(first)) return found
  found.add(first)
  if (!first.endsWith('.md')) return found
  for (const [, link = ''] of readFileSync(join(root, first), 'utf8').matchAll(/\]\(([^)\s]+)\)/g)) {
    const target = posix.normalize(posix.join(posix.dirname(first), link.replace(/#.*/, '')))
    if (/^[a-z]+:/.test(link) || link.startsWith('#') || target.startsWith('..')) continue
    if (!existsSync(join(root, target))) throw new Stop(`${first} links to ${link}, which there is not.`)
    documents(target, found)
  }
  return found
}

function copy(staged, file) {
  mkdirSync(dirname(join(staged, file)), { recursive: true })
  cpSync(join(root, file), join(staged, file), { recursive: true })
}

/** `flexip/emulator` for resolvers that look for the folder emulator/. */
function writeStub(staged, path, esm, cjs) {
  const folder = join(staged, path)
  const up = '../'.repeat(path.split('/').length - 1)
  const to = (target) => up + target.replace('./', '')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ main: to(cjs.default), module: to(esm.default), types: to(cjs.types), sideEffects: false }, null, 2)}\n`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values, positionals } = parseArgs({ options: { asm: { type: 'boolean' } }, allowPositionals: true })
  await main(async () => console.log(await pack(positionals[0] ?? root, values)))
}
