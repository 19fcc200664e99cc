// Counts agree wherever they are shown, one flexible IP is not spoken of as several, and nothing is named twice.
import type { Page } from 'playwright-core'
import { beforeEach, expect, test } from 'vitest'
import { attachNew, startService } from './service.js'
import { isNetworkNote, openConsole } from './support.js'

const { emulator, client, proxy, serverId } = startService({ seed: 107, names: ['one', 'two'] })
const { open } = openConsole({ proxy, ignores: isNetworkNote })
const timeout = 30_000

let ids: string[]
beforeEach(async () => {
  ids = await attachNew({ emulator, client, serverId }, 'one', ['Shop alpha', 'Shop bravo', 'Shop charlie'])
})
const idOf = (place: number): string => ids[place] ?? ''

/** Makes a MAC group of the first ones. */
async function group(count: number): Promise<void> {
  await client.generateMACAddr({ fipId: idOf(0), macType: 'kvm' })
  await client.waitForFlexibleIP({ fipId: idOf(0) })
  for (let place = 1; place < count; place += 1) {
    await client.duplicateMACAddr({ fipId: idOf(place), duplicateFromFipId: idOf(0) })
    await client.waitForFlexibleIP({ fipId: idOf(place) })
  }
}

test('a server names a lifted MAC group with its count once', async () => {
  await group(3)
  const page = await open('?view=servers')
  await page.locator('.unit.grouped').click({ position: { x: 11, y: 13 } })
  const notes = page.locator('.drop-note')
  await notes.first().waitFor({ timeout })
  const texts = await notes.allTextContents()
  expect(texts.map((text) => text.replace(/[\d:a-f]{17}/, 'MAC'))).toEqual(['Detaches MAC group MAC, 3\u00a0IPs. On no server an address is unreachable.', 'Moves MAC group MAC, 3\u00a0IPs. two will hold 3 of 64.'])
})

test('the row of a MAC group of which a filter shows a part says how many are here', async () => {
  await group(3)
  const page = await open('?q=bravo')
  const row = page.locator('.row')
  await row.getByText('1 of 3 here').waitFor({ timeout })
  const [text, cell] = [await row.getByText('1 of 3 here').boundingBox(), await row.locator('.cell.mac').boundingBox()]
  expect((text?.x ?? 0) + (text?.width ?? 0)).toBeLessThanOrEqual((cell?.x ?? 0) + (cell?.width ?? 0))
  await page.setViewportSize({ width: 390, height: 844 })
  await page.locator('.narrow .row').getByText(/1 of 3 here$/).waitFor({ timeout })
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.getByRole('searchbox').fill('')
  await expect.poll(() => page.locator('.row').count(), { timeout }).toBe(3)
  expect(await page.getByText(/of 3 here/).count()).toBe(0)
})

test('of several adjacent members of a part, the first says how many are here', async () => {
  await group(3)
  await client.updateFlexibleIP({ fipId: idOf(2), description: 'Other' })
  const page = await open('?q=Shop')
  await page.getByText('2 of 3 here').waitFor({ timeout })
  expect(await page.locator('.row').count()).toBe(2)
  expect(await page.getByText('2 of 3 here').count()).toBe(1)
})

const dialogs: readonly (readonly [query: string, one: RegExp, several: RegExp])[] = [
  ['detach', /It is unreachable until it is attached again\./, /They are unreachable until they are attached again\./],
  ['delete', /The address goes back to the pool/, /The addresses go back to the pool/],
  ['describe', /It gets this description\./, /All of them get this description\./],
]
test.each(dialogs)('the dialog of a %s speaks of one flexible IP as of one', async (dialog, one, several) => {
  const words = async (chosen: readonly string[]): Promise<string> => {
    const page = await open(`?dialog=${dialog}&sel=${chosen.join('&sel=')}`)
    const subtitle = page.locator('.dialog header .second')
    await expect.poll(() => subtitle.textContent(), { timeout }).toMatch(chosen.length === 1 ? one : several)
    return (await subtitle.textContent()) ?? ''
  }
  expect(await words(ids.slice(0, 1))).not.toMatch(several)
  expect(await words(ids)).not.toMatch(one)
})

/** The number of a text, if it has one. */
const numberIn = (text: string | null): number => Number(/\d+/.exec(text ?? '')?.[0])

test('the strip stops as many changes as the results do, and no more than it says are waiting', { timeout: 60_000 }, async () => {
  await group(2)
  for (let place = 3; place < 9; place += 1) ids.push((await client.createAndAttach({ serverId: serverId('one'), description: 'More' })).id)
  const page: Page = await open(`?sel=${ids.join('&sel=')}&dialog=detach`)
  emulator.addFault({ operation: 'detachFlexibleIP', times: 10_000, fault: { status: { status: 429, body: { type: 'too_many_requests', message: 'slow down' } } } })
  await page.getByRole('dialog').getByRole('button', { name: /^Detach 9\sIPs$/ }).click({ timeout })
  const strip = page.locator('.strip', { hasText: 'Scaleway asks us to slow down' })
  await strip.getByRole('button', { name: /^Stop the/ }).waitFor({ timeout })
  const counts = () =>
    page.evaluate(() => ({
      strip: [...document.querySelectorAll('.strip .button')].map(({ textContent }) => textContent).find((text) => text?.startsWith('Stop')) ?? '',
      says: /[\d,]+(?=\schanges? waits?)/.exec(document.querySelector('.strip.warn')?.textContent ?? '')?.[0] ?? '',
      dialog: [...document.querySelectorAll('.dialog footer .button')].map(({ textContent }) => textContent).find((text) => text?.startsWith('Stop')) ?? '',
    }))
  for (let round = 0; round < 5; round += 1) {
    const { strip: inStrip, says, dialog } = await counts()
    expect(numberIn(dialog)).toBe(numberIn(inStrip))
    // What the service has turned away waits too, but was sent once: no stop takes it back.
    expect(numberIn(says)).toBeGreaterThanOrEqual(numberIn(inStrip))
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
  }
  emulator.clearFaults()
  await page.getByRole('dialog').getByRole('button', { name: /^Stop the/ }).click()
})
