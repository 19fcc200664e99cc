// Each act over a network that loses its answers again and again: what is known of it is shown at once, and what to do next.
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FlexibleIpClient } from '../../pkg/index.js'
import { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { isNetworkNote, openConsole, proxyTo } from './support.js'

const emulator = new FlexibleIpEmulator({ seed: 43, timing: 'instant', servers: ['one', 'two'].map((name) => ({ zone: 'fr-par-1', name })) })
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
const one = emulator.servers.find(({ name }) => name === 'one')?.id ?? ''

/** What becomes of a change of the page. A lost one does not arrive, and the proxy answers 502. */
let network: 'works' | 'loses' | 'loses, then holds' = 'works'
let holds = false
const held: (() => void)[] = []
const proxy = proxyTo(emulator, {
  async fetch(url, init) {
    if (init.method !== 'GET' && network === 'loses') throw new TypeError('cut')
    if (init.method !== 'GET' && network === 'loses, then holds') {
      network = 'works'
      // The next ones are held.
      holds = true
      throw new TypeError('cut')
    }
    if (init.method !== 'GET' && holds) await new Promise<void>((resolve) => held.push(resolve))
    return emulator.fetch(url, init)
  },
})
const console = openConsole({ proxy, ignores: isNetworkNote })
const timeout = 60_000
let left: Page | undefined
let id: string

beforeEach(async () => {
  network = 'works'
  emulator.reset()
  id = (await client.createAndAttach({ serverId: one, description: 'Shop' })).id
})
afterEach(async () => {
  // A page that is gone sends nothing again.
  await left?.goto('about:blank')
  letGo()
})

function letGo(): void {
  holds = false
  for (const release of held.splice(0)) release()
}

async function start(query = ''): Promise<Page> {
  left = await console.open(query)
  return left
}

const doubt = (page: Page) => page.locator('.row .status.in-doubt')
const footer = (page: Page) => page.getByRole('dialog').locator('footer')

async function select(page: Page, key: string): Promise<void> {
  await page.getByRole('checkbox', { name: /^Select \d/ }).first().click()
  await page.keyboard.press(key)
}

test('an attach whose answer is lost is in doubt in its row and in its move while the page sends it again, and not once it is done', { timeout: 180_000 }, async () => {
  await client.detachFlexibleIP({ fipsIds: [id] })
  const page = await start()
  await select(page, 'm')
  await page.getByRole('radio', { name: /^two/ }).check()
  const act = footer(page).getByRole('button', { name: /^Move 1\sIP to two/ })
  await expect.poll(() => act.isEnabled(), { timeout }).toBe(true)
  network = 'loses, then holds'
  await act.click()
  await expect.poll(() => held.length, { timeout }).toBe(1)
  const move = page.getByRole('dialog', { name: /^Moving/ })
  await move.getByText('An answer was lost.', { exact: false }).waitFor({ timeout })
  await move.locator('.ledger').getByText('on two, or on no server').waitFor({ timeout })
  await page.keyboard.press('Escape')
  await doubt(page).click({ timeout })
  const dialog = page.getByRole('dialog', { name: 'The answer to this attach was lost' })
  await dialog.getByText(/^502 after/).waitFor({ timeout })
  await dialog.getByText(/sends the change again by itself/).waitFor({ timeout })
  expect(await dialog.getByRole('button', { name: /^Attach again/ }).count()).toBe(0)
  await dialog.getByRole('button', { name: 'Show the move' }).click()
  await move.waitFor({ timeout })
  letGo()
  await page.getByRole('dialog', { name: /^1\sIP is on two/ }).waitFor({ timeout })
  await page.keyboard.press('Escape')
  await expect.poll(() => doubt(page).count(), { timeout }).toBe(0)
})

for (const { act, button, label, sends } of [
  { act: 'detach', button: 'Detach…', label: undefined, sends: /^Detach 1/ },
  { act: 'description', button: 'Describe…', label: 'Description', sends: /^Describe 1/ },
  { act: 'tag', button: 'Tag…', label: 'Add tags', sends: /^Change the tags/ },
]) {
  test(`a ${act} whose answer is lost is in doubt in its row from then on, while it is sent again, and not once it is done`, { timeout: 180_000 }, async () => {
    const page = await start()
    await page.getByRole('checkbox', { name: /^Select \d/ }).first().click()
    await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: button }).click()
    const dialog = page.getByRole('dialog')
    if (label !== undefined) await dialog.getByLabel(label).fill('lost')
    network = 'loses, then holds'
    await dialog.getByRole('button', { name: sends }).click()
    await expect.poll(() => held.length, { timeout }).toBe(1)
    await dialog.getByText('under way', { exact: true }).waitFor({ timeout })
    await expect.poll(() => doubt(page).count(), { timeout }).toBe(1)
    letGo()
    await dialog.getByText('All 1 done').waitFor({ timeout })
    await expect.poll(() => doubt(page).count(), { timeout }).toBe(0)
  })
}

test('a delete whose answer is lost is in doubt in its row while it is read, and is done when it is read as gone', { timeout: 180_000 }, async () => {
  // Of what was written just before, the client cannot tell whether it is the one that was to be deleted.
  const { updatedAt } = await client.getFlexibleIP({ fipId: id })
  await expect.poll(() => emulator.now.getTime() - (updatedAt?.getTime() ?? 0), { timeout }).toBeGreaterThan(5000)
  const page = await start()
  await page.getByRole('checkbox', { name: /^Select \d/ }).first().click()
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Delete…' }).click()
  network = 'loses'
  await page.getByRole('alertdialog').getByRole('button', { name: /^Delete \d/ }).click()
  await expect.poll(() => doubt(page).count(), { timeout }).toBe(1)
  await page.getByRole('dialog').getByText('under way', { exact: true }).waitFor({ timeout })
  network = 'works'
  await client.deleteFlexibleIP({ fipId: id })
  await page.getByRole('dialog').getByText('All 1 done').waitFor({ timeout })
})

test('a new MAC whose answer is lost says what is known, and is in doubt in its row', { timeout: 180_000 }, async () => {
  const page = await start()
  await page.clock.install()
  await page.goto(`${console.stage.url}?ip=${id}&tab=mac`)
  await page.getByRole('button', { name: 'Generate a MAC…' }).click()
  network = 'loses'
  await page.locator('.mac-confirm').getByRole('button', { name: 'Generate a MAC' }).click()
  await expect.poll(() => doubt(page).count(), { timeout }).toBe(1)
  // The client reads for some time whether it was done.
  const alert = page.getByRole('alert')
  await expect.poll(async () => (await alert.count()) || page.clock.fastForward(2000), { timeout }).toBe(1)
  await alert.getByText(/^It is unknown whether it was done\./).waitFor({ timeout })
  expect(await doubt(page).count()).toBe(1)
})

test('a new MAC that fails after its sheet was left is among the results', { timeout: 180_000 }, async () => {
  const page = await start(`?ip=${id}&tab=mac`)
  await page.getByRole('button', { name: 'Generate a MAC…' }).click()
  holds = true
  await page.locator('.mac-confirm').getByRole('button', { name: 'Generate a MAC' }).click()
  await expect.poll(() => held.length, { timeout }).toBe(1)
  await page.getByRole('complementary').getByRole('button', { name: 'Close' }).click()
  emulator.forceStatus(id, 'locked')
  letGo()
  await page.locator('button.work', { hasText: 'Generating a MAC: 1 not done' }).click({ timeout })
  await page.getByRole('dialog').getByText('refused', { exact: true }).waitFor({ timeout })
})

test('a create that loses its answer after its form was left says in the bar and in the results that an IP was perhaps created', { timeout: 180_000 }, async () => {
  const page = await start()
  await page.getByRole('button', { name: 'Create IPs' }).click()
  holds = true
  await page.getByRole('dialog').getByRole('button', { name: 'Create 1 IP' }).click()
  await expect.poll(() => held.length, { timeout }).toBe(1)
  await page.keyboard.press('Escape')
  emulator.addFault({ operation: 'createFlexibleIP', nth: 1, fault: 'dropAfter' })
  letGo()
  await page.locator('button.work', { hasText: /^Create 1\sIP: 1 in doubt$/ }).click({ timeout })
  await page.getByRole('dialog').getByText(/Perhaps 1\sIP was created\./).waitFor({ timeout })
  expect(await page.getByRole('dialog').getByRole('button', { name: /^Try/ }).count()).toBe(0)
})
