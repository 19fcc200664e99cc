// The console behind flexip/proxy: the same table, without a key in the page. What others wrote is shown as text only,
// and a change of another program arrives without a reload.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FlexibleIpClient } from '../../pkg/index.js'
import { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { type Stage, type Visit, proxyTo, startStage, visit } from './support.js'

const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>\u202e'
/** The character that turns the direction is written out. */
const shown = hostile.replace('\u202e', '\\u202e')
const emulator = new FlexibleIpEmulator({ seed: 3, timing: 'instant', servers: [{ zone: 'fr-par-1', name: hostile }] })
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })

let stage: Stage
let seen: Visit
let page: Page

beforeAll(async () => {
  await client.createFlexibleIP({ description: hostile, tags: [hostile], serverId: emulator.servers[0]?.id ?? '' })
  stage = await startStage(proxyTo(emulator))
  seen = await visit(stage)
  page = seen.page
  await page.getByRole('gridcell').first().waitFor()
})
afterAll(() => stage?.close())

test('hostile texts of a flexible IP and its server are shown as text, and run nothing', async () => {
  await page.locator('.row .description', { hasText: shown }).waitFor()
  await page.locator('.row .tag', { hasText: shown }).waitFor()
  await page.locator('.row .server', { hasText: shown }).waitFor()
  await page.locator('.row .address-link').first().click()
  await page.getByRole('complementary').locator('dd', { hasText: shown }).first().waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Servers' }).click()
  await page.locator('.card', { hasText: shown }).waitFor()
  await page.getByRole('link', { name: 'Flexible IPs' }).click()
  expect(await page.locator('img, script:not([src])').count()).toBe(0)
  expect(await page.title()).toBe('flexip')
})

test('no request of the page carries a key, and none leaves the origin', async () => {
  const headers: Record<string, string>[] = []
  seen.context.on('request', (request) => headers.push(request.headers()))
  await page.reload()
  await page.getByRole('gridcell').first().waitFor()
  expect(headers.length).toBeGreaterThan(5)
  expect(headers.filter((each) => 'x-auth-token' in each)).toEqual([])
  expect(JSON.stringify(headers)).not.toContain(emulator.secretKey)
  expect(seen.complaints).toEqual([])
})

test('while many are under way, a zone is one list every two seconds, and the rows settle in place', async () => {
  const fipsIds: string[] = []
  for (let count = 0; count < 20; count += 1) fipsIds.push((await client.createFlexibleIP({ description: 'many' })).id)
  emulator.setTiming({ attach: 4000, betweenAttaches: 0 })
  for (const id of fipsIds) await client.attachFlexibleIP({ fipsIds: [id], serverId: emulator.servers[0]?.id ?? '' })
  const lists: string[] = []
  seen.context.on('request', (request) => request.url().includes('/fips') && lists.push(request.url()))
  await page.goto(`${stage.url}?q=many`)
  await page.getByText('20 under way: one list every').waitFor()
  const before = lists.length
  await expect.poll(() => page.locator('.status.updating').count(), { timeout: 20_000 }).toBe(0)
  expect(await page.locator('.row .status.attached').count()).toBe(20)
  // One list of the zone each two seconds, for four seconds; none for a row.
  expect(lists.length - before).toBeLessThanOrEqual(4)
  expect(lists.every((url) => /\/fips\?/.test(url))).toBe(true)
  expect(seen.complaints).toEqual([])
})
