// The emulator on a port: node:http around the core.
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { FlexibleIpEmulator } from '../emulator.js'
import type { RawResponse } from '../emulator/host.js'
import { hostOf } from '../emulator/internals.js'
import { EmulatorTrapError } from '../errors/index.js'
import { Access, pathOf } from './access.js'
import { BodyBudget, BodyTooLarge, TooManyBodies, hasNoBody, readBody } from './body.js'
import { control } from './control.js'
import { deliver, sendJson, sendPreflight, sendRefusal, untilClosed } from './delivery.js'
import { StateError } from './store/error.js'

/** Limits on the resources that clients can take. */
export interface Limits {
  /** The largest body of a request, in bytes. */
  bodyBytes: number
  /** The largest body of all requests together that are being received, in bytes. */
  openBodyBytes: number
  /** The largest snapshot that is sent to `/_emulator/snapshot`, in bytes, and the largest body of all control requests together. */
  controlBodyBytes: number
  /** The largest head of a request, in bytes. */
  headBytes: number
  /** The largest number of headers of a request. */
  headers: number
  /** The longest time that a client may take to send a head, in milliseconds. */
  headMs: number
  /** The longest time that a client may take to send a request, in milliseconds. */
  requestMs: number
  /** The largest number of open connections. Further connections are refused. */
  connections: number
}

interface ServerParts {
  emulator: FlexibleIpEmulator
  limits: Limits
  version: string
  /** Resolves when the inputs so far are on disk. Returns `undefined` if nothing has to be waited for. */
  whenDurable: () => Promise<void> | undefined
}

const empty = new Uint8Array(0)
const prefix = '/_emulator/'

export function createHttpServer({ emulator, limits, version, whenDurable }: ServerParts): Server {
  const host = hostOf(emulator)
  const access = new Access(host.core)
  const bodies = new BodyBudget(limits.openBodyBytes)
  const controlBodies = new BodyBudget(limits.controlBodyBytes)
  const server = createServer(
    {
      maxHeaderSize: limits.headBytes,
      headersTimeout: limits.headMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: 1000,
      keepAliveTimeout: 60_000,
      noDelay: true,
    },
    (request, response) => {
      route(request, response).catch((error: unknown) => handleError(error, request, response))
    },
  )
  server.maxConnections = limits.connections
  // Node would leave out the headers above a number without a word, and `Host` or `Origin` with them.
  server.maxHeadersCount = 0

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.rawHeaders.length > 2 * limits.headers) {
      return sendRefusal(request, response, 431, { message: `the request has over ${limits.headers} headers` })
    }
    const refusal = access.refusal(request)
    if (refusal) return sendRefusal(request, response, 401, { message: refusal, type: 'denied_authentication' })
    // A client may send the whole URL as the target, as to a proxy.
    const target = pathOf(request.url ?? '/')
    if (request.method === 'OPTIONS' && request.headers['access-control-request-method']) {
      if (access.allowsPage(request)) return sendPreflight(request, response)
      return sendRefusal(request, response, 403, { message: 'pages may not send this request without a secret key of your own' })
    }
    if (target.startsWith(prefix)) return handleControl(request, response, target.slice(prefix.length).split('?')[0] ?? '')
    const raw = await handle(request, target)
    const durable = whenDurable()
    if (durable) await durable
    const { clock } = host
    if (raw.delayMs > 0) await untilClosed(response, (signal) => clock.sleep(raw.delayMs, signal))
    await deliver(raw, request, response, { isClosing: !server.listening, clock })
  }

  // Apart from `route`, so that the body is not held while its response is delayed.
  async function handle(request: IncomingMessage, target: string): Promise<RawResponse> {
    const body = hasNoBody(request) ? empty : await readBody(request, limits.bodyBytes, bodies)
    return host.handle(request.method ?? 'GET', target, request.rawHeaders.join('\n'), body)
  }

  async function handleControl(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (path === 'health') {
      await whenDurable()
      host.checkCore()
      return sendJson(request, response, 200, { status: 'ok', version })
    }
    const refusal = access.controlRefusal(request)
    if (refusal) return sendRefusal(request, response, 401, { message: `${prefix}${path}: ${refusal}`, type: 'denied_authentication' })
    const limit = path === 'snapshot' ? limits.controlBodyBytes : limits.bodyBytes
    const body = hasNoBody(request) ? empty : await readBody(request, limit, controlBodies)
    const result = control(emulator, request.method ?? 'GET', path, new TextDecoder().decode(body))
    await whenDurable()
    sendJson(request, response, result.status, result.body)
  }

  return server
}

function handleError(error: unknown, request: IncomingMessage, response: ServerResponse): void {
  if (error instanceof BodyTooLarge) return sendJson(request, response, 413, { message: 'the body of the request is too large' })
  if (error instanceof TooManyBodies) return sendJson(request, response, 503, { message: 'the bodies of all requests together are too large: try again' })
  if (response.headersSent || request.socket.destroyed) {
    response.destroy()
    return
  }
  if (error instanceof StateError || error instanceof EmulatorTrapError) return sendJson(request, response, 500, { message: error.message })
  console.error(error)
  sendJson(request, response, 500, { message: 'internal error' })
}
