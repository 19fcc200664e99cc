// Decodes with an error that says where it happened.
import { Misshapen } from './decode.js'
import { DecodeError, type FailureContext } from './errors.js'

/** Decodes a body, or throws a `DecodeError` that names the first field that is not as promised. */
export function decoded<T>(decode: (body: unknown) => T, body: unknown, context: () => Partial<FailureContext>): T {
  try {
    return decode(body)
  } catch (thrown) {
    if (!(thrown instanceof Misshapen)) throw thrown
    const { field, found } = thrown
    const told = context()
    const id = told.requestId === undefined ? '' : ` (request id ${told.requestId})`
    const message = `${told.operation}: the answer cannot be read: its ${field ? `field ${field}` : 'body'} is ${kind(found)}${id}`
    throw new DecodeError(message, undefined, { ...told, retryable: true, body, field } as Partial<FailureContext>)
  }
}

function kind(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 60))
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`
}
