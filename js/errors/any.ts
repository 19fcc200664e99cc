// Every error of the library, as one type whose `code` tells the classes apart.
import type { AmbiguousResultError, ConnectionError, DecodeError, TimeoutError } from './exchanges.js'
import { isOfFamily } from './flexip-error.js'
import type { IncompleteError, IncompleteListError, WaitError } from './flows.js'
import type { ConfigurationError, EmulatorTrapError, InvalidArgumentsError } from './invalid.js'
import type {
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

/** An error of this library. A `switch` over its `code` narrows it to a class. */
export type AnyFlexipError =
  | AlreadyExistsError
  | AmbiguousResultError
  | ConfigurationError
  | ConflictError
  | ConnectionError
  | DecodeError
  | DeniedAuthenticationError
  | EmulatorTrapError
  | IncompleteError
  | IncompleteListError
  | InternalServerError
  | InvalidArgumentsError
  | OutOfStockError
  | PermissionsDeniedError
  | PreconditionFailedError
  | QuotasExceededError
  | ResourceExpiredError
  | ResourceLockedError
  | ResourceNotFoundError
  | ServiceUnavailableError
  | TimeoutError
  | TooManyRequestsError
  | TransientStateError
  | UnexpectedResponseError
  | WaitError

/** Whether a value is an error of this library, also of another copy of it. Never throws. */
export function isFlexipError(error: unknown): error is AnyFlexipError {
  return isOfFamily(error)
}
