// No request leaves the origin of the page, in any view and by any worker: the browser sends whatever goes elsewhere
// through a proxy that only notes it.
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChromium } from '../browser/support.js'
import { built, serveConsole, watch } from './support.js'

const asked: string[] = []
/** What Chromium asks for by itself, whatever page is open. */
const ofBrowser = /^(?:https?:\/\/)?(?:update\.googleapis\.com|accounts\.google\.com|content-autofill\.googleapis\.com)[:/]/
const note = (url = ''): void => {
  if (!ofBrowser.test(url)) asked.push(url)
}
let witness: Server
let site: Awaited<ReturnType<typeof serveConsole>>
let browser: Awaited<ReturnType<typeof startChromium>>

beforeAll(async () => {
  witness = createServer(({ url }, response) => {
    note(url)
    response.writeHead(404).end()
  })
  witness.on('connect', ({ url }, socket) => {
    note(url)
    socket.end('HTTP/1.1 404 Not Found\r\n\r\n')
  })
  await new Promise<void>((resolve) => witness.listen(0, '127.0.0.1', resolve))
  site = await serveConsole(built, { path: '/some/where/' })
  const { host } = new URL(site.url)
  // Without `<-loopback>`, requests to other ports of this machine would not go through the proxy.
  browser = await startChromium(`--proxy-server=http://127.0.0.1:${(witness.address() as AddressInfo).port}`, `--proxy-bypass-list=<-loopback>;${host}`)
})
afterAll(async () => {
  await browser?.close()
  site?.server.close()
  site?.server.closeAllConnections()
  witness?.close()
})

const sheet = async (page: Page, tab: string): Promise<void> => {
  await page.locator('.address-link').first().click()
  await page.getByRole('complementary').getByRole('button', { name: tab, exact: true }).click()
  await page.locator('.sheet-body').waitFor()
}

test('no view, sheet, dialog or change of the emulated fleet sends a request off the origin', { timeout: 90_000 }, async () => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
  const complaints = watch(context, new URL(site.url).origin)
  const page = await context.newPage()
  await page.goto(site.url)
  await page.locator('.row').first().waitFor()
  for (const tab of ['Overview', 'MAC', 'Network', 'Log']) await sheet(page, tab)
  await page.keyboard.press('Escape')
  for (const dialog of ['create', 'move', 'detach', 'delete', 'tag', 'describe']) {
    await page.goto(`${site.url}?q=mail-1&sel=all&dialog=${dialog}`)
    await page.locator('.dialog').waitFor()
  }
  await page.goto(`${site.url}?q=spare&sel=all`)
  await page.getByRole('region', { name: 'Selection' }).waitFor()
  await page.keyboard.press('e')
  await page.getByRole('dialog').getByLabel('Description').fill('Changed')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByText('All 3 done').waitFor({ timeout: 20_000 })
  for (const view of ['servers', 'log', 'connect']) {
    await page.goto(`${site.url}?view=${view}`)
    await page.locator('.card, .log-what, .page h1').first().waitFor()
  }
  expect(complaints).toEqual([])
  expect(asked).toEqual([])
})

test('the proxy notes a request that leaves the origin, of a page and of a worker', async () => {
  const page = await (await browser.newContext({ bypassCSP: true })).newPage()
  await page.goto(site.url)
  await page.evaluate("fetch('http://foreign.example/page').catch(() => undefined)")
  await page.evaluate("fetch('https://foreign.example/').catch(() => undefined)")
  await page.evaluate(`new Promise((resolve) => {
    const worker = new Worker(URL.createObjectURL(new Blob(["fetch('http://foreign.example/worker', { mode: 'no-cors' }).then(() => postMessage(1), () => postMessage(2))"])))
    worker.onmessage = resolve
  })`)
  expect(asked).toEqual(['http://foreign.example/page', 'foreign.example:443', 'http://foreign.example/worker'])
})
