// The console on a port of this machine: the static files and the proxy, for the one browser that has the session.
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ProxyFetch, createProxy, toNodeHandler } from '../../proxy.js'
import { type ConsoleFiles, escaped, pageWith } from './files.js'
import { BrowserSession, keyHeader } from './session.js'

/** The service behind the console. */
export interface Upstream {
  baseUrl: string
  secretKey: string
  projectId: string
  /** The service is an emulator: nothing there is real. */
  isEmulator: boolean
  fetch: ProxyFetch
}

/** A console that is served. */
export interface ServedConsole {
  /** The address with the token. */
  url: string
  /** Ends it. Open requests have so many milliseconds. */
  close(limitMs?: number): Promise<void>
}

/** Only this address: another user could listen on another loopback address with the same port. */
const host = '127.0.0.1'
const proxyPath = '/api'
const closeMs = 5000

/** One person works with it, and a move of many flexible IPs is many requests. */
const limits = { requestsPerMinute: 100_000, concurrency: 256 }

/** Serves the files, and with an upstream its proxy. Without one, the page has its emulated fleet. */
export async function serveConsole(files: ConsoleFiles, port: number, upstream: Upstream | undefined): Promise<ServedConsole> {
  const session = new BrowserSession()
  // Before the server listens, because it refuses what is wrong.
  if (upstream) proxyOf(upstream, session, port)
  const server = createServer()
  await listen(server, port)
  const { port: actual } = server.address() as AddressInfo
  const place: Place = { files, session, port: actual, origin: `http://${host}:${actual}`, proxy: upstream && proxyOf(upstream, session, actual), projectId: upstream?.projectId, service: upstream && withoutSecrets(upstream.baseUrl), isEmulator: upstream?.isEmulator ?? false }
  server.on('request', (request, response) => {
    // When the server closes, an open request keeps its connection until it has its response.
    response.once('close', () => server.listening || setImmediate(() => server.closeIdleConnections()))
    answer(place, request, response)
  })
  return { url: `${place.origin}/?token=${session.token}`, close: (limitMs = closeMs) => close(server, limitMs) }
}

interface Place {
  files: ConsoleFiles
  session: BrowserSession
  port: number
  origin: string
  proxy: ReturnType<typeof toNodeHandler> | undefined
  projectId: string | undefined
  /** The address of the service, for commands that the page copies. */
  service: string | undefined
  isEmulator: boolean
}

function proxyOf({ baseUrl, secretKey, projectId, fetch }: Upstream, session: BrowserSession, port: number): ReturnType<typeof toNodeHandler> {
  return toNodeHandler(
    createProxy({
      baseUrl,
      secretKey,
      fetch,
      basePath: proxyPath,
      origins: [`http://${host}:${port}`],
      limits,
      authorize: ({ headers }) => (session.hasCookie(headers.get('cookie') ?? '', port) && session.hasKey(headers.get(keyHeader) ?? '') ? { id: 'console' } : undefined),
      policy: { grants: [{ projects: [projectId], servers: true }] },
      // A key that cannot read servers may attach all the same: the service decides.
      checkServers: false,
    }),
  )
}

/** An address without a name and a password, which the page must not know. */
function withoutSecrets(address: string): string {
  const url = new URL(address)
  url.username = ''
  url.password = ''
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '')
}

/** Answers a request, or passes it to the proxy. */
function answer({ files, session, port, origin, proxy, projectId, service, isEmulator }: Place, request: IncomingMessage, response: ServerResponse): void {
  const { method = '', url: target = '' } = request
  // Before anything else: a page of another site reaches this server under the name of that site.
  const foreign = foreignness(request, origin)
  if (foreign !== undefined) return refuse(response, 403, foreign)
  const [path = '', query = ''] = target.split('?', 2)
  if (proxy && path.startsWith(`${proxyPath}/`)) return void proxy(request, response)
  if (method !== 'GET' && method !== 'HEAD') return refuse(response, 405, 'There is only GET.', { Allow: 'GET, HEAD' })
  const send = (type: string, bytes: Buffer | string, more: Record<string, string> = {}): void => {
    response.writeHead(200, { ...headersFor(files), 'Content-Type': type, 'Content-Length': String(Buffer.byteLength(bytes)), ...more })
    response.end(method === 'HEAD' ? undefined : bytes)
  }
  const hasCookie = session.hasCookie(cookiesOf(request), port)
  if (path === '/') {
    const token = method === 'GET' ? new URLSearchParams(query).get('token') : null
    const first = token === null ? undefined : session.exchange(token, port)
    // A browser sends no strict cookie with a link of another site. The same address, gone to from here, has it.
    if (!first && !hasCookie && isFromElsewhere(request) && !new URLSearchParams(query).has(linked)) return sendOn(response, query)
    if (!first && !hasCookie) return refuse(response, 403, token === null ? needsAddress : usedAddress)
    const page = pageWith(files.page, { ...(proxy && { 'flexip-proxy': proxyPath, 'flexip-project': projectId ?? '', 'flexip-upstream': service ?? '' }), ...(isEmulator && { 'flexip-service': 'emulator' }), ...(first && { 'flexip-session': first.key }) })
    return send('text/html; charset=utf-8', page, first && { 'Set-Cookie': first.cookie })
  }
  if (!hasCookie) return refuse(response, 403, needsAddress)
  const file = files.others.get(path)
  return file ? send(file.type, file.bytes) : refuse(response, 404, 'There is no such file.')
}

/** The mark of an address that a link of another site led to, so that it is gone to once. The page takes it away. */
const linked = 'linked'

/** Whether a page of another site or of another port led here. */
function isFromElsewhere({ rawHeaders }: IncomingMessage): boolean {
  return valuesOf(rawHeaders, 'sec-fetch-site').some((site) => site === 'cross-site' || site === 'same-site')
}

/** A page that goes to the same address, and has nothing else. */
function sendOn(response: ServerResponse, query: string): void {
  const address = escaped(`/?${query === '' ? '' : `${query}&`}${linked}`)
  response.writeHead(200, { ...plainHeaders, 'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'", 'Content-Type': 'text/html; charset=utf-8' })
  response.end(`<!doctype html><title>flexip</title><meta http-equiv="refresh" content="0;url=${address}"><p><a href="${address}">Open the console</a></p>\n`)
}

const needsAddress = 'Open the address that flexip console printed: this browser has not used it.'
const usedAddress = 'This address was used, or is that of an earlier flexip console. It works once: start flexip console again.'

/** Why a request is not one of the console's page or of the person at the browser. */
function foreignness({ method, url = '', rawHeaders }: IncomingMessage, origin: string): string | undefined {
  if (`http://${valuesOf(rawHeaders, 'host').join()}` !== origin) return 'The Host is not that of this console.'
  if (!/^\/(?![/\\])/.test(url)) return 'The target is not a path.'
  if (valuesOf(rawHeaders, 'origin').some((value) => value !== origin)) return 'This origin may not call.'
  // Another page may lead to the console, as a link does, and do no more with it.
  const isNavigation = method === 'GET' && valuesOf(rawHeaders, 'sec-fetch-mode').join() === 'navigate' && valuesOf(rawHeaders, 'sec-fetch-dest').join() === 'document'
  const sites = valuesOf(rawHeaders, 'sec-fetch-site')
  return isNavigation || sites.every((site) => site === 'same-origin' || site === 'none') ? undefined : 'Another page may not load this.'
}

/** All values of a header. */
function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name)
}

const cookiesOf = ({ headers }: IncomingMessage): string => headers.cookie ?? ''

function headersFor({ policy }: ConsoleFiles): Record<string, string> {
  return { ...plainHeaders, 'Content-Security-Policy': `${policy}; frame-ancestors 'none'` }
}

const plainHeaders = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

function refuse(response: ServerResponse, status: number, text: string, more: Record<string, string> = {}): void {
  const headers = { ...plainHeaders, 'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'", 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close', ...more }
  response.writeHead(status, headers).end(`${text}\n`)
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** Open requests, such as an attach, get their responses before the connections are closed. */
async function close(server: Server, limitMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
  server.closeIdleConnections()
  const timer = setTimeout(() => server.closeAllConnections(), limitMs)
  await closed
  clearTimeout(timer)
}
