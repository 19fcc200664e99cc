// The calls of one client: what the core reads of each, and what it answers.
import type { Report } from '../errors/report.js'
import type { Answer, Completion } from '../transport/completion.js'
import type { OwnOptions } from '../transport/call-options.js'
import { callCore, core, reportIn } from '../transport/core.js'
import { type Call, type Command, Driver, type PlainReport } from '../transport/driver.js'
import { Exchange, type Sending, type Transport } from '../transport/exchange.js'
import type { FetchInit } from '../transport/fetch.js'
import { RequestHeaders } from '../transport/fetch-init.js'
import { type Redaction, secretsOf } from '../transport/redaction.js'
import { isAborted } from '../transport/signals.js'
import { valueText } from '../transport/value-text.js'

type Headers = Readonly<Record<string, string>>

/** What the core reads of a client's options. */
interface Settings {
  baseUrl: string
  headers: Headers
  /** The tokens of the retry budget. */
  tokens: number
  timeoutMs: number
  totalMs: number
}

/** A call that is one request. */
interface PlainCall extends Sending {
  number: number
  /** The status of a success. */
  status: number
  /** The flexible IP that the response is about; empty if there is none yet. */
  subject: string
  zone: string
}

/** A call of a method, as the core reads it. */
export interface MethodCall {
  method: string
  request: string
  own: OwnOptions
  /** How a list is read. */
  reads?: 'all' | 'pages'
  /** Replaces the zone of the request. */
  zone?: string | undefined
  onPage?: (outcome: unknown) => void
}

let clients = 0
let calls = 0

const none: readonly string[] = []

/** A number that no other call under way has. */
const nextCall = () => (calls = (calls + 1) >>> 0)

const json = { 'Content-Type': 'application/json' }

/** Machines of walks whose caller has dropped them. Every other machine ends by itself. */
const dropped = typeof FinalizationRegistry === 'undefined' ? undefined : /* @__PURE__ */ new FinalizationRegistry<number>((call) => core().forget(call))

export class Calls {
  readonly #client = ++clients
  readonly #options: string
  readonly #sendsUserAgent: boolean
  readonly #settings: Settings
  readonly #transport: Transport
  readonly #withoutBody: RequestHeaders
  readonly #withBody: RequestHeaders
  #tokens: number
  /** The plain calls that have succeeded since the core set the tokens. */
  #successes = 0

  /** Throws the error of options that are invalid. A page does not send a `User-Agent`. */
  constructor(options: unknown, transport: (settings: Settings) => Transport, redaction: Redaction, sendsUserAgent: boolean) {
    this.#options = valueText(options)
    this.#sendsUserAgent = sendsUserAgent
    const answer = callCore((module) => module.settings(this.#client, this.#options, sendsUserAgent), redaction)
    this.#settings = JSON.parse(answer) as Settings
    this.#transport = transport(this.#settings)
    this.#tokens = this.#settings.tokens
    this.#withoutBody = new RequestHeaders(this.#settings.headers)
    this.#withBody = new RequestHeaders({ ...this.#settings.headers, ...json })
  }

  /** The call, if it is one request; a report if it is refused. */
  plain(call: MethodCall): PlainCall | Report | undefined {
    const { method, request, own: { text } } = call
    const answer = this.#ask((module) => module.plain(this.#client, method, request, text))
    if (answer === 'm') return undefined
    const report = reportIn(answer)
    if (report) return report
    const [options = '', httpMethod, target, status, subject = '', zone = '', body] = answer.split('\n')
    const own = options === 'p' ? undefined : (JSON.parse(options.slice(1)) as Partial<Settings>)
    const { timeoutMs = 0, totalMs = 0 } = own ?? this.#settings
    const hasBody = body !== ''
    const number = nextCall()
    return {
      method: httpMethod as FetchInit['method'],
      url: this.#settings.baseUrl + target,
      body: hasBody ? body : undefined,
      headers: own?.headers ? this.#headers(hasBody, own.headers) : hasBody ? this.#withBody : this.#withoutBody,
      secrets: own?.headers ? secretsOf(own.headers) : none,
      timeoutMs,
      timeLeftMs: totalMs,
      renewsKey: false,
      signal: call.own.signal,
      number,
      context: this.#listens(call.own) ? { call: number, operation: call.method, attempt: 1, onEvent: call.own.onEvent } : undefined,
      status: Number(status),
      subject,
      zone,
    }
  }

  /**
   * Sends a plain call. `onSuccess` receives its response and says whether that is what the API promises.
   * `onMachine` receives the machine of any other.
   */
  send(plain: PlainCall, call: MethodCall, onSuccess: (outcome: Answer & { attempts: number }) => boolean, onMachine: (machine: Promise<unknown>) => void): { start(): void; stop(): void } {
    const exchange: Exchange = new Exchange(this.#transport, plain, (completion) => {
      // A listener to the response may have aborted.
      if (!isAborted(plain.signal) && isSuccessOf(plain, completion) && onSuccess(Object.assign(completion, { attempts: 1 }))) {
        this.#successes++
        return
      }
      const driver = this.begin(call, plain.number)
      onMachine(driver instanceof Driver ? driver.adopt(exchange, completion).promise : Promise.reject(driver))
    })
    return exchange
  }

  /** Starts a call; its promise resolves with an outcome, or rejects with a report. */
  start(call: MethodCall): Promise<unknown> {
    const driver = this.begin(call)
    return driver instanceof Driver ? driver.start().promise : Promise.reject(driver)
  }

  /** Makes the driver of a call; a report if the call is refused. */
  begin({ method, request, own, reads, zone, onPage }: MethodCall, call = nextCall()): Driver | Report {
    const needsEvents = this.#listens(own) || own.beforeRetry !== undefined
    const answer = this.#ask((module) => module.begin(this.#client, method, reads ?? '', request, own.text, zone ?? '', call, Math.floor(Math.random() * 2 ** 53), needsEvents))
    const report = reportIn(answer)
    if (report) return report
    const headers = answer === '' ? undefined : (JSON.parse(answer) as Headers)
    const machine = {
      pass: (input: string, now: number) => {
        const [tokens, ...commands] = JSON.parse(core().pass(call, input, now, this.#tokens, this.#successes)) as [number, ...Command[]]
        this.#tokens = tokens
        this.#successes = 0
        return commands
      },
      leave: (timedOutAfterMs: number | undefined, unsent: string, now: number) => {
        const left = core().leave(call, timedOutAfterMs ?? -1, unsent, now)
        return left === '' ? undefined : (JSON.parse(left) as PlainReport)
      },
      forget: () => core().forget(call),
    }
    const facts: Call = {
      number: call,
      transport: this.#transport,
      headers: (hasBody) => (headers ? this.#headers(hasBody, headers) : hasBody ? this.#withBody : this.#withoutBody),
      secrets: headers ? secretsOf(headers) : [],
      signal: own.signal,
      onEvent: own.onEvent,
      beforeRetry: own.beforeRetry,
      ...(onPage && { onPage }),
    }
    const driver = new Driver(facts, machine)
    if (reads === 'pages') dropped?.register(driver, call)
    return driver
  }

  /**
   * What calls that create with the same idempotency key share: the total timeout, the key with its zone, and what is
   * asked for. `undefined` for a call without a key, and for one that is refused.
   */
  sharing({ method, request, own }: MethodCall): { totalMs: number; place: string; content: string } | undefined {
    if (!own.text.includes('idempotencyKey')) return undefined
    const answer = this.#ask((module) => module.sharing(this.#client, method, request, own.text))
    const [totalMs, place = '', content = ''] = answer.split('\n')
    return answer === '' ? undefined : { totalMs: Number(totalMs), place, content }
  }

  #listens({ onEvent }: OwnOptions): boolean {
    return onEvent !== undefined || this.#transport.onEvent !== undefined
  }

  #headers(hasBody: boolean, own: Headers): RequestHeaders {
    return new RequestHeaders({ ...this.#settings.headers, ...(hasBody ? json : {}), ...own })
  }

  /** Asks the core, which keeps the settings of the clients that were used lately. */
  #ask(question: (module: ReturnType<typeof core>) => string): string {
    const module = core()
    const answer = question(module)
    if (answer !== '?') return answer
    module.settings(this.#client, this.#options, this.#sendsUserAgent)
    return question(module)
  }
}

/** The form of an id, or none. */
const id = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i
const isId = (value: unknown) => typeof value === 'string' && id.test(value)
const isIdOrNone = (value: unknown) => value === undefined || value === null || value === '' || isId(value)

/** Whether a completion is the response that the operation promises. The machine judges any other. */
function isSuccessOf({ status, subject, zone, method }: PlainCall, completion: Completion): completion is Answer {
  if (completion.kind !== 'answered' || completion.status !== status) return false
  if (completion.body === undefined) return status === 204 && completion.text === ''
  if (method === 'GET' || status === 204) return status !== 204
  const ip = Object(completion.body) as Record<string, unknown>
  const mac = Object(ip.mac_address ?? {}) as Record<string, unknown>
  const isAbout = subject === '' || (typeof ip.id === 'string' && ip.id.toLowerCase() === subject)
  const isHere = ip.zone === undefined || ip.zone === '' || ip.zone === zone
  return isAbout && isHere && isId(ip.id) && isIdOrNone(ip.server_id) && isIdOrNone(mac.id)
}
