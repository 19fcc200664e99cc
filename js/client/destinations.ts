// Where flexible IPs can go, and why not: the rules of zones, of 64 flexible IPs a server, and of MAC groups.
import type { FlexibleIP } from '../../build/client/flexip.js'
import { invalidArgument } from '../errors/invalid.js'
import { macGroups } from './helpers.js'

/** A server, as `destinations` needs it. */
export interface DestinationServer {
  /** The id of the Elastic Metal server. */
  id: string
  /** Its zone. */
  zone: string
}

/** Why flexible IPs cannot go to a server. */
export interface DestinationProblem {
  /**
   * `zone`: it is in another zone. `full`: it would have more than 64. `group`: a MAC group is not on one server, so
   * that it cannot move as one. `status`: a flexible IP is in `error` or `locked`. `here`: all of them are there.
   */
  reason: 'zone' | 'full' | 'group' | 'status' | 'here'
  /** The same for people. */
  message: string
}

/** A server, with whether flexible IPs can go there. */
export interface Destination {
  /** The id of the server. */
  serverId: string
  /** Its zone. */
  zone: string
  /** Whether they can go there: there is no problem. */
  possible: boolean
  /** Why they cannot; empty if they can. */
  problems: DestinationProblem[]
  /** How many more flexible IPs the server can have now. */
  free: number
}

/** Where flexible IPs can go. */
export interface Destinations {
  /** A destination for each server, in their order. */
  destinations: Destination[]
  /** The other members of their MAC groups, which must move along. */
  movesAlong: FlexibleIP[]
}

/** The most flexible IPs of a server. */
const limit = 64

/**
 * Says to which servers flexible IPs can go together, and why not to the others. `known` are all flexible IPs of their
 * zones, and the servers. It sends nothing, and cannot know what the service checks beyond these rules.
 *
 * @example
 * const { destinations: servers } = destinations([ip], { flexibleIps, servers: [{ id: web2, zone: 'fr-par-1' }] })
 * servers[0]?.possible // true
 */
export function destinations(ips: readonly FlexibleIP[], known: { flexibleIps: readonly FlexibleIP[]; servers: readonly DestinationServer[] }): Destinations {
  if (typeof known !== 'object' || known === null || !Array.isArray(known.servers)) throw invalidArgument('destinations', 'known', 'an object with flexibleIps and servers', known)
  const asked = macGroups(ips).flat()
  const ids = new Set(asked.map(({ id }) => id))
  const groups = macGroups(known.flexibleIps).filter((group) => group.some(({ id }) => ids.has(id)))
  const movesAlong = groups.flat().filter(({ id }) => !ids.has(id))
  const all = [...asked, ...movesAlong]
  const common = [...statusProblems(all), ...groupProblems(groups)]
  const entries = known.servers.map(({ id: serverId, zone }): Destination => {
    const there = known.flexibleIps.filter((ip) => ip.serverId === serverId)
    const free = Math.max(0, limit - there.length)
    const arriving = all.filter((ip) => ip.serverId !== serverId).length
    const problems = [...zoneProblems(all, zone), ...common]
    if (all.length > 0 && arriving === 0) problems.push({ reason: 'here', message: all.length === 1 ? 'it is there already' : 'all are there already' })
    else if (arriving > free) problems.push({ reason: 'full', message: `it has ${there.length} of ${limit} flexible IPs, and ${arriving} more would come${movesAlong.length > 0 ? ', with their MAC groups' : ''}` })
    return { serverId, zone, possible: problems.length === 0, problems, free }
  })
  return { destinations: entries, movesAlong }
}

function zoneProblems(ips: readonly FlexibleIP[], zone: string): DestinationProblem[] {
  const foreign = ips.filter((ip) => ip.zone !== zone)
  return foreign.length === 0 ? [] : [{ reason: 'zone', message: `${foreign.map((ip) => `${ip.ipAddress} is in ${ip.zone}`).join(', ')}, and the server in ${zone}` }]
}

function statusProblems(ips: readonly FlexibleIP[]): DestinationProblem[] {
  const stuck = ips.filter(({ status }) => status === 'error' || status === 'locked')
  return stuck.map(({ ipAddress, status }) => ({ reason: 'status', message: `${ipAddress} is in status ${status}` }))
}

function groupProblems(groups: readonly FlexibleIP[][]): DestinationProblem[] {
  const torn = groups.filter((group) => new Set(group.map(({ serverId }) => serverId)).size > 1)
  return torn.map((group) => ({ reason: 'group', message: `${group.map(({ ipAddress }) => ipAddress).join(', ')} share a virtual MAC address and are not on one server` }))
}
