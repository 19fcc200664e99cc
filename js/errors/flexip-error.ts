// The base class of all errors.
import { isLong, shorten } from '../transport/shorten.js'

/** What every error of this library says about itself. */
export interface FailureContext {
  /** A stable word for programs; the API's own `type` where it has one. */
  code: string
  /** The operation that was called: the name of the client's method. */
  operation?: string
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
    super(typeof message === 'string' ? shorten(message, messageMax) : message, options)
    this.name = new.target.name
    Object.defineProperty(this, family, { value: true })
    for (const [key, value] of Object.entries(context ?? {})) {
      if (value !== undefined) Object.defineProperty(this, key, { value, enumerable: !isLong(value) })
    }
  }
}

/** Whether a value is an error of this library, also of another copy of it. Never throws. */
export function isFlexipError(error: unknown): error is FlexipError {
  try {
    return typeof error === 'object' && error !== null && family in error
  } catch {
    // A proxy whose `has` trap throws.
    return false
  }
}
