// Each view by axe, with the rules of WCAG 2.2 AA, in light and dark, wide and narrow.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Stage, type Visit, startStage, visit } from './support.js'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Found {
  id: string
  nodes: { html: string; failureSummary?: string }[]
}

/** What axe finds in a page. */
async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(axe)
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const found = (await page.evaluate(`axe.run(document, { resultTypes: ['violations'], runOnly: { type: 'tag', values: ${JSON.stringify(tags)} } }).then(({ violations }) => violations)`)) as Found[]
  return found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`))
}

let stage: Stage
beforeAll(async () => {
  stage = await startStage()
})
afterAll(() => stage?.close())

const places: Readonly<Record<string, { query: string; ready: (page: Page) => Promise<unknown> }>> = {
  'the table with a selection': {
    query: '?q=web-1',
    async ready(page) {
      await page.getByRole('checkbox', { name: /^Select \d/ }).first().click()
      await page.getByRole('region', { name: 'Selection' }).waitFor()
    },
  },
  'a search without a match': { query: '?q=none-of-these', ready: (page) => page.getByRole('button', { name: 'Remove all filters' }).waitFor() },
  'the servers': { query: '?view=servers', ready: (page) => page.getByRole('heading', { name: 'nl-ams-1' }).waitFor() },
  'the log': { query: '?view=log', ready: (page) => page.getByRole('cell').first().waitFor() },
  'how to connect': { query: '?view=connect', ready: (page) => page.getByRole('heading').first().waitFor() },
  'a filter': {
    query: '',
    async ready(page) {
      await page.getByRole('search').getByRole('button', { name: 'Zone', exact: true }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  'the palette': {
    query: '',
    async ready(page) {
      await page.keyboard.press('Control+k')
      await page.getByRole('dialog').waitFor()
    },
  },
  'the plan of a failover': {
    query: '',
    async ready(page) {
      await page.getByRole('button', { name: /^Plan failover of/ }).click()
      await page.getByRole('button', { name: /^Move 6 IPs to/ }).waitFor()
    },
  },
  'a delete': { query: '?q=web-2', ready: (page) => openBulk(page, 'Delete…') },
  'a detach': { query: '?q=mail-1', ready: (page) => openBulk(page, 'Detach…') },
  'the form of tags': { query: '?q=mail-1', ready: (page) => openBulk(page, 'Tag…') },
  'the form of a new flexible IP': {
    query: '',
    async ready(page) {
      await page.getByRole('button', { name: 'Create IPs' }).click()
      await page.getByLabel('How many').fill('x')
      await page.getByText('A number from 1 to 50').waitFor()
    },
  },
  'a flexible IP': {
    query: '?q=mail-1',
    async ready(page) {
      await page.locator('.address-link').first().click()
      await page.locator('.facts').waitFor()
    },
  },
  'a picked up MAC group': {
    query: '?view=servers',
    async ready(page) {
      await page.locator('.card', { hasText: 'mail-1' }).locator('.unit').first().click({ position: { x: 11, y: 13 } })
      await page.getByRole('button', { name: 'Put back' }).waitFor()
    },
  },
  'the plan of a move': {
    query: '?view=servers',
    async ready(page) {
      await page.locator('.card', { hasText: 'mail-1' }).locator('.unit').first().click({ position: { x: 11, y: 13 } })
      await page.locator('.card:not(.none) .drop-button').first().click()
      await page.getByRole('dialog').waitFor()
    },
  },
  'a virtual MAC address': {
    query: '?q=mail-1',
    async ready(page) {
      await page.locator('.address-link').first().click()
      await page.getByRole('button', { name: 'MAC', exact: true }).click()
      await page.getByRole('button', { name: 'Delete the MAC…' }).click()
    },
  },
  'a network configuration': {
    query: '?q=mail-1',
    async ready(page) {
      await page.locator('.address-link').first().click()
      await page.getByRole('button', { name: 'Network', exact: true }).click()
      await page.getByRole('region', { name: 'Revert' }).waitFor()
    },
  },
  'a request of the log': {
    query: '?view=log',
    async ready(page) {
      await page.getByRole('cell').getByRole('button').first().click()
      await page.locator('.log-command').waitFor()
    },
  },
}

async function openBulk(page: Page, name: string): Promise<void> {
  await page.getByRole('checkbox', { name: /^Select \d/ }).first().click()
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name }).click()
  await page.locator('.dialog').waitFor()
}

// A place is loaded once for each width, and read by axe in both themes: loading takes longer than reading.
let seen: Visit
describe.each([1440, 390])('at %i pixels', (width) => {
  describe.each(Object.keys(places))('%s', (name) => {
    beforeAll(async () => {
      seen ??= await visit(stage)
      await seen.page.setViewportSize({ width, height: 844 })
      await seen.page.goto(stage.url + (places[name]?.query ?? ''))
      await seen.page.getByRole('navigation').waitFor()
      await places[name]?.ready(seen.page)
    })
    test.each(['light', 'dark'] as const)('has no violation in %s', async (colorScheme) => {
      await seen.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      expect(await violations(seen.page)).toEqual([])
      expect(seen.complaints.splice(0)).toEqual([])
    })
  })
})
