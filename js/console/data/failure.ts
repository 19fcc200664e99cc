// What is known after a failure: nothing was sent, the service refused, or the outcome is unknown.
import { type AnyFlexipError, isFlexipError } from 'flexip/slim'
import { OvertakenError, UnreadError } from './confirmed.js'

export type Known = 'notSent' | 'refused' | 'inDoubt'

/** The codes of a request that may have been done although no answer says so. */
const unknownCodes: ReadonlySet<string> = new Set(['aborted', 'ambiguous_result', 'connection', 'decode', 'internal_error', 'request_timeout', 'timeout', 'unavailable', 'wait'])

/** A later try ended so. An earlier one got no answer, and may have been done. */
export class DoubtError extends Error {
  constructor(override readonly cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause))
  }
}

/** What is known of a change in doubt, after a reading that came later: what others changed, or what it ended with. */
export async function afterReading(error: unknown, read: () => Promise<unknown>): Promise<unknown> {
  try {
    await read()
  } catch (later) {
    if (later instanceof OvertakenError) return new DoubtError(new OvertakenError(later.differences, true))
  }
  return error
}

/** What the last try ended with. */
export const lastOf = (error: unknown): unknown => (error instanceof DoubtError ? error.cause : error)

/** The error itself, of a change or of the reading before it. */
export function causeOf(error: unknown): unknown {
  const last = lastOf(error)
  return last instanceof UnreadError ? last.cause : last
}

/** Whether after an error with this code a request may have been done all the same. */
export const isUnknown = (code: string): boolean => unknownCodes.has(code)

/** What an error of a change says about it. */
export function knownOf(error: unknown): Known {
  if (error instanceof OvertakenError || error instanceof UnreadError) return 'notSent'
  if (!isFlexipError(error)) return 'inDoubt'
  if (error.attempts === 0 && error.code !== 'wait') return 'notSent'
  return isUnknown(error.code) ? 'inDoubt' : 'refused'
}

/** Whether a response says what became of a request: an answer of the service, and not of a proxy or a gateway on the way. */
export function isAnswer({ outcome, status }: { readonly outcome?: string; readonly status?: number }): boolean {
  return outcome === 'answered' && (status === undefined || (status < 500 && status !== 408))
}

/** The request id of the refusal, which Scaleway's support asks for. */
export function requestIdOf(error: unknown): string | undefined {
  const cause = causeOf(error)
  return isFlexipError(cause) ? cause.requestId : undefined
}

/** Whether a change was turned away by a limit of requests, so that it can be sent again as it is. */
export function isSlowDown(error: unknown): boolean {
  if (error instanceof DoubtError) return false
  const cause = causeOf(error)
  return isFlexipError(cause) && cause.code === 'too_many_requests'
}

/** The problem with each field, as the service or the client found it. */
export function fieldProblems(error: unknown): readonly { readonly field: string; readonly message: string }[] {
  if (!isFlexipError(error) || error.code !== 'invalid_arguments') return []
  return (error as Extract<AnyFlexipError, { code: 'invalid_arguments' }>).details.map(({ field, argumentName, reason, helpMessage }) => ({ field: field ?? camel(argumentName), message: helpMessage || reason }))
}

function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}
