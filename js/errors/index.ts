// All errors.
export { type AnyFlexipError, isFlexipError } from './any.js'
export { AmbiguousResultError, ConnectionError, DecodeError, TimeoutError } from './exchanges.js'
export { type CalledName, type ErrorCode, type FailureContext, FlexipError } from './flexip-error.js'
export { IncompleteError, IncompleteListError, type Move, WaitError } from './flows.js'
export { ConfigurationError, EmulatorTrapError, type InvalidArgument, InvalidArgumentsError } from './invalid.js'
export {
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
