// What is true in the world: addresses of the pool with their leases, servers, and the whole history.
// Every change has a number; a moment is such a number, so that the order of two changes within one
// millisecond is known.
import { Clock } from './clock.mjs'
import { random } from './random.mjs'

export const organization = '0f0f0f0f-0000-4000-8000-00000000000a'
export const projects = ['aaaaaaaa-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-000000000002']
export const knownStatuses = new Set(['unknown', 'ready', 'updating', 'attached', 'error', 'detaching', 'locked'])

/** Whether a wire object is at rest: design, D. */
export function atRest(view) {
  const mac = view.mac_address?.status
  if (mac !== undefined && mac !== 'ready' && mac !== 'used') return false
  return view.status === 'ready' ? view.server_id === null : view.status === 'attached' && view.server_id !== null
}

export class Truth {
  moment = 0
  slots = []
  byId = new Map()
  servers = new Map()
  /** What requests and other actors did: kind, ids, the request that caused it, its moment. */
  effects = []
  story = undefined
  #leases = 0

  constructor(clock, seed) {
    this.clock = clock
    this.seed = seed
    this.random = random(seed, 'truth')
  }

  say(line) {
    this.story?.push({ at: this.clock.now, moment: this.moment, line: typeof line === 'function' ? line() : line })
  }

  /** A moment that nothing else has. */
  mark() {
    return ++this.moment
  }

  addSlot(zone, isIpv6) {
    const n = this.slots.length + 1
    const id = `${String(n).padStart(8, '0')}-0000-4000-8000-${String(this.seed).padStart(12, '0').slice(-12)}`
    const address = isIpv6 ? `2001:bc8:702:${(0x100 + n).toString(16)}::/64` : `51.159.${124 + (n >> 8)}.${n & 255}`
    const slot = { n, id, zone, isIpv6, address, createdAt: `2024-0${1 + (n % 9)}-1${n % 10}T10:00:00.${String(n).padStart(6, '0')}Z`, lease: undefined, versions: [] }
    slot.versions.push({ moment: 0, at: 0, view: null, lease: undefined })
    this.slots.push(slot)
    this.byId.set(id, slot)
    return slot
  }

  addServer(zone, name) {
    const server = { id: this.random.uuid(), zone, name, removed: false, busyUntil: 0, removedAt: undefined }
    this.servers.set(server.id, server)
    return server
  }

  /** A server that exists in the zone. */
  server(id, zone) {
    const server = this.servers.get(id)
    return server && !server.removed && server.zone === zone ? server : undefined
  }

  /** The slot of an id that is ours in the zone, if it is. */
  ours(id, zone) {
    const slot = this.byId.get(id)
    return slot && slot.zone === zone && slot.lease?.tenant === 'ours' ? slot : undefined
  }

  lease(slot, facts) {
    slot.lease = {
      n: ++this.#leases, tenant: 'ours', project: projects[0], description: '', tags: [], reverse: '', status: 'ready', serverId: null,
      target: undefined, mac: undefined, macStatus: undefined, deleting: false, job: 0, madeBy: undefined, ...facts,
    }
    return slot.lease
  }

  newMac(type) {
    const hex = () => this.random.below(256).toString(16).padStart(2, '0')
    return { id: this.random.uuid(), address: `52:54:00:${this.random.below(128).toString(16).padStart(2, '0')}:${hex()}:${hex()}`, type, at: this.#stamp() }
  }

  #stamp() {
    return Clock.text(this.clock.now, this.moment)
  }

  /** Writes the present state of a slot into the history. */
  write(slot, cause, touched = true) {
    const { lease } = slot
    this.moment++
    if (lease && touched) lease.updatedAt = this.#stamp()
    const view = lease?.tenant === 'ours' ? this.#view(slot, lease) : null
    slot.versions.push({ moment: this.moment, at: this.clock.now, view, lease, target: lease?.target })
    this.say(() => `    true: ${describe(slot)}${cause ? ` (${cause})` : ''}`)
  }

  #view(slot, lease) {
    return {
      id: slot.id, organization_id: organization, project_id: lease.project, description: lease.description, updated_at: lease.updatedAt, created_at: slot.createdAt,
      status: lease.status, tags: lease.tags, ip_address: slot.address, server_id: lease.serverId, reverse: lease.reverse,
      mac_address: lease.mac ? { id: lease.mac.id, mac_address: lease.mac.address, mac_type: lease.mac.type, status: lease.macStatus, updated_at: lease.mac.at, created_at: lease.mac.at, zone: slot.zone } : null,
      zone: slot.zone,
    }
  }

  effect(kind, slots, request, more) {
    const effect = { kind, ids: slots.map(({ id }) => id), leases: slots.map(({ lease }) => lease), request, moment: this.moment, at: this.clock.now, ...more }
    this.effects.push(effect)
    request?.effects?.push(effect)
  }

  /** The versions of a slot that were true between two moments, both included. */
  window(slot, from, to) {
    const { versions } = slot
    let first = versions.length - 1
    while (first > 0 && versions[first].moment > from) first--
    let last = first
    while (last + 1 < versions.length && versions[last + 1].moment <= to) last++
    return versions.slice(first, last + 1)
  }

  /** Our slots that carry a MAC address. */
  group(mac) {
    return this.slots.filter(({ lease }) => lease?.mac === mac && lease.tenant === 'ours')
  }
}

/** A slot for the story. */
export function describe(slot) {
  const { lease } = slot
  const name = `ip${slot.n}`
  if (!lease) return `${name} is free`
  if (lease.tenant !== 'ours') return `${name} is another tenant's`
  return `${name} ${lease.status}${lease.serverId ? ` on ${lease.serverId.slice(0, 4)}` : lease.target ? ` to ${lease.target.slice(0, 4)}` : ''}${lease.mac ? ` mac ${lease.mac.id.slice(0, 4)}/${lease.macStatus}` : ''}${lease.tags.length ? ` tags ${lease.tags}` : ''}`
}
