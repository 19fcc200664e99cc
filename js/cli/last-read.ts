// What is where after a change did not end as it should: the last poll can be older than the last step.
import { type FlexibleIP, IncompleteError, WaitError } from '../index.js'
import type { Session } from './session.js'

/** The time for a last read, in milliseconds. */
const lastReadMs = 5000

/** The flexible IPs of the zone as they are now, by their ids; `undefined` if the error is none of a move or a wait, or they cannot be read. */
export async function readAfter(session: Session, error: unknown): Promise<ReadonlyMap<string, FlexibleIP> | undefined> {
  const zone = zoneOf(error)
  if (zone === undefined) return undefined
  try {
    const { client } = await session.connection()
    // The session's own signal can be aborted by now.
    const ips = await client.listFlexibleIPs({ zone, pageSize: 100 }, { totalTimeoutMs: lastReadMs }).all()
    return new Map(ips.map((ip) => [ip.id, ip]))
  } catch {
    // The last poll is what is known.
    return undefined
  }
}

function zoneOf(error: unknown): string | undefined {
  if (error instanceof IncompleteError) return error.resume?.zone ?? error.moves.find(({ last }) => last)?.last?.zone
  return error instanceof WaitError ? error.last?.zone : undefined
}
