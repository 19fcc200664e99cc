// Moves that are under way or have ended: failovers and moves of a selection. A move goes on when its dialog is closed.
import { flexibleIpKeys } from 'flexip/query'
import { type CallOptions, type ClientEvent, type FlexibleIP, isFlexipError } from 'flexip/slim'
import { isAnswer } from './failure.js'
import { type MovePlan, type MoveRun, type Unit, type UnitRun, type Whereabouts, checked, continued, followedUnit, holds, isInTransition, keyOf, noteSilence, reread, stepped, whereabouts, withError } from './move-units.js'
import { observable, useObservable } from './observable.js'
import { type Reading, type RowMark, isDetachRefused, isInDoubt, markRows, noteDoubt, noteTurnedAway, readings, settle, settlingMs, subscribeMarks, turnedAway } from './row-marks.js'
import { saveMoves, takeOver } from './saved-moves.js'
import { startedOver } from './started-over.js'
import type { MoveReadEvent } from './log.js'
import type { Store } from './store.js'

export { type MovePlan, type MoveRun, type Step, type Unit, type UnitRun, type Whereabouts, placeAfterStep } from './move-units.js'

const restTimeoutMs = 60_000
/** No server has this id: what is on no server is not taken off any. */
const noServerId = '00000000-0000-4000-8000-000000000000'

const runs = observable<readonly MoveRun[]>([])
const markAll = () => markRows('moves', new Map(runs.get().flatMap(marksOf)))
runs.subscribe(markAll)
turnedAway.subscribe(markAll)
turnedAway.subscribe(noteAnswers)
subscribeMarks(noteAnswers)
readings.subscribe(() => {
  const reading = readings.get()
  const known = new Map(reading.ips.map((ip) => [ip.id, ip]))
  if (runs.get().length > 0) runs.set(runs.get().map((run) => (run.plan.zone === reading.zone ? followed(run, known, reading) : run)))
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

/** Shows the moves that another page began and left, reads where their flexible IPs are, and keeps those of this page. */
export async function keepMoves(store: Store): Promise<void> {
  const { scope } = store.connection
  await takeOver(scope, ({ plan, units, startedAt, savedAt, wasMoving }) => {
    const { key } = plan
    if (runs.get().some((run) => run.plan.key === key)) return
    // A request that was on its way then can still take effect.
    if (wasMoving) lostAt.set(key, savedAt)
    runs.set([...runs.get(), { plan, units, state: 'reading', startedAt, endedAt: savedAt, calls: [], ...(wasMoving && { leftAt: savedAt }) }])
    void readMove(store, key)
  })
  const save = () => saveMoves(scope, runs.get(), isMoving)
  runs.subscribe(save)
  save()
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
  const { key, zone, toId } = plan
  if (runs.get().some((run) => run.plan.key === key && isMoving(run))) return undefined
  const first: readonly UnitRun[] = before ? before.units.map(continued) : plan.units.map((unit) => ({ unit, tries: 0 }))
  // The reports of moves that arrived make room for the next one; what is incomplete stays.
  runs.set([...runs.get().filter((run) => run.plan.key !== key && (run.state !== 'done' || run.plan.fromId !== undefined)), { plan, units: first, state: 'running', startedAt: Date.now(), calls: before?.calls ?? [] }])
  lostAt.delete(key)
  noteTurnedAway(first.flatMap(({ unit }) => unit.ips.map(({ id }) => id)), false)
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
  /** The changes that are on their way, by their exchange. */
  const sentAs = new Map<number, string>()
  /** When the first try of a change ended without an answer. Reads meanwhile can have one. */
  const unanswered = new Map<string, number>()
  const onEvent = (event: ClientEvent) => {
    change(key, (run) => (run.calls.includes(event.call) ? run : { ...run, calls: [...run.calls, event.call] }))
    if (event.type === 'request' && event.method !== 'GET') {
      inFlight += 1
      sentAs.set(event.exchange, `${event.url} ${event.body ?? ''}`)
    }
    if (event.type === 'response') {
      const isAnswered = event.outcome === 'answered'
      if (event.method !== 'GET') {
        inFlight -= 1
        const sent = sentAs.get(event.exchange) ?? ''
        sentAs.delete(event.exchange)
        if (isAnswered) unanswered.delete(sent)
        else if (!unanswered.has(sent)) unanswered.set(sent, Date.now())
        if (!isAnswer(event)) lostAt.set(key, Date.now())
        // Not within the listener: the call goes on when it returns.
        queueMicrotask(abortBetween)
      }
      if (!isAnswered && event.method === 'GET') noteSilence()
      change(key, (run) => silence(run, isAnswered, Math.min(Date.now(), ...unanswered.values())))
    }
    if (event.type === 'step' && event.progress !== 'begun') for (const sent of unanswered.keys()) if (event.fipsIds.some((id) => sent.includes(id))) unanswered.delete(sent)
    if (event.type === 'step' && event.progress === 'done') settle(event.fipsIds)
    if (event.type === 'step') change(key, (run) => ({ ...run, units: run.units.map((each) => (holds(each.unit, event) ? stepped(each, event, toId) : each)) }))
  }
  const options = { signal: abort.signal, onEvent }
  let errors: ReadonlyMap<string, unknown> = new Map()
  try {
    const known = await listed(store, zone, options)
    const units = first.map((each) => checked(each, plan, known, before !== undefined))
    change(key, (run) => ({ ...run, units }))
    errors = await sendAll(client, plan, units, options)
  } catch (error) {
    errors = new Map(first.map(({ unit }) => [keyOf(unit), error]))
  }
  // The move was forgotten, and another may have its key.
  if (aborts.get(key) !== abort) return undefined
  stops.delete(key)
  aborts.delete(key)
  change(key, (run) => ({ ...run, state: 'reading', units: run.units.map((each) => withError(each, errors.get(keyOf(each.unit)))) }))
  await readMove(store, key)
  return runs.get().find((run) => run.plan.key === key)
}

const listed = async ({ client }: Store, zone: string, options: Parameters<Store['client']['listFlexibleIPs']>[1]): Promise<ReadonlyMap<string, FlexibleIP>> =>
  new Map((await client.listFlexibleIPs({ zone }, options).all()).map((ip) => [ip.id, ip]))

/**
 * Sends a move, one call for each server that is left. Each call takes nothing off another server than that one, at any
 * of its steps. Resolves to what failed, by unit.
 */
async function sendAll(client: Store['client'], { zone, toId, keepsOff }: MovePlan, units: readonly UnitRun[], options: CallOptions): Promise<ReadonlyMap<string, unknown>> {
  const bySource = new Map<string, Unit[]>()
  for (const { unit, now, isOvertaken } of units) {
    if (now === 'target' || isOvertaken || unit.fromId === toId) continue
    const source = unit.fromId ?? noServerId
    bySource.set(source, [...(bySource.get(source) ?? []), unit])
  }
  const errors = new Map<string, unknown>()
  await Promise.all(
    [...bySource].map(async ([fromServerId, own]) => {
      try {
        // What a failing server gets back would not be reachable, and no person has asked for it.
        const onRefusal = keepsOff.includes(fromServerId) ? 'stay' : 'return'
        await client.failover({ zone, fipsIds: own.flatMap(({ ips }) => ips.map(({ id }) => id)), fromServerId, toServerId: toId, onRefusal }, options)
      } catch (error) {
        for (const unit of own) errors.set(keyOf(unit), error)
      }
    }),
  )
  return errors
}

function silence(run: MoveRun, isAnswered: boolean, since: number): MoveRun {
  if (isAnswered && run.silentSince !== undefined) {
    const { silentSince: _, ...rest } = run
    return rest
  }
  return isAnswered || run.silentSince !== undefined ? run : { ...run, silentSince: since }
}

/** Notes what is known of the last request of each unit, for the pages that show the move or take it over. */
function noteAnswers(): void {
  const before = runs.get()
  const next = before.map((run) => {
    const units = isMoving(run) && run.state !== 'reading' ? run.units.map(withAnswer) : run.units
    return units.every((each, index) => each === run.units[index]) ? run : { ...run, units }
  })
  if (next.some((run, index) => run !== before[index])) runs.set(next)
}

function withAnswer(each: UnitRun): UnitRun {
  const { answer: before, ...rest } = each
  const answer = each.unit.ips.some(({ id }) => isInDoubt(id)) ? 'lost' : isTurnedAway(each.unit) ? 'turnedAway' : undefined
  return answer === before ? each : { ...rest, ...(answer && { answer }) }
}

/** What a reading says of the steps under way, which wait for an answer that may not come. */
function followed(run: MoveRun, known: ReadonlyMap<string, FlexibleIP>, { beganAt }: Reading): MoveRun {
  if (run.state === 'reading') return run
  // What a lost answer left in doubt, only a reading that began after the move decides.
  const isAfter = beganAt > (run.endedAt ?? beganAt)
  const units = run.units.map((each) => (isMoving(run) ? followedUnit(each, run.plan.toId, known) : each.now === 'inDoubt' && !isAfter ? each : reread(each, run.plan.toId, known)))
  return units.every((each, index) => each === run.units[index]) ? run : { ...run, units }
}

/** Reads where the flexible IPs of a move are now. Transitions that are under way are waited for. */
export async function readMove(store: Store, key: string): Promise<void> {
  const { client, cache, connection, log } = store
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
    const units = each.units.map(({ later: _, atId: __, ...unit }): UnitRun => ({ ...unit, ...refusedDetach(unit), ...whereabouts(unit, each.plan, known, isSettling) }))
    for (const { unit, now } of units) {
      const ids = unit.ips.map(({ id }) => id)
      if (now === 'inDoubt') noteDoubt(ids)
      else settle(ids)
    }
    const isDone = units.every(({ now }) => now === 'target')
    return { ...each, units, state: isDone ? 'done' : 'incomplete', endedAt: each.endedAt ?? readAt, ...(known && { readAt }) }
  })
  const after = runs.get().find(({ plan }) => plan.key === key)
  if (after) log.add({ type: 'moveRead', calls: after.calls, units: after.units.map((each) => wherePlaced(each, after.plan)) })
}

/** The library begins a detach once, however often it is refused, and ends it without a word when others were quicker. */
function refusedDetach({ unit, detach, attach }: UnitRun): Pick<UnitRun, 'detach'> {
  if (detach?.state !== 'underWay' || attach || !unit.ips.every(({ id }) => isDetachRefused(id))) return {}
  return { detach: { ...detach, state: 'failed', endedAt: Date.now() } }
}

/** Where a unit was read, for the log. */
function wherePlaced({ unit, now, atId }: UnitRun, { toId }: MovePlan): MoveReadEvent['units'][number] {
  const serverId = now === 'target' ? toId : now === 'source' ? unit.fromId : atId
  return { fipsIds: unit.ips.map(({ id }) => id), isKnown: now !== undefined && now !== 'inDoubt', ...(serverId !== undefined && { serverId }) }
}

/** Reads the moves again that left one of these in doubt. */
export async function readDoubts(store: Store, fipsIds: readonly string[]): Promise<void> {
  const inDoubt = runs.get().filter((run) => !isMoving(run) && run.units.some(({ now, unit }) => now === 'inDoubt' && unit.ips.some(({ id }) => fipsIds.includes(id))))
  await Promise.all(inDoubt.map(({ plan }) => readMove(store, plan.key)))
}

const isTurnedAway = ({ ips }: Unit): boolean => ips.some(({ id }) => turnedAway.get().has(id))

/** What the rows of a move say besides their status. */
function marksOf(run: MoveRun): (readonly [string, RowMark])[] {
  const { toId } = run.plan
  return run.units.flatMap(({ unit, detach, attach, now, isOvertaken }) => {
    const mark = ((): RowMark | undefined => {
      // What is in doubt after the move is noted as every doubt is.
      if (!isMoving(run) || now === 'target' || now === 'elsewhere' || isOvertaken || run.state === 'reading') return undefined
      // What the service turned away waits until it is sent again.
      if ((attach ?? detach)?.state === 'underWay' && isTurnedAway(unit)) return { state: 'waits', what: 'move', toId }
      if (attach) return attach.state === 'underWay' ? { state: 'attaching', since: attach.beganAt, toId } : undefined
      if (detach?.state === 'underWay') return { state: 'detaching', since: detach.beganAt }
      return { state: 'waits', what: 'move', toId }
    })()
    return mark ? unit.ips.map(({ id }) => [id, mark] as const) : []
  })
}

/** How many units are at a place. */
export function ipsAt({ units }: MoveRun, place: Whereabouts): number {
  return units.filter(({ now, later }) => (later?.place ?? now) === place).reduce((sum, { unit }) => sum + unit.ips.length, 0)
}
