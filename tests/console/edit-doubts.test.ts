// The answer to an edit, a new MAC, a tag or a detach was lost: what was sent, what the flexible IP has, and what follows.
import type { Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { readAgain, startService } from './service.js'
import { isNetworkNote, openConsole, visit } from './support.js'

/** What becomes of changes: answered, or without an answer, done or not. */
let fate: 'answered' | 'lost' | 'done and lost' = 'answered'
/** Whether flexible IPs cannot be read one by one, so that the client cannot find out what was done. */
let isBlind = false
const service = startService({
  seed: 157,
  names: ['one'],
  async before(url, init) {
    const lost = () => new Response('', { status: 502 })
    if (init.method === 'GET') return isBlind && /\/fips\/[\da-f-]{36}$/.test(new URL(url).pathname) ? lost() : undefined
    if (fate === 'answered') return undefined
    isBlind = true
    if (fate === 'done and lost') await service.emulator.fetch(url, init)
    return lost()
  },
})
const { client, emulator } = service
const { open, stage } = ((made) => ({ open: made.open, stage: () => made.stage }))(openConsole({ proxy: service.proxy, ignores: isNetworkNote }))
const timeout = 40_000

let id = ''
beforeEach(async () => {
  fate = 'answered'
  isBlind = false
  emulator.reset()
  id = (await client.createFlexibleIP({ description: 'Shop', tags: ['mine'] })).id
})

const dialog = (page: Page) => page.getByRole('dialog')

async function saveLost(page: Page): Promise<void> {
  await dialog(page).getByLabel('Description', { exact: true }).fill('Mail', { timeout })
  await dialog(page).getByRole('button', { name: 'Save' }).click()
  await page.locator('.row .status.in-doubt').first().waitFor({ timeout })
  await page.keyboard.press('Escape')
  await dialog(page).waitFor({ state: 'detached', timeout })
}

const openDoubt = (page: Page) => page.locator('.row').getByRole('button', { name: 'in doubt' }).click({ timeout })
const facts = (page: Page) => dialog(page).locator('.doubt-facts')

test('the doubt of an edit says what was sent and what is so, and that it was not done once a minute has passed', { timeout: 120_000 }, async () => {
  const { page } = await visit(stage())
  await page.clock.install()
  await page.goto(`${stage().url}?dialog=edit:${id}`)
  fate = 'lost'
  await saveLost(page)
  await openDoubt(page)
  await facts(page).getByText('description “Mail”', { exact: true }).waitFor({ timeout })
  await readAgain(page)
  await facts(page).getByText(/^It does not have what was sent\. It was sent/).waitFor({ timeout })
  await facts(page).getByText(/; description “Shop”$/).waitFor({ timeout })
  await page.clock.fastForward(61_000)
  await readAgain(page)
  await facts(page).getByText(/^It does not have what was sent, as read more than a minute after the request: the change was not done/).waitFor({ timeout })
  await page.context().close()
})

test('the doubt of an edit that was done says so, and so does the log', { timeout: 120_000 }, async () => {
  const page = await open(`?dialog=edit:${id}`)
  fate = 'done and lost'
  let letGo: (() => void) | undefined
  await page.route((url) => url.pathname.endsWith('/fr-par-1/fips'), async (route) => {
    if (isBlind && !letGo) await new Promise<void>((resolve) => (letGo = resolve))
    await route.continue()
  })
  await saveLost(page)
  await openDoubt(page)
  await facts(page).getByText('description “Mail”', { exact: true }).waitFor({ timeout })
  await expect.poll(() => letGo !== undefined, { timeout }).toBe(true)
  letGo?.()
  await facts(page).getByText('It has what was sent: the change was done.').waitFor({ timeout })
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Log' }).click()
  await page.getByRole('row', { name: /^\S+ Change .*done, as a reading shows: no answer/ }).first().waitFor({ timeout })
  expect(await page.locator('.log').getByText('in doubt').count()).toBe(0)
})

test('the doubt of a new MAC says what was sent, and that its MAC address is as before', { timeout: 120_000 }, async () => {
  const page = await open(`?ip=${id}&tab=mac`)
  const sheet = page.getByRole('complementary')
  await sheet.getByRole('button', { name: 'Generate a MAC…' }).click({ timeout })
  fate = 'lost'
  await sheet.locator('.mac-confirm').getByRole('button', { name: 'Generate a MAC' }).click()
  await openDoubt(page)
  await facts(page).getByText('type “kvm”', { exact: true }).waitFor({ timeout })
  await readAgain(page)
  await facts(page).getByText(/^Its MAC address is as before the request, which was sent/).waitFor({ timeout })
  await facts(page).getByText(/; no MAC$/).waitFor({ timeout })
})

test('tags whose answer was lost, and that the next try reads as done, are done in the log', { timeout: 120_000 }, async () => {
  const page = await open(`?sel=${id}&dialog=tag`)
  await dialog(page).getByLabel('Add tags').fill('new', { timeout })
  fate = 'done and lost'
  await dialog(page).getByRole('button', { name: /^Change/ }).click()
  await expect.poll(() => isBlind, { timeout }).toBe(true)
  isBlind = false
  await dialog(page).getByText(/^All 1 done/).waitFor({ timeout })
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'Log' }).click()
  await page.getByRole('row', { name: /^\S+ Change .*done, as a reading shows: no answer/ }).first().waitFor({ timeout })
  expect(await page.locator('.log').getByText('in doubt').count()).toBe(0)
})

for (const [isDone, state] of [
  [false, 'not done'],
  [true, 'done'],
] as const) {
  test(`a detach in doubt is ${state} in its results once a reading shows it`, { timeout: 120_000 }, async () => {
    await client.ensureAttached({ fipsIds: [id], serverId: service.serverId('one') })
    const { page } = await visit(stage())
    await page.clock.install()
    await page.goto(`${stage().url}?sel=${id}&dialog=detach`)
    const act = dialog(page).getByRole('button', { name: /^Detach 1\sIP$/ })
    await expect.poll(() => act.isEnabled(), { timeout }).toBe(true)
    fate = 'lost'
    await act.click()
    const doubt = dialog(page).getByText('in doubt', { exact: true })
    await expect.poll(async () => (await doubt.count()) || page.clock.fastForward(2000), { timeout }).toBe(1)
    if (isDone) await client.detachFlexibleIP({ fipsIds: [id] })
    else await page.clock.fastForward(61_000)
    await readAgain(page)
    await dialog(page).getByText(state, { exact: true }).waitFor({ timeout })
    expect(await doubt.count()).toBe(0)
    await page.context().close()
  })
}
