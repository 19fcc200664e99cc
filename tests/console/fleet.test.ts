// The table of flexible IPs: what is in it, search, filters, order, selection, and what the URL holds.
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Stage, type Visit, rowCount, startStage, visit } from './support.js'

let stage: Stage
let current: Visit

// One browser that stays: no test of this file changes the fleet.
beforeAll(async () => {
  stage = await startStage()
  current = await visit(stage)
})
afterAll(() => stage?.close())
afterEach(() => {
  expect(current.complaints.splice(0)).toEqual([])
})

/** The bar of the selection. What is read out says the same. */
const selection = (page: Page) => page.getByRole('region', { name: 'Selection' })

/** Opens the console, and waits until the table has rows. */
async function open(query = '', size = { width: 1440, height: 900 }): Promise<Page> {
  const { page } = current
  await page.setViewportSize(size)
  await page.goto(stage.url + query)
  await page.getByRole('gridcell').first().waitFor()
  return page
}

const addresses = (page: Page): Promise<string[]> => page.locator('.row .address-link').allTextContents()
const queryOf = (page: Page): URLSearchParams => new URL(page.url()).searchParams

test('the first visit shows 60 flexible IPs on 12 servers, and the server that is failing', async () => {
  const page = await open()
  expect(await rowCount(page)).toBe(60)
  await page.getByText('web-1 is failing').waitFor()
  expect(await page.getByRole('link', { name: 'Servers' }).textContent()).toBe('Servers12')
  expect(await page.locator('.foot').textContent()).toContain('60\u00a0IPs in 3\u00a0zones')
})

test('what is on a server that is failing comes first, in the table and in its export', async () => {
  const page = await open()
  const serversOf = () => page.locator('.row .cell.server').allTextContents()
  await expect.poll(async () => (await serversOf()).slice(0, 8)).toEqual([...Array<string>(7).fill('web-1'), 'backup-1'])
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'CSV' }).click()])
  const lines = (await readFile(await download.path(), 'utf8')).split(/\r?\n/)
  expect(lines.slice(1, 9).map((line) => /\b(?:web-1|backup-1)\b/.exec(line)?.[0])).toEqual([...Array<string>(7).fill('web-1'), 'backup-1'])
  await page.getByRole('button', { name: 'Address', exact: true }).click()
  await expect.poll(async () => (await addresses(page)).at(0)).toBe('51.158.194.1')
})

test('the fleet of a first visit was built over half a year, and the latest flexible IP is an hour old', async () => {
  const page = await open()
  await page.getByRole('columnheader', { name: 'Updated' }).click()
  const ages = () => page.locator('.row .cell.updated').allTextContents()
  await expect.poll(async () => (await ages()).at(0)).toMatch(/^1\sh ago$|^1[67]\d\sd ago$/)
  await page.getByRole('columnheader', { name: 'Updated' }).click()
  await expect.poll(async () => (await ages()).at(0)).toMatch(/^1\sh ago$|^1[67]\d\sd ago$/)
  expect(new Set(await ages()).size).toBeGreaterThan(10)
})

test('a search finds a flexible IP by description, reverse, tag, server, address and MAC address, every word of it', async () => {
  const page = await open()
  const search = page.getByRole('searchbox')
  for (const [text, count] of [['card processor', 1], ['api.northwind', 1], ['reputation', 1], ['mail-1', 3], ['prod mail', 3], ['WEB-1 SHOP', 3]] as const) {
    await search.fill(text)
    await expect.poll(() => rowCount(page), { message: text }).toBe(count)
    expect(queryOf(page).get('q')).toBe(text)
  }
  await search.fill('mail-1')
  const [first = ''] = await addresses(page)
  const mac = (await page.locator('.row .mac .mono').first().textContent()) ?? ''
  await search.fill(mac)
  await expect.poll(() => rowCount(page)).toBe(3)
  await search.fill(first)
  await expect.poll(() => addresses(page)).toContain(first)
  await search.fill('there is no such flexible IP')
  await page.getByRole('button', { name: 'Remove all filters' }).click()
  await expect.poll(() => rowCount(page)).toBe(60)
})

test('search, filters and order of a URL are those of the page, also after a reload', async () => {
  const page = await open('?q=shop&zone=fr-par-2&sort=-address')
  expect(await rowCount(page)).toBe(2)
  const shown = await addresses(page)
  await page.reload()
  await page.getByRole('gridcell').first().waitFor()
  expect(await addresses(page)).toEqual(shown)
  expect(await page.getByRole('columnheader', { name: 'Address' }).getAttribute('aria-sort')).toBe('descending')
})

test('a column is sorted in both directions, and the URL says so', async () => {
  const page = await open('?zone=nl-ams-1')
  const byNumber = (list: string[]) => [...list].sort((a, b) => padded(a).localeCompare(padded(b)))
  await page.getByRole('button', { name: 'Address', exact: true }).click()
  await expect.poll(() => queryOf(page).get('sort')).toBe('address')
  const up = await addresses(page)
  expect(up.length).toBe(12)
  await expect.poll(async () => byNumber(await addresses(page))).toEqual(up)
  await page.getByRole('button', { name: 'Address', exact: true }).click()
  await expect.poll(() => queryOf(page).get('sort')).toBe('-address')
  await expect.poll(() => addresses(page)).toEqual([...up].reverse())
})

const padded = (address: string): string => address.split('.').map((part) => part.padStart(3, '0')).join('.')

test('a filter of a menu shows only its values, and can be removed', async () => {
  const page = await open()
  await page.getByRole('search').getByRole('button', { name: 'Status', exact: true }).click()
  await page.locator('.option', { hasText: 'locked' }).click()
  await expect.poll(() => rowCount(page)).toBe(1)
  await page.keyboard.press('Escape')
  expect(queryOf(page).getAll('status')).toEqual(['locked'])
  await page.getByRole('button', { name: 'Remove the filter Status' }).click()
  await expect.poll(() => rowCount(page)).toBe(60)
})

test('the selection is in the URL, is counted, names what a filter hides, and offers the rest of a MAC group', async () => {
  const page = await open('?q=web-1')
  await page.locator('.row', { hasText: 'Public API, blue side' }).getByRole('checkbox').click()
  const bar = selection(page)
  await bar.getByText('moves whole, 2 of 3 not selected').waitFor()
  const [id] = queryOf(page).getAll('sel')
  expect(id).toMatch(/^[0-9a-f-]{36}$/)
  await bar.getByRole('button', { name: 'Add 2' }).click()
  await bar.getByText('3\u00a0IPs selected').waitFor()
  expect(queryOf(page).getAll('sel').length).toBe(3)
  await page.getByRole('searchbox').fill('mail')
  await bar.getByText('3 hidden by a filter').waitFor()
  await page.reload()
  await bar.getByText('3\u00a0IPs selected').waitFor()
})

test('all that the filter shows are selected at once, and no other', async () => {
  const page = await open('?q=vm-1')
  await page.getByRole('checkbox', { name: 'Select all 14 that are shown' }).click()
  await selection(page).getByText('14\u00a0IPs selected').waitFor()
  await page.getByRole('searchbox').fill('vm-2')
  await page.getByText('14 hidden by a filter').waitFor()
  expect(await page.locator('.row[aria-selected=true]').count()).toBe(0)
})

test('the keyboard moves, selects, opens and closes, and finds the search', async () => {
  const page = await open('?q=mail-1')
  await page.getByRole('grid').focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space')
  await selection(page).getByText('1\u00a0IP selected').waitFor()
  await page.keyboard.press('b')
  await selection(page).getByText('3\u00a0IPs selected').waitFor()
  await page.keyboard.press('Enter')
  const sheet = page.getByRole('complementary')
  await sheet.getByText('mail-1').waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => sheet.count()).toBe(0)
  await page.keyboard.press('/')
  expect(await page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('search')
})

test('10,000 flexible IPs are one table, of which only what is in sight is drawn', async () => {
  const page = await open('?population=10000')
  await expect.poll(() => rowCount(page), { timeout: 30_000 }).toBe(10_000)
  expect(await page.locator('.row').count()).toBeLessThan(80)
  await page.getByRole('grid').focus()
  await page.keyboard.press('End')
  await page.locator('.row[aria-rowindex="10001"]').waitFor()
  await page.getByRole('searchbox').fill('195.154')
  await expect.poll(() => rowCount(page)).toBeLessThan(10_000)
})

test('10,000 selected flexible IPs are selected after a reload, neither more nor fewer', async () => {
  const page = await open('?population=10000')
  await expect.poll(() => rowCount(page), { timeout: 30_000 }).toBe(10_000)
  await page.getByRole('grid').focus()
  await page.keyboard.press('Control+a')
  const bar = selection(page)
  await bar.getByText('10,000\u00a0IPs selected').waitFor({ timeout: 30_000 })
  expect(queryOf(page).getAll('sel')).toEqual(['all'])
  await page.reload()
  await bar.getByText('10,000\u00a0IPs selected').waitFor({ timeout: 30_000 })
  expect(await rowCount(page)).toBe(10_000)
  expect(await page.locator('.row[aria-selected=true]').count()).toBe(await page.locator('.row').count())
  // With one less it is not all: such a selection lasts as long as the page.
  await page.locator('.row').first().getByRole('checkbox').click()
  await bar.getByText('9,999\u00a0IPs selected').waitFor({ timeout: 30_000 })
  expect(queryOf(page).getAll('sel')).toEqual([])
})

test('while 10,000 rows scroll their elements are used again, and at rest they are in the order of the rows', async () => {
  const page = await open('?population=10000')
  await expect.poll(() => rowCount(page), { timeout: 30_000 }).toBe(10_000)
  const grid = page.getByRole('grid')
  const inSight = await grid.evaluate(({ clientHeight }) => Math.ceil(clientHeight / 32) + 1)
  await expect.poll(() => page.locator('.row').count()).toBeGreaterThan(inSight + 8)
  await page.evaluate('globalThis.drawn = new Set(document.querySelectorAll(".row"))')
  const indexes = () => page.locator('.row').evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('aria-rowindex'))))
  for (const top of [96, 960, 9600, 96_000]) {
    await grid.evaluate((element, to) => element.scrollTo(0, to), top)
    const first = top / 32
    await page.locator(`.row[aria-rowindex="${first + 2}"]`).waitFor()
    const room = await grid.evaluate((element) => Math.floor((element.clientHeight - 32) / 32))
    const missing = async () => {
      const shown = new Set(await indexes())
      return Array.from({ length: room }, (_, at) => first + 2 + at).filter((index) => !shown.has(index))
    }
    await expect.poll(missing).toEqual([])
    // The row of the cursor is the last of them, while it is out of sight.
    await expect.poll(async () => (await indexes()).filter((index) => index !== 2)).toEqual([...(await indexes())].filter((index) => index !== 2).sort((a, b) => a - b))
  }
  expect(await page.evaluate('[...document.querySelectorAll(".row")].filter((row) => !drawn.has(row)).length')).toBeLessThanOrEqual(1)
  expect(await addresses(page)).toHaveLength(new Set(await addresses(page)).size)
})

test('the first picture of the table has the rows in sight, and those around them follow', async () => {
  const context = await stage.browser.newContext({ viewport: { width: 1440, height: 900 } })
  await context.addInitScript('new MutationObserver(() => { globalThis.first ||= document.querySelectorAll(".row").length }).observe(document, { childList: true, subtree: true })')
  const page = await context.newPage()
  await page.goto(stage.url)
  await page.locator('.row').first().waitFor()
  const inSight = await page.locator('.table').evaluate(({ clientHeight }) => Math.ceil(clientHeight / 32) + 1)
  const first = await page.evaluate<number>('first')
  expect(first).toBeGreaterThan(5)
  expect(first).toBeLessThanOrEqual(inSight + 1)
  await expect.poll(() => page.locator('.row').count()).toBeGreaterThan(inSight + 8)
  await context.close()
})

test('a cell clips a text that may be wider than its column, and few others', async () => {
  const page = await open('?population=1000')
  await expect.poll(() => rowCount(page), { timeout: 30_000 }).toBe(1000)
  await page.evaluate('document.fonts.ready.then(() => undefined)')
  const cells = await page.locator('.row .cell').evaluateAll((all) => all.map((cell) => ({ text: cell.textContent, isWider: cell.scrollWidth > cell.clientWidth, clips: getComputedStyle(cell).overflowX === 'hidden' })))
  expect(cells.filter(({ isWider }) => isWider).length).toBeGreaterThan(0)
  expect(cells.filter(({ isWider, clips }) => isWider && !clips)).toEqual([])
  // Each that clips costs time in every frame of scrolling.
  expect(cells.filter(({ clips }) => clips).length).toBeLessThan(cells.length / 5)
})

test('a focused button of a row that scrolls away leaves the focus to the table, and acts on no other row', async () => {
  const page = await open('?population=1000')
  await expect.poll(() => rowCount(page), { timeout: 30_000 }).toBe(1000)
  const grid = page.getByRole('grid')
  const box = page.locator('.row[aria-rowindex="5"]').getByRole('checkbox')
  await box.click()
  await selection(page).waitFor()
  const [id] = queryOf(page).getAll('sel')
  await page.locator('.row[aria-rowindex="9"] .address-link').focus()
  await grid.evaluate((element) => element.scrollTo(0, 9600))
  await page.locator('.row[aria-rowindex="302"]').waitFor()
  await expect.poll(() => grid.evaluate((element) => element === document.activeElement)).toBe(true)
  expect(queryOf(page).getAll('sel')).toEqual([id])
})

test('the row of the cursor comes wholly into sight, below the head and above the end', async () => {
  const page = await open('?population=1000')
  await expect.poll(() => rowCount(page), { timeout: 30_000 }).toBe(1000)
  const grid = page.getByRole('grid')
  await grid.focus()
  const isInSight = () =>
    grid.evaluate((element) => {
      const table = element.getBoundingClientRect()
      const row = element.querySelector('.row.cursor')?.getBoundingClientRect()
      return row !== undefined && row.top >= table.top + 32 - 1 && row.bottom <= table.top + element.clientHeight + 1
    })
  for (const key of ['PageDown', 'PageDown', 'ArrowDown', 'End', 'PageUp', 'PageUp', 'ArrowUp', 'Home']) {
    await page.keyboard.press(key)
    await expect.poll(isInSight, { message: key }).toBe(true)
  }
})

test('the palette offers a flexible IP beyond those that it draws, once it is searched for', async () => {
  const page = await open('?population=1000&sort=-address')
  await expect.poll(() => rowCount(page), { timeout: 30_000 }).toBe(1000)
  const palette = page.getByRole('dialog')
  const missing = await (async () => {
    await page.keyboard.press('Control+k')
    await palette.getByRole('menuitem').first().waitFor()
    const offered = new Set((await palette.getByRole('menuitem').locator('.mono').allTextContents()).map((text) => text.replace(/^Open /, '')))
    const shown = await page.locator('.row .address-link').allTextContents()
    return shown.find((address) => !offered.has(address)) ?? ''
  })()
  expect(missing).not.toBe('')
  await page.getByRole('searchbox', { name: 'View, address, server or tag' }).fill(missing)
  await palette.getByRole('menuitem', { name: `Open ${missing}` }).first().waitFor()
})

test('two tabs have one fleet, and a reload keeps it', async () => {
  const page = await open('?q=spare')
  const shown = await addresses(page)
  const other = await current.tab('?q=spare')
  await other.getByRole('gridcell').first().waitFor()
  expect(await addresses(other)).toEqual(shown)
})

test('at 390 pixels a row has two lines, and nothing is wider than the page', async () => {
  const page = await open('', { width: 390, height: 844 })
  await page.locator('.table.narrow').waitFor()
  const { height } = (await page.locator('.row').first().boundingBox()) ?? { height: 0 }
  expect(height).toBe(64)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
})

test('each view, the palette and the sheet open without a complaint', async () => {
  const page = await open()
  await page.getByRole('link', { name: 'Servers' }).click()
  await page.getByRole('heading', { name: 'nl-ams-1' }).waitFor()
  await page.getByRole('link', { name: 'Log' }).click()
  await page.getByRole('heading', { name: 'Activity log' }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('searchbox', { name: 'View, address, server or tag' }).fill('card processor')
  await page.keyboard.press('Enter')
  await page.getByRole('complementary').getByText('Callback address of the card processor').waitFor()
})
