// Hosts that replace the globals, or have them late, or not at all.
import { execFileSync, spawnSync } from 'node:child_process'
import { getEventListeners } from 'node:events'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { ConfigurationError, ConnectionError, type Fetch, FlexibleIpClient } from 'flexip'
import { afterEach, describe, expect, test, vi } from 'vitest'
// @ts-expect-error: the scripts are plain JavaScript, without declarations
import { moduleStart } from '../../scripts/module-text.mjs'
import { fipId, flexibleIp, page } from './support/bodies.js'
import { clientOf, failure, farEnd, json, rejection, secretKey } from './support/wire.js'

const root = new URL('../../', import.meta.url)
const { resolve } = createRequire(import.meta.url)
const answering = () => clientOf(farEnd(() => json(200, flexibleIp())).fetch)

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('a realm in which nothing may compile', () => {
  test.each([
    ['client', 'slim', `validate.getFlexibleIP({ zone: 'fr-par-1', fipId: 'x' }).length`, 1],
    ['emulator', 'emulator-slim', `typeof new FlexibleIpEmulator({ seed: 1 }).secretKey`, 'string'],
  ])('takes the module of the %s from another realm, as in the edge runtime of Next', async (module, entry, use, expected) => {
    const contents = `import { load, ${module === 'client' ? 'validate' : 'FlexibleIpEmulator'} } from './pkg/${entry}.js'; load(globalThis.module); globalThis.result = ${use}`
    const { outputFiles } = await build({ stdin: { contents, resolveDir: root.pathname }, bundle: true, format: 'iife', write: false })
    const context = createContext({ module: new WebAssembly.Module(readFileSync(new URL(`pkg/${module}.wasm`, root))), TextDecoder, TextEncoder, console, setTimeout, clearTimeout, performance, crypto }, { codeGeneration: { strings: false, wasm: false } })
    runInContext(outputFiles[0]?.text ?? '', context)
    expect(context.result).toBe(expected)
  })
})

describe.each([
  ['client', 'emulator', 'slim', `validate.getFlexibleIP({ zone: 'fr-par-1', fipId: 'x' }).length`, '1'],
  ['emulator', 'client', 'emulator-slim', `typeof new FlexibleIpEmulator({ seed: 1 }).secretKey`, 'string'],
])('load of the %s', (module, other, entry, use, expected) => {
  /** The output of a program in which `read(name)` gives the bytes of a file. */
  const outputOf = (program: string) => {
    const script = `
      import { readFileSync } from 'node:fs'
      const { load, ${module === 'client' ? 'validate' : 'FlexibleIpEmulator'} } = await import('./pkg/${entry}.js')
      const read = (name) => new Uint8Array(readFileSync('pkg/' + name + '.wasm'))
      const refusal = (source) => load(source).then(() => 'loaded', (error) => error.name + ': ' + error.message)
      ${program}`
    return execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8', timeout: 20_000 }).trimEnd()
  }

  test.each([
    ['a page in place of the file', `new Response('<html>', { headers: { 'content-type': 'text/html' } })`],
    ['the bytes of a page', `new TextEncoder().encode('<html>')`],
    ['no bytes', 'new Uint8Array()'],
    ['a file that was cut', `read('${module}').subarray(0, -100)`],
    ['the other file', `read('${other}')`],
    ['the module of the other file', `new WebAssembly.Module(read('${other}'))`],
  ])('rejects for %s, and a file that is loaded later works', (_, source) => {
    const file = module === 'client' ? 'flexip/flexip.wasm' : 'flexip/emulator.wasm'
    const [refused, later] = outputOf(`console.log(await refusal(${source})); load(read('${module}')); console.log(${use})`).split('\n')
    expect(refused).toMatch(/^ConfigurationError: the WebAssembly module of /)
    expect(refused).toContain(`is not the whole ${file} of this version`)
    expect(later).toBe(expected)
  })

  test('is done when it returns: the bytes may be used for other things', () => {
    expect(outputOf(`const bytes = read('${module}'); load(bytes); bytes.fill(0); console.log(${use})`)).toBe(expected)
  })
})

describe('a faked queueMicrotask', () => {
  test('that never runs its tasks leaves no call hanging, neither now nor later', async () => {
    vi.useFakeTimers({ toFake: ['queueMicrotask', 'setTimeout', 'clearTimeout', 'performance', 'Date'] })
    // Node's own Response waits for the faked function.
    const plain = async () => ({ status: 200, headers: new Headers(), text: async () => JSON.stringify(flexibleIp()) })
    expect((await clientOf(plain).getFlexibleIP({ fipId })).id).toBe(fipId)
    vi.useRealTimers()
    expect((await answering().getFlexibleIP({ fipId })).id).toBe(fipId)
  })

  test('that was there when the library was imported leaves no call hanging', () => {
    const script = `
      const real = globalThis.queueMicrotask
      globalThis.queueMicrotask = () => {}
      const { FlexibleIpClient } = await import('./pkg/index.js')
      const fetch = async () => ({ status: 200, headers: new Headers(), text: async () => '{"total_count":0,"flexible_ips":[]}' })
      const client = new FlexibleIpClient({ secretKey: '${secretKey}', fetch, defaultZone: 'fr-par-1' })
      await client.listFlexibleIPs()
      globalThis.queueMicrotask = real
      console.log((await client.listFlexibleIPs()).totalCount)`
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, encoding: 'utf8', timeout: 20_000 })).toBe('0\n')
  })
})

describe('a faked clock', () => {
  test('that jumps back does not end a call, and does not stop its deadline', async () => {
    const client = clientOf(farEnd(() => json(500)).fetch, { retry: { maxAttempts: 3, baseDelayMs: 1 } })
    let time = 1_000_000
    vi.stubGlobal('performance', { now: () => (time -= 10_000) })
    expect(await rejection(client.getFlexibleIP({ fipId }))).toMatchObject({ attempts: 3, status: 500 })
  })

  test('that jumps back leaves the durations of events positive', async () => {
    const durations: number[] = []
    const onEvent = (event: object) => 'durationMs' in event && durations.push(event.durationMs as number)
    let time = 1_000_000
    vi.stubGlobal('performance', { now: () => (time -= 10_000) })
    await clientOf(farEnd(() => json(200, flexibleIp())).fetch, { onEvent }).getFlexibleIP({ fipId })
    expect(durations).toEqual([0])
  })

  test('that was there when a timer started does not hear of its end after it is gone', async () => {
    vi.useFakeTimers()
    let answer!: (response: Response) => void
    const call = clientOf(() => new Promise<Response>((resolve) => (answer = resolve))).getFlexibleIP({ fipId })
    await vi.advanceTimersByTimeAsync(1)
    vi.useRealTimers()
    answer(json(200, flexibleIp()))
    expect((await call).id).toBe(fipId)
  })
})

describe('caches', () => {
  test('are not asked: every request says no-store', async () => {
    const { fetch, sent } = farEnd(({ method }) => json(200, method === 'GET' ? page() : flexibleIp()))
    const client = clientOf(fetch)
    await client.createFlexibleIP()
    await client.listFlexibleIPs()
    expect(sent.map(({ init }) => init.cache)).toEqual(['no-store', 'no-store'])
  })

  const message = "The 'cache' field on 'RequestInitializerDict' is not implemented."
  const refusals: [string, Error][] = [
    ['an older Worker', new Error(message)],
    ['a Worker with few modes', new TypeError('Unsupported cache mode: no-store')],
  ]
  test.each(refusals)('%s refuses the field once, and requests go on without it', async (_, refusal) => {
    for (const refuse of [() => { throw refusal }, () => Promise.reject(refusal)]) {
      let refused = 0
      const { fetch, sent } = farEnd(() => json(200, flexibleIp()))
      const worker: Fetch = (url, init) => ('cache' in init ? (refused++, refuse()) : fetch(url, init))
      const client = clientOf(worker)
      await client.createFlexibleIP()
      await client.createFlexibleIP()
      expect([refused, sent.length]).toEqual([1, 2])
    }
  })

  test('another error that names a cache is not a reason to send a change again', async () => {
    let sent = 0
    const fetch = async () => {
      sent++
      throw new TypeError('the cache of the proxy is broken')
    }
    await rejection(clientOf(fetch).createFlexibleIP())
    expect(sent).toBe(1)
  })
})

describe('many calls with one signal', () => {
  test('add one listener to it, and none stays', async () => {
    const { signal } = new AbortController()
    let seen = 0
    const { fetch } = farEnd(() => {
      seen = Math.max(seen, getEventListeners(signal, 'abort').length)
      return json(200, flexibleIp())
    })
    const client = clientOf(fetch)
    await Promise.all(Array.from({ length: 50 }, () => client.getFlexibleIP({ fipId }, { signal })))
    expect(seen).toBe(1)
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('warn of nothing, and all end at its abort', async () => {
    const warnings: Error[] = []
    const onWarning = (warning: Error) => warnings.push(warning)
    process.on('warning', onWarning)
    const controller = new AbortController()
    const { fetch } = farEnd(() => new Promise(() => {}))
    const calls = Array.from({ length: 30 }, () => rejection(clientOf(fetch).getFlexibleIP({ fipId }, { signal: controller.signal })))
    await new Promise((resolve) => setTimeout(resolve, 5))
    controller.abort('enough')
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['enough']))
    await new Promise((resolve) => setTimeout(resolve, 5))
    process.off('warning', onWarning)
    expect(warnings).toEqual([])
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })

  test('of which one ends leave the others listening', async () => {
    const controller = new AbortController()
    const { signal } = controller
    const waiting = rejection(clientOf(farEnd(() => new Promise(() => {})).fetch).getFlexibleIP({ fipId }, { signal }))
    await answering().getFlexibleIP({ fipId }, { signal })
    controller.abort('enough')
    expect(await waiting).toBe('enough')
  })
})

describe('an uncaught error', () => {
  test.each(['index.js', 'index.cjs'])('of %s prints a short text that can be read', (file) => {
    const script = file.endsWith('.cjs') ? `const { FlexibleIpClient } = require('./pkg/${file}');` : `import { FlexibleIpClient } from './pkg/${file}';`
    const args = [`--input-type=${file.endsWith('.cjs') ? 'commonjs' : 'module'}`, '-e']
    for (const call of ["client.getFlexibleIP({ fipId: 'x' })", "client.getFlexibleIP({ fipId: '11111111-2222-4333-8444-555555555555' })", "client.failover({ fromServerId: '11111111-2222-4333-8444-555555555555', toServerId: '21111111-2222-4333-8444-555555555555' })", 'new FlexibleIpClient({})']) {
      const fetch = "async () => ({ status: 404, headers: new Headers(), text: async () => '' })"
      const { stderr, status } = spawnSync(process.execPath, [...args, `${script} const client = new FlexibleIpClient({ secretKey: 'x', fetch: ${fetch}, defaultZone: 'fr-par-1' }); ${call}`], { cwd: root, encoding: 'utf8' })
      expect(status).toBe(1)
      expect(stderr.length).toBeLessThan(4096)
      expect(stderr).toMatch(/Error: /)
      expect(stderr).not.toContain(moduleStart)
    }
  })

  test('can have no long line to print: only the text of a module is one', () => {
    for (const name of ['index.js', 'index.cjs', 'emulator.js', 'emulator.cjs', 'server.js', 'cli.js']) {
      const lines = readFileSync(new URL(`pkg/${name}`, root), 'utf8').split('\n')
      const long = lines.filter((line) => line.length > 2000 && !line.startsWith(`"${moduleStart}`))
      expect(long.map((line) => line.slice(0, 80)), name).toEqual([])
    }
  })
})

describe('a host without', () => {
  /** The CommonJS file of an entry in a realm that has only the language and what `globals` adds. */
  function load(entry: string, globals: Record<string, unknown> = {}) {
    const context = createContext({ setTimeout, clearTimeout, WebAssembly, ...globals })
    const loaded = new Map<string, object>()
    const load = (file: string): object => {
      const exports = loaded.get(file) ?? {}
      if (loaded.has(file)) return exports
      loaded.set(file, exports)
      const run = runInContext(`(function (exports, require) { ${readFileSync(file, 'utf8')}\n})`, context) as (exports: object, require: (path: string) => object) => void
      run(exports, (path) => load(join(dirname(file), path)))
      return exports
    }
    return { context, exports: load(resolve(entry)) as unknown as typeof import('flexip') }
  }
  const fetch = async () => ({ status: 200, headers: { get: () => null }, text: async () => '{"total_count":0,"flexible_ips":[]}' })
  const clientIn = (exports: typeof import('flexip'), options = {}) => new exports.FlexibleIpClient({ secretKey, fetch, defaultZone: 'fr-par-1', ...options })

  test.each(['flexip', 'flexip/emulator', 'flexip/msw'])('TextDecoder, Response, queueMicrotask and the like can import %s', (entry) => {
    expect(Object.keys(load(entry).exports).length).toBeGreaterThan(0)
  })

  test('TextDecoder at the import can set it later', async () => {
    const { context, exports } = load('flexip')
    expect(() => clientIn(exports)).toThrow(expect.objectContaining({ name: 'ConfigurationError', message: expect.stringContaining('no TextDecoder and no TextEncoder') }))
    Object.assign(context, { TextDecoder, TextEncoder })
    expect((await clientIn(exports).listFlexibleIPs()).totalCount).toBe(0)
  })

  const globals: Record<string, unknown> = { TextDecoder, TextEncoder, URL, Headers, Response, Request: undefined }

  test.each(['Response', 'Headers', 'URL'])('%s hears so from the emulator before anything is done, and a create through a client is not in doubt', async (name) => {
    const { exports } = load('flexip/emulator', { ...globals, [name]: undefined })
    const { FlexibleIpEmulator } = exports as unknown as typeof import('flexip/emulator')
    const emulator = new FlexibleIpEmulator()
    const error = await rejection(emulator.fetch('https://api.scaleway.com/flexible-ip/v1alpha1/zones/fr-par-1/fips'))
    expect(error).toMatchObject({ name: 'ConfigurationError', message: `There is no ${name} here. Set the global before the first request.` })
    const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId, retry: false })
    expect(await failure(client.createFlexibleIP(), ConnectionError)).toMatchObject({ message: expect.stringContaining(`There is no ${name} here`) as string })
    expect(emulator.journal).toEqual([])
  })

  test('performance, queueMicrotask, AbortController and btoa sends, waits and times out', async () => {
    const { exports } = load('flexip', { TextDecoder, TextEncoder })
    expect((await clientIn(exports).listFlexibleIPs()).totalCount).toBe(0)
    const never = () => new Promise<never>(() => {})
    expect(await rejection(clientIn(exports, { fetch: never, timeoutMs: 5, retry: false }).listFlexibleIPs())).toMatchObject({ code: 'timeout' })
  })

  test('fetch says that there is none, and that nothing was sent', async () => {
    vi.stubGlobal('fetch', undefined)
    const error = await failure(new FlexibleIpClient({ secretKey, defaultZone: 'fr-par-1', defaultProjectId: fipId, retry: false }).createFlexibleIP(), ConnectionError)
    expect(error).toMatchObject({ message: 'createFlexibleIP: not sent: there is no fetch here: set the option fetch' })
  })

  test('WebAssembly says so by a ConfigurationError', () => {
    const { exports } = load('flexip', { TextDecoder, TextEncoder, WebAssembly: undefined })
    expect(() => clientIn(exports)).toThrow(expect.objectContaining({ name: ConfigurationError.name }))
  })
})
