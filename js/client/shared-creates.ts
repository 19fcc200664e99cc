// Creates with an idempotency key: calls with the same key that are under way at the same time are one.
import type { Report } from '../errors/report.js'
import { emit } from '../transport/emit.js'
import type { BeforeRetry, ClientEvent, ClientEventListener, RetryEvent } from '../transport/events.js'
import type { OwnOptions } from '../transport/call-options.js'
import { isAborted, onAbort } from '../transport/signals.js'
import { areTimersFake, monotonicClock, startTimer, watchTimers } from '../transport/timing.js'
import { Driver } from '../transport/driver.js'
import type { Calls, MethodCall } from './calls.js'
import { orUndefined } from './or-undefined.js'

/** Starts calls. Calls that create with the same key, in the same zone, share one call. */
export class SharedCreates {
  readonly #calls: Calls
  readonly #now = monotonicClock()
  /** By key and zone. */
  readonly #underWay = new Map<string, SharedCreate>()

  constructor(calls: Calls) {
    this.#calls = calls
  }

  /** Starts a call that may be shared; `undefined` for one without a key. Rejects with a report. */
  start(call: MethodCall): Promise<unknown> | undefined {
    const shares = this.#calls.sharing(call)
    const { signal } = call.own
    if (!shares) return undefined
    if (isAborted(signal)) return this.#calls.start(call)
    const { place, content, totalMs } = shares
    let shared = this.#underWay.get(place)
    if (shared && !shared.isLost() && shared.content !== content) return Promise.reject(otherRequest(call.method))
    if (!shared || shared.isLost()) {
      const end = () => this.#underWay.get(place) === shared && this.#underWay.delete(place)
      const begun = SharedCreate.begin(content, totalMs, this.#now, (own) => this.#calls.begin({ ...call, own: { ...call.own, ...own } }), end)
      if (!(begun instanceof SharedCreate)) return Promise.reject(begun)
      shared = begun
      this.#underWay.set(place, shared)
      shared.start()
    }
    return shared.join(call.method, totalMs, call.own)
  }
}

/** A call that waits. */
interface Caller {
  onEvent: ClientEventListener | undefined
  /** Resolves when this call allows that the create is sent again, or has ended. */
  beforeRetry?: BeforeRetry
  /** Ends the waiting. Set once the timeout of the call has passed, while the create was to end by itself. */
  expire?: () => void
}

/** One create, and the calls that wait for it. The signal or timeout of one ends only its own waiting. */
class SharedCreate {
  readonly #controller: AbortController
  readonly #listeners: Set<Caller>
  readonly #driver: Driver
  readonly #areTimersReplaced = watchTimers()
  readonly #isOfTest = areTimersFake()
  #callers = 0
  #isOver = false
  /** The latest of the calls' deadlines, which is that of the create. */
  #deadline: number

  /** Makes a create with the signal and the listener of all calls that wait for it; a report if it is refused. */
  static begin(content: string, totalMs: number, now: () => number, begin: (own: Pick<OwnOptions, 'signal' | 'onEvent' | 'beforeRetry'>) => Driver | Report, end: () => void): SharedCreate | Report {
    const controller = new AbortController()
    const listeners = new Set<Caller>()
    const onEvent = (event: ClientEvent) => listeners.forEach((caller) => emit(undefined, caller.onEvent, event))
    const beforeRetry = async (retry: RetryEvent) => void (await Promise.all([...listeners].map((caller) => caller.beforeRetry?.(retry))))
    const driver = begin({ signal: controller.signal, onEvent, beforeRetry })
    return driver instanceof Driver ? new SharedCreate(content, totalMs, now, driver, controller, listeners, end) : driver
  }

  private constructor(
    readonly content: string,
    totalMs: number,
    readonly now: () => number,
    driver: Driver,
    controller: AbortController,
    listeners: Set<Caller>,
    readonly end: () => void,
  ) {
    this.#controller = controller
    this.#listeners = listeners
    this.#driver = driver
    this.#deadline = now() + totalMs
    const settle = () => {
      this.#isOver = true
      end()
    }
    driver.promise.then(settle, settle)
  }

  start(): void {
    this.#driver.start()
  }

  /** Whether it began under the timers of a test that is over. It may never end. */
  isLost(): boolean {
    return this.#isOfTest && this.#areTimersReplaced()
  }

  /** Waits for the result. */
  join(operation: string, totalMs: number, { signal, onEvent, beforeRetry }: OwnOptions): Promise<unknown> {
    const caller: Caller = { onEvent }
    this.#listeners.add(caller)
    this.#callers++
    const deadline = this.now() + totalMs
    if (deadline > this.#deadline) {
      this.#driver.extend(deadline - this.#deadline)
      this.#deadline = deadline
      // The create does not end at their deadline any more.
      for (const { expire } of this.#listeners) expire?.()
    }
    return new Promise((resolve, reject) => {
      /** Ends the waiting of this call, with the facts of the create as they are now. */
      const give = (report: Partial<Report>) => {
        leave()
        reject(report)
        if (this.#callers === 0) this.#abort()
      }
      const abort = () => stop(orUndefined(() => signal?.reason as unknown))
      const stop = (cause: unknown) => {
        if (this.#isOver || !this.#listeners.has(caller)) return
        // The create itself rejects with the reason of the last signal.
        if (this.#callers === 1) return this.#abort(cause)
        give({ ...this.#driver.leave(), cause })
      }
      let endAsking = () => {}
      if (beforeRetry) {
        caller.beforeRetry = (retry) =>
          new Promise<void>((allow) => {
            endAsking = allow
            void (async () => beforeRetry(retry))().then(allow, stop)
          })
      }
      const passed = () => {
        if (this.#isOver) return
        caller.expire = () => give(stillUnderWay(operation, totalMs, this.#driver.leave(totalMs) as Report))
        if (deadline < this.#deadline) return caller.expire()
        // The create has the same deadline, and rejects by itself, unless its timers are gone. Then the next
        // call does not wait for it.
        if (!this.#areTimersReplaced()) return
        this.end()
        caller.expire()
      }
      const stopTimer = startTimer(totalMs, passed)
      const stopListening = signal && onAbort(signal, abort)
      const leave = () => {
        if (!this.#listeners.delete(caller)) return
        this.#callers--
        endAsking()
        stopTimer()
        stopListening?.()
      }
      this.#driver.promise.then(resolve, reject).finally(leave)
      // The key function may have aborted when the create began.
      if (isAborted(signal)) abort()
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
