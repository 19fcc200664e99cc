// What a move gives to copy: a command that does the same, and a report. What its calls were is in the log.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FlexibleIpClient } from '../../pkg/index.js'
import { serveEmulator } from '../../pkg/server.js'
import { type Console, openConsole, proxyTo } from './support.js'

const { emulator, url: service, close: closeService } = await serveEmulator({ timing: 'instant', servers: [{ zone: 'fr-par-1', name: 'web-1' }, { zone: 'fr-par-1', name: '--all' }, { zone: 'fr-par-1', name: 'web-2' }] })
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
const [from = { id: '' }, unsafe = { id: '' }] = emulator.servers

const proxied = openConsole({ proxy: { ...proxyTo(emulator), upstream: service, isEmulator: true } })
const emulated = openConsole()

beforeAll(async () => {
  for (let count = 0; count < 2; count += 1) await client.createAndAttach({ serverId: from.id, description: 'Shop' })
})
afterAll(() => closeService(0))

async function open(console: Console, query = ''): Promise<Page> {
  const page = await console.open(query)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('gridcell').first().waitFor()
  return page
}

async function copied(page: Page, inside: Locator, button: string): Promise<string> {
  await inside.getByRole('button', { name: button }).click()
  await inside.getByRole('button', { name: 'Copied' }).waitFor()
  return page.evaluate(() => navigator.clipboard.readText())
}

const timeout = 30_000
/** Runs a copied command, with `--dry-run`, against the emulator. */
async function dryRun(command: string): Promise<string> {
  const words = command.replace(/^npx flexip /, '').split(' ')
  const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, '../../pkg/cli.js'), ...words, '--dry-run'], { env: { PATH: process.env.PATH } })
  return stdout
}

test('the command of a failover names what moves, and the command line plans the same with it', async () => {
  const page = await open(proxied, `?dialog=failover:${from.id}`)
  const dialog = page.getByRole('dialog', { name: 'Fail over web-1' })
  await dialog.getByRole('radio', { name: /^web-2/ }).check()
  const addresses = (await client.listFlexibleIPs().all()).map(({ ipAddress }) => ipAddress)
  const command = await copied(page, dialog, 'Copy as command')
  expect(command).toBe(`npx flexip failover web-1 web-2 ${addresses.join(' ')} --zone=fr-par-1 --emulator=${service}`)
  expect(await dryRun(command)).toContain('attach')
  // A name that the command line would take for an option is not in it.
  await dialog.getByRole('radio', { name: /^--all/ }).check()
  expect(await copied(page, dialog, 'Copy as command')).toContain(`failover web-1 ${unsafe.id} `)
})

test('the command of a move of a selection is a claim, which the command line plans too', async () => {
  const page = await open(proxied)
  await page.getByRole('checkbox', { name: /^Select \d/ }).first().click()
  await page.getByRole('button', { name: 'Move…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Move 1\u00a0IP' })
  await dialog.getByRole('radio', { name: /^web-2/ }).check()
  const command = await copied(page, dialog, 'Copy as command')
  expect(command).toMatch(/^npx flexip claim web-2 [\d.]+ --zone=fr-par-1 --emulator=http:\S+$/)
  expect(await dryRun(command)).toContain('attach')
})

test('a request of the log runs at the service of the page, as curl and as a command, with the key as a variable', async () => {
  const [ip = { id: '', ipAddress: '' }] = await client.listFlexibleIPs().all()
  const page = await open(proxied, `?dialog=edit:${ip.id}`)
  const form = page.getByRole('dialog')
  await form.getByLabel('Description').fill("it's new")
  await form.getByRole('button', { name: 'Save' }).click()
  await form.waitFor({ state: 'detached' })
  await page.getByRole('link', { name: 'Log' }).click()
  await page.getByRole('button', { name: /^Change / }).click()
  const detail = page.locator('.log-detail')
  const run = async (copy: string) => {
    await client.updateFlexibleIP({ fipId: ip.id, description: 'old' })
    await promisify(execFile)('sh', ['-c', copy.replace(/^npx flexip/, `'${process.execPath}' '${join(import.meta.dirname, '../../pkg/cli.js')}'`)], { env: { PATH: process.env.PATH, FLEXIP_SECRET_KEY: emulator.secretKey } })
    return (await client.getFlexibleIP({ fipId: ip.id })).description
  }
  const clipboard = async (beginning: RegExp): Promise<string> => {
    await detail.getByRole('button', { name: /^Copy/ }).click()
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toMatch(beginning)
    return page.evaluate(() => navigator.clipboard.readText())
  }
  const own = await clipboard(/^npx flexip/)
  expect(own).toBe(`npx flexip update ${ip.ipAddress} '--description=it'\\''s new' --zone=fr-par-1 --emulator=${service}`)
  expect(await run(own)).toBe("it's new")
  await detail.getByText(/If yours has another, set FLEXIP_SECRET_KEY/).waitFor()
  await detail.getByText('curl').click()
  await detail.getByText('The key is read from FLEXIP_SECRET_KEY').waitFor()
  await page.locator('.log-command', { hasText: /^curl/ }).waitFor()
  const curl = await clipboard(/^curl/)
  expect(curl).not.toContain(emulator.secretKey)
  expect(curl).toContain(`curl -X PATCH ${service}/flexible-ip/`)
  // Not every machine has curl: its words are sent by fetch.
  const [, , method = '', url = '', , key = '', , type = '', , body = ''] = (await promisify(execFile)('sh', ['-c', curl.replace(/^curl/, "printf '%s\\n' curl")], { env: { PATH: process.env.PATH, FLEXIP_SECRET_KEY: emulator.secretKey } })).stdout.split('\n')
  await client.updateFlexibleIP({ fipId: ip.id, description: 'old' })
  const headers = Object.fromEntries([key, type].map((header) => header.split(': ')))
  expect((await fetch(url, { method, headers, body })).status).toBe(200)
  expect((await client.getFlexibleIP({ fipId: ip.id })).description).toBe("it's new")
})

test('the report of a move that half failed is plain text that says what is where and why; the log shows its calls only, and leads back', async () => {
  const page = await open(emulated)
  await page.getByLabel('Faults').selectOption({ label: 'a move half fails' })
  await page.getByRole('button', { name: 'Plan failover of 6\u00a0IPs' }).click()
  await page.getByRole('radio', { name: /^web-2/ }).check()
  await page.getByRole('button', { name: /^Move 6\sIPs to web-2$/ }).click()
  const half = page.getByRole('dialog', { name: /^3 of 6\sIPs are on web-2$/ })
  await half.waitFor({ timeout })
  const report = await copied(page, half, 'Copy report')
  expect(report.split('\n')[0]).toBe('Failover of web-1 to web-2 in fr-par-1')
  expect(report).toMatch(/^Began \d{4}-\d\d-\d\dT[\d:]{8}Z, ended \d{4}-\d\d-\d\dT[\d:]{8}Z\.$/m)
  expect(report).toMatch(/^3 of 6 IPs are on web-2\.$/m)
  expect(report).toMatch(/^195\.154\.141\.1, 195\.154\.141\.2, 195\.154\.141\.3 \(MAC group [\da-f:]{17}\): on web-2$/m)
  expect(report).toMatch(/^195\.154\.141\.4, 195\.154\.141\.5 \(MAC group [\da-f:]{17}\): on no server \(412 .*; Request id [\da-f-]{36}\)$/m)
  expect(report).toMatch(/^195\.154\.141\.6: locked by Scaleway, stays on web-1$/m)
  expect(report).not.toMatch(/\u00a0/)
  await half.getByRole('button', { name: 'Open in log' }).click()
  await page.getByText('Only the calls of: Fail over web-1').waitFor()
  const rows = page.locator('.log .log-what')
  expect(await rows.filter({ hasText: /^Attach / }).count()).toBeGreaterThan(1)
  // The lists of the other zones are not among them.
  expect(await rows.filter({ hasText: 'pl-waw-3' }).count()).toBe(0)
  await page.locator('.log-of').getByRole('button', { name: 'Show the move' }).click()
  await half.waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Show the whole log' }).click()
  await rows.filter({ hasText: 'pl-waw-3' }).first().waitFor()
})

test('a move that is under way opens in the log, and goes on', async () => {
  const page = await open(emulated)
  await page.locator('.segments label', { hasText: 'as recorded' }).click()
  await page.getByRole('button', { name: 'Plan failover of 6\u00a0IPs' }).click()
  await page.getByRole('button', { name: /^Move 6\sIPs to / }).click()
  const running = page.getByRole('dialog', { name: /^Moving 6\sIPs to / })
  await running.getByText(/^detach group …/).first().waitFor()
  await running.getByRole('button', { name: 'Open in log' }).click()
  await page.locator('.log-what', { hasText: /^Detach / }).first().waitFor()
  await page.getByRole('button', { name: /^Moving 6\sIPs, / }).click()
  await running.waitFor()
})
