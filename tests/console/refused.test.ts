// Changes of many of which the service refuses some, behind the proxy: each has its result, what was refused stays
// selected, exactly that is tried again, and nothing is done twice.
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FlexibleIpClient } from '../../pkg/index.js'
import { FlexibleIpEmulator, type Fault } from '../../pkg/emulator.js'
import { isNetworkNote, openConsole, proxyTo, rowCount } from './support.js'

const emulator = new FlexibleIpEmulator({ seed: 21, timing: 'instant', servers: ['one', 'two'].map((name) => ({ zone: 'fr-par-1', name })) })
const idOf = (wanted: string): string => emulator.servers.find(({ name }) => name === wanted)?.id ?? ''
const [one, two] = [idOf('one'), idOf('two')]
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
const { open } = openConsole({ proxy: proxyTo(emulator), ignores: isNetworkNote })
const timeout = 30_000

beforeEach(async () => {
  for (let count = 0; count < 4; count += 1) await client.createAndAttach({ serverId: one, description: `Number ${count}`, tags: ['first'] })
})
afterEach(() => {
  // Back to two servers without a flexible IP.
  emulator.clearFaults()
  emulator.reset()
})

const refusal: Fault = { status: { status: 412, body: { type: 'precondition_failed', precondition: 'resource_not_usable', help_message: 'the server is busy', message: 'precondition failed' } } }
const ips = () => client.listFlexibleIPs().all()
const selection = (page: Page): string[] => new URL(page.url()).searchParams.getAll('sel')

/** Opens the page, selects all, and has the second and the third change of an operation refused. */
async function selectedWithRefusals(operation: string): Promise<Page> {
  const page = await open()
  await page.getByRole('checkbox', { name: /^Select all/ }).click()
  await page.getByRole('region', { name: 'Selection' }).waitFor()
  emulator.clearJournal()
  emulator.addFault({ operation, nth: 2, times: 2, fault: refusal })
  return page
}

/** Two of four were refused and are selected. Tries them again, and waits until all is done. */
async function tryAgain(page: Page, changed: () => Promise<string[]>): Promise<void> {
  const results = page.getByRole('dialog')
  await results.getByText('2 of 4 done. The 2 that did not succeed are still selected.').waitFor({ timeout })
  expect(await results.getByText(/^done \d/).count()).toBe(2)
  expect(await results.getByText('refused', { exact: true }).count()).toBe(2)
  expect(await results.getByText(/^Request id [0-9a-f-]{36}$/).count()).toBe(2)
  const done = await changed()
  expect(done.length).toBe(2)
  expect(selection(page).filter((id) => done.includes(id))).toEqual([])
  expect(selection(page).length).toBe(2)
  await results.getByRole('button', { name: 'Try the 2 again' }).click()
  await results.getByText('All 2 done').waitFor({ timeout })
  expect((await changed()).length).toBe(4)
  expect(selection(page)).toEqual([])
  await results.locator('footer').getByRole('button', { name: 'Close' }).click()
  await expect.poll(() => page.getByRole('region', { name: 'Selection' }).count()).toBe(0)
}

/** How many requests of an operation the service has answered with a success. */
const answered = (operation: string): number => emulator.journal.filter((entry) => entry.operation === operation && entry.status !== undefined && entry.status < 300).length
const idsWhere = async (has: (ip: Awaited<ReturnType<typeof ips>>[number]) => boolean): Promise<string[]> => (await ips()).filter(has).map(({ id }) => id)

test('of tags', async () => {
  const page = await selectedWithRefusals('updateFlexibleIP')
  await page.keyboard.press('t')
  await page.getByLabel('Add tags').fill('second')
  await page.getByRole('button', { name: 'Change the tags of 4 IPs' }).click()
  await tryAgain(page, () => idsWhere(({ tags }) => tags.join() === 'first,second'))
  expect(answered('updateFlexibleIP')).toBe(4)
})

test('of a description', async () => {
  const page = await selectedWithRefusals('updateFlexibleIP')
  await page.keyboard.press('e')
  await page.getByRole('dialog').getByLabel('Description').fill('Changed')
  await page.getByRole('button', { name: 'Describe 4 IPs' }).click()
  await tryAgain(page, () => idsWhere(({ description }) => description === 'Changed'))
  expect(answered('updateFlexibleIP')).toBe(4)
})

test('of a detach', async () => {
  const page = await selectedWithRefusals('detachFlexibleIP')
  await page.keyboard.press('d')
  await page.getByRole('button', { name: 'Detach 4 IPs' }).click()
  await tryAgain(page, () => idsWhere(({ serverId }) => serverId === undefined))
  expect(answered('detachFlexibleIP')).toBe(4)
})

test('of a delete', async () => {
  const before = await idsWhere(() => true)
  const page = await selectedWithRefusals('deleteFlexibleIP')
  await page.getByRole('button', { name: 'Delete…' }).click()
  await page.getByLabel('Type 4 to confirm').fill('4')
  await page.getByRole('button', { name: 'Delete 4 IPs' }).click()
  await tryAgain(page, async () => {
    const left = await idsWhere(() => true)
    return before.filter((id) => !left.includes(id))
  })
  expect(answered('deleteFlexibleIP')).toBe(4)
})

test('of an attach: those that did not arrive stay selected, and the move goes on with them', async () => {
  const page = await selectedWithRefusals('attachFlexibleIP')
  emulator.addFault({ operation: 'attachFlexibleIP', nth: 2, times: 2, fault: refusal })
  await page.keyboard.press('m')
  await page.getByRole('button', { name: 'Move 4 IPs to two' }).click()
  const half = page.getByRole('dialog', { name: /^[123] of 4\sIPs (?:is|are) on two$/ })
  await half.waitFor({ timeout })
  await half.getByText(/412/).first().waitFor()
  const arrived = await idsWhere(({ serverId }) => serverId === two)
  await expect.poll(() => selection(page).length).toBe(4 - arrived.length)
  expect(selection(page).filter((id) => arrived.includes(id))).toEqual([])
  emulator.clearFaults()
  await half.getByRole('button', { name: /^Continue with \d\sIPs?$/ }).click()
  await page.getByRole('dialog', { name: '4 IPs are on two' }).waitFor({ timeout })
  expect((await ips()).map(({ serverId }) => serverId)).toEqual([two, two, two, two])
})

test('one that was deleted by another meanwhile has its reason, and the others are changed', async () => {
  const page = await open()
  await page.getByRole('checkbox', { name: /^Select all/ }).click()
  await page.getByRole('region', { name: 'Selection' }).waitFor()
  await page.keyboard.press('e')
  await page.getByRole('dialog').getByLabel('Description').fill('Changed')
  const [first] = await idsWhere(() => true)
  await client.deleteFlexibleIP({ fipId: first ?? '' })
  await page.getByRole('button', { name: /^Describe [34] IPs$/ }).click()
  await page.getByRole('dialog').getByText(/3 of 4 done|All 3 done/).waitFor({ timeout })
  expect((await ips()).map(({ description }) => description)).toEqual(['Changed', 'Changed', 'Changed'])
  await page.getByRole('dialog').locator('footer').getByRole('button', { name: 'Close' }).click()
  await expect.poll(() => rowCount(page)).toBe(3)
})

test('a link that selects all selects no part of it while a zone is still being read', async () => {
  await client.createFlexibleIP({ zone: 'nl-ams-1', description: 'Far away' })
  emulator.addFault({ operation: 'listFlexibleIPs', zone: 'nl-ams-1', nth: 1, fault: { delay: { min: 1000, max: 1000 } } })
  const page = await open('?sel=all')
  await page.getByRole('region', { name: 'Selection' }).getByText('5\u00a0IPs selected').waitFor({ timeout })
  expect(selection(page).length).toBe(5)
})
