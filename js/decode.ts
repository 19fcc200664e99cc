// From the JSON of the wire to the public shape, in one step. `null` becomes `undefined`.
import type {
  FlexibleIP,
  ListFlexibleIPsResponse,
  MACAddress,
} from '../build/client/flexip.js'
import { DecodeError, type FailureContext } from './errors.js'

type Wire = Readonly<Record<string, unknown>>

/** A field that is not as the API promises. It becomes a `DecodeError` where the call is known. */
export class Misshapen {
  constructor(
    readonly field: string,
    readonly found: unknown,
  ) {}
}

/** Decodes a body, or throws a `DecodeError` that names the first field that is not as promised. */
export function decoded<T>(decode: (body: unknown) => T, body: unknown, context: () => Partial<FailureContext>): T {
  try {
    return decode(body)
  } catch (thrown) {
    if (!(thrown instanceof Misshapen)) throw thrown
    const { field, found } = thrown
    const told = context()
    const message = `${told.operation}: the answer cannot be read: its ${field ? `field ${field}` : 'body'} is ${kind(found)}`
    throw new DecodeError(message, undefined, { ...told, retryable: true, body, field } as Partial<FailureContext>)
  }
}

/** Decodes a flexible IP. */
export function flexibleIP(body: unknown): FlexibleIP {
  const ip = object(body)
  const mac = ip.mac_address
  const decoded: FlexibleIP = {
    id: text(ip, 'id'),
    organizationId: text(ip, 'organization_id'),
    projectId: text(ip, 'project_id'),
    description: text(ip, 'description'),
    tags: texts(ip, 'tags'),
    status: text(ip, 'status') as FlexibleIP['status'],
    ipAddress: text(ip, 'ip_address'),
    reverse: text(ip, 'reverse'),
    zone: zone(ip),
  }
  if (mac !== null && mac !== undefined) decoded.macAddress = within('mac_address', macAddress, mac)
  if (ip.server_id !== null && ip.server_id !== undefined) decoded.serverId = text(ip, 'server_id')
  return dated(decoded, ip)
}

/** Decodes a page of flexible IPs. */
export function page(body: unknown): ListFlexibleIPsResponse {
  const { total_count, flexible_ips } = object(body)
  if (typeof total_count !== 'number') throw new Misshapen('total_count', total_count)
  if (!Array.isArray(flexible_ips)) throw new Misshapen('flexible_ips', flexible_ips)
  const flexibleIps = flexible_ips.map((ip, place) => within(`flexible_ips[${place}]`, flexibleIP, ip))
  return { totalCount: total_count, flexibleIps }
}

/** Decodes the answer to a deletion, which has nothing to say. */
export function nothing(): void {}

function macAddress(body: unknown): MACAddress {
  const mac = object(body)
  const decoded: MACAddress = {
    id: text(mac, 'id'),
    macAddress: text(mac, 'mac_address'),
    macType: text(mac, 'mac_type') as MACAddress['macType'],
    status: text(mac, 'status') as MACAddress['status'],
    zone: zone(mac),
  }
  return dated(decoded, mac)
}

/** Adds the dates, and beside them the exact texts: a `Date` holds milliseconds, the wire up to nanoseconds. */
function dated<T extends { createdAt?: Date; updatedAt?: Date }>(decoded: T, wire: Wire): T {
  const { created_at, updated_at } = wire
  if (updated_at !== null && updated_at !== undefined) {
    decoded.updatedAt = date(updated_at, 'updated_at')
    Object.defineProperty(decoded, 'updatedAtText', { value: updated_at })
  }
  if (created_at !== null && created_at !== undefined) {
    decoded.createdAt = date(created_at, 'created_at')
    Object.defineProperty(decoded, 'createdAtText', { value: created_at })
  }
  return decoded
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

function date(value: unknown, field: string): Date {
  if (typeof value !== 'string') throw new Misshapen(field, value)
  const millis = utcMillis(value)
  const read = new Date(Number.isNaN(millis) && RFC3339.test(value) ? value : millis)
  if (Number.isNaN(read.getTime())) throw new Misshapen(field, value)
  return read
}

/**
 * The milliseconds of `2026-02-25T13:57:00.184153690Z`, which is how the service writes all dates;
 * NaN for any other form. Half the cost of `new Date(text)`, which is most of decoding a list.
 */
function utcMillis(text: string): number {
  const last = text.length - 1
  if (text.charCodeAt(last) !== 90 || text.charCodeAt(10) !== 84 || last < 19) return NaN
  let millis = 0
  if (last > 19) {
    if (text.charCodeAt(19) !== 46) return NaN
    for (let place = 20, weight = 100; place < last; place++, weight = Math.floor(weight / 10)) millis += digit(text, place) * weight
  }
  const year = pair(text, 0) * 100 + pair(text, 2)
  return Date.UTC(year, pair(text, 5) - 1, pair(text, 8), pair(text, 11), pair(text, 14), pair(text, 17), millis)
}

function pair(text: string, place: number): number {
  return digit(text, place) * 10 + digit(text, place + 1)
}

function digit(text: string, place: number): number {
  const value = text.charCodeAt(place) - 48
  return value >= 0 && value <= 9 ? value : NaN
}

function object(value: unknown): Wire {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Misshapen('', value)
  return value as Wire
}

function text(wire: Wire, field: string): string {
  const value = wire[field]
  if (typeof value !== 'string') throw new Misshapen(field, value)
  return value
}

function texts(wire: Wire, field: string): string[] {
  const value = wire[field]
  if (!Array.isArray(value)) throw new Misshapen(field, value)
  for (let place = 0; place < value.length; place++) {
    if (typeof value[place] !== 'string') throw new Misshapen(`${field}[${place}]`, value[place])
  }
  return value
}

/** Some answers of 2022 lack the zone, and nothing else. */
function zone(wire: Wire): FlexibleIP['zone'] {
  return wire.zone === undefined ? '' : text(wire, 'zone')
}

function within<T>(field: string, decode: (body: unknown) => T, body: unknown): T {
  try {
    return decode(body)
  } catch (thrown) {
    if (!(thrown instanceof Misshapen)) throw thrown
    throw new Misshapen(thrown.field ? `${field}.${thrown.field}` : field, thrown.found)
  }
}

function kind(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60))
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`
}
