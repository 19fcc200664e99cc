// The errors of responses that are not a success: a class for each refusal of the service.
import { type FailureContext, FlexipError } from './flexip-error.js'

/** 401: the key is unknown, expired or malformed. */
export class DeniedAuthenticationError extends FlexipError {
  static override get name(): string {
    return 'DeniedAuthenticationError'
  }

  /** The code of this class. */
  override readonly code = 'denied_authentication'

  /** How the caller authenticated: `api_key`, `jwt`. */
  declare readonly authenticationMethod?: string
  /** Why it was denied: `not_found`, `expired`, `invalid_argument`. */
  declare readonly reason?: string
}

/** 403: not allowed, in another Project, or deleted. The service responds so for a flexible IP that was deleted. */
export class PermissionsDeniedError extends FlexipError {
  static override get name(): string {
    return 'PermissionsDeniedError'
  }

  /** The code of this class. */
  override readonly code = 'permissions_denied'

  /** Which actions on which resources were denied. */
  declare readonly details: readonly { action: string; resource: string }[]
}

/** 403: a quota of the Organization or the Project is used up. */
export class QuotasExceededError extends FlexipError {
  static override get name(): string {
    return 'QuotasExceededError'
  }

  /** The code of this class. */
  override readonly code = 'quotas_exceeded'

  /** Which quotas. */
  declare readonly details: readonly { resource: string; quota: number; current: number }[]
}

/** 404: there is no such resource. */
export class ResourceNotFoundError extends FlexipError {
  static override get name(): string {
    return 'ResourceNotFoundError'
  }

  /** The code of this class. */
  override readonly code = 'not_found'

  /** The kind of resource. */
  declare readonly resource?: string
  /** The id of the resource. */
  declare readonly resourceId?: string
}

/** 409: a transition of the resource is under way. It ends by itself. */
export class TransientStateError extends FlexipError {
  static override get name(): string {
    return 'TransientStateError'
  }

  /** The code of this class. */
  override readonly code = 'transient_state'

  /** The kind of resource. */
  declare readonly resource?: string
  /** The id of the resource. */
  declare readonly resourceId?: string
  /** The status of the resource, such as `updating`. */
  declare readonly currentState?: string
}

/** 409: the resource exists already. */
export class AlreadyExistsError extends FlexipError {
  static override get name(): string {
    return 'AlreadyExistsError'
  }

  /** The code of this class. */
  override readonly code = 'already_exists'

  /** The kind of resource. */
  declare readonly resource?: string
  /** The id of the resource. */
  declare readonly resourceId?: string
  /** What to do. */
  declare readonly helpMessage?: string
}

/** 409 of any other type: another request changes the same resource. */
export class ConflictError extends FlexipError {
  static override get name(): string {
    return 'ConflictError'
  }

  /** The code of this class. */
  override readonly code = 'conflict'
}

/** 410: the resource has expired. The service spells this type in two ways; both become this class. */
export class ResourceExpiredError extends FlexipError {
  static override get name(): string {
    return 'ResourceExpiredError'
  }

  /** The code of this class. */
  override readonly code = 'expired'

  /** The kind of resource. */
  declare readonly resource?: string
  /** The id of the resource. */
  declare readonly resourceId?: string
  /** When it expired. */
  declare readonly expiredSince?: Date
}

/** 412: another change has to be made first. */
export class PreconditionFailedError extends FlexipError {
  static override get name(): string {
    return 'PreconditionFailedError'
  }

  /** The code of this class. */
  override readonly code = 'precondition_failed'

  /** The precondition that failed: `resource_not_usable`, `resource_still_in_use`, `attribute_must_be_set`, … */
  declare readonly precondition?: string
  /** What to do. */
  declare readonly helpMessage?: string
}

/** 423: the service has locked the resource. */
export class ResourceLockedError extends FlexipError {
  static override get name(): string {
    return 'ResourceLockedError'
  }

  /** The code of this class. */
  override readonly code = 'locked'

  /** The kind of resource. */
  declare readonly resource?: string
  /** The id of the resource. */
  declare readonly resourceId?: string
}

/** 429: too many requests. The gateway's own 429, which has neither body nor `Retry-After`, is one too. */
export class TooManyRequestsError extends FlexipError {
  static override get name(): string {
    return 'TooManyRequestsError'
  }

  /** The code of this class. */
  override readonly code = 'too_many_requests'

  /** What to do. */
  declare readonly helpMessage?: string
}

/** 503: no flexible IP is left in the zone. */
export class OutOfStockError extends FlexipError {
  static override get name(): string {
    return 'OutOfStockError'
  }

  /** The code of this class. */
  override readonly code = 'out_of_stock'

  /** The kind of resource. */
  declare readonly resource?: string
}

/** 500: the service failed. It is unknown whether it made the change. */
export class InternalServerError extends FlexipError {
  static override get name(): string {
    return 'InternalServerError'
  }

  /** The code of this class. */
  override readonly code = 'internal_error'
}

/** 502, 503, 504, 408: the gateway did not reach the service, or got no response from it. */
export class ServiceUnavailableError extends FlexipError {
  static override get name(): string {
    return 'ServiceUnavailableError'
  }

  /** The codes of this class. */
  declare readonly code: 'unavailable' | 'request_timeout'

  constructor(message: string, options?: { cause?: unknown }, context?: Partial<FailureContext>) {
    super(message, options, { code: 'unavailable', ...context })
  }

}

/** A response that the API does not have: another status, a redirection. */
export class UnexpectedResponseError extends FlexipError {
  static override get name(): string {
    return 'UnexpectedResponseError'
  }

  /** The codes of this class. */
  declare readonly code: 'unexpected_response' | 'aborted'

  constructor(message: string, options?: { cause?: unknown }, context?: Partial<FailureContext>) {
    super(message, options, { code: 'unexpected_response', ...context })
  }

}
