// The words for a failure: what happened, and what the service said.
import { isFlexipError } from 'flexip/slim'
import { OvertakenError } from '../data/confirmed.js'
import { type Connection } from '../data/connection.js'
import { causeOf, lastOf } from '../data/failure.js'
import { sessionEnd } from '../data/session.js'
import { writtenOut } from '../data/written-out.js'
import { strings } from '../strings.js'

/** What an error means for the person at the page. */
export function wordsOf(failure: unknown, connection: Connection): string {
  const words = strings.failure
  const error = causeOf(failure)
  if (error instanceof DOMException && error.name === 'TimeoutError') return words.timedOut
  if (!isFlexipError(error)) return writtenOut(error instanceof Error ? error.message : String(error))
  switch (error.code) {
    case 'denied_authentication':
      return sessionEnd.get() ? words.sessionEnded : words.denied
    case 'permissions_denied':
      return words.forbidden
    case 'ambiguous_result':
      return isFlexipError(error.cause) ? wordsOf(error.cause, connection) : bare(error.message)
    case 'connection':
      return connection.controls ? words.lost : words.proxyAway(location.host)
    case 'timeout':
    case 'request_timeout':
      return words.timedOut
    case 'too_many_requests':
      return words.slowDown
    case 'transient_state':
    case 'conflict':
      return words.busy
    case 'out_of_stock':
      return words.noStock
    default:
      return bare(error.message)
  }
}

// The request id is shown beside the words, and the method is known from the dialog.
function bare(message: string): string {
  return writtenOut(message).replace(/^\w+: /, '').replace(/ \(request id [^)]*\)/, '')
}

/** What others have changed, so that nothing was sent. */
export function overtakenWords({ differences, isRetry }: OvertakenError, nameOf: (serverId: string) => string): string {
  const { overtaken } = strings.acts
  const texts = differences.map(({ ipAddress, kind, serverId }) => (kind === 'place' ? overtaken.place(ipAddress, serverId === undefined ? undefined : nameOf(serverId)) : overtaken[kind](ipAddress)))
  const [first = '', ...others] = new Set(texts)
  // The name of a server stays as it is.
  const begins = differences[0]?.kind === 'place' ? first : first.charAt(0).toUpperCase() + first.slice(1)
  return (isRetry ? overtaken.allAgain : overtaken.all)([begins, ...others])
}

/** What others have changed, if that ended the last try. */
export function overtakenOf(error: unknown): OvertakenError | undefined {
  const last = lastOf(error)
  return last instanceof OvertakenError ? last : undefined
}

/** A text with an end, so that another can follow. */
export const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`)
