// SHA-256 sums of the files in pkg/ and of the files that it is built from. `pkg/digest.json` records both.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './run.mjs'

/** The inputs of the WebAssembly modules. */
export function rustInputs() {
  return {
    ...sums('Cargo.toml', 'Cargo.lock', '.cargo/config.toml', 'src', 'crates', 'tools/wasm-bindgen'),
    ...sums('scripts/build-rust.mjs', 'scripts/toolchain.mjs'),
    ...toolVersions('binaryen'),
  }
}

/** The inputs of the bundles and declarations, without those of the modules. */
export function jsInputs() {
  return {
    ...sums('js', 'docs/openapi.json', 'tsconfig.json', 'scripts/build-js.mjs', 'scripts/module-text.mjs', 'scripts/declarations.mjs'),
    ...toolVersions('commander', 'esbuild', 'rollup', 'rollup-plugin-dts', 'typescript', 'yaml'),
    'the version in package.json': readJson(join(root, 'package.json')).version,
  }
}

/** The sum of each file below a folder of built files, by its path in that folder. */
export function outputs(folder) {
  const files = filesUnder(folder).filter((file) => file !== join(folder, 'digest.json'))
  return Object.fromEntries(files.map((file) => [relative(folder, file), sha256(readFileSync(file))]))
}

/** One sum over all files of pkg/ that digest.json records: it identifies what was tested or measured. */
export function pkgDigest() {
  return sha256(JSON.stringify(readJson(join(root, 'pkg/digest.json'))?.outputs ?? {}))
}

/** Prints the digest of pkg/, so that a log of test results names what was tested. */
export function printPkgDigest() {
  console.log(`pkg/ ${pkgDigest()}`)
}

/** The differences between two lists of sums, a sentence for each file. */
export function differences(recorded, present) {
  const paths = [...new Set([...Object.keys(recorded), ...Object.keys(present)])].sort()
  return paths.flatMap((path) => {
    if (recorded[path] === present[path]) return []
    if (!(path in recorded)) return [`${path} is new`]
    if (!(path in present)) return [`${path} is gone`]
    return [`${path} has changed`]
  })
}

export function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}

function sums(...paths) {
  const files = paths.flatMap((path) => filesUnder(join(root, path)))
  return Object.fromEntries(files.map((file) => [relative(root, file), sha256(readFileSync(file))]))
}

// Nothing else in package.json or its lock affects the built files.
function toolVersions(...names) {
  const { packages } = readJson(join(root, 'package-lock.json'))
  return Object.fromEntries(names.map((name) => [`the npm package ${name}`, packages[`node_modules/${name}`].version]))
}

function filesUnder(path) {
  const inside = readdirOrFile(path)
  return inside.filter((file) => !file.includes('/js/console/')).sort()
}

function readdirOrFile(path) {
  if (!existsSync(path)) return []
  try {
    const found = readdirSync(path, { recursive: true, withFileTypes: true })
    return found.filter((item) => item.isFile()).map((item) => join(item.parentPath ?? item.path, item.name))
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path]
    throw error
  }
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex')
}
