// From a report of the core to an error.
import type { FlexibleIP, Problem } from '../../build/client/flexip.js'
import { DecodeFailure, flexibleIP, page } from '../results/decode.js'
import { type Redaction, cleanBody, cleanDeep } from '../transport/redaction.js'
import { AmbiguousResultError, ConnectionError, DecodeError, TimeoutError } from './exchanges.js'
import type { FailureContext, FlexipError } from './flexip-error.js'
import { IncompleteError, IncompleteListError, WaitError } from './flows.js'
import { ConfigurationError, InvalidArgumentsError } from './invalid.js'
import { undecodableMessage, withRequestId } from './undecodable.js'
import {
  AlreadyExistsError,
  ConflictError,
  DeniedAuthenticationError,
  InternalServerError,
  OutOfStockError,
  PermissionsDeniedError,
  PreconditionFailedError,
  QuotasExceededError,
  ResourceExpiredError,
  ResourceLockedError,
  ResourceNotFoundError,
  ServiceUnavailableError,
  TooManyRequestsError,
  TransientStateError,
  UnexpectedResponseError,
} from './refusals.js'

type Fields = Readonly<Record<string, unknown>>

/** A failure, as the WebAssembly core reports it. */
export interface Report extends FailureContext {
  message: string
  cause?: unknown
  problems?: Problem[]
  /** The failure that caused this one. */
  inner?: Report
  /** Of a wait: the id of the flexible IP, and its last known body. */
  fipId?: string
  last?: unknown
  /** Of a move: the state of each flexible IP. */
  moves?: { fipId: string; arrived: boolean; returned: boolean; last?: unknown; error?: Report }[]
  /** Of a move: the request that continues it. */
  resume?: IncompleteError['resume']
  /** Of a list that is not whole: the last total, and the bodies that were read, or their flexible IPs. */
  totalCount?: number
  read?: unknown[]
  flexibleIps?: FlexibleIP[]
}

type ErrorClass = new (
  message: string,
  options?: { cause?: unknown },
  context?: Partial<FailureContext>,
) => FlexipError

/** For each code its class, and the fields of the class besides the context. */
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
  wait: [WaitError, (_, { fipId, last }) => ({ fipId, last: decodeLast(last) })],
  incomplete: [
    IncompleteError,
    (_, { moves = [], resume }) => ({
      moves: moves.map(({ last, error, ...move }) => ({ ...move, last: decodeLast(last), error: error && errorOf(error) })),
      resume,
    }),
  ],
  incomplete_list: [
    IncompleteListError,
    (_, { read = [], flexibleIps = read.flatMap((body) => decodeLast(body) ?? []) }) => ({ flexibleIps }),
  ],
}

/** What a call rejects with: the reason of its signal after an abort that changed nothing, else the error of the report. */
export function rejectionOf(report: Report, redaction: Redaction): unknown {
  return report.code === 'aborted' && !report.moves ? reasonOf(report) : errorOf(cleanReport(report, redaction))
}

/** A report without secrets. The library wrote the message, the URL and the problems; all else is from a response. */
export function cleanReport(report: Report, redaction: Redaction): Report {
  const { clean, cleanOwn } = redaction
  const cleaned: Report = { ...report, message: cleanOwn(report.message) }
  const { url, problems, requestId, body, last, read, inner, moves } = report
  if (url !== undefined) cleaned.url = cleanOwn(url)
  if (problems) cleaned.problems = cleanDeep(problems, cleanOwn) as Problem[]
  if (requestId !== undefined) cleaned.requestId = clean(requestId)
  if (body !== undefined) cleaned.body = cleanBody(body, redaction)
  if (last !== undefined) cleaned.last = cleanDeep(last, clean)
  if (read) cleaned.read = cleanDeep(read, clean) as unknown[]
  if (inner) cleaned.inner = cleanReport(inner, redaction)
  if (moves) {
    cleaned.moves = moves.map((move) => {
      const shown = move.last === undefined ? move : { ...move, last: cleanDeep(move.last, clean) }
      return move.error ? { ...shown, error: cleanReport(move.error, redaction) } : shown
    })
  }
  return cleaned
}

/** The reason of an abort. A signal of an older platform has none. */
function reasonOf({ cause }: Report): unknown {
  if (cause !== undefined) return cause
  const message = 'This operation was aborted'
  return typeof DOMException === 'undefined' ? Object.assign(new Error(message), { name: 'AbortError' }) : new DOMException(message, 'AbortError')
}

/** Makes the error of a report. */
export function errorOf(report: Report): FlexipError {
  const { message: _message, cause, problems: _, inner, fipId: _fipId, last: _last, moves, resume: _resume, read: _read, flexibleIps: _flexibleIps, ...context } = report
  // A move that was aborted has the code of the abort.
  const [Class, extras] = classes[moves ? 'incomplete' : report.code] ?? [UnexpectedResponseError]
  const undecodable = report.code === 'decode' ? undecodableField(report.body) : undefined
  const extra = undecodable ? { field: undecodable.field } : extras?.(fields(report.body), report)
  const options = inner ? { cause: errorOf(inner) } : 'cause' in report ? { cause: report.code === 'aborted' ? reasonOf(report) : cause } : undefined
  return new Class(messageOf(report, undecodable), options, { ...context, ...extra })
}

/** The message of the core. It judges bodies by fewer fields than the decoder, and does not know the request id of one that it cannot read. */
function messageOf({ code, message, operation, requestId }: Report, undecodable: DecodeFailure | undefined): string {
  if (code !== 'decode') return message
  return undecodable ? undecodableMessage(operation ?? '', undecodable, requestId) : withRequestId(message, requestId)
}

/** The first field of a body that is not what the API promises. */
function undecodableField(body: unknown): DecodeFailure | undefined {
  if (body === undefined) return undefined
  try {
    if ('flexible_ips' in fields(body)) page(body)
    else flexibleIP(body)
    return undefined
  } catch (thrown) {
    return thrown instanceof DecodeFailure ? thrown : undefined
  }
}

/** Decodes the last known body of a flexible IP; `undefined` if that is not possible. */
function decodeLast(body: unknown): FlexibleIP | undefined {
  try {
    return body === undefined ? undefined : flexibleIP(body)
  } catch {
    // The error that it belongs to matters more than this field.
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
