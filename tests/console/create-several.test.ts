// Several flexible IPs are created, and the answer to the first is lost: the rest is neither sent unasked nor forgotten.
import type { Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { startService } from './service.js'
import { isNetworkNote, openConsole } from './support.js'

const { emulator, client, proxy, hold, letGo, heldCount } = startService({ seed: 61 })
const { open } = openConsole({ proxy, ignores: isNetworkNote })
const timeout = 60_000

beforeEach(async () => {
  letGo()
  emulator.reset()
  await client.createFlexibleIP({ description: 'There before' })
})

const made = async () => (await client.listFlexibleIPs().all()).filter(({ description }) => description === 'Three')

/** Sends the creation of three, of which the first answer will be lost. */
async function createThree(): Promise<Page> {
  const page = await open()
  emulator.addFault({ operation: 'createFlexibleIP', nth: 1, fault: 'dropAfter' })
  await page.getByRole('button', { name: 'Create IPs' }).click()
  const form = page.getByRole('dialog', { name: 'Create flexible IPs' })
  await form.getByLabel('How many').fill('3')
  await form.getByLabel('Description').fill('Three')
  await form.getByRole('button', { name: 'Create 3\u00a0IPs' }).click()
  return page
}

test('when the first of several was created although its answer was lost, the form says so and creates the rest', { timeout: 120_000 }, async () => {
  const page = await createThree()
  const form = page.getByRole('dialog', { name: 'Create flexible IPs' })
  await form.getByRole('button', { name: 'It is this one' }).click({ timeout })
  const [first] = await made()
  await form.getByText(`Created: ${first?.ipAddress ?? ''}. The other 2 are not created yet.`).waitFor()
  const rest = form.getByRole('button', { name: 'Create 2\u00a0IPs' })
  await expect.poll(() => rest.evaluate((button) => button === document.activeElement)).toBe(true)
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Create 2\u00a0IPs' }).getByText('All 2 done').waitFor({ timeout })
  expect((await made()).length).toBe(3)
})

test('when the form of several was left and the first answer is lost, the results have the rest as not sent, and send it when asked', { timeout: 120_000 }, async () => {
  hold((method) => method === 'POST')
  const page = await createThree()
  await expect.poll(heldCount, { timeout }).toBe(1)
  await page.keyboard.press('Escape')
  letGo()
  await page.locator('button.work', { hasText: /^Create 3\sIPs: 2 not done, 1 in doubt$/ }).click({ timeout })
  const results = page.getByRole('dialog', { name: 'Create 3\u00a0IPs' })
  await expect.poll(() => results.getByText('not sent', { exact: true }).count(), { timeout }).toBe(2)
  await results.getByRole('button', { name: 'Try the 2 again' }).click()
  await page.getByRole('dialog').getByText('All 2 done').waitFor({ timeout })
  expect((await made()).length).toBe(3)
})
