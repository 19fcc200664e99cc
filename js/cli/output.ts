// What commands print: results on the standard output, everything else on the standard error.
import type { FlexibleIP } from '../index.js'
import type { Io } from './io.js'
import type { Server } from './servers.js'
import { type Column, type TableStyle, table, visible } from './table.js'

/** Colours, or none. */
export interface Style {
  bold(text: string): string
  dim(text: string): string
  good(text: string): string
  bad(text: string): string
}

/** Whether a stream has colours. NO_COLOR with any text in it switches colours off, and so does a terminal without them. */
export function hasColours(isTerminal: boolean, env: Io['env']): boolean {
  return isTerminal && !env.NO_COLOR && env.TERM !== 'dumb'
}

/** The style of a stream. */
export function styleOf(isTerminal: boolean, env: Io['env']): Style {
  const isOn = hasColours(isTerminal, env)
  const paint = (code: number) => (text: string) => (isOn ? `\u001b[${code}m${text}\u001b[0m` : text)
  return { bold: paint(1), dim: paint(2), good: paint(32), bad: paint(31) }
}

/** A flexible IP with the name of its server. */
export interface Row {
  ip: FlexibleIP
  server: Server | undefined
}

/** The columns of a list of flexible IPs. */
const columns: Column<Row>[] = [
  { title: 'ADDRESS', cell: ({ ip }) => ip.ipAddress },
  { title: 'STATUS', cell: ({ ip }) => ip.status },
  { title: 'SERVER', cell: ({ ip, server }) => server?.name || ip.serverId || '-', min: 8 },
  { title: 'ZONE', cell: ({ ip }) => ip.zone },
  { title: 'DESCRIPTION', cell: ({ ip }) => ip.description || '-', min: 8 },
  { title: 'TAGS', cell: ({ ip }) => ip.tags.join(',') || '-', min: 8 },
  { title: 'MAC', cell: ({ ip }) => ip.macAddress?.macAddress ?? '-' },
  { title: 'ID', cell: ({ ip }) => ip.id },
]

/** The lines of a list of flexible IPs. */
export function ipTable(rows: readonly Row[], width: number, style: TableStyle): string[] {
  return table(columns, rows, width, style)
}

/** A flexible IP as `--json` prints it: every field is there, and null where there is nothing. */
export function ipObject({ ip, server }: Row) {
  const { macAddress: mac, createdAt, updatedAt } = ip
  return {
    id: ip.id,
    zone: ip.zone,
    address: ip.ipAddress,
    status: ip.status,
    serverId: ip.serverId ?? null,
    serverName: server?.name ?? null,
    description: ip.description,
    tags: ip.tags,
    reverse: ip.reverse,
    mac: mac ? { id: mac.id, address: mac.macAddress, type: mac.macType, status: mac.status } : null,
    projectId: ip.projectId,
    organizationId: ip.organizationId,
    createdAt: createdAt?.toISOString() ?? null,
    updatedAt: updatedAt?.toISOString() ?? null,
  }
}

/** The lines of one flexible IP, field by field. */
export function ipLines(row: Row): string[] {
  const { ip, server } = row
  const { macAddress: mac } = ip
  const fields: [string, string][] = [
    ['address', ip.ipAddress],
    ['status', ip.status],
    ['server', ip.serverId === undefined ? '-' : server ? `${server.name} (${ip.serverId})` : ip.serverId],
    ['zone', ip.zone],
    ['description', ip.description || '-'],
    ['tags', ip.tags.join(', ') || '-'],
    ['reverse', ip.reverse || '-'],
    ['virtual MAC', mac ? `${mac.macAddress} (${mac.macType}, ${mac.status})` : '-'],
    ['id', ip.id],
    ['project', ip.projectId],
    ['updated', ip.updatedAt?.toISOString() ?? '-'],
  ]
  return fields.map(([name, value]) => `${name.padEnd(12)} ${visible(value)}`)
}
