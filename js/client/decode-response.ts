// Decodes a response with an error that names the call.
import { AmbiguousResultError, type FailureContext, DecodeError } from '../errors/index.js'
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
    const { field, found } = thrown
    const { clean, cleanOwn } = redaction
    const failure = cleanDeep(context(), cleanOwn) as Partial<FailureContext>
    const id = failure.requestId === undefined ? '' : ` (request id ${failure.requestId})`
    const message = clean(`${failure.operation}: the answer cannot be read: its ${field ? `field ${field}` : 'body'} is ${kindOf(found, clean)}${id}`)
    const error = new DecodeError(message, undefined, { ...failure, retryable: true, body: cleanBody(body, redaction), field } as Partial<FailureContext>)
    if (failure.method === 'GET') throw error
    throw new AmbiguousResultError(`${message}; the change may have been made`, { cause: error }, { ...failure, code: 'ambiguous_result' })
  }
}

function kindOf(value: unknown, clean: Redaction['clean']): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (typeof value === 'string') return JSON.stringify(clean(value).slice(0, 60))
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`
}
