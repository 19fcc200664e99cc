// A page in Rust in Chromium, over HTTP: it lists, creates and attaches. Its origin has the emulator behind a path, and holds the key.
import { readFileSync } from 'node:fs'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { startChromium } from '../browser/support.js'

/** Where scripts/web-page.mjs puts the page. */
const built = join(import.meta.dirname, '../../build/web-page')
const html = `<!doctype html><meta charset="utf-8"><title>flexip</title><link rel="icon" href="data:,">
<script type="module">import start from './page.js'; await start()</script>`

const emulator = new FlexibleIpEmulator({ seed: 1 })
const metal = emulator.addServer({ zone: 'fr-par-1' }).id
const complaints: string[] = []
let server: Server
let browser: Browser
let page: Page

async function proxy(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const body = Buffer.concat(parts).toString()
  const { method = 'GET', url = '' } = request
  const headers = { 'X-Auth-Token': emulator.secretKey, 'Content-Type': 'application/json' }
  const answer = await emulator.fetch(`http://service.test${url.replace('/api', '')}`, { method, headers, ...(body && { body }) })
  response.writeHead(answer.status, { 'Content-Type': 'application/json' })
  response.end(await answer.text())
}

function file(response: ServerResponse, type: string, body: string | Buffer): void {
  response.writeHead(200, { 'Content-Type': type })
  response.end(body)
}

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? ''
    if (path.startsWith('/api/')) return void proxy(request, response)
    if (path === '/page.js') return file(response, 'text/javascript', readFileSync(join(built, 'page.js')))
    if (path === '/page_bg.wasm') return file(response, 'application/wasm', readFileSync(join(built, 'page_bg.wasm')))
    file(response, 'text/html', html)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  browser = await startChromium()
  page = await browser.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
})

afterAll(async () => {
  await browser?.close()
  server?.close()
})

const rows = async () => (await page.locator('li').allInnerTexts()).map((row) => row.replace(/\s*Attach$/, ''))

test('a page in Rust creates flexible IPs and lists all of them, over several pages', async () => {
  await page.locator('#create').waitFor()
  expect(await rows()).toEqual([])
  for (let count = 1; count <= 3; count++) {
    await page.locator('#create').click()
    await page.locator('li').nth(count - 1).waitFor()
  }
  for (const row of await rows()) expect(row).toMatch(/^[\d.]+ ready$/)
  const pages = emulator.journal.filter(({ operation }) => operation === 'listFlexibleIPs').slice(-2)
  expect(pages.map(({ target }) => new URL(target, 'http://service.test').searchParams.get('page') ?? '1')).toEqual(['1', '2'])
})

test('it attaches one to a server, and waits until it is attached', async () => {
  await page.locator('input').fill(metal)
  await page.locator('li button').nth(1).click()
  await page.getByText(/ attached/).waitFor()
  expect((await rows()).map((row) => row.split(' ')[1])).toEqual(['ready', 'attached', 'ready'])
})

test('it shows what is wrong with a request, which is not sent', async () => {
  const sent = emulator.journal.length
  await page.locator('input').fill('metal-1')
  await page.locator('li button').first().click()
  await page.getByText(/serverId/).waitFor()
  expect(emulator.journal.length).toBe(sent)
  expect(complaints).toEqual([])
})
