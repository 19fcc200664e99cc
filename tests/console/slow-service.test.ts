// A service that answers late, refuses servers, or has another clock: the page says what it knows, and not more.
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { clockOffset, noteDate } from '../../js/console/data/service-clock.js'
import { FlexibleIpClient } from '../../pkg/index.js'
import { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { type Stage, proxyTo, startStage, visit } from './support.js'

const emulator = new FlexibleIpEmulator({ seed: 5, timing: 'instant', servers: [{ zone: 'fr-par-1', name: 'web-1' }, { zone: 'fr-par-1', name: 'web-2' }] })
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })

/** Requests of these paths get no answer until they are let go. */
let held = /^$/
let letGo: (() => void)[] = []
let refusesServers = false
const proxy = proxyTo(emulator, {
  async fetch(url, init) {
    if (held.test(url)) await new Promise<void>((resolve) => letGo.push(resolve))
    if (refusesServers && url.includes('/baremetal/')) return new Response(JSON.stringify({ type: 'permissions_denied', message: 'insufficient permissions', details: [] }), { status: 403 })
    return emulator.fetch(url, init)
  },
})
const timeout = 30_000
let stage: Stage

beforeAll(async () => {
  await client.createAndAttach({ serverId: emulator.servers[0]?.id ?? '', description: 'Shop' })
  stage = await startStage(proxy)
})
afterAll(() => stage?.close())
afterEach(() => {
  answer()
  refusesServers = false
})

function answer(): void {
  held = /^$/
  for (const each of letGo.splice(0)) each()
}

const counts = (page: Page): Promise<string[]> => page.locator('.tabs .count').allTextContents()

test('before any answer the table says which zones are read and since when, and no tab has a number', { timeout: 60_000 }, async () => {
  held = /./
  const { page, context } = await visit(stage)
  await page.getByText(/^Reading fr-par-1, .* and pl-waw-3, \d+\.\d\ss\. No zone has answered yet\.$/).waitFor({ timeout })
  expect(await counts(page)).toEqual([])
  answer()
  await page.locator('.row').first().waitFor({ timeout })
  await expect.poll(() => counts(page), { timeout }).toEqual(['1', '2'])
  await context.close()
})

test('before any answer the servers are not said to be forbidden, and after a refusal they are', { timeout: 60_000 }, async () => {
  held = /baremetal/
  const { page, context } = await visit(stage, '?view=servers')
  await page.getByText(/^Reading the servers of fr-par-1, .* and pl-waw-3, \d+\.\d\ss\.$/).waitFor({ timeout })
  // Servers that are not answered leave the browser connections for the flexible IPs.
  await expect.poll(() => counts(page), { timeout: 15_000 }).toEqual(['1'])
  expect(letGo.length).toBe(3)
  expect(await page.getByText('This key cannot read servers').count()).toBe(0)
  refusesServers = true
  answer()
  await page.getByText('This key cannot read servers: their ids are shown.').waitFor({ timeout })
  expect(await counts(page)).toEqual(['1'])
  await context.close()
})

test('how long ago a change was follows the clock of the service, not that of a browser three hours ahead', { timeout: 60_000 }, async () => {
  const ip = await client.createFlexibleIP({ description: 'Just now' })
  const context = await stage.browser.newContext()
  await context.addInitScript("{ const real = Date.now.bind(Date); Date.now = () => real() + 3 * 3_600_000 }")
  const page = await context.newPage()
  await page.goto(`${stage.url}?q=Just`)
  const row = page.locator('.row', { hasText: 'Just now' })
  await expect.poll(() => row.locator('.cell.updated').textContent(), { timeout }).toBe('now')
  await page.goto(`${stage.url}?ip=${ip.id}`)
  await page.getByRole('complementary').locator('dd .quiet', { hasText: /^now$/ }).waitFor({ timeout })
  await context.close()
})

test('a filter for a server that has no flexible IP any more names the server', { timeout: 60_000 }, async () => {
  const { page, context } = await visit(stage, `?server=${emulator.servers.find(({ name }) => name === 'web-2')?.id ?? ''}`)
  await page.locator('.chip', { hasText: 'Server' }).locator('b', { hasText: 'web-2' }).waitFor({ timeout })
  await context.close()
})

test('the date of an answer sets the clock of the service, and what an answer takes does not', () => {
  const now = Date.parse('2026-11-27T12:00:00Z')
  const dated = (date: string) => ({ headers: new Headers({ Date: date }) })
  noteDate(dated('Fri, 27 Nov 2026 09:00:00 GMT'), now)
  expect(clockOffset.get()).toBe(-3 * 3_600_000)
  noteDate(dated('Fri, 27 Nov 2026 08:59:55 GMT'), now)
  expect(clockOffset.get()).toBe(-3 * 3_600_000)
  for (const unclear of [{ headers: new Headers() }, dated('soon')]) noteDate(unclear, now)
  expect(clockOffset.get()).toBe(-3 * 3_600_000)
  noteDate(dated('Fri, 27 Nov 2026 11:59:58 GMT'), now)
  expect(clockOffset.get()).toBe(0)
})
