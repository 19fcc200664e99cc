// A client that a page drops is collected, with all that its `fetch` holds. As tests/js/dropped-clients.test.ts for Node.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Site, serve, startChromium } from './support.js'

const script = `
  import { FlexibleIpClient } from '/pkg/index.js'
  const id = '7c715b98-e683-493a-9e62-109d684e4348'
  const ip = { id, organization_id: 'o', project_id: 'p', description: '', tags: [], status: 'ready', ip_address: '51.159.1.2', reverse: '', zone: 'fr-par-1' }
  const respond = (body) => new Response(JSON.stringify(body), { status: 200 })
  const page = async (url) => respond(url.includes('?') || url.endsWith('/fips') ? { total_count: 300, flexible_ips: [ip] } : ip)
  const never = () => new Promise(() => {})
  const refs = []
  /** A client whose fetch holds 1 kB. */
  const hold = (respond) => {
    const held = new Uint8Array(1000)
    refs.push(new WeakRef(held))
    return new FlexibleIpClient({ secretKey: 'key', defaultZone: 'fr-par-1', fetch: (url) => respond(url, held) })
  }
  const plain = () => hold(page).getFlexibleIP({ fipId: id })
  const waited = () => hold(page).waitForFlexibleIP({ fipId: id })
  const unread = () => hold(page).listFlexibleIPs().pages().next()
  const aborted = async () => {
    const controller = new AbortController()
    const call = hold(never).getFlexibleIP({ fipId: id }, { signal: controller.signal }).catch(() => {})
    controller.abort()
    await call
  }
  const kept = []
  const keptOne = () => { kept.push(hold(page)); return kept.at(-1).getFlexibleIP({ fipId: id }) }
  const works = { plain, waited, unread, aborted, kept: keptOne }
  globalThis.left = async (name, count) => {
    refs.length = 0
    for (let made = 0; made < count; made++) await works[name]()
    for (let turn = 0; turn < 20; turn++) {
      await new Promise((resolve) => setTimeout(resolve, 1))
      gc()
    }
    return { made: refs.length, left: refs.filter((ref) => ref.deref()).length }
  }
  document.title = 'ready'`

let browser: Browser
let site: Site

beforeAll(async () => {
  browser = await startChromium('--js-flags=--expose-gc')
  site = await serve({ '/': { body: `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module">${script}</script>` } })
})

afterAll(async () => {
  await browser?.close()
  site?.close()
})

/** How many of the clients are left in a new page, which has made them in one way. */
async function left(way: string, count: number): Promise<unknown> {
  const page = await browser.newPage()
  try {
    await page.goto(site.url)
    await expect.poll(() => page.title()).toBe('ready')
    return await page.evaluate(([name, times]) => (globalThis as unknown as { left: (name: string, times: number) => Promise<unknown> }).left(name, times), [way, count] as const)
  } finally {
    await page.close()
  }
}

// npm run test:full makes 10,000.
const many = Number(process.env.FLEXIP_DROPPED_CLIENTS ?? 1000)

test(`of ${many} clients that made a plain call in a page, none is kept`, async () => {
  expect(await left('plain', many)).toEqual({ made: many, left: 0 })
})

test.each([
  ['ended a wait', 'waited'],
  ['was aborted', 'aborted'],
  ['left a list unread', 'unread'],
])('of 250 clients in a page whose last call %s, none is kept', async (_, way) => {
  expect(await left(way, 250)).toEqual({ made: 250, left: 0 })
})

test('clients that the page keeps are counted as left', async () => {
  expect(await left('kept', 50)).toEqual({ made: 50, left: 50 })
})
