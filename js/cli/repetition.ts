// Whether a claim is repeated after a failure, and when.
import { isFlexipError } from '../index.js'
import { exitCodeOfError, exitCodes } from './exit-codes.js'
import { Changed, HeldBack, Interruption, Stop } from './stop.js'

/** What another attempt may end otherwise. A refusal of the key or of a permission can end too: a new grant takes a while. */
const passing = ['ambiguous_result', 'wait', 'incomplete', 'transient_state', 'conflict', 'too_many_requests', 'internal_error', 'unavailable', 'request_timeout', 'connection', 'timeout', 'incomplete_list', 'decode', 'unexpected_response', 'permissions_denied']

const longestDelay = 10_000

/**
 * The milliseconds until the next attempt; `undefined` if there is none. With a condition, that decides when it ends:
 * then whatever the service responds is repeated, because a gateway that is out of order says 401 or 404 too.
 */
export function delayAfter(error: unknown, attempt: number, hasCondition = false): number | undefined {
  const isPassing = hasCondition ? isOfService(error) : isTemporary(error)
  return isPassing ? Math.min(longestDelay, 500 * 2 ** Math.min(attempt, 10)) : undefined
}

/** The error that counts: of a list that could not be read, that of the response. */
function causeOf(error: unknown): unknown {
  return error instanceof Stop && isFlexipError(error.cause) ? error.cause : error
}

/** Another attempt can succeed. */
function isTemporary(error: unknown): boolean {
  if (error instanceof Changed) return true
  if (error instanceof HeldBack) return !error.isFinal
  const known = causeOf(error)
  return isFlexipError(known) && passing.includes(known.code) && !(known.cause instanceof Interruption)
}

/** What the service responded is the reason: a list without the flexible IP too. No response can mend the command itself. */
function isOfService(error: unknown): boolean {
  if (isFlexipError(error)) return exitCodeOfError(error) !== exitCodes.arguments && !(error.cause instanceof Interruption)
  return error instanceof Stop && error.exitCode !== exitCodes.arguments
}
