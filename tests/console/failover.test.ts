// The failover of a server in one dialog: plan, steps, cancel, half a failure, continue, way back.
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openConsole, rowCount } from './support.js'

const { open } = openConsole()

/** Opens the plan of the failing server. */
async function plan(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Plan failover of 6\u00a0IPs' }).click()
  const dialog = page.getByRole('dialog', { name: 'Fail over web-1' })
  await dialog.getByRole('button', { name: 'Move 6\u00a0IPs to' }).waitFor()
  return dialog
}

const faults = (page: Page, name: string) => page.getByLabel('Faults').selectOption({ label: name })
const onServer = async (page: Page, server: string): Promise<number> => {
  await page.getByRole('searchbox').fill(server)
  return rowCount(page)
}
const timeout = 30_000

test('the plan shows what moves in which groups, what stays, where it can go and why not elsewhere, and sends nothing', async () => {
  const page = await open()
  const dialog = await plan(page)
  expect(await dialog.locator('.ledger thead').innerText()).toContain('6\u00a0IPs, in 3\u00a0units')
  const groups = dialog.locator('.unit.group')
  expect(await groups.evaluateAll((units) => units.map((unit) => unit.querySelectorAll('b').length))).toEqual([3, 2])
  await dialog.getByText('locked by Scaleway, stays on web-1').waitFor()
  await dialog.getByText('Other zone: these IPs work in fr-par-1 only').waitFor()
  const targets = await dialog.locator('label.target b').allTextContents()
  expect([...targets].sort()).toEqual(['db-1', 'db-2', 'mail-1', 'vm-1', 'web-2'])
  await dialog.getByRole('radio', { name: /^web-2/ }).check()
  await dialog.getByRole('button', { name: 'Move 6\u00a0IPs to web-2' }).waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('link', { name: 'Log' }).click()
  await page.getByRole('row', { name: /List fr-par-1/ }).first().waitFor()
  expect(await page.getByRole('row', { name: /attach/i }).count()).toBe(0)
})

test('a failover runs with live times, and can be moved back with the same plan', { timeout: 60_000 }, async () => {
  const page = await open()
  const dialog = await plan(page)
  await dialog.getByRole('radio', { name: /^web-2/ }).check()
  await dialog.getByRole('button', { name: 'Move 6\u00a0IPs to web-2' }).click()
  await page.getByRole('dialog', { name: 'Moving 6\u00a0IPs to web-2' }).getByText(/detaching \d/).first().waitFor()
  const done = page.getByRole('dialog', { name: '6\u00a0IPs are on web-2' })
  await done.waitFor({ timeout })
  expect(await done.getByText(/^detached \d+\.\d/).count()).toBe(3)
  expect(await done.locator('td').getByText('on web-2').count()).toBe(3)
  await done.getByRole('button', { name: 'Move back to web-1' }).click()
  const back = page.getByRole('dialog', { name: 'Move back to web-1' })
  await back.getByRole('radio', { name: /^web-1 ?is failing/ }).waitFor()
  await back.getByRole('button', { name: 'Move 6\u00a0IPs to web-1' }).click()
  const returned = page.getByRole('dialog', { name: '6\u00a0IPs are on web-1' })
  await returned.waitFor({ timeout })
  await returned.locator('footer').getByRole('button', { name: 'Close' }).click()
  await expect.poll(() => onServer(page, 'web-1')).toBe(7)
})

test('a failover that half fails says what is where and why, and continues with what is missing', { timeout: 60_000 }, async () => {
  const page = await open('', { speed: 'instant' })
  await faults(page, 'a move half fails')
  const dialog = await plan(page)
  await dialog.getByRole('radio', { name: /^web-2/ }).check()
  await dialog.getByRole('button', { name: 'Move 6\u00a0IPs to web-2' }).click()
  const half = page.getByRole('dialog', { name: /^[123] of 6\sIPs (is|are) on web-2$/ })
  await half.waitFor({ timeout })
  expect(await half.locator('.state.bad', { hasText: 'on no server' }).count()).toBe(2)
  await half.getByText(/412/).waitFor()
  await half.getByText(/^Request id [0-9a-f-]{36}$/).waitFor()
  await half.getByRole('radio', { name: /^Put back on web-1/ }).waitFor()
  // The strip says it too, for those that have closed the dialog.
  await page.locator('.strip', { hasText: /^web-1 is failing in fr-par-1\. [123] of 6\sIPs (is|are) on web-2, [345] on no server, 1 still here\.Show the move$/ }).waitFor({ timeout })
  await half.getByRole('button', { name: /^Continue with [345]\sIPs$/ }).click()
  await page.getByRole('dialog', { name: '6\u00a0IPs are on web-2' }).waitFor({ timeout })
})

test('a failover whose dialog is closed goes on and is in the bar; stopped between steps, it says what is where', { timeout: 60_000 }, async () => {
  const page = await open()
  await page.locator('.segments label', { hasText: 'as recorded' }).click()
  const dialog = await plan(page)
  await dialog.getByRole('radio', { name: /^web-2/ }).check()
  await dialog.getByRole('button', { name: 'Move 6\u00a0IPs to web-2' }).click()
  const running = page.getByRole('dialog', { name: 'Moving 6\u00a0IPs to web-2' })
  await running.getByText(/detaching \d/).first().waitFor()
  await running.getByText(/The step under way is finished first\. Then 0\sIPs are on web-2 and 6 on no server/).waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => running.count()).toBe(0)
  await page.getByRole('button', { name: /^Moving 6\sIPs, / }).click()
  await running.getByRole('button', { name: 'Stop after this step' }).click()
  const stopped = page.getByRole('dialog', { name: '0 of 6\u00a0IPs are on web-2' })
  await stopped.waitFor({ timeout })
  expect(await stopped.locator('.state.bad', { hasText: 'on no server' }).count()).toBe(3)
  await stopped.getByRole('radio', { name: /^Put back on web-1/ }).check()
  await stopped.getByRole('button', { name: 'Plan the way back' }).click()
  await page.locator('dialog, [role=dialog]').getByRole('button', { name: 'Move 6\u00a0IPs to web-1' }).waitFor()
  expect(await page.getByText('not needed').count()).toBe(3)
})

test('a lost answer changes nothing: the move reads, and arrives', { timeout: 60_000 }, async () => {
  const page = await open('', { speed: 'instant' })
  await faults(page, 'one answer is lost')
  const dialog = await plan(page)
  await dialog.getByRole('button', { name: 'Move 6\u00a0IPs to' }).click()
  await page.getByRole('dialog', { name: /^6\sIPs are on / }).waitFor({ timeout })
})

test('the plan of a failover of a server that is gone says so', async () => {
  const page = await open('?dialog=failover:99999999-0000-4000-8000-000000000000')
  await page.getByRole('dialog').getByText('This server is not there any more, or is in another Project.').waitFor()
})
