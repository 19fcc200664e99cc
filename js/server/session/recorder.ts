// `flexip record`: a proxy on loopback that passes requests to a service and records the exchanges.
import { closeSync, openSync, writeSync } from 'node:fs'
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ConfigurationError } from '../../errors/index.js'
import { describe } from '../../emulator/inputs.js'
import { isLoopback, isOfThisMachine, ofAnother } from '../access.js'
import { BodyBudget, BodyTooLarge, TooManyBodies, hasNoBody, readBody } from '../body.js'
import { listen } from '../listen.js'
import { callListener } from '../listener.js'
import { Redaction, leastSecret, parse } from './redaction.js'
import type { Row } from './row.js'

/** What is recorded, and where. */
export interface RecordOptions {
  /** The URL of the service, such as `https://api.scaleway.com`. Plain http only on this machine. */
  upstream: string
  /** The file for the session. It must not exist. */
  to: string
  /** The port to listen on. A free one if 0 or absent. */
  port?: number
  /**
   * Secrets to remove wherever they occur, of 4 or more characters each, besides those that requests have in their headers
   * and those of `SCW_SECRET_KEY`, `SCW_ACCESS_KEY` and `FLEXIP_SECRET_KEY` in the environment.
   */
  secrets?: string[]
  /** Called when the service gave no response to a request, which is then not recorded. What it throws is dropped. */
  onFailure?: (error: Error) => void
}

/** A recorder that listens. */
export interface Recorder {
  /** The URL of the proxy, without a slash at its end. */
  readonly url: string
  /** The number of recorded exchanges. */
  readonly recorded: number
  /** Stops at once: a request whose response has not come gets none, and is not recorded. The file is complete afterwards. */
  close(): Promise<void>
}

const bodyBytes = 2 ** 24
/** All bodies that are being received. */
const openBodyBytes = 2 ** 26
/** Headers of one connection, and those that `fetch` makes. */
const ownHeaders = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade', 'expect', 'host', 'content-length', 'accept-encoding', 'content-encoding']
/** Of a server only these fields are recorded: others, such as the password of its user, may be secrets. */
const serverFields = ['id', 'name', 'zone', 'status', 'project_id', 'organization_id']
/** The fields of lists, besides. */
const listFields = [...serverFields, 'servers', 'total_count']
/** The fields of refusals about servers. None is a text that can repeat a value of the request. */
const refusalFields = ['type', 'resource', 'resource_id', 'details', 'argument_name', 'reason']
/** The parameters of requests about servers that are recorded. */
const serverParameters = ['page', 'page_size', 'order_by', 'name', 'tags', 'status', 'project_id', 'organization_id']

/** Listens on loopback, passes every request of this machine to the service, and records those of the Flexible IP and the servers' API. */
export async function recordSession({ upstream, to, port = 0, secrets, onFailure }: RecordOptions): Promise<Recorder> {
  const base = checkUpstream(upstream)
  checkPort(port)
  const redaction = new Redaction()
  redaction.add([...checkSecrets(secrets), ...environmentSecrets()])
  let file = -1
  const bodies = new BodyBudget(openBodyBytes)
  let recorded = 0
  const stopped = new AbortController()
  /** The requests that have not ended. */
  const pending = new Set<Promise<unknown>>()

  const server = createServer((request, response) => {
    if (!isOfThisMachine(request)) return refuse(response, 403, ofAnother)
    const passed = pass(request, response).catch((error: unknown) => {
      if (stopped.signal.aborted) return
      callListener(onFailure, error as Error)
      const [status, message] = refusalOf(error)
      if (response.headersSent) return response.destroy()
      return refuse(response, status, message)
    })
    pending.add(passed)
    void passed.finally(() => pending.delete(passed))
  })

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = (request.url ?? '/').replace(/^https?:\/\/[^/?]*/, '')
    const method = request.method ?? 'GET'
    const body = hasNoBody(request) ? undefined : await readBody(request, bodyBytes, bodies)
    const auth = redaction.learn(request.headers)
    // `fetch` refuses the body that older clients send with a GET, and the service does not read it.
    const hasBody = body && body.length > 0 && method !== 'GET' && method !== 'HEAD'
    const sent = await fetch(`${base}/${target.replace(/^\//, '')}`, { method, headers: withoutOwn(namedValues(request.rawHeaders)), redirect: 'manual', signal: stopped.signal, ...(hasBody && { body: Buffer.from(body) }) })
    const received = Buffer.from(await sent.arrayBuffer())
    redaction.learnCookies(sent.headers.getSetCookie())
    if (isRecorded(target)) {
      const row = rowOf({ method, target, auth, request: hasBody ? Buffer.from(body).toString() : '', status: sent.status, contentType: sent.headers.get('content-type') ?? '', response: received.toString() }, redaction)
      // Before the response, so that everything that a program has seen is in the file.
      writeSync(file, `${JSON.stringify(row)}\n`)
      recorded++
    }
    response.sendDate = false
    response.writeHead(sent.status, sent.statusText, [...withoutOwn([...sent.headers]), ...(sent.status === 204 ? [] : [['Content-Length', String(received.length)] as [string, string]])].flat())
    response.end(received)
  }

  await listen(server, { port, host: '127.0.0.1' })
  try {
    // Now, so that a start that fails leaves no file, and before the first request.
    file = create(to)
  } catch (error) {
    server.close()
    throw error
  }
  const { port: boundPort } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${boundPort}`,
    get recorded() {
      return recorded
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      // A response that has not come is not recorded.
      stopped.abort()
      server.closeAllConnections()
      await closed
      await Promise.all(pending)
      closeSync(file)
    },
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' })
  response.end(JSON.stringify({ message: `flexip record: ${message}` }))
}

function refusalOf(error: unknown): [status: number, message: string] {
  if (error instanceof BodyTooLarge) return [413, error.message]
  if (error instanceof TooManyBodies) return [503, 'the bodies of all requests together are too large: try again']
  return [502, 'the service gave no response']
}

interface Exchange {
  method: string
  target: string
  auth: string[]
  request: string
  status: number
  contentType: string
  response: string
}

function rowOf({ method, target, auth, request, status, contentType, response }: Exchange, redaction: Redaction): Row {
  const isOfServers = isServers(target)
  const [path = '', query = ''] = redaction.text(isOfServers ? withKnownParameters(target) : target).split(/\?(.*)/s)
  const parsed = parse(request)
  const sent = isOfServers ? onlyFields(parsed, serverFields) : parsed
  const body = isOfServers ? JSON.stringify(onlyFields(parse(response), status < 300 ? listFields : refusalFields) ?? null) : response
  return {
    at: new Date().toISOString(),
    method,
    path,
    query,
    auth,
    request: sent === undefined ? null : redaction.value(sent),
    ...(sent === undefined && request !== '' && !isOfServers && { request_text: redaction.text(request) }),
    status,
    content_type: redaction.text(contentType),
    response: redaction.body(body),
  }
}

function isRecorded(target: string): boolean {
  return target.startsWith('/flexible-ip/') || isServers(target)
}

function isServers(target: string): boolean {
  return /^\/baremetal\/v1\/zones\/[^/?]+\/servers(?:$|[/?])/.test(target)
}

function withKnownParameters(target: string): string {
  const [path = '', query = ''] = target.split(/\?(.*)/s)
  const known = query.split('&').filter((parameter) => serverParameters.includes(parameter.split('=', 1)[0] ?? ''))
  return known.length > 0 ? `${path}?${known.join('&')}` : path
}

/** The objects of a value with these fields only. What has no fields is left out, since a part of it could be a secret. */
function onlyFields(value: unknown, names: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => onlyFields(item, names))
  if (typeof value !== 'object' || value === null) return undefined
  const fields = Object.entries(value).filter(([name]) => names.includes(name))
  return Object.fromEntries(fields.map(([name, field]) => [name, typeof field === 'object' ? onlyFields(field, names) : field]))
}

function checkUpstream(upstream: string): string {
  const refuse = (found: string): never => {
    throw new ConfigurationError(`upstream must be an https URL, or http on this machine, without a user, a query and a fragment, such as https://api.scaleway.com; ${found}`)
  }
  if (!URL.canParse(upstream)) return refuse('found no URL')
  const url = new URL(upstream)
  // The URL is not repeated: it may hold a password.
  if (url.username !== '' || url.password !== '') return refuse('found one with a user')
  if (url.search !== '' || url.hash !== '') return refuse('found one with a query or a fragment')
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) return refuse(`found ${url.protocol}//${url.hostname}`)
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

function checkPort(port: unknown): void {
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 0 || port > 65_535) throw new ConfigurationError(`port must be a whole number from 0 to 65535; found ${describe(port)}`)
}

/** Throws a `ConfigurationError` that does not repeat a secret. */
function checkSecrets(secrets: unknown = []): string[] {
  const allowed = 'must be a list of strings with 4 or more characters each'
  if (!Array.isArray(secrets)) throw new ConfigurationError(`secrets ${allowed}; found ${typeof secrets === 'string' ? 'a string' : describe(secrets)}`)
  return Array.from(secrets, (secret: unknown, index) => {
    if (typeof secret !== 'string') throw new ConfigurationError(`secrets ${allowed}; secrets[${index}] is no string`)
    if (secret.length < leastSecret) throw new ConfigurationError(`secrets ${allowed}; secrets[${index}] has ${secret.length}`)
    return secret
  })
}

function environmentSecrets(): string[] {
  const { FLEXIP_SECRET_KEY, SCW_SECRET_KEY, SCW_ACCESS_KEY } = process.env
  return [FLEXIP_SECRET_KEY, SCW_SECRET_KEY, SCW_ACCESS_KEY].filter((secret) => secret !== undefined)
}

function create(path: string): number {
  try {
    return openSync(path, 'wx', 0o600)
  } catch (error) {
    throw new ConfigurationError(`${path} cannot be created: ${(error as NodeJS.ErrnoException).code === 'EEXIST' ? 'it exists already; name another file' : (error as Error).message}`)
  }
}

function namedValues(raw: string[]): [name: string, value: string][] {
  return raw.flatMap((name, index): [string, string][] => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []))
}

function withoutOwn(headers: [name: string, value: string][]): [name: string, value: string][] {
  return headers.filter(([name]) => !ownHeaders.includes(name.toLowerCase()))
}
