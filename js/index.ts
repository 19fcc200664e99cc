// flexip: the client of the Flexible IP API.
export type { AllZones } from './client/all-zones.js'
export { FlexibleIpClient } from './client/client.js'
export { type LogConsole, type LogLevel, consoleLogger } from './client/logger.js'
export type { CallOptions, ClientDefaults, ClientOptions, CreateOptions, HeadersLike, HeadersOption, RequestDefaults, RetryOptions } from './client/options.js'
export { type Destination, type DestinationProblem, type DestinationServer, type Destinations, destinations } from './client/destinations.js'
export { exactTimes, macGroups, parseIp, srn } from './client/helpers.js'
export { type PerOperation, buildRequest, checkSameServer, validate } from './client/pure.js'
export type * from './client/types.js'
export type { OperationsWithResponse, WithResponse } from './client/with-response.js'
export {
  AlreadyExistsError,
  AmbiguousResultError,
  type AnyFlexipError,
  type CalledName,
  ConfigurationError,
  ConflictError,
  ConnectionError,
  DecodeError,
  DeniedAuthenticationError,
  type ErrorCode,
  type FailureContext,
  FlexipError,
  IncompleteError,
  IncompleteListError,
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
  UnexpectedResponseError,
  WaitError,
  isFlexipError,
} from './errors/index.js'
export type { Listing } from './lists/listing.js'
export type { ExactTimes } from './results/exact-times.js'
export type {
  ClientEvent,
  EventError,
  PollFailedEvent,
  RequestEvent,
  ResponseEvent,
  RetryEvent,
  StepEvent,
  WaitEvent,
} from './transport/events.js'
export type { Fetch, FetchInit, FetchedResponse } from './transport/fetch.js'
