// At 390 pixels: what is at the foot, what is in sight, and what stays.
import type { Locator } from 'playwright-core'
import { expect, test } from 'vitest'
import { startService } from './service.js'
import { isNetworkNote, openConsole } from './support.js'

const service = startService({ seed: 101, names: ['one', 'two'] })
const emulated = openConsole()
const proxied = openConsole({ proxy: service.proxy, ignores: isNetworkNote })
const timeout = 30_000
const size = { width: 390, height: 844 }

async function boxOf(locator: Locator): Promise<{ top: number; bottom: number; left: number; right: number }> {
  const box = await locator.boundingBox()
  if (!box) throw new Error('it is not in the page')
  return { top: box.y, bottom: box.y + box.height, left: box.x, right: box.x + box.width }
}

test('the buttons of a sheet are at its foot, also while its facts scroll', async () => {
  const tags = Array.from({ length: 30 }, (_, place) => `a-long-tag-number-${place}`)
  for (const change of [{}, { tags }]) {
    const { id } = await service.client.createFlexibleIP(change)
    const page = await proxied.open(`?ip=${id}`, { size })
    const acts = page.locator('.sheet-acts')
    await acts.waitFor({ timeout })
    await expect.poll(async () => (await boxOf(acts)).bottom, { timeout }).toBe(844)
    expect((await boxOf(acts.getByRole('button', { name: 'Delete…' }))).bottom).toBeLessThanOrEqual(844)
    const body = page.locator('.sheet-body')
    expect(await body.evaluate((each) => each.scrollHeight > each.clientHeight)).toBe('tags' in change)
    await body.evaluate((each) => each.scrollTo(0, each.scrollHeight))
    // The last fact ends above them.
    expect((await boxOf(page.locator('.facts dd').last())).bottom).toBeLessThanOrEqual((await boxOf(acts)).top)
    expect((await boxOf(acts)).bottom).toBe(844)
  }
})

test('what is picked up far down brings the first server that can take it into sight', async () => {
  const page = await emulated.open('?view=servers', { size })
  const from = page.locator('.card', { has: page.locator('.card-head b', { hasText: /^vm-1$/ }) })
  await from.locator('.unit').first().click({ position: { x: 11, y: 13 } })
  const bar = page.locator('.picked')
  await bar.waitFor({ timeout })
  const first = page.locator('.card.target:not(.none)').first()
  await expect.poll(async () => (await boxOf(first)).top - (await boxOf(bar)).bottom, { timeout }).toBeGreaterThanOrEqual(0)
  expect((await boxOf(first.locator('.drop-button'))).bottom).toBeLessThanOrEqual(780)
})

test('what hides a strip is in the row of its text', async () => {
  for (const [page, strip] of [
    [await emulated.open('', { size }), '.strip.emulator'],
    [await proxied.open('', { size }), '.strip'],
  ] as const) {
    const [text, hide] = [await boxOf(page.locator(strip).first().locator('span').first()), await boxOf(page.locator(strip).first().getByRole('button', { name: /^Hide this/ }))]
    expect(hide.top).toBeLessThan(text.bottom)
    expect(hide.bottom).toBeGreaterThan(text.top)
    expect(hide.right).toBeLessThanOrEqual(390)
  }
})

test('whether the fleet is real or emulated stays in the bar, without the strip and during a move', { timeout: 60_000 }, async () => {
  const { id } = await service.client.createAndAttach({ serverId: service.serverId('one') })
  service.emulator.setTiming('recorded')
  const real = await proxied.open(`?dialog=move:${service.serverId('two')}&sel=${id}`, { size })
  await real.getByRole('dialog').getByRole('button', { name: /^Move 1\sIP to two$/ }).click({ timeout })
  const page = await emulated.open('?view=servers', { size, speed: 'recorded' })
  await page.getByRole('button', { name: 'Hide this strip' }).click()
  await page.getByRole('button', { name: /^Plan failover of/ }).click()
  await page.getByRole('dialog').getByRole('button', { name: /^Move 6\sIPs to/ }).click({ timeout })
  for (const [each, mark] of [[real, 'Real'], [page, 'Emulated']] as const) {
    await each.getByRole('dialog', { name: /^Moving/ }).waitFor({ timeout })
    await each.keyboard.press('Escape')
    await each.locator('.bar .work').waitFor({ timeout })
    const shown = each.locator('.bar .mark').getByText(mark)
    await shown.waitFor({ timeout })
    expect((await boxOf(shown)).right).toBeLessThanOrEqual(390)
  }
  service.emulator.setTiming('instant')
})
