// Moves that are under way or have ended: failovers and moves of a selection. A move goes on when its dialog is closed.
import { flexibleIpKeys } from 'flexip/query'
import { type ClientEvent, type FlexibleIP, IncompleteError, type StepEvent, isFlexipError } from 'flexip/slim'
import { isAnswer } from './failure.js'
import { observable, useObservable } from './observable.js'
import { type RowMark, markRows, noteDoubt, readings, settle, settlingMs } from './row-marks.js'
import { startedOver } from './started-over.js'
import type { Store } from './store.js'

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
}

export interface Step {
  readonly state: 'underWay' | 'done' | 'failed'
  readonly beganAt: number
  readonly endedAt?: number
}

/** Where a unit is after the move. */
export type Whereabouts = 'target' | 'source' | 'nowhere' | 'elsewhere' | 'inDoubt'

export interface UnitRun {
  readonly unit: Unit
  readonly detach?: Step
  readonly attach?: Step
  /** The attaches that were sent to the target. */
  readonly tries: number
  readonly now?: Whereabouts
  /** Where the last reading saw it at rest, since its step began. */
  readonly seen?: 'target' | 'nowhere'
  readonly error?: unknown
}

export interface MoveRun {
  readonly plan: MovePlan
  readonly units: readonly UnitRun[]
  readonly state: 'running' | 'stopping' | 'reading' | 'done' | 'incomplete'
  readonly startedAt: number
  readonly endedAt?: number
  readonly error?: unknown
  /** The calls of the client that belong to it, by their numbers in the log. */
  readonly calls: readonly number[]
  /** Since when no request gets an answer. */
  readonly silentSince?: number
  /** When the flexible IPs were last read after the move. */
  readonly readAt?: number
}

const restTimeoutMs = 60_000

const runs = observable<readonly MoveRun[]>([])
runs.subscribe(() => markRows('moves', new Map(runs.get().flatMap(marksOf))))
readings.subscribe(() => {
  if (runs.get().some(isMoving)) runs.set(runs.get().map((run) => followed(run, new Map(readings.get().map((ip) => [ip.id, ip])))))
})
// A report of the fleet before the reset says what is not so now.
startedOver.subscribe(() => runs.set(runs.get().filter(isMoving)))
const stops = new Map<string, () => void>()
const aborts = new Map<string, AbortController>()
const lostAt = new Map<string, number>()

export function useMoves(): readonly MoveRun[] {
  return useObservable(runs)
}

export function useMove(key: string): MoveRun | undefined {
  return useMoves().find(({ plan }) => plan.key === key)
}

export function isMoving({ state }: MoveRun): boolean {
  return state === 'running' || state === 'stopping' || state === 'reading'
}

export function dismissMove(key: string): void {
  runs.set(runs.get().filter((run) => run.plan.key !== key || isMoving(run)))
}

/** Ends the move. A request that is on its way is waited for first, so that its answer is not lost. */
export function stopMove(key: string): void {
  change(key, (run) => (run.state === 'running' ? { ...run, state: 'stopping' } : run))
  stops.get(key)?.()
}

/** Ends all moves at once and forgets them: their fleet is no more. */
export function endMoves(): void {
  const all = [...aborts.values()]
  aborts.clear()
  stops.clear()
  runs.set([])
  for (const abort of all) abort.abort()
}

function change(key: string, of: (run: MoveRun) => MoveRun): void {
  runs.set(runs.get().map((run) => (run.plan.key === key ? of(run) : run)))
}

/**
 * Starts a move, and resolves when it has ended and its flexible IPs were read again. `before` is the move that it
 * continues: what has arrived then is not touched.
 */
export async function startMove(store: Store, plan: MovePlan, before?: MoveRun): Promise<MoveRun | undefined> {
  const { client } = store
  const { key, zone, fromId, toId } = plan
  if (runs.get().some((run) => run.plan.key === key && isMoving(run))) return undefined
  const first: readonly UnitRun[] = before ? before.units.map(continued) : plan.units.map((unit) => ({ unit, tries: 0 }))
  // The reports of moves that arrived make room for the next one; what is incomplete stays.
  runs.set([...runs.get().filter((run) => run.plan.key !== key && (run.state !== 'done' || run.plan.fromId !== undefined)), { plan, units: first, state: 'running', startedAt: Date.now(), calls: before?.calls ?? [] }])
  lostAt.delete(key)
  const abort = new AbortController()
  aborts.set(key, abort)
  let inFlight = 0
  let isStopping = false
  const abortBetween = () => {
    if (isStopping && inFlight === 0) abort.abort()
  }
  stops.set(key, () => {
    isStopping = true
    abortBetween()
  })
  const onEvent = (event: ClientEvent) => {
    change(key, (run) => (run.calls.includes(event.call) ? run : { ...run, calls: [...run.calls, event.call] }))
    if (event.type === 'request' && event.method !== 'GET') inFlight += 1
    if (event.type === 'response') {
      const isAnswered = event.outcome === 'answered'
      if (event.method !== 'GET') {
        inFlight -= 1
        if (!isAnswer(event)) lostAt.set(key, Date.now())
        // Not within the listener: the call goes on when it returns.
        queueMicrotask(abortBetween)
      }
      change(key, (run) => silence(run, isAnswered))
    }
    if (event.type === 'step' && event.progress === 'done') settle(event.fipsIds)
    if (event.type === 'step') change(key, (run) => ({ ...run, units: run.units.map((each) => (holds(each.unit, event) ? stepped(each, event, toId) : each)) }))
  }
  const options = { signal: abort.signal, onEvent }
  let error: unknown
  try {
    let units = first
    if (before) {
      const known = await listed(store, zone, options)
      units = first.map((each) => (isElsewhere(each, plan, known) ? { ...each, now: 'elsewhere' } : each))
      change(key, (run) => ({ ...run, units }))
    }
    const fipsIds = units.filter(({ now }) => now !== 'target' && now !== 'elsewhere').flatMap(({ unit }) => unit.ips.map(({ id }) => id))
    if (fipsIds.length === 0) error = undefined
    else if (fromId === undefined || before) await client.ensureAttached({ zone, fipsIds, serverId: toId }, options)
    else await client.failover({ zone, fipsIds, fromServerId: fromId, toServerId: toId }, options)
  } catch (thrown) {
    error = thrown
  }
  // The move was forgotten, and another may have its key.
  if (aborts.get(key) !== abort) return undefined
  stops.delete(key)
  aborts.delete(key)
  change(key, (run) => ({ ...run, state: 'reading', ...(error !== undefined && { error }), units: run.units.map((each) => withError(each, error)) }))
  await readMove(store, key)
  return runs.get().find((run) => run.plan.key === key)
}

const listed = async ({ client }: Store, zone: string, options: Parameters<Store['client']['listFlexibleIPs']>[1]): Promise<ReadonlyMap<string, FlexibleIP>> =>
  new Map((await client.listFlexibleIPs({ zone }, options).all()).map((ip) => [ip.id, ip]))

/** Others have put it on a third server since the move began. It is theirs now. */
function isElsewhere({ unit }: UnitRun, { fromId, toId }: MovePlan, known: ReadonlyMap<string, FlexibleIP>): boolean {
  const own = new Set([undefined, fromId, unit.fromId, toId])
  return unit.ips.some(({ id }) => !own.has(known.get(id)?.serverId))
}

// A unit that was detached is not detached again.
function continued({ unit, detach, attach, tries, now }: UnitRun): UnitRun {
  if (now === 'target') return { unit, tries, now, ...(detach && { detach }), ...(attach && { attach }) }
  return { unit, tries: 0, ...(now === 'nowhere' && detach && { detach }) }
}

function silence(run: MoveRun, isAnswered: boolean): MoveRun {
  if (isAnswered && run.silentSince !== undefined) {
    const { silentSince: _, ...rest } = run
    return rest
  }
  return isAnswered || run.silentSince !== undefined ? run : { ...run, silentSince: Date.now() }
}

function holds({ ips }: Unit, { fipsIds }: StepEvent): boolean {
  return ips.some(({ id }) => fipsIds.includes(id))
}

/** What a reading says of the steps under way, which wait for an answer that may not come. */
function followed(run: MoveRun, known: ReadonlyMap<string, FlexibleIP>): MoveRun {
  if (run.state !== 'running' && run.state !== 'stopping') return run
  const units = run.units.map((each) => followedUnit(each, run.plan.toId, known))
  return units.every((each, index) => each === run.units[index]) ? run : { ...run, units }
}

function followedUnit(run: UnitRun, toId: string, known: ReadonlyMap<string, FlexibleIP>): UnitRun {
  const { unit, detach, attach, seen } = run
  const step = attach ?? detach
  if (step?.state !== 'underWay') return run
  const ips = unit.ips.map(({ id }) => known.get(id))
  if (ips.some((ip) => ip === undefined)) return run
  const isAt = (serverId: string | undefined) => ips.every((ip) => !isInTransition(ip) && ip?.serverId === serverId)
  const ended: Step = { ...step, state: 'done', endedAt: Date.now() }
  if (attach && isAt(toId)) return { ...run, attach: ended, now: 'target', seen: 'target' }
  if (!isAt(undefined)) {
    if (seen === undefined) return run
    const { seen: _, ...rest } = run
    return rest
  }
  if (!attach) return { ...run, detach: ended }
  return seen === 'nowhere' ? run : { ...run, seen: 'nowhere' }
}

function stepped(run: UnitRun, { action, progress, serverId }: StepEvent, toId: string): UnitRun {
  // It was read there already, and the answer came later or was a refusal to do it twice.
  if (action === 'attach' && run.seen === 'target') return run
  const now = Date.now()
  if (action === 'attach' && serverId !== undefined && serverId !== toId) return run
  const before = run[action]
  const beganAt = before?.beganAt ?? now
  const step: Step = progress === 'begun' ? { state: 'underWay', beganAt } : { state: progress, beganAt, endedAt: now }
  return { ...run, [action]: step, tries: run.tries + (action === 'attach' && progress === 'begun' ? 1 : 0) }
}

/** A stop is no failure of a unit. */
const isAbort = (error: unknown): boolean => (isFlexipError(error) ? error.code === 'aborted' : error instanceof Error && error.name === 'AbortError')

function withError(run: UnitRun, error: unknown): UnitRun {
  if (!(error instanceof IncompleteError)) return error === undefined || isAbort(error) ? run : { ...run, error: run.error ?? error }
  const move = error.moves.find(({ fipId, error: own }) => own && run.unit.ips.some(({ id }) => id === fipId))
  return move?.error && !isAbort(move.error) ? { ...run, error: move.error } : run
}

/** Reads where the flexible IPs of a move are now. Transitions that are under way are waited for. */
export async function readMove(store: Store, key: string): Promise<void> {
  const { client, cache, connection } = store
  const run = runs.get().find(({ plan }) => plan.key === key)
  if (!run) return
  const { zone } = run.plan
  const fipsIds = run.units.flatMap(({ unit }) => unit.ips.map(({ id }) => id))
  change(key, (each) => ({ ...each, state: 'reading' }))
  const read = () => listed(store, zone, { retry: { maxAttempts: 2 } })
  let known: ReadonlyMap<string, FlexibleIP> | undefined
  try {
    known = await read()
    if (fipsIds.some((id) => isInTransition(known?.get(id)))) {
      // A flexible IP that is stuck or gone ends the wait. The list says so afterwards.
      await client.waitForFlexibleIPs({ zone, fipsIds }, { totalTimeoutMs: restTimeoutMs }).catch(() => undefined)
      known = await read()
    }
  } catch (error) {
    if (!isFlexipError(error)) throw error
  }
  void cache.invalidateQueries({ queryKey: flexibleIpKeys(connection.scope).lists })
  const readAt = Date.now()
  const isSettling = readAt - (lostAt.get(key) ?? 0) < settlingMs
  change(key, (each) => {
    const units = each.units.map((unit) => ({ ...unit, now: whereabouts(unit, each.plan, known, isSettling) }))
    for (const { unit, now } of units) {
      const ids = unit.ips.map(({ id }) => id)
      if (now === 'inDoubt') noteDoubt(ids)
      else settle(ids)
    }
    const isDone = units.every(({ now }) => now === 'target')
    return { ...each, units, state: isDone ? 'done' : 'incomplete', endedAt: each.endedAt ?? readAt, ...(known && { readAt }) }
  })
}

/** Reads the moves again that left one of these in doubt. */
export async function readDoubts(store: Store, fipsIds: readonly string[]): Promise<void> {
  const inDoubt = runs.get().filter((run) => !isMoving(run) && run.units.some(({ now, unit }) => now === 'inDoubt' && unit.ips.some(({ id }) => fipsIds.includes(id))))
  await Promise.all(inDoubt.map(({ plan }) => readMove(store, plan.key)))
}

/** What the rows of a move say besides their status. */
function marksOf(run: MoveRun): (readonly [string, RowMark])[] {
  const { toId } = run.plan
  return run.units.flatMap(({ unit, detach, attach, now }) => {
    const mark = ((): RowMark | undefined => {
      // What is in doubt after the move is noted as every doubt is.
      if (!isMoving(run) || now === 'target' || now === 'elsewhere' || run.state === 'reading') return undefined
      if (attach) return attach.state === 'underWay' ? { state: 'attaching', since: attach.beganAt, toId } : undefined
      if (detach?.state === 'underWay') return { state: 'detaching', since: detach.beganAt }
      return { state: 'waits', what: 'move', toId }
    })()
    return mark ? unit.ips.map(({ id }) => [id, mark] as const) : []
  })
}

function isInTransition(ip: FlexibleIP | undefined): boolean {
  return ip?.status === 'updating' || ip?.status === 'detaching'
}

function whereabouts({ unit, detach, attach, now }: UnitRun, { toId }: MovePlan, known: ReadonlyMap<string, FlexibleIP> | undefined, isSettling: boolean): Whereabouts {
  if (!known) {
    if (now !== undefined) return now
    if (attach?.state === 'done') return 'target'
    return detach?.state === 'done' && !attach ? 'nowhere' : 'inDoubt'
  }
  const ips = unit.ips.map(({ id }) => known.get(id))
  const servers = new Set(ips.map((ip) => ip?.serverId))
  if (ips.some((ip) => ip === undefined || isInTransition(ip)) || servers.size !== 1) return 'inDoubt'
  const [serverId] = servers
  if (serverId === toId) return 'target'
  // The answer to an attach was lost, and it may still take effect.
  if (isSettling && attach?.state === 'underWay') return 'inDoubt'
  if (serverId === undefined) return 'nowhere'
  return serverId === unit.fromId ? 'source' : 'elsewhere'
}

/** How many units are at a place. */
export function ipsAt({ units }: MoveRun, place: Whereabouts): number {
  return units.filter(({ now }) => now === place).reduce((sum, { unit }) => sum + unit.ips.length, 0)
}
