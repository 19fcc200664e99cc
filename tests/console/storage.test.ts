// A browser that lets sites keep nothing: no storage, no database, no locks.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, type Page, chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { FlexibleIpClient } from '../../pkg/index.js'
import { chromiumOptions } from '../browser/support.js'
import { type Stage, proxyTo, startStage, watch } from './support.js'

const emulator = new FlexibleIpEmulator({ seed: 54, timing: 'instant', servers: ['down', 'two'].map((name) => ({ zone: 'fr-par-1', name })) })
const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
const [down, two] = ['down', 'two'].map((wanted) => emulator.servers.find(({ name }) => name === wanted)?.id ?? '') as [string, string]
const timeout = 40_000
const profile = mkdtempSync(join(tmpdir(), 'flexip-profile-'))
let context: BrowserContext

beforeAll(async () => {
  // As a person sets it in the browser: "don't allow sites to save data".
  mkdirSync(join(profile, 'Default'))
  writeFileSync(join(profile, 'Default/Preferences'), JSON.stringify({ profile: { default_content_setting_values: { cookies: 2 } } }))
  context = await chromium.launchPersistentContext(profile, { ...chromiumOptions(), viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
})
afterAll(async () => {
  await context.close()
  rmSync(profile, { recursive: true, force: true })
})

async function onStage(stage: Stage, act: (open: (query?: string) => Promise<Page>) => Promise<void>): Promise<void> {
  const complaints = watch(context, new URL(stage.url).origin)
  try {
    await act(async (query = '') => {
      const page = await context.newPage()
      await page.goto(stage.url + query)
      return page
    })
    expect(complaints).toEqual([])
  } finally {
    await stage.close()
  }
}

test('where sites may keep nothing, the emulated fleet is there, and the choice of a theme holds until the page ends', { timeout: 120_000 }, async () => {
  await onStage(await startStage(), async (open) => {
    const page = await open()
    await page.locator('.row').first().waitFor({ timeout })
    await expect(page.evaluate(() => localStorage.length)).rejects.toThrow('denied')
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme)
    const switching = page.getByRole('button', { name: 'Light or dark' })
    await switching.click()
    const first = await theme()
    await switching.click()
    expect(await theme()).not.toBe(first)
  })
})

test('where sites may keep nothing, a failover through the proxy arrives', { timeout: 120_000 }, async () => {
  for (const description of ['Shop', 'Mail']) await client.createAndAttach({ serverId: down, description })
  await onStage(await startStage(proxyTo(emulator)), async (open) => {
    const page = await open(`?dialog=failover:${down}`)
    await page.getByRole('radio', { name: /^two/ }).check({ timeout })
    const act = page.getByRole('button', { name: 'Move 2 IPs to two' })
    await expect.poll(() => act.isEnabled(), { timeout }).toBe(true)
    await act.click()
    await page.getByRole('dialog', { name: '2 IPs are on two' }).waitFor({ timeout })
    expect((await client.listFlexibleIPs().all()).filter(({ serverId }) => serverId === two).length).toBe(2)
  })
})

test('where sites may keep nothing, tags and an edit are sent, once each', { timeout: 120_000 }, async () => {
  const { id } = await client.createFlexibleIP({ description: 'Cache', tags: ['mine'] })
  const sent: string[] = []
  const proxy = proxyTo(emulator, {
    fetch(url, init) {
      if (init.method === 'PATCH') sent.push(init.body ?? '')
      return emulator.fetch(url, init)
    },
  })
  await onStage(await startStage(proxy), async (open) => {
    const page = await open(`?sel=${id}&dialog=tag`)
    // As the browser answers here, with a reason of its choice.
    expect(await page.evaluate(() => navigator.locks.request('any', () => 'held').catch(() => 'refused'))).toBe('refused')
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Add tags').fill('new', { timeout })
    await dialog.getByRole('button', { name: /^Change/ }).click()
    await dialog.getByText(/^All 1 done/).waitFor({ timeout })
    await page.goto(page.url().replace(/\?.*$/, `?ip=${id}&dialog=edit:${id}`))
    await dialog.getByLabel('Description', { exact: true }).fill('Queue', { timeout })
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached', timeout })
  })
  expect(sent).toEqual([JSON.stringify({ tags: ['mine', 'new'] }), JSON.stringify({ description: 'Queue' })])
})
