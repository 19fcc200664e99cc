// Changes of many flexible IPs: exactly the selected ones, a result for each, what fails stays selected.
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openConsole, rowCount } from './support.js'

const { open } = openConsole()

/** Opens the console, in which transitions take no time, and selects all that a search shows. */
async function selected(query: string): Promise<{ page: Page; bar: Locator }> {
  const page = await open(`?${query}`, { speed: 'instant' })
  await page.getByRole('checkbox', { name: /^Select all/ }).click()
  const bar = page.getByRole('region', { name: 'Selection' })
  await bar.waitFor()
  return { page, bar }
}

const selection = (page: Page): number => new URL(page.url()).searchParams.getAll('sel').length
const timeout = 20_000

test('tags are added to all that are selected and removed from them, and to no other', async () => {
  const { page, bar } = await selected('q=mail-1')
  await page.keyboard.press('t')
  const form = page.getByRole('dialog', { name: 'Tag 3 IPs' })
  await form.getByLabel('Add tags').fill('checked, mx')
  await form.getByLabel('Remove tags').fill('prod')
  await form.getByRole('button', { name: 'Change the tags of 3 IPs' }).click()
  const results = page.getByRole('dialog', { name: 'Tag 3 IPs' })
  await results.getByText('All 3 done').waitFor({ timeout })
  expect(await results.getByText(/^done \d/).count()).toBe(3)
  await results.locator('footer').getByRole('button', { name: 'Close' }).click()
  await expect.poll(() => bar.count()).toBe(0)
  await page.getByRole('searchbox').fill('checked')
  await expect.poll(() => rowCount(page)).toBe(3)
  expect(await page.locator('.row .tag').getByText('prod', { exact: true }).count()).toBe(0)
  expect(await page.locator('.row .tag').getByText('mail', { exact: true }).count()).toBe(3)
})

test('what the sheet of one offers acts on it alone, and the selection stays as it was', { timeout: 60_000 }, async () => {
  const { page } = await selected('q=spare')
  const before = new URL(page.url()).searchParams.getAll('sel')
  await page.getByRole('searchbox').fill('Web, staging')
  await expect.poll(() => rowCount(page)).toBe(1)
  const address = (await page.locator('.row .address-link').first().textContent()) ?? ''
  await page.locator('.row .address-link').first().click()
  const sheet = page.getByRole('complementary')
  for (const [name, title] of [['Move…', 'Move 1\\sIP'], ['Detach…', 'Detach 1\\sIP'], ['Delete…', `Delete ${address}`]] as const) {
    await sheet.getByRole('button', { name }).click()
    const dialog = page.locator('[role=dialog], [role=alertdialog]')
    await dialog.getByRole('heading', { name: new RegExp(`^${title}`) }).waitFor()
    expect(await dialog.textContent()).toContain(address)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await expect.poll(() => dialog.count()).toBe(0)
    expect(new URL(page.url()).searchParams.getAll('sel')).toEqual(before)
  }
  await sheet.getByRole('button', { name: 'Detach…' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Detach 1 IP' }).click()
  await page.getByRole('dialog').getByText(/^All 1 done|^done/).first().waitFor({ timeout })
  expect(new URL(page.url()).searchParams.getAll('sel')).toEqual(before)
})

test('a description is checked while it is typed, and sent for each', async () => {
  const { page } = await selected('q=spare')
  await page.getByRole('button', { name: 'Describe…' }).click()
  const form = page.getByRole('dialog', { name: 'Describe 3 IPs' })
  const description = form.getByLabel('Description')
  await description.fill('x'.repeat(300))
  await form.getByText(/255/).waitFor()
  expect(await form.getByRole('button', { name: 'Describe 3 IPs' }).isDisabled()).toBe(true)
  await description.fill('For the new site')
  await description.press('Enter')
  await page.getByRole('dialog').getByText('All 3 done').waitFor({ timeout })
  await page.keyboard.press('Escape')
  await page.getByRole('searchbox').fill('For the new site')
  await expect.poll(() => rowCount(page)).toBe(3)
})

test('one of a MAC group is detached with its whole group, which is said before', async () => {
  const { page } = await selected('q=mail-1')
  await page.locator('.row').first().getByRole('checkbox').click()
  await page.keyboard.press('d')
  const whole = page.getByRole('dialog', { name: 'Detach 3 IPs' })
  await whole.getByText(/^1\sIP that was not selected goes along/).waitFor()
  await whole.getByRole('button', { name: 'Detach 3 IPs' }).click()
  await page.getByRole('dialog').getByText('All 3 done').waitFor({ timeout })
  await page.keyboard.press('Escape')
  await page.getByRole('searchbox').fill('prod mail')
  await expect.poll(() => page.locator('.row .status.ready').count(), { timeout }).toBe(3)
  expect(await page.locator('.row .mac .mono').getByText(/^52:54/).count()).toBe(3)
})

test('a selection is attached to a server by the plan of a move', async () => {
  const { page } = await selected('q=spare&zone=fr-par-1')
  await page.keyboard.press('m')
  const plan = page.getByRole('dialog', { name: 'Move 2 IPs' })
  await plan.getByRole('radio', { name: /^db-2/ }).check()
  await plan.getByRole('button', { name: 'Move 2 IPs to db-2' }).click()
  await page.getByRole('dialog', { name: '2 IPs are on db-2' }).waitFor({ timeout })
  expect(selection(page)).toBe(0)
})

test('a delete names what is lost, has its focus on Cancel, and needs the number; what the service refuses stays selected', async () => {
  const { page, bar } = await selected('q=web-1')
  await bar.getByRole('button', { name: 'Delete…' }).click()
  const dialog = page.getByRole('alertdialog', { name: 'Delete 7 IPs?' })
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Cancel')
  await dialog.getByText('Shop front, static files').waitFor()
  await dialog.getByText(/^7\sIPs are attached now/).waitFor()
  const act = dialog.getByRole('button', { name: 'Delete 7 IPs' })
  expect(await act.isDisabled()).toBe(true)
  await dialog.getByLabel('Type 7 to confirm').fill('7')
  await page.keyboard.press('Enter')
  await dialog.waitFor()
  await act.click()
  const results = page.getByRole('dialog', { name: 'Delete 7 IPs' })
  await results.getByText('6 of 7 done. The 1 that did not succeed is still selected.').waitFor({ timeout })
  await results.getByText(/423|locked/).first().waitFor()
  await results.getByText(/^Request id [0-9a-f-]{36}$/).waitFor()
  await results.getByRole('button', { name: 'Try the 1 again' }).waitFor()
  expect(selection(page)).toBe(1)
  await expect.poll(() => rowCount(page)).toBe(1)
})

test('while the service asks to slow down, no change is lost, the strip says what waits, and the rest can be stopped', { timeout: 60_000 }, async () => {
  const { page } = await selected('q=vm-1')
  await page.getByLabel('Faults').selectOption({ label: 'slow down (429)' })
  await page.keyboard.press('t')
  await page.getByLabel('Add tags').fill('slow')
  await page.getByRole('button', { name: 'Change the tags of 14 IPs' }).click()
  await page.getByText(/Scaleway asks us to slow down \(429, since \d\d:\d\d:\d\d\)/).waitFor({ timeout })
  await page.getByText(/changes wait, none is lost/).waitFor({ timeout })
  const results = page.getByRole('dialog', { name: 'Tag 14 IPs' })
  await results.getByRole('button', { name: /^Stop the/ }).click()
  await results.getByText(/still selected/).waitFor({ timeout: 40_000 })
  const notSent = await results.getByText('not sent', { exact: true }).count()
  const done = await results.getByText(/^done \d/).count()
  expect(notSent).toBeGreaterThan(0)
  expect(selection(page)).toBe(14 - done)
})
