// A step that waits for an answer that does not come: the zone is read on, and what is read shows.
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FlexibleIpClient } from '../../pkg/index.js'
import { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { isNetworkNote, openConsole, proxyTo } from './support.js'

const emulator = new FlexibleIpEmulator({ seed: 37, timing: 'instant', servers: ['one', 'two'].map((name) => ({ zone: 'fr-par-1', name })) })
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
const one = emulator.servers.find(({ name }) => name === 'one')?.id ?? ''
const two = emulator.servers.find(({ name }) => name === 'two')?.id ?? ''

/** The attaches of the page. None arrives, and none gets an answer while its test runs. */
const held: (() => void)[] = []
let left: Page | undefined
const proxy = proxyTo(emulator, {
  async fetch(url, init) {
    if (url.endsWith('/fips/attach')) await new Promise<never>((_, reject) => held.push(() => reject(new TypeError('cut'))))
    return emulator.fetch(url, init)
  },
})
const { open } = openConsole({ proxy, ignores: isNetworkNote })
const timeout = 30_000

beforeEach(async () => {
  emulator.reset()
  await client.createAndAttach({ serverId: one, description: 'Shop' })
})
afterEach(async () => {
  // A page that is gone sends nothing again.
  await left?.goto('about:blank')
  for (const cut of held.splice(0)) cut()
})

async function start(page: Page): Promise<void> {
  left = page
  await page.getByRole('checkbox', { name: /^Select \d/ }).first().click()
  await page.keyboard.press('m')
  const act = page.getByRole('dialog').locator('footer').getByRole('button', { name: /^Move 1\sIP to two/ })
  await expect.poll(() => act.isEnabled(), { timeout }).toBe(true)
  await act.click()
  await expect.poll(() => held.length, { timeout }).toBeGreaterThan(0)
}

test('an attach that has no answer and is read as done is attached in its row, and its move still waits', { timeout: 120_000 }, async () => {
  const page = await open()
  await start(page)
  await page.keyboard.press('Escape')
  const status = page.locator('.row .cell.status')
  await status.getByText(/^attaching/).waitFor({ timeout })
  const [ip] = await client.listFlexibleIPs().all()
  await client.attachFlexibleIP({ fipsIds: [ip?.id ?? ''], serverId: two })
  await status.getByText(/^attaching/).waitFor({ state: 'detached', timeout })
  await status.getByText(/^attached/).waitFor({ timeout })
  await expect.poll(() => page.locator('.row .server').innerText(), { timeout }).toBe('two')
  // No answer has come.
  await page.locator('button.work', { hasText: /^Moving 1\sIP/ }).waitFor()
})

test('what a stop would leave is what the last reading shows: an attach without an answer and without effect is on no server', { timeout: 120_000 }, async () => {
  const page = await open()
  await start(page)
  await page.getByRole('dialog', { name: /^Moving/ }).getByText(/Then 0\sIPs are on two and 1 on no server/).waitFor({ timeout })
})
