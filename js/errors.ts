// The one family of errors. A class for each thing that can be refused, real `Error`s all of them.
import type { FlexibleIP, Problem } from '../build/client/flexip.js'
import { flexibleIP } from './decode.js'

/** What every error of this library says about itself. */
export interface FailureContext {
  /** A stable word for programs; the API's own `type` where it has one. */
  code: string
  /** The operation that was called: the name of the client's method. */
  operation?: string
  /** The HTTP method of the request that failed, if one was made. */
  method?: string
  /** Its URL. It never holds a secret. */
  url?: string
  /** The HTTP status of the answer, if there was one. */
  status?: number
  /** The answer's `X-Request-Id`: what Scaleway's support asks for. */
  requestId?: string
  /** How many requests were sent for the operation itself. 0: nothing was. */
  attempts: number
  /** Whether the same request could succeed later without any change. */
  retryable: boolean
  /** The parsed JSON body of the answer, as it came. */
  body?: unknown
}

const family = Symbol.for('flexip.error')

/** The base of every error that this library makes. */
export class FlexipError extends Error implements FailureContext {
  /** The name of the class, also where minifying gives it another. */
  static override readonly name: string = 'FlexipError'
  override readonly name: string
  readonly code: string = 'error'
  declare readonly operation?: string
  declare readonly method?: string
  declare readonly url?: string
  declare readonly status?: number
  declare readonly requestId?: string
  readonly attempts: number = 0
  readonly retryable: boolean = false
  declare readonly body?: unknown

  constructor(message: string, options?: { cause?: unknown }, context?: Partial<FailureContext>) {
    super(message, options)
    this.name = new.target.name
    Object.defineProperty(this, family, { value: true })
    for (const [key, value] of Object.entries(context ?? {})) {
      if (value !== undefined) Object.defineProperty(this, key, { value, enumerable: true })
    }
  }
}

/** Whether something thrown is an error of this library, of whichever copy of it. */
export function isFlexipError(error: unknown): error is FlexipError {
  try {
    return typeof error === 'object' && error !== null && family in error
  } catch {
    // A proxy that lets nobody look.
    return false
  }
}

type Fields = Readonly<Record<string, unknown>>

/** An argument that was refused, before the request was sent or by the service. */
export interface InvalidArgument extends Partial<Pick<Problem, 'field' | 'severity'>> {
  /** The argument as the API writes it: `fips_ids`. */
  argumentName: string
  /** `required`, `format`, `constraint`, `unknown`, or another word of the service's. */
  reason: string
  /** What was found and what is allowed. */
  helpMessage?: string
}

/** Arguments break rules of the API: found here before anything was sent (`attempts` 0), or by the service (400). */
export class InvalidArgumentsError extends FlexipError {
  static override readonly name: string = 'InvalidArgumentsError'
  /** Every argument that was refused. */
  declare readonly details: readonly InvalidArgument[]
}

/** The client's options cannot work, or the place where it runs cannot run it. */
export class ConfigurationError extends FlexipError {
  static override readonly name: string = 'ConfigurationError'
  override readonly code = 'configuration'
  /** Every option that was refused. */
  declare readonly details: readonly InvalidArgument[]
}

/** 401: the key is unknown, expired or malformed. */
export class DeniedAuthenticationError extends FlexipError {
  static override readonly name: string = 'DeniedAuthenticationError'
  /** How the caller authenticated: `api_key`, `jwt`. */
  declare readonly authenticationMethod?: string
  /** Why it was denied: `not_found`, `expired`, `invalid_argument`. */
  declare readonly reason?: string
}

/** 403: not allowed, not yours, or no longer there. The service answers so for a flexible IP that was deleted. */
export class PermissionsDeniedError extends FlexipError {
  static override readonly name: string = 'PermissionsDeniedError'
  /** Which actions on which resources were denied. */
  declare readonly details: readonly { action: string; resource: string }[]
}

/** 403: the Organization or the Project may not have more. */
export class QuotasExceededError extends FlexipError {
  static override readonly name: string = 'QuotasExceededError'
  /** Which quotas. */
  declare readonly details: readonly { resource: string; quota: number; current: number }[]
}

/** 404: never was there. */
export class ResourceNotFoundError extends FlexipError {
  static override readonly name: string = 'ResourceNotFoundError'
  /** The kind of resource. */
  declare readonly resource?: string
  /** Its id. */
  declare readonly resourceId?: string
}

/** 409: the service is still at work on it. It passes by itself. */
export class TransientStateError extends FlexipError {
  static override readonly name: string = 'TransientStateError'
  /** The kind of resource. */
  declare readonly resource?: string
  /** Its id. */
  declare readonly resourceId?: string
  /** What it is doing. */
  declare readonly currentState?: string
}

/** 409: it is there already. */
export class AlreadyExistsError extends FlexipError {
  static override readonly name: string = 'AlreadyExistsError'
  /** The kind of resource. */
  declare readonly resource?: string
  /** Its id. */
  declare readonly resourceId?: string
  /** What to do. */
  declare readonly helpMessage?: string
}

/** 409 of any other sort: somebody else is writing the same thing. */
export class ConflictError extends FlexipError {
  static override readonly name: string = 'ConflictError'
}

/** 410: its time is over. The service's two spellings of the type are both this. */
export class ResourceExpiredError extends FlexipError {
  static override readonly name: string = 'ResourceExpiredError'
  /** The kind of resource. */
  declare readonly resource?: string
  /** Its id. */
  declare readonly resourceId?: string
  /** Since when. */
  declare readonly expiredSince?: Date
}

/** 412: something else has to be done first. */
export class PreconditionFailedError extends FlexipError {
  static override readonly name: string = 'PreconditionFailedError'
  /** What is in the way: `resource_not_usable`, `resource_still_in_use`, `attribute_must_be_set`, … */
  declare readonly precondition?: string
  /** What to do. */
  declare readonly helpMessage?: string
}

/** 423: locked by the service. */
export class ResourceLockedError extends FlexipError {
  static override readonly name: string = 'ResourceLockedError'
  /** The kind of resource. */
  declare readonly resource?: string
  /** Its id. */
  declare readonly resourceId?: string
}

/** 429: too many requests, also the gateway's, which has neither body nor `Retry-After`. */
export class TooManyRequestsError extends FlexipError {
  static override readonly name: string = 'TooManyRequestsError'
  /** What to do. */
  declare readonly helpMessage?: string
}

/** 503: none left. */
export class OutOfStockError extends FlexipError {
  static override readonly name: string = 'OutOfStockError'
  /** The kind of resource. */
  declare readonly resource?: string
}

/** 500: the service failed. Whether it did the work is unknown. */
export class InternalServerError extends FlexipError {
  static override readonly name: string = 'InternalServerError'
}

/** 502, 503, 504, 408: the gateway did not reach the service, or got no answer of it. */
export class ServiceUnavailableError extends FlexipError {
  static override readonly name: string = 'ServiceUnavailableError'
}

/** An answer that the API does not have: another status, a redirection. */
export class UnexpectedAnswerError extends FlexipError {
  static override readonly name: string = 'UnexpectedAnswerError'
}

/** No answer: the network failed, or the `fetch` that was handed in. `cause` is what it threw, or its words if a secret stood in it. */
export class ConnectionError extends FlexipError {
  static override readonly name: string = 'ConnectionError'
}

/** No answer within `timeoutMs`. Whether the service did the work is unknown. */
export class TimeoutError extends FlexipError {
  static override readonly name: string = 'TimeoutError'
}

/** An answer of success whose body is not what the API promises; the message names the field. */
export class DecodeError extends FlexipError {
  static override readonly name: string = 'DecodeError'
  override readonly code = 'decode'
  /** The field, as it stands on the wire: `flexible_ips[3].status`. */
  declare readonly field?: string
}

/**
 * The answer was lost, nothing that can be read tells whether the work was done, and doing it again
 * could do it twice. `cause` is what left the doubt. Look before you call again; for
 * `createFlexibleIP`, an `idempotencyKey` lets the library look.
 */
export class AmbiguousResultError extends FlexipError {
  static override readonly name: string = 'AmbiguousResultError'
}

/** What was waited for did not come: the time was up, or the flexible IP is stuck or gone (`cause` says how). */
export class WaitError extends FlexipError {
  static override readonly name: string = 'WaitError'
  /** The flexible IP that was waited for. */
  declare readonly fipId: string
  /** What it looked like when it was last seen. */
  declare readonly last?: FlexibleIP
}

/** Where a flexible IP is that was to go somewhere. */
export interface Move {
  fipId: string
  /** Whether it is where it should be. */
  arrived: boolean
  /** What it looked like when it was last seen: its server, its status. */
  last?: FlexibleIP
  /** Why it did not arrive. */
  error?: FlexipError
}

/**
 * Not every flexible IP arrived. `moves` says for each where it is. The same call goes on from there.
 */
export class IncompleteError extends FlexipError {
  static override readonly name: string = 'IncompleteError'
  declare readonly moves: readonly Move[]
}

/** What the WebAssembly core says of a failure. */
export interface Report extends FailureContext {
  message: string
  cause?: unknown
  problems?: Problem[]
  /** What led to it. */
  inner?: Report
  /** Of a wait: the flexible IP, and its last known body. */
  fipId?: string
  last?: unknown
  /** Of a move: where everything is. */
  moves?: { fipId: string; arrived: boolean; last?: unknown; error?: Report }[]
}

type ErrorClass = new (
  message: string,
  options?: { cause?: unknown },
  context?: Partial<FailureContext>,
) => FlexipError

/** For each code its class, and what the class has besides the context. */
const classes: Record<string, [ErrorClass, ((body: Fields, report: Report) => Fields)?]> = {
  invalid_arguments: [InvalidArgumentsError, (body, { problems }) => ({ details: problems ?? details(body).map(argument) })],
  configuration: [ConfigurationError, (_, { problems }) => ({ details: problems })],
  denied_authentication: [
    DeniedAuthenticationError,
    ({ method, reason }) => ({ authenticationMethod: text(method), reason: text(reason) }),
  ],
  permissions_denied: [PermissionsDeniedError, (body) => ({ details: details(body) })],
  quotas_exceeded: [QuotasExceededError, (body) => ({ details: details(body) })],
  not_found: [ResourceNotFoundError, resource],
  transient_state: [TransientStateError, (body) => ({ ...resource(body), currentState: text(body.current_state) })],
  already_exists: [AlreadyExistsError, (body) => ({ ...resource(body), ...help(body) })],
  conflict: [ConflictError],
  expired: [ResourceExpiredError, (body) => ({ ...resource(body), expiredSince: date(body.expired_since) })],
  precondition_failed: [PreconditionFailedError, (body) => ({ precondition: text(body.precondition), ...help(body) })],
  locked: [ResourceLockedError, resource],
  too_many_requests: [TooManyRequestsError, help],
  out_of_stock: [OutOfStockError, resource],
  internal_error: [InternalServerError],
  unavailable: [ServiceUnavailableError],
  request_timeout: [ServiceUnavailableError],
  connection: [ConnectionError],
  timeout: [TimeoutError],
  decode: [DecodeError],
  ambiguous_result: [AmbiguousResultError],
  wait: [WaitError, (_, { fipId, last }) => ({ fipId, last: seen(last) })],
  incomplete: [
    IncompleteError,
    (_, { moves = [] }) => ({
      moves: moves.map(({ fipId, arrived, last, error }) => ({ fipId, arrived, last: seen(last), error: error && failure(error) })),
    }),
  ],
}

/** The error of a report of the core. */
export function failure(report: Report): FlexipError {
  const { message, cause, problems: _, inner, fipId: _fipId, last: _last, moves: _moves, ...context } = report
  const [Class, extras] = classes[report.code] ?? [UnexpectedAnswerError]
  const extra = extras?.(fields(report.body), report)
  const because = inner ? { cause: failure(inner) } : 'cause' in report ? { cause } : undefined
  return new Class(message, because, { ...context, ...extra })
}

/** A flexible IP as it was last seen, if it can be read. */
function seen(body: unknown): FlexibleIP | undefined {
  try {
    return body === undefined ? undefined : flexibleIP(body)
  } catch {
    // What matters is the error that it is told with.
    return undefined
  }
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function details(body: Fields): Fields[] {
  return Array.isArray(body.details) ? body.details.map(fields) : []
}

function argument(detail: Fields): Fields {
  const { argument_name, reason, help_message } = detail
  return { argumentName: text(argument_name) ?? '', reason: text(reason) ?? '', helpMessage: text(help_message) }
}

function resource(body: Fields): Fields {
  return { resource: text(body.resource), resourceId: text(body.resource_id) }
}

function help(body: Fields): Fields {
  return { helpMessage: text(body.help_message) }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function date(value: unknown): Date | undefined {
  const read = new Date(typeof value === 'string' ? value : NaN)
  return Number.isNaN(read.getTime()) ? undefined : read
}
