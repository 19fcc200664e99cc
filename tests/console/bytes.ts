// The bytes that a page of the console loads, compressed by brotli as a server would send them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { type Stage, built } from './support.js'

const held = /\/open-[\w-]+\.js$/

/** The bytes of the files that a page loads, by what it shows. What is loaded later counts apart. */
export async function loadedBytes({ browser, url, server }: Stage): Promise<{ skeleton: number; table: number; emulator: number; files: Record<string, number> }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const files = new Set<string>()
  const path = new URL(url).pathname
  server.on('request', (request) => files.add((request.url ?? '').slice(path.length)))
  let release = (): void => undefined
  const released = new Promise<void>((resolve) => (release = resolve))
  // Without this script the page stays at its skeleton, so that what was loaded until then is known exactly.
  await context.route(held, async (route) => {
    await released
    await route.continue()
  })
  const page = await context.newPage()
  await page.goto(url)
  await page.locator('.skeleton').waitFor()
  await page.evaluate('document.fonts.ready.then(() => undefined)')
  const first = new Set(files)
  release()
  await page.getByRole('gridcell').first().waitFor()
  await page.evaluate('document.fonts.ready.then(() => undefined)')
  await context.close()
  const sizes = Object.fromEntries([...files].map((name) => [name, sizeOf(name)]))
  const sum = (isCounted: (name: string) => boolean): number => Object.entries(sizes).reduce((total, [name, bytes]) => total + (isCounted(name) ? bytes : 0), 0)
  const isEmulator = (name: string): boolean => /emulator|fleet-worker|host-/.test(name)
  return { skeleton: sum((name) => first.has(name) && !held.test(`/${name}`)), table: sum((name) => !isEmulator(name)), emulator: sum(isEmulator), files: sizes }
}

/** What is compressed already is not compressed again. */
function sizeOf(name: string): number {
  const bytes = readFileSync(join(built, name === '' ? 'index.html' : name))
  return name.endsWith('.woff2') ? bytes.length : brotliCompressSync(bytes).length
}
