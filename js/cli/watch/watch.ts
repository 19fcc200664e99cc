// The loop of `flexip watch`: checks, reads of the owner, and moves, in the order that the decision asks for.
import type { FlexibleIP } from '../../index.js'
import { exitCodes } from '../exit-codes.js'
import { failureOf } from '../failure.js'
import { bring } from '../moving.js'
import { report } from '../report.js'
import { readInventory, selectIps } from '../selection.js'
import type { Session } from '../session.js'
import { Stop } from '../stop.js'
import { type Watched, runCheck } from './checks.js'
import { type WatchInput, type WatchMove, type WatchRules, type WatchState, beginWatch, decide, isDown, isUp } from './decision.js'

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

/** Checks and moves until the session is aborted. */
export async function watch(session: Session, settings: WatchSettings): Promise<void> {
  const { watched, words, rules, intervalMs, rounds = Infinity } = settings
  const { io, signal } = session
  const { servers } = await session.connection()
  const targets = await Promise.all(watched.map(({ server }) => servers.find(server)))
  let state = beginWatch(rules, watched.length)
  let health = watched.map(() => 'unknown')
  const feed = async (input: WatchInput): Promise<void> => {
    const { state: next, move } = decide(state, input)
    state = next
    health = showHealth(session, settings, state, health, input.at)
    if (move) await feed({ type: 'moved', isDone: await carryOut(session, settings, move), at: io.now() })
  }
  for (let round = 0; round < rounds && !signal.aborted; round += 1) {
    const begin = io.now()
    session.restart()
    if (round % roundsPerRead === 0) {
      const owner = await readOwner(session, words, targets.map(({ id }) => id), round === 0)
      if (owner !== 'unread') await feed({ type: 'owned', server: owner, at: io.now() })
    }
    const results = await Promise.all(watched.map(({ check }) => runCheck(check, io, intervalMs, signal)))
    signal.throwIfAborted()
    for (const [server, isGood] of results.entries()) await feed({ type: 'checked', server, isUp: isGood, at: io.now() })
    if (round + 1 < rounds) await io.sleep(Math.max(0, intervalMs - (io.now() - begin)), signal)
  }
  signal.throwIfAborted()
}

/** The server that has most of the flexible IPs. A read that failed changes nothing: an API that is out of reach is no reason to move. */
async function readOwner(session: Session, words: readonly string[], ids: readonly string[], isStart: boolean): Promise<number | undefined | 'unread'> {
  let ips: FlexibleIP[]
  try {
    ips = await selectIps(session, words, await readInventory(session))
  } catch (error) {
    session.signal.throwIfAborted()
    // Later, a list can lack a flexible IP for a moment.
    if (isStart && error instanceof Stop && error.exitCode === exitCodes.notFound) throw error
    session.say(`it is unknown where the flexible IPs are: ${error instanceof Error ? error.message : String(error)}`)
    return 'unread'
  }
  const counts = ids.map((id) => ips.filter(({ serverId }) => serverId === id).length)
  const most = Math.max(...counts)
  return most === 0 ? undefined : counts.indexOf(most)
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

/** Brings all flexible IPs to the target. A failure is reported; whether to go on is the decision's. */
async function carryOut(session: Session, { watched, words, dryRun, direct }: WatchSettings, { from, to, isContinued }: WatchMove): Promise<boolean> {
  const target = watched[to]?.server ?? ''
  const source = from === undefined ? null : (watched[from]?.server ?? null)
  const begin = session.io.now()
  show(session, { event: 'move', from: source, to: target, isContinued, at: Math.round(begin) }, `${isContinued ? 'continuing to move' : 'moving'} to ${target}`)
  if (dryRun) return true
  session.restart()
  try {
    await bring(session, target, words, { ...(direct && { direct }) })
    show(session, { event: 'moved', to: target, ms: Math.round(session.io.now() - begin), at: Math.round(session.io.now()) }, `moved to ${target} in ${((session.io.now() - begin) / 1000).toFixed(1)} s`)
    return true
  } catch (error) {
    const failure = failureOf(error, session.circumstances())
    if (!failure || session.signal.aborted) throw error
    report(session.io, failure, session.options.json === true)
    return false
  }
}

function show(session: Session, object: object, line: string): void {
  if (session.options.json) session.printObject(object)
  else session.print(line)
}
