// The focus is never lost: after a dialog it is where it was before, else on the main part of the view.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openConsole } from './support.js'

const console = openConsole()
const timeout = 30_000

const grid = (page: Page) => page.getByRole('grid', { name: 'Flexible IPs' })
const active = (page: Page): Promise<string> => page.evaluate('document.activeElement?.getAttribute("aria-label") || document.activeElement?.id || document.activeElement?.textContent || document.activeElement?.tagName')
const dialogs = (page: Page): Promise<number> => page.getByRole('dialog').count()

async function open(): Promise<Page> {
  const page = await console.open('?q=mail', { speed: 'instant' })
  await grid(page).focus()
  return page
}

/** Closes the dialog by Esc, and expects the focus on the table, where an arrow moves the row. */
async function closesToTable(page: Page): Promise<void> {
  await page.keyboard.press('Escape')
  await expect.poll(() => dialogs(page), { timeout }).toBe(0)
  await expect.poll(() => active(page), { timeout }).toBe('Flexible IPs')
  const before = await page.locator('.row.cursor').getAttribute('id')
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => page.locator('.row.cursor').getAttribute('id'), { timeout }).not.toBe(before)
}

test('after a move that runs, and after its report, the focus is on the table again', { timeout: 90_000 }, async () => {
  const page = await console.open('?q=mail', { speed: 'fast' })
  await grid(page).focus()
  await page.keyboard.press('m')
  await page.getByRole('dialog').getByRole('button', { name: /^Move \d\sIPs? to / }).press('Enter', { timeout })
  await page.getByRole('dialog', { name: /^Moving / }).waitFor({ timeout })
  await closesToTable(page)
  await page.goBack()
  await page.getByRole('dialog', { name: /IPs? (is|are) on / }).waitFor({ timeout })
  await closesToTable(page)
})

test('after a detach that was sent, the focus is on the table again', { timeout: 90_000 }, async () => {
  const page = await open()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('d')
  await page.getByRole('dialog').getByRole('button', { name: /^Detach \d/ }).press('Enter', { timeout })
  await page.getByRole('dialog').getByText(/^All \d+ done/).waitFor({ timeout })
  await closesToTable(page)
})

test('a dialog that a button opened gives the focus back to the button', async () => {
  const page = await open()
  await page.getByRole('button', { name: 'Create' }).press('Enter')
  await page.getByRole('dialog').waitFor({ timeout })
  await page.keyboard.press('Escape')
  await expect.poll(() => dialogs(page), { timeout }).toBe(0)
  await expect.poll(() => active(page), { timeout }).toContain('Create')
})

test('G S, G L and G I put the focus on the view', async () => {
  const page = await open()
  for (const [key, there] of [['s', 'content'], ['l', 'content'], ['i', 'Flexible IPs']] as const) {
    await page.keyboard.press('g')
    await page.keyboard.press(key)
    await page.waitForURL((url) => (url.searchParams.get('view') ?? 'ips').startsWith(key), { timeout })
    await expect.poll(() => active(page), { timeout }).toBe(there)
  }
})
