// The pages that an engine runs, one after the other. Each sends its result, and gets the address of the next. So
// an engine needs no driver: it only has to open the first page.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Plugin, build } from 'esbuild'

/** A page: its policy, if it has one, and the work of its script, which is the body of an async function. */
export interface Case {
  policy?: string
  work: string
  /** The script is no module: it has the package within. */
  plain?: boolean
  /** The text of a worker. The page gets it as a plain script from /worker/NAME, and as a module from /module-worker/NAME. */
  worker?: string
}

export interface Site {
  /** The address of the first page. */
  url: string
  /** What the page of a name has sent. */
  result(name: string): Promise<unknown>
  close(): void
}

/** Serves the pages, and the files of `pkg`. */
export async function serveCases(cases: Record<string, Case>, pkg: string): Promise<Site> {
  const names = Object.keys(cases)
  const scripts = new Map<string, string>()
  for (const [name, { work, plain, worker }] of Object.entries(cases)) {
    scripts.set(`script/${name}`, await bundle(page(name, work), pkg, plain))
    if (worker) scripts.set(`worker/${name}`, await bundle(worker, pkg, true)).set(`module-worker/${name}`, await bundle(worker, pkg))
  }
  const results = new Map(names.map((name) => [name, withResolvers<unknown>()]))
  const server = createServer((request, response) => {
    const [, kind = '', ...rest] = new URL(request.url ?? '/', 'http://localhost').pathname.split('/')
    const name = rest.join('/')
    const send = (type: string, body: string | Buffer, headers = {}) => response.writeHead(200, { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': 'no-store', ...headers }).end(body)
    if (kind === 'page' && names.includes(name)) {
      const policy = cases[name]?.policy
      return send('text/html', `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body><script ${cases[name]?.plain ? '' : 'type="module"'} src="/script/${name}"></script>`, policy && { 'Content-Security-Policy': policy })
    }
    const text = scripts.get(`${kind}/${name}`)
    if (text !== undefined) return send('text/javascript', text, { 'Service-Worker-Allowed': '/' })
    if (kind === 'pkg' && /^(shared\/)?[\w.-]+\.js$/.test(name)) return send('text/javascript', readFileSync(join(pkg, name)))
    if (kind === 'result') {
      let body = ''
      request.on('data', (part) => (body += String(part))).on('end', () => {
        results.get(name)?.resolve(JSON.parse(body))
        const next = names[names.indexOf(name) + 1]
        send('text/plain', next ? `/page/${next}` : '')
      })
      return undefined
    }
    return response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/page/${names[0]}`,
    result: (name) => results.get(name)?.promise ?? Promise.reject(new Error(`there is no page ${name}`)),
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function withResolvers<T>() {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((settle) => (resolve = settle))
  return { promise, resolve }
}

/** The script of a page, which sends what its work makes. */
function page(name: string, work: string): string {
  return `
    const work = async () => { ${work} }
    const send = async () => {
      const said = await work().then((result) => ({ result: result ?? null }), (error) => ({ name: error.name, code: error.code ?? null, message: String(error.message) }))
      const next = await (await fetch('/result/${name}', { method: 'POST', body: JSON.stringify(said) })).text()
      if (next) location.href = next
    }
    send()`
}

/** A script with everything in it but the files of the package; as a plain script with these too. */
async function bundle(contents: string, pkg: string, plain = false): Promise<string> {
  const within: Plugin = { name: 'package', setup: ({ onResolve }) => void onResolve({ filter: /^\/pkg\// }, ({ path }) => ({ path: join(pkg, path.replace('/pkg/', '')) })) }
  const others = plain ? { plugins: [within], external: ['flexip/*'] } : { external: ['/pkg/*', 'flexip/*'] }
  const { outputFiles } = await build({ stdin: { contents, resolveDir: import.meta.dirname }, bundle: true, format: plain ? 'iife' : 'esm', target: 'es2022', write: false, logLevel: 'silent', ...others })
  return outputFiles[0]?.text ?? ''
}
