// Whenever a promise resolves, its postcondition held at some moment between call and resolve.
import { atRest, knownStatuses } from './truth.mjs'

const same = (texts, others) => texts.length === others.length && texts.every((text, n) => text === others[n])

/** Whether a result shows a version that was true. */
export function shows(ip, view) {
  if (view === null) return false
  const { macAddress: mac } = ip
  const truly = view.mac_address
  return ip.id === view.id && (ip.status === view.status || (ip.status === 'unknown' && !knownStatuses.has(view.status))) && (ip.serverId ?? null) === view.server_id
    && ip.description === view.description && same(ip.tags, view.tags) && ip.reverse === view.reverse && ip.ipAddress === view.ip_address && ip.projectId === view.project_id && ip.zone === view.zone
    && (mac === undefined) === (truly === null) && (!mac || (mac.id === truly.id && mac.macAddress === truly.mac_address && mac.status === truly.status && mac.macType === truly.mac_type))
}

const brief = (ip) => (ip ? `${ip.id?.slice(0, 8)} ${ip.status} on ${(ip.serverId ?? ip.server_id)?.slice(0, 4) ?? 'none'}` : String(ip))

class Check {
  constructor({ world }, call, violate) {
    Object.assign(this, { world, truth: world.truth, call, violate, request: call.request, zone: call.request.zone ?? 'fr-par-1' })
  }

  /** The true views of an id during the call, null where it was not ours. */
  views(id) {
    const slot = this.truth.byId.get(id)
    return slot ? this.truth.window(slot, this.call.began, this.call.settled).map(({ view }) => view) : [null]
  }

  ever(id, condition) {
    return this.views(id).some((view) => view !== null && condition(view))
  }

  true(ip, label = 'a.untrue') {
    if (!ip?.id) return this.violate(`${label} result`, `the result is ${JSON.stringify(ip)}`)
    if (!this.views(ip.id).some((view) => shows(ip, view))) this.violate(`${label} result`, `${brief(ip)} was true at no moment of the call`)
  }

  effects(kind) {
    return [this.call, ...(this.call.shared ?? [])].flatMap(({ requests }) => requests).flatMap(({ effects }) => effects).filter((effect) => effect.kind === kind)
  }

  // A limit of docs/guarantees.md: what comes and what goes between two pages leaves the total as it is.
  #isHidden(zone, matches) {
    const pages = this.call.requests.filter(({ op }) => op === 'list')
    const changes = this.truth.slots.filter((slot) => slot.zone === zone).map((slot) => this.truth.window(slot, this.call.began, this.call.settled).map(({ view }) => view !== null && matches(view)))
    const has = (from) => changes.some((states) => states.some((state, at) => at > 0 && states[at - 1] === from && state !== from))
    return pages.length > 1 && has(false) && has(true)
  }

  // Every flexible IP that existed and matched throughout is in the list, once.
  whole(ips, zone, matches = this.#filter()) {
    const ids = new Set(ips.map(({ id }) => id))
    if (ids.size !== ips.length) this.violate('a.list twice', `${ips.length} results, ${ids.size} ids`)
    const from = this.call.began, to = this.call.settled
    if (this.#isHidden(zone, matches)) return
    for (const slot of this.truth.slots) {
      if (slot.zone !== zone || ids.has(slot.id)) continue
      if (this.truth.window(slot, from, to).every(({ view }) => view !== null && matches(view))) this.violate('a.list lacks one', `ip${slot.n} existed throughout, and is not among the ${ips.length}`)
    }
  }

  #filter() {
    const { status, serverIds, projectId, tags } = this.request
    return (view) => (!status || status.includes(view.status)) && (!serverIds || serverIds.includes(view.server_id)) && (!projectId || view.project_id === projectId) && (!tags || tags.some((tag) => view.tags.includes(tag)))
  }

  page({ flexibleIps }) {
    for (const ip of flexibleIps) this.true(ip)
  }

  all(ips) {
    for (const ip of ips) this.true(ip)
    this.whole(ips, this.zone)
  }

  listAllZones({ flexibleIps, failures }) {
    for (const ip of flexibleIps) this.true(ip)
    for (const zone of ['fr-par-1', 'nl-ams-1']) {
      if (!failures.some((failure) => failure.zone === zone)) this.whole(flexibleIps.filter((ip) => ip.zone === zone), zone)
    }
  }

  get(ip) {
    if (ip?.id !== this.request.fipId) this.violate('a.another id', `${brief(ip)}, asked for ${this.request.fipId}`)
    this.true(ip)
  }

  create(ip) {
    this.true(ip)
    const { request, call } = this
    const { idempotencyKey: key } = call.options
    const project = request.projectId ?? this.world.projects[0]
    const made = this.effects('create').some(({ ids }) => ids[0] === ip.id)
    const facts = (view) => view.project_id === project && view.zone === this.zone && view.ip_address.includes(':') === (request.isIpv6 === true)
    const tagged = key !== undefined && this.ever(ip.id, (view) => view.tags.includes(`idempotency:${key}`) && facts(view))
    if (!made && !tagged) this.violate('a.create', `${brief(ip)} was not made by this call${key ? ', and does not carry its key with its facts' : ''}`)
    if (made && !this.ever(ip.id, facts)) this.violate('a.create', `${brief(ip)} has other facts than asked for`)
    if (!made && tagged && !this.views(ip.id).some((view) => view && view.status !== 'detaching')) this.violate('a.create', `${brief(ip)} is on its way to deletion`)
  }

  update(ip) {
    this.true(ip)
    const { fipId, description, tags } = this.request
    if (!this.ever(fipId, (view) => (description === undefined || view.description === description) && (!tags || same(view.tags, tags)))) this.violate('a.update', `${fipId.slice(0, 8)} never was as asked for`)
  }

  delete() {
    const slot = this.truth.byId.get(this.request.fipId)
    const versions = this.truth.window(slot, this.call.began, this.call.settled)
    // The present of the lease says `deleting` also when the deletion came later: the history decides.
    const deleted = this.truth.effects.some((effect) => effect.kind === 'delete' && effect.moment <= this.call.settled && versions.some(({ lease }) => lease && effect.leases[0] === lease))
    if (!deleted && !versions.some(({ view }) => view === null)) this.violate('a.delete', `${this.request.fipId.slice(0, 8)} was not deleted: ${brief(versions.at(-1).view)}`)
  }

  // On a server, or on the way to it, at some moment of the call.
  #toward(id, server) {
    return this.truth.window(this.truth.byId.get(id), this.call.began, this.call.settled).some(({ view, target }) => view !== null && (target === server || (view.server_id === server && view.status !== 'detaching')))
  }

  attach({ flexibleIps }) {
    for (const ip of flexibleIps) this.true(ip)
    for (const id of this.request.fipsIds) {
      if (!flexibleIps.some((ip) => ip.id === id)) this.violate('a.attach', `the result lacks ${id.slice(0, 8)}`)
      if (!this.#toward(id, this.request.serverId)) this.violate('a.attach', `${id.slice(0, 8)} was never on its way to the server, nor there`)
    }
  }

  detach({ flexibleIps }) {
    for (const ip of flexibleIps) this.true(ip)
    for (const id of this.request.fipsIds) {
      if (!flexibleIps.some((ip) => ip.id === id)) this.violate('a.detach', `the result lacks ${id.slice(0, 8)}`)
      if (!this.views(id).some((view) => view === null || view.status === 'detaching' || (view.server_id === null && view.status !== 'updating'))) this.violate('a.detach', `${id.slice(0, 8)} never left`)
    }
  }

  generate(ip) {
    this.get(ip)
    const [first] = this.views(this.request.fipId)
    const made = this.effects('generate').some(({ mac }) => mac.id === ip.macAddress?.id)
    const fresh = ip.macAddress && ip.macAddress.id !== first?.mac_address?.id && this.ever(ip.id, (view) => view.mac_address?.id === ip.macAddress.id)
    if (!made && !fresh) this.violate('a.generate', `no MAC address came to ${brief(ip)} during the call`)
  }

  deleteMac() {
    if (!this.views(this.request.fipId).some((view) => view === null || view.mac_address === null || view.mac_address.status === 'deleting')) this.violate('a.delete MAC', `${this.request.fipId.slice(0, 8)} has had it throughout`)
  }

  duplicate(ip) {
    this.get(ip)
    const macs = new Set(this.views(this.request.duplicateFromFipId).map((view) => view?.mac_address?.id).filter(Boolean))
    if (!this.ever(ip.id, (view) => macs.has(view.mac_address?.id))) this.violate('a.duplicate', `${brief(ip)} never had the MAC address of the source`)
  }

  move(ip) {
    if (ip.id !== this.request.dstFipId) return this.violate('a.another id', brief(ip))
    this.true(ip)
    const macs = new Set(this.views(this.request.fipId).map((view) => view?.mac_address?.id).filter(Boolean))
    const moved = this.effects('move').length > 0
    if (!moved && !this.ever(ip.id, (view) => macs.has(view.mac_address?.id))) this.violate('a.move', `${brief(ip)} never had the MAC address of the source`)
  }

  waitOne(ip) {
    this.get(ip)
    this.#rested(ip)
  }

  #rested(ip) {
    if (!this.ever(ip.id, (view) => shows(ip, view) && atRest(view))) this.violate('a.wait', `${brief(ip)} was at rest so at no moment`)
  }

  waitMany(ips) {
    if (!same(ips.map(({ id }) => id), this.request.fipsIds)) this.violate('a.wait', 'other ids than asked for')
    for (const ip of ips) this.waitable(ip)
  }

  waitable(ip) {
    this.true(ip)
    this.#rested(ip)
  }

  waitDeleted() {
    const { fipId } = this.request
    if (!this.views(fipId).some((view) => view === null)) this.violate('a.wait until deleted', `${fipId.slice(0, 8)} is ours throughout: ${brief(this.views(fipId).at(-1))} in ${this.truth.byId.get(fipId).zone}`)
  }

  arrived(ip, server) {
    this.true(ip)
    if (ip.serverId !== server || ip.status !== 'attached') return this.violate('a.not on target', `${brief(ip)}, target ${server.slice(0, 4)}`)
    if (!this.ever(ip.id, (view) => view.server_id === server && view.status === 'attached' && atRest(view))) this.violate('a.not on target', `${brief(ip)} was at rest on ${server.slice(0, 4)} at no moment`)
  }

  createAndAttach(ip) {
    this.create(ip)
    this.arrived(ip, this.request.serverId)
  }

  ensure(ips) {
    for (const id of this.request.fipsIds) if (!ips.some((ip) => ip.id === id)) this.violate('a.move lacks one', id.slice(0, 8))
    for (const ip of ips) this.arrived(ip, this.request.serverId)
  }

  failover(ips) {
    const { fromServerId, toServerId, fipsIds } = this.request
    for (const ip of ips) this.arrived(ip, toServerId)
    for (const id of fipsIds ?? []) if (!ips.some((ip) => ip.id === id)) this.violate('a.move lacks one', id.slice(0, 8))
    for (const slot of this.truth.slots) {
      if (fipsIds && !fipsIds.includes(slot.id)) continue
      if (this.truth.window(slot, this.call.began, this.call.settled).every(({ view }) => view?.server_id === fromServerId && view.status === 'attached')) this.violate('a.move lacks one', `ip${slot.n} is on the source throughout`)
    }
  }

  findByIp(ip) {
    const { address } = this.call
    if (ip) {
      this.true(ip)
      if (ip.ipAddress !== address) this.violate('a.find', `${ip.ipAddress}, asked for ${address}`)
      return
    }
    const slot = this.truth.slots.find((each) => each.address === address && (each.zone === 'fr-par-1' || (each.zone === this.zone)))
    if (slot && this.views(slot.id).every((view) => view !== null)) this.violate('a.find', `ip${slot.n} has it throughout`)
  }
}

Check.prototype.forAwait = Check.prototype.pages = Check.prototype.all
Check.prototype.ensureDry = Check.prototype.failoverDry = () => {}

export function checkPostcondition(run, call, violate) {
  const check = new Check(run, call, violate)
  try {
    check[call.method](call.value)
  } catch (error) {
    violate('a.untrue result', `the result has another shape: ${error.message}`)
  }
  if (call.raw?.response?.requestId !== undefined) {
    const { requestId, status } = call.raw.response
    if (![call, ...(call.shared ?? [])].flatMap(({ requests }) => requests).some(({ answer }) => answer?.requestId === requestId && answer.status === status)) violate('e.withResponse', `${status} ${requestId} is not of a response of this call`)
  }
}
