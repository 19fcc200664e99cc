// Failures that are not the fault of a person: offline and back, a proxy that is away during a move, a key that is refused.
import { afterEach, beforeAll, expect, test } from 'vitest'
import { FlexibleIpClient } from '../../pkg/index.js'
import { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { isNetworkNote, openConsole, proxyTo } from './support.js'

const emulator = new FlexibleIpEmulator({ seed: 10, timing: 'instant', servers: [{ zone: 'fr-par-1', name: 'web-1' }, { zone: 'fr-par-1', name: 'web-2' }] })
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
const [from = { id: '' }] = emulator.servers

const proxy = proxyTo(emulator)
const emulated = openConsole({ ignores: isNetworkNote })
const proxied = openConsole({ proxy, ignores: isNetworkNote })

beforeAll(async () => {
  for (let count = 0; count < 2; count += 1) await client.createAndAttach({ serverId: from.id, description: 'Shop' })
})
afterEach(() => {
  proxy.isAway = false
  emulator.clearFaults()
})

const timeout = 20_000

test('offline, changes are switched off and the table stays; back, the page says what changed meanwhile', async () => {
  const page = await emulated.open('?q=spare')
  await page.getByRole('checkbox', { name: /^Select all/ }).click()
  await page.getByRole('button', { name: 'Delete…' }).waitFor()
  await page.context().setOffline(true)
  await page.getByText(/^Offline since \d\d:\d\d:\d\d\./).waitFor()
  const bar = page.getByRole('region', { name: 'Selection' })
  expect(await bar.getByRole('button', { name: 'Delete…' }).isDisabled()).toBe(true)
  await bar.getByText('Offline: changes are switched off.').waitFor()
  expect(await page.getByRole('button', { name: 'Create IPs' }).isDisabled()).toBe(true)
  expect(await page.locator('.row').count()).toBe(3)
  await page.keyboard.press('m')
  expect(await page.getByRole('dialog').count()).toBe(0)
  await page.context().setOffline(false)
  await page.getByText(/^Back since \d\d:\d\d:\d\d\. No IP changed meanwhile\.$/).waitFor({ timeout })
  expect(await bar.getByRole('button', { name: 'Delete…' }).isDisabled()).toBe(false)
})

test('a proxy that goes away during a move leaves it in doubt; back again, it is read, and the move continues', { timeout: 90_000 }, async () => {
  emulator.setTiming({ detach: 1500, attach: 500, betweenAttaches: 0 })
  const page = await proxied.open()
  // It is away as soon as both detaches are answered, however busy the machine is.
  let answered = 0
  proxied.stage.server.on('request', ({ url = '' }, response) => {
    if (url.endsWith('/detach')) response.on('finish', () => (proxy.isAway = (answered += 1) === 2))
  })
  await page.getByRole('checkbox', { name: /^Select all/ }).click()
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Move…' }).click()
  await page.getByRole('button', { name: 'Move 2 IPs to web-2' }).click()
  const running = page.getByRole('dialog', { name: 'Moving 2 IPs to web-2' })
  await running.getByText(/^No answer since \d\d:\d\d:\d\d\./).waitFor({ timeout })
  await running.getByRole('button', { name: 'Stop after this step' }).click()
  const stopped = page.getByRole('dialog', { name: '0 of 2 IPs are on web-2' })
  await stopped.getByText(/^In doubt: 2\sIPs$/).waitFor({ timeout })
  expect(await stopped.getByText('on web-2, or on no server', { exact: true }).count()).toBe(2)
  await page.locator('.strip', { hasText: 'does not answer. Is it running?' }).waitFor({ timeout })
  // What is in doubt is not said to be where it was.
  await page.keyboard.press('Escape')
  await page.locator('button.work', { hasText: /^2\sIPs in doubt$/ }).click({ timeout })
  proxy.isAway = false
  await stopped.getByRole('button', { name: 'Read again' }).click()
  await expect.poll(() => stopped.locator('.state.bad', { hasText: 'on no server' }).count(), { timeout }).toBe(2)
  await stopped.getByRole('button', { name: 'Continue with 2 IPs' }).click()
  await page.getByRole('dialog', { name: '2 IPs are on web-2' }).waitFor({ timeout })
})

test('a key that is refused, or may not do it, has its own words with what to do', { timeout: 60_000 }, async () => {
  emulator.setTiming('instant')
  const page = await proxied.open()
  await page.locator('.address-link').first().click()
  for (const [status, type, words] of [
    [401, 'denied_authentication', /Give the proxy a new key; this page never asks for one/],
    [403, 'permissions_denied', /This key may not do this \(403\)\. Rights that were just added can take 2\sminutes/],
  ] as const) {
    emulator.clearFaults()
    emulator.addFault({ operation: 'updateFlexibleIP', fault: { status: { status, body: { type, message: 'no', ...(status === 401 && { method: 'api_key', reason: 'not_found' }) } } } })
    await page.getByRole('complementary').getByRole('button', { name: 'Edit…' }).click()
    const form = page.getByRole('dialog', { name: /^Edit / })
    await form.getByLabel('Description').fill('Changed')
    await form.getByRole('button', { name: 'Save' }).click()
    await form.getByRole('alert').getByText(words).waitFor({ timeout })
    await form.getByText('The service refused it. Nothing was changed by it.').waitFor()
    await form.getByRole('button', { name: 'Cancel' }).click()
  }
})

test('when nothing could be read, the page says so with the reason, offers neither Create nor Export, and tries again', { timeout: 40_000 }, async () => {
  emulator.addFault({ operation: 'listFlexibleIPs', times: 10_000, fault: { status: { status: 401, body: { type: 'denied_authentication', method: 'api_key', reason: 'not_found', message: 'no' } } } })
  const page = await proxied.open()
  await page.getByRole('heading', { name: 'Nothing could be read' }).waitFor({ timeout })
  await page.locator('.center').getByText(/Give the proxy a new key/).waitFor()
  expect(await page.getByRole('button', { name: /^(Create|Export)/ }).count()).toBe(0)
  expect(await page.locator('body').textContent()).not.toMatch(/There is none|\b0\sIPs/)
  expect(await page.getByRole('link', { name: /Flexible IPs/ }).textContent()).not.toContain('0')
  emulator.clearFaults()
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.locator('.row').nth(1).waitFor({ timeout })
})

test('servers that cannot be read any more keep their names, and a notice says so', { timeout: 60_000 }, async () => {
  await client.ensureAttached({ fipsIds: (await client.listFlexibleIPs().all()).map(({ id }) => id), serverId: from.id })
  const page = await proxied.open()
  await page.locator('.row .server', { hasText: 'web-1' }).first().waitFor({ timeout })
  for (const status of [401, 403, 503]) {
    await page.route(/\/baremetal\//, (route) => route.fulfill({ status, json: { type: 'x', message: 'no' } }))
    const strip = page.locator('.strip', { hasText: 'Servers cannot be read now:' })
    // What is older than a second is read again when the page is shown again.
    const showAgain = () => page.evaluate("dispatchEvent(new Event('visibilitychange'))")
    await expect.poll(async () => (await showAgain(), strip.filter({ hasText: `status ${status}` }).count()), { timeout }).toBe(1)
    await page.locator('.row .server', { hasText: 'web-1' }).first().waitFor()
    expect(await page.getByRole('link', { name: /^Servers/ }).textContent()).toContain('2')
    await page.unroute(/\/baremetal\//)
  }
})

test('a plan that is not the plan any more is not sent: the new one is shown', { timeout: 40_000 }, async () => {
  emulator.setTiming('instant')
  const ips = await client.listFlexibleIPs().all()
  await client.ensureAttached({ fipsIds: ips.map(({ id }) => id), serverId: from.id })
  const page = await proxied.open()
  await page.getByRole('checkbox', { name: /^Select all/ }).click()
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Move…' }).click()
  const act = page.getByRole('button', { name: 'Move 2 IPs to web-2' })
  await expect.poll(() => act.isEnabled()).toBe(true)
  await client.detachFlexibleIP({ fipsIds: [ips[0]?.id ?? ''] })
  await client.waitForFlexibleIP({ fipId: ips[0]?.id ?? '' })
  await act.click()
  await page.getByText(/^The plan was from .* Nothing was sent\. This is the new plan\.$/).waitFor({ timeout })
  await page.getByText('not needed').waitFor()
  expect((await client.listFlexibleIPs().all()).filter(({ serverId }) => serverId === from.id).length).toBe(1)
})

test('the new plan of what others have moved or deleted shows that, and so does the table', { timeout: 60_000 }, async () => {
  emulator.setTiming('instant')
  const ips = await client.listFlexibleIPs().all()
  await client.ensureAttached({ fipsIds: ips.map(({ id }) => id), serverId: from.id })
  const other = emulator.addServer({ zone: 'fr-par-1', name: 'web-9' })
  const page = await proxied.open()
  await page.getByRole('checkbox', { name: /^Select all/ }).click()
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Move…' }).click()
  const act = page.getByRole('button', { name: 'Move 2 IPs to web-2' })
  await expect.poll(() => act.isEnabled()).toBe(true)
  await client.ensureAttached({ fipsIds: [ips[0]?.id ?? ''], serverId: other.id })
  await act.click()
  await page.getByText(/^The plan was from .* Nothing was sent\. This is the new plan\.$/).waitFor({ timeout })
  // Well before the next poll.
  await expect.poll(() => page.locator('.row .cell.server').allTextContents(), { timeout: 10_000 }).toContain('web-9')
  await client.ensureAttached({ fipsIds: [ips[0]?.id ?? ''], serverId: from.id })
  await client.detachFlexibleIP({ fipsIds: [ips[1]?.id ?? ''] })
  await client.deleteFlexibleIP({ fipId: ips[1]?.id ?? '' })
  await page.getByRole('button', { name: /^Move 2 IPs to/ }).click({ timeout })
  await expect.poll(() => page.locator('.row').count(), { timeout: 10_000 }).toBe(ips.length - 1)
  await page.getByRole('button', { name: /^Move 1\sIP to/ }).waitFor({ timeout: 10_000 })
})

test('a page with work under way asks before it is left', { timeout: 40_000 }, async () => {
  const page = await emulated.open()
  await page.getByRole('button', { name: 'Plan failover of 6\u00a0IPs' }).click()
  await page.getByRole('button', { name: /^Move 6 IPs to/ }).click()
  await page.getByRole('dialog', { name: /^Moving 6 IPs/ }).waitFor()
  const asked = page.waitForEvent('dialog')
  const closed = page.close({ runBeforeUnload: true })
  const dialog = await asked
  expect(dialog.type()).toBe('beforeunload')
  await dialog.dismiss()
  await closed
  await page.getByRole('dialog', { name: /^6 IPs are on/ }).waitFor({ timeout })
})
