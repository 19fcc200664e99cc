// flexip: the client of the Flexible IP API.
export { type AllZones, FlexibleIpClient, type WithResponse } from './client.js'
export {
  AlreadyExistsError,
  AmbiguousResultError,
  ConfigurationError,
  ConflictError,
  ConnectionError,
  DecodeError,
  DeniedAuthenticationError,
  type FailureContext,
  FlexipError,
  IncompleteError,
  InternalServerError,
  type InvalidArgument,
  InvalidArgumentsError,
  type Move,
  OutOfStockError,
  PermissionsDeniedError,
  PreconditionFailedError,
  QuotasExceededError,
  ResourceExpiredError,
  ResourceLockedError,
  ResourceNotFoundError,
  ServiceUnavailableError,
  TimeoutError,
  TooManyRequestsError,
  TransientStateError,
  UnexpectedAnswerError,
  WaitError,
  isFlexipError,
} from './errors.js'
export type {
  ClientEvent,
  EventError,
  LookFailedEvent,
  RequestEvent,
  ResponseEvent,
  RetryEvent,
  StepEvent,
  WaitEvent,
} from './events.js'
export { type ExactTimes, exactTimes } from './exact-times.js'
export type { Listing } from './listing.js'
export { type LogLevel, consoleLogger } from './logger.js'
export type {
  CallOptions,
  ClientOptions,
  CreateOptions,
  Fetch,
  FetchInit,
  FetchedResponse,
  RequestDefaults,
  RetryOptions,
} from './options.js'
export { buildRequest, checkSameServer, macGroups, parseIp, srn, validate } from './pure.js'
export type * from './types.js'
