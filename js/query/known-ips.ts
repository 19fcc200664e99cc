// The flexible IPs in the data of queries: of single ones, and of every kind of list.
import { type QueryCacheLike, flexibleIpKeys } from './keys.js'

/** A flexible IP as one query has it. Queries can differ: some were read before a change, some after. */
export interface KnownIp {
  readonly id: string
  readonly macId: string | undefined
  readonly serverId: string | undefined
}

/** Every flexible IP that the cache has, once for each query that has it. */
export function knownIps(cache: QueryCacheLike, scope: string): KnownIp[] {
  return cache.getQueriesData({ queryKey: flexibleIpKeys(scope).all }).flatMap(([, data]) => ipsIn(data))
}

/** The flexible IPs in a flexible IP, a page, pages, or a list. */
export function ipsIn(data: unknown): KnownIp[] {
  if (Array.isArray(data)) return data.flatMap(ipsIn)
  const { flexibleIps, pages, id, macAddress, serverId } = fieldsOf(data)
  const items = flexibleIps ?? pages
  if (items !== undefined) return ipsIn(items)
  const ofIp = idOf(id)
  return ofIp === undefined ? [] : [{ id: ofIp, macId: idOf(fieldsOf(macAddress).id), serverId: idOf(serverId) }]
}

/** An id in small letters; the service takes capitals too. */
export function idOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value.toLowerCase() : undefined
}

/** The fields of an object; none of any other value. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}
