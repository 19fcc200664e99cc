// Random clients, calls, signals and responses, most of them invalid. The same seed gives the same run.
const ids = ['7c715b98-e683-493a-9e62-109d684e4348', '1c2efc8c-d423-453d-a445-33e41cd2ef32', '5c7d9dd9-7f28-4db6-8436-e2da60fdf4a0']
const key = '11111111-2222-4333-8444-555555555555'

function createRandom(seed) {
  let state = seed >>> 0
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (bound) => Math.floor(fraction() * bound)
  return { fraction, below, one: (list) => list[below(list.length)], chance: (share) => fraction() < share }
}

function throwing() {
  throw new Error('do not touch')
}

export function createHostile(seed, FlexibleIpClient, clock) {
  const { below, one, chance } = createRandom(seed)
  // A new promise each time: a shared one would retain every callback that waits for it.
  const never = () => new Promise(() => {})
  const cycle = {}
  cycle.self = cycle
  const hostileValue = () =>
    one([undefined, null, '', 'text', 0, -1, NaN, Infinity, 1e300, true, 10n, Symbol('hostile'), () => 'called', {}, [], [1], cycle, new Date(NaN),
      Object.create(null), new Proxy({}, { get: throwing, has: throwing, ownKeys: throwing, getOwnPropertyDescriptor: throwing, getPrototypeOf: throwing }),
      { then: throwing }, { then: (resolve) => resolve('then') }, { get message() { return throwing() }, toString: throwing }, '\ud800', 'x'.repeat(1000), '../x'])
  const id = () => (chance(0.9) ? one(ids) : hostileValue())
  const status = () => one(['ready', 'ready', 'attached', 'attached', 'updating', 'detaching', 'error', 'locked', 'unknown', hostileValue()])
  const mac = () => (chance(0.7) ? null : { id: one(ids), mac_address: '52:54:00:12:34:56', mac_type: 'kvm', status: one(['ready', 'used', 'updating', 'deleting', 'error']), created_at: null, updated_at: null, zone: 'fr-par-1' })
  const ip = (own = one(ids)) => ({
    id: own, organization_id: ids[0], project_id: ids[0], description: '', tags: [], updated_at: '2026-01-01T00:00:00Z', created_at: '2026-01-01T00:00:00Z',
    status: status(), ip_address: '51.15.0.1', mac_address: mac(), server_id: one([null, ids[2], ids[1]]), reverse: '', zone: 'fr-par-1',
  })
  const page = () => ({ total_count: chance(0.8) ? below(4) : one([hostileValue(), 250, 1e9]), flexible_ips: chance(0.9) ? Array.from({ length: below(4) }, () => ip()) : hostileValue() })
  const headers = () => {
    const all = { 'x-request-id': 'id', 'retry-after': one([undefined, '1', '0', '99999999999', 'soon', hostileValue()]), 'retry-after-ms': one([undefined, undefined, '5', '-1']) }
    return chance(0.9) ? { get: (name) => all[name] ?? null } : chance(0.5) ? { get: throwing } : hostileValue()
  }
  const bodyFor = (url) => {
    const kind = below(10)
    if (kind < 7) return JSON.stringify(/\/fips(\?|$)|tach$/.test(url) ? page() : ip(url.split('/').at(-1).slice(0, 36)))
    return one(['', '{', '<html>', 'null', '[]', '7', '{}', '{"total_count":1}', hostileValue()])
  }
  const response = (url) => ({
    status: chance(0.7) ? one([200, 200, 200, 201, 204]) : one([302, 400, 401, 403, 404, 408, 409, 429, 429, 500, 502, 503, 504, 0, 99, 1000, 200.5, hostileValue()]),
    headers: headers(),
    text: chance(0.92) ? async () => bodyFor(url) : one([throwing, never, () => Promise.reject(hostileValue()), hostileValue()]),
  })

  /** Responds with any value, at any time or never. */
  function fetch(url) {
    const kind = below(100)
    if (kind < 60) return Promise.resolve(response(url))
    if (kind < 75) return new Promise((resolve) => setTimeout(() => resolve(response(url)), below(400)))
    if (kind < 82) return never()
    if (kind < 88) return Promise.reject(hostileValue())
    if (kind < 92) throw hostileValue()
    if (kind < 96) return Promise.resolve(hostileValue())
    return hostileValue()
  }

  const listener = () => one([undefined, undefined, () => {}, throwing, async () => throwing(), () => hostileValue()])
  const retry = () => (chance(0.5) ? undefined : one([false, { maxAttempts: 1 + below(20) }, { baseDelayMs: 1 + below(50) }, {}]))

  const clients = []

  /** Returns one of up to 32 clients, since programs use a client for many calls. */
  function pickClient() {
    if (clients.length < 32) clients.push(newClient())
    return one(clients)
  }

  function newClient() {
    const options = {
      retry: { budget: 1_000_000 }, fetch, defaultZone: 'fr-par-1', defaultProjectId: ids[0], timeoutMs: 50 + below(200), totalTimeoutMs: 500, onEvent: listener(),
      secretKey: one([key, key, () => key, async () => key, throwing, never, () => Promise.reject(hostileValue()), () => hostileValue()]),
    }
    if (chance(0.5)) options.maxConcurrency = 1 + below(4)
    return new FlexibleIpClient(options)
  }

  function signal(reasons) {
    if (chance(0.6)) return undefined
    if (chance(0.1)) return hostileValue()
    const controller = new AbortController()
    const reason = one([undefined, 'a string', null, 0, new Error('enough'), {}])
    reasons.push(reason)
    if (chance(0.3)) controller.abort(reason)
    else if (chance(0.8)) setTimeout(() => controller.abort(reason), below(500))
    return controller.signal
  }

  /** A function that is asked before a retry: it allows, takes its time, never settles, or throws. */
  function beforeRetry(reasons) {
    const reason = one(['no more', null, new Error('overtaken')])
    reasons.push(reason)
    return one([undefined, undefined, () => {}, async () => reason, () => new Promise((resolve) => setTimeout(resolve, below(400))), never, () => { throw reason }, () => Promise.reject(reason), () => ({ get then() { throw reason } }), one([5, 'text', {}])])
  }

  function options(reasons, total) {
    const own = { beforeRetry: beforeRetry(reasons), totalTimeoutMs: total, signal: signal(reasons), onEvent: listener(), retry: retry() }
    if (chance(0.1)) own.headers = one([{ 'X-Mine': 'yes' }, { 'X-Auth-Token': key }, { 'bad name': 'x' }, { 'X-Mine': hostileValue() }, hostileValue()])
    if (chance(0.1)) own.skipPreflight = one([true, false, hostileValue()])
    if (chance(0.05)) own[one(['other', 'timeoutMs', 'idempotencyKey'])] = one(['order-7', 30, hostileValue()])
    for (const name of Object.keys(own)) if (own[name] === undefined) delete own[name]
    return own
  }

  const several = () => (chance(0.9) ? ids.slice(0, 1 + below(2)) : one([[hostileValue()], hostileValue()]))
  const extras = (request) => (chance(0.03) ? hostileValue() : chance(0.05) ? { ...request, [one(['zone', 'other', 'fipId', 'tags'])]: hostileValue() } : request)
  const drain = async (list, most) => {
    let read = 0
    for await (const _ of list) if (++read >= most) break
  }
  // Each method with the number of its total timeouts that a call may take: an iterator has one for each page.
  const calls = {
    listFlexibleIPs: [1, (client, o) => client.listFlexibleIPs(extras({ pageSize: 1 + below(100) }), o)],
    all: [1, (client, o) => client.listFlexibleIPs(extras({}), o).all()],
    iterate: [12, (client, o) => drain(client.listFlexibleIPs(extras({ pageSize: 1 + below(3) }), o), 1 + below(8))],
    pages: [12, (client, o) => drain(client.listFlexibleIPs(extras({}), o).pages(), 1 + below(8))],
    listAllZones: [1, (client, o) => client.listAllZones(extras({}), o)],
    createFlexibleIP: [1, (client, o) => client.createFlexibleIP(extras({ description: 'x' }), o)],
    getFlexibleIP: [1, (client, o) => client.getFlexibleIP(extras({ fipId: id() }), o)],
    updateFlexibleIP: [1, (client, o) => client.updateFlexibleIP(extras({ fipId: id(), tags: [] }), o)],
    deleteFlexibleIP: [1, (client, o) => client.deleteFlexibleIP(extras({ fipId: id() }), o)],
    attachFlexibleIP: [1, (client, o) => client.attachFlexibleIP(extras({ fipsIds: several(), serverId: id() }), o)],
    detachFlexibleIP: [1, (client, o) => client.detachFlexibleIP(extras({ fipsIds: several() }), o)],
    generateMACAddr: [1, (client, o) => client.generateMACAddr(extras({ fipId: id(), macType: 'kvm' }), o)],
    deleteMACAddr: [1, (client, o) => client.deleteMACAddr(extras({ fipId: id() }), o)],
    duplicateMACAddr: [1, (client, o) => client.duplicateMACAddr(extras({ fipId: ids[0], duplicateFromFipId: ids[1] }), o)],
    moveMACAddr: [1, (client, o) => client.moveMACAddr(extras({ fipId: ids[0], dstFipId: ids[1] }), o)],
    withResponse: [1, (client, o) => client.withResponse.getFlexibleIP(extras({ fipId: id() }), o)],
    waitForFlexibleIP: [1, (client, o) => client.waitForFlexibleIP(extras({ fipId: id() }), o)],
    waitForFlexibleIPs: [1, (client, o) => client.waitForFlexibleIPs(extras({ fipsIds: several() }), o)],
    waitUntilDeleted: [1, (client, o) => client.waitUntilDeleted(extras({ fipId: id() }), o)],
    ensureAttached: [1, (client, o) => client.ensureAttached(extras({ fipsIds: several(), serverId: ids[2], strategy: one(['detach', 'direct']) }), o)],
    failover: [1, (client, o) => client.failover(extras({ fromServerId: ids[2], toServerId: ids[1], dryRun: chance(0.1) }), o)],
    createAndAttach: [2, (client, o) => client.createAndAttach(extras({ serverId: id() }), o)],
    findByIp: [12, (client, o) => client.findByIp(chance(0.9) ? '51.15.0.1' : hostileValue(), extras({}), o)],
  }
  const names = Object.keys(calls)

  function makeCall(client) {
    const name = one(names)
    const [times, call] = calls[name]
    const total = 1 + below(500)
    const reasons = []
    const isHostile = chance(0.03)
    const callOptions = isHostile ? hostileValue() : options(reasons, total)
    // With options that are absent or refused, the total timeout of the client applies.
    const within = times * (isHostile ? 500 : total)
    return { name, within, reasons, start: async () => call(client, callOptions) }
  }

  return { pickClient, makeCall }
}
