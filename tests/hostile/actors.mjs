// Other actors: another program with our key, other tenants who use the same pool, and the operator of
// the data centre. Each act is whole and follows the rules of the service.

const request = (op, zone, more) => ({ op, zone, from: 'another program', n: 0, body: {}, query: new URLSearchParams(), ...more })

/** What an operator does to a flexible IP: stuck, or a word that the client does not know. */
const words = ['error', 'locked', 'provisioning', 'unknown', 'provisioning']

export class Actors {
  constructor(world) {
    this.world = world
  }

  #ours() {
    return this.world.truth.slots.filter(({ lease }) => lease?.tenant === 'ours')
  }

  /** One act of another program with our key; `partial` also takes MAC groups apart. */
  program(chance) {
    const { truth, rules, servers } = this.world
    const slots = this.#ours()
    if (!slots.length) return
    const slot = chance.one(slots)
    const group = slot.lease.mac && !(this.world.has('partialActor') && chance.chance(0.3)) ? truth.group(slot.lease.mac) : [slot]
    const ids = group.map(({ id }) => id)
    const { zone } = slot
    const act = chance.one(['attach', 'attach', 'detach', 'delete', 'update', 'tags', 'create', 'generate', 'duplicate', 'swap'])
    const perform = (op, more) => rules.perform(request(op, zone, more))
    if (act === 'attach') perform('attach', { body: { fips_ids: ids, server_id: chance.one(servers).id } })
    else if (act === 'detach') perform('detach', { body: { fips_ids: ids } })
    else if (act === 'delete') perform('delete', { id: slot.id })
    else if (act === 'update') perform('update', { id: slot.id, body: { description: `theirs ${chance.below(99)}` } })
    else if (act === 'tags') perform('update', { id: slot.id, body: { tags: ['theirs'] } })
    else if (act === 'create') perform('create', { body: { project_id: this.world.projects[0], description: 'theirs' } })
    else if (act === 'generate') perform('generate', { id: slot.id, body: { mac_type: 'kvm' } })
    else if (act === 'duplicate') perform('duplicate', { id: slot.id, body: { duplicate_from_fip_id: chance.one(slots).id } })
    else {
      perform('delete', { id: slot.id })
      perform('create', { body: { project_id: this.world.projects[0], description: 'theirs' } })
    }
  }

  /** Another tenant takes a free address of the pool, or gives one back. */
  tenant(chance) {
    const { truth } = this.world
    const slots = truth.slots.filter(({ lease }) => lease?.tenant !== 'ours')
    if (!slots.length) return
    const slot = chance.one(slots)
    if (slot.lease) slot.lease = undefined
    else truth.lease(slot, { tenant: 'another' })
    truth.write(slot, 'another tenant')
  }

  /** Another tenant takes this address. */
  take(slot) {
    this.world.truth.lease(slot, { tenant: 'another' })
    this.world.truth.write(slot, 'another tenant takes it')
  }

  /** Another program with our key buys this address again. */
  buy(slot) {
    this.world.truth.lease(slot, { project: this.world.projects[0], description: 'theirs', reverse: 'a.rev.' })
    this.world.truth.write(slot, 'another program buys it again')
  }

  /** Another program moves a whole MAC group, or one without a MAC address. */
  shove(chance) {
    const { truth, rules, servers } = this.world
    const slots = this.#ours().filter(({ lease }) => lease.mac && lease.status === 'attached')
    if (!slots.length) return
    const slot = chance.one(slots)
    const fips_ids = truth.group(slot.lease.mac).map(({ id }) => id)
    const { zone } = slot
    if (chance.chance(0.7)) rules.perform(request('attach', zone, { body: { fips_ids, server_id: chance.one(servers).id } }))
    else rules.perform(request('detach', zone, { body: { fips_ids } }))
  }

  /** A flexible IP gets a status that it does not leave, or leaves late. */
  operator(chance) {
    const slots = this.#ours().filter(({ lease }) => lease.status === 'ready' || lease.status === 'attached')
    if (!slots.length) return
    this.block(chance.one(slots), chance)
  }

  /** This flexible IP gets such a status, whatever is under way. */
  block(slot, chance) {
    const { truth, clock } = this.world
    const { lease } = slot
    if (lease?.tenant !== 'ours' || lease.deleting) return
    lease.job++
    lease.target = undefined
    lease.status = chance.one(words)
    truth.write(slot, 'the operator')
    if (chance.chance(0.7)) {
      clock.after(chance.between(2000, 60_000), () => {
        if (slot.lease !== lease || !words.includes(lease.status)) return
        lease.status = lease.serverId ? 'attached' : 'ready'
        if (lease.mac) lease.macStatus = lease.serverId ? 'used' : 'ready'
        truth.write(slot, 'the operator is done')
      })
    }
  }
}
