// Rules between flexible IPs and a server: MAC groups move together, and only within a zone.
import { type FlexibleIP, macGroups } from '../index.js'
import { exitCodes } from './exit-codes.js'
import { isStuck } from './failure.js'
import { withGroups } from './selection.js'
import type { Target } from './servers.js'
import type { Session } from './session.js'
import { Stop, wrongArgument } from './stop.js'

/** The flexible IPs and the other members of their MAC groups, and says which ones were added. */
export function collectGroups(session: Session, ips: readonly FlexibleIP[], all: readonly FlexibleIP[]): FlexibleIP[] {
  const whole = withGroups(ips, all)
  for (const { ipAddress, macAddress } of whole.slice(ips.length)) session.say(`${ipAddress} moves along: it shares the virtual MAC address ${macAddress?.macAddress ?? ''}`)
  return whole
}

/** The flexible IPs that a move asks for. One that is locked or in error on the target needs no move, and the client refuses it; of a MAC group, all or none. */
export function stillToGo(ips: readonly FlexibleIP[], target: string): FlexibleIP[] {
  const isThere = (ip: FlexibleIP) => ip.serverId === target && (ip.status === 'attached' || isStuck(ip))
  const settled = new Set(macGroups(ips).filter((group) => group.some(isStuck) && group.every(isThere)).flat().map(({ id }) => id))
  return ips.filter(({ id }) => !settled.has(id))
}

/** The zone of the flexible IPs. Throws a `Stop` if they are in several, or in another than the server. */
export function checkZones(ips: readonly FlexibleIP[], server: Target): string {
  const [zone = '', ...others] = new Set(ips.map((ip) => ip.zone))
  const foreign = ips.filter((ip) => server.zone !== undefined && ip.zone !== server.zone)
  const list = foreign.map((ip) => `${ip.ipAddress} (${ip.zone})`).join(', ')
  if (foreign.length > 0) throw new Stop(exitCodes.refused, `${list} cannot go to ${server.name ?? server.id} in ${server.zone}`, 'A flexible IP can be attached in its own zone only.')
  if (others.length > 0) throw wrongArgument(`the flexible IPs are in several zones: ${[zone, ...others].join(', ')}`, 'A server is in one zone: name those of each zone apart.')
  return zone
}
