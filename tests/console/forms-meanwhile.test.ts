// A form while its flexible IPs come late, are changed by others or go away: what was typed stays, and the button is right.
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FlexibleIpClient } from '../../pkg/index.js'
import { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { isNetworkNote, openConsole, proxyTo } from './support.js'

const emulator = new FlexibleIpEmulator({ seed: 47, timing: 'instant', servers: ['one', 'two', 'three'].map((name) => ({ zone: 'fr-par-1', name })) })
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })

/** What of the page is held until it is let go. */
let holds: 'nothing' | 'changes' | 'lists' = 'nothing'
const held: (() => void)[] = []
let sent: string[] = []
const proxy = proxyTo(emulator, {
  async fetch(url, init) {
    if (init.method !== 'GET') sent.push(`${init.method} ${init.body ?? ''}`)
    if (holds === 'changes' ? init.method !== 'GET' : holds === 'lists' && url.includes('/zones/fr-par-1/fips?')) await new Promise<void>((resolve) => held.push(resolve))
    return emulator.fetch(url, init)
  },
})
const { open } = openConsole({ proxy, ignores: isNetworkNote })
const timeout = 30_000
const one = emulator.servers.find(({ name }) => name === 'one')?.id ?? ''

let ids: string[]
beforeEach(async () => {
  emulator.reset()
  ids = []
  for (const description of ['A', 'B']) ids.push((await client.createFlexibleIP({ description, tags: ['first'] })).id)
  sent = []
})
afterEach(letGo)

function letGo(): void {
  holds = 'nothing'
  for (const release of held.splice(0)) release()
}

const idOf = (place: number): string => ids[place] ?? ''
const dialogOf = (page: Page) => page.getByRole('dialog')

/** Has the page read the zone again, as another tab does that has changed it. */
const readAgain = (page: Page) => page.evaluate(() => new BroadcastChannel('flexip-console-proxy').postMessage('fr-par-1'))

test('a form whose zone is not read yet says so, and comes when it is read', async () => {
  await client.createFlexibleIP({ zone: 'fr-par-2' })
  holds = 'lists'
  const page = await open(`?dialog=edit:${idOf(0)}`)
  await dialogOf(page).getByText('The zones are being read.').waitFor({ timeout })
  letGo()
  await expect.poll(() => dialogOf(page).getByLabel('Description').inputValue(), { timeout }).toBe('A')
})

test('what others change while a form is open is shown in its fields, but for what is typed, and only that is sent', async () => {
  const page = await open(`?dialog=edit:${idOf(0)}`)
  const dialog = dialogOf(page)
  await dialog.getByLabel('Description').fill('Typed')
  await client.updateFlexibleIP({ fipId: idOf(0), description: 'Theirs', tags: ['first', 'theirs'] })
  await readAgain(page)
  await expect.poll(() => dialog.getByRole('button', { name: /^Remove tag / }).allTextContents(), { timeout }).toEqual(['first', 'theirs'])
  await dialog.getByText('Others have changed it meanwhile to “Theirs”. To save overwrites that.').waitFor({ timeout })
  expect(await dialog.getByLabel('Description').inputValue()).toBe('Typed')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => dialog.count(), { timeout }).toBe(0)
  expect(sent).toEqual(['PATCH {"description":"Typed"}'])
})

test('what was typed stays when the flexible IP is deleted by others, and cannot be sent', async () => {
  const page = await open(`?dialog=edit:${idOf(0)}`)
  const dialog = dialogOf(page)
  await dialog.getByLabel('Description').fill('Typed')
  await client.deleteFlexibleIP({ fipId: idOf(0) })
  await readAgain(page)
  await dialog.getByText(/^This flexible IP is gone: .* What you typed is still here/).waitFor({ timeout })
  expect(await dialog.getByLabel('Description').inputValue()).toBe('Typed')
  expect(await dialog.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
})

test('a form of the selection follows those that others delete, and says when none is left', async () => {
  const page = await open(`?dialog=describe&sel=${idOf(0)}&sel=${idOf(1)}`)
  const dialog = dialogOf(page)
  await dialog.getByLabel('Description').fill('Typed')
  await expect.poll(() => dialog.getByRole('button', { name: 'Describe 2 IPs' }).isEnabled(), { timeout }).toBe(true)
  await client.deleteFlexibleIP({ fipId: idOf(0) })
  await readAgain(page)
  await expect.poll(() => dialog.getByRole('button', { name: 'Describe 1 IP', exact: true }).isEnabled(), { timeout }).toBe(true)
  await client.deleteFlexibleIP({ fipId: idOf(1) })
  await readAgain(page)
  await dialog.getByText('Nothing is selected.').waitFor({ timeout })
  expect(await dialog.getByRole('button', { name: /^Describe/ }).isDisabled()).toBe(true)
  expect(await dialog.getByLabel('Description').inputValue()).toBe('Typed')
})

test('an answer that comes after its form was left closes no other, and a refusal is among the results', async () => {
  const page = await open(`?dialog=edit:${idOf(0)}`)
  const dialog = dialogOf(page)
  await dialog.getByLabel('Description').fill('Typed')
  holds = 'changes'
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => held.length, { timeout }).toBe(1)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Create IPs' }).click()
  await dialog.getByLabel('Description').fill('Another')
  letGo()
  await page.locator('.row', { hasText: 'Typed' }).waitFor({ timeout })
  expect(await dialog.getByLabel('Description').inputValue()).toBe('Another')
  await page.goto('about:blank')
  const again = await open(`?dialog=edit:${idOf(1)}`)
  await dialog.getByLabel('Description').fill('Refused')
  holds = 'changes'
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => held.length, { timeout }).toBe(1)
  await again.keyboard.press('Escape')
  emulator.forceStatus(idOf(1), 'locked')
  letGo()
  await again.locator('button.work', { hasText: /1 not done$/ }).click({ timeout })
  await dialog.getByText('refused', { exact: true }).waitFor({ timeout })
})

test('a move that is cancelled while its plan is read again is not sent', async () => {
  const page = await open(`?dialog=move&sel=${idOf(0)}`)
  const dialog = dialogOf(page)
  const act = dialog.locator('footer').getByRole('button', { name: /^Move 1\sIP to/ })
  await expect.poll(() => act.isEnabled(), { timeout }).toBe(true)
  holds = 'lists'
  await act.click()
  await expect.poll(() => held.length, { timeout }).toBeGreaterThan(0)
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect.poll(() => dialog.count(), { timeout }).toBe(0)
  letGo()
  await page.keyboard.press('m')
  await expect.poll(() => act.isEnabled(), { timeout }).toBe(true)
  expect(sent).toEqual([])
})

test('the target of a plan stays the one that its button names when others fill it less or more, and is not replaced when it cannot take them', async () => {
  const page = await open(`?dialog=move&sel=${idOf(0)}`)
  const dialog = dialogOf(page)
  const act = dialog.locator('footer').getByRole('button', { name: /^Move 1\sIP to one/ })
  await expect.poll(() => act.isEnabled(), { timeout }).toBe(true)
  await client.createAndAttach({ serverId: one, description: 'Theirs' })
  await readAgain(page)
  await dialog.getByText('1, then 2 of 64').waitFor({ timeout })
  await expect.poll(() => act.isEnabled(), { timeout }).toBe(true)
  await client.attachFlexibleIP({ fipsIds: [idOf(0)], serverId: one })
  await readAgain(page)
  await dialog.getByText('Choose where to.').waitFor({ timeout })
  expect(await dialog.locator('footer').getByRole('button', { name: /^Move 1\sIP/ }).isDisabled()).toBe(true)
})
