// A page in headless Chromium, served from this machine.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const root = join(import.meta.dirname, '../..')

/** How Chromium is started, so that it sends no requests by itself. Says plainly if there is none. */
export function chromiumOptions(...more: string[]): { executablePath: string; args: string[] } {
  const programs = [process.env.CHROME_PATH, 'chromium', 'chromium-browser', 'google-chrome']
  const program = programs.find((name) => name && spawnSync(name, ['--version']).status === 0)
  const executablePath = program && spawnSync('sh', ['-c', 'command -v "$0"', program], { encoding: 'utf8' }).stdout.trim()
  if (!executablePath) throw new Error('These tests need Chromium, which was not found. Install it, or say where it is: CHROME_PATH=…')
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']
  return { executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', ...quiet, ...more] }
}

export const startChromium = (...more: string[]): Promise<Browser> => chromium.launch(chromiumOptions(...more))

export interface Site {
  url: string
  close(): void
}

/** Serves pages and pkg/, with the Content-Security-Policy of the page. */
export async function serve(pages: Record<string, { body: string; csp?: string }>): Promise<Site> {
  const server: Server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const page = pages[path]
    if (page) {
      const type = path.endsWith('.js') ? 'text/javascript' : 'text/html'
      response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8`, ...(page.csp && { 'Content-Security-Policy': page.csp }) })
      response.end(page.body)
    } else if (/^\/pkg\/(?:shared\/)?[\w.-]+\.js$/.test(path)) {
      response.writeHead(200, { 'Content-Type': 'text/javascript' })
      response.end(readFileSync(join(root, path)))
    } else {
      response.writeHead(404)
      response.end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() }
}
