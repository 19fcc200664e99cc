// A page of the console in headless Chromium. It notes what must never happen: an error, a request to another origin.
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { startChromium } from '../browser/support.js'

interface Serving {
  server: Server
  url: string
}

interface Proxy {
  path: string
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
