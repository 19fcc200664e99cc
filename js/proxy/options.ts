// The options of a proxy.
import { ConfigurationError, type InvalidArgument } from '../errors/index.js'
import type { ProxyAuditEvent } from './audit.js'
import { type ProxyPolicy, isRecord, policyProblems, problem, unknownFields } from './policy.js'

/** A caller: what `authorize` returned, with any further fields. */
export interface ProxyCaller {
  /** What names the caller in the audit and counts its requests. */
  readonly id: string
}

/** Sends a request to the service: what `fetch` does. */
export type ProxyFetch = (url: string, init: ProxyRequestInit) => Promise<Response>

/** What the proxy passes to `fetch`. */
export interface ProxyRequestInit {
  /** The method of HTTP. */
  method: string
  /** The headers, with the key. */
  headers: Record<string, string>
  /** The body, as JSON. */
  body?: string
  /** Redirections are not followed: they could carry the key to another host. */
  redirect: 'manual'
  /** Aborted when the service takes longer than `timeoutMs`, and of a read when its caller has gone. */
  signal: AbortSignal
}

/** What a caller may use up. */
export interface ProxyLimits {
  /** The largest body of a request, in bytes. 65,536 if absent. */
  bodyBytes?: number | undefined
  /** The longest time that a body may take to arrive, in milliseconds. 10,000 if absent. */
  bodyMs?: number | undefined
  /** How many requests a minute, which may come at once. 600 if absent. */
  requestsPerMinute?: number | undefined
  /** How many requests at the same time. 50 if absent. */
  concurrency?: number | undefined
}

/** The options of a proxy. */
export interface ProxyOptions<Caller extends ProxyCaller> {
  /**
   * Finds the caller of a request by its cookie or its `Authorization`; `undefined` refuses it with a 401. It must
   * not read the body. Write it before functions of the caller: TypeScript then knows all fields of the caller in them.
   */
  authorize: (request: Request) => Caller | undefined | Promise<Caller | undefined>
  /** The secret key, or a function that gives the key of a caller, so that the service's own permissions and audit stay true. No response contains it. */
  secretKey: string | ((caller: Caller) => string | Promise<string>)
  /** What callers may do, or a function that gives the policy of a caller. */
  policy: ProxyPolicy | ((caller: Caller) => ProxyPolicy | Promise<ProxyPolicy>)
  /** The origins of the pages that may call, such as `https://console.example`: also the proxy's own. */
  origins: readonly string[]
  /**
   * Whether a request without `Origin` is refused, unless it reads from the same origin. `true` if absent. Set it to
   * `false` for scripts, and only if `authorize` uses no cookie.
   */
  requireOrigin?: boolean | undefined
  /** Headers, besides `Accept` and `Content-Type`, that pages of other origins may send, such as `Authorization`. */
  allowHeaders?: readonly string[] | undefined
  /** The path in front of the service's paths, such as `/api/scaleway`. None if absent. */
  basePath?: string | undefined
  /** The address of the service. `https://api.scaleway.com` if absent. */
  baseUrl?: string | undefined
  /** The `fetch` that sends requests to the service. If absent, the global one, which is read at each request. */
  fetch?: ProxyFetch | undefined
  /**
   * The longest time that the service may take for one request, in milliseconds, and that each call of `authorize`,
   * `limits`, `policy`, `secretKey` and `onAudit` may. 30,000 if absent.
   */
  timeoutMs?: number | undefined
  /** What callers may use up, or a function that gives the limits of a caller. */
  limits?: ProxyLimits | ((caller: Caller) => ProxyLimits | Promise<ProxyLimits>) | undefined
  /**
   * Whether the server of an attach or a create is read first, and refused if it belongs to a Project outside the policy.
   * `true` if absent. The key must then be allowed to read Elastic Metal servers.
   */
  checkServers?: boolean | undefined
  /** Receives an event for each call, whatever refuses it. The response waits for its promise, for at most `timeoutMs`. What it throws is dropped. */
  onAudit?: ((event: ProxyAuditEvent) => void | Promise<void>) | undefined
}

/** The options with their defaults. */
export interface CheckedOptions<Caller extends ProxyCaller> extends ProxyOptions<Caller> {
  requireOrigin: boolean
  allowHeaders: readonly string[]
  basePath: string
  baseUrl: string
  timeoutMs: number
  checkServers: boolean
}

const fields = ['secretKey', 'authorize', 'policy', 'origins', 'requireOrigin', 'allowHeaders', 'basePath', 'baseUrl', 'fetch', 'timeoutMs', 'limits', 'checkServers', 'onAudit']

/** Checks the options. Throws a `ConfigurationError` that names every invalid one. */
export function checkOptions<Caller extends ProxyCaller>(options: ProxyOptions<Caller>): CheckedOptions<Caller> {
  const { secretKey, authorize, policy, origins, requireOrigin = true, allowHeaders = [], basePath = '', baseUrl = 'https://api.scaleway.com', fetch, timeoutMs = 30_000, limits, checkServers = true, onAudit } = options
  const problems = [
    ...unknownFields('', options, fields),
    // No message repeats the value: it may be a key.
    ...unless(typeof secretKey === 'function' || isKey(secretKey), 'secretKey', 'value must be visible ASCII characters, or a function'),
    ...unless(typeof authorize === 'function', 'authorize', 'value must be a function'),
    ...(typeof policy === 'function' ? [] : policyProblems(policy)),
    ...unless(Array.isArray(origins) && origins.every(isOrigin), 'origins', 'value must be a list of origins, such as https://console.example, without a path'),
    ...unless(typeof requireOrigin === 'boolean', 'requireOrigin', 'value must be true or false'),
    ...unless(Array.isArray(allowHeaders) && allowHeaders.every((name) => /^[\w-]+$/.test(name)), 'allowHeaders', 'value must be a list of the names of headers'),
    ...unless(/^(\/[\w.~-]+)*$/.test(basePath) && !/\/\.\.?(\/|$)/.test(basePath), 'basePath', 'value must be a path such as /api/scaleway, without a final slash'),
    ...unless(isBaseUrl(baseUrl), 'baseUrl', 'value must be an http or https URL without user, query, fragment and final slash'),
    ...unless(fetch === undefined || typeof fetch === 'function', 'fetch', 'value must be a function'),
    ...unless(isPositive(timeoutMs), 'timeoutMs', 'value must be a positive number'),
    ...(typeof limits === 'function' ? [] : limitProblems(limits)),
    ...unless(typeof checkServers === 'boolean', 'checkServers', 'value must be true or false'),
    ...unless(onAudit === undefined || typeof onAudit === 'function', 'onAudit', 'value must be a function'),
  ]
  refuseProblems(problems)
  return { ...options, requireOrigin, allowHeaders, basePath, baseUrl, timeoutMs, checkServers }
}

/** Throws a `ConfigurationError` if there are problems. */
export function refuseProblems(problems: readonly InvalidArgument[]): void {
  if (problems.length === 0) return
  const text = problems.map(({ argumentName, helpMessage }) => `${argumentName}: ${helpMessage}`).join('; ')
  throw Object.assign(new ConfigurationError(text), { details: problems })
}

/** The limits with their defaults. */
export function withDefaults({ bodyBytes = 65_536, bodyMs = 10_000, requestsPerMinute = 600, concurrency = 50 }: ProxyLimits = {}) {
  return { bodyBytes, bodyMs, requestsPerMinute, concurrency }
}

/** What is wrong with limits. */
export function limitProblems(limits: unknown): InvalidArgument[] {
  if (limits === undefined) return []
  // A promise has no fields, as if nothing were limited.
  if (!isRecord(limits) || 'then' in limits) return [problem('limits', 'value must be an object')]
  const known = Object.keys(withDefaults())
  const wrong = known.filter((field) => limits[field] !== undefined && !isPositive(limits[field]))
  return [...unknownFields('limits', limits, known), ...wrong.map((field) => problem(`limits.${field}`, 'value must be a positive number'))]
}

/** Whether a value can be a key: it becomes a header as it is. */
export function isKey(value: unknown): value is string {
  return typeof value === 'string' && /^[!-~]+$/.test(value)
}

function unless(isRight: boolean, field: string, help: string): InvalidArgument[] {
  return isRight ? [] : [problem(field, help)]
}

const isPositive = (value: unknown) => typeof value === 'number' && value > 0

function isOrigin(value: unknown): boolean {
  const url = urlOf(value)
  return url !== undefined && url.origin === value && url.origin !== 'null'
}

function isBaseUrl(value: unknown): boolean {
  const url = urlOf(value)
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username + url.password + url.search + url.hash === '' && !String(value).endsWith('/')
}

function urlOf(value: unknown): URL | undefined {
  try {
    return typeof value === 'string' ? new URL(value) : undefined
  } catch {
    return undefined
  }
}
