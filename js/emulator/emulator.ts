// `FlexibleIpEmulator`: the public face of the emulator.
import type { EmulatedServer, EmulatorSettings, FaultRule, JournalEntry, ListedFault, Timing } from '../../build/emulator/flexip.js'
import type { FlexibleIPStatus } from '../../build/client/flexip.js'
import { ConfigurationError } from '../errors/index.js'
import { dripBody } from './body-drip.js'
import { Clock } from './clock.js'
import { checkGlobals, readFetchRequest } from './fetch-request.js'
import { connectionError, isRedirection, withCutBody, withDrippingBody, withoutBody } from './fetch-response.js'
import { EmulatorHost } from './host.js'
import { type FirstServer, asServer, readOptions } from './inputs.js'
import { registerHost } from './internals.js'

/** Creates the host of an emulator with these options. With a snapshot, it begins with that state. In a replay, only the replayed inputs move its clock. */
export function createHost(options: EmulatorOptions, snapshot?: string, { isReplay = false } = {}): EmulatorHost {
  const { clock: kind, startsAt, servers, faults, settings } = readOptions(options)
  const clock = new Clock(kind, startsAt)
  if (isReplay) clock.hold()
  return new EmulatorHost({ settings, clock, servers, faults, ...(snapshot !== undefined && { snapshot }) })
}

/** The options of an emulator: its settings, each with a default, and its clock. */
export interface EmulatorOptions extends Partial<EmulatorSettings> {
  /** The secret key that requests must carry in `X-Auth-Token`. If absent, it is derived from the seed. */
  secretKey?: string
  /** A session token that is accepted in `X-Session-Token` besides the secret key. */
  sessionToken?: string
  /**
   * `real`: transitions take their time. `manual`: time moves only by `advance`, from `startsAt` on, so that the
   * same seed gives the same run. `real` if absent.
   */
  clock?: 'real' | 'manual'
  /** Where a manual clock starts. 2026-01-01T00:00:00Z if absent. */
  startsAt?: Date
  /** Servers that exist from the start, and again after `reset`. */
  servers?: readonly FirstServer[]
  /** Fault rules that exist from the start, and again after `reset`. */
  faults?: readonly FaultRule[]
}

/**
 * The Flexible IP API in the same process. It needs no account and no network.
 *
 * @example
 * import { FlexibleIpEmulator } from 'flexip/emulator'
 *
 * const emulator = new FlexibleIpEmulator({ seed: 1, timing: 'recorded', clock: 'manual' })
 * const server = emulator.addServer({ zone: 'fr-par-1', name: 'web-1' })
 * const url = 'https://api.scaleway.com/flexible-ip/v1alpha1/zones/fr-par-1/fips'
 * const response = await emulator.fetch(url, { headers: { 'X-Auth-Token': emulator.secretKey } })
 * response.status // 200
 */
export class FlexibleIpEmulator {
  /** The name of the class. Minifying cannot change it. */
  static get name(): string {
    return 'FlexibleIpEmulator'
  }
  readonly #host: EmulatorHost

  /** Throws a `ConfigurationError` when a setting is invalid. */
  constructor(options: EmulatorOptions = {}) {
    this.#host = options instanceof EmulatorHost ? options : createHost(options)
    registerHost(this, this.#host)
  }

  /** The secret key that requests must carry in `X-Auth-Token`. */
  get secretKey(): string {
    return this.#host.core.secretKey
  }

  /** The id of the default Project. */
  get projectId(): string {
    return this.#host.core.projectId
  }

  /** The id of the Organization. */
  get organizationId(): string {
    return this.#host.core.organizationId
  }

  /** The time of the emulator's clock. */
  get now(): Date {
    return new Date(this.#host.clock.now())
  }

  /**
   * Handles a request as the service does. Pass it to a client, put it in the place of the global `fetch`, or
   * call it in a service worker. The host of the URL does not matter, and a path alone will do. Rejects with a
   * `TypeError` where any other `fetch` does.
   */
  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    checkGlobals()
    const { url, method, headers, body, signal, redirect } = await readFetchRequest(input, init)
    // While the body was read.
    if (signal?.aborted) throw signal.reason
    const { clock } = this.#host
    const { response, delayMs, dropped, reset, cut, pieces, overMs } = this.#host.handleFetch(method, url.pathname + url.search, headers, body)
    const durable = this.#host.whenDurable?.()
    if (durable) await durable
    if (delayMs > 0) await clock.sleep(delayMs, signal)
    if (dropped) throw connectionError('the connection was closed', 'UND_ERR_SOCKET')
    if (reset) throw connectionError('the connection was reset', 'ECONNRESET')
    if (redirect === 'error' && isRedirection(response)) throw new TypeError('fetch failed', { cause: new Error('unexpected redirect') })
    // As of a connection: there is nothing that could drip or break off either.
    if (method === 'HEAD') return withoutBody(response)
    if (pieces !== undefined && overMs !== undefined) {
      const bytes = new Uint8Array(await response.arrayBuffer())
      return withDrippingBody(response, (ended) => dripBody(bytes, { pieces, overMs }, clock, ended), signal)
    }
    return cut ? withCutBody(response) : response
  }

  /** Moves a manual clock forward by this many milliseconds. All transitions that fall due are made. */
  advance(ms: number): void {
    this.#host.checkOpen()
    const refusal = this.#host.clock.advance(ms)
    if (refusal) throw new ConfigurationError(refusal)
    this.#host.call('settle')
  }

  /** The time until the next transition, in milliseconds; `undefined` if none is under way. */
  msToNextTransition(): number | undefined {
    const next = this.#host.core.nextTransitionAt()
    return next === undefined ? undefined : Math.max(0, next - this.#host.clock.now())
  }

  /** Adds an Elastic Metal server, to which flexible IPs of its zone can be attached. */
  addServer(server: { zone: string; name?: string }): EmulatedServer {
    const { zone, name = 'server' } = asServer(server, 'a server') as typeof server
    return this.#host.call('addServer', zone, name) as EmulatedServer
  }

  /** Deletes a server. Its flexible IPs are detached a little later, and are not deleted. Returns whether the server existed. */
  removeServer(id: string): boolean {
    return this.#host.call('removeServer', id) as boolean
  }

  /** The servers. */
  get servers(): EmulatedServer[] {
    return this.#host.servers
  }

  /**
   * Puts a flexible IP into a status that no request leads to, such as `locked` or `error`, and ends its
   * transition, if one is under way. Returns whether the flexible IP exists.
   */
  forceStatus(fipId: string, status: FlexibleIPStatus): boolean {
    return this.#host.call('forceStatus', fipId, status) as boolean
  }

  /** Sets how long transitions take, from the next one on. */
  setTiming(timing: Timing): void {
    this.#host.call('setTiming', timing)
  }

  /** Adds a fault rule: which requests fail, when and how. Returns the id of the rule. */
  addFault(rule: FaultRule): number {
    return this.#host.call('addFault', rule) as number
  }

  /** The fault rules, in the order in which they were added, with what each did so far. */
  get faults(): ListedFault[] {
    return this.#host.faults
  }

  /** Removes a fault rule. Returns whether the rule existed. */
  removeFault(id: number): boolean {
    return this.#host.call('removeFault', id) as boolean
  }

  /** Removes all fault rules. The next rule gets the id 1. */
  clearFaults(): void {
    this.#host.call('clearFaults')
  }

  /** The latest requests, oldest first, without secrets. */
  get journal(): JournalEntry[] {
    return this.#host.journal
  }

  /** Empties the journal. */
  clearJournal(): void {
    this.#host.core.clearJournal()
  }

  /** Returns the whole state as a string, with the time, and without settings, journal and secrets. */
  snapshot(): string {
    return this.#host.snapshot()
  }

  /** Replaces the whole state by that of a snapshot, and sets a manual clock to its time. Throws a `ConfigurationError`, with the state unchanged, when it is not one, or is not a possible state. */
  restore(snapshot: string): void {
    this.#host.call('restore', snapshot)
  }

  /** Returns to the state at the start: the first servers, fault rules and population, an empty journal. Sets a manual clock back to its start, and a real one to the system's time. */
  reset(): void {
    this.#host.call('reset')
  }
}
