// What the core's rules need of the flexible IPs in a body: to read all of it in WebAssembly would cost
// as much again as decoding it.

/** A body with nothing but ids, statuses, servers and MAC addresses. What is no such thing stays as it is. */
export function outline(body: unknown): unknown {
  const { total_count, flexible_ips } = Object(body) as Record<string, unknown>
  return Array.isArray(flexible_ips) ? { total_count, flexible_ips: flexible_ips.map(ofIp) } : ofIp(body)
}

function ofIp(ip: unknown): unknown {
  const { id, status, server_id, updated_at, mac_address } = Object(ip) as Record<string, unknown>
  return { id, status, server_id, updated_at, mac_address: ofMac(mac_address) }
}

function ofMac(mac: unknown): unknown {
  if (typeof mac !== 'object' || mac === null || Array.isArray(mac)) return mac
  const { id, status } = mac as Record<string, unknown>
  return { id, status }
}
