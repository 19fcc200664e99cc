// The emulator on a port: node:http around the core.
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { FlexibleIpEmulator } from '../emulator.js'
import type { RawResponse } from '../emulator/host.js'
import { hostOf } from '../emulator/internals.js'
import { Access, pathOf } from './access.js'
import { BodyBudget, BodyTooLarge, TooManyBodies, hasNoBody, readBody, readText } from './body.js'
import { control } from './control.js'
import { deliver, failureMessage, sendJson, sendPreflight, sendRefusal, sendText, untilClosed } from './delivery.js'
import { PlainConnections } from './plain-connections.js'
import { Pipelines } from './pipelines.js'

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

/** The server, and what else closes its connections. */
export interface HttpServer {
  server: Server
  /** Closes the connections that wait for their next request. */
  closeIdle(): void
  closeAll(): void
}

const empty = new Uint8Array(0)
const keepAliveMs = 60_000
/** How often node:http ends the connections that took too long. */
const checkMs = 1000
const prefix = '/_emulator/'

export function createHttpServer({ emulator, limits, version, whenDurable }: ServerParts): HttpServer {
  const host = hostOf(emulator)
  const access = new Access(host.core)
  const bodies = new BodyBudget(limits.openBodyBytes)
  const controlBodies = new BodyBudget(limits.controlBodyBytes)
  const server = createServer(
    {
      maxHeaderSize: limits.headBytes,
      headersTimeout: limits.headMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: checkMs,
      keepAliveTimeout: keepAliveMs,
      noDelay: true,
    },
    (request, response) => {
      if (!pipelines.accept(response)) return
      const fail = (error: unknown): void => handleError(error, request, response)
      try {
        route(request, response)?.catch(fail)
      } catch (error) {
        fail(error)
      }
    },
  )
  server.maxConnections = limits.connections
  // Node would leave out the headers above a number without a word, and `Host` or `Origin` with them.
  server.maxHeadersCount = 0
  // A client may end its side once it has sent its request. Node then drops the responses under way, unless this field is set.
  Object.assign(server, { httpAllowHalfOpen: true })
  const pipelines = new Pipelines(server)
  const plain = new PlainConnections({ server, host, access, limits, bodies, headMs: limits.headMs + checkMs, keepAliveMs, whenDurable })

  /** Most requests are answered at once: a promise for each would take longer than some of them. */
  function route(request: IncomingMessage, response: ServerResponse): Promise<unknown> | undefined {
    const { method = 'GET', url = '/' } = request
    if (request.rawHeaders.length > 2 * limits.headers) {
      sendRefusal(request, response, 431, { message: `the request has over ${limits.headers} headers` })
      return undefined
    }
    const refusal = access.refusal(request)
    if (refusal) {
      sendRefusal(request, response, 401, { message: refusal, type: 'denied_authentication' })
      return undefined
    }
    // A client may send the whole URL as the target, as to a proxy.
    const target = pathOf(url)
    if (method === 'OPTIONS' && request.headers['access-control-request-method']) {
      if (access.allowsPage(request)) sendPreflight(request, response)
      else sendRefusal(request, response, 403, { message: 'pages may not send this request without a secret key of your own' })
      return undefined
    }
    if (target.startsWith(prefix)) return handleControl(request, response, target.slice(prefix.length).split('?')[0] ?? '')
    const received = hasNoBody(request) ? empty : readBody(request, limits.bodyBytes, bodies)
    return pipelines.inTurn(response, received, (body) => respond(request, response, method, target, body))
  }

  // The body ends here: it is not held while its response is delayed.
  function respond(request: IncomingMessage, response: ServerResponse, method: string, target: string, body: Uint8Array): Promise<void> | undefined {
    const raw = host.handle(method, target, request.rawHeaders.join('\n'), body)
    const durable = whenDurable()
    if (durable || raw.delayMs > 0) return respondLater(raw, durable, request, response)
    return deliver(raw, request, response, { isClosing: pipelines.endsWith(response), clock: host.clock })
  }

  async function respondLater(raw: RawResponse, durable: Promise<void> | undefined, request: IncomingMessage, response: ServerResponse): Promise<void> {
    await durable
    const { clock } = host
    if (raw.delayMs > 0) await untilClosed(response, (signal) => clock.sleep(raw.delayMs, signal))
    await deliver(raw, request, response, { isClosing: pipelines.endsWith(response), clock })
  }

  async function handleControl(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (path === 'health') {
      // Of all inputs, those of earlier requests of the connection too.
      await pipelines.inTurn(response, empty, whenDurable)
      host.checkCore()
      return sendJson(request, response, 200, { status: 'ok', version })
    }
    const refusal = access.controlRefusal(request)
    if (refusal) return sendRefusal(request, response, 401, { message: `${prefix}${path}: ${refusal}`, type: 'denied_authentication' })
    const limit = path === 'snapshot' ? limits.controlBodyBytes : limits.bodyBytes
    const received = hasNoBody(request) ? '' : readText(request, limit, controlBodies)
    const result = await pipelines.inTurn(response, received, (body) => control(emulator, request.method ?? 'GET', path, body))
    await whenDurable()
    if (typeof result.body === 'string') await sendText(request, response, result.body)
    else sendJson(request, response, result.status, result.body)
  }

  return {
    server,
    closeIdle: () => {
      plain.closeIdle()
      server.closeIdleConnections()
    },
    closeAll: () => {
      plain.closeAll()
      server.closeAllConnections()
    },
  }
}

function handleError(error: unknown, request: IncomingMessage, response: ServerResponse): void {
  if (error instanceof BodyTooLarge) return sendJson(request, response, 413, { message: error.message })
  if (error instanceof TooManyBodies) return sendJson(request, response, 503, { message: 'the bodies of all requests together are too large: try again' })
  if (response.headersSent || request.socket.destroyed) {
    response.destroy()
    return
  }
  sendJson(request, response, 500, { message: failureMessage(error) })
}
