// One exchange: a request that is sent with `fetch`, and its completion.
import type { Completion } from './completion.js'
import { type ExchangeContext, emitRequest, emitResponse } from './emit.js'
import type { ClientEventListener } from './events.js'
import type { Fetch, FetchInit } from './fetch.js'
import { type RequestHeaders, type SignalSource, prepareInit, refusesCache } from './fetch-init.js'
import { copyError, isUnsent, messageOf } from './foreign-error.js'
import { type KeyProvider, type KeySource, type SecretKey, withoutKeyLike } from './key-provider.js'
import { type Redaction, redactionOf } from './redaction.js'
import { readResponse, readText } from './response.js'
import { isAborted } from './signals.js'
import { shorten, textMax } from './shorten.js'
import { Slots } from './slots.js'
import { startTimer } from './timing.js'

/** The options that only the transport uses. The core refuses options that cannot be read. */
export interface TransportOptions {
  fetch?: Fetch | undefined
  secretKey?: SecretKey | undefined
  sessionToken?: string | undefined
  maxConcurrency?: number | undefined
  onEvent?: ClientEventListener | undefined
}

/** What all exchanges of a client share. */
export class Transport {
  readonly fetch: Fetch | undefined
  readonly sessionToken: string | undefined
  readonly maxConcurrency: number | undefined
  readonly onEvent: ClientEventListener | undefined
  readonly slots: Slots | undefined
  readonly redaction: Redaction
  /** Whether the platform's `fetch` knows the field `cache`. */
  setsCache = true

  /** `keys` gives the keys, `secrets` all that is secret, and `now` the time of a clock that never goes back. */
  constructor(
    options: TransportOptions,
    readonly keys: KeyProvider,
    readonly secrets: () => readonly string[],
    readonly now: () => number,
  ) {
    this.fetch = options.fetch
    this.sessionToken = options.sessionToken
    this.maxConcurrency = options.maxConcurrency
    this.onEvent = options.onEvent
    this.slots = options.maxConcurrency === undefined ? undefined : new Slots(options.maxConcurrency)
    this.redaction = redactionOf(secrets)
  }
}

/** A request to send. */
export interface Sending {
  method: FetchInit['method']
  url: string
  headers: RequestHeaders
  body: string | undefined
  /** The secrets in the headers that the client's options do not have. */
  secrets: readonly string[]
  /** The longest time for the response, from the sending on. */
  timeoutMs: number
  /** The time until the deadline of the call, from now. */
  timeLeftMs: number
  /** Whether the `secretKey` function is asked for a new key. */
  renewsKey: boolean
  signal: AbortSignal | undefined
  /** What has to resolve before anything else. Its rejection ends the exchange early. */
  before?: (() => Promise<void>) | undefined
  /** What the events of the exchange need; `undefined` without a listener. */
  context: ExchangeContext | undefined
}

/** How many exchanges had events. */
let exchanges = 0

/** One attempt at a request. It completes once, whatever `fetch` does, and leaves no timer behind. */
export class Exchange implements SignalSource {
  /** When it was started. */
  readonly startedAt: number
  /** Whether `fetch` was called. */
  isSent = false
  #isComplete = false
  /** Its number in events; 0 before the first. */
  #number = 0
  #sentAt = 0
  #timeLeftMs: number
  #key: KeySource
  readonly #redaction: Redaction
  #controller: AbortController | undefined
  #leaveSlot: (() => void) | undefined
  #stopTimer: (() => void) | undefined
  /** What is limited now: from when on, to how many milliseconds, and what follows. */
  #limitFrom = 0
  #limitMs = 0
  #limitPassed: ((limitMs: number) => void) | undefined

  /** `complete` is called once. */
  constructor(
    readonly transport: Transport,
    readonly sending: Sending,
    readonly complete: (completion: Completion) => void,
  ) {
    this.#timeLeftMs = sending.timeLeftMs
    const { secrets } = sending
    this.#redaction = secrets.length === 0 ? transport.redaction : redactionOf(() => [...transport.secrets(), ...secrets])
    this.startedAt = transport.now()
  }

  /** Sends the request as soon as `before` has resolved, and there is a slot and a key. */
  start(): void {
    if (this.#isComplete) return
    const { before } = this.sending
    if (!before) return this.#enter()
    this.#limitSafely(Infinity, (limitMs) => this.#end({ kind: 'timedOut', status: 0, text: '', limitMs, unsent: true, withheld: true, cause: new Error(`the function beforeRetry did not settle within ${limitMs} ms`) }))
    if (this.#isComplete) return
    // It has no slot yet: it may send requests with the same client.
    before().then(
      () => {
        if (!this.#hasEnded()) this.#enter()
      },
      () => this.stop(),
    )
  }

  #enter(): void {
    const { slots, maxConcurrency } = this.transport
    if (!slots) return this.#begin()
    let hasBegun = false
    this.#leaveSlot = slots.enter(() => {
      hasBegun = true
      this.#begin()
    })
    if (this.#isComplete) return this.#leaveSlot()
    if (!hasBegun) this.#limitSafely(Infinity, (ms) => this.#fail(new Error(`none of the ${maxConcurrency} slots of maxConcurrency was free within ${ms} ms`), ms))
  }

  /** What `fetch` receives. Aborted when the exchange ends early. */
  get signal(): AbortSignal | undefined {
    return this.#abortion()?.signal
  }

  /** Ends the exchange early. */
  stop(): void {
    const withheld = !this.isSent
    this.#end({ kind: 'aborted', status: 0, text: '', unsent: withheld, withheld })
  }

  /** Moves the deadline of the call. */
  extend(byMs: number): void {
    this.#timeLeftMs += byMs
    if (!this.#isComplete && this.#limitPassed) this.#startTimer(this.transport.now() - this.#limitFrom)
  }

  #begin(): void {
    const { keys } = this.transport
    try {
      const key = keys.get(this.sending.renewsKey)
      this.#key = key
      if (typeof key !== 'object') return this.#send(key)
      this.#limit(this.sending.timeoutMs, (ms) => {
        keys.forget(key)
        this.#fail(new Error(`the function secretKey gave no key within ${ms} ms`), ms)
      })
      const fail = (thrown: unknown) => this.#fail(thrown, undefined, withoutKeyLike)
      key.then((secret) => this.#send(secret), fail).catch((thrown: unknown) => this.#fail(thrown))
    } catch (thrown) {
      this.#fail(thrown)
    }
  }

  #send(secret: string | undefined): void {
    if (this.#hasEnded()) return
    const { transport, sending } = this
    // The global fetch is read at each exchange, so that it can be replaced at any time.
    const send = transport.fetch ?? globalThis.fetch
    if (typeof send !== 'function') throw new TypeError('there is no fetch here: set the option fetch')
    this.#limit(sending.timeoutMs, (limitMs) => this.#end({ kind: 'timedOut', status: 0, text: '', limitMs }))
    if (sending.context) {
      const { clean, cleanOwn } = this.#redaction
      this.#number = exchanges += 1
      this.#sentAt = transport.now()
      emitRequest(transport.onEvent, sending.context, { exchange: this.#number, method: sending.method, url: cleanOwn(sending.url), headers: sending.headers.plain, body: sending.body }, clean)
    }
    // The listener may have aborted.
    if (this.#hasEnded()) return
    const init = prepareInit(sending.method, sending.headers.with(secret, transport.sessionToken), sending.body, transport.setsCache, this)
    this.isSent = true
    void this.#receive(send, init)
  }

  async #receive(send: Fetch, init: FetchInit): Promise<void> {
    const { method, url } = this.sending
    try {
      let response
      try {
        response = await send(url, init)
      } catch (thrown) {
        if (!init.cache || !refusesCache(thrown)) throw thrown
        this.transport.setsCache = false
        delete init.cache
        if (this.#hasEnded()) return
        response = await send(url, init)
      }
      this.#finish(readResponse(method, url, response, await readText(response), this.#redaction))
    } catch (thrown) {
      this.#fail(thrown)
    }
  }

  /** Limits what comes next to `ms` and to the time that is left. Throws if none is left. */
  #limit(ms: number, passed: (limitMs: number) => void): void {
    this.#limitFrom = this.transport.now()
    this.#limitMs = ms
    this.#limitPassed = passed
    this.#startTimer(0)
  }

  #startTimer(elapsedMs: number): void {
    this.#stopTimer?.()
    const limitMs = Math.min(this.#limitMs, Math.ceil(this.#timeLeftMs - (this.#limitFrom - this.startedAt)))
    if (limitMs <= 0) throw new Error('the time of the call had passed before the request was sent')
    this.#stopTimer = startTimer(limitMs - elapsedMs, () => this.#limitPassed?.(limitMs))
  }

  #limitSafely(ms: number, passed: (limitMs: number) => void): void {
    try {
      this.#limit(ms, passed)
    } catch (thrown) {
      this.#fail(thrown)
    }
  }

  #hasEnded(): boolean {
    // The machine learns of an abort a moment later, and in that moment nothing is sent.
    if (isAborted(this.sending.signal)) this.stop()
    return this.#isComplete
  }

  /** `limitMs` is the time that has passed, if `thrown` says so. `cleanMore` takes out what may be secret besides. */
  #fail(thrown: unknown, limitMs?: number, cleanMore: (text: string) => string = String): void {
    if (this.#isComplete) return
    const clean = (text: string) => cleanMore(this.#redaction.clean(text))
    const unsent = !this.isSent || isUnsent(thrown)
    const broken: Completion = { kind: 'broken', status: 0, text: shorten(clean(messageOf(thrown)), textMax), unsent, withheld: !this.isSent, cause: copyError(thrown, clean) }
    this.#finish(limitMs === undefined ? broken : { ...broken, limitMs })
  }

  #end(completion: Completion): void {
    if (this.#isComplete) return
    this.#finish(completion)
    // The controller is made by now at the latest: a wrapped `fetch` may read the signal later.
    this.#abortion()?.abort()
  }

  /** Without an AbortController there is no signal: the exchange ends all the same. */
  #abortion(): AbortController | undefined {
    return (this.#controller ??= typeof AbortController === 'undefined' ? undefined : new AbortController())
  }

  #finish(completion: Completion): void {
    if (this.#isComplete) return
    this.#isComplete = true
    this.#stopTimer?.()
    // Freed here, because a `fetch` that never ends must not keep its slot.
    this.#leaveSlot?.()
    const { transport, sending } = this
    if (completion.status === 401) transport.keys.refuse(this.#key)
    if (sending.context && this.#number > 0) {
      const { clean, cleanOwn } = this.#redaction
      emitResponse(transport.onEvent, sending.context, { exchange: this.#number, method: sending.method, url: cleanOwn(sending.url), completion, durationMs: transport.now() - this.#sentAt, clean })
    }
    this.complete(completion)
  }
}
