// The filters of the picture: zone, status and tag. They leave out what does not fit, and never change what a server says.
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openConsole } from './support.js'

const fresh = openConsole()

async function open(size?: { width: number; height: number }): Promise<Page> {
  const page = await fresh.open('?view=servers', { ...(size && { size }) })
  await page.getByRole('heading', { name: 'nl-ams-1' }).waitFor()
  await page.locator('.card:not(.none) .ip-chip').first().waitFor()
  return page
}

const card = (page: Page, name: string): Locator => page.locator('.card', { has: page.locator('.card-head b', { hasText: new RegExp(`^${name}$`) }) })

async function choose(page: Page, filter: string, value: string): Promise<void> {
  await page.getByRole('search').getByRole('button', { name: filter, exact: true }).click()
  await page.getByRole('dialog', { name: filter }).getByText(value, { exact: true }).click()
  await page.keyboard.press('Escape')
}

test.each([1440, 390])('at %i pixels, a zone leaves the other bands out, and the URL holds it', async (width) => {
  const page = await open({ width, height: 844 })
  await choose(page, 'Zone', 'fr-par-2')
  await expect.poll(() => page.locator('.band h2').allTextContents()).toEqual(['fr-par-2'])
  expect(new URL(page.url()).searchParams.getAll('zone')).toEqual(['fr-par-2'])
  await page.getByRole('button', { name: 'Remove the filter Zone' }).click()
  await expect.poll(() => page.locator('.band').count()).toBe(3)
})

test('a status leaves only servers with such an IP, each with how many it really holds', async () => {
  const page = await open()
  await choose(page, 'Status', 'error')
  await expect.poll(() => page.locator('.card:not(.none)').count()).toBe(1)
  await card(page, 'web-2').getByText('4 of 64').waitFor()
  expect(await card(page, 'web-2').locator('.ip-chip').count()).toBe(1)
})

test('a tag shows MAC groups whole, and with one that fits nothing the way back is offered', async () => {
  const page = await open()
  // One of three members has the tag.
  await choose(page, 'Tag', 'reputation')
  await expect.poll(() => page.locator('.card:not(.none)').count()).toBe(1)
  expect(await card(page, 'mail-1').locator('.ip-chip').count()).toBe(3)
  await choose(page, 'Status', 'error')
  await page.getByText('No server has a flexible IP with all of this.').waitFor()
  await page.getByRole('button', { name: 'Remove all filters' }).click()
  await expect.poll(() => page.locator('.band').count()).toBe(3)
})

test('only what is moving can be shown while a move is under way', { timeout: 60_000 }, async () => {
  const page = await open()
  await page.locator('.segments label', { hasText: 'as recorded' }).click()
  await page.getByRole('button', { name: /^Plan failover of/ }).click()
  await page.getByRole('radio', { name: /^web-2/ }).check()
  await page.getByRole('button', { name: /^Move 6\sIPs to web-2$/ }).click()
  await page.getByRole('dialog', { name: /^Moving/ }).waitFor()
  await page.keyboard.press('Escape')
  await card(page, 'web-1').locator('.ip-chip.detaching').first().waitFor({ timeout: 20_000 })
  await choose(page, 'Status', 'detaching')
  await expect.poll(() => page.locator('.card:not(.none)').count()).toBe(1)
  expect(await card(page, 'web-1').locator('.ip-chip:not(.detaching)').count()).toBe(0)
})
