// npm run console [-- --port N]  builds the console, serves it on this machine and prints the address
// npm run console:build          builds static files that work from any path, into build/console
import { readFileSync, realpathSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { brotliCompressSync, constants } from 'node:zlib'
import { main, root, run } from './run.mjs'
import { npmPackages } from './setup.mjs'

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.wasm': 'application/wasm', '.woff2': 'font/woff2' }

/** Builds the static files, and returns their folder. They need the built files of pkg/. */
export function buildConsole() {
  npmPackages()
  run(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--config', 'js/console/vite.config.ts', '--logLevel', 'warn'])
  return join(root, 'build/console')
}

/**
 * Serves a folder below a path of 127.0.0.1, with the policy of the page as a header too. With `proxy`, the page is
 * connected through it: `handle` gets the requests below its path. With `compress`, files are sent as brotli, as
 * servers on a network do. Resolves with the server and its address.
 */
export function serveConsole(folder, { port = 0, path = '/', proxy, compress = false } = {}) {
  const index = readFileSync(join(folder, 'index.html'), 'utf8')
  const fields = proxy ? { 'flexip-proxy': proxy.path, 'flexip-upstream': proxy.upstream ?? '', 'flexip-service': proxy.isEmulator ? 'emulator' : '' } : {}
  const page = Buffer.from(Object.entries(fields).reduce((text, [name, value]) => text.replace(`name="${name}" content=""`, () => `name="${name}" content="${value}"`), index))
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(index)?.[1] ?? ''
  const headers = { 'Content-Security-Policy': `${policy}; frame-ancestors 'none'`, 'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer', 'Cache-Control': 'no-cache' }
  const server = createServer((request, response) => {
    const { url = '/', method } = request
    if (proxy && url.startsWith(`${proxy.path}/`)) return proxy.handle(request, response)
    const wanted = new URL(url, 'http://console.invalid').pathname
    const name = wanted.startsWith(path) ? wanted.slice(path.length) : undefined
    const file = name === '' || name === 'index.html' ? { bytes: page, type: '.html' } : name && readInside(folder, name)
    if (method !== 'GET' || !file) return response.writeHead(method === 'GET' ? 404 : 405, headers).end()
    // The name of a file in assets/ has the sum of its contents.
    const caching = name.startsWith('assets/') ? { 'Cache-Control': 'public, max-age=31536000, immutable' } : {}
    const type = { ...headers, ...caching, 'Content-Type': types[file.type] ?? 'application/octet-stream' }
    if (compress && file.type !== '.woff2') response.writeHead(200, { ...type, 'Content-Encoding': 'br' }).end(brotli(file.bytes))
    else response.writeHead(200, type).end(file.bytes)
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve({ server, url: `http://127.0.0.1:${server.address().port}${path}` }))
  })
}

const brotli = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })

function readInside(folder, name) {
  try {
    const file = realpathSync(join(folder, name))
    if (!file.startsWith(realpathSync(folder) + sep)) return undefined
    return { bytes: readFileSync(file), type: extname(file) }
  } catch {
    return undefined
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({ options: { build: { type: 'boolean' }, port: { type: 'string' } } })
  await main(async () => {
    const folder = buildConsole()
    if (values.build) return console.log(folder)
    const { url } = await serveConsole(folder, { port: Number(values.port ?? 0) })
    console.log(`The console is at ${url}`)
  })
}
