// Pages of other machines, and of this one, that try to control an emulator or to read its state.
import { channel } from 'node:diagnostics_channel'
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { serveEmulator } from 'flexip/server'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Attack, type Target, attacks } from './attacks.js'
import { startChromium } from './support.js'

/** What a page would see of the state. */
const canary = 'canary-of-the-state'

type Served = Awaited<ReturnType<typeof serveEmulator>>

let browser: Browser
let site: Server
let unguarded: Server
let guarded: Served
let withOwnKey: Served

const portOf = (server: Server) => (server.address() as AddressInfo).port
const listen = (server: Server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

/** The attacker's site: a page, redirects, and a page whose policy sends reports elsewhere. */
function answerAsSite({ url = '/' }: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(url, 'http://site.invalid')
  const to = searchParams.get('to') ?? ''
  response.setHeader('Access-Control-Allow-Origin', '*')
  if (pathname === '/redirect') response.writeHead(Number(searchParams.get('status')), { Location: to })
  else if (pathname === '/reports') response.writeHead(200, { 'Content-Type': 'text/html', 'Content-Security-Policy': `img-src 'none'; report-uri ${to}` })
  else response.writeHead(200, { 'Content-Type': 'text/html' })
  response.end('<!doctype html><link rel="icon" href="data:,"><body><img src="/image">')
}

/** A server that checks nothing: every attack has to come through to it, or it would prove nothing. */
function answerAsUnguarded(request: IncomingMessage, response: ServerResponse): void {
  const allowed = request.headers['access-control-request-headers']
  response.writeHead(200, {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE',
    ...(allowed !== undefined && { 'Access-Control-Allow-Headers': allowed }),
    'Content-Type': 'text/plain',
  })
  response.end(canary)
}

interface Exchange {
  method: string
  status: number
}

/** The exchanges of a port, in the order of their ends. */
function watch(port: number): { exchanges: Exchange[]; first: Promise<void>; stop: () => void } {
  const exchanges: Exchange[] = []
  let onFirst = (): void => {}
  const first = new Promise<void>((resolve) => (onFirst = resolve))
  const ended = channel('http.server.response.finish')
  const note = (message: unknown): void => {
    const { request, response, socket } = message as { request: IncomingMessage; response: ServerResponse; socket: Socket }
    if (socket.localPort !== port) return
    exchanges.push({ method: request.method ?? '', status: response.statusCode })
    if (request.method !== 'OPTIONS' || response.statusCode >= 400) onFirst()
  }
  ended.subscribe(note)
  return { exchanges, first, stop: () => ended.unsubscribe(note) }
}

interface Outcome {
  exchanges: Exchange[]
  /** What the page could read. */
  read: string
}

/** Runs an attack in a new page. Resolves when it has ended, and a request has its response. */
async function attack({ from = 'elsewhere', type, run }: Attack, base: string, key: string): Promise<Outcome> {
  const { port } = new URL(base)
  const sitePort = portOf(site)
  const pages = { elsewhere: `http://attacker.example:${sitePort}/`, 'this machine': `http://localhost:${sitePort}/`, rebound: `http://rebound.example:${port}/` }
  const context = await browser.newContext()
  const { exchanges, first, stop } = watch(Number(port))
  try {
    const tab = await context.newPage()
    // The page was loaded while the name still resolved to the attacker's machine.
    await tab.route(pages.rebound, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><link rel="icon" href="data:,"><body>' }))
    await tab.goto(pages[from])
    const target: Target = { base, key, site: `http://attacker.example:${sitePort}`, type }
    const read = await tab.evaluate(`(${run.toString()})(${JSON.stringify(target)})`).catch((error: unknown) => String(error))
    await first
    return { exchanges: [...exchanges], read: JSON.stringify(read) ?? '' }
  } finally {
    stop()
    await context.close()
  }
}

/** Whether a page came through: a request other than a preflight was served, or the state was read. */
function cameThrough({ exchanges, read }: Outcome): boolean {
  return read.includes(canary) || exchanges.some(({ method, status }) => method !== 'OPTIONS' && status < 400)
}

/** The state, apart from what every request counts. */
function stateOf({ emulator }: Served): unknown {
  const { state, faults } = JSON.parse(emulator.snapshot()) as { state: object; faults: unknown }
  return { state: { ...state, requests: 0 }, faults, firstEntry: emulator.journal[0], now: emulator.now }
}

beforeAll(async () => {
  const names = ['attacker.example', 'rebound.example'].map((name) => `MAP ${name} 127.0.0.1`)
  // Chromium asks before some pages may reach this machine. Other browsers do not.
  browser = await startChromium(`--host-resolver-rules=${names.join(', ')}`, '--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets,BlockInsecurePrivateNetworkRequests')
  site = createServer(answerAsSite)
  unguarded = createServer({ maxHeaderSize: 2 ** 20 }, answerAsUnguarded)
  await Promise.all([listen(site), listen(unguarded)])
  const options = { clock: 'manual', servers: [{ zone: 'fr-par-1', name: canary }] } as const
  guarded = await serveEmulator(options)
  withOwnKey = await serveEmulator({ ...options, secretKey: 'a-key-of-mine' })
  for (const { emulator } of [guarded, withOwnKey]) {
    await emulator.fetch('/flexible-ip/v1alpha1/zones/fr-par-1/fips', {
      method: 'POST',
      headers: { 'X-Auth-Token': emulator.secretKey },
      body: JSON.stringify({ project_id: emulator.projectId, description: canary }),
    })
  }
}, 60_000)

afterAll(async () => {
  await browser?.close()
  for (const server of [site, unguarded]) {
    server?.close()
    server?.closeAllConnections()
  }
  await Promise.all([guarded?.close(0), withOwnKey?.close(0)])
})

test('there are at least 30 attacks, with names of their own', () => {
  expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length)
  expect(attacks.length).toBeGreaterThanOrEqual(30)
})

test.each(attacks.map((each) => [each.name, each] as const))('%s comes through to a server that checks nothing, and to no emulator', async (_, each) => {
  const known = guarded.emulator.secretKey
  const states = () => [guarded, withOwnKey].map(stateOf)
  const before = states()
  const bases = [`http://127.0.0.1:${portOf(unguarded)}`, guarded.url, withOwnKey.url]
  const outcomes = await Promise.all(bases.map((base) => attack(each, base, known)))
  expect(outcomes.map(cameThrough), JSON.stringify(outcomes)).toEqual([true, false, false])
  for (const { exchanges } of outcomes) expect(exchanges).not.toEqual([])
  expect(states()).toEqual(before)
})

describe('with the key that was set', () => {
  const run: Attack['run'] = async ({ base, key }) => (await fetch(`${base}/_emulator/snapshot`, { headers: { 'X-Auth-Token': key } })).text()

  test('the same page reads the state', async () => {
    const outcome = await attack({ name: 'the key', run }, withOwnKey.url, withOwnKey.emulator.secretKey)
    expect(cameThrough(outcome)).toBe(true)
    expect(outcome.read).toContain(canary)
  })

  test('the same page controls the emulator', async () => {
    const advance: Attack['run'] = async ({ base, key }) => (await fetch(`${base}/_emulator/clock`, { method: 'POST', headers: { 'X-Auth-Token': key }, body: '{"advanceMs":5}' })).text()
    const before = withOwnKey.emulator.now.getTime()
    expect(cameThrough(await attack({ name: 'the key', run: advance }, withOwnKey.url, withOwnKey.emulator.secretKey))).toBe(true)
    expect(withOwnKey.emulator.now.getTime()).toBe(before + 5)
  })

  test('the same page does not come through with the other emulator’s key', async () => {
    expect(cameThrough(await attack({ name: 'the key', run }, withOwnKey.url, guarded.emulator.secretKey))).toBe(false)
  })
})
