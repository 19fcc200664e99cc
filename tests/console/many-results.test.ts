// The results of a change of very many: a page draws some of them, and those that need a person first.
import { expect, test } from 'vitest'
import { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { FlexibleIpClient } from '../../pkg/index.js'
import { isNetworkNote, openConsole, proxyTo, rowCount } from './support.js'

const count = 150
const drawn = 100
const emulator = new FlexibleIpEmulator({ seed: 67, timing: 'instant', servers: [{ zone: 'fr-par-1', name: 'one' }] })
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
const { open } = openConsole({ proxy: proxyTo(emulator), ignores: isNetworkNote })
const timeout = 60_000

test('of many results, 100 are drawn with the one that failed first, and the others when they are asked for', { timeout: 180_000 }, async () => {
  for (let made = 0; made < count; made += 1) await client.createFlexibleIP({ description: 'Before' })
  const page = await open()
  await expect.poll(() => rowCount(page), { timeout }).toBe(count)
  const order = await page.getByRole('grid').getAttribute('aria-activedescendant')
  await page.getByRole('grid').focus()
  await page.keyboard.press('End')
  const last = ((await page.getByRole('grid').getAttribute('aria-activedescendant')) ?? '').replace('row-', '')
  expect(`row-${last}`).not.toBe(order)
  await page.keyboard.press('Control+a')
  await page.keyboard.press('e')
  await page.getByRole('dialog').getByLabel('Description').fill('After')
  emulator.forceStatus(last, 'locked')
  await page.getByRole('dialog').getByRole('button', { name: `Describe ${count}\u00a0IPs` }).click()
  const dialog = page.getByRole('dialog', { name: `Describe ${count}\u00a0IPs` })
  await dialog.getByText(`${count - 1} of ${count} done.`).waitFor({ timeout })
  const results = dialog.locator('.results li')
  expect(await results.count()).toBe(drawn)
  expect(await results.first().textContent()).toContain('refused')
  await dialog.getByRole('button', { name: `Show ${count - drawn} more of ${count - drawn}` }).click()
  await expect.poll(() => results.count()).toBe(count)
})
