// The cursor of the table when its row is gone: what the next key acts on is a neighbour, and not the first row.
import type { Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { neighbourOf } from '../../js/console/data/order.js'
import { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { FlexibleIpClient } from '../../pkg/index.js'
import { openConsole, proxyTo, rowCount } from './support.js'

const emulator = new FlexibleIpEmulator({ seed: 59, timing: 'instant', servers: [{ zone: 'fr-par-1', name: 'one' }] })
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
const { open } = openConsole({ proxy: proxyTo(emulator) })
const timeout = 30_000

beforeEach(async () => {
  emulator.reset()
  for (const description of ['A', 'B', 'C', 'D']) await client.createFlexibleIP({ description })
})

const cursor = async (page: Page): Promise<string> => ((await page.getByRole('grid').getAttribute('aria-activedescendant')) ?? '').replace('row-', '')
const order = (page: Page): Promise<string[]> => page.locator('.row').evaluateAll((rows) => rows.map(({ id }) => id.replace('row-', '')))
test('a neighbour is the next row that is still there, else the last one before', () => {
  expect(neighbourOf('b', ['a', 'b', 'c', 'd'], ['a', 'd'])).toBe(1)
  expect(neighbourOf('c', ['a', 'b', 'c'], ['x', 'a', 'b'])).toBe(2)
  expect(neighbourOf('c', ['a', 'b', 'c'], ['x'])).toBe(-1)
  expect(neighbourOf('z', ['a'], ['a'])).toBe(-1)
})

test.each([
  { place: 1, gone: [1], next: 2, name: 'the next row' },
  { place: 1, gone: [1, 2], next: 3, name: 'the next row that is left' },
  { place: 3, gone: [3], next: 2, name: 'the last row' },
])('when others delete the row of the cursor, the cursor is on $name', async ({ place, gone, next }) => {
  const page = await open()
  await page.clock.install()
  await page.reload()
  await expect.poll(() => rowCount(page), { timeout }).toBe(4)
  const ids = await order(page)
  await page.locator('.row').nth(place).getByRole('gridcell').nth(2).click()
  expect(await cursor(page)).toBe(ids[place])
  for (const each of gone) await client.deleteFlexibleIP({ fipId: ids[each] ?? '' })
  // The zones are read again.
  await page.clock.fastForward(31_000)
  await expect.poll(() => rowCount(page), { timeout }).toBe(4 - gone.length)
  expect(await cursor(page)).toBe(ids[next])
  await page.getByRole('grid').focus()
  await page.keyboard.press('Space')
  expect(new URL(page.url()).searchParams.getAll('sel')).toEqual([ids[next]])
})
