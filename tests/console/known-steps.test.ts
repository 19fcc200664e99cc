// Steps and creates of which the page does not know all: their rows, times and results say only what is known.
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FlexibleIpClient } from '../../pkg/index.js'
import { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { isNetworkNote, openConsole, proxyTo } from './support.js'

const emulator = new FlexibleIpEmulator({ seed: 59, timing: 'instant', servers: ['one', 'two'].map((name) => ({ zone: 'fr-par-1', name })) })
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
const [one, two] = ['one', 'two'].map((wanted) => emulator.servers.find(({ name }) => name === wanted)?.id ?? '') as [string, string]

/** The changes that wait for their answer; each can be cut. */
const held: (() => void)[] = []
/** The end of the paths whose changes wait. */
let holds: string | undefined
/** Whether an answer is lost after its work. */
let loses: ((path: string) => boolean) | undefined
const proxy = proxyTo(emulator, {
  async fetch(url, init) {
    if (init.method !== 'GET' && holds !== undefined && url.endsWith(holds)) await new Promise<never>((_, reject) => held.push(() => reject(new TypeError('cut'))))
    const answer = await emulator.fetch(url, init)
    if (init.method !== 'GET' && loses?.(new URL(url).pathname)) throw new TypeError('cut')
    return answer
  },
})
const { open } = openConsole({ proxy, ignores: isNetworkNote })
const timeout = 40_000
let id = ''
let address = ''
let left: Page | undefined

beforeEach(async () => {
  holds = undefined
  loses = undefined
  emulator.reset()
  emulator.setTiming('instant')
  const made = await client.createAndAttach({ serverId: one, description: 'Shop' })
  id = made.id
  address = made.ipAddress
})
afterEach(async () => {
  await left?.goto('about:blank')
  left = undefined
  for (const cut of held.splice(0)) cut()
})
const dialog = (page: Page) => page.locator('[role=dialog], [role=alertdialog]')

test('a detach without an answer is detaching in its row, then in doubt, and the bar says that it is in doubt; a reading of its goal ends the step', { timeout: 180_000 }, async () => {
  const page = await open(`?dialog=detach:ip:${id}`)
  left = page
  holds = '/fips/detach'
  await dialog(page).getByRole('button', { name: 'Detach 1 IP' }).click()
  await expect.poll(() => held.length, { timeout }).toBe(1)
  await page.keyboard.press('Escape')
  const status = page.locator('.row .cell.status')
  await status.getByText(/^detaching \d/).waitFor({ timeout })
  // From here on each of its requests is cut at once.
  holds = undefined
  loses = (path) => path.endsWith('/fips/detach')
  emulator.addFault({ operation: 'detachFlexibleIP', nth: 1, times: 1000, fault: 'dropBefore' })
  for (const cut of held.splice(0)) cut()
  await status.getByText('in doubt').waitFor({ timeout })
  await page.locator('button.work', { hasText: /: 1 in doubt$/ }).waitFor({ timeout: 90_000 })
  expect(await page.locator('button.work', { hasText: 'not done' }).count()).toBe(0)
})

test('a move whose attach a gateway answers with 502 is in doubt in its steps, and no time runs on', { timeout: 120_000 }, async () => {
  const page = await open(`?dialog=move:ip:${id}`)
  left = page
  await page.getByRole('radio', { name: /^two/ }).check()
  const act = dialog(page).getByRole('button', { name: 'Move 1 IP to two' })
  await expect.poll(() => act.isEnabled(), { timeout }).toBe(true)
  loses = (path) => path.endsWith('/fips/attach')
  emulator.setTiming({ detach: 0, attach: 30_000, betweenAttaches: 0 })
  await act.click()
  const running = page.getByRole('dialog', { name: /^Moving/ })
  await running.locator('td .state.warn', { hasText: 'in doubt' }).waitFor({ timeout })
  expect(await running.getByText(/^attaching \d/).count()).toBe(0)
})

test('a create of several of which one answer was lost offers what it has made, and asks for no selection that is not there', { timeout: 120_000 }, async () => {
  const page = await open()
  await page.getByRole('button', { name: 'Create IPs' }).click()
  await dialog(page).getByLabel('How many').fill('3')
  await dialog(page).getByLabel('Description').fill('New ones')
  let creates = 0
  loses = (path) => path.endsWith('/fips') && (creates += 1) === 2
  await dialog(page).getByRole('button', { name: 'Create 3 IPs' }).click()
  const results = dialog(page)
  await results.getByText('2 of 3 done.', { exact: true }).waitFor({ timeout })
  expect(await results.getByText('still selected').count()).toBe(0)
  await results.getByText(/\. Perhaps 1\sIP was created\./).waitFor()
  await results.getByText(/^Found: /).waitFor({ timeout })
  expect(await results.getByText(/^Found: /).count()).toBe(1)
  await results.getByRole('button', { name: 'It is this one' }).click()
  await results.getByText('All 3 done').waitFor({ timeout })
  const made = (await client.listFlexibleIPs().all()).filter(({ description }) => description === 'New ones').map(({ ipAddress }) => ipAddress)
  expect((await results.locator('.results b').allTextContents()).sort()).toEqual(made.sort())
  expect(made.length).toBe(3)
})

test('while the page is offline no step of a move counts on, and a step that ended meanwhile has no length afterwards', { timeout: 120_000 }, async () => {
  emulator.setTiming({ detach: 1500, attach: 300, betweenAttaches: 0 })
  const page = await open(`?dialog=move:ip:${id}`)
  await page.getByRole('radio', { name: /^two/ }).check()
  const act = dialog(page).getByRole('button', { name: 'Move 1 IP to two' })
  await expect.poll(() => act.isEnabled(), { timeout }).toBe(true)
  await act.click()
  const running = page.getByRole('dialog', { name: /^Moving/ })
  await running.getByText(/^detaching \d/).waitFor({ timeout })
  await running.getByText('200').first().waitFor({ timeout })
  await page.context().setOffline(true)
  await running.getByText(/^detaching, as of \d\d:\d\d:\d\d/).waitFor({ timeout })
  expect(await running.getByText(/^detaching \d/).count()).toBe(0)
  await page.context().setOffline(false)
  const done = page.getByRole('dialog', { name: '1 IP is on two' })
  await done.waitFor({ timeout })
  await done.locator('td').getByText('detached', { exact: true }).waitFor()
  expect(await done.getByText(/^detached \d/).count()).toBe(0)
  await done.getByText(/^attached \d/).waitFor()
})

test('a failover names what others are changing, leaves it out when asked, and takes it in again', { timeout: 120_000 }, async () => {
  await client.createAndAttach({ serverId: one, description: 'Mail' })
  emulator.forceStatus(id, 'updating')
  const page = await open(`?dialog=failover:${one}`)
  await dialog(page).getByText(`A change of ${address} is under way, perhaps by someone else. Wait for it, or leave it out.`).waitFor({ timeout })
  await dialog(page).getByRole('button', { name: 'Leave it out' }).click()
  await dialog(page).getByText(`${address} is left out, and stays where it is.`).waitFor()
  await page.getByRole('radio', { name: /^two/ }).check()
  const act = dialog(page).getByRole('button', { name: 'Move 1 IP to two' })
  await act.waitFor({ timeout })
  await dialog(page).getByRole('button', { name: 'Take it in again' }).click()
  await dialog(page).getByRole('button', { name: 'Move 2 IPs to two' }).waitFor({ timeout })
  await dialog(page).getByRole('button', { name: 'Leave it out' }).click()
  await expect.poll(() => act.isEnabled(), { timeout }).toBe(true)
  await act.click()
  await page.getByRole('dialog', { name: '1 IP is on two' }).waitFor({ timeout })
  emulator.forceStatus(id, 'attached')
  expect((await client.getFlexibleIP({ fipId: id })).serverId).toBe(one)
})

test('a plan of one flexible IP that others are changing offers to wait, and not to leave it out', { timeout: 60_000 }, async () => {
  emulator.forceStatus(id, 'updating')
  const page = await open(`?dialog=move:ip:${id}`)
  await dialog(page).getByText(`A change of ${address} is under way, perhaps by someone else. Wait for it.`).waitFor({ timeout })
  expect(await dialog(page).getByRole('button', { name: /^Leave/ }).count()).toBe(0)
  emulator.forceStatus(id, 'attached')
})
