// The console that `flexip console` serves, in a browser: from the printed address to a change, and what a page of
// another port of this machine can do.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FlexibleIpClient } from '../../pkg/index.js'
import { serveEmulator } from '../../pkg/server.js'
import { startChromium } from '../browser/support.js'
import { built, watch } from './support.js'

/** The emulator on a port, in place of the service. */
const { emulator, url: service, close: closeService } = await serveEmulator({ timing: 'instant', servers: [{ zone: 'fr-par-1', name: 'web-1' }] })
const { secretKey, projectId } = emulator
const client = new FlexibleIpClient({ secretKey, fetch: emulator.fetch, defaultProjectId: projectId, defaultZone: 'fr-par-1' })

/** Starts the built command as a process, with the environment of a person with an account. */
async function startCommand(port = '0') {
  const environment = { PATH: process.env.PATH, SCW_ACCESS_KEY: 'SCWXXXXXXXXXXXXXXXXX', SCW_SECRET_KEY: secretKey, SCW_DEFAULT_PROJECT_ID: projectId, SCW_API_URL: service, SCW_CONFIG_PATH: '/nowhere' }
  const command = spawn(process.execPath, [join(import.meta.dirname, '../../pkg/cli.js'), 'console', '--port', port, '--json', '--files', built], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(command, 'exit')
  const [line] = (await Promise.race([once(createInterface(command.stdout), 'line'), ended])) as [unknown]
  const { url } = JSON.parse(String(line)) as { url: string }
  const stop = async (): Promise<unknown> => {
    command.kill('SIGTERM')
    return (await ended)[0]
  }
  return { url, origin: new URL(url).origin, stop }
}

let command: Awaited<ReturnType<typeof startCommand>>
let browser: Awaited<ReturnType<typeof startChromium>>
let page: Page
let complaints: string[]

beforeAll(async () => {
  await client.createFlexibleIP({ description: 'mail', serverId: emulator.servers[0]?.id ?? '' })
  command = await startCommand()
  browser = await startChromium()
  const context = await browser.newContext()
  complaints = watch(context, command.origin)
  page = await context.newPage()
  await page.goto(command.url)
  await page.getByRole('gridcell').first().waitFor()
})
afterAll(async () => {
  await browser?.close()
  const code = await command?.stop()
  await closeService(0)
  expect(code).toBe(0)
})

const texts = (shown: Page): Promise<string[]> => shown.locator('.row .description').allTextContents()

test('the printed address shows the flexible IPs of the key and the names of servers, and loses its token', async () => {
  expect(await texts(page)).toEqual(['mail'])
  await page.locator('.row .server', { hasText: 'web-1' }).waitFor()
  expect(page.url()).toBe(`${command.origin}/`)
  expect(complaints).toEqual([])
})

test('a reload and another tab of the browser work, another browser does not', async () => {
  await page.reload()
  await page.getByRole('gridcell').first().waitFor()
  const tab = await page.context().newPage()
  await tab.goto(command.origin)
  await tab.getByRole('gridcell').first().waitFor()
  await tab.close()
  const other = await browser.newContext()
  const stranger = await other.newPage()
  for (const url of [command.url, command.origin]) expect((await stranger.goto(url))?.status()).toBe(403)
  await other.close()
  expect(complaints).toEqual([])
})

test('neither page nor browser have the key', async () => {
  const everything = await page.evaluate('document.documentElement.outerHTML + JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie')
  expect(everything).not.toContain(secretKey)
  expect(JSON.stringify(await page.context().storageState())).not.toContain(secretKey)
  expect(await page.evaluate('document.cookie')).toBe('')
})

test('a page of another port of this machine receives the cookie, and can neither use nor frame the console', async () => {
  const received: string[] = []
  const foreign = createServer(({ headers }, response) => {
    received.push(headers.cookie ?? '')
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<title>foreign</title>')
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => foreign.once('listening', resolve))
  const tab = await page.context().newPage()
  await tab.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`)
  const cookie = received.find((each) => each.includes('flexip-console')) ?? ''
  expect(cookie).toContain('flexip-console')
  const zone = '/api/flexible-ip/v1alpha1/zones/fr-par-1/fips'
  const sent = (await tab.evaluate(`Promise.all([
    fetch(${JSON.stringify(command.origin + zone)}, { credentials: 'include' }),
    fetch(${JSON.stringify(command.origin + zone)}, { method: 'POST', credentials: 'include', mode: 'no-cors', body: '{}' }),
  ].map((answer) => answer.then(({ type, status }) => type + status, () => 'refused')))`)) as string[]
  expect(sent).toEqual(['refused', 'refused'])
  await tab.evaluate(`new Promise((resolve) => {
    const frame = document.createElement('iframe')
    frame.onload = resolve
    frame.src = ${JSON.stringify(command.origin)}
    document.body.append(frame)
  })`)
  expect(await tab.frames()[1]?.locator('[role=grid]').count().catch(() => 0)).toBe(0)
  // What the server of that page could do with the cookie: nothing, because it lacks the key of the page.
  const stolen = await fetch(command.origin + zone, { headers: { Cookie: cookie, Origin: command.origin } })
  expect(stolen.status).toBe(401)
  foreign.close()
  foreign.closeAllConnections()
  await tab.close()
  expect((await client.listFlexibleIPs()).totalCount).toBe(1)
})

test('a link of another site opens the console in the browser that has the session, and a reload shows it again', async () => {
  const foreign = createServer((_, response) => void response.writeHead(200, { 'Content-Type': 'text/html' }).end(`<a href="${command.origin}/?view=servers">console</a>`)).listen(0)
  await new Promise((resolve) => foreign.once('listening', resolve))
  const tab = await page.context().newPage()
  await tab.goto(`http://localhost:${(foreign.address() as AddressInfo).port}/`)
  await tab.getByRole('link').click()
  await tab.locator('.card').first().waitFor()
  expect(tab.url()).toBe(`${command.origin}/?view=servers`)
  await tab.reload()
  await tab.locator('.card').first().waitFor()
  await tab.close()
  foreign.close()
  foreign.closeAllConnections()
})

test('a tab of a console that was started anew says so, and does not blame the key', async () => {
  const first = await startCommand()
  const context = await browser.newContext()
  const tab = await context.newPage()
  await tab.goto(first.url)
  await tab.getByRole('gridcell').first().waitFor()
  expect(await first.stop()).toBe(0)
  const second = await startCommand(new URL(first.url).port)
  await tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
  await tab.getByText('This console was started anew. Open the address that it printed.').waitFor()
  expect(await tab.getByText('The key is refused').count()).toBe(0)
  await tab.goto(second.url)
  await tab.getByRole('gridcell').first().waitFor()
  expect(await tab.getByText('This console was started anew.').count()).toBe(0)
  await context.close()
  expect(await second.stop()).toBe(0)
})
