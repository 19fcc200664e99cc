// The functions that need neither a client nor the core: importing them loads no WebAssembly.
import type { FlexibleIP, ParsedIp } from '../../build/client/flexip.js'
import { invalidArgument } from '../errors/invalid.js'
import { network } from '../network/addresses.js'
import { type ExactTimes, exactTimesOf } from '../results/exact-times.js'

/**
 * Splits flexible IPs into their MAC groups. A flexible IP without a virtual MAC address is a group by itself.
 * Throws an `InvalidArgumentsError` for what is not an iterable of objects.
 */
export function macGroups(ips: readonly FlexibleIP[]): FlexibleIP[][] {
  const groups = new Map<unknown, FlexibleIP[]>()
  readArgument('macGroups', 'ips', 'a list of flexible IPs', ips, () => {
    for (const ip of ips) {
      if (typeof ip !== 'object') throw new TypeError('not a flexible IP')
      const key = ip.macAddress?.id ?? ip
      const group = groups.get(key)
      if (group) group.push(ip)
      else groups.set(key, [ip])
    }
  })
  return [...groups.values()]
}

/** The Scaleway resource name of a flexible IP, as Scaleway's other tools write it. */
export function srn(ip: Pick<FlexibleIP, 'id' | 'zone'>): string {
  const { id, zone } = readArgument('srn', 'ip', 'a flexible IP', ip, () => ({ id: ip.id, zone: ip.zone }))
  if (typeof id !== 'string') throw invalidArgument('srn', 'ip.id', 'a string', id)
  if (typeof zone !== 'string') throw invalidArgument('srn', 'ip.zone', 'a string', zone)
  return `srn://flexible-ip.scw.eu/zones/${zone}/flexible-ips/${id}`
}

/**
 * The exact times of a flexible IP or a MAC address that this library returned, as the service wrote
 * them: nanoseconds in the response to a write, microseconds in later reads. A copy has none.
 */
export function exactTimes(result: { createdAt?: Date; updatedAt?: Date }): ExactTimes {
  if (typeof result !== 'object' || result === null) throw invalidArgument('exactTimes', 'result', 'a flexible IP or a MAC address', result)
  return exactTimesOf(result)
}

/**
 * Parses an IPv4 or IPv6 address in any spelling, with or without a prefix. Returns `undefined` for any other text.
 * Throws an `InvalidArgumentsError` for what is not a text.
 */
export function parseIp(text: string): ParsedIp | undefined {
  if (typeof text !== 'string') throw invalidArgument('parseIp', 'text', 'a string', text)
  const parsed = network(text)
  if (!parsed) return undefined
  const { family, address, prefixLength } = parsed
  return { family, address, prefixLength, text: family === 4 && prefixLength === 32 ? address : `${address}/${prefixLength}` }
}

/** What `read` gives. What it throws is the argument's fault: a proxy that was revoked, a getter that throws, another type. */
function readArgument<T>(operation: string, field: string, allowed: string, argument: unknown, read: () => T): T {
  try {
    return read()
  } catch {
    throw invalidArgument(operation, field, allowed, argument)
  }
}
