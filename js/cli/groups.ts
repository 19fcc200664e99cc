// Rules between flexible IPs and a server: MAC groups move together, and only within a zone.
import type { FlexibleIP } from '../index.js'
import { exitCodes } from './exit-codes.js'
import { withGroups } from './selection.js'
import type { Session } from './session.js'
import { Stop, wrongArgument } from './stop.js'

/** The flexible IPs and the other members of their MAC groups, and says which ones were added. */
export function collectGroups(session: Session, ips: readonly FlexibleIP[], all: readonly FlexibleIP[]): FlexibleIP[] {
  const whole = withGroups(ips, all)
  for (const { ipAddress, macAddress } of whole.slice(ips.length)) session.say(`${ipAddress} moves along: it shares the virtual MAC address ${macAddress?.macAddress ?? ''}`)
  return whole
}

/** The zone of the flexible IPs. Throws a `Stop` if they are in several, or in another than the server. */
export function checkZones(ips: readonly FlexibleIP[], server: { id: string; name?: string; zone?: string }): string {
  const [zone = '', ...others] = new Set(ips.map((ip) => ip.zone))
  const foreign = ips.filter((ip) => server.zone !== undefined && ip.zone !== server.zone)
  const list = foreign.map((ip) => `${ip.ipAddress} (${ip.zone})`).join(', ')
  if (foreign.length > 0) throw new Stop(exitCodes.refused, `${list} cannot go to ${server.name ?? server.id} in ${server.zone}`, 'A flexible IP can be attached in its own zone only.')
  if (others.length > 0) throw wrongArgument(`the flexible IPs are in several zones: ${[zone, ...others].join(', ')}`, 'A server is in one zone: name those of each zone apart.')
  return zone
}
