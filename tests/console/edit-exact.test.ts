// An edit changes what a person changed, and nothing else: tags and descriptions may hold what a line of text cannot.
import type { Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { FlexibleIpClient } from '../../pkg/index.js'
import { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { listOf, textOf } from '../../js/console/dialogs/tag-text.js'
import { isNetworkNote, openConsole, proxyTo } from './support.js'

const emulator = new FlexibleIpEmulator({ seed: 47, timing: 'instant', servers: [{ zone: 'fr-par-1', name: 'one' }] })
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
const { open } = openConsole({ proxy: proxyTo(emulator), ignores: isNetworkNote })
const timeout = 40_000
const tags = ['a,b', ' lead ', 'c', 'c', '"quoted"', 'line\nbreak', '\\']

let id = ''
beforeEach(async () => {
  emulator.reset()
  id = (await client.createFlexibleIP({ description: 'line1\nline2' })).id
})

async function save(page: Page): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached', timeout })
}

test('any list of tags is the same list after it was text', () => {
  for (const list of [tags, [''], [], ['"'], ['a"b'], ['"a" b'], ['"open, and'], ['a, b', 'c']]) expect(listOf(textOf(list))).toEqual(list)
  expect(listOf('a, "b, c",, d')).toEqual(['a', 'b, c', 'd'])
})

test('a tag that is added leaves the others as they are, whatever they hold', { timeout: 90_000 }, async () => {
  await client.updateFlexibleIP({ fipId: id, tags })
  const page = await open(`?dialog=edit:${id}:tags`)
  const field = page.getByRole('dialog').getByLabel('Tags')
  await field.waitFor({ timeout })
  await field.press('End')
  await field.pressSequentially(', d')
  await save(page)
  const { tags: after, description } = await client.getFlexibleIP({ fipId: id })
  expect([after, description]).toEqual([[...tags, 'd'], 'line1\nline2'])
})

test('the form of an edit shows an empty tag, and how often each is there', { timeout: 90_000 }, async () => {
  await client.updateFlexibleIP({ fipId: id, tags: ['', 'c', 'c', 'one'] })
  const page = await open(`?dialog=edit:${id}:tags`)
  const buttons = page.getByRole('dialog').locator('.tag-buttons button')
  await expect.poll(() => buttons.allInnerTexts(), { timeout }).toEqual(['""', 'c × 2', 'one'])
  await page.getByRole('dialog').getByRole('button', { name: 'Remove tag c, 2 times' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove tag ""' }).click()
  await save(page)
  expect((await client.getFlexibleIP({ fipId: id })).tags).toEqual(['one'])
})

test('a description of several lines keeps its line breaks when it is edited, alone and with others', { timeout: 90_000 }, async () => {
  for (const [before, after] of [
    ['line1\nline2', 'line1\nline2!'],
    ['line1\r\nline2', 'line1\r\nline2!'],
  ] as const) {
    await client.updateFlexibleIP({ fipId: id, description: before })
    const page = await open(`?dialog=edit:${id}`)
    const field = page.getByRole('dialog').getByLabel('Description')
    await field.waitFor({ timeout })
    await field.press('Control+End')
    await field.pressSequentially('!')
    await save(page)
    expect((await client.getFlexibleIP({ fipId: id })).description).toBe(after)
  }
  const page = await open(`?sel=${id}&dialog=describe`)
  const field = page.getByRole('dialog').getByLabel('Description')
  await expect.poll(() => field.inputValue(), { timeout }).toBe('line1\nline2!')
  await field.press('Control+End')
  await field.pressSequentially('?')
  await page.getByRole('dialog').getByRole('button', { name: 'Describe 1 IP' }).click()
  await page.getByRole('dialog').getByText('All 1 done').waitFor({ timeout })
  expect((await client.getFlexibleIP({ fipId: id })).description).toBe('line1\r\nline2!?')
})
