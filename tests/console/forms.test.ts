// Create and edit: checked while typing, refusals of the service beside their fields with the request id, several at once.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FlexibleIpClient } from '../../pkg/index.js'
import { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { type Stage, type Visit, isNetworkNote, proxyTo, rowCount, startStage, visit } from './support.js'

const emulator = new FlexibleIpEmulator({ seed: 6, timing: 'instant', servers: [{ zone: 'fr-par-1', name: 'web-1' }] })
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })

let stage: Stage
let seen: Visit
let page: Page

beforeAll(async () => {
  await client.createFlexibleIP({ description: 'First', tags: ['prod'] })
  stage = await startStage(proxyTo(emulator))
  seen = await visit(stage)
  page = seen.page
  await page.getByRole('gridcell').first().waitFor()
})
afterAll(() => stage?.close())

const timeout = 20_000

test('a form is checked while it is typed, and sends only what was changed', async () => {
  await page.locator('.address-link').first().click()
  await page.getByRole('complementary').getByRole('button', { name: 'Edit…' }).click()
  const form = page.getByRole('dialog', { name: /^Edit / })
  const save = form.getByRole('button', { name: 'Save' })
  await form.getByText('Nothing is changed yet.').waitFor()
  expect(await save.isDisabled()).toBe(true)
  const reverse = await form.getByLabel('Reverse').inputValue()
  await form.getByLabel('Reverse').fill('not a host name')
  await expect.poll(() => form.getByLabel('Reverse').getAttribute('aria-invalid')).toBe('true')
  expect(await save.isDisabled()).toBe(true)
  await form.getByLabel('Reverse').fill(reverse)
  await form.getByLabel('Tags').fill('prod, web')
  const sent: string[] = []
  seen.context.on('request', (request) => request.method() === 'PATCH' && sent.push(request.postData() ?? ''))
  await save.click()
  await expect.poll(() => form.count()).toBe(0)
  expect(sent.map((body) => JSON.parse(body) as unknown)).toEqual([{ tags: ['prod', 'web'] }])
  await page.getByRole('complementary').locator('.tag', { hasText: 'web' }).waitFor({ timeout })
})

test('a refusal of the service is beside its field, with the request id, and the form keeps what was typed', async () => {
  emulator.addFault({
    operation: 'updateFlexibleIP',
    nth: 1,
    fault: { status: { status: 400, body: { type: 'invalid_arguments', message: 'invalid argument(s)', details: [{ argument_name: 'reverse', reason: 'constraint', help_message: 'it does not resolve to this IP' }] } } },
  })
  await page.getByRole('complementary').getByRole('button', { name: 'Edit…' }).click()
  const form = page.getByRole('dialog', { name: /^Edit / })
  await form.getByLabel('Reverse').fill('www.northwind.example')
  await form.getByRole('button', { name: 'Save' }).click()
  await form.locator('.form-field', { has: page.getByLabel('Reverse') }).getByText(/^it does not resolve to this IP \(Request id [0-9a-f-]{36}\)$/).waitFor({ timeout })
  expect(await form.getByLabel('Reverse').inputValue()).toBe('www.northwind.example')
  await page.keyboard.press('Escape')
  await expect.poll(() => form.count()).toBe(0)
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('complementary').count()).toBe(0)
})

test('several are created at once, each with its result', async () => {
  await page.getByRole('button', { name: 'Create IPs' }).click()
  const form = page.getByRole('dialog', { name: 'Create flexible IPs' })
  await form.getByLabel('How many').fill('500')
  await form.getByText('A number from 1 to 50').waitFor()
  await form.getByLabel('How many').fill('3')
  await form.getByLabel('Server').selectOption({ label: 'web-1' })
  await form.getByLabel('Description').fill('Many')
  await form.getByRole('button', { name: 'Create 3 IPs' }).click()
  const results = page.getByRole('dialog', { name: 'Create 3 IPs' })
  await results.getByText('All 3 done').waitFor({ timeout })
  // Each is named by its address.
  const made = (await client.listFlexibleIPs().all()).filter(({ description }) => description === 'Many').map(({ ipAddress }) => ipAddress)
  expect((await results.locator('.results b').allTextContents()).sort()).toEqual([...made].sort())
  await page.keyboard.press('Escape')
  await page.getByRole('searchbox').fill('Many')
  await expect.poll(() => rowCount(page)).toBe(3)
  expect(await page.locator('.row .server').getByText('web-1').count()).toBe(3)
})

test('a create whose answer was lost shows what may have been made, before another is sent', async () => {
  emulator.addFault({ operation: 'createFlexibleIP', nth: 1, fault: 'dropAfter' })
  await page.getByRole('button', { name: 'Create IPs' }).click()
  const form = page.getByRole('dialog', { name: 'Create flexible IPs' })
  await form.getByLabel('Description').fill('Perhaps')
  await form.getByRole('button', { name: 'Create 1 IP' }).click()
  await form.getByText(/^Perhaps 1\sIP was created\./).waitFor({ timeout })
  await form.getByText(/^Found: /).waitFor({ timeout })
  expect(await form.getByRole('button', { name: 'Create 1 IP' }).isDisabled()).toBe(true)
  await form.getByRole('button', { name: 'It is this one' }).click()
  await page.getByRole('complementary').getByText('Perhaps').waitFor()
  expect((await client.listFlexibleIPs().all()).filter(({ description }) => description === 'Perhaps').length).toBe(1)
  expect(seen.complaints.filter((complaint) => !isNetworkNote(complaint))).toEqual([])
})

test.each([
  { dialog: 'describe', type: 'Typed', label: 'Description', act: 'Describe 1 IP' },
  { dialog: 'tag', type: 'typed', label: 'Add tags', act: 'Change the tags of 1 IP' },
])('what is typed into the dialog of a $dialog before the flexible IPs are there can be sent once they are', async ({ dialog, type, label, act }) => {
  const [ip] = (await client.listFlexibleIPs().all()).filter(({ description }) => description === 'First')
  let release = (): void => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  const lists = (url: URL) => url.pathname.endsWith('/fips')
  await page.route(lists, async (route) => {
    await released
    await route.continue()
  })
  await page.goto(`${stage.url}?dialog=${dialog}&sel=${ip?.id ?? ''}`)
  const form = page.getByRole('dialog')
  await form.getByLabel(label).fill(type)
  await form.getByLabel(label).press('Tab')
  release()
  const button = form.getByRole('button', { name: act, exact: true })
  await button.waitFor({ timeout })
  await expect.poll(() => button.isEnabled()).toBe(true)
  await page.unroute(lists)
  expect(dialog === 'tag' || (await form.getByLabel(label).inputValue()) === type).toBe(true)
  await button.click()
  await form.getByText('All 1 done').waitFor({ timeout })
  const changed = await client.getFlexibleIP({ fipId: ip?.id ?? '' })
  expect(dialog === 'tag' ? changed.tags : [changed.description]).toContain(type)
  await client.updateFlexibleIP({ fipId: changed.id, description: 'First' })
})

test('a description that is common to flexible IPs which come after their dialog is shown in it', async () => {
  const [ip] = (await client.listFlexibleIPs().all()).filter(({ description }) => description === 'First')
  let release = (): void => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  const lists = (url: URL) => url.pathname.endsWith('/fips')
  await page.route(lists, async (route) => {
    await released
    await route.continue()
  })
  await page.goto(`${stage.url}?dialog=describe&sel=${ip?.id ?? ''}`)
  const form = page.getByRole('dialog')
  await form.getByLabel('Description').waitFor()
  release()
  await expect.poll(() => form.getByLabel('Description').inputValue()).toBe('First')
  await page.unroute(lists)
})
