// Never stale: states settle in place, and tabs agree without a reload.
import type { FlexibleIP } from '../../pkg/index.js'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { inOrder } from '../../js/console/views/steady-order.js'
import { openConsole } from './support.js'

const { open, tab } = openConsole()

const idsOf = (page: Page): Promise<string[]> => page.locator('.row').evaluateAll((rows) => rows.map(({ id }) => id))
const spare = (page: Page) => page.locator('.row', { hasText: 'Spare' }).first()

/** Begins a move in a tab. */
async function move(page: Page, server: string): Promise<void> {
  await page.getByRole('radio', { name: server }).check({ force: true })
  await page.getByRole('button', { name: new RegExp(`^Move 1\\sIP to ${server}$`) }).click()
}

test('a change of one tab is seen in the other while it is under way and when it is done; the rows keep their place until they are to be sorted again', { timeout: 120_000 }, async () => {
  const page = await open('?zone=fr-par-1&sort=-status')
  await spare(page).waitFor()
  await page.getByText('as recorded').click()
  const before = await idsOf(page)
  const row = page.locator(`[id="${await spare(page).getAttribute('id')}"]`)
  const id = ((await row.getAttribute('id')) ?? '').slice('row-'.length)
  const other = await tab(`?dialog=move&sel=${id}`)
  await move(other, 'web-2')
  await row.locator('.status.updating').waitFor({ timeout: 20_000 })
  await row.locator('.status.attached').waitFor({ timeout: 45_000 })
  expect(await row.textContent()).toContain('web-2')
  expect(await idsOf(page)).toEqual(before)
  await expect.poll(() => page.getByRole('status').allTextContents().then((texts) => texts.join(' '))).toMatch(/: attached, web-2\./)
  await page.getByRole('button', { name: 'Order changed: sort again' }).click()
  await expect.poll(() => idsOf(page)).not.toEqual(before)
  await other.getByRole('heading', { name: /1\sIP is on web-2/ }).waitFor({ timeout: 20_000 })
})

test('a server that one tab marks as failing is failing in the other, and a reset is one for both', async () => {
  const page = await open()
  const other = await tab('?view=servers')
  await other.locator('.card', { hasText: 'db-1' }).first().getByRole('button', { name: 'Mark as failing' }).click()
  await page.getByText('db-1 is failing').waitFor()
  await page.getByRole('button', { name: 'Reset' }).click()
  await expect.poll(() => other.getByText('db-1 is failing').count()).toBe(0)
})

test('a reset in one tab takes the changes out of the other at once', async () => {
  const page = await open('?zone=fr-par-1&q=spare', { speed: 'instant' })
  const id = ((await spare(page).getAttribute('id')) ?? '').slice('row-'.length)
  const other = await tab(`?dialog=move&sel=${id}`)
  await move(other, 'db-1')
  await page.locator('.row .status.attached').waitFor({ timeout: 30_000 })
  await other.getByRole('button', { name: 'Close' }).last().click()
  await other.getByRole('button', { name: 'Reset' }).click()
  await expect.poll(() => page.locator('.row .status.attached').count(), { timeout: 10_000 }).toBe(0)
})

test('what one tab creates, describes and deletes is so in the other at once, and its sheet and selection follow', { timeout: 60_000 }, async () => {
  const page = await open('?q=spare', { speed: 'instant' })
  const id = ((await spare(page).getAttribute('id')) ?? '').slice('row-'.length)
  await page.locator('.address-link').first().click()
  await page.getByRole('complementary').getByText('Spare', { exact: true }).waitFor()
  const other = await tab(`?q=spare&sel=${id}&dialog=describe`)
  await other.getByRole('dialog').getByLabel('Description').fill('Spare, for the new site')
  await other.getByRole('button', { name: 'Describe 1 IP' }).click()
  await page.getByRole('complementary').getByText('Spare, for the new site').waitFor({ timeout: 10_000 })
  await other.goto(other.url().replace(/\?.*/, `?q=spare&sel=${id}&dialog=delete`))
  await other.getByRole('button', { name: /^Delete \d/ }).click()
  await page.getByRole('complementary').getByText(/^There is no such flexible IP any more/).waitFor({ timeout: 10_000 })
  await expect.poll(() => page.locator('.row').count()).toBe(2)
  await page.keyboard.press('Escape')
  await other.goto(other.url().replace(/\?.*/, '?dialog=create'))
  await other.getByLabel('Description').fill('Spare, made by the other tab')
  await other.getByRole('button', { name: 'Create 1 IP' }).click()
  await page.locator('.row', { hasText: 'Spare, made by the other tab' }).waitFor({ timeout: 10_000 })
})

test('rows that are new come where they belong, and those that are gone leave no gap', () => {
  const list = (...ids: string[]) => ids.map((id) => ({ id }) as FlexibleIP)
  const ids = (before: string[], sorted: FlexibleIP[]) => inOrder(before, sorted).map(({ id }) => id).join('')
  expect(ids(['b', 'd'], list('a', 'b', 'c', 'd', 'e'))).toBe('abcde')
  expect(ids(['d', 'b'], list('b', 'c', 'd'))).toBe('dbc')
  expect(ids(['a', 'b', 'c'], list('c', 'a'))).toBe('ac')
  expect(ids([], list('a', 'b'))).toBe('ab')
})

test('two tabs show the same speed and the same faults', async () => {
  const page = await open()
  const other = await tab()
  await other.getByLabel('Faults').waitFor()
  await page.getByLabel('Faults').selectOption('throttled')
  await page.locator('.segments label', { hasText: 'as recorded' }).click()
  await expect.poll(() => other.getByLabel('Faults').inputValue()).toBe('throttled')
  await expect.poll(() => other.getByRole('radio', { name: 'as recorded' }).isChecked()).toBe(true)
  await page.getByRole('button', { name: 'Reset' }).click()
  await expect.poll(() => other.getByLabel('Faults').inputValue()).toBe('none')
})
