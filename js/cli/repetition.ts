// Whether a claim is repeated after a failure, and when.
import { isFlexipError } from '../index.js'
import { Interruption } from './stop.js'

/** What another attempt may end otherwise. A refusal of the key or of a permission can end too: a new grant takes a while. */
const passing = ['ambiguous_result', 'wait', 'incomplete', 'transient_state', 'conflict', 'too_many_requests', 'internal_error', 'unavailable', 'request_timeout', 'connection', 'timeout', 'incomplete_list', 'decode', 'unexpected_response', 'permissions_denied']

const longestDelay = 10_000

/** What no response of the service can end: the command itself is wrong. */
const own = ['configuration', 'invalid_arguments']

/**
 * The milliseconds until the next attempt; `undefined` if there is none. With a condition, that decides when it ends:
 * then whatever the service responds is repeated, because a gateway that is out of order says 401 or 404 too.
 */
export function delayAfter(error: unknown, attempt: number, remaining: number, hasCondition = false): number | undefined {
  if (error instanceof Interruption) return undefined
  const isPassing = isFlexipError(error) ? (hasCondition ? !own.includes(error.code) : passing.includes(error.code)) && !(error.cause instanceof Interruption) : isUnreachable(error)
  const delay = Math.min(longestDelay, 500 * 2 ** Math.min(attempt, 10))
  // The last attempt may be made when the time is up: then the claim has timed out, and was not refused.
  return isPassing && remaining > 0 ? Math.min(delay, remaining) : undefined
}

/** The list of servers, or that of a zone, could not be read. */
function isUnreachable(error: unknown): boolean {
  return error instanceof Error && 'exitCode' in error && error.exitCode === 7
}
