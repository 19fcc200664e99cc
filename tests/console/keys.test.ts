// Every key of the guide does what the guide says, and no key acts where it must not.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { openConsole, rowCount } from './support.js'

const console = openConsole()
const { open } = console
const timeout = 30_000

const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/console.md'), 'utf8')
const rows = [...(guide.split('## Keys')[1]?.split('\n## ')[0] ?? '').matchAll(/^\| (.+) \| `(.+)` \| (.+) \|$/gm)].map(([, where = '', key = '', meaning = '']) => ({ where, key, meaning }))

const grid = (page: Page) => page.getByRole('grid', { name: 'Flexible IPs' })
const queryOf = (page: Page): URLSearchParams => new URL(page.url()).searchParams
const dialogOf = (page: Page): string => queryOf(page).get('dialog') ?? ''
const cursor = (page: Page): Promise<string> => page.locator('.row.cursor .address-link').innerText()
const selected = (page: Page): string[] => queryOf(page).getAll('sel')
const copied = (page: Page): Promise<string> => page.evaluate('navigator.clipboard.readText()')
const chip = (page: Page): Promise<string> => page.evaluate("document.activeElement?.closest('.chip')?.textContent ?? ''")

beforeAll(() => console.keeper.context().grantPermissions(['clipboard-read', 'clipboard-write']))

/** Opens a dialog by a key on the row of the cursor, and closes it. */
async function opensOnRow(page: Page, key: string, name: RegExp): Promise<void> {
  await grid(page).focus()
  await page.keyboard.press(key)
  await page.getByRole('dialog', { name }).waitFor({ timeout })
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
}

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

/** What shows that a key of the guide does what the guide says. */
const checks: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'Anywhere: Ctrl K': async (page) => {
    await press(page, 'Control+k')
    await page.getByRole('dialog', { name: 'Go to, or do' }).waitFor({ timeout })
    await press(page, 'Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  },
  'Anywhere: G S': async (page) => {
    await press(page, 'g', 's')
    await page.locator('.card').first().waitFor({ timeout })
  },
  'Anywhere: G L': async (page) => {
    await press(page, 'g', 'l')
    await page.locator('.log-what').first().waitFor({ timeout })
    await press(page, 'g', 'i')
  },
  'Anywhere: G I': async (page) => {
    await press(page, 'g', 'l', 'g', 'i')
    await grid(page).waitFor({ timeout })
  },
  'Anywhere: /': async (page) => {
    await press(page, '/')
    expect(await page.getByRole('searchbox').evaluate((input) => input === document.activeElement)).toBe(true)
    await page.evaluate('document.activeElement.blur()')
  },
  'Anywhere: F': async (page) => {
    await press(page, 'f')
    expect(await chip(page)).toContain('Zone')
    await press(page, 'f')
    expect(await chip(page)).toContain('Status')
    await press(page, 'Enter')
    await page.getByRole('dialog', { name: 'Status' }).waitFor({ timeout })
    // A menu has its own keys.
    await press(page, 'f')
    await press(page, 'Escape')
    await expect.poll(() => chip(page)).toContain('Status')
  },
  'Anywhere: ?': async (page) => {
    await press(page, '?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ timeout })
    await press(page, 'Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  },
  'Anywhere: Esc': async (page) => {
    await grid(page).focus()
    await press(page, 'Space', 'Enter')
    await page.getByRole('complementary').waitFor()
    await press(page, 'Escape')
    expect([queryOf(page).get('ip'), selected(page).length]).toEqual([null, 1])
    await press(page, 'Escape')
    expect(selected(page)).toEqual([])
  },
  'In the table: ↑ ↓': async (page) => {
    await grid(page).focus()
    const first = await cursor(page)
    await press(page, 'ArrowDown')
    expect(await cursor(page)).not.toBe(first)
    await press(page, 'ArrowUp')
    expect(await cursor(page)).toBe(first)
  },
  'In the table: Space': async (page) => {
    await grid(page).focus()
    await press(page, 'Space')
    expect(selected(page).length).toBe(1)
    await press(page, 'Space')
    expect(selected(page).length).toBe(0)
  },
  'In the table: Shift ↑ ↓': async (page) => {
    await grid(page).focus()
    await press(page, 'Shift+ArrowDown', 'Shift+ArrowDown')
    expect(selected(page).length).toBe(3)
    await press(page, 'Escape')
  },
  'In the table: Ctrl A': async (page) => {
    await grid(page).focus()
    await press(page, 'Control+a')
    await page.getByRole('region', { name: 'Selection' }).getByText(`${await rowCount(page)}\u00a0IPs selected`).waitFor()
    await press(page, 'Escape')
  },
  'In the table: B': async (page) => {
    await grid(page).focus()
    await page.getByRole('searchbox').fill('mail-1')
    await expect.poll(() => rowCount(page)).toBe(3)
    await grid(page).focus()
    await press(page, 'b')
    expect(selected(page).length).toBe(3)
    await press(page, 'Escape')
    await page.getByRole('searchbox').fill('')
  },
  'In the table: Enter': async (page) => {
    await grid(page).focus()
    await press(page, 'Enter')
    await page.getByRole('complementary', { name: await cursor(page) }).waitFor()
    await press(page, 'Escape')
  },
  'With the selection, else the open IP, else the row: M': (page) => opensOnRow(page, 'm', /^Move \d/),
  'With the selection, else the open IP, else the row: D': (page) => opensOnRow(page, 'd', /^Detach \d/),
  'With the selection, else the open IP, else the row: T': async (page) => {
    await opensOnRow(page, 't', /^Edit /)
    await grid(page).focus()
    await press(page, 'Space')
    await opensOnRow(page, 't', /^Tag 1\sIP$/)
    await grid(page).focus()
    await press(page, 'Escape')
  },
  'With the selection, else the open IP, else the row: E': async (page) => {
    await opensOnRow(page, 'e', /^Edit /)
    await grid(page).focus()
    await press(page, 'Space')
    await opensOnRow(page, 'e', /^Describe 1\sIP$/)
    await grid(page).focus()
    await press(page, 'Escape')
  },
  'With the selection, else the open IP, else the row: C': async (page) => {
    await grid(page).focus()
    await press(page, 'c')
    await page.locator('.toast', { hasText: 'Copied 1\u00a0address' }).waitFor()
    expect(await copied(page)).toBe(await cursor(page))
    await press(page, 'Shift+ArrowDown', 'c')
    await page.locator('.toast', { hasText: 'Copied 2\u00a0addresses' }).waitFor()
    expect((await copied(page)).split('\n').length).toBe(2)
    await press(page, 'Escape')
  },
  'With the selection, else the open IP, else the row: Shift C': async (page) => {
    await grid(page).focus()
    await press(page, 'Home', 'Shift+ArrowDown', 'Shift+C')
    await page.locator('.toast', { hasText: 'Copied 2\u00a0rows' }).waitFor()
    const lines = (await copied(page)).split('\r\n').map((line) => line.split('\t'))
    expect(lines.map(([address]) => address)).toEqual(['address', ...(await page.locator('.row.selected .address-link').allTextContents())])
    expect(lines[1]?.length).toBe(lines[0]?.length)
    await press(page, 'Escape')
  },
  'In the sheet of one IP: J': async (page) => {
    await grid(page).focus()
    await press(page, 'Home', 'Enter')
    await page.getByRole('complementary').getByText(/^1 of 60$/).waitFor()
    const steps = await page.evaluate('history.length')
    await press(page, 'j')
    await page.getByRole('complementary').getByText(/^2 of 60$/).waitFor()
    expect(await cursor(page)).toBe(await page.getByRole('complementary').getByRole('heading', { level: 2 }).innerText())
    // The way back leads out of the sheet, not through all that was passed.
    expect(await page.evaluate('history.length')).toBe(steps)
    await press(page, 'Escape')
  },
  'In the sheet of one IP: K': async (page) => {
    await grid(page).focus()
    await press(page, 'Home', 'ArrowDown', 'Enter')
    await page.getByRole('complementary').getByText(/^2 of 60$/).waitFor()
    await press(page, 'k')
    await page.getByRole('complementary').getByText(/^1 of 60$/).waitFor()
    // There is none before the first.
    await press(page, 'k')
    await page.getByRole('complementary').getByText(/^1 of 60$/).waitFor()
    await press(page, 'Escape')
  },
  'In the picture of the servers: Enter': async (page) => {
    await lift(page)
    await press(page, 'Enter')
    await page.getByRole('dialog', { name: /^(?:Move|Detach) \d/ }).waitFor({ timeout })
    await press(page, 'Escape')
  },
  'In the picture of the servers: Tab': async (page) => {
    await lift(page)
    const server = (): Promise<string> => page.evaluate("document.activeElement?.closest('.card')?.textContent ?? ''")
    const before = await server()
    await press(page, 'Tab')
    expect(await server()).not.toBe(before)
    expect(await server()).toContain('of 64')
    await press(page, 'Escape')
  },
  'In the picture of the servers: Esc': async (page) => {
    await lift(page)
    await press(page, 'Escape')
    await expect.poll(() => page.locator('.picture.lifting').count()).toBe(0)
    expect(dialogOf(page)).toBe('')
  },
}

/** Lifts a MAC group of the picture by its handle. */
async function lift(page: Page): Promise<void> {
  await press(page, 'g', 's')
  const handle = page.locator('.card', { hasText: 'mail-1' }).locator('.unit button').first()
  await handle.waitFor({ timeout })
  await handle.focus()
  await press(page, 'Enter')
  await page.locator('.picture.lifting').waitFor({ timeout })
}

test('the dialog of the keys and the guide name the same keys, each with a check here', async () => {
  const page = await open('?dialog=keys')
  const dialog = page.getByRole('dialog', { name: 'Keys' })
  await dialog.waitFor({ timeout })
  const shown = await dialog.locator('section').evaluateAll((sections) =>
    sections.flatMap((section) =>
      [...section.querySelectorAll('.keys > div')].map((line) => ({ where: section.querySelector('h3')?.textContent ?? '', key: line.querySelector('dt')?.textContent ?? '', meaning: line.querySelector('dd')?.textContent ?? '' })),
    ),
  )
  expect(rows).toEqual(shown)
  expect(rows.length).toBeGreaterThan(20)
  expect(rows.map(({ where, key }) => `${where}: ${key}`).sort()).toEqual(Object.keys(checks).sort())
})

for (const where of [...new Set(rows.map((row) => row.where))]) {
  test(`the keys of the guide do what it says: ${where}`, { timeout: 60_000 }, async () => {
    const page = await open('', { speed: 'instant' })
    for (const { key } of rows.filter((row) => row.where === where)) await checks[`${where}: ${key}`]?.(page)
  })
}

test('no single key acts while a text is typed, with another modifier, or over a dialog', { timeout: 60_000 }, async () => {
  const page = await open()
  const signs = ['m', 'd', 't', 'e', 'c', 'f', 'b', 'j', 'k', '?', '/']
  await press(page, '/', ...signs)
  expect(await page.getByRole('searchbox').inputValue()).toBe(signs.join(''))
  expect([dialogOf(page), await page.locator('.toast').count()]).toEqual(['', 0])
  await page.getByRole('searchbox').fill('')
  await grid(page).focus()
  for (const key of ['m', 'd', 't', 'e', 'b', 'j', 'k']) for (const modifier of ['Alt', 'Shift', 'Control+Shift']) await press(page, `${modifier}+${key}`)
  await press(page, 'Control+Shift+a', 'Shift+Enter', 'Shift+Home')
  expect([dialogOf(page), selected(page), queryOf(page).get('ip'), await page.getByRole('dialog').count()]).toEqual(['', [], null, 0])
  await press(page, '?')
  await page.getByRole('dialog', { name: 'Keys' }).waitFor({ timeout })
  await press(page, 'Control+k', 'm', 'g', 's', '/', 'f')
  expect([dialogOf(page), queryOf(page).get('view'), await page.getByRole('dialog').count()]).toEqual(['keys', null, 1])
})

test('single keys can be switched off in the dialog of the keys, and on again from the palette', { timeout: 60_000 }, async () => {
  const page = await open('?dialog=keys')
  await page.getByRole('checkbox', { name: /^Single keys act/ }).uncheck()
  await press(page, 'Escape')
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  await grid(page).focus()
  await press(page, 'm', '?', 'g', 's', '/', 'f')
  expect([dialogOf(page), queryOf(page).get('view')]).toEqual(['', null])
  await page.reload()
  await grid(page).waitFor()
  await grid(page).focus()
  await press(page, 'ArrowDown', '?')
  expect(dialogOf(page)).toBe('')
  await press(page, 'Control+k')
  await page.getByRole('menuitem', { name: 'Switch single keys on' }).click()
  await grid(page).focus()
  await press(page, '?')
  await page.getByRole('dialog', { name: 'Keys' }).waitFor({ timeout })
})

test('the palette names the keys of what it offers', { timeout: 30_000 }, async () => {
  const page = await open('?q=spare&sel=all')
  await page.getByRole('region', { name: 'Selection' }).waitFor()
  await press(page, 'Control+k')
  await page.getByRole('dialog', { name: 'Go to, or do' }).waitFor({ timeout })
  for (const [name, key] of [['Move…', 'M'], ['Detach…', 'D'], ['Tag…', 'T'], ['Describe…', 'E'], ['Go to Servers', 'G S'], ['All keys', '?']] as const) {
    expect(await page.getByRole('menuitem', { name: `${name} ${key}`, exact: true }).locator('kbd').innerText(), name).toBe(key)
  }
})

test('offline, a key of a change says why it does nothing', async () => {
  const page = await open()
  await grid(page).focus()
  await page.context().setOffline(true)
  await press(page, 'm')
  await page.locator('.toast', { hasText: 'Offline: changes are switched off.' }).waitFor()
  expect(dialogOf(page)).toBe('')
})
