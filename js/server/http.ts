// The emulator on a port: node:http around the core.
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import type { FlexibleIpEmulator } from '../emulator.js'
import { innardsOf } from '../innards.js'
import { isLocal } from './access.js'
import { TooLarge, hasNoBody, readBody } from './body.js'
import { control } from './control.js'
import { deliver, preflight, reply, whileThere } from './deliver.js'
import { StateError } from './store/error.js'

/** Bounds, so that no client can take all there is. */
export interface Limits {
  /** The largest body of a request, in bytes. */
  bodyBytes: number
  /** The largest body of a request below `/_emulator/`: a snapshot may be large. */
  controlBodyBytes: number
  /** The largest head of a request, in bytes. */
  headBytes: number
  /** How long a client may take to send a head. */
  headMs: number
  /** How long a client may take to send a request. */
  requestMs: number
  /** How many connections there may be; who comes after is turned away. */
  connections: number
}

interface Service {
  emulator: FlexibleIpEmulator
  limits: Limits
  /** Whether only this machine can reach the port. */
  loopback: boolean
  version: string
  /** Resolves when all that was done so far is safe. `undefined`: it is. */
  durable: () => Promise<void> | undefined
}

const nothing = new Uint8Array(0)
const prefix = '/_emulator/'

export function serverOf({ emulator, limits, loopback, version, durable }: Service): Server {
  const emulation = innardsOf(emulator)
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
      route(request, response).catch((error: unknown) => fail(error, request, response))
    },
  )
  server.maxConnections = limits.connections

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A client may write the whole URL, as for a proxy.
    const target = (request.url ?? '/').replace(/^https?:\/\/[^/?]*/, '')
    if (request.method === 'OPTIONS' && request.headers['access-control-request-method']) return preflight(request, response)
    if (target.startsWith(prefix)) return operate(request, response, target.slice(prefix.length).split('?')[0] ?? '')
    const body = hasNoBody(request) ? nothing : await readBody(request, limits.bodyBytes)
    const answer = emulation.answer(request.method ?? 'GET', target, request.rawHeaders.join('\n'), body)
    const safe = durable()
    if (safe) await safe
    const { clock } = emulation
    if (answer.delayMs > 0) await whileThere(response, (signal) => clock.sleep(answer.delayMs, signal))
    await deliver(answer, request, response, { closing: !server.listening, clock })
  }

  async function operate(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    if (path === 'health') {
      await durable()
      return reply(request, response, 200, { status: 'ok', version })
    }
    const token = request.headers['x-auth-token']
    if (!(loopback && isLocal(request)) && token !== emulator.secretKey) {
      const message = `${prefix}${path} needs the secret key in X-Auth-Token, as every use of it that may come from elsewhere than this machine`
      return reply(request, response, 401, { message, type: 'denied_authentication' })
    }
    const body = hasNoBody(request) ? nothing : await readBody(request, limits.controlBodyBytes)
    const answer = control(emulator, request.method ?? 'GET', path, new TextDecoder().decode(body))
    await durable()
    reply(request, response, answer.status, answer.body)
  }

  return server
}

function fail(error: unknown, request: IncomingMessage, response: ServerResponse): void {
  if (error instanceof TooLarge) return reply(request, response, 413, { message: 'the body of the request is too large' })
  if (response.headersSent || request.socket.destroyed) {
    response.destroy()
    return
  }
  if (error instanceof StateError) return reply(request, response, 500, { message: error.message })
  console.error(error)
  reply(request, response, 500, { message: 'internal error' })
}
