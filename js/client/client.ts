// The client: a method for each operation, and methods that send several requests. The core checks requests
// and judges responses; here responses are decoded and failures become errors.
import type * as types from '../../build/client/flexip.js'
import { Listing } from '../lists/listing.js'
import { type Changes, readPages } from '../lists/pages.js'
import { readOptions } from '../transport/call-options.js'
import { type TransportOptions, Transport } from '../transport/exchange.js'
import { KeyProvider } from '../transport/key-provider.js'
import { type Redaction, redactionOf } from '../transport/redaction.js'
import { onAbort } from '../transport/signals.js'
import { Driver } from '../transport/driver.js'
import { monotonicClock } from '../transport/timing.js'
import { valueText } from '../transport/value-text.js'
import type { Report } from '../errors/report.js'
import { type AllZones, findByIp, listAllZones } from './all-zones.js'
import { Calls, type MethodCall } from './calls.js'
import type { OperationName, Operations } from './operations.js'
import type { CallOptions, ClientDefaults, ClientOptions, CreateOptions } from './options.js'
import { orUndefined } from './or-undefined.js'
import { type Outcome, type ReadOutcome, decodeMany, decodeMove, decodeOne, decodeOutcome, settle } from './outcome.js'
import { secretsOfOptions } from './secrets.js'
import { SharedCreates } from './shared-creates.js'
import { findable, unproxied } from './unproxied.js'
import { type OperationsWithResponse, operationsWithResponse } from './with-response.js'

/**
 * A client of the Flexible IP API.
 *
 * Every request is checked before it is sent. One that breaks a rule rejects with an
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
  /** The name of the class. Minifying does not change it. */
  static get name(): string {
    return 'FlexibleIpClient'
  }
  readonly #calls: Calls
  readonly #defaults: ClientDefaults
  readonly #creates: SharedCreates
  /** The secrets of the client. */
  readonly #secrets: () => readonly string[]

  /** For errors of calls without options. */
  readonly #ownRedaction: Redaction

  /** The secrets in the options of the calls that are under way: events can repeat them. */
  readonly #secretsOfCalls = new Set<string[]>()

  /** How often a call began or ended that changes something. */
  #changes: Changes = { ofLists: 0, ofIps: 0 }

  /** Throws a `ConfigurationError` that names every invalid option. */
  constructor(options: ClientOptions) {
    findable(this)
    const transport = transportOptions(options)
    const keys = new KeyProvider(transport.secretKey)
    const others = secretsOfOptions(options)
    this.#secrets = () => [...keys.known, ...others, ...[...this.#secretsOfCalls].flat()]
    this.#ownRedaction = redactionOf(this.#secrets)
    this.#calls = new Calls(options, () => new Transport(transport, keys, this.#secrets, monotonicClock()), this.#ownRedaction, !isPage())
    this.#defaults = defaultsOf(options)
    this.#creates = new SharedCreates(this.#calls)
  }

  /**
   * Lists a zone's flexible IPs, oldest address first. Awaited, it is one page, of 20 unless `pageSize`
   * is set; `for await`, `.pages()` and `.all()` read all pages.
   *
   * @example
   * for await (const ip of client.listFlexibleIPs({ tags: ['prod'] })) console.log(ip.ipAddress)
   */
  listFlexibleIPs(request: types.ListFlexibleIPsRequest = {}, options?: CallOptions): Listing {
    return new Listing({
      page: () => unproxied(this).#result('listFlexibleIPs', request, options),
      all: () => unproxied(this).#listAll('listFlexibleIPs', request, options),
      pages: () => unproxied(this).#pages('listFlexibleIPs', request, options),
    })
  }

  /**
   * Lists the flexible IPs of all zones, which are read at the same time. A zone that cannot be read whole is
   * in `failures` with its error; the other zones are listed. An abort rejects with its reason.
   * `totalTimeoutMs` counts for all zones together.
   */
  listAllZones(request: Omit<types.ListFlexibleIPsRequest, 'zone' | 'page'> = {}, options?: CallOptions): Promise<AllZones> {
    return unproxied(this).#listAllZones('listAllZones', request, options)
  }

  /** Creates a flexible IP. It is `ready` at once; with a `serverId`, it is `updating` until it is `attached`. */
  createFlexibleIP(request: types.CreateFlexibleIPRequest = {}, options?: CreateOptions): Promise<types.FlexibleIP> {
    return unproxied(this).#result('createFlexibleIP', request, options)
  }

  /** Reads one flexible IP. For one that was deleted, the service responds with a 403: a `PermissionsDeniedError`. */
  getFlexibleIP(request: types.GetFlexibleIPRequest, options?: CallOptions): Promise<types.FlexibleIP> {
    return unproxied(this).#result('getFlexibleIP', request, options)
  }

  /** Changes description, tags or reverse. An absent field stays as it is; an empty one is cleared. */
  updateFlexibleIP(request: types.UpdateFlexibleIPRequest, options?: CallOptions): Promise<types.FlexibleIP> {
    return unproxied(this).#result('updateFlexibleIP', request, options)
  }

  /** Deletes a flexible IP. One that is attached is `detaching` for some seconds before it is gone. */
  deleteFlexibleIP(request: types.DeleteFlexibleIPRequest, options?: CallOptions): Promise<void> {
    return unproxied(this).#result('deleteFlexibleIP', request, options)
  }

  /** Attaches one flexible IP, or one whole MAC group, to a server of its zone. The result is `updating`. */
  attachFlexibleIP(request: types.AttachFlexibleIPRequest, options?: CallOptions): Promise<types.AttachFlexibleIPsResponse> {
    return unproxied(this).#result('attachFlexibleIP', request, options)
  }

  /** Detaches one flexible IP, or one whole MAC group. One that is not attached stays as it is. */
  detachFlexibleIP(request: types.DetachFlexibleIPRequest, options?: CallOptions): Promise<types.DetachFlexibleIPsResponse> {
    return unproxied(this).#result('detachFlexibleIP', request, options)
  }

  /** Gives a flexible IP a new virtual MAC address. */
  generateMACAddr(request: types.GenerateMACAddrRequest, options?: CallOptions): Promise<types.FlexibleIP> {
    return unproxied(this).#result('generateMACAddr', request, options)
  }

  /** Takes the virtual MAC address from a flexible IP. */
  deleteMACAddr(request: types.DeleteMACAddrRequest, options?: CallOptions): Promise<void> {
    return unproxied(this).#result('deleteMACAddr', request, options)
  }

  /**
   * Gives `fipId` the virtual MAC address of `duplicateFromFipId`, and resolves with `fipId`.
   * Reads both first, and rejects if they are not attached to the same server.
   */
  duplicateMACAddr(request: types.DuplicateMACAddrRequest, options?: CallOptions): Promise<types.FlexibleIP> {
    return unproxied(this).#result('duplicateMACAddr', request, options)
  }

  /** Moves the virtual MAC address of `fipId` to `dstFipId`, and resolves with `dstFipId`. */
  moveMACAddr(request: types.MoveMACAddrRequest, options?: CallOptions): Promise<types.FlexibleIP> {
    return unproxied(this).#result('moveMACAddr', request, options)
  }

  /**
   * Waits until the flexible IP is at rest: `ready` on no server or `attached` to one, without a transition
   * of its virtual MAC address. A status that this version does not know is not rest. Polls at once, then
   * at growing intervals; a failed or refused poll is repeated. Rejects with a `WaitError`, which holds the
   * last known state, when the timeout has passed, when the flexible IP is in `error`, `locked`, or gone, or
   * after two minutes of nothing but refusals.
   */
  waitForFlexibleIP(request: types.GetFlexibleIPRequest, options?: CallOptions): Promise<types.FlexibleIP> {
    return unproxied(this).#settle('waitForFlexibleIP', request, options, decodeOne('waitForFlexibleIP'))
  }

  /** Waits for several flexible IPs of one zone. Resolves in the order of `fipsIds`. Each poll is one list. */
  waitForFlexibleIPs(request: types.WaitForFlexibleIPsRequest, options?: CallOptions): Promise<types.FlexibleIP[]> {
    return unproxied(this).#settle('waitForFlexibleIPs', request, options, decodeMany('waitForFlexibleIPs'))
  }

  /**
   * Waits until a deleted flexible IP is gone: the API refuses to read it, and a whole list of its zone does
   * not have it. That takes some seconds if it was attached. Rejects with an `InvalidArgumentsError` if
   * another zone has the flexible IP.
   */
  waitUntilDeleted(request: types.GetFlexibleIPRequest, options?: CallOptions): Promise<void> {
    return unproxied(this).#settle('waitUntilDeleted', request, options, () => undefined)
  }

  /**
   * Moves flexible IPs to a server and waits until they are attached. Those that are attached to it
   * already stay as they are. Those on another server are detached first, or attached directly with
   * `strategy: 'direct'`. A MAC group moves as one, and the request must name all of it. Rejects with an
   * `IncompleteError` that holds the state of each.
   */
  ensureAttached(request: types.EnsureAttachedRequest & { dryRun: true }, options?: CallOptions): Promise<types.MoveStep[]>
  ensureAttached(request: types.EnsureAttachedRequest & { dryRun?: false }, options?: CallOptions): Promise<types.FlexibleIP[]>
  ensureAttached(request: types.EnsureAttachedRequest, options?: CallOptions): Promise<types.FlexibleIP[] | types.MoveStep[]>
  ensureAttached(request: types.EnsureAttachedRequest, options?: CallOptions): Promise<types.FlexibleIP[] | types.MoveStep[]> {
    return unproxied(this).#move('ensureAttached', request, options)
  }

  /**
   * Moves the flexible IPs of one server to another, in whole MAC groups, all groups at the same time,
   * and waits until they are attached. With `dryRun: true` it returns the steps and changes nothing.
   * Nothing leaves its server if the other has no room for all, or does not exist. Rejects with an
   * `IncompleteError` that holds the state of each; its `resume` is the request of `ensureAttached` that
   * continues the move.
   */
  failover(request: types.FailoverRequest & { dryRun: true }, options?: CallOptions): Promise<types.MoveStep[]>
  failover(request: types.FailoverRequest & { dryRun?: false }, options?: CallOptions): Promise<types.FlexibleIP[]>
  failover(request: types.FailoverRequest, options?: CallOptions): Promise<types.FlexibleIP[] | types.MoveStep[]>
  failover(request: types.FailoverRequest, options?: CallOptions): Promise<types.FlexibleIP[] | types.MoveStep[]> {
    return unproxied(this).#move('failover', request, options)
  }

  /**
   * Creates a flexible IP and waits until it is attached to `serverId`, within one `totalTimeoutMs`. If the
   * wait fails, its `WaitError` names the flexible IP and holds its last known state: after 5 seconds at rest
   * on another server, or on none, too. An abort after the create was sent rejects with an `IncompleteError`.
   */
  createAndAttach(request: types.CreateFlexibleIPRequest & { serverId: string }, options?: CreateOptions): Promise<types.FlexibleIP> {
    return unproxied(this).#call('createAndAttach', request, options, decodeOne('createAndAttach'))
  }

  /**
   * Finds the flexible IP of an address: IPv4 or IPv6 in any spelling, with or without a prefix, or any
   * address of an IPv6 block. Searches the zone of the request, else the client's `defaultZone`, else all.
   * `undefined` means that every list was whole and none has the address. `totalTimeoutMs` counts for all
   * pages and zones together.
   */
  findByIp(address: string, request: Omit<types.ListFlexibleIPsRequest, 'page'> = {}, options?: CallOptions): Promise<types.FlexibleIP | undefined> {
    const client = unproxied(this)
    const inOneZone = client.#defaults.zone !== undefined || orUndefined(() => request.zone) !== undefined
    const redaction = client.#redaction(options)
    return findByIp(address, redaction, () => (inOneZone ? client.#pages('findByIp', request, options) : undefined), () => client.#listAllZones('findByIp', request, options))
  }

  /** The client's zone, Project and page size for requests that leave them out. */
  get defaults(): ClientDefaults {
    return unproxied(this).#defaults
  }

  /** The operations, each with the status, the headers and the request id of its response. */
  get withResponse(): OperationsWithResponse {
    const client = unproxied(this)
    return operationsWithResponse((operation, request, options, decode) => client.#call(operation, request, options, decode))
  }

  #redaction(options: CallOptions | undefined): Redaction {
    if (options === undefined) return this.#ownRedaction
    return redactionOf(() => [...this.#secrets(), ...secretsOfOptions(options)])
  }

  /** Starts a call; its outcome becomes a result, its report an error without secrets. */
  #settle<T>(method: string, request: unknown, options: CallOptions | undefined, result: ReadOutcome<T>, onReport?: (report: Report) => void, how: Pick<MethodCall, 'reads' | 'zone'> = {}): Promise<T> {
    const end = this.#noteSecrets(options)
    const promise = this.#calls.start({ method, request: valueText(request), own: readOptions(options), ...how })
    return this.#settled(promise, options, end, result, onReport)
  }

  #settled<T>(promise: Promise<unknown>, options: CallOptions | undefined, end: () => void, result: ReadOutcome<T>, onReport?: (report: Report) => void): Promise<T> {
    // Not of what is returned: a rejection that no caller handles must count as unhandled.
    promise.then(end, end)
    return settle(promise, this.#redaction(options), result, onReport)
  }

  /** Keeps the secrets in the options of a call out of events; returns the function that ends it. */
  #noteSecrets(options: CallOptions | undefined): () => void {
    const secrets = secretsOfOptions(options)
    if (secrets.length === 0) return noEnd
    this.#secretsOfCalls.add(secrets)
    return () => void this.#secretsOfCalls.delete(secrets)
  }

  #listAll(method: string, request: types.ListFlexibleIPsRequest, options: CallOptions | undefined, zone?: string, onReport?: (report: Report) => void): Promise<types.FlexibleIP[]> {
    return this.#settle(method, request, options, decodeMany(method), onReport, { reads: 'all', zone })
  }

  #listAllZones(method: string, request: types.ListFlexibleIPsRequest, options: CallOptions | undefined): Promise<AllZones> {
    return listAllZones((zone, onReport) => this.#listAll(method, request, options, zone, onReport))
  }

  #pages(method: string, request: types.ListFlexibleIPsRequest, options: CallOptions | undefined): AsyncGenerator<types.ListFlexibleIPsResponse, void, undefined> {
    const redaction = this.#redaction(options)
    // A generator that is never asked for a page starts nothing.
    let endOfSecrets = (): void => undefined
    const start = (onPage: (outcome: Outcome) => void) => {
      endOfSecrets = this.#noteSecrets(options)
      const begun = this.#calls.begin({ method, request: valueText(request), own: readOptions(options), reads: 'pages', onPage: onPage as (outcome: unknown) => void })
      if (begun instanceof Driver) return begun.start()
      return { promise: Promise.reject(begun), next: () => undefined, stop: () => undefined }
    }
    const end: Parameters<typeof readPages<Outcome>>[2] = (promise, result, onReport) => {
      promise.then(() => endOfSecrets(), () => endOfSecrets())
      return settle(promise, redaction, result, onReport)
    }
    return readPages(start, () => this.#changes, end, (outcome) => decodeOutcome('listFlexibleIPs', outcome, redaction, method))
  }

  #move(method: 'ensureAttached' | 'failover', request: unknown, options: CallOptions | undefined): Promise<types.FlexibleIP[] | types.MoveStep[]> {
    const count = () => this.#count({ ofIps: 1 })
    count()
    const decode = decodeMove(method)
    const decodeAndCount: typeof decode = (outcome, redaction) => {
      count()
      return decode(outcome, redaction)
    }
    return this.#settle(method, request, options, decodeAndCount, count)
  }

  #count({ ofLists = 0, ofIps = 0 }: Partial<Changes>): void {
    if (ofLists + ofIps > 0) this.#changes = { ofLists: this.#changes.ofLists + ofLists, ofIps: this.#changes.ofIps + ofIps }
  }

  #result<Name extends OperationName>(
    operation: Name,
    request: Operations[Name]['request'],
    options: CallOptions | undefined,
  ): Promise<Operations[Name]['result']> {
    return this.#call(operation, request, options, (outcome, redaction) => decodeOutcome(operation, outcome, redaction))
  }

  #call<T>(operation: OperationName | 'createAndAttach', request: unknown, options: CallOptions | undefined, decode: ReadOutcome<T>): Promise<T> {
    const isCreate = operation === 'createFlexibleIP' || operation === 'createAndAttach'
    const isRead = operation === 'getFlexibleIP' || operation === 'listFlexibleIPs'
    const count = () => this.#count({ ofLists: isCreate || operation === 'deleteFlexibleIP' ? 1 : 0, ofIps: isRead ? 0 : 1 })
    count()
    const decodeAndCount: ReadOutcome<T> = (outcome, redaction) => {
      count()
      return decode(outcome, redaction)
    }
    const end = this.#noteSecrets(options)
    const call: MethodCall = { method: operation, request: valueText(request), own: readOptions(options) }
    const shared = isCreate ? this.#creates.start(call) : undefined
    if (shared) return this.#settled(shared, options, end, decodeAndCount, count)
    const plain = this.#calls.plain(call)
    if (plain === undefined) return this.#settled(this.#calls.start(call), options, end, decodeAndCount, count)
    if ('code' in plain) return this.#settled(Promise.reject(plain), options, end, decodeAndCount, count)
    return new Promise((resolve, reject) => {
      const redaction = this.#redaction(options)
      let stopListening: (() => void) | undefined
      const onSuccess = (outcome: Outcome): boolean => {
        let result: T
        try {
          result = decode(outcome, redaction)
        } catch {
          // Not what the API promises: the machine says what that means.
          return false
        }
        stopListening?.()
        end()
        count()
        resolve(result)
        return true
      }
      const exchange = this.#calls.send(plain, call, onSuccess, (machine) => {
        stopListening?.()
        this.#settled(machine, options, end, decodeAndCount, count).then(resolve, reject)
      })
      const { signal } = call.own
      if (signal) stopListening = onAbort(signal, () => exchange.stop())
      // A moment later, so that nothing is sent if the caller aborts at once.
      void Promise.resolve().then(() => exchange.start())
    })
  }
}

const noEnd = () => undefined

/** The options that the transport uses; none if they cannot be read. */
function transportOptions(options: ClientOptions): TransportOptions {
  return (
    orUndefined(() => {
      const { fetch, secretKey, sessionToken, maxConcurrency, onEvent } = options
      return { fetch, secretKey, sessionToken, maxConcurrency, onEvent }
    }) ?? {}
  )
}

/** The defaults in the options, which the core has checked. */
function defaultsOf(options: ClientOptions): ClientDefaults {
  const [zone, projectId, pageSize] = [orUndefined(() => options.defaultZone), orUndefined(() => options.defaultProjectId), orUndefined(() => options.defaultPageSize)]
  return Object.freeze({ ...(isPresent(zone) && { zone }), ...(isPresent(projectId) && { projectId }), ...(isPresent(pageSize) && { pageSize }) })
}

const isPresent = <T>(value: T | undefined): value is T => value !== undefined && value !== null

/** Whether this runs in a page or one of its workers, where a `User-Agent` header would cause a CORS preflight. */
function isPage(): boolean {
  return 'document' in globalThis || 'WorkerGlobalScope' in globalThis
}
