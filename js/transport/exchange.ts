// One exchange: a request that is sent with `fetch`, and its completion.
import { type Completion, CompletionKind } from './completion.js'
import { type ExchangeContext, emitRequest, emitResponse } from './emit.js'
import type { ClientEventListener } from './events.js'
import type { Fetch, FetchInit } from './fetch.js'
import { prepareInit, refusesCache } from './fetch-init.js'
import { copyError, isUnsent, messageOf } from './foreign-error.js'
import type { KeyProvider, KeySource, SecretKey } from './key-provider.js'
import { type Redaction, redactionOf, secretsOf } from './redaction.js'
import { readResponse } from './response.js'
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

/** The function that ends an exchange early, with two more. The core calls all three (`src/wasm/edge.rs`). */
export interface Stop {
  (): void
  /** Whether `fetch` was called. */
  isSent(): boolean
  /** Moves the deadline of the call. */
  extend(byMs: number): void
}

/** Makes the function that starts exchanges. It calls `complete` once for each number. `keys` gives the keys, and `secrets` all that is secret. */
export function createExchange(
  { fetch, sessionToken, maxConcurrency, onEvent }: TransportOptions,
  keys: KeyProvider,
  secrets: () => readonly string[],
  now: () => number,
  complete: (number: number, completion: Completion) => void,
) {
  const slots = maxConcurrency === undefined ? undefined : new Slots(maxConcurrency)
  const common = redactionOf(secrets)
  let setsCache = true

  /**
   * Starts an exchange; returns the function that ends it early. `timeoutMs` counts from the sending, `timeLeftMs`
   * from now. `context` is `undefined` without a listener.
   */
  return (
    url: string,
    method: FetchInit['method'],
    headers: Readonly<Record<string, string>>,
    body: string | undefined,
    timeoutMs: number,
    timeLeftMs: number,
    number: number,
    renewsKey: boolean,
    signal: AbortSignal | undefined,
    context: ExchangeContext | undefined,
  ): Stop => {
    const { init, abort } = prepareInit(method, { ...headers }, body, setsCache)
    const own = secretsOf(init.headers)
    const redaction: Redaction = own.length === 0 ? common : redactionOf(() => [...secrets(), ...own])
    const { clean, cleanOwn } = redaction
    const startedAt = now()
    let isSent = false
    let isEmitted = false
    let isComplete = false
    let key: KeySource
    let leaveSlot: (() => void) | undefined
    let stopTimer: (() => void) | undefined
    let restartTimer: (() => void) | undefined

    const finish = (completion: Completion) => {
      if (isComplete) return
      isComplete = true
      stopTimer?.()
      // Freed here, because a `fetch` that never ends must not keep its slot.
      leaveSlot?.()
      if (completion.status === 401) keys.refuse(key)
      if (context && isEmitted) emitResponse(onEvent, context, { method, url: cleanOwn(url), completion, durationMs: now() - startedAt, clean })
      complete(number, completion)
    }
    const end = (completion: Completion) => {
      if (isComplete) return
      finish(completion)
      abort()
    }
    const stop = () => end({ kind: CompletionKind.Aborted, status: 0, text: '', unsent: !isSent, withheld: !isSent })
    /** `limitMs` is the time that has passed, if `thrown` says so. */
    const fail = (thrown: unknown, limitMs?: number) => {
      if (isComplete) return
      const unsent = !isSent || isUnsent(thrown)
      const broken: Completion = { kind: CompletionKind.Broken, status: 0, text: shorten(clean(messageOf(thrown)), textMax), unsent, withheld: !isSent, cause: copyError(thrown, clean) }
      finish(limitMs === undefined ? broken : { ...broken, limitMs })
    }
    /** Limits what comes next to `ms` and to the time that is left. Throws if none is left. */
    const limit = (ms: number, passed: (limitMs: number) => void) => {
      const from = now()
      const start = () => {
        stopTimer?.()
        const limitMs = Math.min(ms, Math.ceil(timeLeftMs - (from - startedAt)))
        if (limitMs <= 0) throw new Error('the time of the call had passed before the request was sent')
        stopTimer = startTimer(limitMs - (now() - from), () => passed(limitMs))
      }
      start()
      restartTimer = start
    }
    const hasEnded = () => {
      // The core learns of an abort a moment later, and in that moment nothing is sent.
      if (isAborted(signal)) stop()
      return isComplete
    }

    const respond = async (send: Fetch) => {
      try {
        return await send(url, init)
      } catch (thrown) {
        if (!init.cache || !refusesCache(thrown)) throw thrown
        setsCache = false
        delete init.cache
        if (hasEnded()) throw thrown
        return send(url, init)
      }
    }
    const send = async () => {
      key = keys.get(renewsKey)
      if (typeof key === 'object') {
        limit(timeoutMs, (ms) => {
          keys.forget(key)
          fail(new Error(`the function secretKey gave no key within ${ms} ms`), ms)
        })
      }
      const secret = await key
      if (hasEnded()) return
      // The global fetch is read at each exchange, so that it can be replaced at any time.
      const sendNow = fetch ?? globalThis.fetch
      if (typeof sendNow !== 'function') throw new TypeError('there is no fetch here: set the option fetch')
      limit(timeoutMs, (limitMs) => end({ kind: CompletionKind.TimedOut, status: 0, text: '', limitMs }))
      if (context) {
        isEmitted = true
        emitRequest(onEvent, context, { method, url: cleanOwn(url), headers: init.headers }, clean)
      }
      // The listener may have aborted.
      if (hasEnded()) return
      if (secret !== undefined) init.headers['X-Auth-Token'] = secret
      if (sessionToken !== undefined) init.headers['X-Session-Token'] = sessionToken
      isSent = true
      const response = await respond(sendNow)
      finish(readResponse(method, url, response, await response.text(), redaction))
    }
    const begin = () => {
      hasBegun = true
      send().catch((thrown: unknown) => fail(thrown))
    }
    let hasBegun = false
    if (slots) {
      leaveSlot = slots.enter(begin)
      if (!hasBegun) limit(Infinity, (ms) => fail(new Error(`none of the ${maxConcurrency} slots of maxConcurrency was free within ${ms} ms`), ms))
    } else {
      begin()
    }
    const extend = (byMs: number) => {
      timeLeftMs += byMs
      if (!isComplete) restartTimer?.()
    }
    return Object.assign(stop, { isSent: () => isSent, extend })
  }
}
