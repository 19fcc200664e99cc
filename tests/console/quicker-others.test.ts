// Others are quicker than a change that got no answer, or was turned away: once a reading shows what is so, the page says it.
import type { Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { readAgain, startService } from './service.js'
import { isNetworkNote, openConsole, visit } from './support.js'

/** What others do while a change of the page is under way, by the end of its path, and its answer. */
let meanwhile: { readonly path: RegExp; readonly others: () => Promise<unknown>; readonly answer: () => Response } | undefined
/** Has the next list of flexible IPs answer late with what it showed at once: gets what lets it go. */
let delayList: ((letGo: () => void) => void) | undefined
let lists = 0
const sent: string[] = []
const service = startService({
  seed: 151,
  names: ['one', 'two', 'three'],
  async before(...request) {
    const [url, { method }] = request
    const { pathname } = new URL(url)
    if (method === 'GET' && pathname.endsWith('/fr-par-1/fips')) {
      lists += 1
      const delay = delayList
      delayList = undefined
      if (!delay) return undefined
      const answer = await emulator.fetch(...request)
      await new Promise<void>((resolve) => delay(resolve))
      return answer
    }
    if (method === 'GET') return undefined
    sent.push(`${method} ${pathname.replace(/^.*\/zones\/[^/]+\/fips/, '').replace(/[\da-f-]{36}/g, 'id')}`)
    if (meanwhile?.path.test(pathname) !== true) return undefined
    const { others, answer } = meanwhile
    meanwhile = undefined
    await others()
    return answer()
  },
})
const { client, emulator, serverId } = service
const console = openConsole({ proxy: service.proxy, ignores: isNetworkNote })
const timeout = 40_000
const lost = () => new Response('', { status: 502 })
const slowDown = () => new Response('{}', { status: 429, headers: { 'retry-after': '1', 'content-type': 'application/json' } })

let id = ''
let address = ''
beforeEach(async () => {
  meanwhile = undefined
  emulator.reset()
  const made = await client.createFlexibleIP({ description: 'Shop' })
  id = made.id
  address = made.ipAddress
  sent.length = 0
})

const dialog = (page: Page) => page.locator('[role=dialog], [role=alertdialog]')
const doubt = (page: Page) => page.locator('.row .status.in-doubt')
/** A page whose clock a test can stop, in a browser that other tests do not use. */
async function openHeld(act: string): Promise<Page> {
  const { page } = await visit(console.stage)
  await page.clock.install()
  await page.goto(`${console.stage.url}?sel=${id}&dialog=${act}`)
  return page
}

/** Runs a stopped clock until something is so: for 8 s at most, because the zones are read again after 30 s anyway. */
async function runUntil(page: Page, isSo: () => Promise<boolean>): Promise<void> {
  let passed = 0
  await expect.poll(async () => (await isSo()) || (passed < 8000 && ((passed += 20), await page.clock.runFor(20)), false), { timeout }).toBe(true)
}

const attached = (server: string) => () => client.ensureAttached({ fipsIds: [id], serverId: serverId(server) })

test('the report of a move whose attach got no answer names the other server that a later reading shows, and its row is not in doubt', { timeout: 90_000 }, async () => {
  const page = await console.open(`?sel=${id}&dialog=move:${serverId('two')}`)
  meanwhile = { path: /\/fips\/attach$/, others: attached('three'), answer: lost }
  await page.getByRole('button', { name: /^Move 1\sIP to two$/ }).click({ timeout })
  const report = page.getByRole('dialog', { name: /^0 of 1\sIP is on two$/ })
  await report.waitFor({ timeout })
  await report.locator('.ledger').getByText('three has it now').waitFor({ timeout })
  expect(await report.getByText('in doubt').count()).toBe(0)
  await page.keyboard.press('Escape')
  await page.locator('.row .server', { hasText: 'three' }).waitFor({ timeout })
  await expect.poll(() => doubt(page).count(), { timeout }).toBe(0)
})

/** Begins a move whose attach never gets an answer, and stops it. */
async function stopWithoutAnswer(): Promise<Page> {
  const page = await console.open(`?sel=${id}&dialog=move:${serverId('two')}`)
  const again = (): Promise<void> => {
    meanwhile = { path: /\/fips\/attach$/, others: again, answer: lost }
    return Promise.resolve()
  }
  await again()
  await page.getByRole('button', { name: /^Move 1\sIP to two$/ }).click({ timeout })
  await dialog(page).locator('.ledger').getByText('on two, or on no server').waitFor({ timeout })
  await dialog(page).getByRole('button', { name: 'Stop after this step' }).click()
  return page
}

test('an attach that was read as in doubt is known once a later reading shows another server', { timeout: 90_000 }, async () => {
  const page = await stopWithoutAnswer()
  const report = page.getByRole('dialog', { name: /^0 of 1\sIP is on two$/ })
  await report.locator('.ledger').getByText('in doubt').waitFor({ timeout })
  await expect.poll(() => doubt(page).count(), { timeout }).toBe(1)
  await attached('three')()
  await readAgain(page)
  await report.locator('.ledger').getByText('three has it now').waitFor({ timeout })
  expect(await report.getByText('in doubt').count()).toBe(0)
  await expect.poll(() => doubt(page).count(), { timeout }).toBe(0)
})

test('a move whose attach was turned away says that its flexible IP is gone when others have deleted it by then, and nothing is in doubt', { timeout: 90_000 }, async () => {
  const page = await console.open(`?sel=${id}&dialog=move:${serverId('two')}`)
  meanwhile = { path: /\/fips\/attach$/, others: () => client.deleteFlexibleIP({ fipId: id }), answer: slowDown }
  await page.getByRole('button', { name: /^Move 1\sIP to two$/ }).click({ timeout })
  const report = page.getByRole('dialog', { name: /^0 of 1\sIP is on two$/ })
  await report.waitFor({ timeout })
  await report.locator('.ledger').getByText('gone', { exact: true }).waitFor({ timeout })
  await report.getByText(/^Gone: 1\sIP$/).waitFor()
  expect(await report.getByText(/in doubt/i).count()).toBe(0)
  expect(await report.getByRole('radio', { name: /^Continue/ }).count()).toBe(0)
})

test('the results of a lost attach that others overtook name the server that has it, and nothing is in doubt', { timeout: 90_000 }, async () => {
  const page = await stopWithoutAnswer()
  await page.getByRole('dialog', { name: /^0 of 1\sIP is on two$/ }).waitFor({ timeout })
  await page.keyboard.press('Escape')
  await doubt(page).click({ timeout })
  const button = dialog(page).getByRole('button', { name: 'Attach again to two' })
  await expect.poll(() => button.isEnabled(), { timeout }).toBe(true)
  meanwhile = { path: /\/fips\/attach$/, others: attached('three'), answer: lost }
  await button.click()
  await dialog(page).getByText(`three has ${address} now; it was not sent again.`).waitFor({ timeout })
  await dialog(page).getByText('changed by others', { exact: true }).waitFor()
  expect(await dialog(page).getByText('in doubt').count()).toBe(0)
  await expect.poll(() => doubt(page).count(), { timeout }).toBe(0)
})

for (const [what, others, words] of [
  ['described', () => client.updateFlexibleIP({ fipId: id, description: 'In use now' }), () => `Description or tags of ${address} have changed`],
  ['attached', () => attached('three')(), () => `three has ${address} now`],
] as const) {
  test(`a delete without an answer of what others have ${what} by then says that it is there, and is not in doubt`, { timeout: 90_000 }, async () => {
    const page = await console.open()
    await page.clock.install()
    await page.goto(`${console.stage.url}?sel=${id}&dialog=delete`)
    await dialog(page).getByText('Shop, on no server').waitFor({ timeout })
    meanwhile = { path: /\/fips\/[\da-f-]{36}$/, others, answer: lost }
    await dialog(page).getByRole('button', { name: /^Delete [\d.]+$/ }).click()
    await page.keyboard.press('Escape')
    await doubt(page).click({ timeout })
    await page.getByRole('dialog', { name: 'The answer to this delete was lost' }).getByText(/^It is there\. The delete was sent/).waitFor({ timeout })
    await page.keyboard.press('Escape')
    await page.locator('button.work', { hasText: /^Delete/ }).click({ timeout })
    // The client reads for some time whether it was done.
    const result = dialog(page).getByText(`${words()}; it was not sent again. It is there: the delete was not done, or others made it again since.`)
    await expect.poll(async () => (await result.count()) || page.clock.fastForward(2000), { timeout }).toBe(1)
    await dialog(page).getByText('changed by others', { exact: true }).waitFor()
    expect(await dialog(page).getByText('in doubt').count()).toBe(0)
    expect(sent).toEqual(['DELETE /id'])
    await page.keyboard.press('Escape')
    await page.locator('.row').first().waitFor({ timeout })
    await expect.poll(() => doubt(page).count(), { timeout }).toBe(0)
  })
}

for (const [target, dropped] of [
  ['two', /^Move 0/],
  ['No server', /^Detach 0/],
] as const) {
  test(`what was dropped on ${target.toLowerCase() === target ? 'a server' : target} is said to be gone once others have deleted it`, { timeout: 90_000 }, async () => {
    await attached('one')()
    const page = await console.open('?view=servers')
    await page.locator(`.unit[data-key="${id}"]`).click({ position: { x: 11, y: 13 }, timeout })
    await page.getByRole('button', { name: 'Put back' }).waitFor({ timeout })
    await client.deleteFlexibleIP({ fipId: id })
    await page.locator('.card[data-zone="fr-par-1"]', { has: page.locator('.card-head b', { hasText: new RegExp(`^${target}$`) }) }).locator('.drop-button').press('Enter')
    await dialog(page).waitFor({ timeout })
    await readAgain(page)
    await dialog(page).getByText('This flexible IP is gone: it was deleted, or its Project is no longer yours to see.').waitFor({ timeout })
    expect(await dialog(page).getByText(dropped).count()).toBe(0)
  })
}

test('the table names the server that an act has read before it sent nothing', { timeout: 90_000 }, async () => {
  await attached('one')()
  const page = await openHeld('detach')
  await dialog(page).getByText('Shop, on one').waitFor({ timeout })
  await page.clock.pauseAt(Date.now() + 3000)
  await attached('three')()
  await dialog(page).getByRole('button', { name: /^Detach 1\sIP$/ }).click()
  await runUntil(page, async () => (await dialog(page).getByText(`three has ${address} now; nothing was sent.`).count()) > 0)
  await page.keyboard.press('Escape')
  await runUntil(page, async () => (await page.locator('.row .server', { hasText: 'three' }).count()) > 0)
  expect(sent).toEqual([])
})

test('the table has no row for what is gone, as an act has read', { timeout: 90_000 }, async () => {
  const page = await openHeld('tag')
  await dialog(page).getByLabel('Add tags').fill('new', { timeout })
  await page.clock.pauseAt(Date.now() + 3000)
  await client.deleteFlexibleIP({ fipId: id })
  await dialog(page).getByRole('button', { name: /^Change/ }).click()
  await runUntil(page, async () => (await dialog(page).getByText(/is gone/).count()) > 0)
  await page.keyboard.press('Escape')
  await runUntil(page, async () => (await page.locator('.row').count()) === 0)
})

test('a detach without an answer is not in doubt once a later reading shows another server than it was sent for', { timeout: 90_000 }, async () => {
  await attached('one')()
  const page = await console.open(`?sel=${id}&dialog=detach`)
  const again = (): Promise<void> => {
    meanwhile = { path: /\/fips\/detach$/, others: again, answer: lost }
    return Promise.resolve()
  }
  await again()
  await dialog(page).getByRole('button', { name: /^Detach 1\sIP$/ }).click({ timeout })
  await dialog(page).getByText('in doubt', { exact: true }).waitFor({ timeout })
  await expect.poll(() => doubt(page).count(), { timeout }).toBe(1)
  meanwhile = undefined
  await attached('three')()
  await readAgain(page)
  await page.locator('.row .server', { hasText: 'three' }).waitFor({ timeout })
  await expect.poll(() => doubt(page).count(), { timeout }).toBe(0)
})

test('a reading that began before the answer was lost does not end the doubt by the server that it shows', { timeout: 90_000 }, async () => {
  await attached('one')()
  const page = await console.open(`?sel=${id}&dialog=move:${serverId('two')}`)
  const act = page.getByRole('button', { name: /^Move 1\sIP to two$/ })
  await expect.poll(() => act.isEnabled(), { timeout }).toBe(true)
  let letListGo: (() => void) | undefined
  delayList = (letGo) => void (letListGo = letGo)
  await readAgain(page)
  await expect.poll(() => letListGo, { timeout }).toBeDefined()
  // The first attach is lost, and the next one is held.
  meanwhile = { path: /\/fips\/attach$/, others: () => Promise.resolve(service.hold((method) => method === 'POST')), answer: lost }
  await act.click()
  await expect.poll(() => service.heldCount(), { timeout }).toBe(1)
  await page.keyboard.press('Escape')
  await expect.poll(() => doubt(page).count(), { timeout }).toBe(1)
  const before = lists
  letListGo?.()
  // The next reading follows it, and shows no server.
  await expect.poll(() => lists, { timeout }).toBeGreaterThan(before)
  await page.locator('.row .server', { hasText: 'two' }).waitFor({ timeout })
  expect(await doubt(page).count()).toBe(1)
  service.letGo()
  await expect.poll(() => doubt(page).count(), { timeout }).toBe(0)
})
