// A proxy or gateway that answers in place of the service: the change is in doubt, in its row and in its dialog.
import type { Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { FlexibleIpClient } from '../../pkg/index.js'
import { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { isNetworkNote, openConsole, proxyTo } from './support.js'

const emulator = new FlexibleIpEmulator({ seed: 31, timing: 'instant', servers: ['one', 'two'].map((name) => ({ zone: 'fr-par-1', name })) })
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
const one = emulator.servers.find(({ name }) => name === 'one')?.id ?? ''

/** Whether the connection to the service breaks before a change arrives. The proxy then answers 502. */
let isBroken = false
const proxy = proxyTo(emulator, {
  fetch(url, init) {
    if (isBroken && init.method !== 'GET') return Promise.reject(new TypeError('cut'))
    return emulator.fetch(url, init)
  },
})
const { open } = openConsole({ proxy, ignores: isNetworkNote })
const timeout = 60_000
const doubts = (page: Page) => page.locator('.row .status.in-doubt')

beforeEach(async () => {
  isBroken = false
  emulator.reset()
  await client.createAndAttach({ serverId: one, description: 'Shop' })
})

async function select(page: Page): Promise<void> {
  await page.getByRole('checkbox', { name: /^Select \d/ }).first().click()
  isBroken = true
}

test('a detach that the proxy answers with 502 is in doubt in its row, its dialog shows what was sent, and a reading that shows it done ends the doubt', { timeout: 180_000 }, async () => {
  const page = await open()
  await select(page)
  await page.keyboard.press('d')
  await page.getByRole('dialog', { name: /^Detach 1/ }).getByRole('button', { name: /^Detach 1/ }).click()
  await page.getByRole('dialog').getByText('in doubt').first().waitFor({ timeout })
  await page.keyboard.press('Escape')
  await doubts(page).click({ timeout })
  const dialog = page.getByRole('dialog', { name: 'The answer to this detach was lost' })
  await dialog.getByText('POST /fips/detach').waitFor({ timeout })
  await dialog.getByText(/^502 after .* which does not say whether it was done$/).waitFor()
  isBroken = false
  const [ip] = await client.listFlexibleIPs().all()
  await client.detachFlexibleIP({ fipsIds: [ip?.id ?? ''] })
  await dialog.getByRole('button', { name: 'Read again' }).click()
  await dialog.getByText('It is on no server: the detach was done.').waitFor({ timeout })
  await expect.poll(() => doubts(page).count(), { timeout }).toBe(0)
})

test('a change that the proxy answers with 502 is in doubt for a minute after its request, whatever list of results is kept', { timeout: 180_000 }, async () => {
  const page = await open()
  await page.clock.install()
  await page.reload()
  await select(page)
  await page.keyboard.press('e')
  await page.getByRole('dialog').getByLabel('Description').fill('Lost')
  await page.getByRole('dialog').getByRole('button', { name: /^Describe 1/ }).click()
  await page.getByRole('dialog').getByText('in doubt').first().waitFor({ timeout })
  await page.keyboard.press('Escape')
  await doubts(page).click({ timeout })
  const dialog = page.getByRole('dialog', { name: 'The answer to this change was lost' })
  await dialog.getByText(/^502 after/).waitFor({ timeout })
  await page.keyboard.press('Escape')
  expect(await doubts(page).count()).toBe(1)
  await page.clock.fastForward(61_000)
  await expect.poll(() => doubts(page).count(), { timeout }).toBe(0)
})
