// Decodes a response with an error that names the call.
import { AmbiguousResultError, type FailureContext, DecodeError } from '../errors/index.js'
import { undecodableMessage } from '../errors/undecodable.js'
import { DecodeFailure } from '../results/decode.js'
import { type Redaction, cleanBody, cleanDeep } from '../transport/redaction.js'

/**
 * Decodes a body. Throws a `DecodeError` that names the first field that is not what the API promises. The
 * response to a change says nothing then about what was done, so an `AmbiguousResultError` has that error.
 */
export function decodeResponse<T>(decode: (body: unknown) => T, body: unknown, redaction: Redaction, context: () => Partial<FailureContext>): T {
  try {
    return decode(body)
  } catch (thrown) {
    if (!(thrown instanceof DecodeFailure)) throw thrown
    const { clean, cleanOwn } = redaction
    const failure = cleanDeep(context(), cleanOwn) as Partial<FailureContext>
    const message = clean(undecodableMessage(failure.operation ?? '', thrown, failure.requestId, clean))
    const error = new DecodeError(message, undefined, { ...failure, retryable: true, body: cleanBody(body, redaction), field: thrown.field } as Partial<FailureContext>)
    if (failure.method === 'GET') throw error
    throw new AmbiguousResultError(`${message}; the change may have been made`, { cause: error }, { ...failure, code: 'ambiguous_result' })
  }
}
