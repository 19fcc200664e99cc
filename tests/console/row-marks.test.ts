// What a row says of the work of this page: a change that waits, is under way or is in doubt.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openConsole } from './support.js'

const fresh = openConsole()

async function open(query = ''): Promise<Page> {
  const page = await fresh.open(query)
  await page.getByRole('gridcell').first().waitFor()
  await page.locator('.strip.emulator').waitFor()
  return page
}

const timeout = 30_000
const marks = (page: Page, text: string | RegExp) => page.locator('.row .cell.status .status', { hasText: text })

test('while a failover runs, its rows say what this page does, for how long and where they go', { timeout: 60_000 }, async () => {
  const page = await open('?q=web-1')
  await page.locator('.segments label', { hasText: 'as recorded' }).click()
  await page.getByRole('button', { name: 'Plan failover of 6\u00a0IPs' }).click()
  await page.getByRole('radio', { name: /^web-2/ }).check()
  await page.getByRole('button', { name: /^Move 6\sIPs to web-2$/ }).click()
  await page.getByRole('dialog', { name: /^Moving/ }).waitFor()
  await page.keyboard.press('Escape')
  await marks(page, /^detaching \d+\.\d\ss$/).first().waitFor({ timeout })
  await page.getByRole('searchbox').fill('195.154.141')
  await marks(page, /^attaching \d+\.\d\ss$/).first().waitFor({ timeout })
  await page.locator('.row .server', { hasText: 'to web-2' }).first().waitFor({ timeout })
})

test('while the service asks to slow down, rows say that their tag waits, and no longer when it is done or stopped', { timeout: 60_000 }, async () => {
  const page = await open('?q=vm-1')
  await page.getByLabel('Faults').selectOption({ label: 'slow down (429)' })
  await page.getByRole('checkbox', { name: /^Select all/ }).click()
  await page.getByRole('button', { name: 'Tag…' }).click()
  const input = page.getByRole('dialog').getByLabel('Add tags')
  await input.fill('x-2026')
  await page.getByRole('button', { name: /^Change the tags of/ }).click()
  const results = page.getByRole('dialog', { name: /^Tag \d+\sIPs$/ })
  await results.waitFor()
  await page.keyboard.press('Escape')
  await marks(page, 'tag waits').first().waitFor({ timeout })
  // The status itself stays beside it.
  await page.locator('.row .cell.status', { hasText: /attached.*tag waits/ }).first().waitFor()
  await page.getByRole('button', { name: /^Stop the \d+$/ }).click()
  await expect.poll(() => marks(page, 'tag waits').count()).toBe(0)
})

test('a change whose answer was lost is in doubt in its row and in the picture, after its dialog was closed too', { timeout: 60_000 }, async () => {
  const page = await open('?q=spare&zone=fr-par-2')
  // The worker of the fleet answers nothing to a change.
  await page.evaluate(() => {
    const post = MessagePort.prototype.postMessage
    MessagePort.prototype.postMessage = function (this: MessagePort, message: { number: number; order?: { method?: string } } | null) {
      const method = message?.order?.method
      if (message && method !== undefined && method !== 'GET') this.dispatchEvent(new MessageEvent('message', { data: { number: message.number, failure: 'cut' } }))
      else post.call(this, message)
    } as typeof post
  })
  await page.getByRole('checkbox', { name: /^Select \d/ }).first().click()
  await page.getByRole('button', { name: 'Describe…' }).click()
  await page.getByRole('dialog').getByLabel('Description').fill('Lost')
  await page.getByRole('dialog').getByRole('button', { name: /^Describe 1/ }).click()
  const results = page.getByRole('dialog', { name: /^Describe 1\sIP$/ })
  await results.getByText('in doubt').waitFor({ timeout })
  await marks(page, 'in doubt').waitFor()
  await results.locator('footer').getByRole('button', { name: 'Close' }).click()
  expect(await marks(page, 'in doubt').count()).toBe(1)
  await page.getByRole('link', { name: 'Servers' }).click()
  await page.locator('.ip-chip.in-doubt', { hasText: 'in doubt' }).waitFor()
})
