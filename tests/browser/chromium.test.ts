// The built files in a real browser: by <script type=module>, with nothing to bundle.
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { behaviours } from '../js/support/behaviour-files.js'
import { type Site, serve, startChromium } from './support.js'

const imports = JSON.stringify({ imports: { flexip: '/pkg/index.js', 'flexip/emulator': '/pkg/emulator.js' } })
const page = (script: string) => `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="importmap">${imports}</script><script type="module">${script}</script>`
const report = (work: string) => `
  try { document.title = JSON.stringify(await (async () => { ${work} })()) }
  catch (error) { document.title = JSON.stringify({ name: error.name, message: error.message, code: error.code }) }`

const eleven = report(`
  const { FlexibleIpClient } = await import('flexip')
  const { FlexibleIpEmulator } = await import('flexip/emulator')
  const emulator = new FlexibleIpEmulator({ seed: 1 })
  const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
  const [one, other] = [emulator.addServer({ zone: 'fr-par-1' }).id, emulator.addServer({ zone: 'fr-par-1' }).id]
  const [a, b, c] = [await client.createFlexibleIP({ serverId: one }), await client.createFlexibleIP({ serverId: one }), await client.createFlexibleIP()]
  const mac = (await client.generateMACAddr({ fipId: a.id, macType: 'kvm' })).macAddress.macAddress
  const copied = (await client.duplicateMACAddr({ fipId: b.id, duplicateFromFipId: a.id })).macAddress.macAddress
  await client.deleteMACAddr({ fipId: b.id })
  await client.detachFlexibleIP({ fipsIds: [a.id] })
  await client.getFlexibleIP({ fipId: a.id })
  const moved = (await client.moveMACAddr({ fipId: a.id, dstFipId: c.id })).macAddress.macAddress
  await client.attachFlexibleIP({ fipsIds: [c.id], serverId: other })
  const { description } = await client.updateFlexibleIP({ fipId: c.id, description: 'é😹' })
  await client.deleteFlexibleIP({ fipId: b.id })
  const { totalCount } = await client.listFlexibleIPs()
  const agents = emulator.journal.flatMap(({ headers }) => headers.filter(([name]) => name.toLowerCase() === 'user-agent'))
  return { mac, copied, moved, description, totalCount, operations: new Set(emulator.journal.map(({ operation }) => operation)).size, agents }
`)

const lazily = (use: string) => report(`const { FlexibleIpClient, validate } = await import('flexip'); ${use}`)
const strict = "default-src 'self'; script-src 'self' 'unsafe-inline'; img-src data:"

let browser: Browser
let site: Site
let tab: Page
const complaints: string[] = []

/** What the page of a path says when its work is done. */
async function said(path: string): Promise<unknown> {
  await tab.goto(site.url + path)
  // A policy may forbid to evaluate a text in the page.
  await expect.poll(() => tab.title(), { timeout: 30_000 }).not.toBe('')
  return JSON.parse(await tab.title()) as unknown
}

beforeAll(async () => {
  const root = join(import.meta.dirname, '../..')
  const runner = await build({
    entryPoints: [join(root, 'tests/js/support/behaviours.ts')],
    bundle: true,
    format: 'esm',
    write: false,
    external: ['flexip/*'],
  })
  browser = await startChromium()
  site = await serve({
    '/eleven': { body: page(eleven) },
    '/global-fetch': { body: page(lazily(`const client = new FlexibleIpClient({ baseUrl: '/api', defaultZone: 'fr-par-1' }); return client.listFlexibleIPs()`)) },
    '/no-wasm': { body: page(lazily(`new FlexibleIpClient({ secretKey: 'x' })`)), csp: strict },
    '/no-wasm-but-imported': { body: page(lazily('return Object.keys(validate).length')), csp: strict },
    '/wasm': { body: page(lazily(`return validate.getFlexibleIP({ zone: 'fr-par-1', fipId: 'x' }).length`)), csp: strict.replace("'unsafe-inline'", "'unsafe-inline' 'wasm-unsafe-eval'") },
    '/runner.js': { body: runner.outputFiles[0]?.text ?? '' },
    '/behaviours': { body: page(`import { checkBehaviour } from '/runner.js'; import { FlexibleIpEmulator } from 'flexip/emulator'; window.show = (behaviour) => checkBehaviour(FlexibleIpEmulator, behaviour); document.title = '"ready"'`) },
  })
  tab = await browser.newPage()
  tab.on('pageerror', (error) => complaints.push(String(error)))
})

afterAll(async () => {
  await browser?.close()
  site?.close()
})

test('all 11 operations work in a page, and name no User-Agent', async () => {
  const result = (await said('/eleven')) as { mac: string }
  expect(result).toEqual({ mac: expect.stringMatching(/^52:54:00:/) as string, copied: result.mac, moved: result.mac, description: 'é😹', totalCount: 2, operations: 11, agents: [] })
  expect(complaints).toEqual([])
})

test('the page’s own fetch is used where none is handed in', async () => {
  expect(await said('/global-fetch')).toMatchObject({ name: 'UnexpectedResponseError', message: 'listFlexibleIPs: 404 unexpected_response' })
})

describe('a Content-Security-Policy', () => {
  test('without wasm-unsafe-eval is named by the error of the first use', async () => {
    expect(await said('/no-wasm')).toMatchObject({ name: 'ConfigurationError', code: 'configuration', message: expect.stringContaining("script-src 'wasm-unsafe-eval'") as string })
  })

  test('does not keep the module from being imported', async () => {
    expect(await said('/no-wasm-but-imported')).toBe(11)
  })

  test('with it is enough', async () => {
    expect(await said('/wasm')).toBe(1)
  })
})

describe.each(behaviours)('%s', (_, all) => {
  test('holds in Chromium', async () => {
    if (!tab.url().endsWith('/behaviours')) expect(await said('/behaviours')).toBe('ready')
    const failures = await tab.evaluate(async (text) => {
      const behaviours = JSON.parse(text) as { name: string }[]
      const { show } = globalThis as unknown as { show: (behaviour: unknown) => Promise<void> }
      const failed: string[] = []
      for (const behaviour of behaviours) await show(behaviour).catch((why: unknown) => failed.push(`${behaviour.name}: ${String(why)}`))
      return failed
    }, JSON.stringify(all))
    expect(failures).toEqual([])
  })
})
