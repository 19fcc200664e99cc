// One exchange: a request that is sent with `fetch`, and its completion.
import { type Completion, CompletionKind } from './completion.js'
import { type ExchangeContext, emitRequest, emitResponse } from './emit.js'
import type { ClientEventListener } from './events.js'
import type { Fetch, FetchInit } from './fetch.js'
import { prepareInit, refusesCache } from './fetch-init.js'
import { copyError, isUnsent, messageOf } from './foreign-error.js'
import { KeyProvider, type KeySource, type SecretKey } from './key-provider.js'
import { redact } from './redaction.js'
import { readResponse, textMax } from './response.js'
import { isAborted } from './signals.js'
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

/** Makes the function that starts exchanges. It calls `complete` once for each number. */
export function createExchange(
  { fetch, secretKey, sessionToken, maxConcurrency, onEvent }: TransportOptions,
  now: () => number,
  complete: (number: number, completion: Completion) => void,
) {
  const keys = new KeyProvider(secretKey)
  const slots = maxConcurrency === undefined ? undefined : new Slots(maxConcurrency)
  const clean = (text: string) => redact(sessionToken === undefined ? keys.known : [...keys.known, sessionToken], text)
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
  ): (() => void) => {
    const { init, abort } = prepareInit(method, { ...headers }, body, setsCache)
    const startedAt = now()
    let isSent = false
    let isComplete = false
    let key: KeySource
    let leaveSlots: (() => void) | undefined
    let stopTimer: (() => void) | undefined

    const finish = (completion: Completion) => {
      if (isComplete) return
      isComplete = true
      stopTimer?.()
      // Freed here, because a `fetch` that never ends must not keep its slot.
      leaveSlots?.()
      if (completion.status === 401) keys.refuse(key)
      if (context) emitResponse(onEvent, context, { method, url, completion, durationMs: now() - startedAt, clean })
      complete(number, completion)
    }
    const end = (completion: Completion) => {
      if (isComplete) return
      finish(completion)
      abort()
    }
    const stop = () => end({ kind: CompletionKind.Aborted, status: 0, text: '', unsent: !isSent })
    const fail = (thrown: unknown) => {
      if (isComplete) return
      const unsent = !isSent || isUnsent(thrown)
      finish({ kind: CompletionKind.Broken, status: 0, text: clean(messageOf(thrown)).slice(0, textMax), unsent, cause: copyError(thrown, clean) })
    }
    /** Limits what comes next to `ms` and to the time that is left. Throws if none is left. */
    const limit = (ms: number, passed: (limitMs: number) => void) => {
      stopTimer?.()
      const limitMs = Math.min(ms, Math.ceil(timeLeftMs - (now() - startedAt)))
      if (limitMs <= 0) throw new Error('the time of the call had passed before the request was sent')
      stopTimer = startTimer(limitMs, () => passed(limitMs))
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
          fail(new Error(`the function secretKey gave no key within ${ms} ms`))
        })
      }
      const secret = await key
      if (hasEnded()) return
      if (context) emitRequest(onEvent, context, { method, url, headers: init.headers })
      if (secret !== undefined) init.headers['X-Auth-Token'] = secret
      if (sessionToken !== undefined) init.headers['X-Session-Token'] = sessionToken
      // The global fetch is read at each exchange, so that it can be replaced at any time.
      const sendNow = fetch ?? globalThis.fetch
      if (typeof sendNow !== 'function') throw new TypeError('there is no fetch here: set the option fetch')
      limit(timeoutMs, (limitMs) => end({ kind: CompletionKind.TimedOut, status: 0, text: '', limitMs }))
      // The listener may have aborted.
      if (hasEnded()) return
      isSent = true
      const response = await respond(sendNow)
      finish(readResponse(method, url, response, await response.text(), clean))
    }
    const begin = () => {
      leaveSlots = slots && (() => slots.free())
      send().catch(fail)
    }
    if (!slots || slots.take()) {
      begin()
    } else {
      limit(timeLeftMs, (ms) => fail(new Error(`none of the ${maxConcurrency} slots of maxConcurrency was free within ${ms} ms`)))
      leaveSlots = slots.wait(begin)
    }
    return stop
  }
}
