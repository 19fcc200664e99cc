// Bringing flexible IPs to a server: what claim does, and each attempt of watch.
import { type FlexibleIP, type MoveStep, isFlexipError } from '../index.js'
import { exitCodes } from './exit-codes.js'
import { goneText, placeOf } from './failure.js'
import { checkZones, collectGroups } from './groups.js'
import { printSteps, showProgress } from './progress.js'
import { refuseStuck, unlessChanged } from './recheck.js'
import { delayAfter } from './repetition.js'
import { type Inventory, readInventory, selectIps } from './selection.js'
import type { Session } from './session.js'
import { Changed, Stop } from './stop.js'

export interface BringOptions {
  direct?: true
  dryRun?: true
  /** The condition of `claim`, which ends the session. */
  while?: string
  /** Which of the flexible IPs that the words name are brought: all if absent. */
  goes?: (ip: FlexibleIP) => boolean
}

/** Responses take less than a second. One that hangs must not hold up the move for long after the API is back. */
export const responseMs = 10_000

/**
 * Repeats the move until it is done, refused for good, or its time is up. An attempt is not begun when the time that is
 * left is too short for one answer. Returns nothing after a dry run.
 */
export async function bring(session: Session, server: string, words: readonly string[], options: BringOptions): Promise<FlexibleIP[] | undefined> {
  session.responseMs = responseMs
  const read = new Set<string>()
  let reason: unknown
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await bringOnce(session, server, words, options, session.signal, read)
    } catch (error) {
      const delay = delayAfter(error, attempt, options.while !== undefined && !options.dryRun)
      if (delay === undefined || session.signal.aborted) throw session.remaining() <= 0 ? lateOf(error) : error
      // What had too little time for its answer does not say why the move is not done.
      const isCutShort = noteEnd(session, error)
      if (reason === undefined || !isCutShort) reason = error
      const left = session.remaining() - session.answerMs
      if (left > 0) {
        const shown = Math.min(delay, left)
        session.say(`not done yet: ${messageOf(error)}; again in ${(shown / 1000).toFixed(shown < 1000 ? 1 : 0)} s`)
        await session.io.sleep(shown, session.signal)
        session.signal.throwIfAborted()
      }
      if (left <= 0 || session.remaining() < session.answerMs / 2) {
        session.expire()
        throw lateOf(reason)
      }
    }
  }
}

/** Notes what refused an attempt. Returns whether it had too little time for its answer. */
function noteEnd(session: Session, error: unknown): boolean {
  const cause = error instanceof Stop ? error.cause : error
  if (!isFlexipError(cause)) return false
  // A move that waited in vain has noted what refused its steps.
  if (cause.code !== 'incomplete' && cause.code !== 'wait') session.noteRefusal(cause)
  return cause.code === 'timeout' && session.remaining() < session.answerMs
}

/** What was repeated until the time was up has timed out, whatever refused it last. */
function lateOf(error: unknown): unknown {
  return error instanceof Stop && error.exitCode !== exitCodes.arguments ? new Stop(exitCodes.timedOut, error.message, error.hints, { cause: error }) : error
}

/**
 * One attempt of the move. `signal` ends it. `read` has the words of which an earlier attempt has read the flexible IPs:
 * one that is deleted since must not keep the others on no server.
 */
export async function bringOnce(session: Session, server: string, words: readonly string[], options: BringOptions, signal: AbortSignal = session.signal, read = new Set<string>()): Promise<FlexibleIP[] | undefined> {
  const { client, servers } = await session.connection()
  const target = await servers.find(server)
  const inventory = await readInventory(session)
  const { selected, gone } = await selectPresent(session, words, inventory, read)
  const going = options.goes ? selected.filter(options.goes) : selected
  if (going.length === 0) return options.dryRun ? undefined : []
  const ips = collectGroups(session, going, inventory.ips)
  const zone = checkZones(ips, target)
  const request = { zone, serverId: target.id, fipsIds: ips.map(({ id }) => id), ...(options.direct && { strategy: 'direct' as const }) }
  if (options.dryRun) {
    await printSteps(session, (await unlessChanged(session, client.ensureAttached({ ...request, dryRun: true }, session.call()), inventory.ips, target.id)) as MoveStep[], inventory.ips)
    refuseStuck(ips, target.id)
    return undefined
  }
  const endOfProgress = await showProgress(session, ips)
  const moved = await unlessChanged(session, client.ensureAttached({ ...request, dryRun: false }, { ...session.call(), signal }), inventory.ips, target.id).finally(endOfProgress)
  if (gone.length > 0) throw new Stop(exitCodes.incomplete, `${gone.join(', ')}: ${goneText}`, moved.map((ip) => `${ip.ipAddress} is ${placeOf(ip)}: arrived`))
  return moved
}

/** The flexible IPs that the words name, and the words that name none any more. Throws a `Stop` if none of them names any. */
async function selectPresent(session: Session, words: readonly string[], inventory: Inventory, read: Set<string>): Promise<{ selected: FlexibleIP[]; gone: string[] }> {
  const present: string[] = []
  let absence: Stop | undefined
  for (const word of words) {
    try {
      await selectIps(session, [word], inventory)
      present.push(word)
    } catch (error) {
      if (!(error instanceof Stop) || error.exitCode !== exitCodes.notFound || !read.has(word) || !session.circumstances().hasSent) throw error
      absence ??= error
    }
  }
  if (absence && present.length === 0) throw absence
  for (const word of present) read.add(word)
  return { selected: await selectIps(session, present, inventory), gone: words.filter((word) => !present.includes(word)) }
}

function messageOf(error: unknown): string {
  if (error instanceof Changed) return `${error.message}: ${error.hints.join('; ')}`
  return error instanceof Error ? error.message : String(error)
}
