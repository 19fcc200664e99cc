// A move of another tab as this one shows it: what that tab last wrote of it, and what this one has read since.
import type { FlexibleIP } from 'flexip/slim'
import { type MoveRun, reread } from './move-units.js'
import type { MoveElsewhere } from './saved-moves.js'

/** `ips` are those of its zone, if that was read. */
export function runElsewhere({ plan, units, startedAt, wasMoving }: MoveElsewhere, ips: readonly FlexibleIP[] | undefined): MoveRun {
  const known = !wasMoving && ips ? new Map(ips.map((ip) => [ip.id, ip])) : undefined
  return { plan, units: known ? units.map((unit) => reread(unit, plan.toId, known)) : units, startedAt, state: wasMoving ? 'running' : 'incomplete', calls: [] }
}
