// What others change between the confirmation and the sending: each act reads first, and leaves what is not as it was shown.
import type { Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { startService } from './service.js'
import { isNetworkNote, openConsole } from './support.js'

const names = ['one', 'two', 'three']
/** What happens before a request of the page goes out. */
let before: ((method: string, path: string) => Promise<void>) | undefined
/** What answers in place of the service. */
let answer: ((path: string, body: string) => Response | undefined) | undefined
const sent: string[] = []
const { emulator, client, proxy, serverId } = startService({
  seed: 43,
  names,
  async before(url, init) {
    const path = new URL(url).pathname.replace(/^.*\/zones\/[^/]+/, '')
    await before?.(init.method, path)
    if (init.method === 'GET') return undefined
    const body = String(init.body ?? '')
    sent.push(`${init.method} ${path} ${names.find((name) => body.includes(serverId(name))) ?? ''}`.trim())
    return answer?.(path, body)
  },
})
const [one, two, three] = [serverId('one'), serverId('two'), serverId('three')]
const { open, tab } = openConsole({ proxy, ignores: isNetworkNote })
const timeout = 40_000

let id = ''
beforeEach(async () => {
  before = undefined
  answer = undefined
  emulator.reset()
  emulator.setTiming('instant')
  id = (await client.createAndAttach({ serverId: one, description: 'Shop' })).id
  sent.length = 0
})

const present = () => client.getFlexibleIP({ fipId: id })
const refusal = () => Response.json({ type: 'precondition_failed', precondition: 'x', help_message: 'the server is full', message: 'p' }, { status: 412 })
async function select(page: Page): Promise<void> {
  await page.getByRole('checkbox', { name: /^Select \d/ }).first().click()
}
const dialog = (page: Page) => page.locator('[role=dialog], [role=alertdialog]')
const isSelected = (page: Page) => expect.poll(() => new URL(page.url()).searchParams.getAll('sel'), { timeout }).toEqual([id])

test('a delete of what others have attached and described meanwhile sends nothing, says so, and leaves it selected', { timeout: 90_000 }, async () => {
  await client.detachFlexibleIP({ fipsIds: [id] })
  const page = await open()
  await select(page)
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Delete…' }).click()
  await dialog(page).getByText('Shop, on no server').waitFor({ timeout })
  const { ipAddress } = await present()
  await client.ensureAttached({ fipsIds: [id], serverId: two })
  await dialog(page).getByRole('button', { name: /^Delete [\d.]+$/ }).click()
  await dialog(page).getByText(`two has ${ipAddress} now; nothing was sent.`).waitFor({ timeout })
  await dialog(page).getByText('not sent', { exact: true }).waitFor()
  expect(await dialog(page).getByRole('button', { name: /again/ }).count()).toBe(0)
  expect(sent).toEqual([])
  expect((await present()).serverId).toBe(two)
  await isSelected(page)
})

test('a delete of what others have described anew sends nothing', { timeout: 90_000 }, async () => {
  await client.detachFlexibleIP({ fipsIds: [id] })
  const page = await open()
  await select(page)
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Delete…' }).click()
  await dialog(page).getByText('Shop, on no server').waitFor({ timeout })
  await client.updateFlexibleIP({ fipId: id, description: 'In use now' })
  await dialog(page).getByRole('button', { name: /^Delete [\d.]+$/ }).click()
  await dialog(page).getByText(/^Description or tags of [\d.]+ have changed; nothing was sent\.$/).waitFor({ timeout })
  expect(sent).toEqual([])
})

test('a detach names the server, and sends nothing when another server has the flexible IP by then', { timeout: 90_000 }, async () => {
  const page = await open()
  await select(page)
  await page.keyboard.press('d')
  await dialog(page).getByText('Shop, on one').waitFor({ timeout })
  await client.ensureAttached({ fipsIds: [id], serverId: three })
  await dialog(page).getByRole('button', { name: 'Detach 1 IP' }).click()
  await dialog(page).getByText(/^three has [\d.]+ now; nothing was sent\.$/).waitFor({ timeout })
  expect(sent).toEqual([])
  expect((await present()).serverId).toBe(three)
  await isSelected(page)
})

test('to detach again takes nothing off the server that others have attached it to since', { timeout: 120_000 }, async () => {
  const page = await open()
  await select(page)
  await page.keyboard.press('d')
  answer = () => new Response('', { status: 502 })
  await dialog(page).getByRole('button', { name: 'Detach 1 IP' }).click()
  await dialog(page).getByText('in doubt').first().waitFor({ timeout })
  await page.keyboard.press('Escape')
  await page.locator('.row .status.in-doubt').click({ timeout })
  const again = dialog(page).getByRole('button', { name: 'Detach again from one' })
  await again.waitFor({ timeout })
  answer = undefined
  await client.ensureAttached({ fipsIds: [id], serverId: three })
  sent.length = 0
  await again.click()
  await dialog(page).getByText(/^three has [\d.]+ now; nothing was sent\.$/).waitFor({ timeout })
  expect(sent).toEqual([])
  expect((await present()).serverId).toBe(three)
})

test('a move takes nothing off a server that its plan does not name: what others have moved is theirs, by name', { timeout: 120_000 }, async () => {
  const page = await open()
  await select(page)
  await page.keyboard.press('m')
  await page.getByRole('radio', { name: /^two/ }).check()
  const act = dialog(page).getByRole('button', { name: 'Move 1 IP to two' })
  await expect.poll(() => act.isEnabled(), { timeout }).toBe(true)
  // Others are quicker, before the page reads that its detach is done.
  before = async (method, path) => {
    if (method !== 'GET' || !path.startsWith('/fips') || !sent.includes('POST /fips/detach')) return
    before = undefined
    await client.attachFlexibleIP({ fipsIds: [id], serverId: three })
  }
  await act.click()
  const report = page.getByRole('dialog', { name: /^0 of 1\sIPs? (?:is|are) on two$/ })
  await report.waitFor({ timeout })
  await report.getByText('three has it now').waitFor({ timeout })
  expect(sent).toEqual(['POST /fips/detach'])
  expect((await present()).serverId).toBe(three)
  await isSelected(page)
})

test('a report of a move says what others have changed since', { timeout: 120_000 }, async () => {
  const page = await open()
  await select(page)
  await page.keyboard.press('m')
  await page.getByRole('radio', { name: /^two/ }).check()
  const act = dialog(page).getByRole('button', { name: 'Move 1 IP to two' })
  await expect.poll(() => act.isEnabled(), { timeout }).toBe(true)
  await act.click()
  await page.getByRole('dialog', { name: '1 IP is on two' }).waitFor({ timeout })
  // Another tab moves it, and this one reads the zone.
  const other = await tab(`?dialog=move:ip:${id}`)
  await other.getByRole('radio', { name: /^three/ }).check()
  await other.getByRole('button', { name: 'Move 1 IP to three' }).click()
  await other.getByRole('dialog', { name: '1 IP is on three' }).waitFor({ timeout })
  const report = page.getByRole('dialog', { name: '1 IP was on two' })
  await report.getByText('Changed since: 1 IP').waitFor({ timeout })
  await report.locator('td').getByText('on three').waitFor({ timeout })
  await report.getByText('changed since the end').waitFor()
})

/** Plans the failover of a server that is marked as failing. */
async function failOver(page: Page): Promise<void> {
  await page.getByRole('radio', { name: /^two/ }).check()
  const act = dialog(page).getByRole('button', { name: 'Move 1 IP to two' })
  await expect.poll(() => act.isEnabled(), { timeout }).toBe(true)
  await act.click()
}

test('a failover puts nothing back on the server that is failing: what the target refuses stays on no server, and the plan, the progress and the report say so', { timeout: 120_000 }, async () => {
  const page = await open('?view=servers')
  await page.evaluate((server) => localStorage.setItem('flexip-failing-proxy', JSON.stringify([server])), one)
  await page.goto(`${page.url().split('?')[0]}?dialog=failover:${one}`)
  await page.getByRole('radio', { name: /^two/ }).check()
  await dialog(page).getByText('What two refuses stays on no server until you decide: nothing goes back to a failing server.').waitFor({ timeout })
  answer = (path) => (path === '/fips/attach' ? refusal() : undefined)
  await failOver(page)
  const report = page.getByRole('dialog', { name: /^0 of 1\sIPs? (?:is|are) on two$/ })
  await report.waitFor({ timeout })
  await report.getByText(/the server is full/).first().waitFor()
  await report.locator('.state.bad', { hasText: 'on no server' }).waitFor()
  await report.getByText('1 IP stays unreachable.').waitFor()
  expect(sent).toEqual(['POST /fips/detach', 'POST /fips/attach two'])
  expect((await present()).serverId).toBe(undefined)
  // What was not sent is not in the log.
  await report.getByRole('button', { name: 'Open in log' }).click()
  await page.getByRole('row', { name: /attach/i }).first().waitFor({ timeout })
  expect(await page.getByRole('row', { name: /to one/ }).count()).toBe(0)
})

test('a move puts back on a healthy server what the target refuses, the plan and the report say so, and nothing is offered to be put back twice', { timeout: 120_000 }, async () => {
  const page = await open(`?dialog=move:ip:${id}`)
  await page.getByRole('radio', { name: /^two/ }).check()
  await dialog(page).getByText('What two refuses goes back to the server that it came from.').waitFor({ timeout })
  answer = (path, body) => (path === '/fips/attach' && body.includes(two) ? refusal() : undefined)
  await failOver(page)
  const report = page.getByRole('dialog', { name: /^0 of 1\sIPs? (?:is|are) on two$/ })
  await report.waitFor({ timeout })
  await report.getByText('refused, 1 try, put back').waitFor({ timeout })
  await report.getByText('Nothing is unreachable by this.').waitFor()
  expect(await report.getByRole('radio', { name: /^Put back/ }).count()).toBe(0)
  expect((await present()).serverId).toBe(one)
})

test('"if you stop now" counts nothing as arrived that the target has refused', { timeout: 120_000 }, async () => {
  await client.createAndAttach({ serverId: one, description: 'Slow' })
  const page = await open(`?dialog=failover:${one}`)
  await page.getByRole('radio', { name: /^two/ }).check()
  const act = dialog(page).getByRole('button', { name: 'Move 2 IPs to two' })
  await expect.poll(() => act.isEnabled(), { timeout }).toBe(true)
  // The first attach is refused; the second waits.
  let attaches = 0
  let letGo = () => undefined as unknown
  const held = new Promise((resolve) => (letGo = () => resolve(undefined)))
  before = async (_, path) => {
    if (path !== '/fips/attach') return
    attaches += 1
    if (attaches > 1) await held
  }
  answer = (path) => (path === '/fips/attach' ? refusal() : undefined)
  await act.click()
  const running = page.getByRole('dialog', { name: 'Moving 2 IPs to two' })
  await running.getByText('refused, 1 try').first().waitFor({ timeout })
  // The one that waits was read as on no server, and the refused one is there too.
  await running.getByText(/Then 0\sIPs are on two and 2 on no server/).waitFor({ timeout })
  letGo()
  const report = page.getByRole('dialog', { name: /^0 of 2\sIPs are on two$/ })
  await report.waitFor({ timeout })
})

test('a tag for what others have deleted meanwhile says that it is gone, and not that the key may not do it', { timeout: 90_000 }, async () => {
  const page = await open(`?sel=${id}&dialog=tag`)
  await page.getByLabel('Add tags').fill('mail')
  const { ipAddress } = await present()
  await client.detachFlexibleIP({ fipsIds: [id] })
  await client.deleteFlexibleIP({ fipId: id })
  await dialog(page).getByRole('button', { name: /^Change the tags/ }).click()
  await dialog(page).getByText(`${ipAddress} is gone`).waitFor({ timeout })
  expect(await dialog(page).getByText('403').count()).toBe(0)
  expect(sent).toEqual([])
})
