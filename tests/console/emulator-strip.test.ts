// The strip of the emulated fleet and the guide of a first visit, at each width.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openConsole } from './support.js'

const fresh = openConsole()

async function open(width = 1440): Promise<Page> {
  const page = await fresh.open('', { size: { width, height: 844 } })
  await page.locator('.strip.emulator').waitFor()
  return page
}

const isOpen = (page: Page): Promise<boolean> => page.getByLabel('Faults').isVisible()
const timeout = 30_000

test.each([1440, 390])('at %i pixels, the strip that was hidden comes back by the mark in the bar and by the palette, and stays as it was left', async (width) => {
  const page = await open(width)
  await page.getByRole('button', { name: 'Hide this strip' }).click()
  await expect.poll(() => isOpen(page)).toBe(false)
  await page.reload()
  await page.getByRole('gridcell').first().waitFor()
  const mark = page.getByRole('button', { name: /^Emulated/ })
  expect(await mark.getAttribute('aria-expanded')).toBe('false')
  expect(await isOpen(page)).toBe(false)
  await mark.click()
  await expect.poll(() => isOpen(page)).toBe(true)
  await mark.click()
  await expect.poll(() => isOpen(page)).toBe(false)
  await page.getByRole('button', { name: 'Go to, or do' }).click()
  await page.getByRole('searchbox', { name: 'View, address, server or tag' }).fill('speed and faults')
  await page.getByRole('menuitem', { name: 'Show speed and faults of the emulated fleet' }).click()
  await expect.poll(() => isOpen(page)).toBe(true)
})

test('at 390 pixels the strip sets speed and faults, every part of it is in sight, and none is narrower than a finger', async () => {
  const page = await open(390)
  await page.locator('.segments label', { hasText: 'at once' }).click()
  await page.getByLabel('Faults').selectOption({ label: 'slow down (429)' })
  await expect.poll(() => page.getByRole('radio', { name: 'at once' }).isChecked()).toBe(true)
  await expect.poll(() => page.getByLabel('Faults').inputValue()).toBe('throttled')
  const boxes = await page.locator('.strip.emulator :is(label, select, button)').evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().toJSON() as DOMRect))
  expect(boxes.filter(({ left, right, width, height }) => left < 0 || right > 390 || width < 44 || height < 40)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
})

test.each([1440, 390])('at %i pixels, a first visit sees a failover succeed and one that half fails, each by its own button', { timeout: 60_000 }, async (width) => {
  const page = await open(width)
  const began = Date.now()
  await page.getByRole('button', { name: 'Plan failover of 6\u00a0IPs' }).click()
  await page.getByRole('button', { name: /^Move 6\sIPs to / }).click()
  const done = page.getByRole('dialog', { name: /^6\sIPs are on / })
  await done.waitFor({ timeout })
  await done.locator('footer').getByRole('button', { name: 'Close' }).click()
  // What moved is put back, so that there is something to move again.
  await page.getByRole('button', { name: 'Try it with refusals' }).click()
  await page.getByRole('button', { name: /^Move 6\sIPs to / }).click()
  const half = page.getByRole('dialog', { name: /^3 of 6\sIPs are on / })
  await half.waitFor({ timeout })
  expect(await half.locator('.state.bad', { hasText: 'on no server' }).count()).toBe(2)
  await half.getByRole('button', { name: 'Continue with 3\u00a0IPs' }).click()
  await page.getByRole('dialog', { name: /^6\sIPs are on / }).waitFor({ timeout })
  expect(Date.now() - began).toBeLessThan(60_000)
})

test('the guide can be hidden, the strip of the failing server takes its place, and a reset shows the guide again', async () => {
  const page = await open()
  const guide = page.getByRole('region', { name: 'What can be tried' })
  await guide.getByRole('button', { name: 'Hide what can be tried' }).click()
  await page.locator('.strip.bad', { hasText: 'web-1 is failing' }).waitFor()
  expect(await guide.count()).toBe(0)
  await page.getByRole('button', { name: 'Reset' }).click()
  await guide.waitFor()
  expect(await page.locator('.strip.bad').count()).toBe(0)
})
