// Creates with an idempotency key: calls with the same key that are under way at the same time are one.
import type { ClientCore, SharedCall } from '../../build/client/flexip.js'
import type { Report } from '../errors/report.js'
import { emit } from '../transport/emit.js'
import type { ClientEvent, ClientEventListener } from '../transport/events.js'
import { isAborted, onAbort } from '../transport/signals.js'
import { areTimersFake, monotonicClock, startTimer, watchTimers } from '../transport/timing.js'
import type { CreateOptions } from './options.js'
import { orUndefined } from './or-undefined.js'

/** What is the core's, for a call and for calls that share one. */
type Core = Pick<ClientCore, 'call' | 'sharing' | 'share'>

/** Calls the core. Calls that create with the same key, in the same zone, share one call. */
export class SharedCreates {
  readonly #core: Core
  readonly #now = monotonicClock()
  /** By key and zone. */
  readonly #underWay = new Map<string, SharedCreate>()

  constructor(core: Core) {
    this.#core = core
  }

  /** Rejects with a report, as the core does. */
  call(operation: string, request: unknown, options: CreateOptions | undefined): Promise<unknown> {
    const [place, content, timeout] = this.#core.sharing(operation, request, options) ?? []
    const signal = orUndefined(() => options?.signal)
    if (place === undefined || isAborted(signal)) return this.#core.call(operation, request, options)
    let shared = this.#underWay.get(place)
    if (shared && !shared.isLost() && shared.content !== content) return Promise.reject(otherRequest(operation))
    const totalMs = Number(timeout)
    if (!shared || shared.isLost()) {
      const end = () => this.#underWay.get(place) === shared && this.#underWay.delete(place)
      shared = new SharedCreate(content, totalMs, this.#now, (own) => this.#core.share(operation, request, options, own), end)
      this.#underWay.set(place, shared)
    }
    return shared.join(operation, totalMs, signal, orUndefined(() => options?.onEvent))
  }
}

/** One create, and the calls that wait for it. The signal or timeout of one ends only its own waiting. */
class SharedCreate {
  readonly #controller = new AbortController()
  readonly #listeners = new Set<{ onEvent: ClientEventListener | undefined }>()
  readonly #call: SharedCall
  readonly #result: Promise<unknown>
  readonly #areTimersReplaced = watchTimers()
  readonly #isOfTest = areTimersFake()
  #callers = 0
  #isOver = false
  /** The latest of the calls' deadlines, which is that of the create. */
  #deadline: number

  constructor(
    readonly content: string | undefined,
    totalMs: number,
    readonly now: () => number,
    start: (own: object) => SharedCall,
    readonly end: () => void,
  ) {
    this.#deadline = now() + totalMs
    const onEvent = (event: ClientEvent) => this.#listeners.forEach((caller) => emit(undefined, caller.onEvent, event))
    this.#call = start({ signal: this.#controller.signal, onEvent })
    const settle = () => {
      this.#isOver = true
      end()
      this.#call.free()
    }
    this.#result = this.#call.promise
    this.#result.then(settle, settle)
  }

  /** Whether it began under the timers of a test that is over. It may never end. */
  isLost(): boolean {
    return this.#isOfTest && this.#areTimersReplaced()
  }

  /** Waits for the result. */
  join(operation: string, totalMs: number, signal: AbortSignal | undefined, onEvent: ClientEventListener | undefined): Promise<unknown> {
    const deadline = this.now() + totalMs
    if (deadline > this.#deadline) {
      this.#call.extend(deadline - this.#deadline)
      this.#deadline = deadline
    }
    const caller = { onEvent }
    this.#listeners.add(caller)
    this.#callers++
    return new Promise((resolve, reject) => {
      /** Ends the waiting of this call, with the facts of the create as they are now. */
      const give = (report: Partial<Report>) => {
        leave()
        reject(report)
        if (this.#callers === 0) this.#abort()
      }
      const abort = () => {
        if (this.#isOver) return
        const cause: unknown = orUndefined(() => signal?.reason as unknown)
        // The create itself rejects with the reason of the last signal.
        if (this.#callers === 1) return this.#abort(cause)
        give({ ...(this.#call.leave() as Report), cause })
      }
      const passed = () => {
        // The create has the same deadline, and rejects by itself, unless its timers are gone.
        if (this.#isOver || (deadline >= this.#deadline && !this.#areTimersReplaced())) return
        give(stillUnderWay(operation, totalMs, this.#call.leave(totalMs) as Report))
      }
      const stopTimer = startTimer(totalMs, passed)
      const stopListening = signal && onAbort(signal, abort)
      const leave = () => {
        if (!this.#listeners.delete(caller)) return
        this.#callers--
        stopTimer()
        stopListening?.()
      }
      this.#result.then(resolve, reject).finally(leave)
    })
  }

  #abort(reason?: unknown): void {
    this.end()
    this.#controller.abort(reason)
  }
}

/** The report of a call whose key is that of another request. */
function otherRequest(operation: string): Partial<Report> {
  const helpMessage = 'value must be another key: a call with this key and another method or request is under way'
  const problems: Report['problems'] = [{ field: 'idempotencyKey', argumentName: 'idempotency_key', reason: 'constraint', helpMessage, severity: 'error' }]
  return { code: 'invalid_arguments', operation, attempts: 0, retryable: false, message: `${operation}: invalid arguments: idempotencyKey (constraint): ${helpMessage}`, problems }
}

/** The report of a call whose timeout has passed, while others wait for the same create. */
function stillUnderWay(operation: string, totalMs: number, report: Report): Report {
  if (report.code !== 'ambiguous_result') return report
  return { ...report, message: `${operation}: no result within ${totalMs} ms; a create with this idempotency key is under way` }
}
