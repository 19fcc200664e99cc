// Every recipe of docs/guides/testing.md, run with its tool.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { type FlexibleIpEmulator as Emulator } from '../../js/emulator.js'
import { describe, expect, onTestFinished, test } from 'vitest'
import { serve, startChromium } from '../browser/support.js'
import { createProject, expectedOutput, recipe, root } from './support.js'

const run = promisify(execFile)
const built = (name: string): string => join(root, 'pkg', `${name}.js`)
const { FlexibleIpEmulator } = (await import(built('emulator'))) as { FlexibleIpEmulator: typeof Emulator }
const page = (script: string) => ({ body: `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module">${script}</script>` })
const order = readFileSync(join(import.meta.dirname, 'order-ip.js'), 'utf8')

describe('the recipe for Vitest', () => {
  /** Runs the recipe in Vitest with this code under test. Resolves with the report of Vitest. */
  async function runVitest(code: string): Promise<{ numPassedTests: number; numFailedTests: number }> {
    const config = 'export default {}'
    const folder = createProject({ 'order-ip.test.js': recipe('vitest'), 'order-ip.js': code, 'vitest.config.js': config })
    const vitest = run(join(root, 'node_modules/.bin/vitest'), ['run', '--root', folder, '--reporter', 'json'])
    const { stdout } = await vitest.catch((error: unknown) => error as { stdout: string })
    return JSON.parse(stdout) as { numPassedTests: number; numFailedTests: number }
  }

  test('passes in Vitest', async () => {
    expect(await runVitest(order)).toMatchObject({ numPassedTests: 2, numFailedTests: 0 })
  })

  test('fails when the code sends a request that the API does not have', async () => {
    expect(await runVitest(order.replace('v1alpha1', 'v1'))).toMatchObject({ numPassedTests: 0, numFailedTests: 2 })
  })
})

test('the recipe for node:test passes in Node', async () => {
  const folder = createProject({ 'order-ip.test.js': recipe('node-test') })
  const { stdout } = await run(process.execPath, ['--test', '--test-reporter', 'tap', join(folder, 'order-ip.test.js')])
  expect(stdout).toContain('# pass 1\n# fail 0')
})

test('the recipe for Mock Service Worker prints what its comments say', async () => {
  const code = recipe('msw')
  const folder = createProject({ 'recipe.js': code })
  const { stdout } = await run(process.execPath, [join(folder, 'recipe.js')])
  expect(stdout.split('\n').slice(0, -1)).toEqual(expectedOutput(code))
})

describe('in Chromium', () => {
  test('Mock Service Worker’s service worker responds with the same handlers', async () => {
    const worker = `
      import { http } from 'msw'
      import { setupWorker } from 'msw/browser'
      import { FlexibleIpEmulator } from 'flexip/emulator'
      import { flexibleIpHandlers } from 'flexip/msw'
      import { orderIp } from './order-ip.js'
      const emulator = new FlexibleIpEmulator({ seed: 1 })
      const worker = setupWorker(...flexibleIpHandlers(http, emulator, { baseUrl: '/scaleway' }))
      await worker.start({ quiet: true, onUnhandledRequest: 'bypass' })
      const first = await orderIp(emulator, 'mail', '/scaleway')
      emulator.addFault({ fault: 'dropAfter' })
      const second = await orderIp(emulator, 'mail', '/scaleway').catch(({ name }) => name)
      document.title = JSON.stringify({ first, second, journal: emulator.journal.map(({ operation, fault }) => [operation, fault]) })`
    const folder = createProject({ 'page.js': worker })
    const bundle = await build({ entryPoints: [join(folder, 'page.js')], bundle: true, format: 'esm', write: false, logLevel: 'error' })
    const script = readFileSync(join(root, 'node_modules/msw/lib/mockServiceWorker.js'), 'utf8')
    const tab = await open({ '/': page(bundle.outputFiles[0]?.text.replaceAll('</script', '<\\/script') ?? ''), '/mockServiceWorker.js': { body: script } })
    expect(await tab.result()).toEqual({
      first: '195.154.141.1',
      second: 'TypeError',
      journal: [['createFlexibleIP', null], ['createFlexibleIP', 'dropAfter']],
    })
  })

  test.each([
    ['a proxy', '/scaleway', '**/scaleway'],
    ['the API itself', 'https://api.scaleway.com', undefined],
  ])('the recipe for Playwright responds to a page that sends requests to %s', async (_, baseUrl, routedUrl) => {
    const emulator = new FlexibleIpEmulator({ seed: 1 })
    const folder = createProject({ 'recipe.js': recipe('playwright') })
    const { routeFlexibleIps } = (await import(join(folder, 'recipe.js'))) as { routeFlexibleIps: (page: unknown, emulator: unknown, baseUrl?: string) => Promise<void> }
    const { secretKey, projectId } = emulator
    const account = JSON.stringify({ secretKey, projectId })
    const work = `${order.replace('export ', '')}; const order = () => orderIp(${account}, 'mail', '${baseUrl}').catch(({ message }) => message); document.title = JSON.stringify([await order(), await order()])`
    const tab = await open({ '/': page(work) }, (page) => routeFlexibleIps(page, emulator, routedUrl))
    emulator.addFault({ nth: 2, fault: 'dropBefore' })
    expect(await tab.result()).toEqual(['195.154.141.1', 'Failed to fetch'])
    expect(emulator.journal.map(({ operation, status }) => [operation, status])).toEqual([['createFlexibleIP', 200], ['createFlexibleIP', undefined]])
  })
})

describe('the recipe for Cypress', () => {
  interface Req {
    url: string
    method: string
    headers: Record<string, string>
    body: unknown
    reply: (response: unknown) => void
  }
  type Handler = (req: Req) => Promise<void>

  /** Runs the recipe. Resolves with what it passes to `cy.intercept`, and a function that sends a request to it. */
  async function loadRecipe(): Promise<{ pattern: string; request: (req: Omit<Req, 'reply'>) => Promise<unknown>; emulator: Emulator }> {
    const calls: [string, Handler][] = []
    const globals = { cy: { intercept: (...call: [string, Handler]) => calls.push(call) }, beforeEach: (hook: () => void) => hook() }
    Object.assign(globalThis, globals)
    onTestFinished(() => Object.keys(globals).forEach((name) => Reflect.deleteProperty(globalThis, name)))
    const folder = createProject({ 'recipe.js': `${recipe('cypress')}; export { emulator }` })
    const { emulator } = (await import(join(folder, 'recipe.js'))) as { emulator: Emulator }
    const [pattern, handler] = calls[0] ?? []
    if (pattern === undefined || handler === undefined) throw new Error('the recipe intercepts no requests')
    const request = async (req: Omit<Req, 'reply'>) => {
      let reply: unknown
      await handler({ ...req, reply: (response) => (reply = response) })
      return reply
    }
    return { pattern, request, emulator }
  }

  const url = 'http://localhost:3000/scaleway/flexible-ip/v1alpha1/zones/fr-par-1/fips'

  test('replies to requests in the format of Cypress', async () => {
    const { pattern, request, emulator } = await loadRecipe()
    expect(pattern).toBe('**/flexible-ip/**')
    const headers = { 'x-auth-token': emulator.secretKey, 'content-type': 'application/json' }
    const created = await request({ url, method: 'POST', headers, body: { project_id: emulator.projectId, description: 'mail' } })
    expect(created).toMatchObject({ statusCode: 200, headers: { 'content-type': 'application/json' } })
    const listed = (await request({ url: `${url}?tags=a&tags=b`, method: 'GET', headers, body: '' })) as { body: string }
    expect(JSON.parse(listed.body)).toEqual({ flexible_ips: [], total_count: 0 })
    expect(emulator.journal.map(({ operation }) => operation)).toEqual(['createFlexibleIP', 'listFlexibleIPs'])
  })

  test('breaks the connection when a fault does', async () => {
    const { request, emulator } = await loadRecipe()
    emulator.addFault({ fault: 'dropBefore' })
    expect(await request({ url, method: 'GET', headers: {}, body: '' })).toEqual({ forceNetworkError: true })
  })
})

/** Opens pages in Chromium. `result` loads the first one, and resolves with the JSON in its title once it has one. */
async function open(pages: Parameters<typeof serve>[0], before: (page: unknown) => Promise<void> = () => Promise.resolve()): Promise<{ result: () => Promise<unknown> }> {
  const [browser, site] = await Promise.all([startChromium(), serve(pages)])
  onTestFinished(async () => {
    site.close()
    await browser.close()
  })
  const tab = await browser.newPage()
  await before(tab)
  return {
    result: async () => {
      await tab.goto(site.url)
      await tab.waitForFunction('document.title !== ""')
      return JSON.parse(await tab.title()) as unknown
    },
  }
}
