// The package in Chromium, Firefox and WebKitGTK: the behaviours, 50 calls at once, and what policies of a page allow.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { behaviours } from '../js/support/behaviour-files.js'
import { type Case, type Site, serveCases } from './site.js'
import { type Engine, engineNames, startEngine } from './start.js'

// npm run test:long -- engines builds the package there, with flexip/asm.
const pkg = join(import.meta.dirname, '../../build/engines')
const all = behaviours.flatMap(([, some]) => some)

const callFifty = `
  const ips = await Promise.all(Array.from({ length: 50 }, (_, place) => client.createAndAttach({ description: 'é😹 ' + place, serverId })))
  const read = await Promise.all(ips.map(({ id }) => client.getFlexibleIP({ fipId: id })))
  return { right: ips.filter((ip, place) => ip.status === 'attached' && ip.description === 'é😹 ' + place && read[place].description === ip.description && read[place].id === ip.id).length, ids: new Set(ips.map(({ id }) => id)).size }`

/** Creates and attaches 50 flexible IPs at once, with the entries of the package that are named. */
const fifty = (client: string, emulator: string) => `
  const { FlexibleIpClient } = await import('/pkg/${client}.js')
  const { FlexibleIpEmulator } = await import('/pkg/${emulator}.js')
  const emulator = new FlexibleIpEmulator({ seed: 1, timing: 'instant' })
  const { id: serverId } = emulator.addServer({ zone: 'fr-par-1' })
  const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })${callFifty}`

/** What a worker posts to its page, which gets it from a path. */
const posted = (path: string, options = '') => `
  return new Promise((resolve, reject) => {
    const worker = new Worker('${path}'${options})
    worker.onmessage = ({ data }) => resolve(data)
    worker.onerror = ({ message }) => reject(new Error(message || 'the worker did not start'))
  })`
const post = `const work = async () => { ${fifty('index', 'emulator')} }\nwork().then(postMessage, (error) => postMessage(String(error)))`

/** An emulator that responds to the requests of a page, from the thread of a service worker. */
const serviceWorker = `
  import { FlexibleIpEmulator } from '/pkg/emulator.js'
  const emulator = new FlexibleIpEmulator({ seed: 1, timing: 'instant' })
  const { id: serverId } = emulator.addServer({ zone: 'fr-par-1' })
  const { secretKey, projectId } = emulator
  addEventListener('install', () => skipWaiting())
  addEventListener('activate', (event) => event.waitUntil(clients.claim()))
  addEventListener('fetch', (event) => {
    const { pathname } = new URL(event.request.url)
    if (pathname.startsWith('/flexible-ip/')) event.respondWith(emulator.fetch(event.request))
    if (pathname === '/facts') event.respondWith(Response.json({ secretKey, projectId, serverId }))
  })`

/** Creates and attaches 50 flexible IPs at once, through a service worker from a path. */
const throughServiceWorker = (path: string, options: string) => `
  const { FlexibleIpClient } = await import('/pkg/index.js')
  const controlled = new Promise((resolve) => { navigator.serviceWorker.oncontrollerchange = resolve })
  const registration = await navigator.serviceWorker.register('${path}', ${options})
  await controlled
  try {
    const { secretKey, projectId, serverId } = await (await fetch('/facts')).json()
    const client = new FlexibleIpClient({ secretKey, baseUrl: location.origin, defaultZone: 'fr-par-1', defaultProjectId: projectId })
    ${callFifty}
  } finally {
    await registration.unregister()
  }`

// No inline script and no eval, as strict policies are. The script of a page is a file.
const strict = "default-src 'self'; img-src data:; object-src 'none'; base-uri 'none'"
const withoutWasm = `${strict}; script-src 'self'`
const withWasm = `${strict}; script-src 'self' 'wasm-unsafe-eval'`

const cases: Record<string, Case> = {
  fifty: { work: fifty('index', 'emulator') },
  behaviours: {
    work: `
      const { checkBehaviour } = await import('../js/support/behaviours.ts')
      const { FlexibleIpEmulator } = await import('/pkg/emulator.js')
      const failed = []
      const all = ${JSON.stringify(all)}
      for (const behaviour of all) await checkBehaviour(FlexibleIpEmulator, behaviour).catch((why) => failed.push(behaviour.name + ': ' + why))
      return { checked: all.length, failed }`,
  },
  'policy-with-wasm': { policy: withWasm, work: fifty('index', 'emulator') },
  'policy-without-wasm': { policy: withoutWasm, work: `const { FlexibleIpClient } = await import('/pkg/index.js'); new FlexibleIpClient({ secretKey: 'x' })` },
  'policy-without-wasm-helpers': { policy: withoutWasm, work: `const { parseIp, srn } = await import('/pkg/index.js'); return [parseIp('1.2.3.4').family, srn({ id: 'x', zone: 'y' })]` },
  'policy-without-wasm-asm': { policy: withoutWasm, work: fifty('asm', 'emulator-asm') },
  'trusted-types': { policy: `${withWasm}; require-trusted-types-for 'script'; trusted-types 'none'`, work: fifty('index', 'emulator') },
  'plain-script': { plain: true, work: fifty('index', 'emulator') },
  'classic-worker': { worker: post, work: posted('/worker/classic-worker') },
  'module-worker': { worker: post, work: posted('/module-worker/module-worker', ", { type: 'module' }") },
  'service-worker': { worker: serviceWorker, work: throughServiceWorker('/worker/service-worker', "{ scope: '/' }") },
  'module-service-worker': { worker: serviceWorker, work: throughServiceWorker('/module-worker/module-service-worker', "{ scope: '/', type: 'module' }") },
}

const right = { result: { right: 50, ids: 50 } }

describe.each(engineNames)('%s', (name) => {
  let site: Site
  let engine: Engine

  beforeAll(async () => {
    site = await serveCases(cases, pkg)
    engine = startEngine(name, site.url)
  })

  afterAll(() => {
    engine?.stop()
    site?.close()
  })

  test('keeps 50 concurrent calls apart', async () => {
    expect(await site.result('fifty')).toEqual(right)
  })

  test('has every behaviour of tests/behaviours', async () => {
    expect(await site.result('behaviours')).toEqual({ result: { checked: all.length, failed: [] } })
    expect(all.length).toBeGreaterThan(50)
  })

  test("runs the package under a strict policy with 'wasm-unsafe-eval'", async () => {
    expect(await site.result('policy-with-wasm')).toEqual(right)
  })

  test("says what the policy lacks without 'wasm-unsafe-eval'", async () => {
    expect(await site.result('policy-without-wasm')).toMatchObject({ name: 'ConfigurationError', code: 'configuration', message: expect.stringContaining("script-src 'wasm-unsafe-eval'") as string })
  })

  test("has the helpers that need no WebAssembly without 'wasm-unsafe-eval'", async () => {
    expect(await site.result('policy-without-wasm-helpers')).toEqual({ result: [4, 'srn://flexible-ip.scw.eu/zones/y/flexible-ips/x'] })
  })

  test("runs flexip/asm and flexip/emulator/asm without 'wasm-unsafe-eval'", async () => {
    expect(await site.result('policy-without-wasm-asm')).toEqual(right)
  })

  test('runs the package under Trusted Types', async () => {
    expect(await site.result('trusted-types')).toEqual(right)
  })

  test('runs the package in a plain script', async () => {
    expect(await site.result('plain-script')).toEqual(right)
  })

  test.each(['classic-worker', 'module-worker'])('runs the package in a %s', async (kind) => {
    expect(await site.result(kind)).toEqual(right)
  })

  test.each(['service-worker', 'module-service-worker'])('has an emulator in a %s that responds to 50 concurrent calls of the page', async (kind) => {
    expect(await site.result(kind)).toEqual(right)
  })
})
