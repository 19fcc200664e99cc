// The errors of exchanges without a response that could be read.
import { FlexipError } from './flexip-error.js'

/**
 * No response: the network failed, the `fetch` of the options did, or nothing was sent. `cause` is a copy of what
 * was thrown: name, message, code, stack, causes, without secrets.
 */
export class ConnectionError extends FlexipError {
  static override get name(): string {
    return 'ConnectionError'
  }

  /** The code of this class. */
  override readonly code = 'connection'
}

/** No response within `timeoutMs`. It is unknown whether the service made the change. */
export class TimeoutError extends FlexipError {
  static override get name(): string {
    return 'TimeoutError'
  }

  /** The code of this class. */
  override readonly code = 'timeout'
}

/** A success whose body is not what the API promises. The message names the field. */
export class DecodeError extends FlexipError {
  static override get name(): string {
    return 'DecodeError'
  }

  /** The code of this class. */
  override readonly code = 'decode'

  /** The field, as it stands on the wire: `flexible_ips[3].status`. */
  declare readonly field?: string
}

/**
 * The response was lost, no readback can decide whether the change was made, and a retry could make it
 * twice. `cause` is the error of the lost response. Read the flexible IPs before you call again; for
 * `createFlexibleIP`, an `idempotencyKey` lets the library do so.
 */
export class AmbiguousResultError extends FlexipError {
  static override get name(): string {
    return 'AmbiguousResultError'
  }

  /** The code of this class. */
  override readonly code = 'ambiguous_result'
}
