// What is wrong with a body that the API does not promise.
import { type DecodeFailure } from '../results/decode.js'

/** The message of a body that cannot be decoded. `clean` takes the secrets out. */
export function undecodableMessage(operation: string, { field, found }: DecodeFailure, requestId: string | undefined, clean: (text: string) => string = String): string {
  return withRequestId(`${operation}: the answer cannot be read: its ${field ? `field ${field}` : 'body'} is ${kindOf(found, clean)}`, requestId)
}

/** A message that names the request id of the response, if there is one. */
export function withRequestId(message: string, requestId: string | undefined): string {
  return requestId === undefined ? message : `${message} (request id ${requestId})`
}

function kindOf(value: unknown, clean: (text: string) => string): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (typeof value === 'string') return JSON.stringify(clean(value).slice(0, 60))
  if (typeof value === 'number') return `the number ${clean(String(value))}`
  return Array.isArray(value) ? 'an array' : `a value of type ${typeof value}`
}
