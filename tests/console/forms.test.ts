// Create and edit: checked while typing, refusals of the service beside their fields with the request id, several at once.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FlexibleIpClient } from '../../pkg/index.js'
import { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { type Stage, type Visit, isNetworkNote, holdLists, proxyTo, rowCount, startStage, visit } from './support.js'

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
  expect(await form.locator('button[type=submit]').textContent()).toBe('Create IPs')
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
  const release = await holdLists(page)
  await page.goto(`${stage.url}?dialog=${dialog}&sel=${ip?.id ?? ''}`)
  const form = page.getByRole('dialog')
  await form.getByLabel(label).fill(type)
  await form.getByLabel(label).press('Tab')
  await release()
  const button = form.getByRole('button', { name: act, exact: true })
  await button.waitFor({ timeout })
  await expect.poll(() => button.isEnabled()).toBe(true)
  expect(dialog === 'tag' || (await form.getByLabel(label).inputValue()) === type).toBe(true)
  await button.click()
  await form.getByText('All 1 done').waitFor({ timeout })
  const changed = await client.getFlexibleIP({ fipId: ip?.id ?? '' })
  expect(dialog === 'tag' ? changed.tags : [changed.description]).toContain(type)
  await client.updateFlexibleIP({ fipId: changed.id, description: 'First' })
})

test('a description that is common to flexible IPs which come after their dialog is shown in it', async () => {
  const [ip] = (await client.listFlexibleIPs().all()).filter(({ description }) => description === 'First')
  const release = await holdLists(page)
  await page.goto(`${stage.url}?dialog=describe&sel=${ip?.id ?? ''}`)
  const form = page.getByRole('dialog')
  await form.getByLabel('Description').waitFor()
  await release()
  await expect.poll(() => form.getByLabel('Description').inputValue()).toBe('First')
})

const editForm = () => page.getByRole('dialog', { name: /^Edit / })
const opened = async (change: { description?: string; tags?: string[] }) => {
  const ip = await client.createFlexibleIP(change)
  await page.goto(`${stage.url}?ip=${ip.id}&dialog=edit`)
  await editForm().getByLabel('Tags').waitFor({ timeout })
  return ip
}
const saveForm = async (): Promise<void> => {
  await editForm().getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => editForm().count(), { timeout }).toBe(0)
}

test('tags with commas and outer spaces stay as they are when another one is added, and a tag that is pressed is removed', async () => {
  const { id } = await opened({ tags: ['a,b', ' lead ', 'c', 'gone'] })
  await editForm().getByLabel('Tags').fill('d, e')
  await editForm().getByRole('button', { name: 'Remove tag gone' }).click()
  await saveForm()
  expect((await client.getFlexibleIP({ fipId: id })).tags).toEqual(['a,b', ' lead ', 'c', 'd', 'e'])
})

test('a description keeps its line breaks when it is changed, and is not sent when only the tags are', async () => {
  const { id } = await opened({ description: 'line1\nline2' })
  expect(await editForm().getByLabel('Description').inputValue()).toBe('line1\nline2')
  await editForm().getByLabel('Description').press('Control+End')
  await editForm().getByLabel('Description').pressSequentially('!')
  await editForm().getByLabel('Description').press('Shift+Enter')
  await editForm().getByLabel('Description').pressSequentially('line3')
  await editForm().getByLabel('Description').press('Enter')
  await expect.poll(() => editForm().count(), { timeout }).toBe(0)
  expect((await client.getFlexibleIP({ fipId: id })).description).toBe('line1\nline2!\nline3')
  const other = await opened({ description: 'line1\r\nline2' })
  const sent: string[] = []
  seen.context.on('request', (request) => request.method() === 'PATCH' && sent.push(request.postData() ?? ''))
  await editForm().getByLabel('Tags').fill('new')
  await saveForm()
  expect(sent.map((body) => JSON.parse(body) as unknown)).toEqual([{ tags: ['new'] }])
  await page.goto(`${stage.url}?ip=${other.id}&dialog=edit`)
  await editForm().getByLabel('Description').press('Control+End')
  await editForm().getByLabel('Description').pressSequentially('!')
  await saveForm()
  expect((await client.getFlexibleIP({ fipId: other.id })).description).toBe('line1\r\nline2!')
})

test('a tag that others add while the form is open is still there after Save', async () => {
  const { id } = await opened({ tags: ['t2'] })
  await editForm().getByLabel('Tags').fill('mine')
  await client.updateFlexibleIP({ fipId: id, tags: ['t2', 'theirs'] })
  await saveForm()
  expect((await client.getFlexibleIP({ fipId: id })).tags).toEqual(['t2', 'theirs', 'mine'])
})

test('a description that others changed while the form is open is shown before Save overwrites it', async () => {
  const { id } = await opened({ description: 'old' })
  await editForm().getByLabel('Description').fill('mine')
  await client.updateFlexibleIP({ fipId: id, description: 'theirs' })
  await editForm().getByRole('button', { name: 'Save' }).click()
  await editForm().getByText('Others have changed it meanwhile to “theirs”. To save overwrites that.').waitFor({ timeout })
  expect((await client.getFlexibleIP({ fipId: id })).description).toBe('theirs')
  await saveForm()
  expect((await client.getFlexibleIP({ fipId: id })).description).toBe('mine')
})

test('a Save that could not read the flexible IP first says that nothing was sent', async () => {
  await opened({ description: 'unread' })
  const one = (url: URL) => /\/fips\/[^/]+$/.test(url.pathname)
  await page.route(one, (route) => route.abort())
  await editForm().getByLabel('Description').fill('other')
  await editForm().getByRole('button', { name: 'Save' }).click()
  await editForm().getByText('Nothing was sent.').waitFor({ timeout })
  await page.unroute(one)
})

test('a tag with a comma can be removed from a selection', async () => {
  const ip = await client.createFlexibleIP({ tags: ['x,y', 'z'] })
  await page.goto(`${stage.url}?dialog=tag&sel=${ip.id}`)
  await page.getByRole('dialog').getByRole('button', { name: 'Remove tag x,y' }).click({ timeout })
  await page.getByRole('dialog').getByRole('button', { name: 'Change the tags of 1 IP' }).click()
  await page.getByRole('dialog').getByText('All 1 done').waitFor({ timeout })
  expect((await client.getFlexibleIP({ fipId: ip.id })).tags).toEqual(['z'])
})

test('the form of new flexible IPs begins in its first field', async () => {
  await page.goto(`${stage.url}?dialog=create`)
  const first = page.getByRole('dialog').getByLabel('How many')
  await first.waitFor({ timeout })
  await expect.poll(() => first.evaluate((field) => field === document.activeElement)).toBe(true)
})

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('an address that names %s as its dialog shows the page without one', async (name) => {
  await page.goto(`${stage.url}?dialog=${name}`)
  await page.getByRole('gridcell').first().waitFor({ timeout })
  expect(await page.getByRole('alert').count()).toBe(0)
  expect(await page.getByRole('dialog').count()).toBe(0)
})
