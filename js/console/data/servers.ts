// The Elastic Metal servers of a zone: their names, and whether the service reports one as failing. They are only read.
import type { Connection } from './connection.js'
import { withLimit } from './limit.js'
import { writtenOut } from './written-out.js'

export interface Server {
  readonly id: string
  /** The name to show. */
  readonly name: string
  /** The name as the service has it, for files. */
  readonly exactName?: string
  readonly zone: string
  readonly status: string
}

const pageSize = 50
const pagesMax = 100
/** A slow answer is better than none. */
const timeoutMs = 30_000

/** A browser sends six requests at once to one origin by HTTP/1.1. Half of them are left to flexible IPs, however slow servers are. */
const atOnce = 3
let underWay = 0
const waiting: (() => void)[] = []

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (underWay < atOnce) underWay += 1
  else await new Promise<void>((resolve) => waiting.push(resolve))
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    // The next one takes over the place.
    if (next) next()
    else underWay -= 1
  }
}

/** The servers of a zone could not be read. */
export class ServersError extends Error {
  constructor(readonly status: number) {
    super(`the list of servers has the status ${status}`)
  }
}

/** The servers of a zone. It rejects if they cannot be read, so that names that are known stay. */
export function readServers(connection: Connection, zone: string, signal: AbortSignal): Promise<Server[]> {
  return inTurn(() => readAll(connection, zone, signal))
}

async function readAll({ baseUrl, secretKey, fetch }: Connection, zone: string, signal: AbortSignal): Promise<Server[]> {
  const found = new Map<string, Server>()
  for (let page = 1; page <= pagesMax; page += 1) {
    const { status, text } = await withLimit(signal, timeoutMs, async (limit) => {
      const response = await fetch(`${baseUrl}/baremetal/v1/zones/${zone}/servers?page=${page}&page_size=${pageSize}`, {
        method: 'GET',
        headers: { Accept: 'application/json', ...(secretKey !== undefined && { 'X-Auth-Token': secretKey }) },
        signal: limit,
        redirect: 'manual',
      })
      return { status: response.status, text: await response.text() }
    })
    // A zone without servers.
    if (status === 404) return []
    if (status !== 200) throw new ServersError(status)
    const { servers, total_count: total } = JSON.parse(text) as { servers?: unknown; total_count?: unknown }
    if (!Array.isArray(servers)) throw new Error(`the list of servers of ${zone} has no servers`)
    const before = found.size
    for (const item of servers as unknown[]) {
      const { id, name, status } = (typeof item === 'object' && item !== null ? item : {}) as Readonly<Record<string, unknown>>
      if (typeof id === 'string' && typeof name === 'string') found.set(id, { id, name: writtenOut(name), exactName: name, zone, status: typeof status === 'string' ? status : 'unknown' })
    }
    if (found.size === before || servers.length < pageSize || found.size >= Number(total)) break
  }
  return [...found.values()]
}
