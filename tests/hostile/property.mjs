// One run: a world, some clients, their calls; afterwards everything that must have been true.
import { describeCall, makeCall, makeClients, perform, waiting } from './calls.mjs'
import { checkCounts } from './counts.mjs'
import { checkErrors, secretsIn } from './errors.mjs'
import { checkPostcondition } from './postconditions.mjs'
import { random } from './random.mjs'
import { chooseKinds, World } from './world.mjs'

/** Late work and transitions have ended after this time. */
const afterwards = 130_000
/** A call settles this long after its total time at the latest. */
const tick = 20
/** The most requests of one call. */
const mostRequests = 3000

/** What a seed is: the numbers of its calls, its kinds of nastiness. */
export function describeRun(seed) {
  // A calm run has one call at a time, to servers that exist, without aborts and short times.
  return { seed, ...(seed % 20 === 10 && { calm: true }), calls: Array.from({ length: 4 + random(seed, 'length').below(9) }, (_, n) => n), kinds: chooseKinds(seed) }
}

class Run {
  violations = []
  calls = []
  rejected = {}

  constructor(clock, { seed, calls, kinds, uncrowded, calm }, package_, story) {
    clock.restart(seed)
    this.clock = clock
    this.package_ = package_
    this.world = new World(clock, seed, kinds, { story, uncrowded: uncrowded || calm })
    this.readsEvents = seed % 4 === 0 || this.world.has('leak')
    this.planned = Array.from({ length: Math.max(0, ...calls) + 1 }, (_, n) => (calls.includes(n) ? makeCall(this.world, n, calm) : undefined)).filter(Boolean)
    this.door = { world: this.world, onEvent: (event) => this.#event(event) }
    this.clients = makeClients(this.door, package_.FlexibleIpClient)
  }

  /** Notes a violation: the invariant, what of it, and the call. */
  violate(invariant, text, call) {
    if (this.violations.some((each) => each.invariant === invariant && each.call === call?.n)) return
    this.violations.push({ invariant, method: call?.method, call: call?.n, text })
    this.world.truth.say(`!! ${invariant} (call ${call?.n}): ${text}`)
  }

  #event(event) {
    // Every fourth world, and those in which errors carry secrets.
    if (!this.readsEvents) return
    const { old } = this.world.keys
    const text = JSON.stringify(event)
    if (old.some((key) => text.includes(key))) this.violate('g.secret in an event', event.type)
  }

  #begin(call) {
    const { truth, rules } = this.world
    const client = this.clients[call.client % this.clients.length]
    if (call.deletedBefore) {
      const slot = truth.ours(call.request.fipId, call.request.zone ?? 'fr-par-1')
      if (slot) rules.perform({ op: 'delete', zone: slot.zone, id: slot.id, from: 'another program', n: 0, body: {} })
    }
    const options = { ...call.options, headers: { 'X-Call': call.n } }
    Object.assign(call, { clientNumber: call.client % this.clients.length, began: truth.mark(), beganAt: this.clock.now })
    truth.say(() => `>> call ${call.n} of client ${call.clientNumber}: ${this.world.short(describeCall(call))}`)
    if (call.abortAfter !== undefined) {
      const controller = new AbortController()
      options.signal = controller.signal
      call.reason = { abortOf: call.n }
      this.clock.after(call.abortAfter, () => {
        if (call.settled === undefined) call.aborted = truth.mark()
        truth.say(`>> call ${call.n} is aborted`)
        controller.abort(call.reason)
        if (call.aborted !== undefined && !call.deletes) this.clock.after(tick, () => { if (call.settled === undefined) this.violate('d.not prompt', `unsettled ${tick} ms after the abort`, call) })
      })
    }
    let removals = 0
    const remove = async (ip) => {
      const removal = { n: `${call.n}.${++removals}`, method: 'delete', client: call.client, request: { fipId: ip.id }, options: {} }
      this.#begin(removal)
      await removal.promise
    }
    call.total = call.options.totalTimeoutMs ?? (waiting.has(call.method) ? 300_000 : 120_000)
    // Of a list that is iterated over the total time is that of one page.
    const bound = call.method === 'forAwait' || call.method === 'pages' ? Infinity : call.total + tick
    if (bound < Infinity) {
      this.clock.after(bound, () => {
        if (call.settled === undefined) this.violate('f.total time', `unsettled ${bound} ms after the call, total ${call.total}`, call)
      })
    }
    call.keyFunction = this.world.has('keys')
    this.calls.push(call)
    let promise
    try {
      promise = perform(client, call, options, remove)
    } catch (error) {
      this.violate('f.throws', String(error), call)
      promise = Promise.reject(error)
    }
    call.promise = promise.then((value) => this.#settle(call, 'resolved', value), (error) => this.#settle(call, 'rejected', error))
  }

  #settle(call, outcome, value) {
    const { truth } = this.world
    Object.assign(call, { outcome, settled: truth.mark(), settledAt: this.clock.now })
    call[outcome === 'resolved' ? 'value' : 'error'] = value
    if (outcome === 'resolved' && call.raw) {
      call.raw = value
      call.value = value.data
    }
    truth.say(() => `<< call ${call.n} ${outcome === 'resolved' ? `resolves ${this.world.short(JSON.stringify(call.value)?.slice(0, 400) ?? 'undefined')}` : `rejects ${value?.name ?? JSON.stringify(value)}: ${this.world.short(String(value?.message)).slice(0, 300)} (attempts ${value?.attempts})`}`)
  }

  async go() {
    for (const call of this.planned) this.clock.after(call.at, () => this.#begin(call))
    const { service } = this.world
    const over = () => (this.calls.length >= this.planned.length && this.calls.every(({ settled }) => settled !== undefined)) || this.#endless(service.requests)
    const end = await this.clock.run(over, 8_000_000)
    if (end !== 'done') for (const call of this.calls) if (call.settled === undefined) this.violate('f.settles', `never settles: ${end} at ${this.clock.now} ms`, call)
    if (end === 'done') {
      const limit = this.clock.now + afterwards
      await this.clock.run(() => this.clock.now >= limit, limit)
    }
    this.#check()
    this.door.world = this.door.onEvent = undefined
    return this
  }

  #endless(requests) {
    if (requests.length < mostRequests * 2) return false
    const counts = {}
    for (const { from } of requests) counts[from] = (counts[from] ?? 0) + 1
    const [call] = this.calls.filter(({ n }) => counts[n] > mostRequests)
    if (call) this.violate('f.requests without end', `${counts[call.n]} requests`, call)
    return call !== undefined || requests.length > 20 * mostRequests
  }

  #check() {
    const { service } = this.world
    const byCall = new Map(this.calls.map((call) => [call.n, call]))
    for (const call of this.calls) call.requests = []
    for (const request of service.requests) byCall.get(request.from)?.requests.push(request)
    for (const call of this.calls) if (call.options.idempotencyKey) call.shared = this.calls.filter((other) => other !== call && other.options.idempotencyKey === call.options.idempotencyKey && other.clientNumber === call.clientNumber && other.began < call.settled && other.settled > call.began)
    for (const call of this.calls) {
      if (call.settled === undefined) continue
      const violate = (invariant, text) => this.violate(invariant, text, call)
      if (call.outcome === 'resolved') checkPostcondition(this, call, violate)
      else {
        const { name } = call.error?.constructor ?? {}
        const label = this.package_.isFlexipError(call.error) ? call.error.name : call.error === call.reason ? 'the reason of the abort' : `foreign: ${name}`
        this.rejected[label] = (this.rejected[label] ?? 0) + 1
      }
      checkErrors(this, call, violate, secretsIn)
      checkCounts(this, call, violate)
    }
  }
}

/** Runs one seed, or a part of it. */
export function run(clock, what, package_, story) {
  return new Run(clock, what, package_, story).go()
}
