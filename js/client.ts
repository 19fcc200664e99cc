// The client: a method for each operation. What a request may be and what an answer means is for
// the core; here answers are decoded and failures become errors.
import type * as types from '../build/client/flexip.js'
import { core, reported } from './core.js'
import { decoded } from './decoded.js'
import type { Ending } from './ending.js'
import { type FlexipError, type Report, failure, isFlexipError } from './errors.js'
import { type Kept, edge } from './exchange.js'
import { Listing } from './listing.js'
import { type OperationName, type Operations, decoders, forEachOperation } from './operations.js'
import type { CallOptions, ClientOptions, CreateOptions, FetchedResponse } from './options.js'
import { pagesOf } from './pages.js'

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

/** The flexible IPs of all zones, and the zones that could not be read. */
export interface AllZones {
  flexibleIps: types.FlexibleIP[]
  failures: { zone: types.Zone; error: FlexipError }[]
}

type RawOperations = {
  readonly [Name in OperationName]: (
    request: Operations[Name]['request'],
    options?: Name extends 'createFlexibleIP' ? CreateOptions : CallOptions,
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
  readonly #hasZone: boolean
  /** By server, who was left on none when the last failover ended early: the next one takes them along. */
  readonly #unfinished = new Map<string | undefined, string[]>()

  /** Throws a `ConfigurationError` that names every option that cannot work. */
  constructor(options: ClientOptions) {
    const ended = (number: number, ending: Ending) => this.#core.ended(number, ending)
    this.#core = reported((module) => new module.ClientCore(options, edge(kept(options), ended), !isPage()))
    this.#hasZone = readably(() => options.defaultZone) !== undefined
  }

  /**
   * Gives a zone's flexible IPs, oldest address first. Awaited, it is one page, of 20 unless told
   * otherwise; `for await`, `.pages()` and `.all()` read all pages.
   *
   * @example
   * for await (const ip of client.listFlexibleIPs({ tags: ['prod'] })) console.log(ip.ipAddress)
   */
  listFlexibleIPs(request: types.ListFlexibleIPsRequest = {}, options?: CallOptions): Listing {
    return new Listing({
      page: () => this.#data('listFlexibleIPs', request, options),
      all: () => settled(this.#core.listAll(request, options), ips),
      pages: () => pagesOf((onPage) => this.#core.listPages(request, options, onPage), settled, (outcome: Outcome) => data('listFlexibleIPs', outcome)),
    })
  }

  /**
   * Gives the flexible IPs of all zones, which are read at once. A zone that cannot be read does not
   * spoil the others: it is in `failures`, with its error.
   */
  async listAllZones(request: Omit<types.ListFlexibleIPsRequest, 'zone' | 'page'> = {}, options?: CallOptions): Promise<AllZones> {
    const zones = core().zones()
    // What is no request, the core refuses.
    const inZone = (zone: string) => (request && typeof request === 'object' && readably(() => ({ ...request, zone }))) || request
    const reads = await Promise.allSettled(zones.map((zone) => this.listFlexibleIPs(inZone(zone), options).all()))
    // An abort is no zone's failure, and neither is a request that breaks a rule in all of them.
    const refused = reads.find((read) => read.status === 'rejected' && (!isFlexipError(read.reason) || (read.reason.code === 'invalid_arguments' && read.reason.attempts === 0)))
    if (refused?.status === 'rejected') throw refused.reason
    const flexibleIps = reads.flatMap((read) => (read.status === 'fulfilled' ? read.value : []))
    const failures = reads.flatMap((read, place) =>
      read.status === 'rejected' ? [{ zone: zones[place] ?? '', error: read.reason as FlexipError }] : [],
    )
    return { flexibleIps, failures }
  }

  /** Takes a flexible IP from the pool: `ready` at once, or `updating` until it is `attached` to `serverId`. */
  createFlexibleIP(request: types.CreateFlexibleIPRequest = {}, options?: CreateOptions): Promise<types.FlexibleIP> {
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

  /**
   * Waits until nothing is under way any more, neither for the flexible IP nor for its virtual MAC
   * address. Looks at once, then at growing intervals; a look that fails is tried again. Rejects with
   * a `WaitError` that holds what was last seen when the time is up, or when the flexible IP is in
   * `error`, `locked`, or gone.
   */
  waitForFlexibleIP(request: types.GetFlexibleIPRequest, options?: CallOptions): Promise<types.FlexibleIP> {
    return settled(this.#core.wait('waitForFlexibleIP', request, options), one)
  }

  /** The same for several of one zone, in the order of `fipsIds`: they are looked at together, by one list a look. */
  waitForFlexibleIPs(request: types.WaitForFlexibleIPsRequest, options?: CallOptions): Promise<types.FlexibleIP[]> {
    return settled(this.#core.wait('waitForFlexibleIPs', request, options), ips)
  }

  /** Waits until a flexible IP that was deleted is gone: one that was attached takes some seconds. */
  waitUntilDeleted(request: types.GetFlexibleIPRequest, options?: CallOptions): Promise<void> {
    return settled(this.#core.wait('waitUntilDeleted', request, options), () => undefined)
  }

  /**
   * Brings flexible IPs to a server, wherever they are now, and waits until they are attached. Those
   * that are there already are left alone; those on another server are detached first, or attached
   * at once with `strategy: 'direct'`. MAC groups move as one and must be named whole. Rejects with
   * an `IncompleteError` that says for each where it is.
   */
  ensureAttached(request: types.EnsureAttachedRequest & { dryRun: true }, options?: CallOptions): Promise<types.MoveStep[]>
  ensureAttached(request: types.EnsureAttachedRequest, options?: CallOptions): Promise<types.FlexibleIP[]>
  ensureAttached(request: types.EnsureAttachedRequest, options?: CallOptions): Promise<types.FlexibleIP[] | types.MoveStep[]> {
    return settled(this.#core.relocate('ensureAttached', request, options, undefined), moved)
  }

  /**
   * Moves the flexible IPs of one server to another, MAC groups whole, all groups at once, and waits
   * until they are attached. With `dryRun: true` it gives the steps and changes nothing. Rejects with
   * an `IncompleteError` that says for each where it is; the same call goes on from there. An abort
   * stops between two steps.
   */
  failover(request: types.FailoverRequest & { dryRun: true }, options?: CallOptions): Promise<types.MoveStep[]>
  failover(request: types.FailoverRequest, options?: CallOptions): Promise<types.FlexibleIP[]>
  async failover(request: types.FailoverRequest, options?: CallOptions): Promise<types.FlexibleIP[] | types.MoveStep[]> {
    const from = readably(() => String(request.fromServerId))
    const unfinished = this.#unfinished.get(from)
    const left = (report: Report) => {
      const ids = report.moves?.flatMap(({ fipId, arrived }) => (arrived ? [] : [fipId])) ?? []
      if (ids.length > 0) this.#unfinished.set(from, ids)
    }
    const result = await settled(this.#core.relocate('failover', request, options, unfinished), moved, left)
    if (!readably(() => request.dryRun)) this.#unfinished.delete(from)
    return result
  }

  /** Makes a flexible IP and waits until it is attached to `serverId`. Should the wait fail, its `WaitError` names the flexible IP. */
  async createAndAttach(request: types.CreateFlexibleIPRequest & { serverId: string }, options?: CreateOptions): Promise<types.FlexibleIP> {
    const { id, zone } = await this.#call('createAndAttach', request, options, one)
    const { idempotencyKey: _, ...waitOptions } = options ?? {}
    return this.waitForFlexibleIP({ fipId: id, zone }, waitOptions)
  }

  /**
   * Finds the flexible IP of an address: bare, with its prefix, IPv6 in any spelling and any address
   * of the block. In the zone of the request, the client's, or else in all of them.
   */
  async findByIp(address: string, request: types.ListFlexibleIPsRequest = {}, options?: CallOptions): Promise<types.FlexibleIP | undefined> {
    const place = (found: types.FlexibleIP[]) => core().findIp(address, found.map(({ ipAddress }) => ipAddress))
    reported((module) => module.checkAddress(address))
    if (readably(() => request.zone) === undefined && !this.#hasZone) {
      const { flexibleIps, failures } = await this.listAllZones(request, options)
      const found = place(flexibleIps)
      // Not to have found it says nothing while a zone was not read.
      if (found === undefined && failures[0]) throw failures[0].error
      return found === undefined ? undefined : flexibleIps[found]
    }
    for await (const { flexibleIps } of this.listFlexibleIPs(request, options).pages()) {
      const found = place(flexibleIps)
      if (found !== undefined) return flexibleIps[found]
    }
    return undefined
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

  #call<T>(operation: OperationName | 'createAndAttach', request: unknown, options: CallOptions | undefined, result: (outcome: Outcome) => T): Promise<T> {
    return settled(this.#core.call(operation, request, options), result)
  }
}

/** Makes a result of the core's outcome, or an error of its report. */
function settled<T>(promise: Promise<unknown>, result: (outcome: Outcome) => T, onReport?: (report: Report) => void): Promise<T> {
  return (promise as Promise<Outcome>).then(result, (report: Report) => {
    onReport?.(report)
    throw report.code === 'aborted' ? report.cause : failure(report)
  })
}

function one(outcome: Outcome): types.FlexibleIP {
  return data('getFlexibleIP', outcome)
}

function ips(outcome: Outcome): types.FlexibleIP[] {
  return data('listFlexibleIPs', outcome).flexibleIps
}

function moved(outcome: Outcome | types.MoveStep[]): types.FlexibleIP[] | types.MoveStep[] {
  return Array.isArray(outcome) ? outcome : ips(outcome)
}

/** What a caller's object has, if it can be read at all: what cannot, the core refuses. */
function readably<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
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

function kept(options: ClientOptions): Kept {
  return (
    readably(() => {
      const { fetch, secretKey, sessionToken, maxConcurrency, onEvent } = options
      return { fetch, secretKey, sessionToken, maxConcurrency, onEvent }
    }) ?? {}
  )
}

/** Whether this runs in a page or one of its workers, where a `User-Agent` would ask for a preflight. */
function isPage(): boolean {
  return 'document' in globalThis || 'WorkerGlobalScope' in globalThis
}
