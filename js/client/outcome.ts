// From what the core's promises settle with to results and errors.
import type * as types from '../../build/client/flexip.js'
import { type Report, rejectionOf } from '../errors/report.js'
import type { FetchedResponse } from '../transport/fetch.js'
import { DecodeFailure } from '../results/decode.js'
import { decodeResponse } from './decode-response.js'
import { type OperationName, type Operations, decoders } from './operations.js'

/** A success, as the core gives it: the last response, and the number of attempts. */
export interface Outcome {
  method: string
  url: string
  body: unknown
  status: number
  headers: FetchedResponse['headers']
  attempts: number
}

/**
 * Makes the result of an outcome, or throws the error of a report. An abort rejects with the reason of its
 * signal, unless the call has changed something: then the reason is the cause of the error.
 */
export function settle<T>(promise: Promise<unknown>, result: (outcome: Outcome) => T, onReport?: (report: Report) => void): Promise<T> {
  return (promise as Promise<Outcome>).then(result, (report: Report) => {
    onReport?.(report)
    throw rejectionOf(report)
  })
}

/** Decodes the body of an outcome. Throws a `DecodeError`; after a change, an `AmbiguousResultError`. */
export function decodeOutcome<Name extends OperationName>(operation: Name, outcome: Outcome): Operations[Name]['result'] {
  const decode = decoders[operation]
  return decodeWith(operation, operation === 'getFlexibleIP' ? (body) => named(decode(body), outcome.url) : decode, outcome)
}

/** The flexible IP, if it is the one that the URL names: caches and proxies can answer with another. */
function named<T>(ip: T, url: string): T {
  const { id } = ip as types.FlexibleIP
  if (!url.endsWith(`/${id.toLowerCase()}`)) throw new DecodeFailure('id', id)
  return ip
}

function decodeWith<T>(operation: OperationName, decode: (body: unknown) => T, outcome: Outcome): T {
  return decodeResponse(decode, outcome.body, () => {
    const { method, url, status, attempts, headers } = outcome
    const id = requestIdOf(headers)
    return { operation, method, url, status, attempts, ...(id === undefined ? {} : { requestId: id }) }
  })
}

export function decodeOne(outcome: Outcome): types.FlexibleIP {
  return decodeWith('getFlexibleIP', decoders.getFlexibleIP, outcome)
}

export function decodeMany(outcome: Outcome): types.FlexibleIP[] {
  return decodeOutcome('listFlexibleIPs', outcome).flexibleIps
}

/** Decodes the result of a move: the flexible IPs, or the plan of a dry run. */
export function decodeMove(outcome: Outcome | types.MoveStep[]): types.FlexibleIP[] | types.MoveStep[] {
  return Array.isArray(outcome) ? outcome : decodeMany(outcome)
}

/** The response's `X-Request-Id`, unless its headers cannot be read. */
export function requestIdOf(headers: FetchedResponse['headers']): string | undefined {
  try {
    const id: unknown = headers.get('x-request-id')
    return typeof id === 'string' ? id : undefined
  } catch {
    return undefined
  }
}
