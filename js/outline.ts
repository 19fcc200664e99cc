// What the core's rules need of the flexible IPs in a body: to read all of it in WebAssembly would cost
// as much again as decoding it.

type Fields = Readonly<Record<string, unknown>>

/** WebAssembly reads no text that is longer. */
const textMax = 65_536

/** A body with nothing but ids, statuses, servers and MAC addresses. What is no such thing stays as it is. */
export function outline(body: unknown): unknown {
  const { total_count, flexible_ips } = Object(body) as Fields
  if (!Array.isArray(flexible_ips)) return ofIp(body)
  const ips = flexible_ips.map(ofIp)
  return { total_count, flexible_ips: inLines(ips) ?? ips }
}

function ofIp(ip: unknown) {
  const { id, status, server_id, updated_at, mac_address } = Object(ip) as Fields
  return { id, status, server_id, updated_at, mac_address: ofMac(mac_address) }
}

function ofMac(mac: unknown): unknown {
  if (typeof mac !== 'object' || mac === null || Array.isArray(mac)) return mac
  const { id, status } = mac as Fields
  return { id, status }
}

/**
 * Flexible IPs as one text, five lines each: a crossing for each field would cost more than all else
 * of a page. Nothing if they do not fit the form; then they are read one by one.
 */
function inLines(ips: ReturnType<typeof ofIp>[]): string | undefined {
  const lines: string[] = []
  for (const { id, status, server_id, mac_address } of ips) {
    const mac = mac_address ?? {}
    if (typeof mac !== 'object' || Array.isArray(mac)) return undefined
    const { id: macId, status: macStatus } = mac as Fields
    for (const field of [id, status, server_id ?? '', macId ?? '', macStatus ?? '']) {
      if (typeof field !== 'string' || field.includes('\n')) return undefined
      lines.push(field)
    }
  }
  const text = lines.join('\n')
  return text !== '' && text.length <= textMax ? text : undefined
}
