// A plan: the difference between a topology and what there is, without I/O.
import { type FlexibleIP, macGroups } from '../../index.js'
import { ipsWith } from '../addresses.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { isId } from '../parsers.js'
import { type Seen, seenOf } from '../seen.js'
import type { Wish } from './topology.js'

/** A change of one flexible IP. `to` of a server is null for none. */
export type Change =
  | { kind: 'server'; from: string | null; to: string | null }
  | { kind: 'description' | 'reverse'; from: string; to: string }
  | { kind: 'tags'; from: readonly string[]; to: readonly string[] }

/** What is planned for one flexible IP, and what it was when the plan was made. */
export interface PlannedIp {
  id: string
  zone: string
  address: string
  changes: Change[]
  /** Its state then: a plan is stale when it has another one. */
  seen: Seen
}

/** Why a plan cannot be carried out. */
export interface Problem {
  exitCode: ExitCode
  message: string
}

/** A plan. */
export interface Plan {
  /** Those with changes. */
  ips: PlannedIp[]
  /** Those that are as the file says: a plan is stale when they are so no more. */
  unchanged: PlannedIp[]
  /** Those that something else decides about: only shown. */
  leftAlone: { address: string; zone: string; serverId: string | null }[]
  /** Those that the file does not name. */
  unnamed: string[]
  /** Why the plan cannot be carried out, and the exit code for it. */
  problems: Problem[]
}

/** Compares. `serverIdOf` gives the id of a server's name, which was read before. */
export function makePlan(wishes: readonly Wish[], ips: readonly FlexibleIP[], serverIdOf: (name: string) => { id: string; zone?: string }): Plan {
  const plan: Plan = { ips: [], unchanged: [], leftAlone: [], unnamed: [], problems: [] }
  const named = new Map<string, Wish>()
  for (const wish of wishes) {
    const [ip] = isId(wish.ip) ? ips.filter(({ id }) => id === wish.ip.toLowerCase()) : ipsWith(wish.ip, ips)
    if (!ip) {
      plan.problems.push({ exitCode: exitCodes.notFound, message: `there is no flexible IP ${wish.ip}` })
      continue
    }
    if (named.has(ip.id)) plan.problems.push({ exitCode: exitCodes.arguments, message: `${wish.ip} and ${named.get(ip.id)?.ip} are the same flexible IP` })
    named.set(ip.id, wish)
    if (wish.owner === 'other') {
      plan.leftAlone.push({ address: ip.ipAddress, zone: ip.zone, serverId: ip.serverId ?? null })
      continue
    }
    const target = wish.server === undefined || wish.server === null ? undefined : serverIdOf(wish.server)
    if (target?.zone !== undefined && target.zone !== ip.zone) plan.problems.push({ exitCode: exitCodes.refused, message: `${ip.ipAddress} is in ${ip.zone}, and ${wish.server} in ${target.zone}` })
    const changes = changesOf(wish, ip, wish.server === undefined ? undefined : (target?.id ?? null))
    const isMove = changes.some(({ kind }) => kind === 'server')
    if (changes.length > 0 && (ip.status === 'locked' || (isMove && ip.status === 'error'))) plan.problems.push({ exitCode: exitCodes.refused, message: `${ip.ipAddress} is ${ip.status === 'error' ? 'in error' : ip.status}, and cannot be changed` })
    const list = changes.length > 0 ? plan.ips : plan.unchanged
    list.push({ id: ip.id, zone: ip.zone, address: ip.ipAddress, changes, seen: seenOf(ip, ips) })
  }
  plan.unnamed.push(...ips.filter(({ id }) => !named.has(id)).map(({ ipAddress }) => ipAddress))
  plan.problems.push(...groupProblems(plan, ips).map((message) => ({ exitCode: exitCodes.refused, message })))
  return plan
}

function changesOf(wish: Wish, ip: FlexibleIP, serverId: string | null | undefined): Change[] {
  const changes: Change[] = []
  const current = ip.serverId ?? null
  if (serverId !== undefined && serverId !== current) changes.push({ kind: 'server', from: current, to: serverId })
  for (const kind of ['description', 'reverse'] as const) {
    const to = wish[kind]
    if (to !== undefined && to !== ip[kind]) changes.push({ kind, from: ip[kind], to })
  }
  if (wish.tags && !sameSet(wish.tags, ip.tags)) changes.push({ kind: 'tags', from: ip.tags, to: wish.tags })
  return changes
}

/** A MAC group moves as one: a plan that moves a part of it cannot be carried out. */
function groupProblems({ ips: planned }: Plan, ips: readonly FlexibleIP[]): string[] {
  const targets = new Map(planned.map(({ id, changes }) => [id, changes.find((change) => change.kind === 'server')?.to]))
  return macGroups(ips).flatMap((group) => {
    const wanted = new Set(group.map(({ id, serverId }) => (targets.get(id) === undefined ? (serverId ?? null) : targets.get(id))))
    const moves = group.some(({ id }) => targets.get(id) !== undefined)
    return moves && wanted.size > 1 ? [`${group.map(({ ipAddress }) => ipAddress).join(', ')} share a virtual MAC address, and must have the same server`] : []
  })
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify([...new Set(one)].sort()) === JSON.stringify([...new Set(other)].sort())
}
