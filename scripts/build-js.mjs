// The files that users load: for each entry an ES module, a CommonJS module and their declarations.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { build } from 'esbuild'
import { rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'
import { Stop, root } from './run.mjs'

/** js/<entry>.ts becomes <entry>.js, .cjs, .d.ts and .d.cts. */
const entries = ['index', 'emulator']

export async function buildJs(out, modules) {
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  await bundle(out, modules, 'esm', '.js')
  await bundle(out, modules, 'cjs', '.cjs')
  for (const entry of entries) await declarations(out, entry)
  for (const module of modules) copyFileSync(wasmFile(module), join(out, `${module}.wasm`))
}

const wasmFile = (module) => join(root, 'build', module, 'flexip_bg.wasm')

async function bundle(out, modules, format, extension) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: entries.map((entry) => `js/${entry}.ts`),
    outdir: out,
    outExtension: { '.js': extension },
    write: false,
    format,
    bundle: true,
    minify: true,
    platform: 'neutral',
    target: 'es2022',
    plugins: [wasmByName],
    logLevel: 'warning',
    // The place it warns of is left out of the output: see refuseAssetLookup.
    logOverride: { 'empty-import-meta': 'silent' },
  })
  for (const { path, text } of outputFiles) {
    refuseAssetLookup(path, text)
    writeFileSync(path, modules.reduce(insertWasm, text))
  }
}

// The import of a .wasm is its base64 text. It is put in after minifying: esbuild chooses short names by the letters
// it sees, and so the code would be another one whenever a compiler gives other bytes.
const wasmByName = {
  name: 'wasm-by-name',
  setup({ onLoad }) {
    onLoad({ filter: /\.wasm$/ }, ({ path }) => ({ contents: `export default "base64 of ${basename(dirname(path))}"` }))
  },
}

function insertWasm(text, module) {
  return text.replace(`"base64 of ${module}"`, `"${readFileSync(wasmFile(module), 'base64')}"`)
}

// wasm-bindgen's own loader looks for a file beside the script. That fails in CommonJS and in most bundlers,
// so it must have been left out: only `initSync` may be imported from the generated code.
function refuseAssetLookup(file, text) {
  const found = text.match(/import\.meta|new URL\([^)]*\.wasm/)
  if (found) throw new Stop(`${file} contains ${found[0]}: import only initSync from the generated code.`)
}

async function declarations(out, entry) {
  const bundled = await rollup({
    input: join(root, `js/${entry}.ts`),
    plugins: [dts({ tsconfig: join(root, 'tsconfig.json') })],
    onwarn: ({ message }) => {
      throw new Stop(`js/${entry}.ts: ${message}`)
    },
  })
  await bundled.write({ file: join(out, `${entry}.d.ts`), format: 'es' })
  await bundled.close()
  copyFileSync(join(out, `${entry}.d.ts`), join(out, `${entry}.d.cts`))
}
