// Creates with an idempotency key: calls with the same key that are under way at the same time are one.
import type { ClientCore, SharedCall } from '../../build/client/flexip.js'
import type { Report } from '../errors/report.js'
import { emit } from '../transport/emit.js'
import type { ClientEvent, ClientEventListener } from '../transport/events.js'
import type { CreateOptions } from './options.js'
import { orUndefined } from './or-undefined.js'

/** What is the core's, for a call and for calls that share one. */
type Core = Pick<ClientCore, 'call' | 'sharing' | 'share'>

/** Calls the core. Calls that create with the same key, in the same zone, share one call. */
export class SharedCreates {
  readonly #core: Core
  /** By key and zone. */
  readonly #underWay = new Map<string, SharedCreate>()

  constructor(core: Core) {
    this.#core = core
  }

  /** Rejects with a report, as the core does. */
  call(operation: string, request: unknown, options: CreateOptions | undefined): Promise<unknown> {
    const [place, content, timeout] = this.#core.sharing(operation, request, options) ?? []
    const signal = orUndefined(() => options?.signal)
    if (place === undefined || signal?.aborted) return this.#core.call(operation, request, options)
    let shared = this.#underWay.get(place)
    if (shared && shared.content !== content) return Promise.reject(otherRequest(operation))
    const totalMs = Number(timeout)
    if (!shared) {
      const end = () => this.#underWay.get(place) === shared && this.#underWay.delete(place)
      shared = new SharedCreate(operation, content, totalMs, (own) => this.#core.share(operation, request, options, own), end)
      this.#underWay.set(place, shared)
    }
    return shared.join(totalMs, signal, orUndefined(() => options?.onEvent))
  }
}

/** One create, and the calls that wait for it. The signal or timeout of one ends only its own waiting. */
class SharedCreate {
  readonly #controller = new AbortController()
  readonly #listeners: (ClientEventListener | undefined)[] = []
  readonly #call: SharedCall
  readonly #result: Promise<unknown>
  #callers = 0
  /** The latest of the calls' deadlines, which is that of the create. */
  #deadline: number

  constructor(
    readonly operation: string,
    readonly content: string | undefined,
    totalMs: number,
    start: (own: object) => SharedCall,
    readonly end: () => void,
  ) {
    this.#deadline = performance.now() + totalMs
    const onEvent = (event: ClientEvent) => this.#listeners.forEach((listener) => emit(undefined, listener, event))
    this.#call = start({ signal: this.#controller.signal, onEvent })
    const settle = () => {
      end()
      this.#call.free()
    }
    this.#result = this.#call.promise
    this.#result.then(settle, settle)
  }

  /** Waits for the result. */
  join(totalMs: number, signal: AbortSignal | undefined, onEvent: ClientEventListener | undefined): Promise<unknown> {
    const deadline = performance.now() + totalMs
    if (deadline > this.#deadline) {
      this.#call.extend(deadline - this.#deadline)
      this.#deadline = deadline
    }
    this.#listeners.push(onEvent)
    this.#callers++
    return new Promise((resolve, reject) => {
      const abort = () => {
        // The create itself rejects with the reason of the last signal.
        if (this.#callers === 1) return this.#abort(signal?.reason)
        this.#callers--
        leave()
        reject({ code: 'aborted', cause: signal?.reason } as Report)
      }
      const timer = setTimeout(() => {
        // The create has the same deadline, and rejects by itself.
        if (deadline >= this.#deadline) return
        leave()
        reject(stillUnderWay(this.operation, totalMs))
        if (--this.#callers === 0) this.#abort()
      }, totalMs)
      const leave = () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', abort)
        this.#listeners.splice(this.#listeners.indexOf(onEvent), 1)
      }
      signal?.addEventListener('abort', abort)
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
  const helpMessage = 'value must be another key: a call with this key and another request is under way'
  const problems: Report['problems'] = [{ field: 'idempotencyKey', argumentName: 'idempotency_key', reason: 'constraint', helpMessage, severity: 'error' }]
  return { code: 'invalid_arguments', operation, attempts: 0, retryable: false, message: `${operation}: invalid arguments: idempotencyKey (constraint): ${helpMessage}`, problems }
}

/** The report of a call whose timeout has passed, while others wait for the same create. */
function stillUnderWay(operation: string, totalMs: number): Partial<Report> {
  const message = `${operation}: no result within ${totalMs} ms; a create with this idempotency key is under way`
  return { code: 'ambiguous_result', operation, attempts: 1, retryable: false, message }
}
