// The fields of a body that the core's rules read. Reading the whole body in WebAssembly would double the
// cost of decoding it.

type Fields = Readonly<Record<string, unknown>>

/** The length of the longest text that the core reads (`js/transport/value-text.ts`). */
const textMax = 65_536

/** What ends a line (`src/wire/summary.rs`). */
const lineEnd = '\x7f'

/** Reduces a body to ids, Projects, statuses, servers, dates, MAC addresses and zones. A value of another type stays as it is. */
export function outline(body: unknown): unknown {
  const { total_count, flexible_ips } = Object(body) as Fields
  if (!Array.isArray(flexible_ips)) return outlineIp(body)
  const ips = flexible_ips.map(outlineIp)
  // In most lists all are of one zone.
  return { total_count, flexible_ips: toLines(ips) ?? ips, zones: [...new Set(ips.map(({ zone }) => zone))] }
}

function outlineIp(ip: unknown) {
  const { id, project_id, status, server_id, updated_at, mac_address, zone } = Object(ip) as Fields
  // An empty id of a server is none, and an empty status is no status: see `decode.ts`.
  return {
    id,
    project_id,
    status: status === '' ? null : status,
    server_id: server_id === '' ? null : server_id,
    updated_at,
    mac_address: outlineMac(mac_address),
    zone,
  }
}

function outlineMac(mac: unknown): unknown {
  if (typeof mac !== 'object' || mac === null || Array.isArray(mac)) return mac
  const { id, status, mac_type } = mac as Fields
  return { id, status, mac_type }
}

/**
 * Writes flexible IPs as one text of seven lines each: to write and to read each field by its name would cost
 * more than the rest of a page. A character that JSON need not escape ends a line. `undefined` if a field does not fit; then the core reads them one by one.
 */
function toLines(ips: ReturnType<typeof outlineIp>[]): string | undefined {
  const lines: string[] = []
  for (const { id, project_id, status, server_id, updated_at, mac_address } of ips) {
    const mac = mac_address ?? {}
    if (typeof mac !== 'object' || Array.isArray(mac)) return undefined
    const { id: macId, status: macStatus } = mac as Fields
    for (const field of [id, project_id ?? '', status, server_id ?? '', updated_at ?? '', macId ?? '', macStatus ?? '']) {
      if (typeof field !== 'string' || field.includes(lineEnd)) return undefined
      lines.push(field)
    }
  }
  const text = lines.join(lineEnd)
  return text !== '' && text.length <= textMax ? text : undefined
}
