// From what the core's promises settle with to results and errors.
import type * as types from '../../build/client/flexip.js'
import { type Report, rejectionOf } from '../errors/report.js'
import type { FetchedResponse } from '../transport/fetch.js'
import type { Redaction } from '../transport/redaction.js'
import { DecodeFailure } from '../results/decode.js'
import { decodeResponse } from './decode-response.js'
import { type OperationName, type Operations, decoders } from './operations.js'

/** A success, as the core gives it: the last response, and the number of attempts. */
export interface Outcome {
  method: string
  url: string
  body?: unknown
  status: number
  headers: FetchedResponse['headers']
  attempts: number
}

/** Makes the result of a call from its outcome. */
export type ReadOutcome<T> = (outcome: Outcome, redaction: Redaction) => T

/**
 * Makes the result of an outcome, or throws the error of a report. An abort rejects with the reason of its
 * signal, unless the call has changed something: then the reason is the cause of the error.
 */
export function settle<T>(promise: Promise<unknown>, redaction: Redaction, result: ReadOutcome<T>, onReport?: (report: Report) => void): Promise<T> {
  return (promise as Promise<Outcome>).then(
    (outcome) => result(outcome, redaction),
    (report: Report) => {
      onReport?.(report)
      throw rejectionOf(report, redaction)
    },
  )
}

/** Decodes the body of an operation's outcome. Throws a `DecodeError`; after a change, an `AmbiguousResultError`. `method` is the method that was called. */
export function decodeOutcome<Name extends OperationName>(operation: Name, outcome: Outcome, redaction: Redaction, method: string = operation): Operations[Name]['result'] {
  const decode = (body: unknown) => checked(operation, decoders[operation](body), outcome.url) as Operations[Name]['result']
  return decodeWith(method, decode, outcome, redaction)
}

/**
 * A result, if it is what the URL names: caches and proxies can answer with another flexible IP, or with those
 * of another zone. The core checks the responses that it reads; a read that it passes on is checked here.
 */
function checked(operation: OperationName, result: unknown, url: string): unknown {
  if (operation === 'listFlexibleIPs') {
    const zone = zoneOf(url)
    ;(result as types.ListFlexibleIPsResponse).flexibleIps.forEach((ip, index) => {
      if (isElsewhere(ip, zone)) throw new DecodeFailure(`flexible_ips[${index}].zone`, ip.zone)
    })
  } else if (operation === 'getFlexibleIP') {
    const ip = result as types.FlexibleIP
    if (!url.endsWith(`/${ip.id.toLowerCase()}`)) throw new DecodeFailure('id', ip.id)
    if (isElsewhere(ip, zoneOf(url))) throw new DecodeFailure('zone', ip.zone)
  }
  return result
}

function zoneOf(url: string): string {
  const place = url.lastIndexOf('/zones/') + '/zones/'.length
  return url.slice(place, url.indexOf('/', place))
}

function isElsewhere(ip: types.FlexibleIP, zone: string): boolean {
  return ip.zone !== zone && ip.zone !== ''
}

function decodeWith<T>(operation: string, decode: (body: unknown) => T, outcome: Outcome, redaction: Redaction): T {
  return decodeResponse(decode, outcome.body, redaction, () => {
    const { method, url, status, attempts, headers } = outcome
    const id = requestIdOf(headers)
    return { operation, method, url, status, attempts, ...(id === undefined ? {} : { requestId: id }) }
  })
}

/** Reads the outcome of a method whose result is a flexible IP. */
export function decodeOne(method: string): ReadOutcome<types.FlexibleIP> {
  return (outcome, redaction) => decodeWith(method, decoders.getFlexibleIP, outcome, redaction) as types.FlexibleIP
}

/** Reads the outcome of a method whose result is a list of flexible IPs. */
export function decodeMany(method: string): ReadOutcome<types.FlexibleIP[]> {
  return (outcome, redaction) => (decodeWith(method, decoders.listFlexibleIPs, outcome, redaction) as types.ListFlexibleIPsResponse).flexibleIps
}

/** Reads the outcome of a move: the flexible IPs, or the plan of a dry run. */
export function decodeMove(method: string): ReadOutcome<types.FlexibleIP[] | types.MoveStep[]> {
  return (outcome: Outcome | types.MoveStep[], redaction) => (Array.isArray(outcome) ? outcome : decodeMany(method)(outcome, redaction))
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
