// The emulator behind Mock Service Worker.
import { ConfigurationError } from '../errors/index.js'

/** The part of MSW's `http` that is used. The caller passes it in, so that this package does not depend on MSW. */
export interface MswHttp<Handler> {
  /** Handles the requests of a path, with any method. */
  all(path: string, resolver: (info: { request: Request }) => Promise<Response>): Handler
}

/** The part of an emulator that is used. */
export interface Fetchable {
  /** Responds to a request. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>
}

/** The options of the handlers. */
export interface HandlerOptions {
  /**
   * Where the code under test sends its requests: a URL, or in a page a path of the page's origin, such as
   * `/scaleway`, or `/` for the origin alone. `https://api.scaleway.com` if absent.
   */
  baseUrl?: string
}

/** The paths that the emulator serves. Other products of the same host are left to other handlers. */
const paths = ['flexible-ip/*', 'baremetal/v1/zones/:zone/servers', 'baremetal/v1/zones/:zone/servers/:serverId', 'baremetal/v1/zones/:zone/offers', 'baremetal/v1/zones/:zone/offers/:offerId', 'metadata']

/**
 * Returns the request handlers of MSW with which an emulator stands in for the API. Throws a `ConfigurationError` for an
 * argument with which no request would reach the emulator.
 *
 * @example
 * import { http } from 'msw'
 * import { setupServer } from 'msw/node'
 * import { FlexibleIpEmulator } from 'flexip/emulator'
 * import { flexibleIpHandlers } from 'flexip/msw'
 *
 * const emulator = new FlexibleIpEmulator({ seed: 1 })
 * const server = setupServer(...flexibleIpHandlers(http, emulator))
 * server.listen({ onUnhandledRequest: 'error' })
 */
export function flexibleIpHandlers<Handler>(http: MswHttp<Handler>, emulator: Fetchable, options: HandlerOptions = {}): Handler[] {
  const { baseUrl = 'https://api.scaleway.com' } = checkArguments(http, emulator, options)
  const base = baseUrl.replace(/\/+$/, '')
  const prefix = new URL(base, 'http://page.invalid').pathname.replace(/\/$/, '')
  return paths.map((path) => http.all(`${base}/${path}`, ({ request }) => respond(emulator, request, prefix)))
}

/** Checks the arguments, which may be of a caller without types. Returns the options. */
function checkArguments(http: unknown, emulator: unknown, options: unknown): HandlerOptions {
  if (!hasMethod(http, 'all')) throw new ConfigurationError("the first argument must be the http of Mock Service Worker: import { http } from 'msw'")
  if (!hasMethod(emulator, 'fetch')) throw new ConfigurationError('the second argument must be an emulator, or another object with fetch')
  if (typeof options !== 'object' || options === null) throw new ConfigurationError('the options must be an object with baseUrl, or absent')
  const unknown = Object.keys(options).find((name) => name !== 'baseUrl')
  if (unknown !== undefined) throw new ConfigurationError(`there is no option ${unknown}; there is baseUrl`)
  const { baseUrl } = options as HandlerOptions
  if (baseUrl !== undefined && !isBaseUrl(baseUrl)) throw new ConfigurationError('baseUrl must be an http or https URL, or a path that begins with one slash, without a user, a query and a fragment')
  return options
}

function hasMethod(value: unknown, name: string): boolean {
  return value !== null && value !== undefined && typeof (value as Record<string, unknown>)[name] === 'function'
}

function isBaseUrl(value: unknown): boolean {
  if (typeof value !== 'string' || /[?#]|^\/\//.test(value)) return false
  try {
    const { protocol, username, password } = new URL(value.startsWith('/') ? `http://page.invalid${value}` : value)
    return /^https?:$/.test(protocol) && username + password === ''
  } catch {
    return false
  }
}

/** Passes a request to the emulator, without the prefix of its path. */
async function respond(emulator: Fetchable, request: Request, prefix: string): Promise<Response> {
  const { method, headers, signal } = request
  const url = new URL(request.url)
  url.pathname = url.pathname.slice(prefix.length)
  const body = await request.arrayBuffer()
  try {
    const response = await emulator.fetch(url, { method, headers, signal, ...(body.byteLength > 0 && { body }) })
    // Its body is decoded. MSW would decode it again.
    response.headers.delete('Content-Encoding')
    return response
  } catch (error) {
    // A fault broke the connection, or the caller aborted. MSW expects `Response.error()` for both.
    if (error instanceof TypeError || signal.aborted) return Response.error()
    throw error
  }
}
