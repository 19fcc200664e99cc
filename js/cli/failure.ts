// What a command that failed says, and the code that it ends with.
import { CommanderError } from 'commander'
import { namedByAddress } from './addresses.js'
import { type RepeatedOptions, commandLine } from './command-line.js'
import { type AnyFlexipError, type FlexibleIP, IncompleteError, type ResourceNotFoundError, type WaitError, isFlexipError } from '../index.js'
import { type ExitCode, exitCodeOfAll, exitCodeOfError, exitCodes } from './exit-codes.js'
import { Interruption, Stop } from './stop.js'

/** A failure: the exit code, a line, and lines that help. */
export interface Failure {
  exitCode: ExitCode
  /** A stable word for programs. */
  code: string
  message: string
  hints: string[]
  requestId?: string
}

/** The name of each exit code. */
const words = new Map<number, string>(Object.entries(exitCodes).map(([word, code]) => [code, word]))

/** What is known of the command that failed. */
export interface Circumstances {
  /** Whether its time has passed. */
  isLate: boolean
  /** Whether its time ends so soon that a move has ended because of it. */
  isLateForMoves: boolean
  /** Whether it sent a request that changes something. */
  hasSent: boolean
  /** Whether such a request was not refused: the change was made, or may have been. */
  hasChanged: boolean
  /** The options, of which command lines in hints repeat some. */
  options: RepeatedOptions
  /** What last refused, in its own words, if nothing has succeeded since. */
  refusal?: string | undefined
  /** What goes on when the time is up. */
  goOn?: GoOn | undefined
  /** The address of each flexible IP that was read, by its id. */
  addresses?: ReadonlyMap<string, string> | undefined
  /** The servers that were read, by their ids. */
  servers?: ServerNames | undefined
  /** What was left on its server, because the time was too short to move it. */
  held?: readonly FlexibleIP[]
  /** The command that continues a move: `claim` if absent. */
  resumesWith?: 'claim' | 'attach'
  /** The flexible IPs as they were read after the error, by their ids. */
  now?: ReadonlyMap<string, FlexibleIP> | undefined
}

/** Servers by their ids, with their names as far as these are known. */
export type ServerNames = ReadonlyMap<string, { name?: string | undefined }>

/** A command that goes on, with the names of its flexible IPs. */
export interface GoOn {
  names: readonly string[]
  commandOf(names: readonly string[]): string
}

/** Classifies what a command threw. `undefined` for what is a defect. When the time was up, it says what refused until then. */
export function failureOf(error: unknown, circumstances: Circumstances): Failure | undefined {
  const failure = classify(error, circumstances)
  if (failure?.exitCode !== exitCodes.timedOut) return failure
  if (isDone(error, circumstances)) return { ...failure, message: 'the time was up before this was known: all of it is done' }
  const { message, hints } = failure
  const { goOn } = circumstances
  const refusal = circumstances.refusal === undefined ? undefined : saidOf(circumstances.refusal, circumstances)
  const isSaid = refusal === undefined || [message, ...hints].some((line) => line.includes(refusal))
  // A name that is gone would end the command without a change.
  const gone = goneOf(error, circumstances)
  const names = goOn?.names.filter((name) => !gone.includes(name)) ?? []
  const isNamed = goOn === undefined || names.length === 0 || hints.some((hint) => hint.startsWith(toGoOn))
  const [ends, others] = [hints.filter((hint) => hint.startsWith(toGoOn)), hints.filter((hint) => !hint.startsWith(toGoOn))]
  return { ...failure, hints: [...others, ...(isSaid ? [] : [`The last refusal: ${refusal}`]), ...ends, ...(isNamed ? [] : [`${toGoOn}${goOn.commandOf(names)}`])] }
}

/** How the hint begins that names the command that goes on. */
export const toGoOn = 'To go on: '

function classify(error: unknown, circumstances: Circumstances): Failure | undefined {
  const { isLate, hasSent, options } = circumstances
  if (error instanceof Stop) {
    // What did not respond had no time to.
    const isOfService = error.exitCode === exitCodes.unreachable || isFlexipError(error.cause)
    const exitCode = isLate && isOfService ? exitCodes.timedOut : error.exitCode
    return { exitCode, code: words.get(exitCode) ?? 'failed', message: error.message, hints: error.hints }
  }
  if (error instanceof CommanderError) return usageFailure(error)
  if (error instanceof Interruption) return { exitCode: error.exitCode, code: words.get(error.exitCode) ?? 'failed', message: error.message, hints: [sentBefore(circumstances)] }
  if (!isFlexipError(error)) return undefined
  const { code, message, requestId } = error
  const { cause } = error
  // Why it was ended says more than what that made of the call.
  const reason = cause instanceof Interruption || cause instanceof Stop ? `${cause.message}: ` : ''
  const hints = hintsOf(error, options, circumstances)
  // A create that was ended has no flexible IP yet to say anything of.
  const isUnknown = 'moves' in error && hints.length === 0 && hasSent
  return { exitCode: exitCodeIn(error, circumstances), code, message: `${reason}${saidOf(withArrivals(message, error, circumstances.now), circumstances)}`, hints: isUnknown ? [sentBefore(circumstances)] : hints, ...(requestId !== undefined && { requestId }) }
}

/** Whether something was done, and how to see what. */
function sentBefore({ hasSent, options }: Circumstances): string {
  return hasSent ? `A change was sent before. To see what was done: ${commandLine(options, 'ls')}` : 'Nothing was changed.'
}

/** The message of a move, with the number of those that have arrived by now. */
function withArrivals(message: string, error: AnyFlexipError, now: Now): string {
  if (!(error instanceof IncompleteError) || !now) return message
  const { moves, resume } = error
  const arrived = moves.filter(({ fipId, arrived: hadArrived }) => (hadArrived && now.has(fipId)) || hasArrived(now.get(fipId), resume)).length
  return moves.length === 0 ? message : message.replace(/\b\d+ of (\d+) flexible IPs are/, `${arrived} of $1 flexible IPs are`)
}

/** What the parser of the arguments refused. Its message can have a second line, which suggests a word. */
export function usageFailure({ code, message }: CommanderError): Failure {
  const [first = '', ...hints] = code === 'commander.help' ? ['the command is missing', 'With --help, the commands are listed.'] : message.replace(/^error: /, '').split('\n')
  return { exitCode: exitCodes.arguments, code: 'arguments', message: first, hints }
}

/** A failure that only its exit code classifies. */
export function plainFailure(exitCode: ExitCode, message: string): Failure {
  return { exitCode, code: words.get(exitCode) ?? 'failed', message, hints: [] }
}

/** The code for an error in these circumstances. */
function exitCodeIn(error: AnyFlexipError, circumstances: Circumstances): ExitCode {
  const { cause } = error
  if (cause instanceof Interruption) return cause.exitCode
  const exitCode = isUnknownServer(error) ? exitCodes.notFound : exitCodeOfError(error)
  if (exitCode === exitCodes.arguments || exitCode === exitCodes.inDoubt) return exitCode
  const isMove = 'moves' in error
  if (circumstances.isLate || (isMove && circumstances.isLateForMoves)) return exitCodes.timedOut
  if (!isMove || circumstances.hasChanged) return exitCode
  // Nothing was changed: what refused the moves counts, and not that they are incomplete.
  const { moves } = error as IncompleteError
  const refused = moves.flatMap(({ error: reason, last }) => (isFlexipError(reason) ? [{ exitCode: reason.code === 'wait' && isStuck(last) ? exitCodes.refused : exitCodeOfError(reason) }] : []))
  return refused.length === 0 ? exitCode : exitCodeOfAll(refused, moves.filter(({ arrived }) => arrived).length)
}

/** The service has no server of this id: as for a name that no server has. */
export function isUnknownServer(error: AnyFlexipError): boolean {
  return error.code === 'not_found' && /server/.test(error.resource ?? '')
}

/** Only Scaleway's support ends these. */
export function isStuck(ip: FlexibleIP | undefined): boolean {
  return ip?.status === 'locked' || ip?.status === 'error'
}

function hintsOf(error: { code: string; operation?: string }, options: RepeatedOptions, known: Known): string[] {
  if ('moves' in error) return movesOf(error as IncompleteError, options, known)
  const { code } = error
  if (code === 'wait') return [lastOf(error as WaitError, known)]
  if (code === 'not_found') return missingOf(error as ResourceNotFoundError, known)
  if (code === 'configuration') return ['Without an account, add --emulator to try the command.']
  if (code === 'ambiguous_result') return [`To see what was done, before you run the command again: ${commandLine(options, 'ls')}`]
  if (code === 'permissions_denied') return [error.operation === 'createFlexibleIP' ? 'The API key lacks a permission, or the Project is another one.' : 'The flexible IP may be deleted, or the API key lacks a permission.']
  return []
}

type Known = Pick<Circumstances, 'now' | 'addresses' | 'servers' | 'held' | 'resumesWith'>
type Now = Known['now']

/** The address of a flexible IP, if a list that was read has it. */
function addressIn({ now, addresses }: Known, fipId: string): string | undefined {
  return addresses?.get(fipId) ?? now?.get(fipId)?.ipAddress
}

/** What the library said, with addresses in place of ids. */
function saidOf(text: string, known: Known): string {
  return namedByAddress(text, (id) => addressIn(known, id))
}

function lastOf(error: WaitError, known: Known): string {
  const { now, servers } = known
  const { fipId, last } = error
  const name = last?.ipAddress ?? addressIn(known, fipId) ?? fipId
  if (isGone(fipId, error, now)) return `${name}: ${goneText}.`
  const read = now?.get(fipId) ?? last
  return read ? `${read.ipAddress} is ${placeOf(read, servers)}.` : `${name}: its state is unknown.`
}

/** A flexible IP that was read, and that the service does not know. */
function missingOf({ resourceId = '' }: ResourceNotFoundError, { addresses }: Known): string[] {
  const address = addresses?.get(resourceId)
  return address === undefined ? [] : [`${address}: ${goneText}.`]
}

/** Whether a move has arrived by now, as a whole, and nothing was left out of it. */
function isDone(error: unknown, { now, held = [] }: Known): boolean {
  if (!(error instanceof IncompleteError) || !now || held.length > 0) return false
  const { moves, resume } = error
  return moves.length > 0 && moves.every(({ fipId, arrived }) => (arrived && now.has(fipId)) || hasArrived(now.get(fipId), resume))
}

function hasArrived(ip: FlexibleIP | undefined, resume: IncompleteError['resume']): boolean {
  return ip?.status === 'attached' && ip.serverId === resume?.serverId
}

/** What is said of a flexible IP that no list has. */
export const goneText = 'it is gone, or its state is unknown'

/** Whether no list has a flexible IP, or the service no longer gives it: what a poll read before says nothing about now. */
function isGone(fipId: string, error: unknown, now: Now): boolean {
  if (now) return !now.has(fipId)
  const cause = isFlexipError(error) && error.code === 'wait' ? error.cause : undefined
  return isFlexipError(cause) && (cause.code === 'permissions_denied' || cause.code === 'not_found')
}

/** The addresses of what a move says to be gone. */
function goneOf(error: unknown, known: Known): string[] {
  const { now } = known
  if (!(error instanceof IncompleteError)) return []
  return error.moves.filter(({ fipId, error: reason }) => isGone(fipId, reason, now)).map(({ fipId, last }) => last?.ipAddress ?? addressIn(known, fipId) ?? fipId)
}

/** Where a flexible IP is. A server whose name is not known has its id. */
export function placeOf({ status, serverId }: FlexibleIP, servers?: ServerNames): string {
  if (serverId !== undefined) return `${status} on ${servers?.get(serverId)?.name || serverId}`
  return status === 'ready' ? 'on no server' : `${status}, on no server`
}

/** Where a flexible IP is that was left on its server, because the time was too short to move it. */
export function heldLine(ip: FlexibleIP, servers?: ServerNames): string {
  return `${ip.ipAddress} is ${placeOf(ip, servers)}: left there`
}

/** What is where, and how to go on. */
function movesOf({ moves, resume }: IncompleteError, options: RepeatedOptions, circumstances: Known): string[] {
  const { now, servers, held = [], resumesWith = 'claim' } = circumstances
  const nameOf = (id: string) => addressIn(circumstances, id) ?? moves.find(({ fipId }) => fipId === id)?.last?.ipAddress ?? id
  const because = (error: Error | undefined) => (error ? ` (${saidOf(error.message, circumstances)})` : '')
  const lines = moves.map(({ fipId, arrived: hadArrived, returned, last: known, error }) => {
    if (isGone(fipId, error, now)) return `${nameOf(fipId)}: ${goneText}${because(error)}`
    const last = now?.get(fipId) ?? known
    const arrived = hadArrived || hasArrived(last, resume)
    const place = last ? `${last.ipAddress} is ${placeOf(last, servers)}` : `${nameOf(fipId)}: its state is unknown`
    const end = arrived ? 'arrived' : returned ? 'attached back' : 'not arrived'
    return `${place}: ${end}${arrived ? '' : because(error)}`
  })
  const others = held.filter(({ id }) => !moves.some(({ fipId }) => fipId === id))
  const isLost = ({ id }: FlexibleIP) => isGone(id, undefined, now)
  lines.push(...others.map((ip) => (isLost(ip) ? `${ip.ipAddress}: ${goneText}` : heldLine(now?.get(ip.id) ?? ip, servers))))
  if (!resume) return lines
  // A command that names one that is gone would end without a change, and what has arrived needs none.
  const left = resume.fipsIds.filter((id) => !hasArrived(now?.get(id), resume) && !isGone(id, moves.find(({ fipId }) => fipId === id)?.error, now))
  const known = (id: string) => now?.get(id) ?? moves.find(({ fipId }) => fipId === id)?.last
  // Nor can one that is stuck be moved.
  const stuck = left.filter((id) => isStuck(known(id)))
  const going = left.filter((id) => !stuck.includes(id))
  if (stuck.length > 0) lines.push(`Only Scaleway's support can end what is locked or in error: ${stuck.map(nameOf).join(', ')}`)
  const names = [...going.map(nameOf), ...others.filter((ip) => !isLost(ip)).map(({ ipAddress }) => ipAddress)]
  const isAbsent = moves.some(({ error }) => isFlexipError(error) && isUnknownServer(error))
  if (names.length === 0 || isAbsent) return lines
  const direct = resume.strategy === 'direct' ? ['--direct'] : []
  return [...lines, `${toGoOn}${commandLine(options, resumesWith, [...direct, resume.serverId, ...names])}`]
}
