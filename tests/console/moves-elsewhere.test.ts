// A move that another tab has, and one that the browser cannot store: what the page says of it.
import type { Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { startService } from './service.js'
import { isNetworkNote, openConsole } from './support.js'

const service = startService({ seed: 137, names: ['down', 'two'] })
const { open, tab } = openConsole({ proxy: service.proxy, ignores: isNetworkNote })
const timeout = 30_000
let ids: string[] = []

beforeEach(async () => {
  service.letGo()
  service.emulator.reset()
  ids = []
  for (const description of ['Shop', 'Mail']) ids.push((await service.client.createAndAttach({ serverId: service.serverId('down'), description })).id)
})
const query = () => `?${ids.map((id) => `sel=${id}`).join('&')}&dialog=move:${service.serverId('two')}`
const count = async (name: string): Promise<number> => (await service.client.listFlexibleIPs().all()).filter(({ serverId }) => serverId === service.serverId(name)).length

/** Starts a move whose attaches get no answer until they are let go, and returns its address. */
async function start(page: Page): Promise<string> {
  service.hold((_, url) => url.endsWith('/fips/attach'))
  await page.getByRole('button', { name: /^Move 2\sIPs to two$/ }).click({ timeout })
  await expect.poll(() => service.heldCount(), { timeout }).toBe(2)
  await expect.poll(() => decodeURIComponent(page.url())).toContain('move:run:')
  return new URL(page.url()).search
}

test('the address of a move that another tab has under way says so, and where its flexible IPs are when it has arrived', { timeout: 90_000 }, async () => {
  const first = await open(query())
  const address = await start(first)
  const other = await tab(address)
  const dialog = other.getByRole('dialog', { name: 'Moving 2 IPs to two' })
  await dialog.getByText(/^Under way in another tab since \d\d:\d\d:\d\d\./).waitFor({ timeout })
  expect(await dialog.getByText(/^attaching \d/).count()).toBe(2)
  await dialog.getByText(/^As that tab wrote at \d\d:\d\d:\d\d\./).waitFor()
  expect(await other.getByText('not known here').count()).toBe(0)
  service.letGo()
  await first.getByRole('dialog', { name: '2 IPs are on two' }).waitFor({ timeout })
  const over = other.getByRole('dialog', { name: '2 of 2 IPs are on two' })
  await over.getByText(/where it has arrived or its report was closed\. Read at/).waitFor({ timeout })
  await over.locator('footer').getByRole('button', { name: 'Close' }).click()
  expect(await count('two')).toBe(2)
})

test('an unfinished report of another tab is said to be there, and is continued here when that tab is closed', { timeout: 90_000 }, async () => {
  const page = await open('')
  const first = await tab(query())
  const address = await start(first)
  await first.getByRole('button', { name: 'Stop after this step' }).click()
  // The service refuses both, so that the move ends with both on no server.
  service.emulator.addFault({ operation: 'attachFlexibleIP', times: 1000, fault: { status: { status: 412, body: { type: 'precondition_failed', precondition: 'x', help_message: 'no', message: 'no' } } } })
  service.letGo()
  await first.getByRole('dialog', { name: '0 of 2 IPs are on two' }).waitFor({ timeout })
  const third = await tab(address)
  const report = third.getByRole('dialog', { name: '0 of 2 IPs are on two' })
  await report.getByText(/Its report is open in another tab, which can continue it\.$/).waitFor({ timeout })
  expect(await report.getByRole('button', { name: /^Continue/ }).count()).toBe(0)
  service.emulator.clearFaults()
  await first.close()
  await report.getByRole('button', { name: 'Continue with 2 IPs' }).click({ timeout })
  await third.getByRole('dialog', { name: '2 IPs are on two' }).waitFor({ timeout })
  expect(await count('two')).toBe(2)
  await page.bringToFront()
})

const obstacles = {
  'has no locks': 'delete Navigator.prototype.locks',
  'has no room left in its storage': "{ const set = Storage.prototype.setItem; Storage.prototype.setItem = function (name, value) { if (/^flexip-(move|room)/.test(name)) throw new DOMException('full', 'QuotaExceededError'); return set.call(this, name, value) } }",
}
for (const [what, script] of Object.entries(obstacles)) {
  test(`a move that a reload would end says so in its plan and while it runs, if the browser ${what}`, { timeout: 60_000 }, async () => {
    const page = await tab('')
    await page.addInitScript(script)
    await page.goto(`${page.url().split('?')[0]}${query()}`)
    const note = page.getByRole('dialog').locator('.note', { hasText: 'A reload would end it' })
    await note.waitFor({ timeout })
    await start(page)
    await page.getByRole('dialog', { name: 'Moving 2 IPs to two' }).waitFor()
    await note.waitFor({ timeout })
    service.letGo()
    await page.getByRole('dialog', { name: '2 IPs are on two' }).waitFor({ timeout })
  })
}

test('a move that outlives its page has no such note', async () => {
  const page = await open(query())
  await page.getByRole('button', { name: /^Move 2\sIPs to two$/ }).waitFor({ timeout })
  expect(await page.getByText('A reload would end it').count()).toBe(0)
  await start(page)
  expect(await page.getByText('A reload would end it').count()).toBe(0)
  service.letGo()
  await page.getByRole('dialog', { name: '2 IPs are on two' }).waitFor({ timeout })
})
