// The kinds of nastiness, and what becomes of a request: a plan that follows from the seed, the call
// and the number of the request within its call.
import { random } from './random.mjs'
import { retryAfters } from './answers.mjs'

export const kinds = [
  'late', 'done', 'lost', 'unsent', 'rateLimit', 'unreachable', 'flap', 'torn', 'shift', 'repeat', 'total', 'cache', 'foreign',
  'slow', 'hang', 'deaf', 'keys', 'leak', 'actor', 'partialActor', 'pool', 'servers', 'stuck', 'unfiltered',
]

/** Kinds that are part of the world, not of a request. */
const worldly = new Set(['flap', 'keys', 'actor', 'partialActor', 'pool', 'servers', 'stuck', 'deaf'])
const forChanges = new Set(['late'])
const forLists = new Set(['torn', 'shift', 'repeat', 'total', 'unfiltered'])
const forReads = new Set(['cache'])

/**
 * How long after the end of the attempt an operation may be accepted: with the transition that follows
 * it stays within the settling time (design, A).
 */
export const latest = { create: 9500, generate: 6000, deleteMac: 6000, move: 6000, duplicate: 9000, update: 9500, detach: 11_000, delete: 23_000, attach: 15_000 }

/** How an attempt fails whose outcome is unknown. */
const failures = ['504', '500', '502', 'dropped', 'truncated', '500html']

export class Plans {
  constructor(seed, chosen, rate) {
    this.seed = seed
    this.rate = rate
    this.chosen = new Set(chosen)
    this.perRequest = chosen.filter((kind) => !worldly.has(kind))
  }

  /** The plan of a request: when it arrives, what is done, what is answered when. */
  plan(request) {
    const chance = random(this.seed, 'request', request.from, request.k)
    const answer = chance.between(25, 130)
    const plan = { arrive: Math.floor(answer / 2), answer, work: 'now', reply: 'true', chance }
    if (this.chosen.has('deaf')) plan.deaf = chance.chance(0.5)
    if (this.chosen.has('leak')) plan.leak = true
    if (!this.perRequest.length || !chance.chance(this.rate)) return plan
    const kind = chance.one(this.perRequest)
    if (forChanges.has(kind) && !request.change) return plan
    if (forLists.has(kind) && request.op !== 'list') return plan
    if (forReads.has(kind) && request.method !== 'GET') return plan
    plan.kind = kind
    this[kind](plan, chance, request)
    return plan
  }

  late(plan, chance, request) {
    plan.work = 'late'
    plan.lateBy = chance.chance(0.5) ? chance.below(1000) : chance.below(latest[request.op])
    plan.reply = chance.one(failures)
  }

  done(plan, chance) {
    plan.reply = chance.one(failures)
  }

  lost(plan, chance) {
    plan.work = 'none'
    plan.reply = chance.one(failures)
  }

  leak(plan, chance) {
    plan.work = chance.one(['none', 'now'])
    plan.reply = 'dropped'
  }

  unsent(plan, chance) {
    plan.work = 'none'
    plan.reply = chance.one(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])
    plan.answer = chance.between(1, 20)
  }

  rateLimit(plan, chance) {
    plan.work = 'none'
    plan.reply = '429'
    plan.retryAfter = chance.one(retryAfters)
  }

  unreachable(plan) {
    plan.work = 'none'
    plan.reply = '503'
  }

  torn(plan, chance) {
    plan.reply = 'torn'
    plan.answer = chance.between(200, 4000)
  }

  shift(plan) {
    plan.reply = 'shift'
  }

  repeat(plan) {
    plan.reply = 'repeat'
  }

  total(plan) {
    plan.reply = 'total'
  }

  unfiltered(plan) {
    plan.reply = 'unfiltered'
  }

  cache(plan) {
    plan.reply = 'cache'
  }

  foreign(plan, chance, request) {
    plan.work = !request.change ? 'none' : chance.one(['none', 'none', 'now', 'late'])
    plan.reply = 'foreign'
    plan.page = chance.one(['portal', 'blocked', 'missing', 'moved', 'opaque', 'forbiddenJson'])
    if (plan.work === 'late') plan.lateBy = chance.below(latest[request.op])
  }

  slow(plan, chance) {
    plan.answer = chance.one([chance.between(300, 3000), chance.between(3000, 40_000)])
    plan.arrive = chance.below(Math.min(plan.answer, 5000))
  }

  hang(plan, chance, request) {
    plan.reply = 'never'
    plan.work = !request.change ? 'none' : chance.one(['none', 'now', 'late'])
    if (plan.work === 'late') plan.lateBy = chance.below(latest[request.op])
  }
}
