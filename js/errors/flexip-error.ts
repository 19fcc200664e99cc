// The base class of all errors.
import { isLong, shorten } from '../transport/shorten.js'

/** The codes of errors: stable words for programs; the API's own `type` where it has one. */
export type ErrorCode =
  | 'aborted'
  | 'already_exists'
  | 'ambiguous_result'
  | 'configuration'
  | 'conflict'
  | 'connection'
  | 'decode'
  | 'denied_authentication'
  | 'emulator_trap'
  | 'error'
  | 'expired'
  | 'incomplete'
  | 'incomplete_list'
  | 'internal_error'
  | 'invalid_arguments'
  | 'locked'
  | 'not_found'
  | 'out_of_stock'
  | 'permissions_denied'
  | 'precondition_failed'
  | 'quotas_exceeded'
  | 'request_timeout'
  | 'timeout'
  | 'too_many_requests'
  | 'transient_state'
  | 'unavailable'
  | 'unexpected_response'
  | 'wait'

/** The name of the method or function that was called. */
export type CalledName =
  | 'attachFlexibleIP'
  | 'createAndAttach'
  | 'createFlexibleIP'
  | 'deleteFlexibleIP'
  | 'deleteMACAddr'
  | 'detachFlexibleIP'
  | 'duplicateMACAddr'
  | 'ensureAttached'
  | 'failover'
  | 'findByIp'
  | 'generateMACAddr'
  | 'getFlexibleIP'
  | 'listAllZones'
  | 'listFlexibleIPs'
  | 'moveMACAddr'
  | 'updateFlexibleIP'
  | 'waitForFlexibleIP'
  | 'waitForFlexibleIPs'
  | 'waitUntilDeleted'
  | (string & {})

/** What every error of this library says about itself. */
export interface FailureContext {
  /** A stable word for programs; the API's own `type` where it has one. */
  code: ErrorCode
  /** The operation that was called: the name of the client's method. */
  operation?: CalledName
  /** The HTTP method of the request that failed, if one was made. */
  method?: string
  /** The URL of that request. It never holds a secret. */
  url?: string
  /** The HTTP status of the response, if there was one. */
  status?: number
  /** The response's `X-Request-Id`: what Scaleway's support asks for. */
  requestId?: string
  /** How many attempts of the operation’s own request were made. 0 if none was. The message of one that failed before it was sent begins with "not sent". */
  attempts: number
  /** Whether the same request could succeed later without any change. */
  retryable: boolean
  /** The parsed JSON body of the response, as it came. */
  body?: unknown
}

/** The most characters of a message. */
const messageMax = 1000

const family = Symbol.for('flexip.error')

/**
 * The base of every error that this library makes. A long message is cut. A field with much data, such as the
 * flexible IPs of a long list, is not enumerable: it can be read, and a console does not print it.
 */
export class FlexipError extends Error implements FailureContext {
  /** The name of the class. Minifying does not change it. */
  static override get name(): string {
    return 'FlexipError'
  }
  /** The name of the class. */
  override readonly name: string
  /** A stable word for programs; the API's own `type` where it has one. */
  readonly code: ErrorCode = 'error'
  /** The operation that was called: the name of the client's method. */
  declare readonly operation?: CalledName
  /** The HTTP method of the request that failed, if one was made. */
  declare readonly method?: string
  /** The URL of that request. It never holds a secret. */
  declare readonly url?: string
  /** The HTTP status of the response, if there was one. */
  declare readonly status?: number
  /** The response's `X-Request-Id`: what Scaleway's support asks for. */
  declare readonly requestId?: string
  /** How many attempts of the operation’s own request were made. 0 if none was. */
  readonly attempts: number = 0
  /** Whether the same request could succeed later without any change. */
  readonly retryable: boolean = false
  /** The parsed JSON body of the response, as it came. */
  declare readonly body?: unknown

  /** Whether a value is an error of this class, also of the same class in another copy of this library. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return Function.prototype[Symbol.hasInstance].call(this, value) || (isPackaged(this) && isOfFamily(value) && packagedNames(value).includes(this.name))
  }

  constructor(message: string, options?: { cause?: unknown }, context?: Partial<FailureContext>) {
    super(typeof message === 'string' ? shorten(message, messageMax) : message, options)
    this.name = new.target.name
    Object.defineProperty(this, family, { value: true })
    for (const [key, value] of Object.entries(context ?? {})) {
      if (value !== undefined) Object.defineProperty(this, key, { value, enumerable: !isLong(value) })
    }
  }

  /** What `JSON.stringify` writes: the name, the message and the enumerable fields. */
  toJSON(): Record<string, unknown> {
    return { ...{ name: this.name, message: this.message }, ...(this as object) }
  }
}

/** Whether a value is an error of this library, also of another copy of it. Never throws. */
export function isOfFamily(error: unknown): error is object {
  try {
    return typeof error === 'object' && error !== null && family in error
  } catch {
    // A proxy whose `has` trap throws.
    return false
  }
}

/** Whether a class is this library's, in any copy. The name of a caller's subclass is no getter. */
function isPackaged(constructor: unknown): constructor is typeof FlexipError {
  return typeof constructor === 'function' && Object.getOwnPropertyDescriptor(constructor, 'name')?.get !== undefined
}

/** The names of the library's classes that an error is of. */
function packagedNames(error: object): string[] {
  const names: string[] = []
  try {
    for (let type: unknown = Object.getPrototypeOf(error); typeof type === 'object' && type !== null; type = Object.getPrototypeOf(type)) {
      if (Object.hasOwn(type, 'constructor') && isPackaged(type.constructor)) names.push(type.constructor.name)
    }
  } catch {
    // A proxy whose traps throw.
  }
  return names
}
