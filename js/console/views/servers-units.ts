// What moves as one, and what each server says to it.
import { type FlexibleIP, destinations, macGroups } from 'flexip/slim'
import type { NameOf } from '../data/search.js'
import type { Server } from '../data/servers.js'
import { strings } from '../strings.js'

/** The target of a detach. */
export const noServer = 'none'

/** A MAC group, or a flexible IP that moves alone. */
export interface Unit {
  /** The id of its first flexible IP. */
  readonly key: string
  readonly ips: readonly FlexibleIP[]
  /** The virtual MAC address of a group. */
  readonly mac?: string
}

/** The units of flexible IPs, in their order. */
export function unitsOf(ips: readonly FlexibleIP[]): Unit[] {
  return macGroups(ips).flatMap((group): Unit[] => {
    const [first] = group
    if (!first) return []
    return [{ key: first.id, ips: group, ...(group.length > 1 && first.macAddress && { mac: first.macAddress.macAddress }) }]
  })
}

/** How many flexible IPs these are. */
export const countOf = (units: readonly Unit[] = []): number => units.reduce((sum, { ips }) => sum + ips.length, 0)

export function nameOfUnit({ ips, mac }: Unit): string {
  return mac === undefined ? (ips[0]?.ipAddress ?? '') : strings.picture.group(mac, ips.length)
}

/** What a server says to flexible IPs that want to go there. */
export interface Answer {
  readonly possible: boolean
  /** What would happen, or why it cannot. */
  readonly text: string
  /** They are there already. */
  readonly isHere: boolean
  /** How many flexible IPs the server has, and would have. */
  readonly there: number
  readonly then: number
}

/** The answers, by server; `none` is that of no server. `other` is what all servers of other zones say. */
export interface Answers {
  readonly zone: string
  readonly byServer: ReadonlyMap<string, Answer>
  readonly other: string
  /** The flexible IPs with the other members of their MAC groups. */
  readonly all: readonly FlexibleIP[]
  readonly along: readonly FlexibleIP[]
}

/** Has every server answer at once. `ips` are of one zone. */
export function answersOf(ips: readonly FlexibleIP[], fleet: readonly FlexibleIP[], servers: readonly Server[], nameOf: NameOf): Answers {
  const texts = strings.picture
  const zone = ips[0]?.zone ?? ''
  const known = { flexibleIps: fleet, servers: servers.map(({ id, zone: of }) => ({ id, zone: of })) }
  const { destinations: all, movesAlong } = destinations(ips, known)
  const moving = [...ips, ...movesAlong]
  const stuck = moving.find(({ status }) => status === 'locked' || status === 'error')
  const what = texts.units(moving.length, unitsOf(moving).map(nameOfUnit))
  const reasonOf = (reason: string, there: number, arriving: number): string => {
    if (reason === 'zone') return texts.reasons.zone(zone, moving.length)
    if (reason === 'full') return texts.reasons.full(there, arriving, there + arriving - 64)
    if (reason === 'group') return texts.reasons.group
    if (reason === 'here') return texts.reasons.here
    if (stuck?.status === 'locked') return texts.reasons.locked(stuck.serverId === undefined ? strings.noServer : nameOf(stuck.serverId))
    return texts.reasons.error(stuck?.ipAddress ?? '')
  }
  const counts = new Map<string, number>()
  for (const { serverId } of fleet) if (serverId !== undefined) counts.set(serverId, (counts.get(serverId) ?? 0) + 1)
  const byServer = new Map<string, Answer>()
  for (const { serverId, possible, problems } of all) {
    const there = counts.get(serverId) ?? 0
    const arriving = moving.filter((ip) => ip.serverId !== serverId).length
    const isHere = arriving === 0
    const [problem] = problems
    const text = isHere ? texts.reasons.here : problem ? reasonOf(problem.reason, there, arriving) : texts.willHold(what, nameOf(serverId), there + arriving)
    byServer.set(serverId, { possible, text, isHere, there, then: there + arriving })
  }
  const attached = moving.filter(({ serverId }) => serverId !== undefined)
  const none = { there: 0, then: 0, isHere: attached.length === 0 }
  if (none.isHere) byServer.set(noServer, { ...none, possible: false, text: texts.reasons.here })
  else if (stuck) byServer.set(noServer, { ...none, possible: false, text: reasonOf('status', 0, 0) })
  else byServer.set(noServer, { ...none, possible: true, text: texts.willDetach(what) })
  return { zone, byServer, other: texts.reasons.zone(zone, moving.length), all: moving, along: movesAlong }
}
