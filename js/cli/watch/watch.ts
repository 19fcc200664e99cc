// The loop of `flexip watch`: checks, reads of the owner, and moves, in the order that the decision asks for.
import { type Fetch, type FlexibleIP, IncompleteError, isFlexipError } from '../../index.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { failureOf, isStuck, toGoOn } from '../failure.js'
import { type Load, bringOnce, responseMs } from '../moving.js'
import { report } from '../report.js'
import { isRefusal } from '../response.js'
import type { Target } from '../servers.js'
import type { Session } from '../session.js'
import { Stop, wrongArgument } from '../stop.js'
import { type CheckResult, type Watched, runCheck } from './checks.js'
import { type WatchInput, type WatchMove, type WatchRules, type WatchState, beginWatch, decide, isDown, isUp, mayGoOn } from './decision.js'
import { goesAlong, ownedOf } from './places.js'
import { Sightings } from './sightings.js'
import { Whereabouts } from './whereabouts.js'

export interface WatchSettings {
  watched: readonly Watched[]
  words: readonly string[]
  rules: WatchRules
  intervalMs: number
  dryRun?: true
  direct?: true
  /** The number of rounds; for ever if absent. */
  rounds?: number
}

/** How many rounds of checks lie between two reads of the owner. */
const roundsPerRead = 6

/** The longest time of a read after the first, in milliseconds: no check runs meanwhile. */
const readMs = 10_000

/** An attempt that is under way. */
interface Attempt {
  move: WatchMove
  /** Whether it sent a request that was not refused. */
  hasChanged: boolean
  /** Whether its target cannot take the flexible IPs. */
  isRefused: boolean
  /** Whether none had to go when it began. */
  isEmpty: boolean
  sightings: Sightings
  /** What it leaves on another server, where others have brought it meanwhile. */
  left: Set<string>
  /** The exit code of its failure. */
  exitCode: ExitCode
  /** Ends it before its next request. */
  stop: AbortController
}

/**
 * Checks and moves until the session is aborted, or its rounds are over. Checks go on while a move is under way. Returns the exit
 * code: that of the last attempt if it did not arrive and its move is unfinished at the end.
 */
export async function watch(session: Session, settings: WatchSettings): Promise<ExitCode> {
  const { watched, words, rules, intervalMs, rounds = Infinity } = settings
  const { io, signal } = session
  let state = beginWatch(rules, watched.length)
  let health = watched.map(() => 'unknown')
  let attempt: Attempt | undefined
  let said: string[] = []
  session.responseMs = responseMs
  const before = session.gate
  session.gate = (fetch) => before(gateOf(fetch, { current: () => attempt, reasonAgainst: (asked, serverId) => reasonAgainst(asked, serverId), leave: (asked, ids) => leave(asked, ids), onAsked: (isRefused) => feed({ type: 'asked', isRefused, at: io.now() }) }))
  const targets = await targetsOf(session, watched)
  const reasonAgainst = ({ move, hasChanged }: Attempt, serverId: string | undefined): string | undefined => {
    const name = watched[move.to]?.server ?? ''
    // What cannot go to its target is not put back to the server that it was taken from: the decision says where it goes.
    if (serverId !== undefined && serverId !== targets[move.to]?.id) return `${name} did not take all of them`
    return mayGoOn(state, move, hasChanged) ? undefined : `${name} is not up, or its source is up again`
  }
  const whereabouts = new Whereabouts(session, words, targets)
  /** What others have brought to another server since the attempt began stays there, by the rule for what was there before. */
  const leave = ({ move, sightings, left }: Attempt, ids: readonly string[]): string | undefined => {
    for (const id of ids) {
      const serverId = sightings.newServerOf(id)
      if (serverId === undefined || serverId === targets[move.to]?.id || goesAlong(state, move, whereabouts.placeOf({ id, serverId, status: 'attached' }), io.now())) continue
      const text = `others have brought ${session.addresses.get(id) ?? id} to ${whereabouts.nameOf(serverId)}: it stays there`
      if (!left.has(id)) session.warn(text)
      for (const one of ids) left.add(one)
      whereabouts.leave(ids)
      return text
    }
    return undefined
  }
  /** The move that is under way. It never rejects: what it throws is in `thrown`. */
  let pending: Promise<void> | undefined
  let thrown: { error: unknown } | undefined
  let goesOn = true
  /** The attempt whose result has not been read yet. */
  let unread: WatchMove | undefined
  /** When the last attempt ended, if it was done. */
  let doneAt: number | undefined
  /** How the last attempt ended. */
  let exitCode: ExitCode = exitCodes.done
  const begin = (move: WatchMove): void => {
    unread = move
    const own: Attempt = { move, hasChanged: false, isRefused: false, isEmpty: false, sightings: new Sightings(), left: new Set(), exitCode: exitCodes.done, stop: new AbortController() }
    attempt = own
    session.restart()
    const goes = (ip: FlexibleIP) => goesAlong(state, move, whereabouts.placeOf(ip), io.now())
    const select: Load['select'] = async (inventory) => {
      const selected = await whereabouts.select(inventory, doneAt, goes)
      // What is there already need not go, unless an attempt before has brought it late: then it is there by this move.
      own.isEmpty = selected.every((ip) => whereabouts.isOn(move.to, ip)) && !(state.hasChanged && whereabouts.areAllOn(move.to))
      return { selected, gone: [] }
    }
    const load: Load = { target: () => Promise.resolve(targets[move.to] as Target), select }
    pending = carryOut(session, settings, load, own, () => goesOn)
      .finally(() => (attempt = pending = undefined))
      .then((isDone) => {
        const at = io.now()
        doneAt = isDone ? at : undefined
        exitCode = own.exitCode
        feed({ type: 'moved', isDone, hasChanged: own.hasChanged, isRefused: own.isRefused, isEmpty: own.isEmpty, at })
      })
      .catch((error: unknown) => (thrown = { error }) && undefined)
  }
  const feed = (input: WatchInput): void => {
    const { state: next, move, stop, abandoned, isBrought = false, isWaiting } = decide(state, input)
    state = next
    if (stop && attempt) attempt.stop.abort(new Error(`${watched[attempt.move.to]?.server ?? ''} refuses them, and another server is up`))
    health = showHealth(session, settings, state, health, input.at)
    if (abandoned !== undefined) showAbandoned(session, settings, state, abandoned, whereabouts, input, isBrought)
    if (isWaiting) show(session, { event: 'waiting', at: Math.round(input.at) }, `no server is up that can take them: ${whereabouts.text}; they go to the first that is`)
    if (move) begin(move)
  }
  const read = async (isStart: boolean): Promise<void> => {
    if (!isStart) session.restart(readMs)
    const result = await whereabouts.read(isStart, doneAt, unread?.to)
    const at = io.now()
    if (!result) return feed({ type: 'unread', at })
    const isSame = !isStart && (unread !== undefined || !result.hasMoved)
    unread = undefined
    feed(ownedOf(state, whereabouts.places, at, isSame))
  }
  for (let round = 0; round < rounds && !signal.aborted && !thrown; round += 1) {
    const start = io.now()
    const isDue = round % roundsPerRead === 0 || state.target !== undefined || unread !== undefined || whereabouts.isMissing
    if (isDue && !pending) await read(round === 0)
    const results = await Promise.all(watched.map(({ check }) => runCheck(check, io, intervalMs, signal)))
    if (signal.aborted) break
    said = warnOfUnmade(session, settings, results, said)
    for (const [server, result] of results.entries()) if (typeof result === 'boolean') feed({ type: 'checked', server, isUp: result, at: io.now() })
    // Another server that has some of them may be down now.
    if (!pending && state.target === undefined && unread === undefined && whereabouts.places.length > 0) feed(ownedOf(state, whereabouts.places, io.now(), true))
    if (round + 1 < rounds) await io.sleep(Math.max(0, intervalMs - (io.now() - start)), signal)
  }
  // A move that is under way says what is where.
  goesOn = false
  while (pending) await pending
  if (thrown) throw thrown.error
  signal.throwIfAborted()
  return state.target === undefined ? exitCodes.done : exitCode
}

/** The servers, with their zones as far as these can be read. */
async function targetsOf(session: Session, watched: readonly Watched[]): Promise<Target[]> {
  const { servers } = await session.connection()
  const targets: Target[] = await Promise.all(watched.map(({ server }) => servers.find(server)))
  if (new Set(targets.map(({ id }) => id)).size < targets.length) throw wrongArgument('a server is named twice', 'Name each server once: by its name or by its id.')
  if (targets.every(({ zone }) => zone !== undefined)) return targets
  const known = await servers.byId()
  for (const { id } of targets) await servers.checkId(id)
  return targets.map((target) => known.get(target.id) ?? target)
}

/** The statuses by which the service refuses an attach, maybe because of the server: another one can take them. */
const refusalsOfTarget: readonly number[] = [400, 403, 404, 409, 412]

/** What the gate of an attempt asks, and says. */
interface GateOptions {
  current(): Attempt | undefined
  reasonAgainst(attempt: Attempt, serverId: string | undefined): string | undefined
  /** Why these are left where they are, while the attempt goes on with the others. */
  leave(attempt: Attempt, ids: readonly string[]): string | undefined
  /** The target has accepted or refused an attach. */
  onAsked(isRefused: boolean): void
}

/** Lets no request of an attempt pass that changes something when the attempt may not go on. */
function gateOf(fetch: Fetch, { current, reasonAgainst, leave, onAsked }: GateOptions): Fetch {
  return async (url, init) => {
    const attempt = current()
    if (!attempt) return fetch(url, init)
    if (init.method === 'GET') {
      const response = (await fetch(url, init)) as Response
      await attempt.sightings.note(response)
      return response
    }
    const { serverId, ids } = changeOf(init.body)
    const reason = reasonAgainst(attempt, serverId)
    if (reason !== undefined) {
      attempt.stop.abort(new Error(reason))
      throw attempt.stop.signal.reason
    }
    const stays = leave(attempt, ids)
    if (stays !== undefined) return refusalOf(stays)
    let isRefused = false
    try {
      const response = await fetch(url, init)
      const { status } = response
      isRefused = await isRefusal(response)
      if (status >= 200 && status < 300) attempt.sightings.noteLeft(ids)
      const isTargets = serverId !== undefined && refusalsOfTarget.includes(status)
      attempt.isRefused ||= isTargets
      if (serverId !== undefined && (isTargets || status < 300) && current() === attempt) onAsked(isTargets)
      return response
    } finally {
      attempt.hasChanged ||= !isRefused
    }
  }
}

/** The flexible IPs that a request changes, and the server that it attaches them to. */
function changeOf(body: unknown): { serverId: string | undefined; ids: readonly string[] } {
  const { server_id: id, fips_ids: ids } = typeof body === 'string' && body !== '' ? (JSON.parse(body) as { server_id?: unknown; fips_ids?: readonly string[] }) : {}
  return { serverId: typeof id === 'string' ? id.toLowerCase() : undefined, ids: ids ?? [] }
}

/** Ends the move of one flexible IP as a refusal of the service does: the others go on. The request is not sent. */
function refusalOf(reason: string): Response {
  return Response.json({ type: 'precondition_failed', precondition: 'resource_not_usable', message: reason, help_message: reason }, { status: 412 })
}

/** Warns of the checks that were not made, of each once while its reason stays. Returns what it has said of each. */
function warnOfUnmade(session: Session, { watched }: WatchSettings, results: readonly CheckResult[], before: readonly string[]): string[] {
  return results.map((result, server) => {
    const text = result instanceof Error ? `the check of ${watched[server]?.server ?? ''} was not made, and does not count: ${result.message}` : ''
    if (text !== '' && text !== before[server]) session.warn(text)
    return text
  })
}

/** Says which servers changed between up and down. */
function showHealth(session: Session, { watched }: WatchSettings, state: WatchState, before: string[], at: number): string[] {
  return before.map((known, server) => {
    const now = isDown(state, server) ? 'down' : isUp(state, server) ? 'up' : known
    const name = watched[server]?.server ?? ''
    if (now !== known) show(session, { event: now, server: name, at: Math.round(at) }, `${name} is ${now}`)
    return now
  })
}

/** Says that nothing goes to this target any more, and what is where. */
function showAbandoned(session: Session, { watched }: WatchSettings, state: WatchState, target: number, { text }: Whereabouts, input: WatchInput, isBrought: boolean): void {
  const name = watched[target]?.server ?? ''
  const { at } = input
  const { isSettled, isElsewhere } = input.type === 'owned' ? input : {}
  const reason = input.type === 'moved' ? 'none of them has to go any more' : isBrought ? 'others have brought them to another server' : isElsewhere ? 'others have brought them to a server that is not in the list' : isSettled ? 'each of them is on a server that is up, has moved within the cool-down, or cannot move' : isUp(state, target) ? 'its source is up again' : `${name} is not up`
  show(session, { event: 'abandoned', to: name, at: Math.round(at) }, `gave up the move to ${name}: ${reason}; ${text}`)
}

/** One attempt to bring those flexible IPs to the target that have to go. A failure is reported; whether to go on is the decision's. */
async function carryOut(session: Session, { watched, dryRun, direct }: WatchSettings, load: Load, attempt: Attempt, goesOn: () => boolean): Promise<boolean> {
  const { move: { from, to, isContinued }, stop } = attempt
  const target = watched[to]?.server ?? ''
  const source = from === undefined ? null : (watched[from]?.server ?? null)
  const begin = session.io.now()
  show(session, { event: 'move', from: source, to: target, isContinued, at: Math.round(begin) }, `${isContinued ? 'continuing to move' : 'moving'} to ${target}`)
  const showMoved = () => show(session, { event: 'moved', to: target, ms: Math.round(session.io.now() - begin), at: Math.round(session.io.now()) }, `moved to ${target} in ${((session.io.now() - begin) / 1000).toFixed(1)} s`)
  try {
    await bringOnce(session, load, { ...(direct && { direct }), ...(dryRun && { dryRun }) }, AbortSignal.any([session.signal, stop.signal]))
    if (attempt.isEmpty) return false
    if (!dryRun) showMoved()
    return true
  } catch (error) {
    const failure = failureOf(error, session.circumstances())
    if (!failure || session.signal.aborted) throw error
    // The client has looked at the target before it sent anything.
    attempt.isRefused ||= error instanceof Stop && isFlexipError(error.cause) && error.cause.code === 'invalid_arguments'
    const isStopped = stop.signal.aborted
    if (isStopped) session.warn(`the move to ${target} is stopped: ${messageOf(stop.signal.reason)}`)
    // What is where, if something has left. Where it goes on from there is the decision's.
    const hints = goesOn() ? failure.hints.filter((hint) => !hint.startsWith(toGoOn)) : failure.hints
    const missing = error instanceof IncompleteError ? error.moves.filter(({ arrived }) => !arrived) : []
    // If all that is missing was left to others, it did not fail.
    const isAllLeft = missing.length > 0 && missing.every(({ fipId }) => attempt.left.has(fipId))
    if (!isAllLeft) attempt.exitCode = failure.exitCode
    if (!isAllLeft && (!isStopped || 'moves' in (error as object))) report(session.io, { ...failure, hints }, session.options.json === true)
    // What has to go no more is no part of the move. What was taken off its server has to arrive.
    if (!(error instanceof IncompleteError) || missing.length === 0 || !missing.every(({ fipId, last }) => attempt.left.has(fipId) || (isStuck(last) && last?.serverId !== undefined))) return false
    attempt.isEmpty = missing.length === error.moves.length
    if (!attempt.isEmpty) showMoved()
    return !attempt.isEmpty
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function show(session: Session, object: object, line: string): void {
  if (session.options.json) session.printObject(object)
  else session.print(line)
}
