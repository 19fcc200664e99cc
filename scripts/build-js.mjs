// Builds the files of the package: for each entry an ES module, a CommonJS module and their declarations.
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build } from 'esbuild'
import { rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'
import { Stop, root } from './run.mjs'

/** js/<entry>.ts becomes <entry>.js, .cjs, .d.ts and .d.cts. */
const entries = ['index', 'emulator', 'msw', 'network', 'proxy']

/** Entries for Node only: js/<source>.ts becomes <name>.js, an ES module. */
const nodeEntries = { server: 'server/index', node: 'node/index', cli: 'cli/main' }

export async function buildJs(out, modules) {
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  await bundle(out, 'esm', '.js')
  await bundle(out, 'cjs', '.cjs')
  for (const entry of entries) await declarations(out, entry, entry, 'tsconfig.json')
  for (const entry of entries) copyFileSync(join(out, `${entry}.d.ts`), join(out, `${entry}.d.cts`))
  await bundleForNode(out)
  for (const entry of ['server', 'node']) await declarations(out, entry, nodeEntries[entry], 'js/server/tsconfig.json')
  for (const module of modules) {
    copyFileSync(join(root, 'build', module, 'flexip_bg.wasm'), join(out, `${module}.wasm`))
  }
  copyFileSync(join(root, 'docs/openapi.json'), join(out, 'openapi.json'))
}

// After compression, hexadecimal digits are hardly larger than the bytes themselves; base64 is a quarter larger,
// because its letters cross the borders of bytes. See docs/decisions/004-inlined-wasm.md.
// The digits are put in after bundling, on a line of their own: esbuild would part them into short lines.
const wasmAsHex = {
  name: 'wasm-as-hex',
  setup: ({ onLoad }) => onLoad({ filter: /\.wasm$/ }, ({ path }) => ({ contents: `digits of ${relative(root, path)}`, loader: 'text' })),
}

// Node shows the line of an uncaught error. A minified file without a limit is one line.
const lineLimit = 400

function insertDigits(file) {
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace(/"digits of ([^"]*)"/g, (_, path) => `\n"${readFileSync(join(root, path), 'hex')}"\n`))
}

async function bundle(out, format, extension) {
  await build({
    absWorkingDir: root,
    entryPoints: entries.map((entry) => `js/${entry}.ts`),
    outdir: out,
    outExtension: { '.js': extension },
    format,
    bundle: true,
    minify: true,
    lineLimit,
    platform: 'neutral',
    target: 'es2022',
    plugins: [wasmAsHex],
    logLevel: 'warning',
    // The output does not contain the code of this warning: see refuseAssetLookup.
    logOverride: { 'empty-import-meta': 'silent' },
  })
  for (const entry of entries) {
    const file = join(out, entry + extension)
    refuseAssetLookup(file)
    insertDigits(file)
  }
}

// wasm-bindgen's loader reads a file next to the script, which fails in CommonJS and in most bundlers.
// Its code must not be in the output, so only `initSync` may be imported from the generated code.
function refuseAssetLookup(file) {
  const found = readFileSync(file, 'utf8').match(/import\.meta|new URL\([^)]*\.wasm/)
  if (found) throw new Stop(`${file} contains ${found[0]}: import only initSync from the generated code.`)
}

// On Node the module is read from its file, so that pkg/ does not contain its digits once more.
const wasmFromFile = {
  name: 'wasm-from-file',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.wasm$/ }, () => ({
      contents: "import { readFileSync } from 'node:fs'\nexport default readFileSync(new URL('./emulator.wasm', import.meta.url), 'hex')",
      loader: 'js',
    })),
}

// The command and flexip/node use the other files of the package, so that there is one copy of each class.
const indexOfPackage = '../index.js'
const apart = (...names) => ({
  name: 'apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
      const source = relative(join(root, 'js'), join(resolveDir, path))
      const name = names.find((name) => source === `${nodeEntries[name] ?? name}.js`)
      return name === undefined ? undefined : { path: `./${name}.js`, external: true }
    }),
})

/** The comment that a bundle with a package's code begins with. */
function contains(name) {
  return `/*! Contains ${name}:\n${readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8').trim()} */`
}

async function bundleForNode(out) {
  const common = { absWorkingDir: root, format: 'esm', bundle: true, minify: true, lineLimit, platform: 'node', target: 'node20', logLevel: 'warning' }
  await build({ ...common, entryPoints: [`js/${nodeEntries.server}.ts`], outfile: join(out, 'server.js'), plugins: [wasmFromFile] })
  await build({
    ...common,
    entryPoints: [`js/${nodeEntries.node}.ts`],
    outfile: join(out, 'node.js'),
    plugins: [apart('index')],
    // The ES module of yaml, of which only the used parts are bundled. Node's condition leads to CommonJS.
    alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
    banner: { js: contains('yaml') },
  })
  await build({
    ...common,
    entryPoints: [`js/${nodeEntries.cli}.ts`],
    outfile: join(out, 'cli.js'),
    plugins: [apart('index', 'emulator', 'server', 'node')],
    // CommonJS code in the bundle requires Node's own modules.
    banner: { js: `#!/usr/bin/env node\n${contains('commander')}\nimport { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
  })
  chmodSync(join(out, 'cli.js'), 0o755)
}

async function declarations(out, entry, source, tsconfig) {
  const bundled = await rollup({
    input: join(root, `js/${source}.ts`),
    external: (id) => id.startsWith('node:') || (entry === 'node' && id === indexOfPackage),
    plugins: [dts({ tsconfig: join(root, tsconfig) })],
    onwarn: ({ message }) => {
      throw new Stop(`js/${source}.ts: ${message}`)
    },
  })
  await bundled.write({ file: join(out, `${entry}.d.ts`), format: 'es', paths: (id) => (entry === 'node' && id.endsWith('/js/index.js') ? './index.js' : id) })
  await bundled.close()
}
