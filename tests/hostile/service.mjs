// A model of the service, as a `fetch`. It is not the emulator, and shares nothing with it.
//
// Its limits, which make its nastiness fair:
// - Whatever it answers was true at some moment between request and answer. The exceptions: pages of
//   other machines (captive portals, firewalls, gateways), totals that lie, answers out of a cache to
//   requests without `cache: 'no-store'`, and pages that stand for another page. A total or a page
//   that is wrong disagrees with what the same answer or the other pages hold: it can be found out.
// - Work that is done late is accepted within `latest` (nastiness.mjs) after the attempt ended: by an
//   answer, a lost connection, or the client's own timeout. With the transition that follows, it stays
//   within the settling time of the operation.
// - What is answered 429, 503 "connection failure", 401, or fails with ECONNREFUSED, ENOTFOUND or
//   EAI_AGAIN is not done.
// - A refusal in the API's own words is true, but for flaps of the permissions, which last two minutes
//   at most and refuse with a typed 403. Foreign 403s and 404s are not in the API's words.
// - Other programs, tenants and operators change things only by what the rules allow, at any moment.
import * as answers from './answers.mjs'
import { random } from './random.mjs'

const operations = [
  ['GET', /^fips$/, 'list'], ['POST', /^fips$/, 'create'], ['POST', /^fips\/attach$/, 'attach'], ['POST', /^fips\/detach$/, 'detach'],
  ['POST', /^fips\/([^/]+)\/mac$/, 'generate'], ['DELETE', /^fips\/([^/]+)\/mac$/, 'deleteMac'], ['POST', /^fips\/([^/]+)\/mac\/duplicate$/, 'duplicate'],
  ['POST', /^fips\/([^/]+)\/mac\/move$/, 'move'], ['GET', /^fips\/([^/]+)$/, 'get'], ['PATCH', /^fips\/([^/]+)$/, 'update'],
  ['DELETE', /^fips\/([^/]+)$/, 'delete'], ['GET', /^servers\/([^/]+)$/, 'server'],
]

const address = /^https:\/\/api\.scaleway\.com\/(?:flexible-ip\/v1alpha1|baremetal\/v1)\/zones\/([^/]+)\/([^?]*)\??(.*)$/

const none = new URLSearchParams()

/** What a request is about. */
function parse(url, init) {
  const parts = address.exec(url)
  const method = init.method ?? 'GET'
  if (parts) {
    for (const [verb, path, op] of operations) {
      const found = verb === method ? path.exec(parts[2]) : null
      if (found) return { op, method, url, zone: parts[1], id: found[1], path: parts[2], query: parts[3] ? new URLSearchParams(parts[3]) : none, body: init.body === undefined ? {} : JSON.parse(init.body), change: method !== 'GET' }
    }
  }
  return { op: 'unknown', method, url, zone: '', path: url, query: new URLSearchParams(), body: {}, change: method !== 'GET' }
}

const header = (headers, name) => {
  if (typeof headers?.get === 'function') return headers.get(name)
  for (const key of Object.keys(headers ?? {})) if (key.toLowerCase() === name) return headers[key]
}

export class Service {
  requests = []
  met = {}
  #cache = new Map()
  #counts = new Map()

  constructor(world) {
    this.world = world
  }

  /** The `fetch` of a client. */
  fetch = (url, init) => {
    const { truth, clock, plans } = this.world
    const request = parse(String(url), init)
    request.from = header(init.headers, 'x-call') ?? 'none'
    request.k = (this.#counts.get(request.from) ?? 0) + 1
    this.#counts.set(request.from, request.k)
    Object.assign(request, { n: this.requests.length + 1, sent: truth.mark(), at: clock.now, key: header(init.headers, 'x-auth-token'), init, effects: [], answer: undefined })
    this.requests.push(request)
    truth.say(() => `#${request.n} ${request.from} sends ${request.method} ${this.world.short(`${request.path}${request.query.size ? `?${request.query}` : ''}`)}${request.change && init.body ? ` ${this.world.short(init.body)}` : ''}`)
    const { signal } = init
    if (signal?.aborted) return Promise.reject(signal.reason)
    const plan = plans.plan(request)
    request.plan = plan
    if (plan.kind) this.met[plan.kind] = (this.met[plan.kind] ?? 0) + 1
    return new Promise((resolve, reject) => {
      const lateWork = () => {
        if (plan.work !== 'late' || request.lateIsSet) return
        request.lateIsSet = true
        clock.after(plan.lateBy, () => this.#perform(request))
      }
      const abandon = () => {
        if (request.ended !== undefined) return
        request.abandoned = truth.mark()
        truth.say(() => `    #${request.n} is abandoned by the client`)
        lateWork()
        if (!plan.deaf) reject(signal.reason)
      }
      signal?.addEventListener('abort', abandon, { once: true })
      clock.after(plan.arrive, () => {
        request.arrived = truth.mark()
        this.world.interfere(request, 'before')
        if (plan.work === 'now') this.#perform(request)
        if (plan.work === 'now' && request.change) this.world.interfere(request, 'after')
      })
      if (plan.reply === 'torn') clock.after(plan.arrive + (plan.answer - plan.arrive) / 2, () => this.world.tear(request))
      if (plan.reply === 'never') return
      clock.after(Math.max(plan.answer, plan.arrive), () => {
        lateWork()
        signal?.removeEventListener('abort', abandon)
        this.#reply(request, plan, resolve, reject)
      })
    })
  }

  #perform(request) {
    const { rules, permissions, keys } = this.world
    if (!rules[request.op]) request.result = answers.json(404, { message: 'no such route' })
    else if (request.key !== keys.current) request.result = answers.authentication()
    else if (permissions.flapping(request)) request.result = request.k % 2 ? answers.denied() : answers.deniedWithoutDetails()
    else request.result = rules.perform(request)
  }

  #reply(request, plan, resolve, reject) {
    const { truth } = this.world
    const fail = (code, message) => {
      request.ended = truth.mark()
      request.answer = { failed: code }
      truth.say(() => `#${request.n} fails: ${message}`)
      const error = new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) })
      if (plan.leak) this.#leak(error, request)
      reject(error)
    }
    const { reply } = plan
    if (['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'].includes(reply)) return fail(reply, `connect ${reply} api.scaleway.com:443`)
    if (reply === 'dropped') return fail('ECONNRESET', 'read ECONNRESET')
    let answer = request.result
    if (reply === 'foreign') answer = answers.foreign[plan.page]()
    else if (reply === '504') answer = answers.json(504, { message: 'upstream request timeout' })
    else if (reply === '502') answer = { status: 502, text: '<html>Bad Gateway</html>', type: 'text/html' }
    else if (reply === '500') answer = answers.internal()
    else if (reply === '500html') answer = { status: 500, text: '<html>Internal Server Error</html>', type: 'text/html' }
    else if (reply === '503') answer = answers.unreachable()
    else if (reply === '429') answer = { status: 429, text: '', type: null, headers: { 'x-envoy-ratelimited': 'true', ...(plan.retryAfter !== undefined && { 'retry-after': plan.retryAfter === 'date' ? new Date(this.world.clock.date.getTime() + 4000).toUTCString() : plan.retryAfter }) } }
    else if (reply === 'cache') answer = this.#cached(request) ?? answer
    else if (request.op === 'list' && answer?.status === 200) answer = this.#list(request, plan) ?? answer
    if (reply === 'truncated') {
      if (!answer || answer.status !== 200 || plan.work !== 'now') return fail('UND_ERR_SOCKET', 'other side closed')
      answer = { ...answer, text: answer.text.slice(0, Math.floor(answer.text.length / 2)), cut: plan.chance.chance(0.5) }
    }
    if (answer === undefined) return fail('ECONNRESET', 'read ECONNRESET')
    if (request.method === 'GET' && answer.status === 200 && answer === request.result) this.#cache.set(request.url, answer)
    resolve(this.#response(request, answer))
  }

  #cached(request) {
    return request.init.cache === 'no-store' ? undefined : this.#cache.get(request.url)
  }

  // A list that is torn, out of order, another page, or lies about its total.
  #list(request, { reply, chance }) {
    const { truth, rules } = this.world
    const match = rules.members(request)
    if (reply === 'torn') {
      const views = []
      for (const slot of truth.slots) {
        const seen = truth.window(slot, request.arrived, truth.moment).map(({ view }) => view)
        const matching = seen.filter(match)
        // An absence is an answer too: only of what was absent at some moment.
        if (matching.length && (matching.length === seen.length || chance.chance(0.7))) views.push(chance.one(matching))
      }
      return rules.page(request, views)
    }
    const views = truth.slots.map((slot) => rules.view(slot)).filter(match)
    if (reply === 'shift') {
      const by = chance.below(views.length + 1)
      return rules.page(request, chance.chance(0.3) ? views.reverse() : [...views.slice(by), ...views.slice(0, by)])
    }
    if (reply === 'repeat') return rules.page(Object.assign(request, { page: chance.between(1, Math.max(1, Number(request.query.get('page') ?? 1))) }), views)
    if (reply === 'total') {
      rules.page(request, views)
      const size = Number(request.query.get('page_size') ?? 20), before = (Number(request.query.get('page') ?? 1) - 1) * size
      const low = request.read.length > 0 && chance.chance(0.5)
      return rules.page(request, views, low ? Math.max(0, before + request.read.length - 1 - chance.below(2)) : views.length + 1 + chance.below(150))
    }
    if (reply === 'unfiltered' && request.query.getAll('tags').some((tag) => tag.startsWith('idempotency:'))) {
      request.ignoresTags = true
      return rules.list(request)
    }
  }

  #response(request, answer) {
    const { truth, clock } = this.world
    const requestId = `${String(request.n).padStart(8, '0')}-1111-4111-9111-${String(this.world.seed).padStart(12, '0').slice(-12)}`
    const headers = { 'x-request-id': answer.type === 'text/html' || answer.opaque ? null : requestId, 'content-type': answer.type, date: clock.date.toUTCString(), ...answer.headers }
    request.ended = truth.mark()
    request.answer = { status: answer.status, text: answer.text, requestId: headers['x-request-id'] ?? undefined, cut: answer.cut }
    truth.say(() => `#${request.n} is answered ${answer.status}${request.plan.kind ? ` (${request.plan.kind}${request.plan.page ? ` ${request.plan.page}` : ''})` : ''}${answer.cut ? ', cut' : ''}${request.op === 'list' && request.read && answer.status === 200 ? `: ${this.world.summary(answer.text)}` : ''}`)
    return {
      status: answer.status, ok: answer.status >= 200 && answer.status < 300, url: answer.opaque ? '' : request.url, redirected: false, type: answer.opaque ? 'opaqueredirect' : 'basic', statusText: '', body: null,
      headers: { get: (name) => headers[String(name).toLowerCase()] ?? null },
      text: () => (answer.cut ? Promise.reject(new TypeError('terminated', { cause: Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' }) })) : Promise.resolve(answer.text)),
    }
  }

  // As some fetch libraries do: what is thrown holds the request with its headers.
  #leak(error, request) {
    const { key } = request
    const chance = random(this.world.seed, 'leak', request.n)
    const hidden = { headers: { ...request.init.headers }, url: request.url }
    const place = chance.below(7)
    if (place === 0) error.request = hidden
    else if (place === 1) error.cause.headers = new Map(Object.entries(request.init.headers))
    else if (place === 2) error[Symbol('request')] = hidden
    else if (place === 3) Object.defineProperty(error, 'config', { get: () => hidden })
    else if (place === 4) error.message += ` with x-auth-token: ${key}`
    // The code stays: it shows that nothing was sent.
    else if (place === 5) error.cause = { code: error.cause.code, cause: { message: `token=${key}`, response: hidden } }
    else error.request = new Headers({ 'x-auth-token': String(key) })
  }
}
