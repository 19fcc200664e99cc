// The proxy: what is checked, in which order, and what is sent to the service.
import type { ProxyAuditEvent } from './audit.js'
import { readBytes } from './body.js'
import { limited } from './limited.js'
import { type Found, findRow, isServerOperation, pathOf, type Row } from './operations.js'
import { type CheckedOptions, type ProxyCaller, type ProxyOptions, checkOptions, limitProblems, refuseProblems, withDefaults } from './options.js'
import { corsHeaders, originRefusal, preflight } from './origin.js'
import { allowedProjects, hasZone, isUuid, isZone, policyProblems } from './policy.js'
import { CallerRates } from './rate.js'
import { Refusal, denied, gone, invalidArgument, refused } from './refusal.js'
import { type Question, checkHeaders, namesIn, readBody, readQuery, urlMax } from './request.js'
import { withoutCredentials } from './servers.js'
import { type Answer, NoAnswer, Service, projectOf } from './service.js'
import { receiveUnreadable } from './unreadable.js'

/** How many flexible IPs of a request are read at the same time. */
const readsAtOnce = 8

/** The header of a 401 of the proxy, for pages that show why. */
const refusedCaller = 'X-Flexip-Refused'

/** What is known of a call so far, for its audit event. */
type Call = Omit<ProxyAuditEvent, 'at' | 'outcome' | 'status' | 'durationMs'>

/**
 * Makes a handler that forwards requests of the Flexible IP API with a key that callers never see. What is forwarded is
 * built anew from what was checked. Throws a `ConfigurationError` that names every invalid option.
 *
 * @example
 * import { createProxy } from 'flexip/proxy'
 *
 * const proxy = createProxy({
 *   authorize: (request) => findUser(request.headers.get('cookie')),
 *   secretKey: process.env.SCW_SECRET_KEY,
 *   basePath: '/api/scaleway',
 *   origins: ['https://console.example'],
 *   policy: { grants: [{ projects: ['11111111-2222-4333-8444-555555555555'], zones: ['fr-par-1'] }] },
 * })
 */
export function createProxy<Caller extends ProxyCaller>(options: ProxyOptions<Caller>): (request: Request) => Promise<Response> {
  const checked = checkOptions(options)
  const rates = new CallerRates()
  const find = (method: string, path: string) => findRow(method, path.startsWith(`${checked.basePath}/`) ? path.slice(checked.basePath.length) : '')
  const audit = async (call: Call, outcome: ProxyAuditEvent['outcome'], status: number, startedAt: number) => {
    try {
      await limited('onAudit', () => checked.onAudit?.({ ...call, at: new Date(), outcome, status, durationMs: Date.now() - startedAt }), checked.timeoutMs)
    } catch {
      // A listener that throws, or never ends, must not change the answer.
    }
  }
  const proxy = async (request: Request): Promise<Response> => {
    const startedAt = Date.now()
    const { method } = request
    const url = new URL(request.url)
    const path = url.pathname
    const found = find(method, path)
    if (method === 'OPTIONS') {
      const allowed = 'methods' in found && preflight(request, checked, found.methods)
      if (allowed) return allowed
      const wanted = find(request.headers.get('access-control-request-method') ?? '', path)
      await audit({ method, path, ...namesOf(wanted), reason: 'this preflight is not allowed' }, 'refused', 403, startedAt)
      return new Response(null, { status: 403, headers: { Vary: 'Origin' } })
    }
    const call: Call = { method, path, ...namesOf(found) }
    let outcome: ProxyAuditEvent['outcome']
    let answer: Pick<Answer, 'status' | 'text' | 'headers'>
    try {
      const passed = await handle(request, url, found, call, checked, rates)
      if (passed.requestId !== undefined) call.requestId = passed.requestId
      ;[outcome, answer] = ['answered', passed]
    } catch (thrown) {
      ;[outcome, answer] = failure(thrown, call)
    }
    await audit(call, outcome, answer.status, startedAt)
    return respond(answer, request.headers.get('origin'), checked.origins)
  }
  receiveUnreadable(proxy, ({ method, target }) => {
    // A whole URL can have a password.
    const [path = ''] = target.slice(0, urlMax).replace(/^([\w+.-]+:)?\/\/[^/?#]*@/, '$1//').split(/[?#]/, 1)
    return audit({ method, path, ...namesOf(find(method, meantPath(target))), reason: 'the request cannot be read' }, 'refused', 400, Date.now())
  })
  return proxy
}

/** The path that a target means, once its dots and backslashes are resolved. */
function meantPath(target: string): string {
  try {
    return new URL(target, 'http://proxy.invalid').pathname
  } catch {
    return ''
  }
}

/** What a path names, for the audit: also the path of a call that is refused. */
function namesOf(found: Found): Pick<Call, 'operation' | 'zone' | 'fipIds' | 'serverId'> {
  const { zone, id } = found
  const operation = 'row' in found ? found.row.operation : undefined
  const named = isUuid(id) ? id.toLowerCase() : undefined
  const isServer = operation !== undefined && isServerOperation(operation)
  return {
    ...(operation !== undefined && { operation }),
    ...(isZone(zone) && { zone }),
    fipIds: named === undefined || isServer ? [] : [named],
    ...(named !== undefined && isServer && { serverId: named }),
  }
}

async function handle<Caller extends ProxyCaller>(
  request: Request,
  url: URL,
  found: Found,
  call: Call,
  options: CheckedOptions<Caller>,
  rates: CallerRates,
): Promise<Answer> {
  const wrongOrigin = originRefusal(request, options)
  if (wrongOrigin) throw wrongOrigin
  if (request.url.length > urlMax) throw refused(414, 'the URL is too long')
  if ('methods' in found) {
    if (found.methods.length === 0) throw refused(404, 'the proxy has no such path')
    throw refused(405, 'the path has no such method', { Allow: found.methods.join(', ') })
  }
  const { row, zone, id } = found
  if (!isZone(zone)) throw invalidArgument('zone', 'format', 'value must be a zone, such as fr-par-1')
  if (id !== undefined && !isUuid(id)) throw invalidArgument(isServerOperation(row.operation) ? 'server_id' : 'fip_id', 'format', 'value must be a valid UUID')

  const { timeoutMs } = options
  const { signal } = request
  const caller = await limited('authorize', () => options.authorize(request), timeoutMs, signal)
  if (caller === undefined || caller === null) {
    // The body is that of the service, for clients; the header says that the service has refused nothing.
    throw new Refusal(401, { message: 'authentication is denied', method: 'unknown_method', reason: 'not_found', type: 'denied_authentication' }, { [refusedCaller]: 'caller' })
  }
  if (typeof caller.id !== 'string' || caller.id === '') throw new TypeError('authorize gave a caller without an id')
  call.caller = caller.id
  const ofCaller = async <Value>(name: string, option: Value | ((caller: Caller) => Value | Promise<Value>)): Promise<Value> =>
    isFunction(option) ? limited(name, () => option(caller), timeoutMs, signal) : option
  const ownLimits = await ofCaller('limits', options.limits)
  refuseProblems(limitProblems(ownLimits))
  const limits = withDefaults(ownLimits)
  const end = rates.begin(caller.id, limits.requestsPerMinute, limits.concurrency)
  if (typeof end === 'number') {
    throw new Refusal(429, { message: 'too many requests', help_message: 'the limit of the proxy for this caller', type: 'too_many_requests' }, { 'Retry-After': String(end) })
  }
  try {
    // Before the refusals, so that the audit has what the body names.
    const bytes = await readBytes(request, limits.bodyBytes, limits.bodyMs)
    const names = namesIn(bytes, row)
    call.fipIds = [...new Set([...call.fipIds, ...names.fipIds])]
    if (names.serverId !== undefined) call.serverId = names.serverId
    const policy = await ofCaller('policy', options.policy)
    refuseProblems(policyProblems(policy))
    // Not the service's refusal: a client that searches all zones then leaves this one out.
    if (!hasZone(policy, zone)) throw refused(404, 'the proxy does not serve this zone')
    const projects = allowedProjects(policy, row, zone)
    if (projects.size === 0) throw denied(row.method === 'GET' ? 'read' : 'write', isServerOperation(row.operation) ? 'server' : 'flexible-ip')
    checkHeaders(request, row)
    const asked = readQuery(url.search, row)
    const question: Question = { ...readBody(bytes, request.headers.get('content-length'), row), query: asked.query }
    if (row.query) question.projectId = asked.projectId
    if (id !== undefined && !isServerOperation(row.operation)) question.fipIds = [...new Set([id.toLowerCase(), ...question.fipIds])]
    const key = await ofCaller('secretKey', options.secretKey)
    const service = new Service({ baseUrl: options.baseUrl, fetch: options.fetch, key, timeoutMs, signal })
    return await forward({ row, zone, id: id?.toLowerCase(), question, projects, call, service, signal, checkServers: options.checkServers })
  } finally {
    end()
  }
}

function isFunction<Value, Caller>(option: Value | ((caller: Caller) => Value | Promise<Value>)): option is (caller: Caller) => Value | Promise<Value> {
  return typeof option === 'function'
}

interface Checked {
  row: Row
  zone: string
  id: string | undefined
  question: Question
  /** The Projects in which the caller may do this. */
  projects: ReadonlySet<string>
  call: Call
  service: Service
  signal: AbortSignal
  checkServers: boolean
}

/** Sends a checked request, after reading what it names. */
async function forward({ row, zone, id, question, projects, call, service, signal, checkServers }: Checked): Promise<Answer> {
  const { query, body, fipIds, serverId } = question
  const path = pathOf(row, zone, id)
  const shown = isServerOperation(row.operation) ? withoutCredentials : undefined
  switch (row.operation) {
    case 'listFlexibleIPs':
    case 'listServers': {
      const project = forcedProject(question.projectId, projects, row)
      call.projectId = project
      const answer = await service.send(row.method, path, [...query, ['project_id', project]], undefined, shown)
      const field = row.operation === 'listServers' ? 'servers' : 'flexible_ips'
      return isFailure(answer) || areOf(answer.json, field, project) ? answer : refuseAnswer()
    }
    case 'getFlexibleIP':
    case 'getServer': {
      const answer = await service.send(row.method, path, [], undefined, shown)
      if (!isFailure(answer)) checkProject(answer, id, projects, 'read', row.operation === 'getServer' ? 'server' : 'flexible-ip')
      return answer
    }
    case 'createFlexibleIP':
      call.projectId = forcedProject(question.projectId, projects, row)
  }
  const failed = await readAll(zone, fipIds, checkServers ? serverId : undefined, projects, service).catch((thrown: unknown) => {
    // The change itself is not sent.
    throw thrown instanceof NoAnswer && signal.aborted ? gone() : thrown
  })
  if (failed) return failed
  if (signal.aborted) throw gone()
  return service.send(row.method, path, [], call.projectId === undefined ? body : { ...body, project_id: call.projectId })
}

/** The Project that a list or a create is limited to: the one that it names, or the only one. */
function forcedProject(asked: string | undefined, projects: ReadonlySet<string>, { method }: Row): string {
  if (asked !== undefined) {
    if (projects.has(asked)) return asked
    throw denied(method === 'GET' ? 'read' : 'write', 'flexible-ip')
  }
  const [only, ...others] = projects
  if (only === undefined || others.length > 0) throw invalidArgument('project_id', 'required', 'value is required, because several Projects are allowed here')
  return only
}

/** Reads every flexible IP, and the server, that a change names. Returns the answer of the first that cannot be read; throws if one is another Project's. */
async function readAll(zone: string, fipIds: readonly string[], serverId: string | undefined, projects: ReadonlySet<string>, service: Service): Promise<Answer | undefined> {
  const reads = fipIds.map((id) => ({ id, path: `/flexible-ip/v1alpha1/zones/${zone}/fips/${id}`, resource: 'flexible-ip' as const }))
  const all = serverId === undefined ? reads : [...reads, { id: serverId, path: `/baremetal/v1/zones/${zone}/servers/${serverId}`, resource: 'server' as const }]
  for (let from = 0; from < all.length; from += readsAtOnce) {
    const some = all.slice(from, from + readsAtOnce)
    const answers = await Promise.all(some.map(({ path }) => service.send('GET', path)))
    for (const [index, answer] of answers.entries()) {
      const { id, resource } = some[index] ?? {}
      if (isFailure(answer)) return answer
      checkProject(answer, id, projects, 'write', resource ?? 'flexible-ip')
    }
  }
  return undefined
}

function isFailure({ status }: Answer): boolean {
  return status >= 300
}

/** Refuses what is another Project's. */
function checkProject(answer: Answer, id: string | undefined, projects: ReadonlySet<string>, action: 'read' | 'write', resource: 'flexible-ip' | 'server'): void {
  const project = projectOf(answer.json, id)
  if (project === undefined) throw new NoAnswer(502, 'the service answered with something else than what was read')
  if (!projects.has(project)) throw denied(action, resource)
}

/** Whether all items of a list are of the Project. */
function areOf(json: unknown, field: string, project: string): boolean {
  const items: unknown = Object(json)[field]
  return Array.isArray(items) && items.every((item) => projectOf(item) === project)
}

function refuseAnswer(): never {
  throw new NoAnswer(502, 'the service answered with something else than the list of the Project')
}

/** The response to what was thrown. */
function failure(thrown: unknown, call: Call): [ProxyAuditEvent['outcome'], Pick<Answer, 'status' | 'text' | 'headers'>] {
  if (thrown instanceof Refusal) {
    call.reason = String(thrown.body.message)
    return ['refused', json(thrown.status, thrown.body, thrown.headers)]
  }
  if (thrown instanceof NoAnswer) {
    call.reason = thrown.reason
    return ['failed', json(thrown.status, { message: thrown.reason })]
  }
  // A function of the options failed. What it threw may hold a secret.
  call.reason = 'a function of the options failed'
  return ['failed', json(500, { message: 'internal error' })]
}

function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Pick<Answer, 'status' | 'text' | 'headers'> {
  return { status, text: JSON.stringify(body), headers: { ...headers, 'Content-Type': 'application/json' } }
}

function respond({ status, text, headers }: Pick<Answer, 'status' | 'text' | 'headers'>, origin: string | null, origins: readonly string[]): Response {
  return new Response(status === 204 || status === 205 ? null : text, {
    status,
    headers: {
      ...headers,
      ...corsHeaders(origin, origins),
      'Cache-Control': 'no-store',
      'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
      'X-Content-Type-Options': 'nosniff',
    },
  })
}
