// A move that several tabs show: which of them takes it over, and what each of them says of it.
import type { Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { readAgain, startService } from './service.js'
import { isNetworkNote, openConsole } from './support.js'

/** What becomes of the attaches of the page. */
let attaches: 'done' | 'turnedAway' = 'done'
const service = startService({
  seed: 149,
  names: ['down', 'two', 'three'],
  before(url) {
    if (!url.endsWith('/fips/attach') || attaches === 'done') return Promise.resolve(undefined)
    return Promise.resolve(new Response('{}', { status: 429, headers: { 'retry-after': '30', 'content-type': 'application/json' } }))
  },
})
const { open, tab } = openConsole({ proxy: service.proxy, ignores: isNetworkNote })
const timeout = 40_000
const down = service.serverId('down')
const address = `?view=servers&dialog=failover:${down}`
let ids: string[] = []

beforeEach(async () => {
  attaches = 'done'
  service.letGo()
  service.emulator.reset()
  ids = []
  for (const description of ['Shop', 'Mail']) ids.push((await service.client.createAndAttach({ serverId: down, description })).id)
})
const count = async (name: string): Promise<number> => (await service.client.listFlexibleIPs().all()).filter(({ serverId }) => serverId === service.serverId(name)).length
const failing = (page: Page) => page.locator('.strip', { hasText: /^down is failing/ })
const turnedAway = 'turned away (429), waits to be sent again'

/** A first page, whose browser marks the server as failing. */
async function opened(): Promise<Page> {
  const page = await open('?view=servers')
  await page.getByRole('listitem').filter({ hasText: /^down/ }).getByRole('button', { name: 'Mark as failing' }).click({ timeout })
  await failing(page).waitFor({ timeout })
  return page
}

/** Starts the failover in a tab that has its plan. */
async function started(page: Page): Promise<Page> {
  await page.getByRole('radio', { name: /^two/ }).check({ timeout })
  await page.getByRole('button', { name: /^Move 2\sIPs to two$/ }).click({ timeout })
  return page
}

test('when a tab with a move is closed, the tab with its address takes it over before one that waited longer, and the strip of that one leads to it', { timeout: 120_000 }, async () => {
  await opened()
  attaches = 'turnedAway'
  const first = await started(await tab(address))
  await expect.poll(() => first.getByText(turnedAway).count(), { timeout }).toBe(2)
  // It was opened before, and so waits longer for the move.
  const third = await tab('')
  await failing(third).getByRole('button', { name: 'Show the move' }).waitFor({ timeout })
  const second = await tab(address)
  const watched = second.getByRole('dialog', { name: /^Moving 2\sIPs to two$/ })
  await expect.poll(() => watched.getByText(turnedAway).count(), { timeout }).toBe(2)
  expect(await watched.getByText(/^attaching \d/).count()).toBe(0)
  await first.close()
  const report = second.getByRole('dialog', { name: /^0 of 2\sIPs are on two$/ })
  await report.getByText(/Read at \d\d:\d\d:\d\d: 2 are on no server\.$/).waitFor({ timeout })
  // The service has answered that nothing was done.
  expect(await report.getByText('in doubt').count()).toBe(0)
  await failing(third).getByText(/0 of 2\sIPs are on two, 2 on no server/).waitFor({ timeout })
  await failing(third).getByRole('button', { name: 'Show the move' }).click()
  const shown = third.getByRole('dialog', { name: /^0 of 2\sIPs are on two$/ })
  await shown.getByText(/Its report is open in another tab, which can continue it\.$/).waitFor({ timeout })
  expect(await shown.getByText('on no server', { exact: true }).count()).toBe(2)
  attaches = 'done'
  await report.getByRole('button', { name: /^Continue with 2\sIPs$/ }).click()
  await second.getByRole('dialog', { name: /^2\sIPs are on two$/ }).waitFor({ timeout })
  expect(await count('two')).toBe(2)
})

test('what others change after a move of another tab has arrived is said to be changed since, and to be refused by no target', { timeout: 120_000 }, async () => {
  await opened()
  service.hold((_, url) => url.endsWith('/fips/attach'))
  const first = await started(await tab(address))
  await expect.poll(() => service.heldCount(), { timeout }).toBe(2)
  const second = await tab(address)
  await second.getByRole('dialog', { name: /^Moving 2\sIPs to two$/ }).waitFor({ timeout })
  service.letGo()
  const done = first.getByRole('dialog', { name: /^2\sIPs are on two$/ })
  await done.waitFor({ timeout })
  const over = second.getByRole('dialog', { name: /^2 of 2\sIPs are on two$/ })
  await over.getByText(/where it has arrived or its report was closed\. Read at/).waitFor({ timeout })
  await service.client.detachFlexibleIP({ fipsIds: ids.slice(0, 1) })
  for (const page of [first, second]) await readAgain(page)
  const then = second.getByRole('dialog', { name: /^1 of 2\sIPs is on two$/ })
  await then.getByText('changed since the end').waitFor({ timeout })
  expect(await then.getByText(/refused/).count()).toBe(0)
  // The report of the tab that moved them counts only what is there.
  const report = first.getByRole('dialog', { name: /^2\sIPs were on two$/ })
  await report.getByText(/^1\sIP without a virtual MAC$/).waitFor({ timeout })
})

test('a move whose attach is never answered says since when, as of the first try', { timeout: 120_000 }, async () => {
  await opened()
  const page = await tab(address)
  let lost = 0
  await page.route('**/fips/attach', (route) => {
    lost += 1
    return route.abort('connectionreset')
  })
  await started(page)
  const note = page.getByRole('dialog').getByText(/^No answer since \d\d:\d\d:\d\d\./)
  await note.waitFor({ timeout })
  const first = await note.innerText()
  const before = lost
  // Reads between the tries have answers.
  await expect.poll(() => lost, { timeout }).toBeGreaterThan(before + 5)
  await note.waitFor({ timeout })
  expect(await note.innerText()).toBe(first)
  await page.unroute('**/fips/attach')
  await page.getByRole('dialog', { name: /^2\sIPs are on two$/ }).waitFor({ timeout })
})

test('after a move back to a failing server the strip counts nothing as still there, and the address of a failover that has arrived says that nothing is left', { timeout: 120_000 }, async () => {
  await opened()
  const page = await started(await tab(address))
  const done = page.getByRole('dialog', { name: /^2\sIPs are on two$/ })
  await done.waitFor({ timeout })
  await page.reload()
  const empty = page.getByRole('dialog', { name: 'Fail over down' })
  await empty.getByText('No IP is on down: nothing is left to move there.').waitFor({ timeout })
  expect(await empty.getByText(/all 0|Move 0/).count()).toBe(0)
  await service.client.ensureAttached({ fipsIds: ids, serverId: down })
  await readAgain(page)
  await started(page)
  await done.getByRole('button', { name: 'Move back to down' }).click({ timeout })
  await page.getByRole('button', { name: /^Move 2\sIPs to down$/ }).click({ timeout })
  await page.getByRole('dialog', { name: /^2\sIPs are on down$/ }).waitFor({ timeout })
  await failing(page).getByText(/2 of 2\sIPs are on down\.$/).waitFor({ timeout })
})
