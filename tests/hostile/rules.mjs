// The operations of the service: what each checks, does and answers, without any nastiness.
import { json, one, several, empty, denied, notFound, transient, precondition, locked, quota, outOfStock, invalid } from './answers.mjs'

const busy = (slot) => !['ready', 'attached', 'error', 'locked'].includes(slot.lease.status)

export class Rules {
  constructor(truth, { baremetal }) {
    this.truth = truth
    this.clock = truth.clock
    this.random = truth.random
    this.baremetal = baremetal
  }

  /** Does what a request asks for, and gives the answer. */
  perform(request) {
    const answer = this[request.op](request)
    request.performed = this.truth.moment
    this.truth.say(() => `    #${request.n} ${request.op} is carried out: ${answer.status}`)
    return answer
  }

  /** The refusal for a slot that is stuck or busy, if it is one. */
  #unusable(slots) {
    for (const slot of slots) {
      if (slot.lease.status === 'locked') return locked(slot.id)
      if (slot.lease.status === 'error') return precondition('the flexible IP is in error')
      if (busy(slot)) return transient(slot.lease.status, slot.id)
    }
  }

  #one(request) {
    return this.truth.ours(request.id, request.zone)
  }

  view(slot) {
    return slot.versions.at(-1).view
  }

  // Later, unless the lease has ended or something newer is under way.
  #then(slot, ms, run) {
    const { lease } = slot
    const job = ++lease.job
    this.clock.after(ms, () => {
      if (slot.lease === lease && lease.job === job) run(lease)
    })
  }

  members(request) {
    const { query, zone } = request
    const tags = query.getAll('tags'), status = query.getAll('status'), servers = query.getAll('server_ids'), project = query.get('project_id')
    return (view) => view !== null && view.zone === zone && (!tags.length || request.ignoresTags || view.tags.some((tag) => tags.includes(tag)))
      && (!status.length || status.includes(view.status)) && (!servers.length || servers.includes(view.server_id)) && (!project || view.project_id === project)
  }

  list(request) {
    const match = this.members(request)
    return this.page(request, this.truth.slots.map((slot) => this.view(slot)).filter(match))
  }

  page(request, views, total = views.length) {
    const size = Math.min(100, Math.max(1, Number(request.query.get('page_size') ?? 20)))
    const page = request.page ?? Math.max(1, Number(request.query.get('page') ?? 1))
    if (request.query.get('order_by') === 'created_at_desc') views = [...views].reverse()
    const chosen = views.slice((page - 1) * size, page * size)
    request.read = chosen
    return several(chosen, total)
  }

  get(request) {
    const slot = this.#one(request)
    if (!slot) return denied()
    request.read = [this.view(slot)]
    return one(this.view(slot))
  }

  create(request) {
    const { body, zone } = request
    const wanted = body.is_ipv6 === true
    if (!body.project_id) return invalid('project_id', 'value is required')
    const server = body.server_id ? this.truth.server(body.server_id, zone) : undefined
    if (body.server_id && !server) return notFound('server', body.server_id)
    if (server && this.#load(server) >= 64) return quota(64)
    const slot = this.truth.slots.find((each) => each.zone === zone && each.isIpv6 === wanted && !each.lease)
    if (!slot) return outOfStock()
    this.truth.lease(slot, { project: body.project_id, description: body.description ?? '', tags: body.tags ?? [], reverse: body.reverse ?? `${slot.n}.rev.poneytelecom.eu.`, madeBy: request, key: body.tags?.find((tag) => tag.startsWith('idempotency:')) })
    this.truth.effect('create', [slot], request)
    if (server) this.#travel([slot], server)
    this.truth.write(slot, `bought by ${request.from}`)
    return one(this.view(slot))
  }

  update(request) {
    const slot = this.#one(request)
    if (!slot) return denied('write')
    if (slot.lease.status === 'locked') return locked(slot.id)
    const { lease } = slot
    for (const name of ['description', 'tags', 'reverse']) if (request.body[name] != null) lease[name] = request.body[name]
    this.truth.effect('update', [slot], request)
    this.truth.write(slot, `updated by ${request.from}`)
    return one(this.view(slot))
  }

  delete(request) {
    const slot = this.#one(request)
    if (!slot) return denied('delete')
    const refusal = this.#unusable([slot])
    if (refusal) return refusal
    this.truth.effect('delete', [slot], request)
    this.giveBack(slot, `deleted by ${request.from}`)
    return empty()
  }

  /** Ends a lease: at once, or after a transition when it is attached. */
  giveBack(slot, cause) {
    const { lease } = slot
    lease.deleting = true
    if (lease.status !== 'attached') {
      slot.lease = undefined
      return this.truth.write(slot, cause)
    }
    lease.status = 'detaching'
    this.truth.write(slot, cause)
    this.#then(slot, this.random.between(5000, 21_000), () => {
      slot.lease = undefined
      this.truth.write(slot, 'the deletion ends')
    })
  }

  #load(server) {
    let count = 0
    for (const { lease } of this.truth.slots) if (lease && (lease.serverId === server.id || lease.target === server.id)) count++
    return count
  }

  // Part of a group: the rule takes the MAC address from it.
  #partLoses(changing, named, request) {
    for (const slot of changing) {
      const { mac } = slot.lease
      if (!mac || this.truth.group(mac).every((member) => named.includes(member))) continue
      this.truth.effect('macLost', [slot], request, { mac, group: this.truth.group(mac).map(({ id }) => id) })
      Object.assign(slot.lease, { mac: undefined, macStatus: undefined })
    }
  }

  #named(request) {
    return request.body.fips_ids.map((id) => this.truth.ours(id, request.zone))
  }

  attach(request) {
    const slots = this.#named(request)
    if (slots.some((slot) => !slot)) return denied('write')
    const server = this.truth.server(request.body.server_id, request.zone)
    if (!server) return notFound('server', request.body.server_id)
    const refusal = this.#unusable(slots)
    if (refusal) return refusal
    const moving = slots.filter(({ lease }) => lease.serverId !== server.id)
    if (this.#load(server) + moving.length > 64) return quota(this.#load(server))
    if (moving.length) {
      this.truth.effect('attach', moving, request, { server: server.id, from: moving.map(({ lease }) => lease.serverId) })
      this.#partLoses(moving, slots, request)
      this.#travel(moving, server)
      for (const slot of moving) this.truth.write(slot, `attached by ${request.from}`)
    }
    return this.#several(slots)
  }

  #several(slots) {
    return several(slots.map((slot) => this.view(slot)), slots.length)
  }

  #travel(slots, server) {
    for (const slot of slots) {
      Object.assign(slot.lease, { status: 'updating', serverId: null, target: server.id })
      const slow = this.random.chance(0.05) ? 20_000 : 0
      server.busyUntil = Math.min(Math.max(this.clock.now, server.busyUntil) + this.random.between(1000, 4000) + slow, this.clock.now + 42_600)
      this.#then(slot, server.busyUntil - this.clock.now, (lease) => {
        lease.target = undefined
        if (server.removed) Object.assign(lease, { status: 'ready', serverId: null })
        else Object.assign(lease, { status: 'attached', serverId: server.id })
        if (lease.mac) lease.macStatus = lease.serverId ? 'used' : 'ready'
        this.truth.write(slot, 'the attach ends')
      })
    }
  }

  detach(request) {
    const slots = this.#named(request)
    if (slots.some((slot) => !slot)) return denied('write')
    const stuck = slots.find(({ lease }) => lease.status === 'locked' || lease.status === 'error')
    if (stuck) return this.#unusable([stuck])
    const between = slots.find(({ lease }) => busy({ lease }) && lease.status !== 'detaching')
    if (between) return transient(between.lease.status, between.id)
    const leaving = slots.filter(({ lease }) => lease.status === 'attached')
    if (leaving.length) {
      this.truth.effect('detach', leaving, request, { from: leaving.map(({ lease }) => lease.serverId) })
      this.#partLoses(leaving, slots, request)
      this.leave(leaving, `detached by ${request.from}`)
    }
    return this.#several(slots)
  }

  /** Attached slots leave their server. */
  leave(slots, cause) {
    const ms = this.random.between(5300, 8500)
    for (const slot of slots) {
      slot.lease.status = 'detaching'
      this.truth.write(slot, cause)
      this.#then(slot, ms, (lease) => {
        Object.assign(lease, { status: 'ready', serverId: null })
        if (lease.mac) lease.macStatus = 'ready'
        this.truth.write(slot, 'the detach ends')
      })
    }
  }

  /** A server is deleted: what it had leaves it some seconds later. */
  removeServer(server) {
    server.removed = true
    server.removedAt = this.truth.mark()
    this.truth.say(`    true: server ${server.id.slice(0, 4)} is deleted`)
    this.clock.after(2500, () => {
      this.leave(this.truth.slots.filter(({ lease }) => lease?.status === 'attached' && lease.serverId === server.id), 'its server was deleted')
    })
  }

  // A change of a MAC address: at once, or a transition when attached.
  #change(slot, cause, during, after, ms) {
    const { lease } = slot
    if (lease.status === 'ready') {
      Object.assign(lease, after(lease))
      if (lease.mac) lease.macStatus = 'ready'
      return this.truth.write(slot, cause)
    }
    Object.assign(lease, during(lease), { status: 'updating' })
    this.truth.write(slot, cause)
    this.#then(slot, ms, () => {
      Object.assign(lease, after(lease), { status: 'attached' })
      if (lease.mac) lease.macStatus = 'used'
      this.truth.write(slot, 'the change of the MAC address ends')
    })
  }

  generate(request) {
    const slot = this.#one(request)
    if (!slot) return notFound('flexible_ips', request.id)
    const refusal = this.#unusable([slot])
    if (refusal) return refusal
    const mac = this.truth.newMac(request.body.mac_type)
    this.truth.effect('generate', [slot], request, { mac })
    this.#change(slot, `MAC generated by ${request.from}`, () => ({ mac, macStatus: 'updating' }), () => ({ mac }), this.random.between(850, 3100))
    return one(this.view(slot))
  }

  deleteMac(request) {
    const slot = this.#one(request)
    if (!slot) return notFound('flexible_ips', request.id)
    const refusal = this.#unusable([slot]) ?? (slot.lease.mac ? undefined : precondition('there is no MAC address'))
    if (refusal) return refusal
    this.truth.effect('deleteMac', [slot], request, { mac: slot.lease.mac })
    this.#change(slot, `MAC deleted by ${request.from}`, () => ({ macStatus: 'deleting' }), () => ({ mac: undefined, macStatus: undefined }), this.random.between(850, 3100))
    return empty()
  }

  duplicate(request) {
    const slot = this.#one(request), source = this.truth.ours(request.body.duplicate_from_fip_id, request.zone)
    if (!slot || !source) return notFound('flexible_ips', slot ? request.body.duplicate_from_fip_id : request.id)
    const refusal = this.#unusable([slot, source])
    if (refusal) return refusal
    if (!source.lease.mac) return precondition('the source has no MAC address')
    if (!slot.lease.serverId || slot.lease.serverId !== source.lease.serverId) return precondition('both must be attached to one server')
    const { mac } = source.lease
    if (slot.lease.mac === mac) return one(this.view(slot))
    this.truth.effect('duplicate', [slot], request, { mac })
    this.#change(slot, `MAC duplicated by ${request.from}`, () => ({ mac, macStatus: 'updating' }), () => ({ mac }), this.random.between(700, 5800))
    return one(this.view(slot))
  }

  move(request) {
    const source = this.#one(request), slot = this.truth.ours(request.body.dst_fip_id, request.zone)
    if (!slot || !source) return notFound('flexible_ips', source ? request.body.dst_fip_id : request.id)
    const refusal = this.#unusable([slot, source])
    if (refusal) return refusal
    if (!source.lease.mac) return precondition('the source has no MAC address')
    if (slot.lease.mac) return precondition('the destination has a MAC address')
    if (slot.lease.serverId !== source.lease.serverId) return precondition('both must be on the same server, or on none')
    const { mac } = source.lease
    this.truth.effect('move', [source, slot], request, { mac })
    Object.assign(source.lease, { mac: undefined, macStatus: undefined })
    this.truth.write(source, `MAC moved away by ${request.from}`, false)
    this.#change(slot, `MAC moved here by ${request.from}`, () => ({ mac, macStatus: 'updating' }), () => ({ mac }), this.random.between(850, 3100))
    return one(this.view(slot))
  }

  server(request) {
    if (this.baremetal === 'refused') return denied('read', 'elastic-metal')
    const server = this.truth.server(request.id, request.zone)
    return server ? json(200, { id: server.id, zone: server.zone, name: server.name, status: 'ready' }) : notFound('server', request.id)
  }
}
