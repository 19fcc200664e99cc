// A form while its flexible IPs come late, are changed by others or go away: what was typed stays, and the button is right.
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readAgain, startService } from './service.js'
import { isNetworkNote, openConsole } from './support.js'

let sent: string[] = []
const { emulator, client, proxy, serverId, hold, letGo, heldCount } = startService({ seed: 47, names: ['one', 'two', 'three'], arrived: (_, init) => void (init.method !== 'GET' && sent.push(`${init.method} ${init.body ?? ''}`)) })
const holdChanges = () => hold((method) => method !== 'GET')
const holdLists = () => hold((_, url) => url.includes('/zones/fr-par-1/fips?'))
const { open } = openConsole({ proxy, ignores: isNetworkNote })
const timeout = 30_000
const one = serverId('one')

let ids: string[]
beforeEach(async () => {
  emulator.reset()
  ids = []
  for (const description of ['A', 'B']) ids.push((await client.createFlexibleIP({ description, tags: ['first'] })).id)
  sent = []
})
afterEach(letGo)

const idOf = (place: number): string => ids[place] ?? ''
const dialogOf = (page: Page) => page.getByRole('dialog')

test('a form whose zone is not read yet says so, and comes when it is read', async () => {
  await client.createFlexibleIP({ zone: 'fr-par-2' })
  holdLists()
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
  holdChanges()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect.poll(heldCount, { timeout }).toBe(1)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Create IPs' }).click()
  await dialog.getByLabel('Description').fill('Another')
  letGo()
  await page.locator('.row', { hasText: 'Typed' }).waitFor({ timeout })
  expect(await dialog.getByLabel('Description').inputValue()).toBe('Another')
  await page.goto('about:blank')
  const again = await open(`?dialog=edit:${idOf(1)}`)
  await dialog.getByLabel('Description').fill('Refused')
  holdChanges()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await expect.poll(heldCount, { timeout }).toBe(1)
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
  holdLists()
  await act.click()
  await expect.poll(heldCount, { timeout }).toBeGreaterThan(0)
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
