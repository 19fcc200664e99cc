// The files of the tarball, one by one, so that nothing is packed by accident.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { root } from './run.mjs'

const entries = ['index', 'emulator', 'msw', 'network', 'proxy', 'server', 'node', 'schema', 'query', 'slim', 'emulator-slim']
const workers = ['index-workerd', 'index-edge', 'emulator-workerd', 'emulator-edge']
const shared = ['client', 'client-slot', 'emulator', 'emulator-slot', 'emulator-parts', 'errors', 'load', 'parts'].map((name) => `shared/${name}`)
const folders = ['slim', 'emulator', 'emulator/slim', 'msw', 'network', 'proxy', 'server', 'node', 'schema', 'query']

// The files of the console have the sum of their contents in their names.
const hashed = /^pkg\/console\/assets\/[A-Za-z][\w-]*-[\w-]{8}\.(js|css|wasm|woff2|svg)$/

/** A sentence for each file that is missing or too many. */
export function wrongFiles(files, { asm = false } = {}) {
  const expected = new Set(packedFiles(asm))
  const found = new Set(files)
  const missing = [...expected].filter((file) => !found.has(file)).map((file) => `missing: ${file}`)
  return [...missing, ...files.filter((file) => !expected.has(file) && !hashed.test(file)).map((file) => `not expected: ${file}`)]
}

function packedFiles(asm) {
  const typed = [...entries, ...(asm ? ['asm', 'emulator-asm'] : [])]
  const scripts = [...typed, ...workers, ...shared, ...(asm ? ['shared/client-asm', 'shared/emulator-asm'] : [])]
  const texts = ['client', 'emulator'].flatMap((name) => [`shared/${name}-text`, ...(asm ? [`shared/${name}-asm-code`] : [])])
  const ofPkg = [
    ...scripts.flatMap((name) => [`${name}.js`, `${name}.cjs`, `${name}.js.map`, `${name}.cjs.map`]),
    ...texts.flatMap((name) => [`${name}.js`, `${name}.cjs`]),
    ...typed.flatMap((name) => [`${name}.d.ts`, `${name}.d.cts`]),
    ...['client.wasm', 'emulator.wasm', 'cli.js', 'cli.js.map', 'openapi.json', 'console/index.html'],
  ].map((name) => `pkg/${name}`)
  const forOldResolvers = [...folders, ...(asm ? ['asm', 'emulator/asm'] : [])].map((name) => `${name}/package.json`)
  return [...ofPkg, ...forOldResolvers, ...documents('README.md'), 'LICENSE', 'llms.txt', 'THIRD-PARTY-LICENCES.txt', 'sbom.cdx.json', 'package.json'].flatMap(filesOf)
}

/** A file, or the files of a folder of the repository. */
function filesOf(path) {
  const isFolder = statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() ?? false
  return isFolder ? readdirSync(join(root, path)).map((file) => `${path}/${file}`) : [path]
}

/** The documents of this repository that README.md leads to. */
function documents(first, found = new Set()) {
  if (found.has(first)) return found
  found.add(first)
  if (!first.endsWith('.md')) return found
  for (const [, link = ''] of readFileSync(join(root, first), 'utf8').matchAll(/\]\(([^)\s:]+)\)/g)) {
    if (!link.startsWith('#')) documents(join(dirname(first), link.replace(/#.*/, '')), found)
  }
  return found
}
