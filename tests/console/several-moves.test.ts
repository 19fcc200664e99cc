// Several moves of one page: each has its own address, and a plan is never taken for another move.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openConsole } from './support.js'

const { open, tab } = openConsole()
const timeout = 30_000
const address = (page: Page): string => new URL(page.url()).searchParams.get('dialog') ?? ''

/** Opens the plan of the flexible IP with a description by the key, and returns its address. */
async function plan(page: Page, description: string): Promise<string> {
  const row = page.locator('.row', { hasText: description }).first()
  await row.locator('.description').click()
  await page.keyboard.press('m')
  await page.getByRole('dialog', { name: 'Move 1\u00a0IP' }).waitFor({ timeout })
  return await row.locator('.address-link').innerText()
}

async function start(page: Page): Promise<void> {
  const act = page.getByRole('dialog').locator('footer').getByRole('button', { name: /^Move 1\sIP to/ })
  await expect.poll(() => act.isEnabled(), { timeout }).toBe(true)
  await act.click()
}

test('while a move runs and when it has ended, the key opens the plan of the row, and the mark in the bar the move', { timeout: 120_000 }, async () => {
  const page = await open('', { speed: 'recorded' })
  const first = await plan(page, 'Backups')
  await start(page)
  await page.getByRole('dialog', { name: /^Moving 1\sIP/ }).waitFor({ timeout })
  const ofFirst = address(page)
  expect(ofFirst).toMatch(/^move:run:/)
  await page.keyboard.press('Escape')
  const second = await plan(page, 'Replication, primary')
  const dialog = page.getByRole('dialog')
  await dialog.getByText(second).first().waitFor()
  expect(await dialog.getByText(first).count()).toBe(0)
  expect(address(page)).toMatch(/^move:ip:/)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Show the move' }).waitFor({ timeout })
  await plan(page, 'Replication, primary')
  expect(await dialog.getByText(first).count()).toBe(0)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Show the move' }).click()
  await page.getByRole('dialog', { name: /^1\sIP is on/ }).getByText(first).waitFor({ timeout })
  expect(address(page)).toBe(ofFirst)
})

test('a flexible IP that a running move still holds is not moved by another plan, and what is selected meanwhile stays selected', { timeout: 120_000 }, async () => {
  const page = await open('', { speed: 'recorded' })
  await plan(page, 'Replication, primary')
  await start(page)
  await page.getByRole('dialog', { name: /^Moving 1\sIP/ }).waitFor({ timeout })
  await page.keyboard.press('Escape')
  await page.locator('.row', { hasText: 'Replication, standby' }).getByRole('checkbox').click()
  await page.keyboard.press('m')
  await page.getByRole('dialog', { name: 'Move 1\u00a0IP' }).waitFor({ timeout })
  await page.keyboard.press('Escape')
  await page.locator('.row', { hasText: 'Replication, primary' }).getByRole('checkbox').click()
  await page.keyboard.press('m')
  const both = page.getByRole('dialog', { name: 'Move 2\u00a0IPs' })
  await both.getByText(/in a move that is under way/).waitFor({ timeout })
  expect(await both.locator('footer').getByRole('button', { name: /^Move 2/ }).isDisabled()).toBe(true)
  await both.getByText(/in a move that is under way/).waitFor({ state: 'detached', timeout: 60_000 })
  await both.waitFor()
})

test('the address of a move that is not known and the plan of a flexible IP that is gone say so', { timeout: 60_000 }, async () => {
  const page = await open('?dialog=move:run:abc')
  await page.getByRole('dialog', { name: 'Move' }).getByText(/^This move is not known here any more/).waitFor({ timeout })
  await open('?dialog=move:ip:00000000-0000-4000-8000-000000000000')
  await page.getByRole('dialog', { name: 'Move' }).getByText(/is gone: it was deleted/).waitFor({ timeout })
})

test('a reset in another tab closes the report of a move, and says that the fleet started over', { timeout: 60_000 }, async () => {
  const page = await open('', { speed: 'instant' })
  await plan(page, 'Replication, primary')
  await start(page)
  await page.getByRole('dialog', { name: /^1\sIP is on/ }).waitFor({ timeout })
  const other = await tab()
  await other.getByRole('button', { name: 'Reset' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached', timeout })
  await page.getByRole('status').filter({ hasText: 'The emulated fleet started over' }).waitFor({ state: 'attached', timeout })
  expect(await page.getByRole('button', { name: 'Show the move' }).count()).toBe(0)
})
