// A change that the service turns away (429): until when it waits, and that it waits, in the strip, its row and its dialog.
import { beforeEach, expect, test } from 'vitest'
import { startService } from './service.js'
import { isNetworkNote, openConsole } from './support.js'

/** So many changes are turned away next, for a time. */
let turned = 0
let waitsFor = 30
/** The waits of the next ones, if they differ. */
let waits: number[] = []
const service = startService({
  seed: 139,
  names: ['one', 'two', 'three'],
  async before(_url, { method }) {
    if (method === 'GET' || turned === 0) return undefined
    turned -= 1
    return new Response('{}', { status: 429, headers: { 'retry-after': String(waits.shift() ?? waitsFor), 'content-type': 'application/json' } })
  },
})
const { open } = openConsole({ proxy: service.proxy, ignores: isNetworkNote })
const timeout = 30_000
let id = ''

beforeEach(async () => {
  turned = 0
  waitsFor = 30
  waits = []
  service.emulator.reset()
  id = (await service.client.createAndAttach({ serverId: service.serverId('one'), description: 'Shop' })).id
})

test('a step of a move that is turned away waits in its row and its dialog, and the strip has the time, the move and its stop', { timeout: 60_000 }, async () => {
  const page = await open(`?sel=${id}&dialog=move:${service.serverId('two')}`)
  turned = 1
  await page.getByRole('button', { name: /^Move 1\sIP to two$/ }).click({ timeout })
  const dialog = page.getByRole('dialog', { name: /^Moving 1\sIP to two$/ })
  await dialog.getByText('turned away (429), waits to be sent again').waitFor({ timeout })
  expect(await dialog.getByText(/^detaching \d/).count()).toBe(0)
  await page.keyboard.press('Escape')
  await page.locator('.row .cell.status', { hasText: 'move waits' }).waitFor({ timeout })
  const strip = page.locator('.strip', { hasText: 'Scaleway asks us to slow down' })
  await strip.getByText(/1\schange waits, none is lost\./).waitFor()
  // The service asked for 30 s.
  await strip.getByText(/^Next try in 2\d\.\d\ss\.$/).waitFor({ timeout })
  await page.locator('.foot').getByText(/Reading is paused until \d\d:\d\d:\d\d\./).waitFor()
  await strip.getByRole('button', { name: 'Show the move' }).click()
  await dialog.waitFor()
  await page.keyboard.press('Escape')
  await strip.getByRole('button', { name: 'Stop after this step' }).click()
  await page.locator('button.work', { hasText: /^1\sIP not moved$/ }).waitFor({ timeout })
  expect(await page.locator('.row .cell.status', { hasText: 'move waits' }).count()).toBe(0)
  expect((await service.client.getFlexibleIP({ fipId: id })).serverId).toBe(service.serverId('one'))
})

test('a change of many that is turned away waits in its dialog and its row, until it is sent again', { timeout: 60_000 }, async () => {
  const page = await open(`?sel=${id}&dialog=detach`)
  turned = 1
  await page.getByRole('button', { name: /^Detach 1\sIP$/ }).click({ timeout })
  const results = page.getByRole('dialog', { name: /^Detach 1\sIP$/ })
  await results.locator('.results .state', { hasText: 'waits' }).waitFor({ timeout })
  expect(await results.getByText('under way').count()).toBe(0)
  await page.keyboard.press('Escape')
  await page.locator('.row .cell.status', { hasText: 'detach waits' }).waitFor({ timeout })
  await page.locator('.strip', { hasText: 'Scaleway asks us to slow down' }).getByText(/1\schange waits, none is lost\./).waitFor()
})

test('the report of a move whose flexible IP others have moved names it and its server, and offers nothing to continue', { timeout: 60_000 }, async () => {
  const page = await open(`?sel=${id}&dialog=move:${service.serverId('two')}`)
  turned = 1
  waitsFor = 3
  await page.getByRole('button', { name: /^Move 1\sIP to two$/ }).click({ timeout })
  await page.getByRole('dialog').getByText('turned away (429), waits to be sent again').waitFor({ timeout })
  await service.client.detachFlexibleIP({ fipsIds: [id] })
  await service.client.ensureAttached({ fipsIds: [id], serverId: service.serverId('three') })
  const report = page.getByRole('dialog', { name: /^0 of 1\sIP is on two$/ })
  await report.getByText('three has it now').waitFor({ timeout })
  const { ipAddress } = await service.client.getFlexibleIP({ fipId: id })
  await report.locator('.note', { hasText: `${ipAddress} is on server three` }).waitFor()
  expect(await report.innerText()).not.toMatch(/[\da-f]{8}-[\da-f]{4}/)
  expect(await report.getByRole('radio', { name: /^Continue/ }).count()).toBe(0)
  expect(await report.getByRole('button', { name: /^Continue/ }).count()).toBe(0)
  await report.getByRole('button', { name: 'Leave it so' }).click()
})

const waiting = /Scaleway asks us to slow down \(429, since \d\d:\d\d:\d\d\)\. 1\schange waits, none is lost\.\s*Next try in \d\.\d\ss\./

test('a form whose change is turned away says that the service asks to slow down and when it is sent again, and no longer once it is sent', { timeout: 60_000 }, async () => {
  waitsFor = 8
  const edit = await open(`?ip=${id}&dialog=edit:${id}`)
  const dialog = edit.getByRole('dialog', { name: /^Edit / })
  await dialog.getByLabel('Description').fill('Anew')
  turned = 1
  await edit.keyboard.press('Enter')
  await dialog.locator('.note', { hasText: waiting }).waitFor({ timeout })
  await dialog.waitFor({ state: 'detached', timeout })
  expect((await service.client.getFlexibleIP({ fipId: id })).description).toBe('Anew')
})

test('a create that is turned away says so in its form', { timeout: 60_000 }, async () => {
  waitsFor = 8
  const page = await open('?dialog=create')
  const dialog = page.getByRole('dialog', { name: 'Create flexible IPs' })
  turned = 1
  await dialog.getByRole('button', { name: /^Create 1\sIP$/ }).click({ timeout })
  await dialog.locator('.note', { hasText: waiting }).waitFor({ timeout })
  await dialog.waitFor({ state: 'detached', timeout })
})

test('a create that is turned away counts in the strip, also when its form was left', { timeout: 60_000 }, async () => {
  const page = await open('?dialog=create')
  turned = 1
  await page.getByRole('button', { name: /^Create 1\sIP$/ }).click({ timeout })
  const strip = page.locator('.strip', { hasText: 'Scaleway asks us to slow down' })
  await strip.getByText(/1\schange waits, none is lost\. Reading is paused too, so that it goes first\./).waitFor({ timeout })
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('dialog').count(), { timeout }).toBe(0)
  await strip.getByText(/1\schange waits, none is lost\./).waitFor({ timeout })
  expect(await strip.getByText('No change waits.').count()).toBe(0)
})

test('the strip has the time of the longest wait when answers ask for several', { timeout: 60_000 }, async () => {
  const other = (await service.client.createAndAttach({ serverId: service.serverId('one'), description: 'Mail' })).id
  const page = await open(`?sel=${id}&sel=${other}&dialog=detach`)
  turned = 2
  waits = [50, 15]
  await page.getByRole('button', { name: /^Detach 2\sIPs$/ }).click({ timeout })
  const strip = page.locator('.strip', { hasText: 'Scaleway asks us to slow down' })
  await strip.getByText(/2\schanges wait, none is lost\./).waitFor({ timeout })
  await strip.getByText(/^Next try in (?:1[6-9]|[2-5]\d)\.\d\ss\.$/).waitFor({ timeout })
})

test('the strip names no wait that is longer than the one until the change is sent again', { timeout: 60_000 }, async () => {
  waitsFor = 3600
  const page = await open(`?sel=${id}&dialog=detach`)
  turned = 1
  await page.getByRole('button', { name: /^Detach 1\sIP$/ }).click({ timeout })
  await page.locator('.strip', { hasText: 'Scaleway asks us to slow down' }).getByText(/^Next try in [1-6]\d(?:\.\d)?\ss\.$/).waitFor({ timeout })
})
