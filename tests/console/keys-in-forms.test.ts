// Keys act where a person looks: on rows in sight, in the first field of a form, in the menu of a filter.
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { openConsole } from './support.js'

const console = openConsole()
const timeout = 30_000

const grid = (page: Page) => page.getByRole('grid', { name: 'Flexible IPs' })
const selected = (page: Page): number => new URL(page.url()).searchParams.getAll('sel').length
const copied = (page: Page): Promise<string> => page.evaluate('navigator.clipboard.readText()')
const label = (page: Page): Promise<string> => page.evaluate("document.activeElement?.labels?.[0]?.textContent ?? document.activeElement?.tagName ?? ''")

beforeAll(() => console.keeper.context().grantPermissions(['clipboard-read', 'clipboard-write']))

test('Space on a row out of sight brings it into sight and changes nothing; that row keeps its place among the others', { timeout: 90_000 }, async () => {
  const page = await console.open('?population=3000')
  const places = () => page.locator('.row').evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('aria-rowindex'))))
  const inOrder = async () => (await places()).every((place, index, all) => index === 0 || place > (all[index - 1] ?? 0))
  const scrollTop = (): Promise<number> => grid(page).evaluate(({ scrollTop }) => scrollTop)
  await grid(page).focus()
  for (let step = 0; step < 5; step += 1) await page.keyboard.press('ArrowDown')
  await grid(page).evaluate((table) => (table.scrollTop = 3000))
  await expect.poll(async () => (await places()).some((place) => place > 90), { timeout }).toBe(true)
  await expect.poll(inOrder, { timeout }).toBe(true)
  expect((await places())[0]).toBe(7)
  await page.keyboard.press('Space')
  await expect.poll(scrollTop, { timeout }).toBeLessThan(200)
  expect(selected(page)).toBe(0)
  await page.keyboard.press('Space')
  await expect.poll(() => selected(page), { timeout }).toBe(1)
  // A row below what is in sight stands after it.
  await page.keyboard.press('End')
  await grid(page).evaluate((table) => (table.scrollTop = 0))
  await expect.poll(async () => (await places())[0], { timeout }).toBe(2)
  await expect.poll(inOrder, { timeout }).toBe(true)
  expect((await places()).at(-1)).toBe(3001)
})

test('C and Shift C copy the selection in the order of the table', async () => {
  const page = await console.open('?sort=-address')
  await grid(page).focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('c')
  await expect.poll(async () => (await copied(page)).split('\n').length, { timeout }).toBe(60)
  const addresses = (await copied(page)).split('\n')
  expect(addresses[0]).toBe(await page.locator('.row .address-link').first().innerText())
  await page.keyboard.press('Shift+C')
  await expect.poll(async () => (await copied(page)).split('\r\n').length, { timeout }).toBe(61)
  expect((await copied(page)).split('\r\n').slice(1).map((line) => line.split('\t')[0])).toEqual(addresses)
})

test('E puts the focus into the description and T into the tags, for one row and for a selection', { timeout: 90_000 }, async () => {
  const page = await console.open()
  await grid(page).focus()
  const opens = async (key: string, field: string): Promise<void> => {
    await page.keyboard.press(key)
    await page.getByRole('dialog').waitFor({ timeout })
    await expect.poll(() => label(page), { timeout }).toBe(field)
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('dialog').count(), { timeout }).toBe(0)
    await expect.poll(() => grid(page).evaluate((table) => table === document.activeElement), { timeout }).toBe(true)
  }
  await opens('e', 'Description')
  await opens('t', 'Tags')
  await page.keyboard.press('Space')
  await opens('e', 'Description')
  await opens('t', 'Add tags')
})

test('in the menu that F opens, arrows go from choice to choice and Enter chooses', { timeout: 90_000 }, async () => {
  const page = await console.open()
  await page.keyboard.press('f')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Zone' }).waitFor({ timeout })
  await expect.poll(() => label(page), { timeout }).toBe('fr-par-1')
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => label(page), { timeout }).toBe('fr-par-2')
  await page.keyboard.press('Enter')
  await expect.poll(() => new URL(page.url()).searchParams.getAll('zone'), { timeout }).toEqual(['fr-par-2'])
  await page.keyboard.press('ArrowUp')
  await expect.poll(() => label(page), { timeout }).toBe('fr-par-1')
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('dialog').count(), { timeout }).toBe(0)
  // A menu with a search begins there.
  const chip = (): Promise<string> => page.evaluate("document.activeElement?.textContent ?? ''")
  await expect.poll(chip, { timeout }).toContain('Zone')
  for (let step = 0; step < 5 && !(await chip()).includes('Server'); step += 1) await page.keyboard.press('f')
  await page.keyboard.press('Enter')
  const menu = page.getByRole('dialog', { name: 'Server' })
  await menu.getByRole('searchbox').waitFor({ timeout })
  await expect.poll(() => menu.getByRole('searchbox').evaluate((input) => input === document.activeElement), { timeout }).toBe(true)
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => label(page), { timeout }).toBe(await menu.locator('.option').first().innerText())
})

test('the first arrow after a load brings the focus to the table, and so do Enter and an arrow in the search', { timeout: 90_000 }, async () => {
  const page = await console.open()
  const isInGrid = () => grid(page).evaluate((table) => table === document.activeElement)
  expect(await isInGrid()).toBe(false)
  await page.keyboard.press('ArrowDown')
  await expect.poll(isInGrid, { timeout }).toBe(true)
  await page.keyboard.press('m')
  await page.getByRole('dialog', { name: /^Move \d/ }).waitFor({ timeout })
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('dialog').count(), { timeout }).toBe(0)
  for (const key of ['Enter', 'ArrowDown']) {
    await page.keyboard.press('/')
    await page.keyboard.type('a')
    await page.keyboard.press(key)
    await expect.poll(isInGrid, { timeout }).toBe(true)
  }
})
