// A page of the console in headless Chromium. It notes what must never happen: an error, a request to another origin.
import { readdirSync } from 'node:fs'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { FaultSet, Speed } from '../../js/console/data/protocol.js'
import type { FlexibleIpEmulator } from '../../pkg/emulator.js'
import { type ProxyFetch, type ProxyGrant, createProxy, toNodeHandler } from '../../pkg/proxy.js'
import { startChromium } from '../browser/support.js'

interface Serving {
  server: Server
  url: string
}

interface Proxy {
  path: string
  /** The address of the service behind it, if not the default. */
  upstream?: string
  isEmulator?: boolean
  handle: (request: IncomingMessage, response: ServerResponse) => void
}

export const { serveConsole } = (await import('../../scripts/console.mjs' as string)) as { serveConsole: (folder: string, options: { path: string; proxy?: Proxy; compress?: boolean }) => Promise<Serving> }

/** The folder that `npm run console:build` writes. */
export const built = join(import.meta.dirname, '../../build/console')

export interface Stage {
  readonly browser: Browser
  readonly url: string
  /** It receives the requests of workers too, which a page does not know of. */
  readonly server: Server
  close(): Promise<void>
}

/** Serves the built console below a path, as a team could, with a proxy or without. */
export async function startStage(proxy?: Proxy): Promise<Stage> {
  const { server, url } = await serveConsole(built, { path: '/some/where/', ...(proxy && { proxy }) })
  const browser = await startChromium()
  return {
    browser,
    url,
    server,
    async close() {
      await browser.close()
      server.close()
      server.closeAllConnections()
    },
  }
}

export interface Visit {
  readonly context: BrowserContext
  readonly page: Page
  /** What must never happen. */
  readonly complaints: string[]
  /** Another tab of the same browser. */
  tab(query?: string): Promise<Page>
}

/** Notes what must never happen in the pages of a context: a request to another origin, an error, a warning. */
export function watch(context: BrowserContext, origin: string): string[] {
  const complaints: string[] = []
  context.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) complaints.push(`a request to ${request.url()}`)
  })
  context.on('page', (page) => {
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${message.type()}: ${message.text()}`)
    })
    page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`))
  })
  return complaints
}

/** Opens the console in a browser that was never there. */
export async function visit({ browser, url }: Stage, query = '', size = { width: 1440, height: 900 }): Promise<Visit> {
  const context = await browser.newContext({ viewport: size, reducedMotion: 'reduce' })
  const complaints = watch(context, new URL(url).origin)
  const tab = async (ofTab = ''): Promise<Page> => {
    const page = await context.newPage()
    await page.goto(url + ofTab)
    return page
  }
  return { context, page: await tab(query), complaints, tab }
}

/** How an opened console begins. */
interface Beginning {
  readonly size?: { readonly width: number; readonly height: number }
  /** How the emulated fleet behaves, if not as on a first visit. */
  readonly speed?: Speed
  readonly faults?: FaultSet
}

/** The console in the tests of a file. */
export interface Console {
  readonly stage: Stage
  /** A page that sends orders to the worker with the emulated fleet: `order(…)` in its scripts. */
  readonly keeper: Page
  /** Opens it as on a first visit, and waits until the page is there. */
  open(query?: string, beginning?: Beginning): Promise<Page>
  /** Another tab of the same browser. */
  tab(query?: string): Promise<Page>
}

/**
 * Serves the console for the tests of a file, which share a browser: its compiled scripts and the worker with the
 * emulator stay, fleet and storage are reset before each test. After each, what must never happen has not; `ignores`
 * names exceptions.
 */
export function openConsole({ proxy, ignores = () => false }: { proxy?: Proxy; ignores?: (complaint: string) => boolean } = {}): Console {
  let stage: Stage | undefined
  let shared: { context: BrowserContext; keeper: Page; complaints: string[] } | undefined
  let page: Page | undefined
  const present = <Value>(value: Value | undefined): Value => {
    if (value === undefined) throw new Error('the console is not served yet')
    return value
  }
  beforeAll(async () => {
    stage = await startStage(proxy)
    const context = await stage.browser.newContext({ reducedMotion: 'reduce' })
    shared = { context, keeper: await context.newPage(), complaints: watch(context, new URL(stage.url).origin) }
    await shared.keeper.goto(`${stage.url}assets/${asset('icon')}`)
    if (!proxy) await shared.keeper.evaluate(keepWorker(`${stage.url}assets/${asset('fleet-worker')}`))
  })
  afterAll(() => stage?.close())
  afterEach(async () => {
    const { context, keeper, complaints } = present(shared)
    await context.setOffline(false)
    for (const each of context.pages()) if (each !== keeper && each !== page) await each.close()
    expect(complaints.splice(0).filter((complaint) => !ignores(complaint))).toEqual([])
  })
  return {
    get stage() {
      return present(stage)
    },
    get keeper() {
      return present(shared).keeper
    },
    async open(query = '', { size = { width: 1440, height: 900 }, speed, faults } = {}) {
      const { context, keeper } = present(shared)
      if (!page || page.isClosed()) page = await context.newPage()
      await page.goto('about:blank')
      await keeper.evaluate('localStorage.clear()')
      if (!proxy) await keeper.evaluate('order({ kind: "reset" })')
      if (speed ?? faults) await keeper.evaluate(`order(${JSON.stringify({ kind: 'set', behaviour: { ...(speed && { speed }), ...(faults && { faults }) } })})`)
      await page.setViewportSize(size)
      await page.goto(present(stage).url + query)
      await page.locator('.row, .card, .log-what, .page h1, .center h2').first().waitFor()
      return page
    },
    async tab(query = '') {
      const other = await present(shared).context.newPage()
      await other.setViewportSize({ width: 1440, height: 900 })
      await other.goto(present(stage).url + query)
      return other
    },
  }
}

/** The name of a built file, of which only the beginning is known. */
export function asset(beginning: string): string {
  const name = readdirSync(join(built, 'assets')).find((each) => each.startsWith(`${beginning}-`) && !each.endsWith('.map'))
  if (name === undefined) throw new Error(`there is no ${beginning} in ${built}`)
  return name
}

/** A script of a page of the origin that keeps the worker with the emulated fleet running, and sends it orders. */
const keepWorker = (url: string): string => `(() => {
  const { port } = new SharedWorker(trustedTypes.createPolicy('flexip-worker', { createScriptURL: (url) => url }).createScriptURL(${JSON.stringify(url)}), { type: 'module', name: 'fleet 0' })
  const waiting = new Map()
  let number = 0
  port.onmessage = ({ data }) => waiting.get(data.number)(data)
  globalThis.order = (order) => new Promise((resolve, reject) => {
    number += 1
    waiting.set(number, (reply) => ('failure' in reply ? reject(new Error(reply.failure)) : resolve(reply.result)))
    port.postMessage({ number, order })
  })
  return order({ kind: 'facts' })
})()`

export interface ServiceProxy extends Proxy {
  /** Whether it cuts every connection. */
  isAway: boolean
}

/** The proxy of a console, to an emulator in this process. It does what a policy allows. */
export function proxyTo(emulator: FlexibleIpEmulator, { operations, fetch = emulator.fetch }: { operations?: ProxyGrant['operations']; fetch?: ProxyFetch } = {}): ServiceProxy {
  let handler: ReturnType<typeof toNodeHandler> | undefined
  const proxy: ServiceProxy = {
    path: '/api',
    isAway: false,
    handle(request, response) {
      if (proxy.isAway) return void request.socket.destroy()
      // The port of the origin is known by the first request.
      handler ??= toNodeHandler(
        createProxy({
          secretKey: () => emulator.secretKey,
          fetch,
          basePath: '/api',
          origins: [`http://${request.headers.host ?? ''}`],
          authorize: () => ({ id: 'test' }),
          policy: { grants: [{ projects: [emulator.projectId], servers: true, ...(operations && { operations }) }] },
        }),
      )
      void handler(request, response)
    },
  }
  return proxy
}

/** How many rows the table has, drawn or not. */
export const rowCount = async (page: Page): Promise<number> => Number(await page.getByRole('grid').getAttribute('aria-rowcount')) - 1

/** The browser itself notes each request that fails. */
export const isNetworkNote = (complaint: string): boolean => complaint.includes('Failed to load resource')

/** Holds the lists of flexible IPs that a page asks for, until the returned function is called. */
export async function holdLists(page: Page): Promise<() => Promise<void>> {
  let release = (): void => undefined
  const released = new Promise<void>((resolve) => (release = resolve))
  const lists = (url: URL) => url.pathname.endsWith('/fips')
  const sent: Promise<void>[] = []
  await page.route(lists, (route) => {
    sent.push(released.then(() => route.continue()))
  })
  return async () => {
    release()
    await Promise.all(sent)
    await page.unroute(lists)
  }
}
