// A move whose page is reloaded or closed while it is under way: what is where is read, and there is a way on.
import type { Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { FlexibleIpClient } from '../../pkg/index.js'
import { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { isNetworkNote, openConsole, proxyTo } from './support.js'

const emulator = new FlexibleIpEmulator({ seed: 53, timing: 'instant', servers: ['down', 'two'].map((name) => ({ zone: 'fr-par-1', name })) })
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
const [down, two] = ['down', 'two'].map((wanted) => emulator.servers.find(({ name }) => name === wanted)?.id ?? '') as [string, string]

/** Whether attaches do not arrive. */
let isHolding = false
let held: (() => void)[] = []
const proxy = proxyTo(emulator, {
  async fetch(url, init) {
    if (isHolding && url.endsWith('/fips/attach')) await new Promise<never>((_, reject) => held.push(() => reject(new TypeError('cut'))))
    return emulator.fetch(url, init)
  },
})
const { open, tab } = openConsole({ proxy, ignores: isNetworkNote })
const timeout = 40_000

beforeEach(async () => {
  isHolding = false
  for (const cut of held.splice(0)) cut()
  held = []
  emulator.reset()
  for (const description of ['Shop', 'Mail']) await client.createAndAttach({ serverId: down, description })
})
const on = async (serverId: string | undefined): Promise<number> => (await client.listFlexibleIPs().all()).filter((ip) => ip.serverId === serverId).length

/** Starts a failover, and leaves it while no attach gets an answer. */
async function start(page: Page): Promise<void> {
  isHolding = true
  await page.getByRole('radio', { name: /^two/ }).check()
  const act = page.getByRole('button', { name: 'Move 2 IPs to two' })
  await expect.poll(() => act.isEnabled(), { timeout }).toBe(true)
  await act.click()
  await expect.poll(() => held.length, { timeout }).toBe(2)
}

test('a failover whose page is reloaded says at its address that it was left, reads what is where, and continues', { timeout: 120_000 }, async () => {
  const page = await open(`?dialog=failover:${down}`)
  await start(page)
  page.once('dialog', (dialog) => void dialog.accept())
  await page.reload()
  const report = page.getByRole('dialog', { name: '0 of 2 IPs are on two' })
  await report.waitFor({ timeout })
  await report.getByText(/The page was left at \d\d:\d\d:\d\d, and the move ended there\. Read at \d\d:\d\d:\d\d/).waitFor({ timeout })
  await report.getByRole('radio', { name: /^Put back on down/ }).waitFor()
  expect(await on(undefined)).toBe(2)
  isHolding = false
  for (const cut of held.splice(0)) cut()
  await report.getByRole('button', { name: 'Continue with 2 IPs' }).click()
  await page.getByRole('dialog', { name: '2 IPs are on two' }).waitFor({ timeout })
  expect(await on(two)).toBe(2)
  // A move that arrived is not kept.
  expect(await page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith('flexip-move-')))).toEqual([])
})

test('a move of a tab that is closed is taken over by another one, and one of a tab that is still there is not', { timeout: 120_000 }, async () => {
  const page = await open('')
  const other = await tab(`?dialog=failover:${down}`)
  await start(other)
  const third = await tab('')
  await third.locator('.row').first().waitFor({ timeout })
  expect(await third.locator('button.work').count()).toBe(0)
  await other.close()
  await third.locator('button.work', { hasText: /^2\sIPs in doubt$/ }).click({ timeout })
  await third.getByRole('dialog', { name: '0 of 2 IPs are on two' }).getByText(/The page was left at/).waitFor({ timeout })
  await page.bringToFront()
})
