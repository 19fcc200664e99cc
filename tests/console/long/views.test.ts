// Each view of the console in Firefox and in WebKitGTK: what it shows, and that nothing is complained of.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { built, serveConsole } from '../support.js'
import { type Driver, startFirefox, startWebKit } from './drivers.js'

/** The first script of the page: it notes errors, warnings and what the policy refuses. */
const watcher = `globalThis.complaints = []
addEventListener('error', ({ message, target }) => complaints.push(['error:', message, target?.outerHTML].join(' ')), true)
addEventListener('unhandledrejection', ({ reason }) => complaints.push('rejected: ' + reason))
addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) => complaints.push('policy: ' + [violatedDirective, blockedURI, sample].join(' ')))
for (const level of ['error', 'warn']) {
  const write = console[level]
  console[level] = (...parts) => { complaints.push(level + ': ' + parts.join(' ')); write(...parts) }
}
`

let site: Awaited<ReturnType<typeof serveConsole>>
const folder = mkdtempSync(join(tmpdir(), 'flexip-engines-'))
beforeAll(async () => {
  cpSync(built, folder, { recursive: true })
  writeFileSync(join(folder, 'watcher.js'), watcher)
  const index = join(folder, 'index.html')
  const page = readFileSync(index, 'utf8')
  writeFileSync(index, page.replace('<title>', '<script src="./watcher.js"></script><title>'))
  site = await serveConsole(folder, { path: '/some/where/' })
})
afterAll(() => {
  site?.server.close()
  site?.server.closeAllConnections()
  rmSync(folder, { recursive: true })
})

const text = (selector: string): string => `(document.querySelector(${JSON.stringify(selector)})?.textContent ?? '')`
const click = (selector: string): string => `document.querySelector(${JSON.stringify(selector)}).click()`
const press = (key: string, init = {}): string => `document.body.dispatchEvent(new KeyboardEvent('keydown', ${JSON.stringify({ key, bubbles: true, cancelable: true, ...init })}))`

/** Each view: its query, what is done there, and an expression that is true when it is there. */
const views: Readonly<Record<string, { query?: string; act?: string; shown: string }>> = {
  'the table': { shown: `${text('.foot')}.includes('60\\u00a0IPs in 3\\u00a0zones') && document.querySelectorAll('.row').length > 10` },
  'a filtered table': { query: '?q=web-1&sort=-address', shown: "Number(document.querySelector('[role=grid]')?.getAttribute('aria-rowcount')) === 8" },
  'a selection': { query: '?q=web-1', act: click('.row input[type=checkbox]'), shown: `${text('[aria-label="Selection"]')}.includes('selected')` },
  'a filter': { act: click('.filters button[aria-haspopup]'), shown: "document.querySelector('[role=dialog] .option') !== null" },
  'the palette': { act: press('k', { ctrlKey: true }), shown: "document.querySelector('[role=dialog] input') !== null" },
  'the servers': { query: '?view=servers', shown: "document.querySelectorAll('.card:not(.none)').length === 12" },
  'a picked up MAC group': {
    query: '?view=servers',
    act: "[...document.querySelectorAll('.card')].find((card) => card.textContent.includes('mail-1')).querySelector('.unit-body').dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 }))",
    shown: `${text('.picked')}.includes('3\\u00a0IPs') && document.querySelectorAll('.drop-button').length > 3`,
  },
  'the plan of a drop': {
    query: '?view=servers',
    act: "[...document.querySelectorAll('.card')].find((card) => card.textContent.includes('mail-1')).querySelector('.unit-body').dispatchEvent(new MouseEvent('click', { bubbles: true, detail: 1 })), requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector('.card:not(.none) .drop-button').click()))",
    shown: `${text('[role=dialog] h2')}.startsWith('Move 3')`,
  },
  'the log': { query: '?view=log', shown: "document.querySelector('main [role=cell], main td') !== null" },
  'how to connect': { query: '?view=connect', shown: `${text('main h1')} !== ''` },
  'a flexible IP': { query: '?q=card+processor', act: click('.address-link'), shown: `${text('[role=complementary], aside')}.includes('Callback address of the card processor')` },
}

describe.each([
  ['Firefox', startFirefox],
  ['WebKitGTK', startWebKit],
])('%s', (_, start) => {
  let driver: Driver
  beforeAll(async () => {
    driver = await start()
  })
  afterAll(() => driver?.close())

  const until = (expression: string) => expect.poll(() => driver.evaluate(`Boolean(${expression})`), { timeout: 60_000, message: expression }).toBe(true)

  test.each(Object.entries(views))('%s is shown without an error, a refusal of the policy or a request off the origin', async (_name, { query = '', act, shown }) => {
    await driver.goto(site.url + query)
    await until("document.querySelector('.row, .card, main h1')")
    if (act !== undefined) {
      await until("document.querySelector('.row, .unit-body')")
      await driver.evaluate(`void (${act})`)
    }
    await until(shown)
    expect(await driver.evaluate('complaints')).toEqual([])
    const loaded = (await driver.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")) as string[]
    expect(loaded.length).toBeGreaterThan(4)
    expect(loaded.filter((name) => !name.startsWith(site.url))).toEqual([])
  })

  test('a reload keeps the fleet', async () => {
    await driver.goto(`${site.url}?q=spare`)
    await until("document.querySelector('.row')")
    const addresses = "[...document.querySelectorAll('.address-link')].map((link) => link.textContent).join()"
    const before = await driver.evaluate(addresses)
    await driver.goto(`${site.url}?q=spare`)
    await until("document.querySelector('.row')")
    expect(await driver.evaluate(addresses)).toBe(before)
  })

  test('the policy is in force: no request to another origin, and no text as HTML, by Trusted Types', async () => {
    await driver.goto(site.url)
    await until("document.querySelector('.row')")
    expect(await driver.evaluate("fetch('https://foreign.example/').then(() => 'sent', () => 'refused')")).toBe('refused')
    await until("complaints.some((each) => each.includes('connect-src'))")
    expect(await driver.evaluate("'trustedTypes' in globalThis")).toBe(true)
    const assigned = await driver.evaluate("(() => { try { document.createElement('div').innerHTML = '<b>'; return 'assigned' } catch { return 'refused' } })()")
    expect(assigned).toBe('refused')
  })
})
