// A unit of a move: what became of its steps, where it is, and what a reading changes of that. No request is sent here.
import { type FlexibleIP, IncompleteError, type StepEvent, isFlexipError } from 'flexip/slim'
import { differencesOf } from './confirmed.js'

/** A MAC group, or one flexible IP without a virtual MAC address: what moves as one. */
export interface Unit {
  readonly ips: readonly FlexibleIP[]
  readonly mac: string | undefined
  /** The server that it is on before the move. */
  readonly fromId: string | undefined
}

/** What a move will do. */
export interface MovePlan {
  /** The dialog that shows the move. */
  readonly key: string
  readonly zone: string
  /** The server that all of it leaves, if the move is a failover. */
  readonly fromId: string | undefined
  readonly toId: string
  readonly units: readonly Unit[]
  /** The servers that nothing goes back to when the target refuses it: they are failing. */
  readonly keepsOff: readonly string[]
}

export interface Step {
  readonly state: 'underWay' | 'done' | 'failed'
  readonly beganAt: number
  readonly endedAt?: number
  /** No answer came for a part of it, so that its end is only when it was read. */
  readonly isInexact?: boolean
}

/** Where a unit is after the move. */
export type Whereabouts = 'target' | 'source' | 'nowhere' | 'elsewhere' | 'gone' | 'inDoubt'

export interface UnitRun {
  readonly unit: Unit
  readonly detach?: Step
  readonly attach?: Step
  /** The attach to the server that it came from, after the target has refused it. */
  readonly back?: Step
  /** The attaches that were sent to the target. */
  readonly tries: number
  readonly now?: Whereabouts
  /** The server that has it, if it is elsewhere. */
  readonly atId?: string
  /** Others had changed it since it was confirmed: nothing was sent of it. */
  readonly isOvertaken?: boolean
  /** Where others have brought it since the move has ended. */
  readonly later?: { readonly place: Whereabouts; readonly atId?: string }
  /** Where the last reading saw it at rest, since its step began. */
  readonly seen?: 'target' | 'nowhere'
  readonly error?: unknown
  /** The last request of it was lost or turned away (429), and is sent again. */
  readonly answer?: 'lost' | 'turnedAway'
}

export interface MoveRun {
  readonly plan: MovePlan
  readonly units: readonly UnitRun[]
  readonly state: 'running' | 'stopping' | 'reading' | 'done' | 'incomplete'
  readonly startedAt: number
  readonly endedAt?: number
  /** When its page was left while it was under way. */
  readonly leftAt?: number
  /** The calls of the client that belong to it, by their numbers in the log. */
  readonly calls: readonly number[]
  /** Since when no request gets an answer. */
  readonly silentSince?: number
  /** When the flexible IPs were last read after the move. */
  readonly readAt?: number
}

/** When this page was last without a network, or a reading without an answer. */
let silentAt = 0

/** Notes that nothing could be read now. */
export function noteSilence(): void {
  silentAt = Date.now()
}

for (const name of ['offline', 'online']) addEventListener(name, noteSilence)

const ended = (step: Step, state: Step['state']): Step => ({ ...step, state, endedAt: Date.now(), ...(silentAt >= step.beganAt && { isInexact: true }) })

export const keyOf = ({ ips }: Unit): string => ips[0]?.id ?? ''

/** Compares a unit with what was confirmed: at the start where it was, later wherever the move may have left it. */
export function checked(each: UnitRun, { toId }: MovePlan, known: ReadonlyMap<string, FlexibleIP>, isContinued: boolean): UnitRun {
  const { unit, now } = each
  if (now === 'target') return each
  const isThere = unit.ips.every(({ id }) => known.get(id)?.serverId === toId)
  const places = new Set([unit.fromId, ...(isContinued ? [undefined] : []), toId])
  const [difference] = isThere ? [] : differencesOf(unit.ips, known, { places })
  if (!difference) return each
  return { ...each, isOvertaken: true, ...(difference.serverId !== undefined && { now: 'elsewhere', atId: difference.serverId }) }
}

// A unit that was detached is not detached again.
export function continued({ unit, detach, attach, tries, now, later }: UnitRun): UnitRun {
  if (now === 'target' && !later) return { unit, tries, now, ...(detach && { detach }), ...(attach && { attach }) }
  return { unit, tries: 0, ...(now === 'nowhere' && !later && detach && { detach }) }
}

export function holds({ ips }: Unit, { fipsIds }: StepEvent): boolean {
  return ips.some(({ id }) => fipsIds.includes(id))
}

export function followedUnit(run: UnitRun, toId: string, known: ReadonlyMap<string, FlexibleIP>): UnitRun {
  const { unit, detach, attach, seen } = run
  const step = attach ?? detach
  if (step?.state !== 'underWay') return run
  const ips = unit.ips.map(({ id }) => known.get(id))
  if (ips.some((ip) => ip === undefined)) return run
  const isAt = (serverId: string | undefined) => ips.every((ip) => !isInTransition(ip) && ip?.serverId === serverId)
  if (attach && isAt(toId)) return { ...run, attach: ended(step, 'done'), now: 'target', seen: 'target' }
  if (!isAt(undefined)) {
    if (seen === undefined) return run
    const { seen: _, ...rest } = run
    return rest
  }
  if (!attach) return { ...run, detach: ended(step, 'done') }
  return seen === 'nowhere' ? run : { ...run, seen: 'nowhere' }
}

/** What a reading after the end shows of a unit: the report is of then, and others go on. */
export function reread(run: UnitRun, toId: string, known: ReadonlyMap<string, FlexibleIP>): UnitRun {
  const { unit, now, atId, later } = run
  if (now === 'inDoubt') return overtaken(run, toId, known)
  const ips = unit.ips.map(({ id }) => known.get(id))
  if (now === undefined || ips.some((ip) => ip === undefined || isInTransition(ip))) return run
  const servers = new Set(ips.map((ip) => ip?.serverId))
  const [serverId] = servers
  const place: Whereabouts = servers.size > 1 ? 'inDoubt' : placeOf(serverId, unit, toId)
  if (place === now && (place !== 'elsewhere' || serverId === atId)) {
    if (!later) return run
    const { later: _, ...rest } = run
    return rest
  }
  if (later?.place === place && later.atId === serverId) return run
  return { ...run, later: { place, ...(serverId !== undefined && { atId: serverId }) } }
}

/** What is in doubt is known once it is read on another server, or as gone: others were quicker than the lost request. */
function overtaken(run: UnitRun, toId: string, known: ReadonlyMap<string, FlexibleIP>): UnitRun {
  const next = whereabouts(run, { toId }, known, true)
  return next.now === 'elsewhere' || next.now === 'gone' ? { ...run, ...next } : run
}

function placeOf(serverId: string | undefined, { fromId }: Unit, toId: string): Whereabouts {
  if (serverId === toId) return 'target'
  if (serverId === undefined) return 'nowhere'
  return serverId === fromId ? 'source' : 'elsewhere'
}

export function stepped(run: UnitRun, { action: name, progress, serverId }: StepEvent, toId: string): UnitRun {
  const action = name === 'attach' && serverId !== undefined && serverId !== toId ? 'back' : name
  // It was read there already, and the answer came later or was a refusal to do it twice.
  if (action === 'attach' && run.seen === 'target') return run
  const begun: Step = { state: 'underWay', beganAt: run[action]?.beganAt ?? Date.now() }
  const step = progress === 'begun' ? begun : ended(begun, progress)
  return { ...run, [action]: step, tries: run.tries + (action === 'attach' && progress === 'begun' ? 1 : 0) }
}

/** A stop is no failure of a unit. */
const isAbort = (error: unknown): boolean => (isFlexipError(error) ? error.code === 'aborted' : error instanceof Error && error.name === 'AbortError')

export function withError(run: UnitRun, error: unknown): UnitRun {
  if (!(error instanceof IncompleteError)) return error === undefined || isAbort(error) ? run : { ...run, error: run.error ?? error }
  const move = error.moves.find(({ fipId, error: own }) => own && run.unit.ips.some(({ id }) => id === fipId))
  return move?.error && !isAbort(move.error) ? { ...run, error: move.error } : run
}

export function isInTransition(ip: FlexibleIP | undefined): boolean {
  return ip?.status === 'updating' || ip?.status === 'detaching'
}

export function whereabouts({ unit, detach, attach, now, answer }: UnitRun, { toId }: Pick<MovePlan, 'toId'>, known: ReadonlyMap<string, FlexibleIP> | undefined, isSettling: boolean): { now: Whereabouts; atId?: string } {
  if (!known) {
    if (now !== undefined) return { now }
    if (attach?.state === 'done') return { now: 'target' }
    return { now: detach?.state === 'done' && (!attach || answer === 'turnedAway') ? 'nowhere' : 'inDoubt' }
  }
  const ips = unit.ips.map(({ id }) => known.get(id))
  if (ips.every((ip) => ip === undefined)) return { now: 'gone' }
  const servers = new Set(ips.map((ip) => ip?.serverId))
  if (ips.some((ip) => ip === undefined || isInTransition(ip)) || servers.size !== 1) return { now: 'inDoubt' }
  const [serverId] = servers
  const place = placeOf(serverId, unit, toId)
  // The answer to an attach was lost, and it may still take effect, unless others have attached it elsewhere.
  if ((place === 'nowhere' || place === 'source') && isSettling && attach?.state === 'underWay' && answer !== 'turnedAway') return { now: 'inDoubt' }
  return { now: place, ...(place === 'elsewhere' && serverId !== undefined && { atId: serverId }) }
}

/** Where the units are when the steps under way have ended, as far as answers and readings show: a step that was refused brings nothing. */
export function placeAfterStep({ unit, detach, attach, back, now, seen }: UnitRun): 'target' | 'source' | 'nowhere' | 'elsewhere' {
  if (now === 'target' || now === 'elsewhere') return now
  if (attach && attach.state !== 'failed' && !(attach.state === 'underWay' && seen === 'nowhere')) return 'target'
  if (back && back.state !== 'failed') return 'source'
  if (attach || (detach && detach.state !== 'failed') || unit.fromId === undefined) return 'nowhere'
  return 'source'
}
