// From the JSON of a response to the public objects, in one step. A field that is `null` is left out.
import type {
  FlexibleIP,
  ListFlexibleIPsResponse,
  MACAddress,
} from '../../build/client/flexip.js'
import { setExactTimes } from './exact-times.js'

type Wire = Readonly<Record<string, unknown>>

/** What `decode` functions throw for a field that is not what the API promises. `client/decode-response.ts` makes a `DecodeError` of it. */
export class DecodeFailure {
  constructor(
    readonly field: string,
    readonly found: unknown,
  ) {}
}

/** Decodes a flexible IP. */
export function flexibleIP(body: unknown): FlexibleIP {
  const wire = object(body)
  const { mac_address, server_id } = wire
  const ip: FlexibleIP = {
    id: word(wire.id, 'id'),
    organizationId: text(wire.organization_id, 'organization_id'),
    projectId: text(wire.project_id, 'project_id'),
    description: text(wire.description, 'description'),
    tags: texts(wire.tags, 'tags'),
    status: word(wire.status, 'status') as FlexibleIP['status'],
    ipAddress: word(wire.ip_address, 'ip_address'),
    reverse: text(wire.reverse, 'reverse'),
    zone: zone(wire.zone),
  }
  if (mac_address !== null && mac_address !== undefined) ip.macAddress = macAddress(mac_address)
  const serverId = optionalText(server_id, 'server_id')
  // The core's rules take an empty id for none, too.
  if (serverId) ip.serverId = serverId
  return addDates(ip, wire)
}

/** Decodes a page of flexible IPs. */
export function page(body: unknown): ListFlexibleIPsResponse {
  const { total_count, flexible_ips } = object(body)
  // `>>> 0` changes what is not a whole number from 0 to 2^32 - 1, the API's `uint32`.
  if (typeof total_count !== 'number' || total_count >>> 0 !== total_count) throw new DecodeFailure('total_count', total_count)
  if (!Array.isArray(flexible_ips)) throw new DecodeFailure('flexible_ips', flexible_ips)
  const flexibleIps: FlexibleIP[] = []
  try {
    for (const ip of flexible_ips) flexibleIps.push(flexibleIP(ip))
  } catch (thrown) {
    throw withPath(`flexible_ips[${flexibleIps.length}]`, thrown)
  }
  return { totalCount: total_count, flexibleIps }
}

/** Decodes the response to a deletion, which has no body. */
export function nothing(): void {}

function macAddress(body: unknown): MACAddress {
  try {
    const wire = object(body)
    const mac: MACAddress = {
      id: text(wire.id, 'id'),
      macAddress: text(wire.mac_address, 'mac_address'),
      macType: text(wire.mac_type, 'mac_type') as MACAddress['macType'],
      status: text(wire.status, 'status') as MACAddress['status'],
      zone: zone(wire.zone),
    }
    return addDates(mac, wire)
  } catch (thrown) {
    throw withPath('mac_address', thrown)
  }
}

/** Adds the dates, and keeps the exact times: a `Date` holds milliseconds, the wire up to nanoseconds. */
function addDates<T extends { createdAt?: Date; updatedAt?: Date }>(decoded: T, { created_at, updated_at }: Wire): T {
  const updatedAt = optionalText(updated_at, 'updated_at')
  const createdAt = optionalText(created_at, 'created_at')
  if (updatedAt !== undefined) decoded.updatedAt = date(updatedAt, 'updated_at')
  if (createdAt !== undefined) decoded.createdAt = date(createdAt, 'created_at')
  setExactTimes(decoded, { createdAt, updatedAt })
  return decoded
}

/** What RFC 3339 allows besides the form of `utcMillis`: lower-case letters, and an offset. */
const RFC3339 = /^(.{10})t(.*?)(?:z|([+-])([01]\d|2[0-3]):([0-5]\d))$/i

function date(value: string, field: string): Date {
  let millis = utcMillis(value)
  if (Number.isNaN(millis)) millis = otherMillis(value)
  if (Number.isNaN(millis)) throw new DecodeFailure(field, value)
  return new Date(millis)
}

/** The milliseconds of any other date of RFC 3339; NaN for any other text. */
function otherMillis(text: string): number {
  const [, day, time, sign, hours, minutes] = RFC3339.exec(text) ?? []
  const offset = sign ? Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) : 0
  return utcMillis(`${day}T${time}Z`) - offset * 60_000
}

/**
 * The milliseconds of `2026-02-25T13:57:00.184153690Z`, which is how the service writes all dates;
 * NaN for any other form. It takes half the time of `new Date(text)`, which would be most of the time to decode a list.
 */
function utcMillis(text: string): number {
  const last = text.length - 1
  const hasForm =
    text.charCodeAt(4) === 45 &&
    text.charCodeAt(7) === 45 &&
    text.charCodeAt(10) === 84 &&
    text.charCodeAt(13) === 58 &&
    text.charCodeAt(16) === 58 &&
    text.charCodeAt(last) === 90
  if (!hasForm || last < 19) return NaN
  let millis = 0
  if (last > 19) {
    if (text.charCodeAt(19) !== 46 || last === 20) return NaN
    for (let index = 20, weight = 100; index < last; index++, weight = (weight / 10) | 0) {
      const value = digit(text, index)
      if (value < 0) return NaN
      millis += value * weight
    }
  }
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  const month = twoDigits(text, 5)
  const day = twoDigits(text, 8)
  const hour = twoDigits(text, 11)
  const minute = twoDigits(text, 14)
  const second = twoDigits(text, 17)
  // Only a leap second may be carried over.
  const isDate = year >= 0 && month > 0 && month < 13 && day > 0 && day <= daysIn(month, year) && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 61
  return isDate ? (((daysTo(year, month) + day) * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + millis : NaN
}

/** The days from 1970 to the last of the month before. `Date.UTC` takes most of the time of a list. */
function daysTo(year: number, month: number): number {
  // A year that begins in March has its leap day at its end.
  const years = month < 3 ? year - 1 : year
  const months = month < 3 ? month + 9 : month - 3
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400)
  return years * 365 + leapDays + Math.floor((153 * months + 2) / 5) - 719_469
}

function daysIn(month: number, year: number): number {
  if (month !== 2) return 30 + ((month + (month >> 3)) & 1)
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}

function twoDigits(text: string, index: number): number {
  return digit(text, index) * 10 + digit(text, index + 1)
}

function digit(text: string, index: number): number {
  const value = text.charCodeAt(index) - 48
  return value >= 0 && value <= 9 ? value : noDigit
}

/** Makes every number negative that it is a part of. A NaN would make all of them slow. */
const noDigit = -100_000

function object(value: unknown): Wire {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new DecodeFailure('', value)
  return value as Wire
}

function text(value: unknown, field: string): string {
  if (typeof value !== 'string') throw new DecodeFailure(field, value)
  return value
}

/** A text that cannot be empty. */
function word(value: unknown, field: string): string {
  if (value === '') throw new DecodeFailure(field, value)
  return text(value, field)
}

function optionalText(value: unknown, field: string): string | undefined {
  return value === null || value === undefined ? undefined : text(value, field)
}

function texts(value: unknown, field: string): string[] {
  if (!Array.isArray(value)) throw new DecodeFailure(field, value)
  for (let index = 0; index < value.length; index++) {
    if (typeof value[index] !== 'string') throw new DecodeFailure(`${field}[${index}]`, value[index])
  }
  return value
}

/** Some responses of 2022 lack the zone. */
function zone(value: unknown): FlexibleIP['zone'] {
  return value === undefined ? '' : text(value, 'zone')
}

/** The failure with the path of the object that holds the field. */
function withPath(field: string, thrown: unknown): unknown {
  if (!(thrown instanceof DecodeFailure)) return thrown
  return new DecodeFailure(thrown.field ? `${field}.${thrown.field}` : field, thrown.found)
}
