// Files of what is shown: CSV for spreadsheets, JSON for programs.
import type { FlexibleIP } from 'flexip/slim'
import type { NameOf } from './search.js'

export type Format = 'csv' | 'json'
export type Field = string | number | undefined
export type Line = Readonly<Record<string, Field | readonly string[] | readonly Readonly<Record<string, Field>>[]>>

/** What a spreadsheet would take for a formula, some of them after spaces and lines too. */
const formula = /^\s*[=+\-@]|^[\t\r]/

/**
 * The lines as CSV (RFC 4180). A text that a spreadsheet would take for a formula begins with an apostrophe, and a
 * list is JSON. Nothing else is added.
 */
export function toCsv(lines: readonly Line[], columns: readonly string[]): string {
  return textOf(lines, columns, ',')
}

/** The same for the clipboard, with tabs, which spreadsheets take for cells. */
export function toTable(lines: readonly Line[], columns: readonly string[]): string {
  return textOf(lines, columns, '\t')
}

function textOf(lines: readonly Line[], columns: readonly string[], separator: string): string {
  const cell = (value: Line[string]): string => {
    const text = Array.isArray(value) ? (value.length === 0 ? '' : JSON.stringify(value)) : String(value ?? '')
    const guarded = typeof value !== 'number' && formula.test(text) ? `'${text}` : text
    return /[",\t\r\n]/.test(guarded) || guarded !== guarded.trim() ? `"${guarded.replaceAll('"', '""')}"` : guarded
  }
  return [columns.map(cell), ...lines.map((line) => columns.map((name) => cell(line[name])))].map((cells) => cells.join(separator)).join('\r\n')
}

/** Has the browser save a file. */
export function saveFile(name: string, format: Format, lines: readonly Line[], columns: readonly string[]): void {
  const text = format === 'csv' ? `${toCsv(lines, columns)}\r\n` : `${JSON.stringify(lines, undefined, 2)}\n`
  const url = URL.createObjectURL(new Blob([text], { type: format === 'csv' ? 'text/csv;charset=utf-8' : 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = `${name}.${format}`
  link.click()
  URL.revokeObjectURL(url)
}

export const ipColumns = ['address', 'status', 'server', 'zone', 'mac', 'reverse', 'description', 'tags', 'updated', 'serverId', 'projectId', 'id'] as const

/** A flexible IP as a line. */
export function ipLine(ip: FlexibleIP, nameOf: NameOf): Line {
  return {
    address: ip.ipAddress,
    status: ip.status,
    server: ip.serverId === undefined ? undefined : nameOf(ip.serverId),
    zone: ip.zone,
    mac: ip.macAddress?.macAddress,
    reverse: ip.reverse,
    description: ip.description,
    tags: ip.tags,
    updated: ip.updatedAt?.toISOString(),
    serverId: ip.serverId,
    projectId: ip.projectId,
    id: ip.id,
  }
}
