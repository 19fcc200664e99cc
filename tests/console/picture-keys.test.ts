// The picture by keyboard: Enter on a unit lifts it, and Tab goes over the servers that can take it, in their order.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openConsole } from './support.js'

const console = openConsole()
const timeout = 30_000

/** The name of the server whose list has the focus. */
const here = (page: Page): Promise<string> => page.evaluate("document.activeElement?.closest('.card')?.querySelector('.card-head b')?.textContent ?? ''")

async function lift(page: Page, server: string): Promise<void> {
  await page.getByRole('row').first().waitFor({ timeout })
  await page.locator('.card', { hasText: server }).locator('.unit').first().focus()
  await page.keyboard.press('Enter')
  await page.locator('.picture.lifting').waitFor({ timeout })
}

test('Enter on a unit lifts it, Tab goes over the servers that can take it in the order of the page, and No server is last', { timeout: 90_000 }, async () => {
  const page = await console.open('?view=servers')
  await lift(page, 'mail-1')
  const can = page.locator('.card.target:not(.none) .card-head b')
  const wanted = [...(await can.allTextContents()), 'No server']
  expect(wanted.length).toBeGreaterThan(3)
  for (const name of [...wanted, wanted[0]]) {
    await expect.poll(() => here(page), { timeout }).toBe(name)
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Shift+Tab')
  await expect.poll(() => here(page), { timeout }).toBe('No server')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByRole('button', { name: new RegExp(`^Move 3\\sIPs to ${wanted[0]}$`) }).waitFor({ timeout })
})

test('Esc puts back what Enter on a unit lifted, and Enter lifts it again', { timeout: 90_000 }, async () => {
  const page = await console.open('?view=servers')
  for (let round = 0; round < 2; round += 1) {
    await lift(page, 'db-1')
    await page.keyboard.press('Escape')
    await expect.poll(() => page.locator('.picture.lifting').count(), { timeout }).toBe(0)
  }
  expect(await page.getByRole('dialog').count()).toBe(0)
})
