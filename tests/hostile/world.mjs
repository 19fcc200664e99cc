// One world: what there is at the start, and what happens in it besides the calls.
import { Actors } from './actors.mjs'
import { kinds, Plans } from './nastiness.mjs'
import { random } from './random.mjs'
import { Rules } from './rules.mjs'
import { Service } from './service.mjs'
import { describe, projects, Truth } from './truth.mjs'

export const zone = 'fr-par-1'
export const elsewhere = 'nl-ams-1'
/** Flaps last this long at most. */
const longestFlap = 120_000
/** Other actors are at work in the first part of a run. */
const actorsUntil = 100_000

/** The nastiness of a seed: every tenth world is plain. */
export function chooseKinds(seed) {
  const chance = random(seed, 'kinds')
  if (seed % 10 === 0) return []
  if (chance.chance(0.3)) return chance.some(kinds, 1 + chance.below(2))
  return kinds.filter(() => chance.chance(0.25))
}

export class World {
  projects = projects
  keys = { current: undefined, old: [] }
  interference = 0

  constructor(clock, seed, chosen, { story, uncrowded } = {}) {
    Object.assign(this, { clock, seed, chosen: new Set(chosen), chance: random(seed, 'world') })
    const { chance } = this
    this.truth = new Truth(clock, seed)
    this.rules = new Rules(this.truth, { baremetal: chance.chance(0.4) ? 'refused' : 'answers' })
    this.plans = new Plans(seed, [...this.chosen], chance.one([0.1, 0.3, 0.5]))
    this.service = new Service(this)
    this.actors = new Actors(this)
    this.keys.current = chance.uuid()
    this.keys.old.push(this.keys.current)
    this.acting = ['actor', 'pool', 'servers', 'stuck'].some((kind) => this.has(kind))
    this.#populate(uncrowded)
    this.truth.story = story
    this.truth.say(() => `true at the start: ${this.state()}`)
    this.#schedule()
  }

  has(kind) {
    return this.chosen.has(kind)
  }

  #populate(uncrowded) {
    const { chance, truth } = this
    this.crowded = chance.chance(0.04) && !uncrowded
    this.servers = Array.from({ length: 3 }, (_, n) => truth.addServer(zone, `web-${n + 1}`))
    this.foreignServer = truth.addServer(elsewhere, 'far')
    this.unknownServer = chance.uuid()
    for (let n = 0; n < 14; n++) truth.addSlot(zone, n % 7 === 6)
    for (let n = 0; n < 4; n++) truth.addSlot(elsewhere, false)
    const [a, b] = this.servers
    const begin = (slot, facts) => {
      truth.lease(slot, { project: chance.one(projects), reverse: 'a.rev.', ...facts })
      if (facts.mac) slot.lease.macStatus = facts.serverId ? 'used' : 'ready'
      if (facts.serverId) slot.lease.status = 'attached'
      truth.write(slot, 'at the start')
    }
    // One MAC group on a server, single ones there and elsewhere, free ones, one of the other zone.
    const group = truth.newMac('kvm')
    const place = () => chance.one([a.id, a.id, b.id, null])
    truth.slots.slice(0, 2 + chance.below(2)).forEach((slot) => begin(slot, { serverId: a.id, mac: group }))
    truth.slots.slice(3, 5).forEach((slot) => begin(slot, { serverId: place(), mac: chance.chance(0.5) ? truth.newMac('kvm') : undefined }))
    truth.slots.slice(5, 5 + chance.below(4)).forEach((slot) => begin(slot, { serverId: chance.chance(0.4) ? place() : null }))
    begin(truth.slots[14], { serverId: null })
    if (this.crowded) {
      const count = 60 + chance.below(5)
      for (let n = 0; n < count; n++) begin(truth.addSlot(zone, false), { serverId: b.id, project: projects[0] })
    }
    this.slotIds = truth.slots.slice(0, 18).map(({ id }) => id)
  }

  #schedule() {
    const chance = random(this.seed, 'schedule')
    const at = (run, most) => {
      for (let n = chance.below(most + 1); n > 0; n--) {
        const own = random(this.seed, 'act', run, n)
        this.clock.after(own.below(actorsUntil), () => this[run](own))
      }
    }
    const windows = []
    if (this.has('flap')) for (let n = 1 + chance.below(2); n > 0; n--) { const from = chance.below(60_000) + 130_000 * windows.length; windows.push([from, from + chance.below(longestFlap)]) }
    const share = chance.one([0.2, 0.5, 0.9])
    this.permissions = { flapping: (request) => windows.some(([from, to]) => this.clock.now >= from && this.clock.now < to) && random(this.seed, 'flap', request.from, request.k).chance(share) }
    if (this.has('actor')) at('program', 14)
    if (this.has('pool')) at('tenant', 8)
    if (this.has('stuck')) at('operator', 3)
    if (this.has('servers')) at('deleteServer', 2)
    if (this.has('keys')) at('rotate', 2)
  }

  program(chance) {
    this.actors.program(chance)
  }

  tenant(chance) {
    this.actors.tenant(chance)
  }

  operator(chance) {
    this.actors.operator(chance)
  }

  deleteServer(chance) {
    const server = chance.one(this.servers)
    if (!server.removed) this.rules.removeServer(server)
  }

  rotate(chance) {
    this.keys.current = chance.uuid()
    this.keys.old.push(this.keys.current)
    this.truth.say('    true: the secret key is another')
  }

  /** What happens between a request and its work, or between its work and its answer. */
  interfere(request, when) {
    if (!this.acting) return
    const chance = random(this.seed, when, request.from, request.k)
    if (this.has('actor') && chance.chance(0.05)) this.program(chance)
    if (this.has('pool') && chance.chance(0.08)) this.tenant(chance)
    const [effect] = when === 'after' ? request.effects : []
    if (!effect) return
    const slot = this.truth.byId.get(effect.ids[0])
    if (effect.kind === 'delete' && !slot.lease && chance.chance(0.4)) {
      if (this.has('pool')) this.actors.take(slot)
      else if (this.has('actor')) this.actors.buy(slot)
    }
    const server = this.truth.servers.get(slot.lease?.target)
    if (server && this.has('servers') && chance.chance(0.12)) this.clock.after(chance.below(3000), () => { if (!server.removed) this.rules.removeServer(server) })
    if (server && this.has('stuck') && chance.chance(0.12)) this.clock.after(chance.below(1500), () => this.actors.block(slot, chance))
  }

  /** While a list is read that will be torn, something in it moves. */
  tear(request) {
    const chance = random(this.seed, 'tear', request.from, request.k)
    if (chance.chance(0.5)) this.actors.shove(chance)
  }

  /** A text with short names for ids. */
  short(text) {
    let short = text
    for (const { id, n } of this.truth.slots) short = short.replaceAll(id, `ip${n}`)
    for (const { id, name } of this.truth.servers.values()) short = short.replaceAll(id, `${name}(${id.slice(0, 4)})`)
    return short
  }

  /** What a list says, for the story. */
  summary(text) {
    try {
      const { total_count: total, flexible_ips: ips } = JSON.parse(text)
      return `total ${total} [${ips.map((ip) => `${this.short(ip.id)} ${ip.status}${ip.server_id ? ` on ${ip.server_id.slice(0, 4)}` : ''}${ip.mac_address ? ` mac ${ip.mac_address.id.slice(0, 4)}` : ''}`).join(', ')}]`
    } catch {
      return text.slice(0, 60)
    }
  }

  state() {
    const leased = this.truth.slots.filter(({ lease }) => lease)
    const crowd = leased.slice(18)
    return `${leased.slice(0, 18).map(describe).join('; ')}${crowd.length ? `; and ${crowd.length} like ${describe(crowd[0])}` : ''}`
  }
}
