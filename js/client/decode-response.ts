// Decodes a response with an error that names the call.
import { AmbiguousResultError, type FailureContext, DecodeError } from '../errors/index.js'
import { DecodeFailure } from '../results/decode.js'
import { cleanOf } from '../transport/redaction.js'

/**
 * Decodes a body. Throws a `DecodeError` that names the first field that is not what the API promises. The
 * response to a change says nothing then about what was done, so an `AmbiguousResultError` has that error.
 */
export function decodeResponse<T>(decode: (body: unknown) => T, body: unknown, context: () => Partial<FailureContext>): T {
  try {
    return decode(body)
  } catch (thrown) {
    if (!(thrown instanceof DecodeFailure)) throw thrown
    const clean = cleanOf(body)
    if (clean !== body) return decodeResponse(decode, clean, context)
    const { field, found } = thrown
    const failure = context()
    const id = failure.requestId === undefined ? '' : ` (request id ${failure.requestId})`
    const message = `${failure.operation}: the answer cannot be read: its ${field ? `field ${field}` : 'body'} is ${kindOf(found)}${id}`
    const error = new DecodeError(message, undefined, { ...failure, retryable: true, body, field } as Partial<FailureContext>)
    if (failure.method === 'GET') throw error
    throw new AmbiguousResultError(`${message}; the change may have been made`, { cause: error }, { ...failure, code: 'ambiguous_result' })
  }
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60))
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`
}
