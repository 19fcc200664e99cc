// Each view by axe, with the rules of WCAG 2.2 AA, in light and dark, wide and narrow.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Stage, startStage, visit } from './support.js'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Found {
  id: string
  nodes: { html: string; failureSummary?: string }[]
}

/** What axe finds in a page. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const found = (await page.evaluate(`axe.run(document, { runOnly: { type: 'tag', values: ${JSON.stringify(tags)} } }).then(({ violations }) => violations)`)) as Found[]
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

describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
  describe.each([1440, 390])('at %i pixels', (width) => {
    test.each(Object.keys(places))('%s has no violation', async (name) => {
      const { context, page, complaints } = await visit(stage, places[name]?.query, { width, height: 844 })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.getByRole('navigation').waitFor()
      await places[name]?.ready(page)
      expect(await violations(page)).toEqual([])
      expect(complaints).toEqual([])
      await context.close()
    })
  })
})
