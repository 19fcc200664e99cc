// Each view by axe, with the rules of WCAG 2.2 AA, in light and dark, wide and narrow.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import type { FaultSet, Speed } from '../../js/console/data/protocol.js'
import { openConsole } from './support.js'

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

const { open } = openConsole()

interface Scene {
  readonly query: string
  /** How the emulated fleet behaves, if not as on a first visit. */
  readonly speed?: Speed
  readonly faults?: FaultSet
  readonly ready: (page: Page) => Promise<unknown>
}

const timeout = 30_000

const places: Readonly<Record<string, Scene>> = {
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
  'a failover under way': { query: '', speed: 'recorded', ready: (page) => beginFailover(page).then(() => page.getByText(/^detaching \d/).first().waitFor()) },
  'a failover under way whose dialog is closed, in the bar': {
    query: '',
    speed: 'recorded',
    async ready(page) {
      await beginFailover(page)
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: /^Moving 6\sIPs, / }).waitFor()
    },
  },
  'a failover that half failed': {
    query: '',
    speed: 'instant',
    faults: 'halfFails',
    ready: (page) => beginFailover(page).then(() => page.getByRole('dialog', { name: /^[123] of 6\sIPs (?:is|are) on web-2$/ }).waitFor({ timeout })),
  },
  'a failover that was done': { query: '', speed: 'instant', ready: (page) => beginFailover(page).then(() => page.getByRole('dialog', { name: '6 IPs are on web-2' }).waitFor({ timeout })) },
  'a plan whose target is gone': { query: '?dialog=move', ready: (page) => page.getByText('Nothing here can move.').first().waitFor() },
  'a plan over several zones': { query: '?q=spare&sel=all&dialog=move', ready: (page) => page.getByText(/^These IPs are in several zones/).first().waitFor() },
  'a delete of many, confirmed': {
    query: '?q=web-1&sel=all&dialog=delete',
    async ready(page) {
      await page.getByLabel('Type 7 to confirm').fill('7')
    },
  },
  'a delete of which one was refused': {
    query: '?q=web-1&sel=all&dialog=delete',
    speed: 'instant',
    async ready(page) {
      await page.getByLabel('Type 7 to confirm').fill('7')
      await page.getByRole('button', { name: 'Delete 7 IPs' }).click()
      await page.getByRole('button', { name: 'Try the 1 again' }).waitFor({ timeout })
    },
  },
  'a detach of a part of a group': {
    query: '?q=mail-1',
    async ready(page) {
      await page.getByRole('checkbox', { name: /^Select \d/ }).first().click()
      await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Detach…' }).click()
      await page.getByText(/that were not selected go along/).waitFor()
    },
  },
  'a description that is too long': {
    query: '?q=spare&sel=all&dialog=describe',
    async ready(page) {
      await page.getByRole('dialog').getByLabel('Description').fill('x'.repeat(300))
      await page.getByText(/255/).waitFor()
    },
  },
  'an edit with a reverse that cannot be': {
    query: '?q=mail-1',
    async ready(page) {
      await page.locator('.address-link').first().click()
      await page.getByRole('complementary').getByRole('button', { name: 'Edit…' }).click()
      await page.getByRole('dialog').getByLabel('Reverse').fill('not a host name')
      await page.locator('[aria-invalid=true]').waitFor()
    },
  },
  'the strip of a service that asks to slow down': {
    query: '',
    faults: 'throttled',
    ready: (page) => page.getByText(/Scaleway asks us to slow down/).first().waitFor({ timeout }),
  },
  'the strip of a page that is offline': {
    query: '?q=spare&sel=all',
    async ready(page) {
      await page.getByRole('region', { name: 'Selection' }).waitFor()
      await page.context().setOffline(true)
      await page.getByText(/^Offline since/).waitFor()
    },
  },
  'the strip of a page that is back': {
    query: '',
    async ready(page) {
      await page.context().setOffline(true)
      await page.getByText(/^Offline since/).waitFor()
      await page.context().setOffline(false)
      await page.getByText(/^Back since/).waitFor({ timeout })
    },
  },
  'all keys': { query: '?dialog=keys', ready: (page) => page.getByRole('dialog', { name: 'Keys' }).waitFor() },
  'a zone without a flexible IP': { query: '?zone=pl-waw-2', ready: (page) => page.getByRole('heading', { name: 'No flexible IP in pl-waw-2' }).waitFor() },
  'a change whose answer was lost': {
    query: '?q=spare&zone=fr-par-2',
    async ready(page) {
      await page.evaluate(() => {
        const post = MessagePort.prototype.postMessage
        MessagePort.prototype.postMessage = function (this: MessagePort, message: { number: number; order?: { method?: string } } | null) {
          if (message?.order?.method === 'POST') this.dispatchEvent(new MessageEvent('message', { data: { number: message.number, failure: 'cut' } }))
          else post.call(this, message)
        } as typeof post
      })
      await page.getByRole('grid').focus()
      await page.keyboard.press('m')
      await page.getByRole('dialog').getByRole('button', { name: /^Move 1\sIP to/ }).click()
      const moving = page.getByRole('dialog', { name: /^Moving/ })
      await moving.getByText('in doubt').first().waitFor({ timeout })
      await moving.getByRole('button', { name: 'Stop after this step' }).click()
      await page.getByRole('dialog', { name: /^0 of 1\sIP/ }).waitFor({ timeout })
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'in doubt', exact: true }).click({ timeout })
      await page.getByRole('dialog', { name: 'The answer to this attach was lost' }).waitFor({ timeout })
    },
  },
  'the MACs that can be duplicated': {
    query: '?q=staging',
    async ready(page) {
      await page.locator('.address-link').first().click()
      await page.getByRole('button', { name: 'MAC', exact: true }).click()
      await page.getByRole('button', { name: 'Duplicate a MAC…' }).click()
      await page.locator('.mac-choices').getByRole('radio').check()
    },
  },
  'a flexible IP that is gone': { query: '?ip=00000000-0000-4000-8000-000000000000', ready: (page) => page.getByText(/^There is no such flexible IP/).waitFor() },
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
      await page.locator('.log-detail-body').waitFor()
    },
  },
}

async function beginFailover(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Plan failover of/ }).click()
  await page.getByRole('radio', { name: /^web-2/ }).check()
  await page.getByRole('button', { name: 'Move 6 IPs to web-2' }).click()
  await page.getByRole('dialog', { name: /^Moving 6 IPs/ }).or(page.getByRole('dialog', { name: /on web-2$/ })).first().waitFor()
}

async function openBulk(page: Page, name: string): Promise<void> {
  await page.getByRole('checkbox', { name: /^Select \d/ }).first().click()
  await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name }).click()
  await page.locator('.dialog').waitFor()
}

const sizes = { wide: { width: 1440, height: 844 }, narrow: { width: 390, height: 844 } } as const

// A place is loaded once, and read by axe in both widths and both themes: loading takes longer than reading.
test.each(Object.keys(places))('%s has no violation, wide and narrow, in light and dark', { timeout: 90_000 }, async (name) => {
  const { query, ready, ...behaviour } = places[name] as Scene
  const page = await open(query, { size: { width: 1440, height: 844 }, ...behaviour })
  await ready(page)
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 844 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      // The page answers a new size in the frame after it.
      await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))')
      expect(await violations(page), `${width} ${colorScheme}`).toEqual([])
    }
  }
})
