// Bringing flexible IPs to a server: what claim does, and each attempt of watch.
import { type FlexibleIP, IncompleteError, type MoveStep, isFlexipError, macGroups } from '../index.js'
import { exitCodes } from './exit-codes.js'
import { goneText, heldLine, isStuck, placeOf } from './failure.js'
import { checkZones, collectGroups, stillToGo } from './groups.js'
import { printSteps, showProgress } from './progress.js'
import { refuseStuck, unlessChanged } from './recheck.js'
import { Refusals, refusalOf } from './refusals.js'
import { delayAfter } from './repetition.js'
import { type Inventory, readInventory, selectIps, selectNamed } from './selection.js'
import type { Target } from './servers.js'
import type { Session } from './session.js'
import { Changed, EmptyServer, HeldBack, OutOfTime, Stop } from './stop.js'

export interface BringOptions {
  direct?: true
  dryRun?: true
  /** Nothing is brought if a word names nothing. */
  needsAll?: true
  /** The condition of `claim`, which ends the session. */
  while?: string
  /** Receives the addresses of what the words name, at each attempt without those that are gone: what goes on names these. */
  onBound?: (addresses: readonly string[]) => void
}

/** The flexible IPs of an attempt. */
export interface Selection {
  selected: FlexibleIP[]
  /** The names of those that are gone. */
  gone: string[]
  /** What is said in the end of a word that names nothing. */
  absence?: Stop | undefined
}

/** What an attempt brings, and to which server. */
export interface Load {
  target(): Promise<Target>
  select(inventory: Inventory): Promise<Selection>
  /** What the target has refused after a detach. Absent where another rule decides what is detached again. */
  refusals?: Refusals
}

/** Responses take less than a second. One that hangs must not hold up the move for long after the API is back. */
export const responseMs = 10_000

/**
 * Repeats the move until it is done, refused for good, or its time is up. An attempt is not begun when the time that is
 * left is too short for one answer. Returns nothing after a dry run.
 */
export async function bring(session: Session, server: string, words: readonly string[], options: BringOptions): Promise<FlexibleIP[] | undefined> {
  session.responseMs = responseMs
  if (!options.direct) refuseLateDetach(session)
  const load = boundLoad(session, server, words, options)
  const refusals = (load.refusals = new Refusals(session))
  let reason: unknown
  let isAbsent = false
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await bringOnce(session, load, options)
    } catch (error) {
      refusals.note(error)
      const refusal = refusalOf(session, error)
      isAbsent ||= refusal?.exitCode === exitCodes.notFound
      // No command goes on with a server that does not exist.
      if (isAbsent) delete session.goOn
      // Another attempt would have less time still.
      if (error instanceof OutOfTime) throw error
      if (refusal && options.while === undefined && !session.signal.aborted && session.remaining() > 0) throw refusal
      const delay = delayAfter(error, attempt, options.while !== undefined && !options.dryRun)
      if (delay === undefined || session.signal.aborted) throw session.remaining() <= 0 ? lateOf(error) : error
      // What had too little time for its answer does not say why the move is not done.
      const isCutShort = noteEnd(session, error)
      if (reason === undefined || !isCutShort) reason = error
      const left = session.remaining() - session.answerMs
      if (left > 0) {
        const shown = Math.min(delay, left)
        session.say(`not done yet: ${messageOf(session, error)}; again in ${(shown / 1000).toFixed(shown < 1000 ? 1 : 0)} s`)
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
  // A move that waited in vain has noted what refused its steps, but not what refused it for good.
  const reasons = cause instanceof IncompleteError ? cause.moves.flatMap(({ error: reason }) => (isFlexipError(reason) ? [reason] : [])) : [cause]
  for (const reason of reasons) if (reason.code !== 'incomplete' && reason.code !== 'wait') session.noteRefusal(reason)
  return session.isCutShort(cause)
}

/** What was repeated until the time was up has timed out, whatever refused it last. */
function lateOf(error: unknown): unknown {
  return error instanceof Stop && error.exitCode !== exitCodes.arguments ? new Stop(exitCodes.timedOut, error.message, error.hints, { cause: error }) : error
}

/** One attempt of the move. `signal` ends it. */
export async function bringOnce(session: Session, load: Load, options: Pick<BringOptions, 'direct' | 'dryRun'>, signal: AbortSignal = session.signal): Promise<FlexibleIP[] | undefined> {
  const { client, servers } = await session.connection()
  const target = await load.target()
  const inventory = await readInventory(session)
  const { selected, gone, absence: unnamed } = await load.select(inventory)
  if (selected.length === 0) return options.dryRun ? undefined : []
  const ips = collectGroups(session, selected, inventory.ips)
  const zone = checkZones(ips, target)
  const going = stillToGo(ips, target.id)
  const request = { zone, serverId: target.id, fipsIds: going.map(({ id }) => id), ...(options.direct && { strategy: 'direct' as const }) }
  if (options.dryRun) {
    await printSteps(session, going.length === 0 ? [] : ((await unlessChanged(session, client.ensureAttached({ ...request, dryRun: true }, session.call()), inventory.ips, target.id)) as MoveStep[]), inventory.ips)
    refuseStuck(ips, target.id)
    if (unnamed) throw unnamed
    return undefined
  }
  // Another attempt cannot move them either, and the others have arrived.
  const left = going.filter(({ serverId, status }) => serverId !== target.id || status !== 'attached')
  if (left.length > 0 && left.every(isStuck)) refuseStuck(left, target.id, session.circumstances().hasChanged)
  session.held = options.direct ? [] : leftThere(session, going, target.id, load.refusals)
  const fipsIds = going.filter((ip) => !session.held.includes(ip)).map(({ id }) => id)
  const endOfProgress = fipsIds.length === 0 ? undefined : await showProgress(session, going)
  const moved = fipsIds.length === 0 ? [] : await unlessChanged(session, client.ensureAttached({ ...request, fipsIds, dryRun: false }, { ...session.call(), signal }), inventory.ips, target.id).finally(endOfProgress)
  const arrived = ips.map((ip) => moved.find(({ id }) => id === ip.id) ?? ip)
  const ends = arrived.filter((ip) => !session.held.includes(ip)).map((ip) => `${ip.ipAddress} is ${placeOf(ip, servers.known)}: arrived`)
  const absence = `${gone.join(', ')}: ${goneText}`
  if (session.held.length > 0) {
    const lines = [...session.held.map((ip) => heldLine(ip, servers.known)), ...ends, ...(gone.length > 0 ? [absence] : [])]
    if (session.remaining() < session.moveMs || !load.refusals) throw new OutOfTime(session.tooLate, lines)
    const { text, cause, isFinal } = load.refusals.reasonOf(session.held, target.id)
    throw new HeldBack(ends.length > 0 ? exitCodes.incomplete : exitCodes.refused, text, lines, { cause, isFinal })
  }
  if (gone.length > 0) throw new Stop(exitCodes.incomplete, absence, ends)
  if (unnamed) throw new Stop(unnamed.exitCode, unnamed.message, [...unnamed.hints, ...ends])
  return arrived
}

/** Sends no detach when the time is too short for what follows it: the service can refuse one for long, and then accept it. */
function refuseLateDetach(session: Session): void {
  const before = session.gate
  session.gate = (fetch) => before((url, init) => (url.endsWith('/detach') && session.remaining() < session.moveMs ? Promise.reject(new Error(session.tooLate)) : fetch(url, init)))
}

/** Those that stay on another server, because the time is too short to detach and to attach them, or the target has refused them. What has begun to leave goes on. */
function leftThere(session: Session, going: readonly FlexibleIP[], target: string, refusals: Refusals | undefined): FlexibleIP[] {
  const isLate = session.remaining() < session.moveMs
  const isElsewhere = ({ serverId, status }: FlexibleIP) => serverId !== undefined && serverId !== target && status !== 'detaching'
  return macGroups(going).filter((group) => group.every(isElsewhere) && (isLate || group.some((ip) => refusals?.keeps(ip, target)))).flat()
}

/**
 * What the words name when they are first read, and the server: later attempts bring the same. What an attempt has
 * detached is on its server no more, and can have lost its tag meanwhile.
 */
function boundLoad(session: Session, server: string, words: readonly string[], { needsAll, onBound }: BringOptions): Load {
  let target: Target | undefined
  let addresses: readonly string[] | undefined
  /** The words that have named nothing so far: a list can lack a flexible IP for a moment. */
  let open = words
  /** What says that a server is empty: nothing is taken from it later. */
  let empty: Stop | undefined
  const find = async () => (target ??= await (await session.connection()).servers.find(server))
  return {
    target: find,
    select: async (inventory) => {
      const before = addresses ? await selectPresent(session, addresses, inventory) : { selected: [], gone: [] }
      const { selected: named, absences } = await selectNamed(session, open, inventory)
      const all = [...absences.values()]
      const selected = [...before.selected, ...named.filter(({ id }) => !before.selected.some((ip) => ip.id === id))]
      const isEmpty = (one: Stop) => one instanceof EmptyServer
      const emptyNow = empty ?? all.find(isEmpty)
      const undone = emptyNow && undoneOf(emptyNow, (await find()).id, inventory, selected)
      const absence = all.find((one) => !isEmpty(one)) ?? (selected.length === 0 ? undone : undefined)
      if (needsAll && all[0]) throw all[0]
      if (selected.length === 0 && absence) throw absence
      if (!addresses) for (const { message } of all) session.warn([message, ...(undone?.message === message ? undone.hints : [])].join('. '))
      empty = emptyNow
      open = [...absences].filter(([, one]) => !isEmpty(one)).map(([word]) => word)
      addresses = [...new Set([...(addresses ?? []), ...selected.map(({ ipAddress }) => ipAddress)])]
      onBound?.([...addresses.filter((address) => !before.gone.includes(address)), ...open])
      return { selected, gone: before.gone, absence }
    },
  }
}

/**
 * What is said of a server without flexible IPs; `undefined` if a claim before this one can have brought all
 * of them: the target has some, and none that this claim does not bring is on no server.
 */
function undoneOf(empty: Stop, target: string, { ips }: Inventory, selected: readonly FlexibleIP[]): Stop | undefined {
  const there = [...selected, ...ips.filter(({ serverId }) => serverId === target)]
  const isFree = ({ id, serverId, zone }: FlexibleIP) => serverId === undefined && (there.length === 0 || there[0]?.zone === zone) && !selected.some((ip) => ip.id === id)
  const free = ips.filter(isFree).map(({ ipAddress }) => ipAddress)
  if (there.length > 0 && free.length === 0) return undefined
  return new Stop(empty.exitCode, empty.message, free.length > 0 ? `On no server: ${free.join(', ')}. If a move that was killed has left them there, name their addresses.` : [])
}

/** Those of the flexible IPs that still exist: one that is deleted since must not keep the others on no server. Throws a `Stop` if there is none. */
async function selectPresent(session: Session, addresses: readonly string[], inventory: Inventory): Promise<{ selected: FlexibleIP[]; gone: string[] }> {
  const present: string[] = []
  let absence: Stop | undefined
  for (const address of addresses) {
    try {
      await selectIps(session, [address], inventory)
      present.push(address)
    } catch (error) {
      if (!(error instanceof Stop) || error.exitCode !== exitCodes.notFound || !session.circumstances().hasSent) throw error
      absence ??= error
    }
  }
  if (absence && present.length === 0) throw absence
  return { selected: await selectIps(session, present, inventory), gone: addresses.filter((address) => !present.includes(address)) }
}

function messageOf(session: Session, error: unknown): string {
  if (error instanceof Changed) return `${error.message}: ${error.hints.join('; ')}`
  if (isFlexipError(error)) return session.named(error.message)
  return error instanceof Error ? error.message : String(error)
}
