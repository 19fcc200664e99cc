// Drives one machine of the core: carries out its commands, passes it the inputs, and settles its promise. It decides
// nothing. The core holds the machine under a number, and no object of JavaScript.
import type { Report } from '../errors/report.js'
import { outline } from '../results/outline.js'
import { type Completion, isSuccess } from './completion.js'
import { emit } from './emit.js'
import type { BeforeRetry, ClientEvent, ClientEventListener, RetryEvent } from './events.js'
import { Exchange, type Sending, type Transport } from './exchange.js'
import type { FetchInit } from './fetch.js'
import type { RequestHeaders } from './fetch-init.js'
import { cleanDeep } from './redaction.js'
import { shorten } from './shorten.js'
import { isAborted, onAbort } from './signals.js'
import { startTimer } from './timing.js'
import { valueText } from './value-text.js'

/** The most characters of a text in an event. */
const eventTextMax = 1000

/** What the driver needs of the core for one call. */
export interface Machine {
  /** Passes an input; returns the commands that follow. */
  pass(input: string, now: number): Command[]
  /** The report for one of several callers that stops waiting. */
  leave(timedOutAfterMs: number | undefined, unsent: string, now: number): PlainReport | undefined
  /** Drops the machine. */
  forget(): void
}

/** A call of the client. */
export interface Call {
  /** Its number, which its events have. */
  number: number
  transport: Transport
  /** The headers of its requests: with a body, and without one. */
  headers: (hasBody: boolean) => RequestHeaders
  /** The secrets in the headers of this call. */
  secrets: readonly string[]
  signal: AbortSignal | undefined
  onEvent: ClientEventListener | undefined
  beforeRetry: BeforeRetry | undefined
  /** Receives the pages of a walk. */
  onPage?: (outcome: unknown) => void
}

/** Where the body of a flexible IP is: in the response to the request with this tag. */
interface BodyRef {
  tag: number
  item?: number
}

/** A report as the core writes it: it names exchanges and bodies. */
export type PlainReport = Omit<Report, 'inner' | 'last' | 'read' | 'moves'> & {
  exchange?: number | 'last'
  inner?: PlainReport
  last?: BodyRef
  read?: BodyRef[]
  moves?: { fipId: string; arrived: boolean; returned: boolean; last?: BodyRef; error?: PlainReport }[]
}

type Reading = 'none' | 'outline' | 'whole'

interface SendCommand {
  do: 'send'
  tag: number
  operation: string
  method: FetchInit['method']
  url: string
  body?: string
  reading: Reading
  timeoutMs: number
  timeLeftMs: number
  attempt: number
  renewsKey: boolean
}

interface ResolveCommand {
  do: 'resolve'
  attempts: number
  ip?: BodyRef
  ips?: BodyRef[]
  plan?: unknown[]
}

/** What a machine asks for (`src/edge/commands.rs`). */
export type Command =
  | SendCommand
  | { do: 'sleep'; tag: number; ms: number }
  | { do: 'cancel'; tag: number }
  | { do: 'page'; tag: number; items: number[] }
  | { do: 'emit'; event: Omit<ClientEvent, 'call'> }
  | ResolveCommand
  | { do: 'reject'; report: PlainReport }

/** An exchange or a sleep that is under way. */
interface Pending {
  stop(): void
  exchange?: Exchange
}

export class Driver {
  /** Resolves with an outcome, or rejects with a report. */
  readonly promise: Promise<unknown>
  readonly #call: Call
  readonly #machine: Machine
  readonly #hasListener: boolean
  #resolve!: (outcome: unknown) => void
  #reject!: (report: unknown) => void
  readonly #pending = new Map<number, Pending>()
  /** The responses whose bodies the machine may refer to. */
  readonly #responses = new Map<number, Completion>()
  /** The last completion of each other request, for the errors that name its exchange. */
  readonly #exchanges = new Map<number, Completion>()
  /**
   * The latest end of a sleep or of a timeout: the time is not before it, even if the host's clock stands still. Else
   * a machine that waits for a moment would sleep again and again.
   */
  #earliestNow = 0
  /** The last retry of each operation. */
  readonly #retries = new Map<string, RetryEvent>()
  #isAborted = false
  /** What `beforeRetry` threw, which has the effect of an abort. */
  #thrown: unknown
  #isSettled = false
  #isPassing = false
  /** The inputs and completions during the work on commands, in their order. */
  readonly #waiting: (() => void)[] = []
  #stopListening: (() => void) | undefined

  constructor(call: Call, machine: Machine) {
    this.#call = call
    this.#machine = machine
    this.#hasListener = call.onEvent !== undefined || call.transport.onEvent !== undefined
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  /** Begins the call. */
  start(): this {
    if (isAborted(this.#call.signal)) this.#abort()
    else {
      this.#listen()
      this.#pass('{"input":"started"}')
    }
    return this
  }

  /** Begins the call with its first request, which was sent and has completed. */
  adopt({ startedAt }: Exchange, completion: Completion): this {
    const [send] = this.#machine.pass('{"input":"started"}', startedAt)
    this.#listen()
    if (send?.do === 'send') this.#complete(send.tag, send.reading, startedAt, completion)
    return this
  }

  /** Requests the next page of a walk. The changes are those of the client since the last one. */
  next(hasListChanged: boolean, haveIpsChanged: boolean): void {
    if (hasListChanged) this.#on('{"input":"listChanged"}')
    if (haveIpsChanged) this.#on('{"input":"ipsChanged"}')
    this.#on('{"input":"pageRequested"}')
  }

  /** Ends a walk whose caller has stopped reading. */
  stop(): void {
    if (this.#isSettled) return
    this.#machine.forget()
    this.#settle(() => this.#resolve(undefined))
  }

  /** Moves the deadline: another caller, which has more time, waits for the result as well. */
  extend(ms: number): void {
    for (const { exchange } of this.#pending.values()) exchange?.extend(ms)
    this.#pass(`{"input":"extended","ms":${Math.trunc(ms)}}`)
  }

  /** The report for a caller that stops waiting: after its total timeout, or at an abort if there is none. `undefined` if the call is over. */
  leave(timedOutAfterMs?: number): Report | undefined {
    if (this.#isSettled) return undefined
    const report = this.#machine.leave(timedOutAfterMs, `{"tags":[${this.#unsent().join(',')}]}`, this.#now())
    return report && this.#rejection(report, undefined)
  }

  #listen(): void {
    const { signal } = this.#call
    if (signal) this.#stopListening = onAbort(signal, () => void Promise.resolve().then(() => this.#abort()))
  }

  #now(): number {
    return Math.max(Math.trunc(this.#call.transport.now()), this.#earliestNow)
  }

  /** Notes that this much time has passed since `start`. */
  #hasPassed(start: number, ms: number): void {
    this.#earliestNow = Math.max(this.#earliestNow, start + Math.trunc(ms))
  }

  /** Passes an input. `last` is the completion that caused it; the result may refer to it. */
  #on(input: string, last?: Completion): void {
    // The signal calls a moment after the abort, and other inputs come in that moment.
    if (isAborted(this.#call.signal)) this.#abort()
    this.#pass(input, last)
  }

  /** Passes the abort, once. `unsent` is a request that ended by it before it was sent. */
  #abort(unsent?: number): void {
    if (this.#isAborted || this.#isSettled) return
    this.#isAborted = true
    const tags = unsent === undefined ? this.#unsent() : [...this.#unsent(), unsent]
    this.#pass(`{"input":"unsent","tags":[${tags.join(',')}]}`)
    this.#pass('{"input":"aborted"}')
  }

  /** The requests that wait for a slot or a key. */
  #unsent(): number[] {
    return [...this.#pending].flatMap(([tag, { exchange }]) => (exchange && !exchange.isSent ? [tag] : []))
  }

  #pass(input: string, last?: Completion): void {
    this.#inTurn(() => {
      if (this.#isSettled) return
      for (const command of this.#machine.pass(input, this.#now())) this.#carryOut(command, last)
    })
  }

  /** An exchange can complete, and a listener can call, while commands are carried out: that has its turn afterwards. */
  #inTurn(step: () => void): void {
    this.#waiting.push(step)
    if (this.#isPassing) return
    this.#isPassing = true
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) next()
    this.#isPassing = false
  }

  #carryOut(command: Command, last: Completion | undefined): void {
    if (this.#isSettled) return
    switch (command.do) {
      case 'send':
        return this.#send(command)
      case 'sleep':
        return this.#sleep(command.tag, command.ms)
      case 'cancel':
        return this.#cancel(command.tag)
      case 'page':
        return this.#deliverPage(command.tag, command.items)
      case 'emit':
        return this.#emit(command.event)
      case 'resolve': {
        const outcome = this.#outcome(command, last)
        return this.#settle(() => this.#resolve(outcome))
      }
      case 'reject': {
        const report = this.#rejection(command.report, last)
        return this.#settle(() => this.#reject(report))
      }
    }
  }

  #send({ tag, operation, method, url, body, reading, timeoutMs, timeLeftMs, attempt, renewsKey }: SendCommand): void {
    const { number, transport, headers, secrets, signal, onEvent, beforeRetry } = this.#call
    const retry = attempt > 1 && method !== 'GET' ? this.#retries.get(operation) : undefined
    const before = beforeRetry && retry && (() => this.#ask(beforeRetry, retry))
    const context = this.#hasListener ? { call: number, operation, attempt, onEvent } : undefined
    const sending: Sending = { method, url, headers: headers(body !== undefined), body, secrets, timeoutMs, timeLeftMs, renewsKey, signal, before, context }
    const startedAt = this.#now()
    const exchange: Exchange = new Exchange(transport, sending, (completion) => {
      // One that was ended early is not there any more.
      if (this.#pending.get(tag)?.exchange === exchange) this.#inTurn(() => this.#completeOf(exchange, tag, reading, startedAt, completion))
    })
    this.#pending.set(tag, { stop: () => exchange.stop(), exchange })
    // A moment later, so that nothing is sent if the caller aborts at once.
    void Promise.resolve().then(() => {
      if (this.#pending.get(tag)?.exchange === exchange) exchange.start()
    })
  }

  async #ask(beforeRetry: BeforeRetry, retry: RetryEvent): Promise<void> {
    try {
      await beforeRetry(retry)
    } catch (thrown) {
      this.#thrown = thrown
      throw thrown
    }
  }

  #completeOf(exchange: Exchange, tag: number, reading: Reading, startedAt: number, completion: Completion): void {
    if (this.#pending.get(tag)?.exchange !== exchange) return
    this.#pending.delete(tag)
    this.#complete(tag, reading, startedAt, completion)
  }

  #complete(tag: number, reading: Reading, startedAt: number, completion: Completion): void {
    if (completion.kind === 'aborted') return this.#abort(completion.withheld ? tag : undefined)
    if (completion.limitMs !== undefined) this.#hasPassed(startedAt, completion.limitMs)
    if (isSuccess(completion) && reading !== 'none') {
      this.#exchanges.delete(tag)
      this.#responses.set(tag, completion)
    } else {
      this.#exchanges.set(tag, completion)
    }
    this.#on(respondedText(tag, reading, completion), completion)
  }

  #sleep(tag: number, ms: number): void {
    const start = this.#now()
    const stop = startTimer(ms, () => {
      if (!this.#pending.delete(tag)) return
      this.#hasPassed(start, ms)
      this.#on(`{"input":"woke","tag":${tag}}`)
    })
    this.#pending.set(tag, { stop })
  }

  #cancel(tag: number): void {
    this.#responses.delete(tag)
    const pending = this.#pending.get(tag)
    this.#pending.delete(tag)
    pending?.stop()
  }

  #emit(event: Omit<ClientEvent, 'call'>): void {
    const { number, transport, onEvent } = this.#call
    const shortClean = (text: string) => shorten(transport.redaction.clean(text), eventTextMax)
    const shown: ClientEvent = { ...(cleanDeep(event, shortClean) as ClientEvent), call: number }
    if (shown.type === 'retry') this.#retries.set(shown.operation, shown)
    emit(transport.onEvent, onEvent, shown)
  }

  /** Passes these items of a response to `onPage`, as a page. */
  #deliverPage(tag: number, indices: readonly number[]): void {
    const completion = this.#responses.get(tag)
    if (!completion) return
    this.#responses.delete(tag)
    const { total_count, flexible_ips } = Object(completion.body) as { total_count?: unknown; flexible_ips?: unknown[] }
    const items = indices.map((index) => flexible_ips?.[index])
    this.#call.onPage?.({ ...completion, attempts: 1, body: { total_count, flexible_ips: items } })
  }

  #settle(settle: () => void): void {
    if (this.#isSettled) return
    this.#isSettled = true
    settle()
    const pending = [...this.#pending.values()]
    this.#pending.clear()
    for (const one of pending) one.stop()
    this.#stopListening?.()
    this.#responses.clear()
    this.#exchanges.clear()
  }

  #outcome({ attempts, ip, ips, plan }: ResolveCommand, last: Completion | undefined): unknown {
    if (plan) return plan
    if (ips) {
      const items = ips.map((ref) => this.#body(ref))
      return { ...this.#responses.get(ips[0]?.tag ?? -1), attempts, body: { total_count: items.length, flexible_ips: items } }
    }
    return ip ? { ...this.#responses.get(ip.tag), attempts, body: this.#body(ip) } : { ...last, attempts }
  }

  /** The body of a flexible IP; `undefined` if its response is not there any more. */
  #body({ tag, item }: BodyRef): unknown {
    const body = this.#responses.get(tag)?.body
    return item === undefined ? body : (Object(body) as { flexible_ips?: unknown[] }).flexible_ips?.[item]
  }

  /** What the call rejects with. */
  #rejection(report: PlainReport, last: Completion | undefined): Report {
    const rejection = this.#report(report, last)
    if (report.code !== 'aborted') return rejection
    const { signal } = this.#call
    return { ...rejection, cause: isAborted(signal) ? reasonOf(signal) : this.#thrown }
  }

  /** The report with the bodies and the exchanges that it names. */
  #report({ exchange, inner, last: lastRef, read, moves, ...plain }: PlainReport, last: Completion | undefined): Report {
    const report: Report = plain
    if (exchange !== undefined) {
      addCompletion(report, exchange === 'last' ? last : (this.#exchanges.get(exchange) ?? this.#responses.get(exchange)))
    }
    if (inner) report.inner = this.#report(inner, last)
    if (lastRef) report.last = this.#body(lastRef)
    if (read) report.read = read.map((ref) => this.#body(ref))
    if (moves) {
      report.moves = moves.map(({ last: lastOfMove, error, ...move }) => ({
        ...move,
        ...(lastOfMove && { last: this.#body(lastOfMove) }),
        ...(error && { error: this.#report(error, undefined) }),
      }))
    }
    return report
  }
}

function reasonOf(signal: AbortSignal | undefined): unknown {
  try {
    return signal?.reason
  } catch {
    return undefined
  }
}

/** Adds the response, or what broke the exchange. */
function addCompletion(report: Report, completion: Completion | undefined): void {
  if (!completion) return
  const { status, body, cause } = completion
  if (status > 0) {
    report.status = status
    report.body = body
    const requestId = header(completion, 'x-request-id')
    if (requestId !== undefined) report.requestId = requestId
  } else if (cause !== undefined) {
    report.cause = cause
  }
}

/** Writes the input for a completion (`src/edge/input.rs`), with as much of the body as the machine reads. */
function respondedText(tag: number, reading: Reading, completion: Completion): string {
  const { kind, status, body, text, limitMs, unsent, withheld } = completion
  const fields = [`{"input":"responded","tag":${tag},"kind":"${kind}","status":${status}`]
  const add = (name: string, value: unknown) => {
    if (value !== undefined) fields.push(`"${name}":${valueText(value)}`)
  }
  const addHeader = (name: string, from: string) => add(name, header(completion, from))
  if (body === undefined) add('text', text)
  else if (!isSuccess(completion) || reading === 'whole') add('body', body)
  else if (reading === 'outline') add('body', outline(body))
  else add('unread', true)
  if (isSuccess(completion)) {
    if (reading !== 'none') addHeader('date', 'date')
  } else if (kind === 'answered') {
    addHeader('requestId', 'x-request-id')
    addHeader('retryAfterMs', 'retry-after-ms')
    addHeader('retryAfter', 'retry-after')
    addHeader('date', 'date')
  }
  add('limitMs', limitMs)
  if (unsent) add('unsent', true)
  if (withheld) add('withheld', true)
  return `${fields.join(',')}}`
}

/** A header of a response, if it can be read. */
function header({ headers }: Completion, name: string): string | undefined {
  try {
    const value: unknown = headers?.get(name)
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
