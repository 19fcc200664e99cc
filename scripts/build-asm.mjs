// The modules as JavaScript, for policies that forbid WebAssembly: build/<module>-asm/. wasm2js refuses modules with
// several tables, so they are compiled without reference types.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bindgen, fitGlue, modules, patch } from './build-rust.mjs'
import { differences, readJson, rustInputs } from './digest.mjs'
import { Stop, root, run } from './run.mjs'
import { wasmToolchain } from './toolchain.mjs'

const recordFile = join(root, 'build/record-asm.json')

// What wasm2js can translate.
const features = ['--enable-mutable-globals', '--enable-bulk-memory', '--enable-sign-ext', '--enable-nontrapping-float-to-int']

/** Builds them unless build/ has them from the present sources. */
export function buildAsm() {
  const toolchain = wasmToolchain({ small: true })
  const inputs = rustInputs()
  const record = readJson(recordFile)
  if (record?.toolchain === toolchain.name && differences(record.inputs, inputs).length === 0) return
  rmSync(recordFile, { force: true })
  for (const module of modules) buildModule(module, toolchain)
  writeFileSync(recordFile, JSON.stringify({ toolchain: toolchain.name, inputs }))
}

function buildModule(module, { cargo, flags, releaseFlags, env, releaseEnv }) {
  const out = join(root, 'build', `${module}-asm`)
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  const folder = join(root, 'target/wasm-asm')
  const rustflags = [releaseEnv.CARGO_ENCODED_RUSTFLAGS, '-Ctarget-cpu=mvp', '-Ctarget-feature=+mutable-globals'].join('\x1f')
  run(cargo, ['build', '--release', '--lib', '--no-default-features', '--features', module, ...flags, ...releaseFlags], { ...env, ...releaseEnv, CARGO_ENCODED_RUSTFLAGS: rustflags, CARGO_TARGET_DIR: folder })
  bindgen(join(folder, 'wasm32-unknown-unknown/release/flexip.wasm'), out)
  fitGlue(module, out)
  fitMemory(join(out, 'flexip.js'))
  const wasm = join(out, 'flexip_bg.wasm')
  run(join(root, 'node_modules/.bin/wasm-opt'), ['-Oz', ...features, wasm, '-o', wasm])
  const asm = join(out, 'asm.js')
  run(join(root, 'node_modules/.bin/wasm2js'), ['-Oz', ...features, wasm, '-o', asm])
  makeFunction(asm)
}

// The memory that grows is another buffer, and the old one is not detached as one of WebAssembly is.
function fitMemory(glue) {
  // Only the emulator passes more than texts and numbers.
  const hasDataView = readFileSync(glue, 'utf8').includes('cachedDataViewMemory0')
  const dataView = [/cachedDataViewMemory0\.buffer\.detached === true \|\| \(cachedDataViewMemory0\.buffer\.detached === undefined && (cachedDataViewMemory0\.buffer !== wasm\.memory\.buffer)\)/, '$1']
  patch(glue, [
    [/cachedUint8ArrayMemory0\.byteLength === 0/, 'cachedUint8ArrayMemory0.buffer !== wasm.memory.buffer'],
    ...(hasDataView ? [dataView] : []),
    [/ {4}if \(.*WebAssembly\.Module.*\) \{\n.*\n {4}\}\n\n? *const instance = new WebAssembly\.Instance\(module, imports\);/, '    const instance = { exports: module(imports) };'],
  ])
}

// wasm2js makes one instance, when the file is loaded. Each call of the function makes one.
function makeFunction(asm) {
  const text = readFileSync(asm, 'utf8')
  const body = text.replace(/^import .*\n/gm, '').replace(/\nvar retasmFunc = asmFunc\([^]*$/, '\n')
  if (/^export/m.test(body) || !body.includes('function asmFunc(imports)')) throw new Stop(`${asm} is not as expected: wasm2js has changed.`)
  writeFileSync(asm, `export function instantiate(imports) {\n${body}\nreturn asmFunc(imports);\n}\n`)
}
