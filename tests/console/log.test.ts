// The activity log, and the files that can be saved of it and of the table.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Stage, type Visit, startStage, visit } from './support.js'

let stage: Stage
let current: Visit | undefined

beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage?.close())
afterEach(async () => {
  const { complaints = [], context } = current ?? {}
  current = undefined
  await context?.close()
  expect(complaints).toEqual([])
})

async function open(query = ''): Promise<Page> {
  current = await visit(stage, query)
  await current.page.getByRole('navigation').waitFor()
  return current.page
}

/** Gives "Web, staging" a new MAC address: one change with its waits. Goes to the log afterwards. */
async function makeChange(page: Page): Promise<void> {
  await page.locator('.row', { hasText: 'Web, staging' }).locator('.address-link').click()
  const sheet = page.getByRole('complementary')
  await sheet.getByRole('button', { name: 'MAC', exact: true }).click()
  await sheet.getByRole('button', { name: 'Generate a MAC…' }).click()
  await sheet.locator('.mac-confirm').getByRole('button', { name: 'Generate a MAC' }).click()
  await sheet.getByText('KVM, in use').waitFor({ timeout: 40_000 })
}

async function saved(page: Page, name: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()])
  return readFileSync(await download.path(), 'utf8')
}

test('a change is shown with its answer and its wait, in the log and with its flexible IP', async () => {
  const page = await open('?q=staging')
  await makeChange(page)
  await page.getByRole('complementary').getByRole('button', { name: 'Log', exact: true }).click()
  const own = page.getByRole('complementary').getByRole('table')
  await own.getByRole('button', { name: /^Generate a MAC for [\d.]+$/ }).waitFor()
  await own.getByRole('button', { name: /^Wait for 1\sIP$/ }).waitFor()
  await page.getByRole('link', { name: 'Log' }).click()
  await page.getByText('Changes').click()
  await expect.poll(() => page.getByRole('button', { name: /^List/ }).count()).toBe(0)
  expect(await page.getByRole('row', { name: /Generate a MAC for/ }).textContent()).toContain('200')
})

test('a request can be copied with the key as a variable for curl, and as a command of this package', async () => {
  const page = await open('?q=staging')
  await current?.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const address = await page.locator('.row .address-link').first().textContent()
  await makeChange(page)
  await page.getByRole('link', { name: 'Log' }).click()
  await page.getByRole('button', { name: /^Generate a MAC for/ }).click()
  const command = page.locator('.log-command')
  expect(await command.textContent()).toBe(`npx flexip mac generate ${address} --type=kvm --zone=fr-par-1`)
  await page.locator('.log-detail').getByText('curl').click()
  await expect.poll(() => command.textContent()).toMatch(/^curl -X POST https:\/\/api\.scaleway\.com\/flexible-ip\/v1alpha1\/zones\/fr-par-1\/fips\/[\da-f-]{36}\/mac/)
  const text = (await command.textContent()) ?? ''
  expect(text).toContain('"X-Auth-Token: $SCW_SECRET_KEY"')
  await page.locator('.log-detail').getByRole('button', { name: /^Copy/ }).click()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text)
  const words = spawnSync('sh', ['-c', text.replace(/^curl/, "printf '%s\\n'")], { encoding: 'utf8', env: { ...process.env, SCW_SECRET_KEY: 'the-key' } }).stdout
  expect(words.split('\n')).toEqual(['-X', 'POST', expect.stringContaining('/mac') as string, '-H', 'X-Auth-Token: the-key', '-H', 'Content-Type: application/json', '-d', '{"mac_type":"kvm"}', ''])
})

test('a 429 and its retry are one row, which says how often and how long', async () => {
  const page = await open('?q=staging')
  await page.locator('.row').first().waitFor()
  await page.getByLabel('Faults').selectOption('throttled')
  await page.getByRole('link', { name: 'Log' }).click()
  await page.getByRole('row').filter({ hasText: /[2-9] tries/ }).first().getByRole('button').click({ timeout: 50_000 })
  const attempts = page.locator('.log-attempts li')
  expect(await attempts.count()).toBeGreaterThan(1)
  expect(await attempts.first().textContent()).toMatch(/answered 429 .*tried again after [\d.]+\ss/)
  expect(await attempts.last().textContent()).toContain('answered 200')
})

test('the table is saved as CSV and JSON: what is shown, in its order, and no formula', async () => {
  const page = await open('?q=mail-1&sort=-address')
  await page.locator('.row').first().waitFor()
  const shown = await page.locator('.row .address-link').allTextContents()
  const list = JSON.parse(await saved(page, 'Export 3 as JSON')) as { address: string; tags: string[]; server: string }[]
  expect(list.map(({ address }) => address)).toEqual(shown)
  expect(list[0]?.server).toBe('mail-1')
  const csv = (await saved(page, 'Export 3 as CSV')).split('\r\n')
  expect(csv[0]).toBe('address,status,server,zone,mac,reverse,description,tags,updated,serverId,projectId,id')
  expect(csv.slice(1, 4).map((line) => line.split(',')[0])).toEqual(shown)
})

test('the log is saved as it is shown, and no file and no row has the key', async () => {
  const page = await open('?q=staging')
  await makeChange(page)
  await page.getByRole('link', { name: 'Log' }).click()
  await page.getByText('Changes').click()
  const count = await page.locator('.log tbody tr').count()
  const json = await saved(page, `Export ${count} as JSON`)
  const list = JSON.parse(json) as { operation?: string; result: string; body?: string; requestId?: string }[]
  expect(list.length).toBe(count)
  expect(list.find(({ operation }) => operation === 'generateMACAddr')).toMatchObject({ result: '200', body: '{"mac_type":"kvm"}', requestId: expect.stringMatching(/^[\da-f-]{36}$/) as string })
  const csv = await saved(page, `Export ${count} as CSV`)
  expect(`${json}${csv}${await page.locator('body').textContent()}`).not.toMatch(/x-auth-token: *[\da-f]/i)
})
