// flexip: the client of the Flexible IP API.
export { FlexibleIpClient, type WithResponse } from './client.js'
export {
  AlreadyExistsError,
  ConfigurationError,
  ConflictError,
  ConnectionError,
  DecodeError,
  DeniedAuthenticationError,
  type FailureContext,
  FlexipError,
  InternalServerError,
  type InvalidArgument,
  InvalidArgumentsError,
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
  isFlexipError,
} from './errors.js'
export { type ExactTimes, exactTimes } from './exact-times.js'
export type { CallOptions, ClientOptions, Fetch, FetchInit, FetchedResponse, RequestDefaults } from './options.js'
export { buildRequest, checkSameServer, parseIp, srn, validate } from './pure.js'
export type * from './types.js'
