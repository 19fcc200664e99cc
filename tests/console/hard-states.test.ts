// The hard moments: an answer that was lost, a slow reading, an empty zone, a page that is offline, a service that asks
// to slow down, a plan that others overtake. Each says what is known and what can be done.
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { FlexibleIpClient } from '../../pkg/index.js'
import { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { isNetworkNote, openConsole, proxyTo, rowCount } from './support.js'

const emulator = new FlexibleIpEmulator({ seed: 5, timing: 'instant', servers: [{ zone: 'fr-par-1', name: 'web-1' }, { zone: 'fr-par-1', name: 'web-2' }] })
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
const [from, to] = ['web-1', 'web-2'].map((wanted) => emulator.servers.find(({ name }) => name === wanted)?.id ?? '') as [string, string]

/** Readings of these zones get no answer until they are let go. */
let held: readonly string[] = []
const letGo: (() => void)[] = []
const proxy = proxyTo(emulator, {
  async fetch(url, init) {
    if (held.some((zone) => url.includes(`/zones/${zone}/fips`))) await new Promise<void>((resolve) => letGo.push(resolve))
    return emulator.fetch(url, init)
  },
})
const proxied = openConsole({ proxy, ignores: isNetworkNote })
const emulated = openConsole()
const timeout = 30_000

beforeAll(async () => {
  for (let count = 0; count < 3; count += 1) await client.createAndAttach({ serverId: from, description: 'Shop' })
})

const marks = (page: Page, text: string | RegExp) => page.locator('.row .cell.status .status', { hasText: text })

/** From now on, no change arrives, and none gets an answer. */
const loseAnswers = (page: Page): Promise<unknown> =>
  page.evaluate(() => {
    const post = MessagePort.prototype.postMessage
    const state = globalThis as unknown as { mend: () => void }
    state.mend = () => {
      MessagePort.prototype.postMessage = post
    }
    MessagePort.prototype.postMessage = function (this: MessagePort, message: { number: number; order?: { method?: string } } | null) {
      const method = message?.order?.method
      if (message && method !== undefined && method !== 'GET') this.dispatchEvent(new MessageEvent('message', { data: { number: message.number, failure: 'cut' } }))
      else post.call(this, message)
    } as typeof post
  })
const mend = (page: Page): Promise<unknown> => page.evaluate('mend()')

test('an attach whose answer was lost: its row leads to what was sent, what was read since, and to attach it again', { timeout: 90_000 }, async () => {
  const page = await emulated.open('?q=spare&zone=fr-par-2', { speed: 'instant' })
  await loseAnswers(page)
  await page.getByRole('checkbox', { name: /^Select \d/ }).first().click()
  await page.keyboard.press('m')
  await page.getByRole('radio', { name: /^web-4/ }).check()
  await page.getByRole('button', { name: /^Move 1\sIP to web-4$/ }).click()
  const moving = page.getByRole('dialog', { name: /^Moving/ })
  await moving.locator('.ledger').getByText('on web-4, or on no server').waitFor({ timeout })
  await moving.getByRole('button', { name: 'Stop after this step' }).click()
  await page.getByRole('dialog', { name: /^0 of 1\sIP/ }).waitFor({ timeout })
  await page.keyboard.press('Escape')
  await marks(page, 'in doubt').click({ timeout })
  const dialog = page.getByRole('dialog', { name: 'The answer to this attach was lost' })
  await dialog.waitFor({ timeout })
  await dialog.getByText(/to web-4$/).first().waitFor()
  await dialog.getByText('POST /fips/attach').waitFor()
  await dialog.getByText(/^none: the connection broke after \d/).waitFor()
  await dialog.getByText(/^It is not attached now\. The slowest attach on record took 43\ss; this one was sent \d+\ss ago\.$/).waitFor({ timeout })
  await dialog.getByText('To attach it again to the same server is harmless.').waitFor()
  const reads = async (): Promise<number> => Number(/(\d+) times/.exec(await dialog.innerText())?.[1] ?? 1)
  const before = await reads()
  await dialog.getByRole('button', { name: 'Read again' }).click()
  await expect.poll(reads, { timeout }).toBeGreaterThan(before)
  await mend(page)
  await dialog.getByRole('button', { name: 'Attach again to web-4' }).click()
  await page.getByRole('dialog', { name: 'Attach again to web-4' }).getByText('All 1 done').waitFor({ timeout })
  await page.keyboard.press('Escape')
  await marks(page, 'attached').waitFor({ timeout })
  expect(await marks(page, 'in doubt').count()).toBe(0)
})

test('a detach whose answer was lost says whether it was done, by keyboard from the sheet, and its report can be copied', { timeout: 90_000 }, async () => {
  await emulated.keeper.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const page = await emulated.open('?q=staging', { speed: 'instant' })
  await loseAnswers(page)
  await page.getByRole('grid').focus()
  await page.keyboard.press('d')
  await page.getByRole('dialog', { name: /^Detach 1/ }).getByRole('button', { name: /^Detach 1/ }).click()
  await page.getByRole('dialog').getByText('in doubt').first().waitFor({ timeout })
  await page.keyboard.press('Escape')
  await page.getByRole('grid').focus()
  await page.keyboard.press('Enter')
  await page.getByRole('complementary').getByRole('button', { name: 'in doubt' }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'The answer to this detach was lost' })
  await dialog.getByText(/^It is on web-2\. The detach was sent \d+\ss ago/).waitFor({ timeout })
  await dialog.getByRole('button', { name: 'Copy report' }).click()
  await dialog.getByRole('button', { name: 'Copied' }).waitFor()
  expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(/^In doubt: detach of [\d.]+\nSent: .* POST \/fips\/detach\nAnswer: none: the connection broke after .*\nRead: .*\nSo: It is on web-2\./)
  await mend(page)
  await dialog.getByRole('button', { name: 'Detach again from web-2' }).click()
  await page.getByRole('dialog').getByText('All 1 done').waitFor({ timeout })
  await page.keyboard.press('Escape')
  await expect.poll(() => page.locator('.row .server').first().innerText(), { timeout }).toBe('no server')
})

test('the dialog of a doubt that is not there says so', async () => {
  const page = await emulated.open('?dialog=doubt:00000000-0000-4000-8000-000000000000')
  await page.getByRole('dialog', { name: 'Nothing is in doubt here' }).getByText('No lost answer of this IP is in the log of this page.').waitFor({ timeout })
})

test('an attach that this page began has a line with the usual time and the longest on record; a detach has none', { timeout: 60_000 }, async () => {
  const page = await emulated.open('?q=web-1', { speed: 'recorded' })
  await page.getByRole('button', { name: 'Plan failover of 6\u00a0IPs' }).click()
  await page.getByRole('radio', { name: /^web-2/ }).check()
  await page.getByRole('button', { name: /^Move 6\sIPs to web-2$/ }).click()
  const ledger = page.getByRole('dialog', { name: /^Moving/ })
  await ledger.getByText(/^detaching \d/).first().waitFor({ timeout })
  expect(await ledger.getByText(/^detaching \d/).locator('.usual-time').count()).toBe(0)
  await ledger.getByRole('img', { name: 'usually 3.0 s, 43.0 s at most on record' }).first().waitFor({ timeout })
  await ledger.getByText('The mark on a line is the usual time, its end the longest on record.').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('searchbox').fill('195.154.141')
  await marks(page, /^attaching/).locator('.usual-time').first().waitFor({ timeout })
  expect(await marks(page, /^(?:updating|detaching)/).locator('.usual-time').count()).toBe(0)
  // Offline, a time that counts on would be made up.
  await page.context().setOffline(true)
  await page.getByRole('columnheader', { name: /^Status at \d\d:\d\d:\d\d$/ }).waitFor()
  await page.locator('.foot', { hasText: /as of \d\d:\d\d:\d\d\. Not polling\./ }).waitFor()
  await marks(page, /as of \d\d:\d\d:\d\d/).first().waitFor()
  expect(await page.locator('.row .usual-time').count()).toBe(0)
})

test('while zones are still read, what is read can be used, and the page says what is missing', { timeout: 60_000 }, async () => {
  held = ['nl-ams-1', 'nl-ams-2']
  try {
    const page = await proxied.open()
    await page.getByText(/^Still reading nl-ams-1 and nl-ams-2, \d+\.\d\ss\. What is read can be used already\.$/).waitFor({ timeout })
    await page.locator('.foot', { hasText: '4 of 6\u00a0zones read. Waiting for nl-ams-1 and nl-ams-2.' }).waitFor()
    await page.getByRole('checkbox', { name: /^Select \d/ }).first().click()
    await page.getByRole('region', { name: 'Selection' }).waitFor()
  } finally {
    held = []
    for (const each of letGo) each()
  }
})

test('a zone without a flexible IP says when it was read and why others cannot move there, and creates one there', async () => {
  const page = await emulated.open('?zone=pl-waw-2')
  await page.getByRole('heading', { name: 'No flexible IP in pl-waw-2' }).waitFor({ timeout })
  await page.getByText(/^Read at \d\d:\d\d:\d\d: the service answered with an empty list\. .* the 60 of other zones cannot move here\.$/).waitFor()
  await page.getByRole('button', { name: 'Create IPs in pl-waw-2' }).click()
  expect(await page.getByRole('dialog').getByLabel('Zone').inputValue()).toBe('pl-waw-2')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Show all zones' }).click()
  await expect.poll(() => rowCount(page)).toBe(60)
  // A filter beside it is another matter.
  await page.getByRole('searchbox').fill('there is no such flexible IP')
  await page.getByRole('heading', { name: 'Nothing matches' }).waitFor()
})

test('while the service asks to slow down, the changes that wait can be shown, and the foot says until when nothing is read', { timeout: 60_000 }, async () => {
  const page = await emulated.open('?q=vm-1', { faults: 'throttled' })
  await page.getByRole('checkbox', { name: /^Select all/ }).click()
  await page.keyboard.press('t')
  await page.getByRole('dialog').getByLabel('Add tags').fill('x-2026')
  await page.getByRole('button', { name: /^Change the tags of/ }).click()
  await page.getByRole('dialog', { name: /^Tag \d+\sIPs$/ }).waitFor()
  await page.keyboard.press('Escape')
  const strip = page.locator('.strip', { hasText: 'Scaleway asks us to slow down' })
  await strip.getByText('What was sent stays sent.').waitFor({ timeout })
  await page.locator('.foot', { hasText: /Reading is paused until \d\d:\d\d:\d\d\./ }).waitFor()
  await strip.getByRole('button', { name: /^Show the \d+$/ }).click()
  await page.getByRole('dialog', { name: /^Tag \d+\sIPs$/ }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: /^Stop the \d+$/ }).click()
})

test('a plan that others overtake names what is where now', { timeout: 60_000 }, async () => {
  const ips = await client.listFlexibleIPs().all()
  const page = await proxied.open()
  await page.getByRole('checkbox', { name: /^Select all/ }).click()
  await page.keyboard.press('m')
  const act = page.getByRole('button', { name: 'Move 3 IPs to web-2' })
  await expect.poll(() => act.isEnabled(), { timeout }).toBe(true)
  await client.ensureAttached({ fipsIds: [ips[0]?.id ?? ''], serverId: to })
  await act.click()
  await page.getByText(`the IPs have changed since: ${ips[0]?.ipAddress} is on web-2 now. Nothing was sent. This is the new plan.`).waitFor({ timeout })
})

test('a plan says which of its flexible IPs others are changing, and leaves them out when asked', { timeout: 60_000 }, async () => {
  await client.ensureAttached({ fipsIds: (await client.listFlexibleIPs().all()).map(({ id }) => id), serverId: from })
  const [first] = await client.listFlexibleIPs().all()
  emulator.forceStatus(first?.id ?? '', 'updating')
  const page = await proxied.open()
  await page.getByRole('checkbox', { name: /^Select all/ }).click()
  await page.keyboard.press('m')
  await page.getByText(`A change of ${first?.ipAddress} is under way, perhaps by someone else. Wait for it, or leave it out.`).waitFor({ timeout })
  await page.getByRole('button', { name: 'Leave it out' }).click()
  await page.getByRole('dialog', { name: 'Move 2 IPs' }).waitFor()
  emulator.forceStatus(first?.id ?? '', 'attached')
})

test('a detach of one of a group says what it would lose alone, and how to keep it', async () => {
  const page = await emulated.open('?q=mail-1')
  await page.getByRole('grid').focus()
  await page.keyboard.press('d')
  await page.getByRole('dialog').getByText(/To detach [\d.]+ alone would remove its MAC\. Detach the whole group, as here, or give it another MAC first\.$/).waitFor({ timeout })
})

test('a move that was refused says which server refused it, in how many tries, and that nothing was changed by them', { timeout: 60_000 }, async () => {
  const page = await emulated.open('', { speed: 'instant', faults: 'halfFails' })
  await page.getByRole('button', { name: 'Plan failover of 6\u00a0IPs' }).click()
  await page.getByRole('radio', { name: /^web-2/ }).check()
  await page.getByRole('button', { name: /^Move 6\sIPs to web-2$/ }).click()
  await page.getByRole('dialog').getByText(/web-2 refused it, (?:1 try\. Nothing was changed by it|\d+ tries\. Nothing was changed by them)\./).first().waitFor({ timeout })
})

test('the first visit to the real service says that changes are real, until it is hidden', async () => {
  const page = await proxied.open()
  const strip = page.locator('.strip', { hasText: 'This is the real service. From here on changes are real' })
  await strip.waitFor({ timeout })
  await strip.getByRole('button', { name: 'Hide this note' }).click()
  await page.reload()
  await page.locator('.row').first().waitFor()
  expect(await strip.count()).toBe(0)
  await emulated.open()
  expect(await page.getByText('This is the real service.').count()).toBe(0)
})
