// Everything once by keyboard alone. A press of a pointer anywhere would be noted.
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openConsole, rowCount } from './support.js'

const { open } = openConsole()
const timeout = 30_000

/** What has the focus: its label, or its text. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const active = document.activeElement
    if (!active || active === document.body) return ''
    const labels = active instanceof HTMLInputElement || active instanceof HTMLSelectElement || active instanceof HTMLTextAreaElement ? [...(active.labels ?? [])].map(({ textContent }) => textContent).join(' ') : ''
    return (active.getAttribute('aria-label') ?? (labels || active.textContent) ?? '').trim()
  })

/** Presses Tab until something with this name has the focus. */
async function tabTo(page: Page, name: string | RegExp, key = 'Tab'): Promise<void> {
  const passed: string[] = []
  for (let step = 0; step < 60; step += 1) {
    const present = await focused(page)
    if (typeof name === 'string' ? present === name : name.test(present)) return
    passed.push(present)
    await page.keyboard.press(key)
  }
  throw new Error(`Tab does not lead to ${String(name)}, but to ${passed.join(' | ')}`)
}

/** Presses an arrow until the radio button with this name is chosen. */
async function arrowTo(page: Page, name: RegExp): Promise<void> {
  for (let step = 0; step < 12; step += 1) {
    if (name.test(await focused(page))) return
    await page.keyboard.press('ArrowDown')
  }
  throw new Error(`no arrow leads to ${String(name)}, but to ${await focused(page)}`)
}

const heading = (page: Page, name: string | RegExp) => page.getByRole('dialog').getByRole('heading', { name })
const rests = (page: Page) => expect.poll(() => page.getByRole('dialog').count()).toBe(0)

async function openForKeys(query = ''): Promise<Page> {
  const page = await open(query, { speed: 'instant' })
  await page.evaluate('globalThis.pointers = []; for (const name of ["pointerdown", "mousedown", "touchstart"]) addEventListener(name, ({ target }) => pointers.push(name + " on " + target.outerHTML), true)')
  return page
}

const expectNoPointer = async (page: Page): Promise<void> => expect(await page.evaluate('pointers')).toEqual([])

test('by keyboard alone: search, filter, order, selection, a move of many, tags, a delete', { timeout: 120_000 }, async () => {
  const page = await openForKeys()
  await page.keyboard.press('/')
  await page.keyboard.type('spare')
  await expect.poll(() => rowCount(page)).toBe(3)
  // A filter: its menu takes the focus, and gives it back.
  await tabTo(page, /^Zone/)
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'Zone' }).waitFor()
  await tabTo(page, 'fr-par-1')
  await page.keyboard.press('Space')
  await expect.poll(() => rowCount(page)).toBe(2)
  await page.keyboard.press('Escape')
  await rests(page)
  expect(await focused(page)).toMatch(/^Zone/)
  await tabTo(page, 'Address')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.getByRole('columnheader', { name: 'Address' }).getAttribute('aria-sort')).toBe('ascending')
  await page.getByRole('grid').waitFor()
  await tabTo(page, 'Flexible IPs', 'Shift+Tab')
  await page.keyboard.press('Control+a')
  await page.getByRole('region', { name: 'Selection' }).getByText(/^2\sIPs? selected/).waitFor()
  // A move of both, to a server of the list.
  await page.keyboard.press('m')
  await heading(page, 'Move 2\u00a0IPs').waitFor()
  await tabTo(page, /^(?:db|vm|mail|web)-\d/)
  await arrowTo(page, /^db-2/)
  await tabTo(page, 'Move 2\u00a0IPs to db-2')
  await page.keyboard.press('Enter')
  await heading(page, '2\u00a0IPs are on db-2').waitFor({ timeout })
  await tabTo(page, 'Close')
  await page.keyboard.press('Enter')
  await rests(page)
  // Tags of both. The focus is in the page again, where single keys act.
  await tabTo(page, 'Flexible IPs')
  await page.keyboard.press('Control+a')
  await page.keyboard.press('t')
  await heading(page, 'Tag 2\u00a0IPs').waitFor()
  await tabTo(page, /^Add tags/)
  await page.keyboard.type('by-key')
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByText('All 2 done').waitFor({ timeout })
  await page.keyboard.press('Escape')
  await rests(page)
  // A delete of one has no key, and Enter does not confirm it.
  await page.keyboard.press('/')
  await page.keyboard.type('by-key')
  await expect.poll(() => rowCount(page)).toBe(2)
  await tabTo(page, 'Flexible IPs')
  await page.keyboard.press('Home')
  await page.keyboard.press('Space')
  await page.getByRole('region', { name: 'Selection' }).getByText(/^1\sIPs? selected/).waitFor()
  await tabTo(page, 'Delete…')
  await page.keyboard.press('Enter')
  await page.getByRole('alertdialog').waitFor()
  expect(await focused(page)).toBe('Cancel')
  await tabTo(page, /^Delete \d/)
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByText('All 1 done').waitFor({ timeout })
  await page.keyboard.press('Escape')
  await expect.poll(() => rowCount(page)).toBe(1)
  await expectNoPointer(page)
})

test('the first dialog of a page gives the focus back to the button that opened it, after Cancel and after Enter', { timeout: 60_000 }, async () => {
  for (const name of ['Edit…', 'Move…', 'Detach…']) {
    const page = await openForKeys('?q=staging')
    await page.locator('.row .address-link').first().focus()
    await page.keyboard.press('Enter')
    await page.getByRole('complementary').getByRole('button', { name }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ timeout })
    await page.keyboard.press('Escape')
    await rests(page)
    await expect.poll(() => focused(page), { timeout }).toBe(name)
  }
  const page = await openForKeys('?q=staging')
  await page.locator('.row .address-link').first().focus()
  await page.keyboard.press('Enter')
  await page.getByRole('complementary').getByRole('button', { name: 'Edit…' }).focus()
  await page.keyboard.press('Enter')
  const form = page.getByRole('dialog')
  await form.getByLabel('Description').fill('changed')
  await page.keyboard.press('Enter')
  await rests(page)
  await expect.poll(() => focused(page), { timeout }).toBe('Edit…')
  await expectNoPointer(page)
})

test('by keyboard alone: a failover that half fails, its continuation, and the way back', { timeout: 120_000 }, async () => {
  const page = await openForKeys()
  await tabTo(page, /^Faults/)
  // Each key is its own choice; letters that come slowly would each begin a search of their own.
  const faults = page.getByLabel('Faults')
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => faults.inputValue()).toBe('lostResponse')
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => faults.inputValue()).toBe('halfFails')
  await tabTo(page, 'Plan failover of 6\u00a0IPs')
  await page.keyboard.press('Enter')
  await heading(page, 'Fail over web-1').waitFor()
  await tabTo(page, /^(?:db|vm|mail|web)-\d/)
  await arrowTo(page, /^web-2/)
  await tabTo(page, 'Move 6\u00a0IPs to web-2')
  await page.keyboard.press('Enter')
  await heading(page, /^[123] of 6\sIPs (?:is|are) on web-2$/).waitFor({ timeout })
  await tabTo(page, /^Continue to web-2/)
  await tabTo(page, /^Continue with \d/)
  await page.keyboard.press('Enter')
  await heading(page, '6\u00a0IPs are on web-2').waitFor({ timeout })
  await tabTo(page, 'Move back to web-1…')
  await page.keyboard.press('Enter')
  await heading(page, 'Move back to web-1').waitFor()
  await page.getByRole('button', { name: 'Move 6\u00a0IPs to web-1' }).waitFor()
  await expect.poll(() => page.getByRole('button', { name: 'Move 6\u00a0IPs to web-1' }).isEnabled()).toBe(true)
  await tabTo(page, 'Move 6\u00a0IPs to web-1')
  await page.keyboard.press('Enter')
  await heading(page, '6\u00a0IPs are on web-1').waitFor({ timeout })
  await page.keyboard.press('Escape')
  await rests(page)
  await expectNoPointer(page)
})

test('by keyboard alone: the picture, the palette, a create, a MAC, the network configuration, the log and its files', { timeout: 120_000 }, async () => {
  const page = await openForKeys()
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  // The picture: G S, then a MAC group to another server.
  await page.keyboard.press('g')
  await page.keyboard.press('s')
  await page.getByRole('heading', { name: 'nl-ams-1' }).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('db-1')
  await expect.poll(() => page.locator('.card:not(.none)').count()).toBe(1)
  await page.keyboard.press('Escape')
  await tabTo(page, /^MAC group .* 3\u00a0IPs$/)
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await page.locator('.picture.lifting').waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await heading(page, 'Move 3\u00a0IPs').waitFor()
  await tabTo(page, /^Move 3\sIPs to /)
  await page.keyboard.press('Enter')
  await heading(page, /^3\sIPs are on /).waitFor({ timeout })
  await page.keyboard.press('Escape')
  await rests(page)
  // The palette leads to the form of a new flexible IP.
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog', { name: 'Go to, or do' }).waitFor()
  await page.keyboard.type('Create')
  await page.keyboard.press('Enter')
  await heading(page, 'Create flexible IPs').waitFor()
  await tabTo(page, /^Server/)
  await page.keyboard.type('web-2')
  await tabTo(page, /^Description/)
  await page.keyboard.type('Made by keys')
  await page.keyboard.press('Enter')
  const sheet = page.getByRole('complementary')
  await sheet.getByText('Made by keys').waitFor({ timeout })
  // A virtual MAC address for it, in its sheet.
  await tabTo(page, 'MAC')
  await page.keyboard.press('Enter')
  await tabTo(page, 'Generate a MAC…')
  await page.keyboard.press('Enter')
  await tabTo(page, 'Generate a MAC')
  await page.keyboard.press('Enter')
  await sheet.getByText('KVM, in use').waitFor({ timeout })
  const mac = await sheet.locator('.mac-tab .mono').first().textContent()
  // The network configuration of it, copied.
  await tabTo(page, 'Network', 'Shift+Tab')
  await page.keyboard.press('Enter')
  await tabTo(page, /^Copy file/)
  await page.keyboard.press('Enter')
  await sheet.getByText('Copied').waitFor()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(mac)
  await page.keyboard.press('Escape')
  await expect.poll(() => sheet.count()).toBe(0)
  // The log: a request, its command, and what is shown as a file.
  await page.keyboard.press('g')
  await page.keyboard.press('l')
  await page.getByRole('heading', { name: 'Activity log' }).waitFor()
  await tabTo(page, 'All')
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => page.getByRole('button', { name: /^List/ }).count()).toBe(0)
  const download = page.waitForEvent('download')
  await tabTo(page, /^Export \d+ as JSON$/)
  await page.keyboard.press('Enter')
  const operations = (JSON.parse(readFileSync(await (await download).path(), 'utf8')) as { operation?: string }[]).map(({ operation }) => operation)
  for (const operation of ['attachFlexibleIP', 'createFlexibleIP', 'generateMACAddr']) expect(operations).toContain(operation)
  await tabTo(page, /^Generate a MAC for/)
  await page.keyboard.press('Enter')
  // No command reaches a fleet that is only in the page.
  await page.getByText('This fleet exists only in this page').waitFor()
  // The theme, by the palette, and back to the table.
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog', { name: 'Go to, or do' }).waitFor()
  await page.keyboard.type('light and dark')
  const before = await page.evaluate('document.documentElement.dataset.theme ?? ""')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.evaluate('document.documentElement.dataset.theme ?? ""')).not.toBe(before)
  await page.keyboard.press('g')
  await page.keyboard.press('i')
  await page.getByRole('grid').waitFor()
  await expectNoPointer(page)
})
