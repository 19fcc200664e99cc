// Reset starts over with the fleet at any time, in every tab.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openConsole } from './support.js'

const console = openConsole()
const timeout = 30_000

/** Starts the failover of the first visit, in the speed of the service. */
async function startMove(): Promise<Page> {
  const page = await console.open('', { speed: 'recorded' })
  await page.getByRole('button', { name: 'Plan failover of 6\u00a0IPs' }).click()
  await page.getByRole('button', { name: /^Move 6\sIPs to / }).click()
  await page.getByRole('dialog', { name: /^Moving 6\sIPs/ }).waitFor({ timeout })
  return page
}

async function startsOver(page: Page): Promise<void> {
  await page.getByText(/^web-1 is failing\. Its 6\sIPs move/).waitFor({ timeout })
  await expect.poll(() => page.locator('.row', { hasText: 'web-1' }).count(), { timeout }).toBe(7)
}

test('a reset in one tab ends the move that runs in another, and what it had moved is back', { timeout: 90_000 }, async () => {
  const page = await startMove()
  const other = await console.tab()
  await other.getByRole('button', { name: 'Reset' }).click({ timeout })
  // The tab of the move closes its report, and says why.
  await page.getByRole('status').filter({ hasText: 'The emulated fleet started over.' }).waitFor({ state: 'attached', timeout })
  await expect.poll(() => page.getByRole('dialog').count(), { timeout }).toBe(0)
  await other.getByRole('searchbox').fill('web-1')
  await startsOver(other)
  await page.getByRole('searchbox').fill('web-1')
  await startsOver(page)
  // The fleet can be changed from both.
  await page.getByRole('button', { name: 'Plan failover of 6\u00a0IPs' }).click()
  await page.getByRole('button', { name: /^Move 6\sIPs to / }).click()
  await page.getByRole('dialog', { name: /^6\sIPs are on / }).waitFor({ timeout })
})

test('a reset in the tab of a move ends the move', { timeout: 90_000 }, async () => {
  const page = await startMove()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Reset' }).click()
  await page.getByRole('searchbox').fill('web-1')
  await startsOver(page)
  expect(await page.getByRole('dialog').count()).toBe(0)
})

test('a reset is read out', async () => {
  const page = await console.open()
  await page.getByRole('button', { name: 'Reset' }).click()
  await page.getByRole('status').filter({ hasText: 'The emulated fleet started over.' }).waitFor({ timeout })
})
