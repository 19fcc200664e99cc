// Builds the files of the package: for each entry an ES module, a CommonJS module and their declarations. What
// several entries use is in shared/, once, so that there is one copy of each class.
import { chmodSync, copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { build, transform } from 'esbuild'
import { rollup } from 'rollup'
import { dts } from 'rollup-plugin-dts'
import { publicTypes } from './declarations.mjs'
import { encodeModule } from './module-text.mjs'
import { Stop, root } from './run.mjs'

/** The entries for every platform: <name>.js of the package is made of js/<source>.ts. */
const everywhere = { index: 'index', emulator: 'emulator', msw: 'msw', network: 'network', proxy: 'proxy', schema: 'schema', query: 'query' }

/** The entries for Node only. */
const forNode = { server: 'server/index', node: 'node/index' }

/**
 * The entries without WebAssembly within: their sources are read with the suffix `?slot`, and get the module from
 * js/slim/. A worker of Cloudflare's or Vercel's must import the file, because it may not compile.
 */
const slots = { slim: 'slim/client?slot', 'emulator-slim': 'slim/emulator?slot' }
const workers = { 'index-workerd': 'client', 'index-edge': 'client', 'emulator-workerd': 'emulator', 'emulator-edge': 'emulator' }

/** The entries without any WebAssembly. They are large, so they are not in git: scripts/pack.mjs has them built. */
const withoutWasm = { asm: 'index?asm', 'emulator-asm': 'emulator?asm' }

/** The source of each entry that has types, as js/<source>.ts. */
export const typedEntries = { ...everywhere, ...forNode, ...slots }

const target = 'es2022'

// Node shows the line of an uncaught error. A minified file without a limit is one line.
const lineLimit = 400

export async function buildJs(out, modules, { asm = false } = {}) {
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  const exported = await bundle(out, modules, asm ? withoutWasm : {})
  const typed = { ...typedEntries, ...(asm && withoutWasm) }
  for (const [entry, source] of Object.entries(typed)) await declarations(out, entry, source.replace(/\?.*/, ''), exported.get(entry))
  await bundleCommand(out)
  nameSourcesAsInPkg(out)
  for (const module of modules) {
    copyFileSync(join(root, 'build', module, 'flexip_bg.wasm'), join(out, `${module}.wasm`))
  }
  copyFileSync(join(root, 'docs/openapi.json'), join(out, 'openapi.json'))
}

/** Writes the modules. Returns the names that each entry exports. */
async function bundle(out, modules, more) {
  const exported = new Map()
  const wasmUsers = new Set((await Promise.all(modules.map(usersOfModule))).flat())
  const sources = { ...typedEntries, ...more }
  const input = Object.fromEntries(Object.entries(sources).map(([entry, source]) => [entry, `js/${source}`]))
  const graph = await rollup({
    input: { ...input, ...Object.fromEntries(Object.keys(workers).map((entry) => [entry, `worker:${entry}`])) },
    external: (id) => id.startsWith('node:'),
    plugins: [readSources(wasmUsers)],
    treeshake: { moduleSideEffects: (id) => id.startsWith('\0worker:') },
    onwarn: ({ message }) => {
      throw new Stop(message)
    },
  })
  for (const [format, extension] of [['es', '.js'], ['cjs', '.cjs']]) {
    const { output } = await graph.write({
      dir: out,
      format,
      entryFileNames: `[name]${extension}`,
      chunkFileNames: `shared/[name]${extension}`,
      manualChunks: (id) => chunkOf(id, wasmUsers),
      // Every file imports what it uses itself, so that a bundler can leave the others out.
      hoistTransitiveImports: false,
      exports: 'named',
      sourcemap: true,
      plugins: [minify(out)],
    })
    for (const chunk of output) if (chunk.isEntry) exported.set(chunk.name, chunk.exports)
  }
  await graph.close()
  return exported
}

/** The sources that use a WebAssembly module, directly or through others: the entries with a slot have their own copies of them. */
async function usersOfModule(module) {
  const entry = module === 'client' ? 'js/index.ts' : 'js/emulator.ts'
  const { metafile } = await build({ absWorkingDir: root, entryPoints: [entry], bundle: true, write: false, metafile: true, outdir: 'unused', platform: 'neutral', loader: { '.wasm': 'empty' }, logLevel: 'silent' })
  const users = new Set([`build/${module}/flexip.js`, `build/${module}/flexip_bg.wasm`])
  for (let size = 0; size !== users.size; ) {
    size = users.size
    for (const [file, { imports }] of Object.entries(metafile.inputs)) if (imports.some(({ path }) => users.has(path))) users.add(file)
  }
  return [...users]
}

function fileOf(id) {
  return relative(root, id.replace(/\?.*/, ''))
}

/** The suffix of an id: `?slot` or `?asm` of the copies without WebAssembly within. */
function formOf(id) {
  return /\?\w+$/.exec(id)?.[0] ?? ''
}

/** The file in shared/ that a source is in; none for the sources of one entry alone. */
function chunkOf(id, wasmUsers) {
  const file = fileOf(id)
  if (formOf(id) === '?exports') return `${file.split('/')[1]}-slot`
  const form = formOf(id).replace('?', '-')
  if (file.endsWith('/asm.js')) return `${file.split('/')[1]}-code`
  if (/^js\/(index|emulator|msw|network|proxy|schema|query)\.ts$|^js\/slim\/(client|emulator)\.ts$|^js\/(server|node|network(?!\/addresses)|proxy|schema|query)\/|^node_modules/.test(file)) return undefined
  if (file.endsWith('.wasm') && !form) return `${file.split('/')[1]}-text`
  if (/^js\/errors\/(?!report)|\/(shorten|or-undefined|addresses)\.ts$/.test(file)) return 'errors'
  // Apart from what entries without WebAssembly use, which hosts that compile none would refuse.
  if (/^js\/transport\/(load|module-text)\.ts$/.test(file)) return 'load'
  const half = /^(js|build)\/emulator\//.test(file) ? 'emulator' : 'client'
  if (wasmUsers.has(file)) return half + form
  if (file.startsWith('js/slim/')) return `${file.includes('emulator') ? 'emulator' : 'client'}-slot`
  return file.startsWith('js/') ? (half === 'emulator' ? 'emulator-parts' : 'parts') : undefined
}

// Reads TypeScript, the version and the modules. The text of a module is put in at the end: esbuild would part it
// into short lines.
function readSources(wasmUsers) {
  return {
    name: 'read-sources',
    resolveId(source, importer) {
      if (source.startsWith('worker:')) return `\0${source}`
      if (importer?.startsWith('\0worker:')) return source.startsWith('js/') ? join(root, source.replace(/(\?\w+)?$/, '.ts$1')) : { id: source, external: true }
      // The ES module of yaml, of which only the used parts are bundled. Node's condition leads to CommonJS.
      if (source === 'yaml') return join(root, 'node_modules/yaml/browser/index.js')
      if (importer === undefined) return join(root, source.replace(/(\?\w+)?$/, '.ts$1'))
      if (!source.startsWith('.')) return null
      const path = join(dirname(importer.replace(/\?.*/, '')), source)
      const id = /\/js\//.test(path) && !path.includes('node_modules') ? path.replace(/\.js$/, '.ts') : path
      const file = fileOf(id)
      return wasmUsers.has(file) ? id + formOf(importer) : id
    },
    async load(id) {
      if (id.startsWith('\0worker:')) return worker(id.slice('\0worker:'.length))
      const file = fileOf(id)
      if (file.endsWith('.wasm')) {
        const module = file.split('/')[1]
        if (formOf(id) === '?exports') return `export default ${JSON.stringify(exportsOf(id))}`
        if (formOf(id) === '?slot') return `export { source as default } from ${JSON.stringify(join(root, `js/slim/${module}-source.ts`))}`
        if (formOf(id) === '?asm') return `import { instantiate } from ${JSON.stringify(join(root, `build/${module}-asm/asm.js`))}\nexport default () => instantiate`
        return `export default "text of ${file}"`
      }
      const text = readFileSync(join(root, formOf(id) === '?asm' ? file.replace(/^(build\/\w+)\//, '$1-asm/') : file), 'utf8')
      if (file === 'package.json') return `export const version = ${JSON.stringify(JSON.parse(text).version)}`
      if (!file.endsWith('.ts')) return text
      const { code, map } = await transform(text, { loader: 'ts', target, sourcemap: true, sourcefile: basename(file) })
      return { code, map: JSON.parse(map) }
    },
  }
}

/** The names that the module with this id exports. */
function exportsOf(id) {
  return WebAssembly.Module.exports(new WebAssembly.Module(readFileSync(id.replace(/\?.*/, '')))).map(({ name }) => name).join()
}

/** The source of an entry for workers: what flexip/slim has, with the imported module set. */
function worker(entry) {
  const module = workers[entry]
  const file = `./${module}.wasm${entry.endsWith('-edge') ? '?module' : ''}`
  return `import module from '${file}'\nimport { setSource } from 'js/slim/${module}-source'\nexport * from 'js/${module === 'client' ? 'index' : 'emulator'}?slot'\nsetSource(module)\n`
}

// After rollup: esbuild minifies, and the text of a module gets a separate line.
function minify(out) {
  return {
    name: 'minify',
    async renderChunk(code) {
      const result = await transform(code, { loader: 'js', target, minify: true, lineLimit, sourcemap: true, sourcefile: 'chunk', legalComments: 'none' })
      return { code: result.code, map: JSON.parse(result.map) }
    },
    writeBundle(_, files) {
      for (const [name, { type, code }] of Object.entries(files)) {
        if (type !== 'chunk') continue
        refuseAssetLookup(name, code)
        if (/"text of /.test(code)) insertText(join(out, name))
        else if (name.includes('-asm-code')) removeMap(join(out, name))
        else if (/^(node)\./.test(name)) prepend(join(out, name), contains('yaml'))
      }
    },
  }
}

function insertText(file) {
  removeMap(file)
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"text of ([^"]*)"/g, (_, path) => `\n"${encodeModule(readFileSync(join(root, path)))}"\n`))
}

// There is nothing to map in a file without sources.
function removeMap(file) {
  rmSync(`${file}.map`)
  writeFileSync(file, readFileSync(file, 'utf8').replace(/\n?\/\/# sourceMappingURL=.*\n?/, '\n'))
}

// Behind the code, so that its lines stay those of the source map.
function prepend(file, comment) {
  writeFileSync(file, readFileSync(file, 'utf8').replace(/(?=\/\/# sourceMappingURL)/, `${comment}\n`))
}

// wasm-bindgen's loader reads a file next to the script, which fails in CommonJS and in most bundlers.
// Its code must not be in the output, so only `initSync` may be imported from the generated code.
function refuseAssetLookup(file, code) {
  const found = code.match(/import\.meta|new URL\([^)]*\.wasm/)
  if (found) throw new Stop(`${file} contains ${found[0]}: import only initSync from the generated code.`)
}

// The command uses the other files of the package, so that there is one copy of each class.
const apart = (...names) => ({
  name: 'apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
      const source = relative(join(root, 'js'), join(resolveDir, path))
      const name = names.find((name) => source === `${forNode[name] ?? name}.js`)
      return name === undefined ? undefined : { path: `./${name}.js`, external: true }
    }),
})

// The paths of sources lead from pkg/, so that a build in another folder gives the same files.
function nameSourcesAsInPkg(out) {
  for (const file of readdirSync(out, { recursive: true })) {
    if (!file.endsWith('.map')) continue
    const map = JSON.parse(readFileSync(join(out, file), 'utf8'))
    const from = dirname(join(root, 'pkg', file))
    const sources = map.sources.map((source) => relative(from, resolve(out, dirname(file), source)))
    writeFileSync(join(out, file), JSON.stringify({ ...map, sources }))
  }
}

/** The comment that a bundle with a package's code has. */
function contains(name) {
  return `/*! Contains ${name}:\n${readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8').trim()} */`
}

async function bundleCommand(out) {
  await build({
    absWorkingDir: root,
    format: 'esm',
    bundle: true,
    minify: true,
    lineLimit,
    sourcemap: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    entryPoints: ['js/cli/main.ts'],
    // An optional peer, which only flexip mcp loads.
    external: ['@modelcontextprotocol/sdk'],
    outfile: join(out, 'cli.js'),
    plugins: [apart('index', 'emulator', 'proxy', 'server', 'node')],
    // The ES module of yaml, of which only the used parts are bundled. Node's condition leads to CommonJS.
    alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
    // CommonJS code in the bundle requires Node's own modules.
    banner: { js: `#!/usr/bin/env node\n${contains('commander')}\n${contains('yaml')}\nimport { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
  })
  chmodSync(join(out, 'cli.js'), 0o755)
}

async function declarations(out, entry, source, exported) {
  const bundled = await rollup({
    input: join(root, `js/${source}.ts`),
    external: (id) => id.startsWith('node:'),
    plugins: [dts({ tsconfig: join(root, entry in forNode ? 'js/server/tsconfig.json' : 'tsconfig.json') })],
    onwarn: ({ message }) => {
      throw new Stop(`js/${source}.ts: ${message}`)
    },
  })
  const { output } = await bundled.generate({ format: 'es' })
  await bundled.close()
  // wasm-bindgen's remarks to linters are about its own files.
  const text = typesApart(publicTypes(output[0].code), exported).replace(/^\/\* (?:ts|es)lint[-:]disable \*\/\n/gm, '')
  for (const extension of ['.d.ts', '.d.cts']) writeFileSync(join(out, entry + extension), text)
}

/** The declarations with type-only exports for classes that the module does not export, of which a program only gets instances. */
function typesApart(text, exported) {
  return text.replace(/^export \{ (.*) \};$/m, (_, list) => {
    const names = list.split(', ')
    const types = names.filter((name) => !exported.includes(name))
    const values = `export { ${names.filter((name) => exported.includes(name)).join(', ')} };`
    return types.length === 0 ? values : `${values}\nexport type { ${types.join(', ')} };`
  })
}
