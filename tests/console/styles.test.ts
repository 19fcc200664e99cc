// Style sheets are loaded with the part that needs them, and stay. What one of them says must not reach other parts.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { dialogNames } from '../../js/console/data/url.js'
import { openConsole } from './support.js'

const console = openConsole()
const timeout = 30_000
const sources = join(import.meta.dirname, '../../js/console')

/** A selector without what is in its parentheses. */
const bare = (selector: string): string => {
  const without = selector.replace(/\([^()]*\)/g, '')
  return without === selector ? selector : bare(without)
}

/** The classes of the first part of each selector of a sheet. */
function beginnings(css: string): readonly (readonly string[])[] {
  const rules = css.replace(/\/\*[^]*?\*\//g, '').matchAll(/([^{}]+)\{/g)
  const selectors = [...rules].map(([, selector = '']) => selector.trim()).filter((selector) => !/^(?:@|from$|to$|\d)/.test(selector))
  return selectors.flatMap((selector) => bare(selector.replaceAll(':has(.dialog)', '.dialog')).split(',')).map((selector) => [...(selector.trim().split(/[\s>+~]/)[0] ?? '').matchAll(/\.([\w-]+)/g)].map(([, name = '']) => name))
}

test('each selector of the sheet of a part begins with a class that no other sheet begins with', () => {
  const sheets = ['shell', 'views', 'dialogs'].flatMap((folder) => readdirSync(join(sources, folder)).filter((name) => name.endsWith('.css')).map((name) => ({ folder, name, begins: beginnings(readFileSync(join(sources, folder, name), 'utf8')) })))
  expect(sheets.length).toBeGreaterThan(8)
  const shared = sheets
    .filter(({ folder }) => folder !== 'shell')
    .flatMap((sheet) => {
      const others = new Set(sheets.filter((other) => other !== sheet).flatMap(({ begins }) => begins.flat()))
      return sheet.begins.filter((classes) => classes.every((name) => others.has(name))).map((classes) => `${sheet.name}: ${classes.join('.')}`)
    })
  expect([...new Set(shared)]).toEqual([])
})

/** Where everything on the page is. */
const boxes = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('#root *')].map((each) => {
    const { x, y, width, height } = each.getBoundingClientRect()
    const { color, backgroundColor, borderTopWidth, fontWeight, cursor } = getComputedStyle(each)
    return each.tagName + '.' + each.getAttribute('class') + ' ' + [x, y, width, height].map((at) => at.toFixed(1)).join(' ') + ' ' + [color, backgroundColor, borderTopWidth, fontWeight, cursor].join(' ')
  })`)

const went = (page: Page, query: string): Promise<void> => page.evaluate(`history.replaceState(null, '', location.pathname + ${JSON.stringify(query)}); dispatchEvent(new PopStateEvent('popstate'))`)

const places = [
  { place: 'the table', query: '', ready: '.row' },
  { place: 'the servers', query: '?view=servers', ready: '.unit' },
  { place: 'the sheet of one IP', query: '?q=mail-1', ready: '.row' },
]

test.each(places)('nothing moves or changes its colour in $place when each dialog has been open', { timeout: 120_000 }, async ({ place, query, ready }) => {
  const page = await console.open(query)
  await page.locator(ready).first().waitFor({ timeout })
  if (place === 'the sheet of one IP') {
    await page.locator('.address-link').first().click()
    await page.getByRole('complementary').waitFor({ timeout })
  }
  await page.evaluate('document.fonts.ready.then(() => undefined)')
  const search = await page.evaluate<string>('location.search')
  await page.locator('.bar').hover({ position: { x: 1, y: 1 } })
  const before = await boxes(page)
  expect(before.length).toBeGreaterThan(100)
  const failing = await console.keeper.evaluate<string>("order({ kind: 'facts' }).then(({ failing }) => failing[0])")
  // Without bulk work there are no results to show.
  for (const name of dialogNames.filter((each) => each !== 'results')) {
    const subject = name === 'failover' ? `failover:${failing}` : name
    await went(page, `${search === '' ? '?' : `${search}&`}dialog=${encodeURIComponent(subject)}`)
    await page.locator('.dialog').waitFor({ timeout })
    await went(page, search)
    await expect.poll(() => page.locator('.dialog').count(), { timeout }).toBe(0)
  }
  const after = await boxes(page)
  expect(after.filter((each, at) => each !== before[at])).toEqual([])
  expect(after.length).toBe(before.length)
})

test('no view is wider than its window, from a telephone to a whole screen', { timeout: 120_000 }, async () => {
  const page = await console.open()
  for (const query of ['', '?view=servers', '?view=log', '?view=connect']) {
    await went(page, query)
    await page.locator('.row, .card, .log-what, .page h1').first().waitFor({ timeout })
    for (const width of [360, 390, 639, 640, 660, 700, 716, 800, 999, 1000, 1280]) {
      await page.setViewportSize({ width, height: 800 })
      const beyond = await page.evaluate<string[]>(`new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))).then(() => [...document.querySelectorAll('.bar > *')].filter((each) => each.getBoundingClientRect().right > innerWidth).map((each) => each.className))`)
      expect([query, width, beyond, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([query, width, [], width])
    }
  }
})
