// Which pages may call: the request's Origin and Sec-Fetch-Site, and the headers of CORS.
import { type Refusal, barred } from './refusal.js'

/** What the checks of origins need. */
export interface OriginRules {
  /** The origins of the pages that may call. */
  origins: readonly string[]
  /** Whether requests without an origin are refused. */
  requireOrigin: boolean
  /** The headers that a page of another origin may set. */
  allowHeaders: readonly string[]
}

const methods = ['GET', 'POST', 'PATCH', 'DELETE']

/** Why the origin of a request is refused; `undefined` if it is allowed. */
export function originRefusal({ method, headers }: Request, { origins, requireOrigin }: OriginRules): Refusal | undefined {
  const origin = headers.get('origin')
  const site = headers.get('sec-fetch-site')
  if (origin !== null) {
    if (!origins.includes(origin)) return barred('this origin may not call')
    const isKnown = site === null || site === 'same-origin' || site === 'same-site' || site === 'cross-site'
    return isKnown ? undefined : barred('a request with an Origin and this Sec-Fetch-Site is not from a page')
  }
  // A browser sends no Origin when a page reads from its own origin.
  if (site === 'same-origin' && method === 'GET') return undefined
  if (site !== null) return barred('a page of another origin must send its Origin')
  return requireOrigin ? barred('a request must have an Origin, or Sec-Fetch-Site: same-origin') : undefined
}

/** The response to a preflight of CORS; `undefined` if it is not allowed. */
export function preflight({ headers }: Request, { origins, allowHeaders }: OriginRules, pathMethods: readonly string[]): Response | undefined {
  const origin = headers.get('origin') ?? ''
  const method = headers.get('access-control-request-method') ?? ''
  const asked = (headers.get('access-control-request-headers') ?? '').split(',').map((name) => name.trim().toLowerCase())
  const allowed = ['accept', 'content-type', ...allowHeaders.map((name) => name.toLowerCase())]
  if (!origins.includes(origin) || !methods.includes(method) || !pathMethods.includes(method)) return undefined
  if (!asked.every((name) => name === '' || allowed.includes(name))) return undefined
  return new Response(null, {
    status: 204,
    headers: {
      ...corsHeaders(origin, origins),
      'Access-Control-Allow-Methods': pathMethods.join(', '),
      'Access-Control-Allow-Headers': allowed.join(', '),
      'Access-Control-Max-Age': '600',
    },
  })
}

/** The headers of CORS: only for the named origins. */
export function corsHeaders(origin: string | null, origins: readonly string[]): Record<string, string> {
  if (origin === null || !origins.includes(origin)) return { Vary: 'Origin' }
  return {
    Vary: 'Origin',
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Expose-Headers': 'Retry-After, X-Request-Id',
  }
}
