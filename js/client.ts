// The client: a method for each operation. What a request may be and what an answer means is for
// the core; here answers are decoded and failures become errors.
import type * as types from '../build/client/flexip.js'
import { reported } from './core.js'
import { decoded } from './decode.js'
import { type Report, failure } from './errors.js'
import { exchanger } from './exchange.js'
import { type OperationName, type Operations, decoders, forEachOperation } from './operations.js'
import type { CallOptions, ClientOptions, FetchedResponse } from './options.js'

/** A result with the answer that it came in. */
export interface WithResponse<T> {
  data: T
  response: {
    status: number
    headers: FetchedResponse['headers']
    /** The answer's `X-Request-Id`. */
    requestId: string | undefined
  }
  /** How many requests were sent for the operation itself. */
  attempts: number
}

type RawOperations = {
  readonly [Name in OperationName]: (
    request: Operations[Name]['request'],
    options?: CallOptions,
  ) => Promise<WithResponse<Operations[Name]['result']>>
}

/** What the core gives of a success: how the exchange ended, and what led to it. */
interface Outcome {
  method: string
  url: string
  body: unknown
  status: number
  headers: FetchedResponse['headers']
  attempts: number
}

/**
 * A client of the Flexible IP API.
 *
 * Every request is checked before it is sent: one that breaks a rule rejects with an
 * `InvalidArgumentsError` that holds all its problems, and nothing is sent. Every promise settles.
 *
 * @example
 * import { FlexibleIpClient } from 'flexip'
 * import { FlexibleIpEmulator } from 'flexip/emulator'
 *
 * const emulator = new FlexibleIpEmulator()
 * const client = new FlexibleIpClient({
 *   secretKey: emulator.secretKey,
 *   fetch: emulator.fetch,
 *   defaultZone: 'fr-par-1',
 *   defaultProjectId: emulator.projectId,
 * })
 * const ip = await client.createFlexibleIP({ description: 'mail', tags: ['prod'] })
 */
export class FlexibleIpClient {
  /** The name of the class, also where minifying gives it another. */
  static readonly name: string = 'FlexibleIpClient'
  readonly #core: types.ClientCore

  /** Throws a `ConfigurationError` that names every option that cannot work. */
  constructor(options: ClientOptions) {
    const { fetch, ...credentials } = kept(options)
    const exchange = exchanger(fetch, credentials, (number, ending) => this.#core.ended(number, ending))
    this.#core = reported((module) => new module.ClientCore(options, exchange, !isPage()))
  }

  /** Gives one page of a zone's flexible IPs, oldest address first, 20 a page unless told otherwise. */
  listFlexibleIPs(request: types.ListFlexibleIPsRequest = {}, options?: CallOptions): Promise<types.ListFlexibleIPsResponse> {
    return this.#data('listFlexibleIPs', request, options)
  }

  /** Takes a flexible IP from the pool: `ready` at once, or `updating` until it is `attached` to `serverId`. */
  createFlexibleIP(request: types.CreateFlexibleIPRequest = {}, options?: CallOptions): Promise<types.FlexibleIP> {
    return this.#data('createFlexibleIP', request, options)
  }

  /** Gives one flexible IP. One that was deleted rejects with a `PermissionsDeniedError`: so the service answers. */
  getFlexibleIP(request: types.GetFlexibleIPRequest, options?: CallOptions): Promise<types.FlexibleIP> {
    return this.#data('getFlexibleIP', request, options)
  }

  /** Changes description, tags or reverse. What is absent stays as it is; what is empty is cleared. */
  updateFlexibleIP(request: types.UpdateFlexibleIPRequest, options?: CallOptions): Promise<types.FlexibleIP> {
    return this.#data('updateFlexibleIP', request, options)
  }

  /** Gives a flexible IP back. One that is attached is `detaching` for some seconds before it is gone. */
  deleteFlexibleIP(request: types.DeleteFlexibleIPRequest, options?: CallOptions): Promise<void> {
    return this.#data('deleteFlexibleIP', request, options)
  }

  /** Attaches one flexible IP, or one whole MAC group, to a server of its zone. They come back `updating`. */
  attachFlexibleIP(request: types.AttachFlexibleIPRequest, options?: CallOptions): Promise<types.AttachFlexibleIPsResponse> {
    return this.#data('attachFlexibleIP', request, options)
  }

  /** Detaches one flexible IP, or one whole MAC group. One that is not attached comes back as it is. */
  detachFlexibleIP(request: types.DetachFlexibleIPRequest, options?: CallOptions): Promise<types.DetachFlexibleIPsResponse> {
    return this.#data('detachFlexibleIP', request, options)
  }

  /** Gives a flexible IP a new virtual MAC address. */
  generateMACAddr(request: types.GenerateMACAddrRequest, options?: CallOptions): Promise<types.FlexibleIP> {
    return this.#data('generateMACAddr', request, options)
  }

  /** Takes the virtual MAC address from a flexible IP. */
  deleteMACAddr(request: types.DeleteMACAddrRequest, options?: CallOptions): Promise<void> {
    return this.#data('deleteMACAddr', request, options)
  }

  /**
   * Gives `fipId` the virtual MAC address of `duplicateFromFipId`; resolves with `fipId`'s.
   * Both are read first, and refused when they are not attached to the same server.
   */
  duplicateMACAddr(request: types.DuplicateMACAddrRequest, options?: CallOptions): Promise<types.FlexibleIP> {
    return this.#data('duplicateMACAddr', request, options)
  }

  /** Moves the virtual MAC address of `fipId` to `dstFipId`; resolves with `dstFipId`'s. */
  moveMACAddr(request: types.MoveMACAddrRequest, options?: CallOptions): Promise<types.FlexibleIP> {
    return this.#data('moveMACAddr', request, options)
  }

  /** The same operations, each giving its result with the answer's status, headers and request id. */
  get withResponse(): RawOperations {
    return forEachOperation((name) => (request: unknown, options?: CallOptions) =>
      this.#call(name, request, options, (outcome) => {
        const { status, headers, attempts } = outcome
        return { data: data(name, outcome), response: { status, headers, requestId: requestId(headers) }, attempts }
      }),
    )
  }

  #data<Name extends OperationName>(
    operation: Name,
    request: Operations[Name]['request'],
    options: CallOptions | undefined,
  ): Promise<Operations[Name]['result']> {
    return this.#call(operation, request, options, (outcome) => data(operation, outcome))
  }

  #call<T>(operation: OperationName, request: unknown, options: CallOptions | undefined, result: (outcome: Outcome) => T): Promise<T> {
    return (this.#core.call(operation, request, options) as Promise<Outcome>).then(result, (report: Report) => {
      throw report.code === 'aborted' ? report.cause : failure(report)
    })
  }
}

function data<Name extends OperationName>(operation: Name, outcome: Outcome): Operations[Name]['result'] {
  return decoded(decoders[operation], outcome.body, () => {
    const { method, url, status, attempts, headers } = outcome
    const id = requestId(headers)
    return { operation, method, url, status, attempts, ...(id === undefined ? {} : { requestId: id }) }
  })
}

/** The answer's `X-Request-Id`, if its headers can be read at all. */
function requestId(headers: FetchedResponse['headers']): string | undefined {
  try {
    const id: unknown = headers.get('x-request-id')
    return typeof id === 'string' ? id : undefined
  } catch {
    return undefined
  }
}

/** The options that the core must not see. Those that cannot even be read, it refuses itself. */
function kept(options: ClientOptions): Pick<ClientOptions, 'fetch' | 'secretKey' | 'sessionToken'> {
  try {
    const { fetch, secretKey, sessionToken } = options
    return { fetch, secretKey, sessionToken } as Pick<ClientOptions, 'fetch' | 'secretKey' | 'sessionToken'>
  } catch {
    return {}
  }
}

/** Whether this runs in a page or one of its workers, where a `User-Agent` would ask for a preflight. */
function isPage(): boolean {
  return 'document' in globalThis || 'WorkerGlobalScope' in globalThis
}
