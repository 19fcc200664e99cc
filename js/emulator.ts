// flexip/emulator: the Flexible IP API in the same process, as a `fetch` function.
import type { EmulatedServer, EmulatorSettings, FaultRule, JournalEntry, Timing } from '../build/emulator/flexip.js'
import type { FlexibleIPStatus } from '../build/client/flexip.js'
import { Clock, usualStart } from './clock.js'
import { dripping } from './drip.js'
import { Emulation, type FirstServer } from './emulation.js'
import { ConfigurationError } from './errors/index.js'
import { showInnards } from './innards.js'

export type { FirstServer } from './emulation.js'
export { ConfigurationError, FlexipError, isFlexipError } from './errors/index.js'
export type {
  Delays,
  Drip,
  EmulatedServer,
  EmulatorSettings,
  Fault,
  FaultDelay,
  FaultRule,
  FaultStatus,
  JournalEntry,
  RateGate,
  Spread,
  Timing,
} from '../build/emulator/flexip.js'

/** The options of an emulator: its settings, each with a default, and its clock. */
export interface EmulatorOptions extends Partial<EmulatorSettings> {
  /** The secret key that requests must carry in `X-Auth-Token`. Without one it follows from the seed. */
  secretKey?: string
  /** A session token that is accepted in `X-Session-Token` beside the secret key. */
  sessionToken?: string
  /**
   * `real`: transitions take their time. `manual`: time stands still but for `advance`; it begins at
   * `startsAt`, so that the same seed gives the same run. `real` if absent.
   */
  clock?: 'real' | 'manual'
  /** Where a manual clock begins. 2026-01-01T00:00:00Z if absent. */
  startsAt?: Date
  /** Servers that are there from the start, and again after `reset`. */
  servers?: readonly FirstServer[]
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
 * const answer = await emulator.fetch(url, { headers: { 'X-Auth-Token': emulator.secretKey } })
 * answer.status // 200
 */
export class FlexibleIpEmulator {
  /** The name of the class, also where minifying gives it another. */
  static readonly name: string = 'FlexibleIpEmulator'
  readonly #emulation: Emulation

  /** Throws a `ConfigurationError` when a setting cannot be. */
  constructor({ clock = 'real', startsAt = new Date(usualStart), servers = [], ...settings }: EmulatorOptions = {}) {
    this.#emulation = new Emulation({ settings, clock: new Clock(clock, startsAt), servers })
    showInnards(this, this.#emulation)
  }

  /** The secret key that requests must carry in `X-Auth-Token`. */
  get secretKey(): string {
    return this.#emulation.core.secretKey
  }

  /** The default Project. */
  get projectId(): string {
    return this.#emulation.core.projectId
  }

  /** The Organization. */
  get organizationId(): string {
    return this.#emulation.core.organizationId
  }

  /** What time it is here. */
  get now(): Date {
    return new Date(this.#emulation.clock.now())
  }

  /**
   * Answers a request as the service does. It is a `fetch`: it can be handed to a client, stand in
   * for the global one, or answer a service worker's. The host of the URL does not matter.
   */
  readonly fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const { url, method, headers, body, signal } = await plain(input, init)
    signal?.throwIfAborted()
    const { clock } = this.#emulation
    const { response, delayMs, dropped, reset, cut, pieces, overMs } = this.#emulation.respond(method, url.pathname + url.search, headers, body)
    if (delayMs > 0) await clock.sleep(delayMs, signal)
    if (dropped) throw broken('the connection was closed', 'UND_ERR_SOCKET')
    if (reset) throw broken('the connection was reset', 'ECONNRESET')
    if (pieces !== undefined && overMs !== undefined) {
      const bytes = new Uint8Array(await response.arrayBuffer())
      return slow(response, (unread) => dripping(bytes, { pieces, overMs }, clock, unread), signal)
    }
    return cut ? breakingOff(response) : response
  }

  /** Moves a manual clock on by this many milliseconds, through everything that falls due. */
  advance(ms: number): void {
    const refusal = this.#emulation.clock.advance(ms)
    if (refusal) throw new ConfigurationError(refusal)
    this.#emulation.do('settle')
  }

  /** In how many milliseconds something happens next by itself; `undefined` if nothing will. */
  msToNextTransition(): number | undefined {
    const next = this.#emulation.core.nextTransitionAt()
    return next === undefined ? undefined : Math.max(0, next - this.#emulation.clock.now())
  }

  /** Adds an Elastic Metal server, which flexible IPs of its zone can be attached to. */
  addServer({ zone, name = 'server' }: { zone: string; name?: string }): EmulatedServer {
    return this.#emulation.do('addServer', zone, name) as EmulatedServer
  }

  /** Deletes a server. Its flexible IPs are detached a little later, and stay yours. Says whether there was one. */
  removeServer(id: string): boolean {
    return this.#emulation.do('removeServer', id) as boolean
  }

  /** The servers. */
  get servers(): EmulatedServer[] {
    return this.#emulation.servers
  }

  /**
   * Puts a flexible IP into a status that no request leads to, such as `locked` or `error`, and ends
   * what the service was doing to it. Says whether there is such an IP.
   */
  forceStatus(fipId: string, status: FlexibleIPStatus): boolean {
    return this.#emulation.do('forceStatus', fipId, status) as boolean
  }

  /** Sets how long transitions take, from the next one on. */
  setTiming(timing: Timing): void {
    this.#emulation.do('setTiming', timing)
  }

  /** Lets requests fail: which, when and how. */
  addFault(rule: FaultRule): void {
    this.#emulation.do('addFault', rule)
  }

  /** Forgets all faults. */
  clearFaults(): void {
    this.#emulation.do('clearFaults')
  }

  /** The latest requests, oldest first, without secrets. */
  get journal(): JournalEntry[] {
    return this.#emulation.journal
  }

  /** Forgets the requests so far. */
  clearJournal(): void {
    this.#emulation.core.clearJournal()
  }

  /** All that is held, as a text: no settings, no journal, no secrets. */
  snapshot(): string {
    return this.#emulation.core.snapshot()
  }

  /** Holds what a snapshot says, and nothing else. */
  restore(snapshot: string): void {
    this.#emulation.do('restore', snapshot)
  }

  /** Holds what it held at its start: the first servers, no flexible IP, no fault, no journal. A manual clock is where it began. */
  reset(): void {
    this.#emulation.do('reset')
  }
}

interface PlainRequest {
  url: URL
  method: string
  /** Names and values in turn. */
  headers: string[]
  body: Uint8Array
  signal: AbortSignal | null | undefined
}

/** Takes a request apart. Bodies other than texts are left to the platform's own `Request`. */
async function plain(input: string | URL | Request, init: RequestInit): Promise<PlainRequest> {
  const base = 'http://emulator.invalid'
  const { body } = init
  if ((typeof input === 'string' || input instanceof URL) && (typeof body === 'string' || body === undefined || body === null)) {
    const headers = Object.entries(init.headers instanceof Headers ? Object.fromEntries(init.headers) : (init.headers ?? {}))
    const method = (init.method ?? 'GET').toUpperCase()
    const pairs = Array.isArray(init.headers) ? init.headers : headers
    return { url: new URL(input, base), method, headers: pairs.flat(), body: new TextEncoder().encode(body ?? ''), signal: init.signal }
  }
  const request = input instanceof Request ? new Request(input, init) : new Request(new URL(input, base), init)
  const bytes = new Uint8Array(await request.arrayBuffer())
  return { url: new URL(request.url), method: request.method, headers: [...request.headers].flat(), body: bytes, signal: request.signal }
}

/** What a `fetch` throws: in Node the codes are these. */
function broken(message: string, code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) })
}

/** The answer with a body that comes as these pieces do, until the signal ends it or nobody reads on. */
function slow(response: Response, drip: (unread: AbortSignal) => AsyncGenerator<Uint8Array, void>, signal: AbortSignal | null | undefined): Response {
  const unread = new AbortController()
  const leave = () => unread.abort(signal?.reason)
  if (signal?.aborted) leave()
  signal?.addEventListener('abort', leave, { signal: unread.signal })
  const pieces = drip(unread.signal)
  const body = new ReadableStream<Uint8Array<ArrayBufferLike>>({
    async pull(stream) {
      const { value, done } = await pieces.next()
      if (!done) return stream.enqueue(value)
      signal?.removeEventListener('abort', leave)
      stream.close()
    },
    cancel: () => unread.abort(),
  })
  const { status, statusText, headers } = response
  return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>, { status, statusText, headers })
}

/** The answer as far as it came: its body breaks off. */
function breakingOff(response: Response): Response {
  const body = response.body?.pipeThrough(
    new TransformStream({
      flush: (controller) => controller.error(new TypeError('terminated')),
    }),
  )
  return new Response(body ?? null, response)
}
