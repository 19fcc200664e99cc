// What a command that failed says, and the code that it ends with.
import { CommanderError } from 'commander'
import { type FlexibleIP, type IncompleteError, type WaitError, isFlexipError } from '../index.js'
import { type ExitCode, exitCodes } from './exit-codes.js'
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

const refusals = ['denied_authentication', 'permissions_denied', 'quotas_exceeded', 'not_found', 'transient_state', 'already_exists', 'conflict', 'expired', 'precondition_failed', 'locked', 'out_of_stock']
const lost = ['too_many_requests', 'internal_error', 'unavailable', 'request_timeout', 'connection', 'timeout', 'incomplete_list']

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
  /** The flexible IPs as they were read after the error, by their ids. */
  now?: ReadonlyMap<string, FlexibleIP> | undefined
}

/** Classifies what a command threw. `undefined` for what is a defect. */
export function failureOf(error: unknown, { isLate, isLateForMoves, hasSent, now }: Circumstances): Failure | undefined {
  if (error instanceof Stop) {
    // What did not respond had no time to.
    const exitCode = isLate && error.exitCode === exitCodes.unreachable ? exitCodes.timedOut : error.exitCode
    return { exitCode, code: words.get(exitCode) ?? 'failed', message: error.message, hints: error.hint === undefined ? [] : [error.hint] }
  }
  if (error instanceof CommanderError) return { exitCode: exitCodes.arguments, code: 'arguments', message: error.message, hints: [] }
  if (error instanceof Interruption) return { exitCode: error.exitCode, code: words.get(error.exitCode) ?? 'failed', message: error.message, hints: [hasSent ? 'A change was sent before: flexip ls shows what was done.' : 'Nothing was changed.'] }
  if (!isFlexipError(error)) return undefined
  const { code, message, requestId } = error
  return { exitCode: exitCodeOf(error, isLate || (isLateForMoves && 'moves' in error)), code, message, hints: hintsOf(error, now), ...(requestId !== undefined && { requestId }) }
}

function exitCodeOf(error: { code: string; attempts: number; cause?: unknown }, isLate: boolean): ExitCode {
  const { code, attempts, cause } = error
  if (cause instanceof Interruption) return cause.exitCode
  if (code === 'configuration' || (code === 'invalid_arguments' && attempts === 0)) return exitCodes.arguments
  if (code === 'ambiguous_result') return exitCodes.inDoubt
  if (isLate) return exitCodes.timedOut
  if (code === 'invalid_arguments' || refusals.includes(code)) return exitCodes.refused
  if (lost.includes(code)) return exitCodes.unreachable
  return 'moves' in error || 'fipId' in error ? exitCodes.incomplete : exitCodes.failed
}

function hintsOf(error: { code: string }, now: ReadonlyMap<string, FlexibleIP> | undefined): string[] {
  if ('moves' in error) return movesOf(error as IncompleteError, now)
  const { code } = error
  if (code === 'wait') return [lastOf(error as WaitError)]
  if (code === 'configuration') return ['Without an account, add --emulator to try the command.']
  if (code === 'ambiguous_result') return ['Run flexip ls to see what was done, before you run the command again.']
  if (code === 'permissions_denied') return ['The flexible IP may be deleted, or the API key lacks a permission.']
  return []
}

function lastOf({ fipId, last }: WaitError): string {
  return last ? `${last.ipAddress} is ${placeOf(last)}.` : `${fipId}: its state is unknown.`
}

/** Where a flexible IP is. */
export function placeOf({ status, serverId }: FlexibleIP): string {
  if (serverId !== undefined) return `${status} on ${serverId}`
  return status === 'ready' ? 'on no server' : `${status}, on no server`
}

/** What is where, and how to go on. */
function movesOf({ moves, resume }: IncompleteError, now: ReadonlyMap<string, FlexibleIP> | undefined): string[] {
  const lines = moves.map(({ fipId, arrived: hadArrived, returned, last: known, error }) => {
    const last = now?.get(fipId) ?? known
    const arrived = hadArrived || (last?.status === 'attached' && last.serverId === resume?.serverId)
    const place = last ? `${last.ipAddress} is ${placeOf(last)}` : `${fipId}: its state is unknown`
    const end = arrived ? 'arrived' : returned ? 'attached back' : 'not arrived'
    return `${place}: ${end}${error ? ` (${error.message})` : ''}`
  })
  if (!resume) return lines
  const names = resume.fipsIds.map((id) => moves.find(({ fipId }) => fipId === id)?.last?.ipAddress ?? id)
  const direct = resume.strategy === 'direct' ? ' --direct' : ''
  return [...lines, `To go on: flexip claim${direct} ${resume.serverId} ${names.join(' ')}`]
}
