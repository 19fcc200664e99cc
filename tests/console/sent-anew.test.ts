// The service turns a change away, and others are quicker: what is sent again is compared with what was confirmed, and made anew.
import type { Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { readAgain, startService } from './service.js'
import { isNetworkNote, openConsole } from './support.js'

/** What others do while the service turns the next change away, and its answer. */
let turnAway: { readonly others: () => Promise<unknown>; readonly answer: () => Response } | undefined
/** Whether answers are lost: of each change, and of each reading of one flexible IP. */
let isLossy = false
const sent: string[] = []
const service = startService({
  seed: 47,
  names: ['one', 'two', 'three'],
  async before(url, init) {
    const lost = () => new Response('', { status: 502 })
    if (init.method === 'GET') return isLossy && /\/fips\/[\da-f-]{36}$/.test(new URL(url).pathname) ? lost() : undefined
    sent.push(`${init.method} ${new URL(url).pathname.replace(/^.*\/zones\/[^/]+\/fips/, '').replace(/[\da-f-]{36}/g, 'id')}`)
    const next = turnAway
    turnAway = undefined
    await next?.others()
    if (!isLossy) return next?.answer()
    await emulator.fetch(url, init)
    return lost()
  },
})
const { client, emulator } = service
const { open, tab } = openConsole({ proxy: service.proxy, ignores: isNetworkNote })
const timeout = 30_000

const refusals: readonly (readonly [name: string, answer: () => Response])[] = [
  ['429', () => Response.json({ type: 'too_many_requests', message: 'slow down' }, { status: 429 })],
  ['409 in a transition', () => Response.json({ type: 'transient_state', current_state: 'updating', resource: 'flexible_ip', message: 'busy' }, { status: 409 })],
]
const [[, slowDown]] = refusals as [[string, () => Response]]

let id = ''
beforeEach(async () => {
  turnAway = undefined
  isLossy = false
  emulator.reset()
  emulator.setTiming('instant')
  id = (await client.createAndAttach({ serverId: service.serverId('one'), description: 'Shop', tags: ['mine'] })).id
  sent.length = 0
})

const present = () => client.getFlexibleIP({ fipId: id })
const moved = () => client.ensureAttached({ fipsIds: [id], serverId: service.serverId('three') })
const described = () => client.updateFlexibleIP({ fipId: id, description: 'In use now' })
const dialog = (page: Page) => page.locator('[role=dialog], [role=alertdialog]')

for (const [name, answer] of refusals) {
  test(`a delete that a ${name} turned away is not sent again when others have described it by then`, { timeout: 60_000 }, async () => {
    await client.detachFlexibleIP({ fipsIds: [id] })
    const page = await open(`?sel=${id}&dialog=delete`)
    await dialog(page).getByText('Shop, on no server').waitFor({ timeout })
    turnAway = { others: described, answer }
    await dialog(page).getByRole('button', { name: /^Delete [\d.]+$/ }).click()
    await dialog(page).getByText(/^Description or tags of [\d.]+ have changed; it was not sent again\.$/).waitFor({ timeout })
    await dialog(page).getByText('not sent', { exact: true }).waitFor()
    expect(sent).toEqual(['DELETE /id'])
    expect((await present()).description).toBe('In use now')
  })
}

test('a detach that was turned away takes nothing off the server that others have attached it to by then', { timeout: 60_000 }, async () => {
  const page = await open(`?sel=${id}&dialog=detach`)
  await dialog(page).getByText('Shop, on one').waitFor({ timeout })
  turnAway = { others: moved, answer: slowDown }
  await dialog(page).getByRole('button', { name: 'Detach 1 IP' }).click()
  await dialog(page).getByText(/^three has [\d.]+ now; it was not sent again\.$/).waitFor({ timeout })
  expect(sent).toEqual(['POST /detach'])
  expect((await present()).serverId).toBe(service.serverId('three'))
})

test('a description without an answer that others have overtaken is in doubt, and is not sent again', { timeout: 60_000 }, async () => {
  const page = await open(`?sel=${id}&dialog=describe`)
  const field = dialog(page).getByLabel('Description')
  await expect.poll(() => field.inputValue(), { timeout }).toBe('Shop')
  await field.fill('Mine')
  turnAway = { others: described, answer: () => new Response('', { status: 502 }) }
  await page.keyboard.press('Enter')
  await dialog(page).getByText(/^The description of [\d.]+ has changed; it was not sent again\./).waitFor({ timeout })
  await dialog(page).getByText('in doubt', { exact: true }).waitFor()
  expect(sent).toEqual(['PATCH /id'])
  expect((await present()).description).toBe('In use now')
})

test('a reading that shows the description which was sent ends the doubt of it', { timeout: 60_000 }, async () => {
  const page = await open(`?sel=${id}&dialog=describe`)
  const field = dialog(page).getByLabel('Description')
  await expect.poll(() => field.inputValue(), { timeout }).toBe('Shop')
  await field.fill('Mine')
  turnAway = {
    others() {
      isLossy = true
      return Promise.resolve()
    },
    answer: slowDown,
  }
  await page.keyboard.press('Enter')
  await dialog(page).getByText('in doubt').first().waitFor({ timeout })
  // The zone can be read.
  await readAgain(page)
  await page.locator('.row', { hasText: 'Mine' }).waitFor({ timeout })
  await expect.poll(() => page.locator('.row .status.in-doubt').count()).toBe(0)
  expect(sent).toEqual(['PATCH /id'])
})

test('a description that gets no answer is sent until the tries are used up, and no words warn of work that is done twice', { timeout: 60_000 }, async () => {
  const page = await open(`?sel=${id}&dialog=describe`)
  const field = dialog(page).getByLabel('Description')
  await expect.poll(() => field.inputValue(), { timeout }).toBe('Shop')
  await field.fill('Mine')
  const answer = () => new Response('', { status: 502 })
  const again = (): Promise<void> => {
    turnAway = { others: again, answer }
    return Promise.resolve()
  }
  await again()
  await page.keyboard.press('Enter')
  await dialog(page).getByText('No answer says whether this was done. To try again reads the IP first.', { exact: false }).waitFor({ timeout })
  expect(await dialog(page).getByText(/twice/).count()).toBe(0)
  expect(sent.length).toBe(4)
})

test('tags that were turned away are added to those that others have added by then', { timeout: 60_000 }, async () => {
  const page = await open(`?sel=${id}&dialog=tag`)
  await dialog(page).getByLabel('Add tags').fill('new')
  turnAway = { others: () => client.updateFlexibleIP({ fipId: id, tags: ['mine', 'theirs'] }), answer: slowDown }
  await dialog(page).getByRole('button', { name: /^Change/ }).click()
  await dialog(page).getByText('done', { exact: false }).first().waitFor({ timeout })
  await expect.poll(async () => (await present()).tags, { timeout }).toEqual(['mine', 'theirs', 'new'])
  expect(sent).toEqual(['PATCH /id', 'PATCH /id'])
})

test('a description that was turned away does not overwrite what others have written by then', { timeout: 60_000 }, async () => {
  const page = await open(`?sel=${id}&dialog=describe`)
  const field = dialog(page).getByLabel('Description')
  await expect.poll(() => field.inputValue(), { timeout }).toBe('Shop')
  await field.fill('Mine')
  turnAway = { others: described, answer: slowDown }
  await page.keyboard.press('Enter')
  await dialog(page).getByText(/^The description of [\d.]+ has changed; it was not sent again\.$/).waitFor({ timeout })
  expect(sent).toEqual(['PATCH /id'])
  expect((await present()).description).toBe('In use now')
})

test('an edit that was turned away leaves the tags and the description that others have written by then', { timeout: 60_000 }, async () => {
  const page = await open(`?ip=${id}&dialog=edit:${id}:tags`)
  const field = dialog(page).getByRole('textbox', { name: 'Tags' })
  await field.fill('new')
  turnAway = { others: () => client.updateFlexibleIP({ fipId: id, tags: ['mine', 'theirs'], description: 'In use now' }), answer: slowDown }
  await page.keyboard.press('Enter')
  await dialog(page).waitFor({ state: 'detached', timeout })
  const { tags, description } = await present()
  expect({ tags, description }).toEqual({ tags: ['mine', 'theirs', 'new'], description: 'In use now' })
  expect(sent).toEqual(['PATCH /id', 'PATCH /id'])
})

test('a MAC address is not deleted in a second try when others have replaced it by then', { timeout: 60_000 }, async () => {
  await client.generateMACAddr({ fipId: id, macType: 'kvm' })
  await client.waitForFlexibleIP({ fipId: id })
  const page = await open(`?ip=${id}&tab=mac`)
  await page.getByRole('button', { name: 'Delete the MAC…' }).click()
  let theirs: string | undefined
  turnAway = {
    async others() {
      await client.deleteMACAddr({ fipId: id })
      await client.waitForFlexibleIP({ fipId: id })
      await client.generateMACAddr({ fipId: id, macType: 'xen' })
      theirs = (await client.waitForFlexibleIP({ fipId: id })).macAddress?.id
    },
    answer: slowDown,
  }
  await page.getByRole('region', { name: /^Delete/ }).getByRole('button', { name: /^Delete/ }).click()
  await page.getByText(/^The MAC group of [\d.]+ has changed; it was not sent again\.$/).waitFor({ timeout })
  expect(sent).toEqual(['DELETE /id/mac'])
  expect((await present()).macAddress?.id).toBe(theirs)
})

test('a MAC address is not moved to what got one from others', { timeout: 60_000 }, async () => {
  await client.generateMACAddr({ fipId: id, macType: 'kvm' })
  await client.waitForFlexibleIP({ fipId: id })
  const other = await client.createAndAttach({ serverId: service.serverId('one'), description: 'Other' })
  const page = await open(`?ip=${id}&tab=mac`)
  await page.getByRole('button', { name: 'Move the MAC…' }).click()
  await page.getByRole('radio', { name: /Other/ }).check({ force: true })
  turnAway = { others: () => client.generateMACAddr({ fipId: other.id, macType: 'kvm' }), answer: slowDown }
  await page.locator('.mac-confirm .primary').click()
  await page.getByText(/^The MAC group of [\d.]+ has changed; it was not sent again\.$/).waitFor({ timeout })
  expect(sent).toEqual(['POST /id/mac/move'])
})

test('a detach of a move that was turned away is refused, and not in doubt, when others have moved it by then', { timeout: 60_000 }, async () => {
  const page = await open(`?dialog=move:ip:${id}`)
  await page.getByRole('radio', { name: /^two/ }).check()
  const act = dialog(page).getByRole('button', { name: 'Move 1 IP to two' })
  await expect.poll(() => act.isEnabled(), { timeout }).toBe(true)
  turnAway = { others: moved, answer: slowDown }
  await act.click()
  const report = page.getByRole('dialog', { name: /^0 of 1\sIPs? (?:is|are) on two$/ })
  await report.getByText('three has it now').waitFor({ timeout })
  await report.getByText('refused, 1 try').waitFor()
  expect(await report.getByText('in doubt').count()).toBe(0)
  expect(sent).toEqual(['POST /detach'])
})

test('the log has a change that was sent anew in one row, with its tries', { timeout: 60_000 }, async () => {
  const page = await open(`?sel=${id}&dialog=detach`)
  await dialog(page).getByText('Shop, on one').waitFor({ timeout })
  turnAway = { others: () => Promise.resolve(), answer: slowDown }
  await dialog(page).getByRole('button', { name: 'Detach 1 IP' }).click()
  await dialog(page).getByText(/done/).first().waitFor({ timeout })
  await expect.poll(async () => (await present()).serverId, { timeout }).toBe(undefined)
  expect(sent).toEqual(['POST /detach', 'POST /detach'])
  await page.keyboard.press('Escape')
  await page.keyboard.press('g')
  await page.keyboard.press('l')
  const row = page.getByRole('row', { name: /detach/i })
  await row.first().waitFor({ timeout })
  expect(await row.count()).toBe(1)
})

test('two tabs that tag the same flexible IP at once leave the tags of both', { timeout: 60_000 }, async () => {
  const query = `?sel=${id}&dialog=tag`
  const pages = [await open(query), await tab(query)]
  for (const [place, page] of pages.entries()) await dialog(page).getByLabel('Add tags').fill(`tab ${place}`)
  service.hold((method) => method === 'PATCH')
  for (const page of pages) await dialog(page).getByRole('button', { name: /^Change/ }).click()
  // Each has sent its change by then, or waits for the other one.
  const waiting = () => pages[0]?.evaluate(async () => (await navigator.locks.query()).pending?.filter(({ name }) => name?.startsWith('flexip-change')).length ?? 0)
  await expect.poll(async () => service.heldCount() + ((await waiting()) ?? 0), { timeout }).toBe(2)
  service.letGo()
  for (const page of pages) await dialog(page).getByText('All 1 done').waitFor({ timeout })
  expect(new Set((await present()).tags)).toEqual(new Set(['mine', 'tab 0', 'tab 1']))
})
