// npm run console:pictures [-- NAME…]  takes pictures of the console, of all its views or of those that are named, into docs/console/
// npm run console:pictures -- --recording  records a failover as docs/console/failover.png, an animated PNG
// Each picture has the fleet of a first visit, and at most 256 colours, so that the files stay small.
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { chromium as playwright } from 'playwright-core'
import UPNG from 'upng-js'
import { buildConsole, serveConsole } from './console.mjs'
import { Stop, main, root } from './run.mjs'
import { chromium } from './setup.mjs'

const folder = join(root, 'docs/console')
const pictureMax = 150_000
const recordingMax = 2_000_000
const sizes = { 1440: { width: 1440, height: 900 }, 390: { width: 390, height: 844 } }
const themes = ['light', 'dark']

const rows = async (page) => {
  await page.getByRole('gridcell').first().waitFor()
  await page.locator('.strip').first().waitFor()
}

/**
 * Comes between a page and the worker with the fleet. `answer` is the text of a function: for a request it gives
 * 'held', 'lost', another answer, or nothing for that of the fleet.
 */
const interfere = (answer) => `(() => {
  const post = MessagePort.prototype.postMessage
  MessagePort.prototype.postMessage = function (message) {
    const given = message?.order?.kind === 'fetch' ? (${answer})(message.order) : undefined
    if (given === undefined) return post.call(this, message)
    if (given === 'held') return
    this.dispatchEvent(new MessageEvent('message', { data: { number: message.number, ...(given === 'lost' ? { failure: 'cut' } : { result: given }) } }))
  }
})()`
/** A browser that has hidden the strip of the emulated fleet, and what can be tried. */
const isCalm = `for (const name of ['strip', 'guide']) localStorage.setItem('flexip-' + name + '-hidden', '1');`
const denied = `{ status: 403, headers: [['content-type', 'application/json']], body: JSON.stringify({ type: 'permissions_denied', message: 'insufficient permissions', details: [{ resource: 'flexible_ip', action: 'write' }] }) }`

/** The views: the query of each, what comes before the page is opened, and what is done until it is worth a picture. */
export const views = {
  fleet: { ready: rows },
  servers: { query: '?view=servers', ready: (page) => page.locator('.card').first().waitFor() },
  log: { query: '?view=log', ready: (page) => page.getByRole('cell').first().waitFor() },
  connect: { query: '?view=connect', ready: (page) => page.locator('main h1').waitFor() },
  ip: {
    query: '?q=web-1',
    async ready(page) {
      await page.locator('.address-link').first().click()
      await page.locator('.facts').waitFor()
    },
  },
  selection: {
    query: '?q=mail',
    async ready(page) {
      await page.getByRole('checkbox', { name: /^Select \d/ }).first().click()
      await page.getByRole('region', { name: 'Selection' }).waitFor()
    },
  },
  mac: { query: '?q=mail-1', ready: (page) => openTab(page, 'MAC') },
  network: { query: '?q=mail-1', ready: (page) => openTab(page, 'Network') },
  'failover-plan': { ready: planFailover },
  'failover-running': {
    async ready(page) {
      await page.locator('.segments label', { hasText: 'as recorded' }).click()
      await planFailover(page)
      await startFailover(page)
      await page.getByText(/^attaching \d/).first().waitFor()
    },
  },
  'failover-done': {
    async ready(page) {
      await planFailover(page)
      await startFailover(page)
      await page.getByRole('dialog', { name: /^6\sIPs are on web-2$/ }).waitFor()
    },
  },
  'failover-half': {
    async ready(page) {
      await page.getByLabel('Faults').selectOption({ label: 'a move half fails' })
      await planFailover(page)
      await startFailover(page)
      await page.getByRole('dialog', { name: /^[1-5] of 6\sIPs (is|are) on web-2$/ }).waitFor()
    },
  },
  create: { query: '?dialog=create', ready: (page) => page.getByRole('dialog').waitFor() },
  delete: {
    query: '?q=spare',
    async ready(page) {
      await page.getByRole('checkbox', { name: /^Select all/ }).click()
      await page.getByRole('button', { name: 'Delete…' }).click()
      await page.getByRole('alertdialog').waitFor()
    },
  },
  keys: { query: '?dialog=keys', before: isCalm, ready: (page) => page.getByRole('dialog', { name: 'Keys' }).waitFor() },
  offline: {
    async ready(page) {
      await page.locator('.segments label', { hasText: 'as recorded' }).click()
      await planFailover(page)
      await startFailover(page)
      await page.getByText(/^attaching \d/).first().waitFor()
      await page.keyboard.press('Escape')
      await hideStrips(page)
      await page.getByRole('searchbox').fill('northwind')
      await page.context().setOffline(true)
      await page.getByText(/^Offline since/).waitFor()
      await page.getByRole('grid').focus()
    },
  },
  'slow-down': {
    query: '?q=web',
    async ready(page) {
      await page.getByLabel('Faults').selectOption({ label: 'slow down (429)' })
      await page.getByRole('checkbox', { name: /^Select all/ }).click()
      await page.keyboard.press('t')
      await page.getByRole('dialog').getByLabel('Add tags').fill('web-2026')
      await page.getByRole('button', { name: /^Change the tags of/ }).click()
      await page.getByRole('dialog', { name: /^Tag \d+\sIPs$/ }).waitFor()
      await page.keyboard.press('Escape')
      await hideStrips(page)
      await page.locator('.strip', { hasText: 'asks us to slow down' }).waitFor()
    },
  },
  'in-doubt': {
    query: '?zone=fr-par-2&sort=-status',
    before: isCalm,
    async ready(page) {
      await page.getByRole('gridcell').first().waitFor()
      await page.evaluate(interfere(`({ method }) => (method === 'GET' ? undefined : 'lost')`))
      await page.locator('.row', { hasText: 'no server' }).first().getByRole('checkbox').click()
      await page.keyboard.press('m')
      await page.getByRole('radio', { name: /^web-4/ }).check()
      await page.getByRole('button', { name: /^Move 1\sIP to web-4$/ }).click()
      const moving = page.getByRole('dialog', { name: /^Moving/ })
      await moving.getByText(/^(attaching|in doubt)/).first().waitFor()
      await moving.getByRole('button', { name: 'Stop after this step' }).click()
      await page.getByRole('dialog', { name: /^0 of 1\sIP/ }).waitFor()
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'in doubt', exact: true }).click()
      await page.getByRole('dialog', { name: 'The answer to this attach was lost' }).getByText(/^It is not attached now/).waitFor()
    },
  },
  empty: { query: '?zone=pl-waw-2', before: isCalm, ready: (page) => page.getByRole('heading', { name: 'No flexible IP in pl-waw-2' }).waitFor() },
  'nothing-fits': { query: '?q=billing&tag=prod', before: isCalm, ready: (page) => page.getByRole('heading', { name: 'Nothing matches' }).waitFor() },
  loading: {
    before: isCalm + interfere(`({ url }) => (/zones\\/(nl-ams-1|pl-waw-3)\\/fips/.test(url) ? 'held' : undefined)`),
    ready: (page) => page.getByText(/^Still reading nl-ams-1 and pl-waw-3/).waitFor(),
  },
  refused: {
    query: '?q=spare',
    before: isCalm + interfere(`({ method, url }) => (/zones\\/nl-ams-1\\/fips/.test(url) || method === 'PATCH' ? ${denied} : undefined)`),
    async ready(page) {
      await page.getByText('Some zones cannot be read:').waitFor()
      await page.getByRole('grid').focus()
      await page.keyboard.press('e')
      const form = page.getByRole('dialog', { name: /^Edit / })
      await form.getByLabel('Description').fill('Spare of the shop')
      await form.getByRole('button', { name: 'Save' }).click()
      await form.getByRole('alert').waitFor()
    },
  },
  palette: {
    async ready(page) {
      await rows(page)
      await page.keyboard.press('Control+k')
      await page.getByRole('dialog').waitFor()
    },
  },
}

/** Hides speed and faults of the fleet, and what can be tried. */
async function hideStrips(page) {
  for (const name of ['Hide what can be tried', 'Hide this strip']) {
    const button = page.getByRole('button', { name })
    if ((await button.count()) > 0) await button.click()
  }
}

async function openTab(page, name) {
  await page.locator('.address-link').first().click()
  await page.getByRole('complementary').getByRole('button', { name, exact: true }).click()
  await page.waitForTimeout(frameMs)
}

async function planFailover(page) {
  await page.getByRole('button', { name: /^Plan failover of/ }).click()
  await page.getByRole('radio', { name: /^web-2/ }).check()
  await page.getByRole('button', { name: /^Move 6\sIPs to web-2$/ }).waitFor()
}

const startFailover = (page) => page.getByRole('button', { name: /^Move 6\sIPs to web-2$/ }).click()

/** The pixels of PNGs of one size. */
function pixelsOf(pngs) {
  const images = pngs.map((png) => UPNG.decode(png))
  const { width, height } = images[0]
  return { width, height, frames: images.map((image) => UPNG.toRGBA8(image)[0]) }
}

function write(name, bytes, max) {
  const file = join(folder, `${name}.png`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, bytes)
  const { size } = statSync(file)
  console.log(`docs/console/${name}.png  ${size.toLocaleString('en')} bytes`)
  if (size > max) throw new Stop(`docs/console/${name}.png is larger than ${max.toLocaleString('en')} bytes`)
}

async function takePictures(browser, url, names) {
  for (const theme of themes) {
    for (const [width, viewport] of Object.entries(sizes)) {
      for (const name of names) {
        const { query = '', before, ready } = views[name]
        // A context for each: what one picture does to the fleet is not in the next.
        const context = await browser.newContext({ viewport, colorScheme: theme, reducedMotion: 'reduce' })
        const page = await context.newPage()
        if (before !== undefined) await page.addInitScript(before)
        await page.goto(url + query)
        await ready(page)
        await page.evaluate('document.fonts.ready.then(() => undefined)')
        const image = pixelsOf([await page.screenshot()])
        write(`${name}-${width}-${theme}`, Buffer.from(UPNG.encode(image.frames, image.width, image.height, 256)), pictureMax)
        await context.close()
      }
    }
  }
}

/** How long a frame is shown, and the longest recording, in milliseconds. */
const frameMs = 250
const longestMs = 30_000

/** Records a failover of the failing server: the plan, the steps, the report. */
async function record(browser, url) {
  const viewport = { width: 1072, height: 670 }
  const context = await browser.newContext({ viewport, colorScheme: 'light' })
  const page = await context.newPage()
  await page.goto(url)
  await rows(page)
  await page.getByRole('button', { name: /^Plan failover of/ }).waitFor()
  const shots = [await page.screenshot()]
  await page.getByRole('button', { name: /^Plan failover of/ }).click()
  await page.getByRole('radio', { name: /^web-2/ }).check()
  shots.push(await page.screenshot())
  await startFailover(page)
  const done = page.getByRole('dialog', { name: /^6\sIPs are on web-2$/ })
  const until = Date.now() + longestMs
  while (Date.now() < until) {
    shots.push(await page.screenshot())
    if ((await done.count()) > 0) break
    await page.waitForTimeout(frameMs)
  }
  await done.waitFor()
  shots.push(await page.screenshot())
  await context.close()
  write('failover', animation(shots), recordingMax)
}

/** An animated PNG of screenshots. The first and the last frame stay longer; equal ones become one. */
export function animation(shots) {
  const { frames, width, height } = pixelsOf(shots)
  const distinct = frames.filter((frame, index) => index === 0 || !Buffer.from(frame).equals(Buffer.from(frames[index - 1])))
  const delays = distinct.map((_, index) => (index === 0 || index === distinct.length - 1 ? 6 * frameMs : frameMs))
  return Buffer.from(UPNG.encode(distinct, width, height, 128, delays))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values, positionals } = parseArgs({ options: { recording: { type: 'boolean' } }, allowPositionals: true })
  await main(async () => {
    const unknown = positionals.filter((name) => !(name in views))
    if (unknown.length > 0) throw new Stop(`There is no view ${unknown.join(', ')}. The views are ${Object.keys(views).join(', ')}.`)
    const { server, url } = await serveConsole(buildConsole())
    const browser = await playwright.launch({ executablePath: chromium().CHROME_PATH, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
    try {
      if (values.recording) await record(browser, url)
      else await takePictures(browser, url, positionals.length > 0 ? positionals : Object.keys(views))
    } finally {
      await browser.close()
      server.close()
      server.closeAllConnections()
    }
  })
}
