// The calls of calls.mjs in Chromium and in Firefox: our client and the official SDK in one page, with one stub of
// fetch, in turns. Firefox is left out where there is none.
import { createServer } from 'node:http'
import { join } from 'node:path'
import { build } from 'esbuild'
import { chromium, firefox } from 'playwright-core'
import { output, root } from '../scripts/run.mjs'
import { figure } from './figure.mjs'

const aims = { get: 0.8, create: 0.6, 'list of 100': 0.9 }

const engines = {
  Chromium: { programs: [process.env.CHROME_PATH, 'chromium', 'chromium-browser', 'google-chrome'], start: (executablePath) => chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', '--no-first-run'] }) },
  Firefox: { programs: [process.env.FLEXIP_FIREFOX, 'firefox-esr', 'firefox'], start: (executablePath) => firefox.launch({ channel: 'moz-firefox', executablePath }) },
}

/** Returns three figures for each browser: the median time in microseconds. `quick` takes a fifth of the rounds. */
export async function browsers({ quick = false } = {}) {
  const site = await serve(await script())
  try {
    const figures = []
    for (const [engine, { programs, start }] of Object.entries(engines)) {
      const program = path(programs)
      if (!program) {
        console.log(`${engine} is left out: there is none of ${programs.filter(Boolean).join(', ')}`)
        continue
      }
      for (const { name, ours, official } of await measured(() => start(program), site.url, quick)) {
        figures.push(figure({ name: `${engine}: ${name}, beside the official SDK`, ours, other: official, unit: 'µs', atMost: aims[name] }))
      }
    }
    return figures
  } finally {
    site.close()
  }
}

async function measured(start, url, quick) {
  const browser = await start()
  try {
    const page = await browser.newPage()
    await page.goto(url)
    return await page.evaluate((isQuick) => globalThis.measure(isQuick), quick)
  } finally {
    await browser.close()
  }
}

function path(programs) {
  for (const program of programs) {
    if (program && output(program, ['--version'])) return output('sh', ['-c', 'command -v "$0"', program])
  }
}

async function script() {
  const { outputFiles } = await build({ entryPoints: [join(root, 'bench/browsers/page.mjs')], bundle: true, minify: true, format: 'esm', platform: 'browser', target: 'es2022', write: false, logLevel: 'warning' })
  return outputFiles[0].text
}

/** Serves a page with a script. Its headers isolate it, so that its clock is precise. */
async function serve(text) {
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js'
    response.writeHead(200, {
      'Content-Type': isScript ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    })
    response.end(isScript ? text : '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>')
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
