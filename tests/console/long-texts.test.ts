// Texts of others without a space in them: whatever their length, what can be pressed stays within the window.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { startService } from './service.js'
import { isNetworkNote, openConsole } from './support.js'

const [source, target] = [`node-${'w'.repeat(120)}.example.org`, `vm-${'v'.repeat(120)}.example.org`]
let loses = false
const service = startService({
  seed: 131,
  names: [source, target],
  async before(_url, { method }) {
    if (loses && method !== 'GET') throw new TypeError('cut')
    return undefined
  },
})
const { open } = openConsole({ proxy: service.proxy, ignores: isNetworkNote })
const timeout = 30_000

/** What reaches over an edge of the window, and parts that scroll sideways. */
const outside = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    // These scroll; on a telephone so do the filters, after those that are set.
    const mayScroll = (each: Element) => each.closest('.table, .code, .log-body, .ghost, .chip.open') !== null
    const nameOf = (each: Element) => `${each.tagName} ${each.className} ${(each.getAttribute('aria-label') ?? each.textContent ?? '').slice(0, 40)}`
    const isClipped = (each: Element) => each.closest('.hidden, .skip') !== null
    const over = [...document.querySelectorAll('button, a, input, select, textarea, h1, h2, h3, p, b, li, td, th, footer, header')].filter((each) => {
      const { left, right, width } = each.getBoundingClientRect()
      return width > 1 && !mayScroll(each) && !isClipped(each) && (left < -1 || right > innerWidth + 1)
    })
    // Clipped text is in its ellipsis; clipped controls cannot be pressed.
    const cut = [...document.querySelectorAll('button, a, input')].filter((each) => {
      const own = each.getBoundingClientRect()
      const part = each.closest('.dialog, .sheet, .card, .strip, .picked, .popover')?.getBoundingClientRect()
      return part && own.width > 1 && !mayScroll(each) && !isClipped(each) && (own.right > part.right + 1 || own.left < part.left - 1)
    })
    const scrolls = [...document.querySelectorAll('.content, .page, .sheet-body, .dialog-body, .dialog-main, .dialog-aside, .palette, .popover, .picture')].filter((each) => each.scrollWidth > each.clientWidth + 1)
    return [...over.map((each) => `out: ${nameOf(each)}`), ...cut.map((each) => `cut: ${nameOf(each)}`), ...scrolls.map((each) => `scrolls: ${nameOf(each)}`)]
  })

interface Place {
  readonly query: (ids: readonly string[]) => string
  readonly act?: (page: Page) => Promise<unknown>
}

const button = (page: Page, name: RegExp) => page.getByRole('button', { name }).first()

const places: Readonly<Record<string, Place>> = {
  'the table with a failing server': { query: () => '' },
  'a filter for the server': { query: () => `?server=${service.serverId(source)}` },
  'the choices of a filter': { query: () => '', act: (page) => page.getByRole('search').getByRole('button', { name: 'Tag', exact: true }).click() },
  'the palette': { query: () => '', act: (page) => page.keyboard.press('Control+k') },
  'the selection': { query: ([id]) => `?sel=${id}` },
  'the facts of a flexible IP': { query: ([id]) => `?ip=${id}` },
  'its MAC': { query: ([id]) => `?ip=${id}&tab=mac` },
  'its network': { query: ([id]) => `?ip=${id}&tab=network` },
  'its log': { query: ([id]) => `?ip=${id}&tab=log` },
  'the picture': { query: () => '?view=servers' },
  'what is picked up': { query: () => '?view=servers', act: (page) => page.locator('.unit').first().click({ position: { x: 11, y: 13 } }) },
  'the log': { query: () => '?view=log' },
  'the plan of a move': { query: ([id]) => `?sel=${id}&dialog=move`, act: (page) => button(page, /^Move 2\sIPs to/).waitFor({ timeout }) },
  'the plan of a failover': { query: () => `?dialog=failover:${service.serverId(source)}`, act: (page) => button(page, /^Move 2\sIPs to/).waitFor({ timeout }) },
  'the report of a move, and its mark': {
    query: ([id]) => `?sel=${id}&dialog=move`,
    act: async (page) => {
      await button(page, /^Move 2\sIPs to/).click({ timeout })
      await button(page, /^Move back to/).waitFor({ timeout })
    },
  },
  'a detach': { query: ([id]) => `?sel=${id}&dialog=detach` },
  'a delete': { query: ([id]) => `?sel=${id}&dialog=delete` },
  'a tag': { query: ([id]) => `?sel=${id}&dialog=tag` },
  'an edit': { query: ([id]) => `?ip=${id}&dialog=edit` },
  'a create': { query: () => '?dialog=create' },
  'a change in doubt': {
    query: ([id]) => `?sel=${id}&dialog=detach`,
    async act(page) {
      loses = true
      await button(page, /^Detach 2\sIPs/).click({ timeout })
      await page.getByRole('dialog').getByText('in doubt').first().waitFor({ timeout: 60_000 })
      loses = false
      await page.keyboard.press('Escape')
      await page.getByRole('grid').getByRole('button', { name: 'in doubt' }).first().click({ timeout })
      await button(page, /^(Detach again|Read again)/).waitFor({ timeout })
    },
  },
}

for (const [name, { query, act }] of Object.entries(places)) {
  test(`a long text without a space puts nothing out of the window in ${name}`, { timeout: 180_000 }, async () => {
    service.emulator.reset()
    const ids: string[] = []
    for (let count = 0; count < 2; count += 1) ids.push((await service.client.createAndAttach({ serverId: service.serverId(source), description: 'D'.repeat(200), tags: [`${'T'.repeat(200)}${count}`] })).id)
    await service.client.generateMACAddr({ fipId: ids[0] ?? '', macType: 'kvm' })
    await service.client.waitForFlexibleIP({ fipId: ids[0] ?? '' })
    await service.client.duplicateMACAddr({ fipId: ids[1] ?? '', duplicateFromFipId: ids[0] ?? '' })
    await service.client.waitForFlexibleIP({ fipId: ids[1] ?? '' })
    const found: Record<string, string[]> = {}
    const page = await open('')
    await page.evaluate((id) => localStorage.setItem('flexip-failing-proxy', JSON.stringify([id])), service.serverId(source))
    await page.goto(`${page.url().split('?')[0]}${query(ids)}`)
    await page.locator('.row, .card, .log-what, .page h1, .center h2').first().waitFor()
    await act?.(page)
    await page.waitForLoadState('networkidle')
    for (const width of [1440, 640, 390]) {
      await page.setViewportSize({ width, height: 844 })
      // What the page draws anew for this width is there in the next but one picture.
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(resolve)))))
      const over = await outside(page)
      if (over.length > 0) found[width] = over
    }
    expect(found).toEqual({})
  })
}
