// flexip console: which address it prints, and that only the browser that used it is served. The pages of this test are
// small files with the fields of the real ones; tests/console/ opens the real ones in a browser.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingHttpHeaders, createServer, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { run } from '../../js/cli/program.js'
import { FlexibleIpEmulator } from '../../js/emulator.js'
import type { Io } from '../../js/cli/io.js'
import { FlexibleIpClient } from '../../js/index.js'
import { consolePage as page, consolePolicy as policy } from './console-page.js'
import { flexip, testIo } from './support.js'

const environment = { SCW_ACCESS_KEY: 'SCWXXXXXXXXXXXXXXXXX', SCW_SECRET_KEY: '6b1f2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d', SCW_DEFAULT_PROJECT_ID: '11111111-2222-4333-8444-555555555555', SCW_CONFIG_PATH: '/nowhere' }

/** A folder with small files in place of the console's. */
function filesOfConsole(): string {
  const folder = mkdtempSync(join(tmpdir(), 'flexip-console-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'console/assets'), { recursive: true })
  writeFileSync(join(folder, 'console/index.html'), page)
  writeFileSync(join(folder, 'console/assets/a.js'), 'export {}')
  writeFileSync(join(folder, 'secret.txt'), 'not for a browser')
  return join(folder, 'console')
}

interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

interface Asked {
  method?: string
  headers?: Record<string, string>
  body?: string
}

/** Starts `flexip console`, and returns what it prints and how to send requests to it. It is stopped at the end. */
async function serve(args: string[], overrides: Partial<Io> = {}) {
  let ready = (): void => undefined
  const printed = new Promise<void>((resolve) => (ready = resolve))
  const io = testIo(overrides)
  const write = io.out
  io.out = (text) => {
    write(text)
    ready()
  }
  const ended = run(['console', '--port', '0', '--files', filesOfConsole(), ...args], io)
  await Promise.race([printed, ended])
  if (io.printed.out === '') throw new Error(`it did not start: ${io.printed.err}`)
  const stop = async () => {
    io.raise('SIGTERM')
    return ended
  }
  onTestFinished(async () => void (await stop()))
  const url = new URL(/http:\S+?(?=["\s])/.exec(io.printed.out)?.[0] ?? '')
  const ask = (path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request({ host: url.hostname, port: url.port, path, method, headers: { Host: url.host, ...headers } }, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (part: string) => (text += part))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
      })
      sent.on('error', reject)
      sent.end(body)
    })
  /** Opens the printed address, and returns the headers that its page sends from then on. */
  const open = async () => {
    const { headers, body } = await ask(url.pathname + url.search)
    const cookie = String(headers['set-cookie']?.[0]).split(';')[0] ?? ''
    const key = /name="flexip-session" content="([^"]*)"/.exec(body)?.[1] ?? ''
    return { Cookie: cookie, 'X-Flexip-Session': key, Origin: url.origin, 'Sec-Fetch-Site': 'same-origin' }
  }
  return { url, ask, open, stop, io, ended }
}

/** The console in front of an emulator, as if it were the service. */
async function serveFor(emulator: FlexibleIpEmulator, env: Record<string, string> = {}) {
  const seen: { url: string; key: string | undefined }[] = []
  const console = await serve(['--json'], {
    env: { ...environment, SCW_SECRET_KEY: emulator.secretKey, SCW_DEFAULT_PROJECT_ID: emulator.projectId, ...env },
    fetch: (url, init) => {
      seen.push({ url, key: (init.headers as Record<string, string>)['X-Auth-Token'] })
      return emulator.fetch(url, init)
    },
  })
  return { ...console, seen }
}

const list = '/api/flexible-ip/v1alpha1/zones/fr-par-1/fips'

test('the printed address opens the page once, and from then on the cookie does', async () => {
  const { url, ask } = await serve(['--emulator'])
  expect(url.hostname).toBe('127.0.0.1')
  const first = await ask(url.pathname + url.search)
  expect(first.status).toBe(200)
  expect(first.headers['set-cookie']).toEqual([expect.stringMatching(new RegExp(`^flexip-console-${url.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`))])
  const cookie = String(first.headers['set-cookie']).split(';')[0] ?? ''

  const again = await ask(url.pathname + url.search)
  expect([again.status, again.body]).toEqual([403, expect.stringMatching(/It works once/)])
  expect(again.headers['set-cookie']).toBeUndefined()
  for (const path of ['/', url.pathname + url.search]) {
    const { status, headers, body } = await ask(path, { headers: { Cookie: `other=1; ${cookie}` } })
    expect([status, headers['set-cookie']]).toEqual([200, undefined])
    // The key is in the first page only.
    expect(body).toContain('name="flexip-session" content=""')
  }
  expect((await ask('/assets/a.js', { headers: { Cookie: cookie } })).body).toBe('export {}')
})

test.each(['', '?token=', '?token=x', `?token=${'A'.repeat(43)}`, '?token=%00', `?token=${'x'.repeat(7000)}`])('without the cookie, /%s is refused, and so is a file', async (query) => {
  const { ask } = await serve(['--emulator'])
  const { status, headers } = await ask(`/${query}`)
  expect([status, headers['set-cookie']]).toEqual([403, undefined])
  expect((await ask('/assets/a.js')).status).toBe(403)
})

test('cookies that are near the right one are refused', async () => {
  const { url, ask, open } = await serve(['--emulator'])
  const { Cookie } = await open()
  for (const wrong of [Cookie.slice(0, -1), `${Cookie}x`, `x${Cookie}`, Cookie.toUpperCase(), `flexip-console-${url.port}=`, 'flexip-console-1=x', Cookie.split('=')[1] ?? '']) {
    expect((await ask('/assets/a.js', { headers: { Cookie: wrong } })).status, wrong).toBe(403)
  }
})

test('the page and its files have a strict policy with Trusted Types, and may neither be framed nor be kept', async () => {
  const { ask, open } = await serve(['--emulator'])
  const { Cookie } = await open()
  for (const path of ['/', '/assets/a.js']) {
    const { headers } = await ask(path, { headers: { Cookie } })
    expect(headers['content-security-policy']).toBe(`${policy}; frame-ancestors 'none'`)
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin', 'cache-control': 'no-store' })
  }
  const { headers } = await ask('/none', { headers: { Cookie } })
  expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'")
})

test('a name that leads to this machine does not open the console, with the cookie and the key or without', async () => {
  const emulator = new FlexibleIpEmulator()
  const { url, ask, open } = await serveFor(emulator)
  for (const host of ['evil.example', `evil.example:${url.port}`, `localhost:${url.port}`, '127.0.0.1', `127.0.0.1:${Number(url.port) + 1}`, `[::1]:${url.port}`, `127.0.0.2:${url.port}`, `127.0.0.1.nip.example:${url.port}`]) {
    expect((await ask(url.pathname + url.search, { headers: { Host: host } })).status, host).toBe(403)
  }
  // None of these used the token.
  const session = await open()
  expect((await ask(list, { headers: session })).status).toBe(200)
  expect((await ask(list, { headers: { ...session, Host: `evil.example:${url.port}` } })).status).toBe(403)
})

test('another origin, also that of another port of this machine, is refused even with the cookie and the key', async () => {
  const emulator = new FlexibleIpEmulator()
  const { url, ask, open, seen } = await serveFor(emulator)
  const session = await open()
  const body = JSON.stringify({ description: 'x' })
  const create = { method: 'POST', body, headers: { ...session, 'Content-Type': 'application/json', 'Content-Length': String(body.length) } }
  for (const Origin of ['https://evil.example', 'null', `http://localhost:${url.port}`, `http://127.0.0.1:${Number(url.port) + 1}`, `https://127.0.0.1:${url.port}`, '']) {
    expect((await ask(list, { ...create, headers: { ...create.headers, Origin } })).status, Origin).toBe(403)
    expect((await ask('/assets/a.js', { headers: { ...session, Origin } })).status, Origin).toBe(403)
  }
  for (const site of ['cross-site', 'same-site']) {
    expect((await ask(list, { headers: { ...session, 'Sec-Fetch-Site': site } })).status).toBe(403)
    expect((await ask('/assets/a.js', { headers: { Cookie: session.Cookie, 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'script' } })).status).toBe(403)
    // A frame is no navigation of the person.
    expect((await ask('/', { headers: { Cookie: session.Cookie, 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'iframe' } })).status).toBe(403)
    expect((await ask('/', { headers: { Cookie: session.Cookie, 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' } })).status).toBe(200)
  }
  // A form of another page has no origin of ours, and without any origin a change is refused.
  const { Origin: _, ...others } = create.headers
  expect((await ask(list, { ...create, headers: others })).status).toBe(403)
  const preflight = await ask(list, { method: 'OPTIONS', headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' } })
  expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([403, undefined])
  expect(seen).toEqual([])
  expect((await ask(list, create)).status).toBe(200)
})

test('the proxy needs the cookie and the key of the page: a server on another port receives the cookie only', async () => {
  const emulator = new FlexibleIpEmulator()
  const { ask, open, seen } = await serveFor(emulator)
  const { Cookie, 'X-Flexip-Session': key, ...origin } = await open()
  expect(key).toMatch(/^[\w-]{43}$/)
  for (const credentials of [{}, { Cookie }, { 'X-Flexip-Session': key }, { Cookie, 'X-Flexip-Session': `${key}x` }, { Cookie, 'X-Flexip-Session': '' }, { Cookie, 'X-Flexip-Session': Cookie.split('=')[1] ?? '' }]) {
    const { status, headers, body } = await ask(list, { headers: { ...origin, ...credentials } as Record<string, string> })
    // The page tells it from a key that the service refuses.
    expect([status, headers['x-flexip-refused'], JSON.parse(body)]).toEqual([401, 'caller', expect.objectContaining({ type: 'denied_authentication' })])
  }
  expect(seen).toEqual([])
  expect((await ask(list, { headers: { ...origin, Cookie, 'X-Flexip-Session': key } })).status).toBe(200)
  expect(seen.map((each) => each.key)).toEqual([emulator.secretKey])
})

test('a key that the service refuses is not said to be a browser that the console refuses', async () => {
  const emulator = new FlexibleIpEmulator()
  const { ask, open } = await serveFor(emulator, { SCW_SECRET_KEY: '00000000-0000-4000-8000-000000000000' })
  const { status, headers } = await ask(list, { headers: await open() })
  expect([status, headers['x-flexip-refused']]).toEqual([401, undefined])
})

test('a link of another site leads to a page that only goes to the same address once, with nothing of the session', async () => {
  const { ask, url } = await serve(['--emulator'])
  const linked = (site: string, more: Record<string, string> = {}) => ({ headers: { 'Sec-Fetch-Site': site, 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document', ...more } })
  for (const site of ['cross-site', 'same-site']) {
    const { status, headers, body } = await ask('/?view=servers', linked(site))
    expect([status, headers['set-cookie']]).toEqual([200, undefined])
    expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'")
    expect(body).toContain('<meta http-equiv="refresh" content="0;url=/?view=servers&amp;linked">')
    expect(body).not.toContain('flexip-session')
    // The browser has no cookie from here either: it does not go on for ever.
    expect((await ask('/?view=servers&linked', linked(site))).status).toBe(403)
    expect((await ask('/assets/a.js', linked(site))).status).toBe(403)
  }
  expect((await ask('/?q="><script>alert(1)</script>', linked('cross-site'))).body).not.toMatch(/"><script/)
  for (const site of ['same-origin', 'none']) expect((await ask('/', linked(site))).status).toBe(403)
  expect((await ask('/')).status).toBe(403)
  const first = await ask(url.pathname + url.search)
  const cookie = String(first.headers['set-cookie']).split(';')[0] ?? ''
  expect((await ask('/?view=servers&linked', { headers: { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' } })).body).toContain('flexip-proxy')
})

test('no path leads out of the folder, and no response has the key', async () => {
  const emulator = new FlexibleIpEmulator()
  const { url, ask, open, io } = await serveFor(emulator)
  const session = await open()
  const answers = [await ask('/', { headers: session }), await ask(list, { headers: session })]
  const tricks = ['/../secret.txt', '/assets/../../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/assets/..%5c..%5csecret.txt', '/assets//a.js', '//assets/a.js', '//evil.example/', '/\\evil.example/', '/assets/a.js/', '/assets/a.js%00', '/assets/', '/assets', '/index.html', '/ASSETS/A.JS', '/api', '/api/', '/api/../assets/a.js', '/api/%2e%2e/secret.txt', '/__proto__', '/constructor', `http://${url.host}/assets/a.js`, '*']
  for (const path of tricks) {
    const got = await ask(path, { headers: session })
    expect([400, 403, 404], `${path}: ${got.status}`).toContain(got.status)
    answers.push(got)
  }
  const all = JSON.stringify(answers) + io.printed.out + io.printed.err
  expect(all).not.toContain('not for a browser')
  expect(all).not.toContain(emulator.secretKey)
})

test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'])('%s of the page or a file is refused, and does not use the token', async (method) => {
  const { url, ask, open } = await serve(['--emulator'])
  for (const path of ['/', '/assets/a.js', url.pathname + url.search]) {
    const { status, headers } = await ask(path, { method, headers: { Origin: url.origin } })
    expect([status, headers.allow, headers['set-cookie']]).toEqual([405, 'GET, HEAD', undefined])
  }
  expect((await open()).Cookie).toContain('flexip-console')
})

test('HEAD shows the headers without a body, and does not use the token', async () => {
  const { url, ask, open } = await serve(['--emulator'])
  expect((await ask(url.pathname + url.search, { method: 'HEAD' })).status).toBe(403)
  const { Cookie } = await open()
  const { status, headers, body } = await ask('/assets/a.js', { method: 'HEAD', headers: { Cookie } })
  expect([status, headers['content-length'], body]).toEqual([200, '9', ''])
})

test('it listens on 127.0.0.1 only', async () => {
  const { url } = await serve(['--emulator'])
  for (const host of ['127.0.0.2', '::1']) {
    const socket = connect({ host, port: Number(url.port) })
    expect(await new Promise((resolve) => socket.once('error', () => resolve('refused')).once('connect', () => resolve('open'))), host).toBe('refused')
    socket.destroy()
  }
})

test('the flexible IPs of the default Project are listed and changed, the servers are read only', async () => {
  const emulator = new FlexibleIpEmulator({ timing: 'instant', servers: [{ zone: 'fr-par-1', name: 'web-1' }] })
  const { url, open, ask } = await serveFor(emulator)
  const headers = await open()
  const client = new FlexibleIpClient({ baseUrl: `${url.origin}/api`, headers, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId, fetch: (target, init) => fetch(target, init as RequestInit) })
  expect((await ask('/', { headers })).body).toContain(`name="flexip-project" content="${emulator.projectId}"`)
  // Commands that the page copies name the service behind the proxy.
  expect((await ask('/', { headers })).body).toContain('name="flexip-upstream" content="https://api.scaleway.com"')
  // A service that was not chosen as an emulator is taken for the real one.
  expect((await ask('/', { headers })).body).toContain('name="flexip-service" content=""')
  const { id } = await client.createFlexibleIP({ description: 'mail' })
  await client.attachFlexibleIP({ fipsIds: [id], serverId: emulator.servers[0]?.id ?? '' })
  expect((await client.listFlexibleIPs()).flexibleIps).toEqual([expect.objectContaining({ id, description: 'mail', projectId: emulator.projectId })])
  const servers = '/api/baremetal/v1/zones/fr-par-1/servers'
  expect(JSON.parse((await ask(servers, { headers })).body)).toMatchObject({ servers: [{ name: 'web-1' }] })
  for (const method of ['POST', 'DELETE', 'PATCH']) expect((await ask(servers, { method, headers: { ...headers, 'Content-Length': '0' } })).status).toBe(405)
})

test('with --emulator the page has its own fleet, and there is no proxy', async () => {
  const { ask, open, io } = await serve(['--emulator', '--json'], { env: environment })
  const session = await open()
  expect((await ask('/', { headers: session })).body).toContain('name="flexip-proxy" content=""')
  expect((await ask(list, { headers: session })).status).toBe(404)
  expect(JSON.parse(io.printed.out)).toEqual({ url: expect.stringContaining('?token='), service: null, projectId: null })
})

test('--json prints the address, the service and the Project, and --emulator=URL uses that emulator with its key', async () => {
  const emulator = new FlexibleIpEmulator()
  const keys: unknown[] = []
  const { ask, open, io } = await serve(['--json', '--emulator=http://127.0.0.1:4010'], {
    env: environment,
    fetch: (url, init) => {
      keys.push((init.headers as Record<string, string>)['X-Auth-Token'])
      return emulator.fetch(url, init)
    },
  })
  expect(JSON.parse(io.printed.out)).toEqual({ url: expect.stringContaining('?token='), service: 'http://127.0.0.1:4010', projectId: emulator.projectId })
  const headers = await open()
  expect((await ask('/', { headers })).body).toContain('name="flexip-service" content="emulator"')
  expect((await ask('/', { headers })).body).toContain('name="flexip-upstream" content="http://127.0.0.1:4010"')
  expect((await ask(list, { headers })).status).toBe(200)
  expect(keys).toEqual([emulator.secretKey])
})

test('SIGINT and SIGTERM end it with 0 and close the port, after the response of an open change', async () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const emulator = new FlexibleIpEmulator()
    let begun = (): void => undefined
    const atService = new Promise<void>((resolve) => (begun = resolve))
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const { url, ask, open, io, ended } = await serve(['--json'], {
      env: { ...environment, SCW_SECRET_KEY: emulator.secretKey, SCW_DEFAULT_PROJECT_ID: emulator.projectId },
      fetch: async (target, init) => {
        begun()
        await held
        return emulator.fetch(target, init)
      },
    })
    const headers = { ...(await open()), 'Content-Type': 'application/json', 'Content-Length': '2' }
    const created = ask(list, { method: 'POST', headers, body: '{}' })
    await atService
    io.raise(signal)
    release()
    expect((await created).status).toBe(200)
    expect(await ended).toBe(0)
    const socket = connect({ host: '127.0.0.1', port: Number(url.port) })
    expect(await new Promise((resolve) => socket.once('error', () => resolve('closed')).once('connect', () => resolve('open')))).toBe('closed')
    expect(io.printed.err).toBe('')
  }
})

test('without a key, a Project, a free port or its files it ends with a line that says what to do', async () => {
  const { SCW_SECRET_KEY: _key, ...noKey } = environment
  const { SCW_DEFAULT_PROJECT_ID: _project, ...noProject } = environment
  const files = filesOfConsole()
  const start = (args: string[], env: Record<string, string> = environment) => flexip(['console', '--port', '0', ...args], { env })
  const taken = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void taken.close())
  await new Promise((resolve) => taken.once('listening', resolve))
  const { port } = taken.address() as AddressInfo
  const empty = mkdtempSync(join(tmpdir(), 'flexip-empty-'))
  onTestFinished(() => rmSync(empty, { recursive: true }))
  for (const [ended, code, text] of [
    [await start(['--files', files], { SCW_CONFIG_PATH: '/nowhere' }), 2, /no API key.*\n.*--emulator/],
    [await start(['--files', files], noKey), 2, /SCW_ACCESS_KEY|no API key/],
    [await start(['--files', files], noProject), 2, /no default Project\n.*--project/],
    [await start(['--files', files, '--project', 'x']), 2, /--project is not an id/],
    [await start(['--files', files, '--api-url=http://127.0.0.1:1', '--emulator']), 2, /exclude each other/],
    [await start(['--files', files, '--emulator', '--port', String(port)]), 1, /is in use\n.*--port 0/],
    [await start(['--files', empty, '--emulator']), 2, /no index\.html/],
    [await start(['--emulator']), 1, /no console in it\n.*console:build/],
  ] as const) {
    expect([ended.code, ended.err, ended.out]).toEqual([code, expect.stringMatching(text), ''])
  }
})

test('the guide shows what the command prints', async () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/console.md'), 'utf8')
  const examples = [...guide.matchAll(/```console\n\$ flexip console ?(.*)\n([^]*?)```/g)]
  expect(examples.length).toBe(3)
  for (const [, args = '', printed] of examples) {
    const { io } = await serve(args.split(' ').filter(Boolean), { env: environment })
    expect(io.printed.out.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:4012').replace(/token=[\w-]{43}/, 'token=TOKEN')).toBe(printed)
  }
})

test('a cookie of one browser is no session of the other one, and the console of another port has another cookie', async () => {
  const [one, two] = [await serve(['--emulator']), await serve(['--emulator'])]
  const [ofOne, ofTwo] = [await one.open(), await two.open()]
  expect(ofOne.Cookie.split('=')[0]).not.toBe(ofTwo.Cookie.split('=')[0])
  expect((await one.ask('/', { headers: { Cookie: ofTwo.Cookie } })).status).toBe(403)
  expect((await one.ask('/', { headers: { Cookie: `${ofTwo.Cookie}; ${ofOne.Cookie}` } })).status).toBe(200)
})
