// MAC groups: flexible IPs that share a virtual MAC address move together.
import type { FlexibleIP } from '../index.js'
import { withGroups } from './selection.js'
import type { Session } from './session.js'

/** The flexible IPs and the other members of their MAC groups, and says which ones were added. */
export function collectGroups(session: Session, ips: readonly FlexibleIP[], all: readonly FlexibleIP[]): FlexibleIP[] {
  const whole = withGroups(ips, all)
  for (const { ipAddress, macAddress } of whole.slice(ips.length)) session.say(`${ipAddress} moves along: it shares the virtual MAC address ${macAddress?.macAddress ?? ''}`)
  return whole
}
