// What a decision depends on of a flexible IP: if that changes before the change is sent, the decision is stale.
import type { FlexibleIP } from '../index.js'

/** The state of a flexible IP when the decision was made. */
export interface Seen {
  status: string
  projectId: string
  serverId: string | null
  description: string
  tags: readonly string[]
  reverse: string
  macId: string | null
  /** The addresses of its MAC group: it moves as one. */
  group: readonly string[]
}

/** What was seen of one flexible IP. */
export interface SeenIp {
  id: string
  address: string
  zone: string
  seen: Partial<Seen>
}

/** The state of a flexible IP among all. */
export function seenOf({ status, projectId, serverId, description, tags, reverse, macAddress }: FlexibleIP, ips: readonly FlexibleIP[]): Seen {
  const group = macAddress ? ips.filter((other) => other.macAddress?.id === macAddress.id).map(({ ipAddress }) => ipAddress) : []
  return { status, projectId, serverId: serverId ?? null, description, tags, reverse, macId: macAddress?.id ?? null, group: group.sort() }
}

/** What has changed: a sentence for each field that is not as it was. A field that was not noted does not count. */
export function staleness(noted: readonly SeenIp[], ips: readonly FlexibleIP[]): string[] {
  return noted.flatMap(({ id, address, zone, seen }) => {
    const ip = ips.find((now) => now.id === id)
    if (!ip) return [`${address} is gone`]
    const before: Record<string, unknown> = { address, zone, ...seen }
    const now: Record<string, unknown> = { address: ip.ipAddress, zone: ip.zone, ...seenOf(ip, ips) }
    const fields = Object.keys(before).filter((field) => JSON.stringify(before[field]) !== JSON.stringify(now[field]))
    return fields.map((field) => `${address}: ${field} was ${JSON.stringify(before[field])}, and is ${JSON.stringify(now[field])}`)
  })
}
