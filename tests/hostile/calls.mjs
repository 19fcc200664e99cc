// The calls of a run: each follows from the seed and its number, whatever else is in the run.
import { random } from './random.mjs'
import { elsewhere, zone } from './world.mjs'
import { projects } from './truth.mjs'

const weights = {
  page: 3, all: 4, forAwait: 4, pages: 2, listAllZones: 2, create: 10, get: 4, update: 4, delete: 6, attach: 5, detach: 4, generate: 6, deleteMac: 4,
  duplicate: 4, move: 4, waitOne: 4, waitMany: 3, waitDeleted: 6, ensure: 9, failover: 10, createAndAttach: 6, findByIp: 3, ensureDry: 1, failoverDry: 2,
}
const methods = Object.entries(weights).flatMap(([method, weight]) => Array(weight).fill(method))

/** What waits, and so has 300 s unless it is asked otherwise. */
export const waiting = new Set(['waitOne', 'waitMany', 'waitDeleted', 'ensure', 'ensureDry', 'failover', 'failoverDry', 'createAndAttach'])

/**
 * The clients of a run. They reach the world through a door that is shut after the run: a client that
 * is never freed then retains nothing of it.
 */
export function makeClients(door, FlexibleIpClient) {
  const { world } = door
  const { fetch, onEvent } = through(door)
  const chance = random(world.seed, 'clients')
  return Array.from({ length: 1 + chance.below(3) }, (_, n) => {
    const own = random(world.seed, 'client', n)
    const secretKey = world.has('keys') && own.chance(0.8) ? keyFunction(door, own) : world.keys.current
    const options = { secretKey, fetch, defaultZone: zone, defaultProjectId: projects[0], onEvent }
    if (own.chance(0.2)) options.maxConcurrency = own.between(1, 3)
    if (own.chance(0.2)) options.timeoutMs = own.between(300, 5000)
    if (own.chance(0.3)) options.defaultPageSize = own.between(1, 5)
    if (own.chance(0.1)) options.retry = false
    return new FlexibleIpClient(options)
  })
}

// In a scope without the world, which a closure would retain.
function through(door) {
  return { fetch: (url, init) => (door.world ? door.world.service.fetch(url, init) : new Promise(() => {})), onEvent: (event) => door.onEvent?.(event) }
}

function keyFunction(door, chance) {
  const kind = chance.below(4)
  return () => {
    const { world } = door
    if (kind === 0) return world.keys.current
    if (kind === 1) return Promise.resolve(world.keys.current)
    const own = random(world.seed, 'key', world.truth.moment)
    if (kind === 2 && own.chance(0.15)) throw new Error('the key function fails')
    if (kind === 3 && own.chance(0.05)) return new Promise(() => {})
    return new Promise((resolve) => world.clock.after(own.below(400), () => resolve(world.keys.current)))
  }
}

/** One call: its method, request, options and the moment when it begins. */
export function makeCall(world, n, calm = false) {
  const chance = random(world.seed, 'call', n)
  const ids = world.slotIds.slice(0, 9)
  const id = () => chance.one(ids)
  const server = () => chance.one(world.servers).id
  const target = () => (calm ? server() : chance.chance(0.06) ? world.unknownServer : chance.chance(0.03) ? world.foreignServer.id : server())
  const method = chance.one(methods)
  const key = `order-${chance.below(2)}`
  const call = { n: String(n), method, client: chance.below(3), at: chance.one([0, 0, 1000, chance.below(60_000)]), request: {}, options: {}, settings: {} }
  const { request, options } = call
  makers[method]?.({ call, request, options, chance, id, server, target, key, world })
  if (['get', 'create', 'update', 'delete', 'attach', 'generate'].includes(method)) call.raw = chance.chance(0.2)
  if (calm) return Object.assign(call, { at: n * 400_000 })
  if (chance.chance(0.15)) options.timeoutMs = chance.between(200, 4000)
  if (chance.chance(0.15)) options.totalTimeoutMs = chance.one([chance.between(300, 5000), chance.between(5000, 90_000)])
  if (chance.chance(0.08)) options.retry = false
  if (chance.chance(0.1)) call.abortAfter = chance.one([chance.below(300), chance.below(8000), chance.below(60_000)])
  if (method === 'attach' || method === 'detach' || method === 'duplicate') if (chance.chance(0.1)) options.skipPreflight = true
  return call
}

const filters = ({ request, chance, server }) => {
  if (chance.chance(0.2)) request.status = chance.some(['ready', 'attached', 'updating', 'detaching'], 2)
  if (chance.chance(0.1)) request.serverIds = [server()]
  if (chance.chance(0.15)) request.projectId = chance.one(projects)
}
const paging = (made) => {
  filters(made)
  if (made.chance.chance(0.6)) made.request.pageSize = made.chance.between(1, 6)
}
const making = ({ call, request, options, chance, key }) => {
  request.description = `call ${call.n}`
  if (chance.chance(0.3)) request.tags = ['mine']
  if (chance.chance(0.1)) request.isIpv6 = true
  if (chance.chance(0.1)) request.projectId = projects[1]
  if (chance.chance(0.5)) {
    options.idempotencyKey = key
    request.description = 'with a key'
    call.at = key === 'order-0' ? 500 : chance.below(30_000)
  }
}
const several = ({ request, chance, world }) => {
  const { truth } = world
  // A group of the start, whole, or single ones.
  const slots = truth.slots.slice(0, 9).filter(({ lease }) => lease)
  const chosen = new Set()
  for (const slot of chance.some(slots, 1 + chance.below(3))) {
    for (const member of slot.lease.mac ? truth.group(slot.lease.mac) : [slot]) chosen.add(member.id)
  }
  request.fipsIds = [...chosen]
}
const oneGroup = ({ request, chance, world }) => {
  const slot = chance.one(world.truth.slots.slice(0, 9).filter(({ lease }) => lease))
  request.fipsIds = slot.lease.mac ? world.truth.group(slot.lease.mac).map(({ id }) => id) : [slot.id]
}

const makers = {
  page: paging,
  all: paging,
  forAwait: (made) => {
    paging(made)
    made.call.deletes = made.chance.chance(0.4)
  },
  pages: paging,
  listAllZones: filters,
  create: making,
  createAndAttach: (made) => {
    making(made)
    made.request.serverId = made.target()
  },
  get: ({ request, id }) => { request.fipId = id() },
  update: ({ request, id, chance, call }) => {
    request.fipId = id()
    request.description = `updated by call ${call.n}`
    if (chance.chance(0.3)) request.tags = ['updated', call.n]
  },
  delete: ({ request, id }) => { request.fipId = id() },
  attach: (made) => {
    oneGroup(made)
    made.request.serverId = made.target()
  },
  detach: oneGroup,
  generate: ({ request, id }) => Object.assign(request, { fipId: id(), macType: 'kvm' }),
  deleteMac: ({ request, chance, world }) => { request.fipId = chance.one(world.slotIds.slice(0, 5)) },
  duplicate: ({ request, chance, world }) => {
    const [from, to] = chance.some(world.slotIds.slice(0, 6), 2)
    Object.assign(request, { duplicateFromFipId: from, fipId: to })
  },
  move: ({ request, chance, world }) => {
    const [from, to] = chance.some(world.slotIds.slice(0, 9), 2)
    Object.assign(request, { fipId: from, dstFipId: to })
  },
  waitOne: ({ request, id }) => { request.fipId = id() },
  waitMany: several,
  waitDeleted: ({ request, id, chance, call, world }) => {
    if (chance.chance(0.1)) Object.assign(request, { fipId: world.slotIds[14] })
    else request.fipId = id()
    call.deletedBefore = chance.chance(0.7)
    if (chance.chance(0.05)) request.zone = elsewhere
  },
  ensure: (made) => {
    several(made)
    made.request.serverId = made.target()
    if (made.chance.chance(0.15)) made.request.strategy = 'direct'
  },
  failover: (made) => {
    const { request, chance, world, target } = made
    if (chance.chance(0.2)) several(made)
    request.fromServerId = chance.chance(0.7) ? world.servers[0].id : chance.one(world.servers).id
    do request.toServerId = target()
    while (request.toServerId === request.fromServerId)
    if (chance.chance(0.1)) request.strategy = 'direct'
  },
  findByIp: ({ call, chance, world, request }) => {
    call.address = chance.one(world.truth.slots.slice(0, 18)).address
    if (chance.chance(0.5)) request.zone = zone
  },
}
makers.ensureDry = (made) => {
  makers.ensure(made)
  made.request.dryRun = true
}
makers.failoverDry = (made) => {
  makers.failover(made)
  made.request.dryRun = true
}

const names = {
  get: 'getFlexibleIP', create: 'createFlexibleIP', update: 'updateFlexibleIP', delete: 'deleteFlexibleIP', attach: 'attachFlexibleIP', detach: 'detachFlexibleIP',
  generate: 'generateMACAddr', deleteMac: 'deleteMACAddr', duplicate: 'duplicateMACAddr', move: 'moveMACAddr', waitOne: 'waitForFlexibleIP', waitMany: 'waitForFlexibleIPs',
  waitDeleted: 'waitUntilDeleted', ensure: 'ensureAttached', ensureDry: 'ensureAttached', failover: 'failover', failoverDry: 'failover', createAndAttach: 'createAndAttach', listAllZones: 'listAllZones',
}

/** Calls the client; `remove` deletes one flexible IP in the midst of an iteration. */
export async function perform(client, call, options, remove) {
  const { method, request } = call
  if (method === 'page') return client.listFlexibleIPs(request, options)
  if (method === 'all') return client.listFlexibleIPs(request, options).all()
  if (method === 'findByIp') return client.findByIp(call.address, request, options)
  if (method === 'forAwait') {
    const read = []
    for await (const ip of client.listFlexibleIPs(request, options)) {
      read.push(ip)
      if (read.length > 3000) throw new Error('an endless list')
      if (call.deletes && read.length % 2) await remove(ip, read.length)
    }
    return read
  }
  if (method === 'pages') {
    const read = []
    for await (const page of client.listFlexibleIPs(request, options).pages()) {
      read.push(...page.flexibleIps)
      if (read.length > 3000) throw new Error('an endless list')
    }
    return read
  }
  return (call.raw ? client.withResponse : client)[names[method]](request, options)
}

/** A call for the story. */
export const describeCall = (call) => `${call.raw ? 'withResponse.' : ''}${names[call.method] ?? `listFlexibleIPs (${call.method})`}(${call.address ? `'${call.address}', ` : ''}${JSON.stringify(call.request)}, ${JSON.stringify({ ...call.options, ...(call.abortAfter !== undefined && { abortAfter: call.abortAfter }) })})`
