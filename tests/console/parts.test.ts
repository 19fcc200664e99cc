// A part of the page that cannot be loaded, because its server is away or the browser is offline: it says so, leaves
// the rest as it is, and works when it is tried again.
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Stage, type Visit, startStage, visit } from './support.js'

let stage: Stage
let current: Visit | undefined
/** Whether the server answers nothing. */
let isAway = false

beforeAll(async () => {
  stage = await startStage()
  stage.server.prependListener('request', (request) => isAway && request.socket.destroy())
})
afterAll(() => stage?.close())
afterEach(async () => {
  isAway = false
  const { complaints = [], context } = current ?? {}
  current = undefined
  await context?.close()
  // The browser itself notes each request that fails. React notes each error that a guard has caught.
  expect(complaints.filter((complaint) => !/Failed to load resource|was not loaded|not loaded/.test(complaint))).toEqual([])
})

async function open(query = ''): Promise<Page> {
  current = await visit(stage, query)
  await current.page.getByRole('gridcell').first().waitFor()
  await current.page.locator('.strip').first().waitFor()
  return current.page
}

const parts: Readonly<Record<string, { readonly act: (page: Page) => Promise<void>; readonly shows: (page: Page) => Promise<void> }>> = {
  'a view': {
    act: (page) => page.getByRole('link', { name: 'Log' }).click(),
    shows: (page) => page.getByRole('heading', { name: 'Activity log' }).waitFor(),
  },
  'the picture with its styles': {
    act: (page) => page.getByRole('link', { name: 'Servers' }).click(),
    async shows(page) {
      await page.locator('.card').first().waitFor()
      expect(await page.locator('.cards').first().evaluate((cards) => getComputedStyle(cards).display)).toBe('grid')
    },
  },
  'a dialog': {
    act: (page) => page.getByRole('button', { name: /^Plan failover of/ }).click(),
    shows: (page) => page.getByRole('dialog', { name: 'Fail over web-1' }).waitFor(),
  },
  'a form': {
    act: (page) => page.getByRole('button', { name: 'Create IPs' }).click(),
    shows: (page) => page.getByRole('dialog', { name: 'Create flexible IPs' }).waitFor(),
  },
  'the sheet': {
    act: (page) => page.locator('.address-link').first().click(),
    shows: (page) => page.locator('.facts').waitFor(),
  },
}

test.each(Object.entries(parts))('%s that cannot be loaded while the server is away says so, and works when it is tried again', async (_, { act, shows }) => {
  const page = await open()
  isAway = true
  await act(page)
  const alert = page.getByRole('alert')
  await alert.getByText('This part could not be loaded').waitFor()
  await alert.getByRole('button', { name: 'Try again' }).click()
  await alert.getByText('The server still does not answer.').waitFor()
  // The rest of the page is there.
  await page.getByRole('link', { name: 'Flexible IPs' }).waitFor()
  isAway = false
  await alert.getByRole('button', { name: 'Try again' }).click()
  await shows(page)
  expect(await alert.count()).toBe(0)
})

test('a dialog that cannot be loaded offline can be left, and the table is as it was', async () => {
  const page = await open('?q=web-1')
  await current?.context.setOffline(true)
  await page.getByRole('button', { name: /^Plan failover of/ }).click()
  const alert = page.getByRole('alert')
  await alert.getByText('This part could not be loaded').waitFor()
  await alert.getByRole('button', { name: 'Close' }).click()
  await expect.poll(() => alert.count()).toBe(0)
  expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe('8')
  await current?.context.setOffline(false)
})

test('the bar of a selection is there offline, because it is loaded once the page rests; a part that failed comes by itself when the network is back', async () => {
  const page = await open('?q=web-1')
  const isLoaded = () => page.evaluate("performance.getEntriesByType('resource').some(({ name }) => name.includes('/bulk-bar-'))")
  await expect.poll(isLoaded).toBe(true)
  await current?.context.setOffline(true)
  await page.getByRole('checkbox', { name: /^Select \d/ }).first().click()
  await page.getByRole('region', { name: 'Selection' }).getByText('Offline: changes are switched off.').waitFor()
  expect(await page.getByRole('alert').count()).toBe(0)
  await page.getByRole('button', { name: /^Plan failover of/ }).click()
  await page.getByRole('alert').getByText('This part could not be loaded').waitFor()
  await current?.context.setOffline(false)
  await page.getByRole('dialog', { name: 'Fail over web-1' }).waitFor()
})

test('the key of a bulk action works before the bar of the selection is loaded', async () => {
  current = await visit(stage)
  const { page } = current
  let release = (): void => undefined
  const held = new Promise<void>((resolve) => (release = resolve))
  await page.route(/\/bulk-bar-/, async (route) => {
    await held
    await route.continue()
  })
  await page.reload()
  await page.getByRole('checkbox', { name: /^Select \d/ }).first().click()
  await page.keyboard.press('d')
  await page.getByRole('dialog', { name: /^Detach / }).waitFor()
  release()
})
