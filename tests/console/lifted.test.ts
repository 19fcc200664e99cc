// A unit that was lifted in the picture: the focus is on it afterwards, and what others do to it meanwhile is said.
import type { Locator, Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { attachNew, readAgain, startService } from './service.js'
import { isNetworkNote, openConsole } from './support.js'

const { emulator, client, proxy, serverId } = startService({ seed: 83, names: ['one', 'two', 'three'] })
const { open } = openConsole({ proxy, ignores: isNetworkNote })
const timeout = 30_000

let ids: string[]
beforeEach(async () => {
  ids = await attachNew({ emulator, client, serverId }, 'one', ['A', 'B', 'C'])
})

const idOf = (place: number): string => ids[place] ?? ''
const unit = (page: Page, id: string): Locator => page.locator(`.unit[data-key="${id}"]`)
const card = (page: Page, name: string): Locator => page.locator('.card', { has: page.locator('.card-head b', { hasText: new RegExp(`^${name}$`) }) })
/** The unit that has the focus, or its handle, with the name of its server. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const unit = document.activeElement?.closest<HTMLElement>('.unit')
    return unit ? `${unit.dataset.key ?? ''} on ${unit.closest('.card')?.querySelector('.card-head b')?.textContent ?? ''}` : `<${document.activeElement?.tagName ?? ''}>`
  })
const said = (page: Page): Promise<string> => page.locator('[role=status].hidden').textContent().then((text) => text ?? '')
const isLifting = (page: Page): Promise<number> => page.locator('.picture.lifting').count()

const ways = {
  'by a tap': async (page: Page, id: string) => {
    await unit(page, id).click({ position: { x: 11, y: 13 } })
    await page.getByRole('button', { name: 'Put back' }).waitFor({ timeout })
  },
  'by Enter': async (page: Page, id: string) => {
    await unit(page, id).focus()
    await page.keyboard.press('Enter')
    await page.locator('.picture.lifting').waitFor({ timeout })
  },
}

async function start(): Promise<Page> {
  const page = await open('?view=servers')
  await unit(page, idOf(0)).waitFor({ timeout })
  return page
}

test('Esc, and Enter on Put back, leave the focus on what a tap had lifted', async () => {
  const page = await start()
  for (const key of ['Escape', 'Enter']) {
    await ways['by a tap'](page, idOf(1))
    await page.keyboard.press(key)
    await expect.poll(() => isLifting(page), { timeout }).toBe(0)
    await expect.poll(() => focused(page), { timeout }).toBe(`${idOf(1)} on one`)
  }
})

test('Esc in the plan of what was dropped leaves the focus on it, lifted by a tap, by Enter or by mouse', { timeout: 90_000 }, async () => {
  const page = await start()
  const drops = {
    async tap() {
      await ways['by a tap'](page, idOf(1))
      await card(page, 'two').locator('.drop-button').press('Enter')
    },
    async key() {
      await ways['by Enter'](page, idOf(1))
      await expect.poll(() => page.evaluate(() => document.activeElement?.closest('.card') !== null && !document.activeElement?.closest('.unit'))).toBe(true)
      await page.keyboard.press('Enter')
    },
    async mouse() {
      await unit(page, idOf(1)).hover({ position: { x: 11, y: 13 } })
      await page.mouse.down()
      await card(page, 'two').hover({ position: { x: 30, y: 60 } })
      await card(page, 'two').hover({ position: { x: 40, y: 70 } })
      await page.mouse.up()
    },
  }
  for (const drop of Object.values(drops)) {
    await drop()
    await page.getByRole('dialog', { name: /^Move 1/ }).waitFor({ timeout })
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('dialog').count(), { timeout }).toBe(0)
    await expect.poll(() => focused(page), { timeout }).toBe(`${idOf(1)} on one`)
  }
})

test('after the move of what was dropped, the focus is on it where it is then', { timeout: 90_000 }, async () => {
  const page = await start()
  await ways['by a tap'](page, idOf(1))
  await card(page, 'two').locator('.drop-button').press('Enter')
  await page.getByRole('dialog').getByRole('button', { name: /^Move 1\sIP to two$/ }).press('Enter', { timeout })
  await page.getByRole('dialog', { name: /^1\sIP is on two$/ }).waitFor({ timeout })
  await page.keyboard.press('Escape')
  await expect.poll(() => focused(page), { timeout }).toBe(`${idOf(1)} on two`)
})

for (const [way, lift] of Object.entries(ways)) {
  test(`what is lifted ${way} and moved by others meanwhile is put back, said, and has the focus where it is`, { timeout: 60_000 }, async () => {
    const page = await start()
    await lift(page, idOf(1))
    await client.ensureAttached({ fipsIds: [idOf(1)], serverId: serverId('three') })
    await readAgain(page)
    const { ipAddress } = await client.getFlexibleIP({ fipId: idOf(1) })
    await expect.poll(() => said(page), { timeout }).toBe(`three has ${ipAddress} now. What was lifted is put back; nothing was sent.`)
    await page.locator('.picture-foot').getByText(`three has ${ipAddress} now.`).waitFor()
    expect(await isLifting(page)).toBe(0)
    await expect.poll(() => focused(page), { timeout }).toBe(`${idOf(1)} on three`)
    // The page takes keys and presses again.
    await page.getByRole('searchbox').click()
    await page.keyboard.type('three')
    await expect.poll(() => page.locator('.card:not(.none)').count(), { timeout }).toBe(1)
  })

  test(`what is lifted ${way} and deleted by others meanwhile leaves the focus on its neighbour`, { timeout: 60_000 }, async () => {
    const page = await start()
    await lift(page, idOf(1))
    const { ipAddress } = await client.getFlexibleIP({ fipId: idOf(1) })
    await client.deleteFlexibleIP({ fipId: idOf(1) })
    await readAgain(page)
    await expect.poll(() => said(page), { timeout }).toBe(`${ipAddress} is gone. What was lifted is put back; nothing was sent.`)
    await expect.poll(() => focused(page), { timeout }).toBe(`${idOf(2)} on one`)
    await page.keyboard.press('Enter')
    await page.locator('.picture.lifting').waitFor({ timeout })
    await page.keyboard.press('Escape')
    await expect.poll(() => isLifting(page), { timeout }).toBe(0)
  })
}
