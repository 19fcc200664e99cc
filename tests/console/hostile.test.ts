// What others wrote into a description, a tag, a reverse or the name of a server is text, in every view, dialog and file.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { FlexibleIpClient } from '../../pkg/index.js'
import { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { type Stage, type Visit, proxyTo, startStage, visit } from './support.js'

const hostile = `=cmd|'/C x'!A1"><img src=x onerror="globalThis.ran=1"><script>globalThis.ran=2</script><a href="javascript:ran=3">\${ran}{{ran}}\u202e</td>`
/** As the page shows it: what changes the direction of a text is written out. */
const shown = hostile.replace('\u202e', '\\u202e')
/** A reverse that the service would refuse is put into its answers. */
const placeholder = 'reverse.northwind.example'
const emulator = new FlexibleIpEmulator({ seed: 22, timing: 'instant', servers: [{ zone: 'fr-par-1', name: hostile }, { zone: 'fr-par-1', name: 'other' }] })
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
const fetchHostile = async (...[url, init]: Parameters<typeof emulator.fetch>): ReturnType<typeof emulator.fetch> => {
  const response = await emulator.fetch(url, init)
  const text = (await response.text()).replaceAll(JSON.stringify(placeholder), JSON.stringify(hostile))
  return new Response(text, { status: response.status, headers: response.headers })
}
const timeout = 20_000

let stage: Stage
let seen: Visit
let page: Page
let ids: string[]
let serverId: string

beforeAll(async () => {
  serverId = emulator.servers.find(({ name }) => name === hostile)?.id ?? ''
  stage = await startStage(proxyTo(emulator, { fetch: fetchHostile }))
  seen = await visit(stage)
  page = seen.page
})
afterAll(() => stage?.close())
afterEach(() => {
  emulator.clearFaults()
})

/** Two flexible IPs of one MAC group whose texts are hostile, and nothing else. */
async function makeFleet(): Promise<void> {
  emulator.reset()
  ids = []
  for (let count = 0; count < 2; count += 1) {
    const { id } = await client.createAndAttach({ serverId, description: hostile, tags: [hostile, `tag${count}`] })
    await client.updateFlexibleIP({ fipId: id, reverse: placeholder })
    ids.push(id)
  }
  await client.generateMACAddr({ fipId: ids[0] ?? '', macType: 'kvm' })
  await client.waitForFlexibleIP({ fipId: ids[0] ?? '' })
  await client.duplicateMACAddr({ fipId: ids[1] ?? '', duplicateFromFipId: ids[0] ?? '' })
  await client.waitForFlexibleIP({ fipId: ids[1] ?? '' })
}

/** The page shows the text at least so often, as text and nothing else. */
async function expectText(atLeast = 1): Promise<void> {
  const times = ([inPage, inFields]: readonly [string, string]) => document.body.innerText.split(inPage).length + [...document.querySelectorAll('input')].map(({ value }) => value).join().split(inFields).length - 2
  await expect.poll(() => page.evaluate(times, [shown, hostile] as const)).toBeGreaterThanOrEqual(atLeast)
  // A command to copy has the text itself.
  expect(await page.evaluate(() => [...document.body.querySelectorAll('*')].flatMap((each) => (each.closest('.log-command, textarea, script') ? [] : [...each.childNodes].filter(({ nodeType, textContent }) => nodeType === Node.TEXT_NODE && /[\u202a-\u202e\u2066-\u2069]/.test(textContent ?? '')).map(({ textContent }) => textContent))))).toEqual([])
  expect(await page.locator('img, script:not([src]), a[href^="javascript:"], iframe, object, embed').count()).toBe(0)
  expect(await page.evaluate('globalThis.ran')).toBe(undefined)
  expect(seen.complaints.filter((complaint) => !complaint.includes('Failed to load resource'))).toEqual([])
}

const chosen = () => `sel=${ids.join('&sel=')}`
const openSheet = async (tab: string): Promise<void> => {
  await page.locator('.address-link').first().click()
  await page.getByRole('complementary').getByRole('button', { name: tab, exact: true }).click()
}

/** Each place: its query, what is done there, and how often at least it shows the text. */
const places: Readonly<Record<string, { query: () => string; act?: () => Promise<unknown>; times?: number; width?: number }>> = {
  'the table': { query: () => '', times: 8 },
  'the table at 390 pixels': { query: () => '', times: 2, width: 390 },
  'a search for it': { query: () => `?q=${encodeURIComponent('onerror')}`, times: 6 },
  'the filter of tags': { query: () => '', act: () => page.getByRole('search').getByRole('button', { name: 'Tag', exact: true }).click(), times: 3 },
  'a filter that is set': { query: () => `?tag=${encodeURIComponent(hostile)}`, times: 3 },
  'the palette': { query: () => '', act: () => page.keyboard.press('Control+k'), times: 2 },
  'the facts of a flexible IP': { query: () => '', act: () => openSheet('Overview'), times: 4 },
  'its MAC group': { query: () => '', act: () => openSheet('MAC') },
  'the MACs that it can duplicate': {
    query: () => '',
    act: async () => {
      await openSheet('MAC')
      await page.getByRole('button', { name: 'Duplicate a MAC…' }).click()
    },
  },
  'its network configuration': { query: () => '', act: () => openSheet('Network') },
  'its log': { query: () => '', act: () => openSheet('Log') },
  'the servers': { query: () => '?view=servers' },
  'a group that is picked up': {
    query: () => '?view=servers',
    act: () => page.locator('.unit').first().click({ position: { x: 11, y: 13 } }),
  },
  'a failing server, in the strip': {
    query: () => '?view=servers',
    act: () => page.locator('.card', { hasText: 'onerror' }).getByRole('button', { name: 'Mark as failing' }).click(),
    times: 2,
  },
  'the plan of its failover': { query: () => `?dialog=failover:${serverId}`, act: () => page.getByRole('button', { name: 'Move 2 IPs to other' }).waitFor() },
  'the plan of a move': { query: () => `?dialog=move&${chosen()}`, act: () => page.getByRole('dialog').locator('.ledger').waitFor() },
  'a detach': { query: () => `?dialog=detach&${chosen()}`, act: () => page.getByRole('dialog').waitFor() },
  'a delete': { query: () => `?dialog=delete&${chosen()}`, act: () => page.getByRole('alertdialog').waitFor() },
  'the form of an edit': { query: () => `?dialog=edit:${ids[0] ?? ''}`, act: () => page.getByRole('textbox', { name: 'Reverse', exact: true }).waitFor(), times: 2 },
  'the form of a new flexible IP': { query: () => '?dialog=create', act: () => page.getByLabel('How many').waitFor() },
  'a tag and a description that are typed': {
    query: () => `?dialog=tag&${chosen()}`,
    act: () => page.getByLabel('Add tags').fill(hostile),
  },
}

describe('a hostile text runs nothing and is shown as it is', () => {
  beforeAll(makeFleet)
  test.each(Object.keys(places))('in %s', async (name) => {
    const { query, act, times = 1, width = 1440 } = places[name] ?? { query: () => '' }
    await page.setViewportSize({ width, height: 900 })
    await page.goto(stage.url + query())
    await page.locator('.row, .card').first().waitFor()
    await act?.()
    await expectText(times)
  })
})

describe('a hostile text of a change', () => {
  beforeAll(makeFleet)
  test('is text in the form, in the results, in a refusal of the service and in the log, and one word of a command', async () => {
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.goto(`${stage.url}?dialog=describe&${chosen()}`)
    emulator.addFault({ operation: 'updateFlexibleIP', nth: 1, fault: { status: { status: 412, body: { type: 'precondition_failed', precondition: hostile, help_message: hostile, message: hostile } } } })
    await page.getByRole('dialog').getByLabel('Description').fill(`${hostile}!`)
    await expectText()
    await page.getByRole('button', { name: 'Describe 2 IPs' }).click()
    await page.getByRole('dialog').getByText('1 of 2 done').waitFor({ timeout })
    await expectText()
    await page.keyboard.press('Escape')
    await page.getByRole('link', { name: 'Log' }).click()
    await page.getByText('Changes').click()
    await page.getByRole('button', { name: /^Change / }).first().click()
    const command = (await page.locator('.log-command').textContent()) ?? ''
    const words = spawnSync('sh', ['-c', command.replace(/^npx flexip/, "printf '%s\\0'")], { encoding: 'utf8' }).stdout.split('\0')
    expect(words[2]).toBe(`--description=${hostile}!`)
    await expectText(0)
  })

  test('is text in a move, from its plan to its report', async () => {
    await page.goto(`${stage.url}?dialog=failover:${serverId}`)
    await page.getByRole('button', { name: 'Move 2 IPs to other' }).click()
    await page.getByRole('dialog', { name: '2 IPs are on other' }).waitFor({ timeout })
    await expectText()
    await page.getByRole('button', { name: /^Move back to =cmd/ }).click()
    await page.getByRole('button', { name: /^Move 2 IPs to =cmd/ }).click()
    await page.getByRole('dialog', { name: /^2 IPs are on =cmd/ }).waitFor({ timeout })
    await expectText(2)
  })
})

describe('in the files that are saved', () => {
  beforeAll(makeFleet)
  const saved = async (name: RegExp): Promise<string> => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()])
    return readFileSync(await download.path(), 'utf8')
  }
  test('a text that changes its direction is isolated, and a long text ends before the next column', async () => {
    await page.goto(stage.url)
    const cell = page.locator('.row .cell.tags').first()
    await cell.locator('.tag').first().waitFor()
    expect(await page.locator('.row bdi').filter({ hasText: shown }).count()).toBe(8)
    for (const part of ['.cell.description', '.cell.server', '.tag']) expect(await page.locator('.row').first().locator(part).first().evaluate((text) => getComputedStyle(text).unicodeBidi)).toBe('isolate')
    const [tag, around] = [await cell.locator('.tag').first().boundingBox(), await cell.boundingBox()]
    if (!tag || !around) throw new Error('nothing is drawn')
    expect(tag.x + tag.width).toBeLessThanOrEqual(around.x + around.width)
    for (const part of ['server', 'reverse', 'description', 'tags']) expect(await page.locator(`.row .cell.${part}`).first().evaluate((text) => getComputedStyle(text).overflowX), part).toBe('hidden')
  })
  test('JSON has the texts as they are, and no cell of a CSV file is a formula', async () => {
    await page.goto(stage.url)
    await page.locator('.row').first().waitFor()
    const list = JSON.parse(await saved(/as JSON$/)) as { description: string; reverse: string; tags: string[]; server: string }[]
    expect(list.map(({ description, reverse, tags, server }) => [description, reverse, tags[0], server])).toEqual([0, 1].map(() => [hostile, hostile, hostile, hostile]))
    const cells = cellsOf(await saved(/as CSV$/))
    expect(cells.length).toBe(3)
    expect(cells.flat().filter((cell) => /^\s*[=+\-@\t\r]/.test(cell))).toEqual([])
    expect(cells[1]?.filter((cell) => cell === `'${hostile}`).length).toBe(3)
    expect(cells[1]?.filter((cell) => cell.startsWith('[')).map((cell) => JSON.parse(cell) as unknown)).toEqual([[hostile, 'tag0']])
    await expectText()
  })
})

/** The cells of a CSV file, by RFC 4180. */
function cellsOf(text: string): string[][] {
  const lines: string[][] = [[]]
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    lines.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare ?? '')
    if (end === '\r\n') lines.push([])
    if (end === '') break
  }
  return lines.filter((cells) => cells.join('') !== '')
}
