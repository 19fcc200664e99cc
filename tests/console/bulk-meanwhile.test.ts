// What a person does while changes of many are under way: the selection is theirs, and other changes wait for the end.
import type { Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { FlexibleIpClient } from '../../pkg/index.js'
import { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { isNetworkNote, openConsole, proxyTo } from './support.js'

const emulator = new FlexibleIpEmulator({ seed: 41, timing: 'instant', servers: [{ zone: 'fr-par-1', name: 'one' }] })
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })

/** The changes of the page that are held until they are let go. */
let held: (() => void)[] = []
let isHolding = false
const proxy = proxyTo(emulator, {
  async fetch(url, init) {
    if (isHolding && init.method !== 'GET') await new Promise<void>((resolve) => held.push(resolve))
    return emulator.fetch(url, init)
  },
})
const { open } = openConsole({ proxy, ignores: isNetworkNote })
const timeout = 30_000

let ids: string[]
beforeEach(async () => {
  isHolding = false
  letGo()
  emulator.reset()
  ids = []
  for (const description of ['A', 'B', 'C', 'D']) ids.push((await client.createFlexibleIP({ description })).id)
  isHolding = true
})

function letGo(): void {
  isHolding = false
  for (const release of held.splice(0)) release()
}

const idOf = (place: number): string => ids[place] ?? ''
const check = (page: Page, place: number) => page.locator(`#row-${idOf(place)}`).getByRole('checkbox')
const selected = (page: Page): string[] => new URL(page.url()).searchParams.getAll('sel').sort()

/** Describes the first two flexible IPs, and closes the results while they are under way. */
async function describeTwo(page: Page): Promise<void> {
  for (const place of [0, 1]) await check(page, place).click()
  await page.keyboard.press('e')
  await page.getByRole('dialog').getByLabel('Description').fill('New')
  await page.getByRole('dialog').getByRole('button', { name: /^Describe 2/ }).click()
  await expect.poll(() => held.length, { timeout }).toBe(2)
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('dialog').count(), { timeout }).toBe(0)
}

const ended = (page: Page) => page.locator('button.work', { hasText: /^Describe 2\sIPs: 1 not done$/ }).waitFor({ timeout })

test('what is selected while changes are under way stays selected at their end; of them, what failed is selected and what succeeded is not', async () => {
  const page = await open()
  await describeTwo(page)
  emulator.forceStatus(idOf(1), 'locked')
  await check(page, 1).click()
  await check(page, 2).click()
  expect(selected(page)).toEqual([idOf(0), idOf(2)].sort())
  letGo()
  await ended(page)
  await expect.poll(() => selected(page), { timeout }).toEqual([idOf(1), idOf(2)].sort())
})

test('what has succeeded and was selected anew meanwhile stays selected', async () => {
  const page = await open()
  await describeTwo(page)
  emulator.forceStatus(idOf(1), 'locked')
  await check(page, 0).click()
  await check(page, 0).click()
  letGo()
  await ended(page)
  await expect.poll(() => selected(page), { timeout }).toEqual([idOf(0), idOf(1)].sort())
})

test('while changes are under way, no dialog starts others: its button is off and says why, until they have ended', { timeout: 120_000 }, async () => {
  const page = await open()
  await describeTwo(page)
  const reason = 'Another change is under way: Describe 2\u00a0IPs. Wait for its end, or stop what waits.'
  const bar = page.getByRole('region', { name: 'Selection' })
  const dialog = page.locator('[role=dialog], [role=alertdialog]')
  for (const [name, act, prepare] of [
    ['Tag…', /^Change the tags/, () => dialog.getByLabel('Add tags').fill('x')],
    ['Describe…', /^Describe 2/, () => dialog.getByLabel('Description').fill('Other')],
    ['Delete…', /^Delete 2/, () => dialog.getByLabel(/^Type 2/).fill('2')],
  ] as const) {
    await bar.getByRole('button', { name }).click()
    await prepare()
    await dialog.getByText(reason).waitFor({ timeout })
    expect(await dialog.getByRole('button', { name: act }).isDisabled()).toBe(true)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await expect.poll(() => dialog.count(), { timeout }).toBe(0)
  }
  await page.getByRole('button', { name: 'Create IPs' }).click()
  await dialog.getByLabel('How many').fill('2')
  await dialog.getByText(reason).waitFor({ timeout })
  expect(await dialog.getByRole('button', { name: 'Create 2 IPs' }).isDisabled()).toBe(true)
  // One is no work on many.
  await dialog.getByLabel('How many').fill('1')
  await expect.poll(() => dialog.getByRole('button', { name: 'Create 1 IP' }).isEnabled(), { timeout }).toBe(true)
  await dialog.getByLabel('How many').fill('2')
  letGo()
  await expect.poll(() => dialog.getByRole('button', { name: 'Create 2 IPs' }).isEnabled(), { timeout }).toBe(true)
})

test('a create of several that is left before its first answer keeps its turn, and does not come between', { timeout: 120_000 }, async () => {
  const page = await open()
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: 'Create IPs' }).click()
  await dialog.getByLabel('How many').fill('3')
  await dialog.getByLabel('Description').fill('Made')
  await dialog.getByRole('button', { name: 'Create 3 IPs' }).click()
  await expect.poll(() => held.length, { timeout }).toBe(1)
  await page.keyboard.press('Escape')
  await expect.poll(() => dialog.count(), { timeout }).toBe(0)
  await check(page, 0).click()
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Describe…' }).click()
  await dialog.getByLabel('Description').fill('Typed')
  await dialog.getByText(/^Another change is under way: Create 3\sIPs\./).waitFor({ timeout })
  letGo()
  await expect.poll(async () => (await client.listFlexibleIPs().all()).filter(({ description }) => description === 'Made').length, { timeout }).toBe(3)
  const act = dialog.getByRole('button', { name: /^Describe 1/ })
  await expect.poll(() => act.isEnabled(), { timeout }).toBe(true)
  expect(await dialog.getByLabel('Description').inputValue()).toBe('Typed')
  expect(selected(page)).toEqual([idOf(0)])
})
