// The WebAssembly modules: cargo, then wasm-bindgen, then wasm-opt, into build/<module>/.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { differences, readJson, rustInputs } from './digest.mjs'
import { memoryLayout } from './sections.mjs'
import { Stop, root, run } from './run.mjs'
import { bindgenTool, wasmToolchain } from './toolchain.mjs'

/** One module for each cargo feature of the same name. */
export const modules = ['client', 'emulator']

// The client is optimised for size, because pages load it; the emulator for speed: see docs/decisions/020-emulator-built-for-speed.md.
const fast = { emulator: { CARGO_PROFILE_RELEASE_OPT_LEVEL: '3' } }

const folder = join(root, 'build')
const recordFile = join(folder, 'record.json')

// The features that the compiler emits. With `--all-features`, wasm-opt would emit code that Node 20 cannot read.
const wasmFeatures = [
  '--enable-bulk-memory',
  '--enable-multivalue',
  '--enable-mutable-globals',
  '--enable-nontrapping-float-to-int',
  '--enable-reference-types',
  '--enable-sign-ext',
]

/** Builds the modules unless build/ has them from the present sources; returns their inputs and toolchain. */
export function buildModules({ stable = false } = {}) {
  const toolchain = wasmToolchain({ small: true, stable })
  const inputs = rustInputs()
  const record = readJson(recordFile)
  if (record?.toolchain === toolchain.name && differences(record.inputs, inputs).length === 0) return record

  console.log(`building the WebAssembly modules with ${toolchain.name}`)
  rmSync(recordFile, { force: true })
  for (const module of modules) buildModule(module, toolchain)
  const built = { toolchain: toolchain.name, inputs }
  writeFileSync(recordFile, JSON.stringify(built))
  return built
}

/** The inputs and toolchain of the modules in build/, even if the sources have changed since. */
export function modulesAsBuilt() {
  const record = readJson(recordFile)
  if (!record) throw new Stop('There are no modules in build/ yet: run npm run build (without --js-only).')
  return record
}

function buildModule(module, toolchain) {
  const out = join(folder, module)
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  if (module === 'client') bindgen(compile('types', toolchain), join(out, 'types'))
  bindgen(compile(module, toolchain), out)
  const names = optimise(join(out, 'flexip_bg.wasm'), join(out, 'named.wasm'), module in fast ? quick : small)
  shortenNames(join(out, 'flexip.js'), names)
  fitGlue(module, out)
  if (module === 'client') takeTypes(out)
  refuseLocalPaths(join(out, 'flexip_bg.wasm'))
  // To esbuild the import of a .wasm is its text: say so to the type checker too.
  writeFileSync(join(out, 'flexip_bg.wasm.d.ts'), 'declare const text: string\nexport default text\n')
}

// The client's module is built without its types: `types` in Cargo.toml says why.
function takeTypes(out) {
  copyFileSync(join(out, 'types/flexip.d.ts'), join(out, 'flexip.d.ts'))
  rmSync(join(out, 'types'), { recursive: true })
}

function compile(module, { cargo, flags, releaseFlags, smallFlags, env, releaseEnv }) {
  const features = ['--no-default-features', '--features', module]
  run(cargo, ['rustc', '--release', '--lib', ...features, ...flags, ...releaseFlags, '--', ...(module in fast ? [] : smallFlags)], { ...env, ...releaseEnv, ...fast[module] })
  return join(env.CARGO_TARGET_DIR, 'wasm32-unknown-unknown/release/flexip.wasm')
}

export function bindgen(wasm, out) {
  run(bindgenTool('wasm-bindgen'), ['--target', 'web', '--out-dir', out, '--out-name', 'flexip', '--remove-producers-section', wasm])
}

// What inlining saves are repetitions that brotli finds anyway, so functions with one caller stay apart. See
// docs/decisions/035-less-inlining.md.
const forSize = ['--dealign', '--low-memory-unused', '--one-caller-inline-max-function-size=0']
const small = [...forSize, '-Oz']
const quick = ['-O3']
// The last run for size takes all expressions apart and composes the control flow anew, which has fewer forms then. See
// docs/decisions/057-streams-of-the-module.md.
const smallAnew = [...forSize, '--flatten', '--rereloop', '-Oz', '-Oz']

/**
 * Optimises in place, and keeps a copy with the names of the functions in `named`. Returns the short names that
 * wasm-opt gave to the module's imports and exports.
 */
function optimise(wasm, named, passes) {
  if (passes.includes('--low-memory-unused')) requireUnusedLowMemory(readFileSync(wasm), wasm)
  const wasmOpt = join(root, 'node_modules/.bin/wasm-opt')
  run(wasmOpt, [...passes, '--debuginfo', ...wasmFeatures, wasm, '-o', named])
  const last = [...(passes === small ? smallAnew : passes), '--strip-debug', '--minify-imports-and-exports-and-modules']
  return JSON.parse(run(wasmOpt, [...last, ...wasmFeatures, named, '-o', wasm], {}, { stdout: 'pipe' }))
}

// wasm-opt may count on it that no address below 1024 is used. The linker puts the stack first, which grows down
// from 1 MiB, and the data above it.
function requireUnusedLowMemory(bytes, file) {
  const { stack, data } = memoryLayout(bytes)
  if (stack !== 1048576 || data < stack) throw new Stop(`${file} has its stack at ${stack} and its data at ${data}: --low-memory-unused needs the stack first.`)
}

// wasm-bindgen's names are long and have hashes. In module and glue together they are 5 % of what a page loads.
function shortenNames(glue, { imports, exports }) {
  const imported = new Map(imports.map(([, name, short]) => [name, short]))
  const exported = new Map(exports)
  const text = readFileSync(glue, 'utf8')
    .replace('"./flexip_bg.js": import0', 'a: import0')
    .replace(/^( {8})(\w+)(?=: )/gm, (key, indent, name) => indent + (imported.get(name) ?? name))
    .replace(/\bwasm\.(\w+)/g, (use, name) => `wasm.${exported.get(name) ?? name}`)
  writeFileSync(glue, text)
}

// The glue of wasm-bindgen counts on globals that a host may not have, or may have replaced.
const hostPatches = [
  // Made on the first use, so that an import works before jsdom or a page has set the globals.
  [/^let cachedTextDecoder = (new TextDecoder\(.*\));\ncachedTextDecoder\.decode\(\);$/m, 'let cachedTextDecoder;'],
  ['    return cachedTextDecoder.decode(bytes);', "    return (cachedTextDecoder ??= new TextDecoder('utf-8', { ignoreBOM: true })).decode(bytes);"],
  [/^const cachedTextEncoder = new TextEncoder\(\);\n\nif \(!\('encodeInto'[^]*?^}$/m, 'let textEncoder;'],
  [/cachedTextEncoder\./g, '(textEncoder ??= new TextEncoder()).'],
  // A module of another realm is no instance of this realm's class, and may not be compiled again.
  [/if \(!\(module instanceof WebAssembly\.Module\)\)/g, "if (Object.prototype.toString.call(module) !== '[object WebAssembly.Module]')"],
]

// A fake queueMicrotask that never runs its tasks would leave every later call pending for ever. No host can
// replace `await`.
const microtaskPatches = [
  [/(?:arg0|getObject\(arg0\))\.queueMicrotask/, 'later'],
  [/(?<![_.])queueMicrotask\((arg0|getObject\(arg0\))\)/, 'later($1)'],
  ['let WASM_VECTOR_LEN = 0;', 'async function later(task) {\n    await null;\n    task();\n}\n\nlet WASM_VECTOR_LEN = 0;'],
]

/** Fits the generated glue of a module to what hosts lack, and to more than one instance. */
export function fitGlue(module, out) {
  surviveHosts(join(out, 'flexip.js'))
  if (module === 'emulator') makeInstantiable(out)
}

function surviveHosts(glue) {
  const text = readFileSync(glue, 'utf8')
  patch(glue, text.includes('queueMicrotask') ? [...hostPatches, ...microtaskPatches] : hostPatches)
}

// The glue of wasm-bindgen has one instance for ever. An instance that trapped cannot be used any more, so the glue
// becomes a function, and each call of it makes another one with another instance.
function makeInstantiable(out) {
  patch(join(out, 'flexip.js'), [
    [/^[^]*$/, (text) => `export function createGlue() {\n${text}`],
    ['export class EmulatorCore', 'class EmulatorCore'],
    // An error of a finalizer would end the process.
    [/new FinalizationRegistry\(ptr => (wasm\.\w+\(ptr, 1\))\)/, 'new FinalizationRegistry(ptr => { try { $1; } catch { /* The instance trapped. */ } })'],
    // The asynchronous load is not used.
    [/^async function __wbg_load\([^]*?^}\n/m, ''],
    [/^let __wbg_init_promise;[^]*$/m, 'return { EmulatorCore, initSync };\n}\n'],
  ])
  patch(join(out, 'flexip.d.ts'), [
    ['export class EmulatorCore', 'declare class EmulatorCore'],
    [/^export function initSync/m, 'declare function initSync'],
    [/(\/\*\*(?:(?!\*\/)[^])*\*\/\n)?^export default function __wbg_init [^]*$/m, 'export type { EmulatorCore };\nexport function createGlue(): { EmulatorCore: typeof EmulatorCore; initSync: typeof initSync };\n'],
  ])
}

/** Replaces texts of a file, each of which must be there. */
export function patch(file, patches) {
  let text = readFileSync(file, 'utf8')
  for (const [found, replacement] of patches) {
    const patched = text.replace(found, replacement)
    if (patched === text) throw new Stop(`${file} has no ${found}: wasm-bindgen's code has changed.`)
    text = patched
  }
  writeFileSync(file, text)
}

function refuseLocalPaths(wasm) {
  const bytes = readFileSync(wasm)
  const found = [root, homedir()].find((path) => path.length > 1 && bytes.includes(path))
  if (found) throw new Stop(`${wasm} contains the local path ${found}: see releaseEnv in scripts/toolchain.mjs.`)
}
