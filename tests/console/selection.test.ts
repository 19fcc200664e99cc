// The selection in the URL: exactly what was selected, in a reload and in a shared link, whatever the filters have become.
import type { Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { digestOf, pack, packedMax, unpack } from '../../js/console/data/packed-ids.js'
import { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { FlexibleIpClient } from '../../pkg/index.js'
import { openConsole, proxyTo, rowCount } from './support.js'

const many = packedMax + 20
const emulator = new FlexibleIpEmulator({ seed: 53, timing: 'instant', servers: [{ zone: 'fr-par-1', name: 'one' }], population: { 'fr-par-1': many } })
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
const { open } = openConsole({ proxy: proxyTo(emulator) })
const timeout = 30_000

let count: number
beforeEach(async () => {
  emulator.reset()
  count = (await client.listFlexibleIPs().all()).length
})

const counted = (page: Page, ips: number) => page.getByRole('region', { name: 'Selection' }).getByText(`${ips}\u00a0IPs selected`).waitFor({ timeout })

/** Selects all that the filters show, and gives their number. */
async function selectAll(page: Page, expected: number): Promise<void> {
  await expect.poll(() => rowCount(page), { timeout }).toBe(expected)
  await page.getByRole('grid').focus()
  await page.keyboard.press('Control+a')
  await counted(page, expected)
}

test('packed ids are the same ids again, and a damaged text is none', () => {
  const ids = ['00000000-0000-4000-8000-000000000000', 'ffffffff-ffff-4fff-bfff-ffffffffffff', '6e5267b4-bca4-4548-b09c-70cca91bef21']
  const packed = pack(ids) ?? ''
  expect(packed).toMatch(/^~[\w-]{64}$/)
  expect(unpack(packed)).toEqual(ids)
  expect([unpack(packed.slice(0, -2)), unpack('~(%5B'), unpack('all')]).toEqual([[], [], undefined])
  expect(pack(['__proto__'])).toBeUndefined()
})

test('a digest does not depend on the order of the ids, and depends on each', () => {
  expect(digestOf(['a', 'b'])).toBe(digestOf(['b', 'a']))
  expect(digestOf(['a', 'b'])).not.toBe(digestOf(['a', 'c']))
  expect(digestOf(['a'])).toMatch(/^1\./)
})

test('what is selected stays exactly that after a filter is removed, another is set and the page is loaded anew', async () => {
  const all = (await client.listFlexibleIPs().all()).filter(({ status }) => status !== 'locked')
  for (const { id } of all.slice(0, 60)) await client.updateFlexibleIP({ fipId: id, description: 'chosen' })
  const page = await open('?q=chosen')
  await selectAll(page, 60)
  await page.getByRole('searchbox').fill('')
  await expect.poll(() => rowCount(page), { timeout }).toBe(count)
  await page.reload()
  await counted(page, 60)
  // The link of a dialog, opened with another search.
  await page.getByRole('searchbox').fill(all[0]?.ipAddress ?? '')
  await page.goto(`${page.url()}&dialog=delete`)
  await page.getByRole('alertdialog', { name: 'Delete 60\u00a0IPs?' }).waitFor({ timeout })
})

test('a selection that is too large for the URL is selected anew by the filters that showed it, also when others are set since', async () => {
  const page = await open()
  await selectAll(page, count)
  const url = new URL(page.url())
  expect(url.searchParams.getAll('sel')).toEqual(['all'])
  await page.getByRole('searchbox').fill('nothing like it')
  await page.reload()
  await counted(page, count)
  expect(new URL(page.url()).searchParams.get('selq')).toBe(url.searchParams.get('selq'))
})

test('a link that stands for more than the URL holds selects nothing when its filters show others than then, and says so', async () => {
  const page = await open()
  await selectAll(page, count)
  await client.createFlexibleIP({ description: 'later' })
  await page.goto(`${page.url()}&dialog=delete`)
  await page.getByText(`This address stands for ${count}\u00a0IPs that filters showed.`).waitFor({ timeout })
  await page.getByRole('alertdialog', { name: 'Nothing is selected.' }).waitFor({ timeout })
  expect(new URL(page.url()).searchParams.getAll('sel')).toEqual([])
})

for (const form of ['sel=all', 'sel=all&selq=', 'sel=ALL', 'sel=All&selq=']) {
  test(`${form}, written by hand, selects what the filters of the address show`, async () => {
    const page = await open(`?${form}`)
    await counted(page, count)
  })
}

test('a step back in the history does not change what the URL says of the selection', async () => {
  const page = await open()
  await expect.poll(() => rowCount(page), { timeout }).toBe(count)
  const boxes = page.locator('.row').getByRole('checkbox')
  await boxes.nth(0).click()
  await page.locator('.row .address-link').first().click()
  await page.getByRole('complementary').waitFor()
  await boxes.nth(1).click()
  await page.goBack()
  await expect.poll(() => page.getByRole('complementary').count()).toBe(0)
  expect(new URL(page.url()).searchParams.getAll('sel').length).toBe(2)
})
