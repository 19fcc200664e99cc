// The operations with the response beside each result.
import type { FetchedResponse } from '../transport/fetch.js'
import { type OperationName, type Operations, forEachOperation } from './operations.js'
import type { CallOptions, CreateOptions } from './options.js'
import { type ReadOutcome, decodeOutcome, requestIdOf } from './outcome.js'

/** A result with the response that contained it. */
export interface WithResponse<T> {
  /** The result of the operation. */
  data: T
  /** The response that it came with. */
  response: {
    /** The HTTP status. */
    status: number
    /** The headers. */
    headers: FetchedResponse['headers']
    /** The response's `X-Request-Id`. */
    requestId: string | undefined
  }
  /** How many requests were sent for the operation itself. */
  attempts: number
}

/** A method for each operation, which gives its result with the response. */
export type OperationsWithResponse = {
  readonly [Name in OperationName]: (
    request: Operations[Name]['request'],
    options?: Name extends 'createFlexibleIP' ? CreateOptions : CallOptions,
  ) => Promise<WithResponse<Operations[Name]['result']>>
}

/** Makes the operations. `call` sends a request and decodes its outcome. */
export function operationsWithResponse(
  call: (operation: OperationName, request: unknown, options: CallOptions | undefined, decode: ReadOutcome<unknown>) => Promise<unknown>,
): OperationsWithResponse {
  return forEachOperation((name) => (request: unknown, options?: CallOptions) =>
    call(name, request, options, (outcome, redaction) => {
      const { status, headers, attempts } = outcome
      return { data: decodeOutcome(name, outcome, redaction), response: { status, headers, requestId: requestIdOf(headers) }, attempts }
    }),
  )
}
