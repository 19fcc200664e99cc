// What the page says of its connection: an emulated fleet in the page, an emulator on a port, or the service.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { serveEmulator } from '../../pkg/server.js'
import { startChromium } from '../browser/support.js'
import { built, watch } from './support.js'

const { emulator, url: service, close: closeService } = await serveEmulator({ timing: 'instant', servers: [{ zone: 'fr-par-1', name: 'web-1' }] })
const account = { SCW_ACCESS_KEY: 'SCWXXXXXXXXXXXXXXXXX', SCW_SECRET_KEY: emulator.secretKey, SCW_DEFAULT_PROJECT_ID: emulator.projectId, SCW_API_URL: service, SCW_CONFIG_PATH: '/nowhere' }

let browser: Awaited<ReturnType<typeof startChromium>>

beforeAll(async () => {
  browser = await startChromium()
})
afterAll(async () => {
  await browser?.close()
  await closeService(0)
})

/** Opens the connect view of a console that the command serves, and ends both afterwards. */
async function connected(words: readonly string[], environment: Readonly<Record<string, string>>, see: (page: Page) => Promise<void>): Promise<void> {
  const command = spawn(process.execPath, [join(import.meta.dirname, '../../pkg/cli.js'), 'console', '--port', '0', '--json', '--files', built, ...words], { env: { PATH: process.env.PATH, ...environment }, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(command, 'exit')
  const [line] = (await Promise.race([once(createInterface(command.stdout), 'line'), ended])) as [unknown]
  const { url } = JSON.parse(String(line)) as { url: string }
  const context = await browser.newContext()
  const complaints = watch(context, new URL(url).origin)
  const page = await context.newPage()
  await page.goto(`${url}&view=connect`)
  await page.getByRole('heading', { name: 'Connect' }).waitFor()
  await see(page)
  expect(complaints).toEqual([])
  await context.close()
  command.kill('SIGTERM')
  await ended
}

test('an emulated fleet in the page names npx flexip console as the way to the own account', async () => {
  await connected(['--emulator'], {}, async (page) => {
    await page.locator('.way.here', { hasText: 'An emulated fleet in this browser' }).waitFor()
    const way = page.locator('.way', { hasText: 'Your own account' })
    expect(await way.locator('pre').textContent()).toBe('npx flexip console')
    await way.getByText('From there on changes are real.').waitFor()
  })
})

test('with --emulator=URL the page never says that changes are real, and its bar says that the fleet is emulated', async () => {
  await connected([`--emulator=${service}`], {}, async (page) => {
    await page.locator('.way.here', { hasText: 'Nothing here is real.' }).waitFor()
    expect(await page.locator('.way.here').textContent()).not.toContain('hanges are real')
    await page.locator('.bar .mark', { hasText: 'Emulated fleet' }).waitFor()
  })
})

test('with an account the page says that changes are real, and its bar names the proxy', async () => {
  await connected([], account, async (page) => {
    await page.locator('.way.here', { hasText: 'Changes are real.' }).waitFor()
    await page.locator('.bar .mark', { hasText: /^Proxy 127\.0\.0\.1:\d+/ }).waitFor()
    expect(await page.locator('.bar').textContent()).not.toContain('Emulated')
  })
})
