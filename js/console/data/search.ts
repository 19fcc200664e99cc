// Which flexible IPs a search and filters show, by what they are sorted, and which rows form a MAC group.
import type { FlexibleIP } from 'flexip/slim'
import type { Place } from './url.js'

export type NameOf = (serverId: string) => string

/** The filters of the API's list, with its meaning: any of the values. Then the search, every word of it. */
export function shown(ips: readonly FlexibleIP[], place: Place, nameOf: NameOf): FlexibleIP[] {
  const isIn = (values: readonly string[]) => (values.length === 0 ? () => true : (value: string | undefined) => value !== undefined && values.includes(value))
  const [zone, status, project, server] = [isIn(place.zone), isIn(place.status), isIn(place.project), isIn(place.server)]
  const words = place.q.toLowerCase().split(/\s+/).filter((word) => word !== '')
  return ips.filter(
    (ip) =>
      zone(ip.zone) &&
      status(ip.status) &&
      project(ip.projectId) &&
      server(ip.serverId) &&
      (place.tag.length === 0 || ip.tags.some((tag) => place.tag.includes(tag))) &&
      (words.length === 0 || hasAll(textOf(ip, nameOf), [ip.id, ip.serverId ?? ''], words)),
  )
}

/** Ids are hexadecimal: a short word such as `db-1` is in many of them by chance. They match from their beginning only. */
const idWordMin = 8

function hasAll(text: string, ids: readonly string[], words: readonly string[]): boolean {
  return words.every((word) => text.includes(word) || (word.length >= idWordMin && ids.some((id) => id.startsWith(word))))
}

function textOf(ip: FlexibleIP, nameOf: NameOf): string {
  const server = ip.serverId === undefined ? '' : nameOf(ip.serverId)
  return [ip.ipAddress, ip.description, ip.reverse, ip.macAddress?.macAddress ?? '', server, ...ip.tags].join('\n').toLowerCase()
}

export const sortable = ['address', 'status', 'server', 'zone', 'mac', 'reverse', 'description', 'tags', 'updated'] as const
export type Column = (typeof sortable)[number]

/** The text by which a column is sorted. Servers that are failing come before the others. */
export function keyOf(column: Column, ip: FlexibleIP, nameOf: NameOf, failing: ReadonlySet<string>): string {
  switch (column) {
    case 'address':
      return addressKey(ip.ipAddress)
    case 'status':
      return ip.status
    case 'server':
      return ip.serverId === undefined ? '\uffff' : `${failing.has(ip.serverId) ? '\0' : ''}${nameOf(ip.serverId)}`
    case 'zone':
      return ip.zone
    case 'mac':
      return ip.macAddress?.macAddress ?? '\uffff'
    case 'reverse':
      return ip.reverse
    case 'description':
      return ip.description
    case 'tags':
      return ip.tags.join(' ')
    case 'updated':
      // The latest first.
      return String(9e15 - (ip.updatedAt?.getTime() ?? 0))
  }
}

function addressKey(address: string): string {
  if (address.includes(':')) return `v6${address}`
  return `v4${address.split('.').map((part) => part.padStart(3, '0')).join('.')}`
}

/** The columns by which equal rows are sorted further, so that a MAC group stands together. */
export const furtherColumns = ['zone', 'server', 'mac', 'address'] as const

/** How a row lies in the bracket of its MAC group. `apart`: the members are not adjacent. */
export interface Bracket {
  readonly part: 'first' | 'middle' | 'last' | 'apart'
  /** How many members the table shows, and how many there are. */
  readonly here: number
  readonly all: number
}

/** The brackets of the rows, by id. A flexible IP that is alone with its MAC address has none. */
export function brackets(rows: readonly FlexibleIP[], ips: readonly FlexibleIP[]): ReadonlyMap<string, Bracket> {
  const all = count(ips)
  const here = count(rows)
  const found = new Map<string, Bracket>()
  let run: FlexibleIP[] = []
  const close = () => {
    const mac = run[0]?.macAddress?.id
    if (mac !== undefined) {
      const [inTable, total] = [here.get(mac) ?? 0, all.get(mac) ?? 0]
      for (const [index, ip] of run.entries()) {
        if (total < 2) continue
        const part = run.length < inTable || run.length === 1 ? 'apart' : index === 0 ? 'first' : index === run.length - 1 ? 'last' : 'middle'
        found.set(ip.id, { part, here: inTable, all: total })
      }
    }
    run = []
  }
  for (const ip of rows) {
    if (ip.macAddress?.id !== run[0]?.macAddress?.id) close()
    run.push(ip)
  }
  close()
  return found
}

function count(ips: readonly FlexibleIP[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { macAddress } of ips) if (macAddress) counts.set(macAddress.id, (counts.get(macAddress.id) ?? 0) + 1)
  return counts
}
