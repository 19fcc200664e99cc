// The picture: flexible IPs and MAC groups go to another server by mouse, keyboard and touch, after a preview.
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { FlexibleIpClient } from '../../pkg/index.js'
import { openConsole, proxyTo, startStage, visit } from './support.js'

const served = openConsole()

async function open(query = ''): Promise<Page> {
  const page = await served.open(`?view=servers${query}`, { speed: 'instant' })
  await page.getByRole('heading', { name: 'nl-ams-1' }).waitFor()
  await page.getByRole('row').first().waitFor()
  return page
}

const card = (page: Page, name: string): Locator => page.locator('.card', { has: page.locator('.card-head b', { hasText: new RegExp(`^${name}$`) }) })
const band = (page: Page, zone: string): Locator => page.getByRole('region', { name: zone })
const dialog = (page: Page): Locator => page.getByRole('dialog')
/** The MAC group of the mail server: three flexible IPs that move as one. */
const mailGroup = (page: Page): Locator => card(page, 'mail-1').locator('.unit.grouped')

/** Where the middle of an element is. */
async function middle(locator: Locator): Promise<[number, number]> {
  const box = await locator.boundingBox()
  if (!box) throw new Error('it is not in the page')
  return [box.x + box.width / 2, box.y + box.height / 2]
}

/** Clicks or taps where the handle of a unit is. */
const handle = (unit: Locator, act: 'click' | 'tap' = 'click') => unit[act]({ position: { x: 11, y: 13 } })

test('each server is a list of its units: MAC groups under a bracket, the others alone', async () => {
  const page = await open()
  await card(page, 'web-1').getByText('7 of 64').waitFor()
  expect(await card(page, 'web-1').getByText('7\u00a0IPs at risk').count()).toBe(1)
  expect(await card(page, 'web-1').locator('.unit').count()).toBe(4)
  expect(await card(page, 'web-1').locator('.unit.grouped').first().locator('.ip-chip').count()).toBe(3)
  expect(await card(page, 'web-1').locator('.unit.grouped').first().locator('.group-head').textContent()).toMatch(/^52:54:00:.* 3\u00a0IPs$/)
  await card(page, 'vm-1').getByRole('button', { name: /and \d+ more/ }).click()
  expect(await card(page, 'vm-1').locator('.ip-chip').count()).toBe(14)
  await page.getByRole('searchbox').fill('mail-1')
  await expect.poll(() => page.locator('.card:not(.none)').count()).toBe(1)
})

test('of thousands of flexible IPs, the cards in sight are drawn at once and the others after them', { timeout: 90_000 }, async () => {
  const page = await served.open('?view=servers&population=3000')
  const lists = page.locator('.card [role=grid]')
  await lists.first().waitFor({ timeout: 30_000 })
  const cards = await page.locator('.card').count()
  expect(cards).toBeGreaterThan(40)
  // The last card comes into sight: its list is there before those between.
  await page.locator('.card').last().scrollIntoViewIfNeeded()
  await page.locator('.card').last().getByRole('grid').waitFor({ timeout: 30_000 })
  await expect.poll(() => lists.count(), { timeout: 60_000 }).toBe(cards)
  // Each has what its head counts, at most eight or nine at first.
  const shown = await page.locator('.card:not(.none)').evaluateAll((all) => all.map((card) => [Number.parseInt(card.querySelector('.card-head .quiet')?.textContent ?? '', 10), card.querySelectorAll('.ip-chip').length] as const))
  expect(shown.filter(([count, drawn]) => drawn !== count && (drawn < 5 || drawn > 9))).toEqual([])
})

test('a group that is dragged by mouse has every server answer at once, and the drop opens the plan', async () => {
  const page = await open()
  const [x, y] = await middle(mailGroup(page).locator('.group-head'))
  const [toX, toY] = await middle(card(page, 'web-2').locator('.units'))
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + 8, y + 8, { steps: 3 })
  await card(page, 'web-2').getByText(/web-2 will hold 7 of 64/).waitFor()
  await band(page, 'nl-ams-1').getByText('Other zone: these IPs work in fr-par-1 only.').waitFor()
  expect(await mailGroup(page).getAttribute('class')).toContain('lifted')
  await page.getByText(/^Dragging MAC group .* from mail-1$/).waitFor()
  await page.mouse.move(toX, toY, { steps: 5 })
  await page.mouse.up()
  await dialog(page).getByRole('heading', { name: 'Move 3\u00a0IPs' }).waitFor()
  await dialog(page).getByText('Nothing has been sent yet.').waitFor()
  expect(await page.locator('.picture.lifting').count()).toBe(0)
  await dialog(page).getByRole('button', { name: 'Move 3\u00a0IPs to web-2' }).click()
  await dialog(page).getByRole('heading', { name: '3\u00a0IPs are on web-2' }).waitFor({ timeout: 30_000 })
  await dialog(page).getByRole('button', { name: 'Close' }).last().click()
  await card(page, 'web-2').locator('.unit.grouped', { hasText: '3\u00a0IPs' }).waitFor()
  expect(await card(page, 'mail-1').locator('.unit').count()).toBe(0)
})

test('a drag that is dropped elsewhere puts back, and sends nothing', async () => {
  const page = await open()
  const [x, y] = await middle(mailGroup(page).locator('.group-head'))
  const [toX, toY] = await middle(card(page, 'edge-1').locator('.units'))
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + 8, y + 8, { steps: 3 })
  await page.locator('.picture.lifting').waitFor()
  await page.mouse.move(toX, toY, { steps: 5 })
  await page.mouse.up()
  await expect.poll(() => page.locator('.picture.lifting').count()).toBe(0)
  expect(await dialog(page).count()).toBe(0)
})

test('a drag by mouse marks the card below the pointer while it can go there, and draws no list anew', async () => {
  const page = await open()
  const [x, y] = await middle(mailGroup(page).locator('.group-head'))
  const [[toX, toY], [otherX, otherY], [outX, outY]] = [await middle(card(page, 'web-2').locator('.units')), await middle(card(page, 'edge-1').locator('.units')), await middle(page.getByRole('search'))]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + 8, y + 8, { steps: 3 })
  await card(page, 'web-2').getByText(/web-2 will hold 7 of 64/).waitFor()
  await page.evaluate('globalThis.changes = 0; globalThis.watching = new MutationObserver((all) => (changes += all.length)); for (const list of document.querySelectorAll(".units")) watching.observe(list, { attributes: true, childList: true, subtree: true })')
  const marked = () => page.locator('.card[data-drop-target] .card-head b').allTextContents()
  for (const round of [1, 2]) {
    await page.mouse.move(toX, toY, { steps: 5 })
    await expect.poll(marked, { message: `round ${round}` }).toEqual(['web-2'])
    // It is in another zone.
    await page.mouse.move(otherX, otherY, { steps: 5 })
    await expect.poll(marked).toEqual([])
  }
  await page.mouse.move(toX, toY, { steps: 5 })
  await expect.poll(marked).toEqual(['web-2'])
  await page.mouse.move(outX, outY, { steps: 5 })
  await expect.poll(marked).toEqual([])
  expect(await page.evaluate('changes')).toBe(0)
  await page.mouse.move(toX, toY, { steps: 5 })
  await expect.poll(marked).toEqual(['web-2'])
  await page.mouse.up()
  await dialog(page).getByRole('heading', { name: 'Move 3\u00a0IPs' }).waitFor()
  expect(await marked()).toEqual([])
})

test('Enter lifts, Tab goes through the servers that can, Enter drops', async () => {
  const page = await open()
  await mailGroup(page).focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await page.locator('.picture.lifting').waitFor()
  await expect.poll(() => page.locator('[aria-live]').allTextContents().then((texts) => texts.join())).toMatch(/Can go to .*web-2/)
  const active = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '')
  const passed: string[] = []
  for (let step = 0; step < 12 && !(await isOn(page, 'web-2')); step += 1) {
    passed.push(await active())
    await page.keyboard.press('Tab')
  }
  expect(passed.join()).not.toMatch(/edge-1|web-3|mail-1 in/)
  await page.keyboard.press('Enter')
  await dialog(page).getByRole('button', { name: 'Move 3\u00a0IPs to web-2' }).waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => dialog(page).count()).toBe(0)
  expect(await card(page, 'mail-1').locator('.ip-chip').count()).toBe(3)
})

/** Whether the focus of a drag is on this server. */
async function isOn(page: Page, name: string): Promise<boolean> {
  return page.evaluate((wanted) => document.activeElement?.closest('.card')?.querySelector('.card-head b')?.textContent === wanted, name)
}

test('Esc puts back what the keyboard lifted', async () => {
  const page = await open()
  await mailGroup(page).focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await page.locator('.picture.lifting').waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => page.locator('.picture.lifting').count()).toBe(0)
  expect(await dialog(page).count()).toBe(0)
})

test('at 390 pixels a tap on the handle makes the servers a list, and a tap on one drops', async () => {
  const context = await served.stage.browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, reducedMotion: 'reduce' })
  const page = await context.newPage()
  await page.goto(`${served.stage.url}?view=servers&q=mail-1`)
  await handle(mailGroup(page), 'tap')
  await page.getByRole('group', { name: 'Picked up: 3\u00a0IPs' }).waitFor()
  await page.getByRole('button', { name: 'Put back' }).tap()
  await page.getByRole('searchbox').fill('')
  await handle(mailGroup(page), 'tap')
  const drop = page.getByRole('button', { name: 'Move 3\u00a0IPs to db-1…' })
  const { height } = (await drop.boundingBox()) ?? { height: 0 }
  expect(height).toBeGreaterThanOrEqual(44)
  expect(await band(page, 'nl-ams-1').isVisible()).toBe(false)
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  await drop.tap()
  await dialog(page).getByRole('button', { name: 'Move 3\u00a0IPs to db-1' }).waitFor()
  await context.close()
})

test('"No server" means detach', async () => {
  const page = await open()
  await handle(card(page, 'db-1').locator('.unit'))
  await band(page, 'fr-par-1').getByRole('button', { name: 'Detach 1\u00a0IP…' }).click()
  await dialog(page).getByRole('button', { name: 'Detach 1\u00a0IP' }).click()
  await dialog(page).getByText('All 1 done').waitFor({ timeout: 30_000 })
  await page.keyboard.press('Escape')
  await expect.poll(() => card(page, 'db-1').locator('.ip-chip').count()).toBe(0)
})

test('a locked flexible IP goes nowhere, and the reason is said', async () => {
  const page = await open()
  await handle(card(page, 'web-1').locator('.unit', { hasText: 'locked' }))
  await card(page, 'web-2').getByText('Locked by Scaleway, stays on web-1.').waitFor()
  expect(await page.locator('.drop-button').count()).toBe(0)
})

test('a move of which one is refused says how many arrived and why, and goes on with the others', async () => {
  const emulator = new FlexibleIpEmulator({ seed: 4, timing: 'instant', servers: ['one', 'two'].map((name) => ({ zone: 'fr-par-1', name })) })
  const [one, two] = emulator.servers.map(({ id }) => id) as [string, string]
  const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
  const ids: string[] = []
  for (let count = 0; count < 2; count += 1) ids.push((await client.createAndAttach({ serverId: one })).id)
  emulator.addFault({ operation: 'attachFlexibleIP', nth: 1, fault: { status: { status: 412, body: { type: 'precondition_failed', precondition: 'resource_not_usable', message: 'no' } } } })
  const proxied = await startStage(proxyTo(emulator, { operations: ['listFlexibleIPs', 'getFlexibleIP', 'attachFlexibleIP', 'detachFlexibleIP'] }))
  const { page } = await visit(proxied, `?view=servers&dialog=move:${two}&sel=${ids.join('&sel=')}`)
  await dialog(page).getByRole('button', { name: 'Move 2\u00a0IPs to two' }).click()
  await dialog(page).getByRole('heading', { name: /^1 of 2\sIPs (is|are) on two$/ }).waitFor({ timeout: 30_000 })
  await dialog(page).getByText(/412/).waitFor()
  await dialog(page).getByRole('button', { name: 'Continue with 1\u00a0IP' }).click()
  await dialog(page).getByRole('heading', { name: /^[12]\sIPs? (is|are) on two$/ }).waitFor({ timeout: 30_000 })
  expect((await client.listFlexibleIPs().all()).map(({ serverId }) => serverId)).toEqual([two, two])
  await proxied.close()
})

test('a chip says how long the step of this page takes, and is not cut off', { timeout: 90_000 }, async () => {
  const page = await served.open('?view=servers', { speed: 'recorded' })
  await card(page, 'db-1').locator('.unit').first().waitFor()
  await handle(card(page, 'db-1').locator('.unit').first())
  await card(page, 'web-2').locator('.drop-button').click()
  await dialog(page).getByRole('button', { name: /^Move 1\sIP to web-2$/ }).click()
  const word = page.locator('.ip-chip .chip-word', { hasText: /^\d+\.\d\ss$/ })
  await word.waitFor({ timeout: 30_000 })
  expect(await word.evaluate((each) => each.scrollWidth <= each.clientWidth)).toBe(true)
})
