// The core and its clock, as `fetch` and the server use them. Every input that can change the state is reported.
import type { EmulatedServer, EmulatorCore, FaultRule, JournalEntry, ListedFault, PlainSink, Timing } from '../../build/emulator/flexip.js'
import { ConfigurationError, type EmulatorTrapError } from '../errors/index.js'
import type { DripRate } from './body-drip.js'
import type { Clock } from './clock.js'
import { createCore, readFaults } from './core.js'
import { type FirstServer, asNumber, asRule, asString, asTiming, describe } from './inputs.js'

/** How faults change the delivery of a response. The core knows these names. */
export interface Delivery extends Partial<DripRate> {
  delayMs: number
  /** The connection closes without a response. */
  dropped: boolean
  /** The connection is reset without a response. */
  reset?: boolean
  /** The body breaks off. */
  cut: boolean
  /** The body is in chunks without a `Content-Length`. */
  chunked?: boolean
  /** The body is compressed. */
  gzip?: boolean
}

/** A response as plain data, for a connection. */
export interface RawResponse extends Delivery {
  status: number
  /** Names and values of the headers in turn, one a line, in ASCII. */
  head: Uint8Array
  body: Uint8Array
}

/** A request as it arrived, and its parts. */
export interface ArrivedRequest {
  method: string
  /** Path and query. */
  target: string
  body: Uint8Array
  bytes: Uint8Array
  /** The bytes of the head before its last empty line. */
  headLength: number
}

/** A response for a `fetch`. */
export interface ResponseDelivery extends Delivery {
  response: Response
}

/** What can be done to an emulator besides sending it requests: each call with its arguments. */
export interface ControlCalls {
  addServer: [zone: string, name: string]
  removeServer: [id: string]
  forceStatus: [fipId: string, status: string]
  setTiming: [timing: Timing]
  addFault: [rule: FaultRule]
  removeFault: [id: number]
  clearFaults: []
  settle: []
  restore: [snapshot: string]
  reset: []
}

export type ControlCall = keyof ControlCalls

/**
 * A request or a control call, with its time in milliseconds since the epoch. The settings and all inputs, in their
 * order, determine the state.
 */
export type EmulatorInput =
  | { at: number; method: string; target: string; body: Uint8Array; response: Pick<RawResponse, 'status' | 'body'> }
  | { at: number; call: ControlCall; args: readonly unknown[] }

interface HostOptions {
  /** The settings of the core, secrets included. */
  settings: object
  clock: Clock
  servers: readonly FirstServer[]
  faults: readonly FaultRule[]
  /** The state to begin with, in place of the population and the first servers. */
  snapshot?: string
}

export class EmulatorHost {
  readonly clock: Clock
  readonly #settings: string
  readonly #servers: readonly FirstServer[]
  readonly #faults: readonly FaultRule[]
  #core: EmulatorCore
  #timing: Timing | undefined
  #hasFaults = false
  /** Which run of a state on the disk this is; 0 for the first. */
  #run = 0
  /** Receives every input that can change the state, before its response is sent. */
  onInput: ((input: EmulatorInput) => void) | undefined
  /** Resolves when the inputs so far are on disk. Returns `undefined` if nothing has to be waited for. */
  whenDurable: (() => Promise<void> | undefined) | undefined
  /** What every further input is refused with: it could not be saved any more. */
  refusal: Error | undefined
  /** Called when a use of the core fails because the WebAssembly module trapped. */
  onTrap: ((error: EmulatorTrapError) => void) | undefined

  /** Throws a `ConfigurationError` when a setting is invalid. */
  constructor({ settings, clock, servers, faults, snapshot }: HostOptions) {
    this.#settings = JSON.stringify(settings)
    this.clock = clock
    this.#servers = servers
    this.#faults = faults
    this.#core = snapshot === undefined ? this.#createCore() : this.#createEmptyCore(settings)
    if (snapshot !== undefined) this.call('restore', snapshot)
  }

  /** Frees the memory. Nothing can be called any more. */
  free(): void {
    this.#core.free()
  }

  /** Begins another run of a state: its requests have other ids than those of any run before, also after `reset`. */
  beginRun(run: number): void {
    this.#run = run
    this.#core.beginRun(run)
  }

  get core(): EmulatorCore {
    return this.#core
  }

  /** Throws when no input is accepted any more. */
  checkOpen(): void {
    if (this.refusal) throw this.refusal
  }

  /** Throws an `EmulatorTrapError` when the core cannot be used any more. */
  checkCore(): void {
    void this.#core.hasOwnKey
  }

  /** Whether there may be fault rules. Without any, a response is delivered at once and as a whole. */
  get hasFaults(): boolean {
    return this.#hasFaults
  }

  /** The timing, if `setTiming` changed it since the start. */
  get timing(): Timing | undefined {
    return this.#timing
  }

  get servers(): EmulatedServer[] {
    return this.#core.servers()
  }

  get faults(): ListedFault[] {
    return JSON.parse(this.#core.faults()) as ListedFault[]
  }

  get journal(): JournalEntry[] {
    return this.#core.journal() as JournalEntry[]
  }

  /** Handles a request. `head` has the names and values of the headers in turn, one a line. */
  handle(method: string, target: string, head: string, body: Uint8Array): RawResponse {
    this.checkOpen()
    const at = this.clock.now()
    const response = unpack(this.#core.answer(method, target, head, body, at))
    if (this.#hasFaults) response.head = withoutDoubles(response.head)
    // A GET changes nothing but the counters of fault rules.
    if (this.onInput && (method !== 'GET' || this.#hasFaults)) this.onInput({ at, method, target: this.#core.targetForLog(target), body, response })
    return response
  }

  /** Handles a plain request: see `answerPlain` of the core. `sink` takes the bytes of the response. Only without fault rules. */
  answerPlain({ method, target, body, bytes, headLength }: ArrivedRequest, keepAliveS: number, sink: PlainSink): void {
    const at = this.clock.now()
    const { onInput } = this
    if (!onInput || method === 'GET') return this.#core.answerPlain(bytes, headLength, keepAliveS, at, sink)
    let response = { status: 0, body }
    const take: PlainSink['take'] = (status, bodyAt, all) => {
      response = { status, body: all.slice(bodyAt) }
      sink.take(status, bodyAt, all)
    }
    this.#core.answerPlain(bytes, headLength, keepAliveS, at, { take })
    onInput({ at, method, target: this.#core.targetForLog(target), body, response })
  }

  /** Handles a request of a `fetch`. `headers` has the names and values in turn. */
  handleFetch(method: string, target: string, headers: string[], body: Uint8Array): ResponseDelivery {
    this.checkOpen()
    if (!this.onInput && !this.#hasFaults) return this.#core.handle(method, target, headers, body, this.clock.now()) as ResponseDelivery
    const { status, head, body: bytes, ...delivery } = this.handle(method, target, headers.join('\n'), body)
    const response = new Response(bytes.length > 0 ? (bytes as Uint8Array<ArrayBuffer>) : null, { status, headers: headerEntries(new TextDecoder().decode(head)) })
    return { response, ...delivery }
  }

  /** Carries out a control call. Throws a `ConfigurationError`, with the state unchanged, when an argument is invalid. */
  call<Call extends ControlCall>(call: Call, ...passed: ControlCalls[Call]): unknown {
    this.checkOpen()
    const args = readArgumentsOf(call, passed)
    if (call === 'addFault' && this.onInput) this.refuseSecrets(args[0] as FaultRule, 'the rule')
    const at = this.clock.now()
    const result = withConfigurationError(() => this.#carryOut(call, args, at))
    // A call that had nothing to change did what was due. Its id may be a secret.
    this.onInput?.(result === false ? { at, call: 'settle', args: [] } : { at, call, args })
    return result
  }

  /** Refuses a fault rule with a secret in an id, or in the response that it defines: on the disk it would be readable. */
  refuseSecrets({ fipId, fault }: FaultRule, name: string): void {
    const text = JSON.stringify([fipId, typeof fault === 'object' ? fault : ''])
    if (this.#core.targetForLog(`?${text}`) !== `?${text}`) throw new ConfigurationError(`${name} must not contain the secret key or the session token: it would be in the file of the state`)
  }

  snapshot(): string {
    return withConfigurationError(() => this.#core.snapshot(this.clock.now()))
  }

  /** Replays an input at its time, without reporting it. Returns the response of a request. */
  replay(input: EmulatorInput): RawResponse | undefined {
    this.clock.resume(input.at)
    if ('call' in input) {
      const args = readArgumentsOf(input.call, input.args)
      withConfigurationError(() => this.#carryOut(input.call, args, input.at))
      return undefined
    }
    const { method, target, body, response, at } = input
    // The log has no keys. Any status but 401 shows that the request had the right one.
    const head = response.status === 401 ? '' : `X-Auth-Token\n${this.#core.secretKey}`
    return unpack(this.#core.answer(method, target, head, body, at))
  }

  #carryOut<Call extends ControlCall>(call: Call, args: ControlCalls[Call], at: number): unknown {
    const calls: { [Call in ControlCall]: (...args: ControlCalls[Call]) => unknown } = {
      addServer: (zone, name) => this.#core.addServer(zone, name),
      removeServer: (id) => this.#core.removeServer(id, at),
      forceStatus: (fipId, status) => this.#core.forceStatus(fipId, status, at),
      // What was due before has the delays, and is recorded for the faults, of before. The log has no reads, which would end it too.
      setTiming: (timing) => {
        this.#core.settle(at)
        this.#core.setTiming(JSON.stringify(timing))
        this.#timing = timing
      },
      addFault: (rule) => {
        this.#core.settle(at)
        const id = this.#core.addFault(JSON.stringify(rule))
        this.#hasFaults = true
        return id
      },
      removeFault: (id) => {
        this.#core.settle(at)
        return this.#core.removeFault(id)
      },
      clearFaults: () => {
        this.#core.settle(at)
        this.#core.clearFaults()
        this.#hasFaults = false
      },
      settle: () => this.#core.settle(at),
      restore: (snapshot) => {
        this.clock.restore(this.#core.restore(snapshot))
        // Only a snapshot with this end certainly has no fault rules.
        this.#hasFaults = !snapshot.endsWith('"faults":{"rules":[]}}')
      },
      reset: () => {
        this.clock.reset()
        const fresh = this.#createCore()
        fresh.beginRun(this.#run)
        this.#core.free()
        this.#core = fresh
        this.#timing = undefined
      },
    }
    return calls[call](...args)
  }

  /** Creates a core for a snapshot. Two populations at a time would take twice the memory. */
  #createEmptyCore(settings: object): EmulatorCore {
    return withConfigurationError(() => createCore(JSON.stringify({ ...settings, population: 0 }), (error) => this.onTrap?.(error)))
  }

  #createCore(): EmulatorCore {
    return withConfigurationError(() => {
      const created = createCore(this.#settings, (error) => this.onTrap?.(error))
      for (const { zone, name = 'server' } of this.#servers) created.addServer(zone, name)
      for (const rule of this.#faults) created.addFault(JSON.stringify(rule))
      this.#hasFaults = this.#faults.length > 0
      return created
    })
  }
}

/** Checks and copies the arguments of each call. */
const readArguments: { [Call in ControlCall]: (...args: ControlCalls[Call]) => ControlCalls[Call] } = {
  addServer: (zone, name) => [asString(zone, 'zone'), asString(name, 'name')],
  removeServer: (id) => [asString(id, 'the id of a server')],
  forceStatus: (fipId, status) => [asString(fipId, 'fipId'), asString(status, 'status')],
  setTiming: (timing) => [asTiming(timing)],
  addFault: (rule) => [asRule(rule, 'the rule')],
  removeFault: (id) => [asNumber(id, 'the id of a fault rule')],
  clearFaults: () => [],
  settle: () => [],
  restore: (snapshot) => [asString(snapshot, 'a snapshot')],
  reset: () => [],
}

function readArgumentsOf<Call extends ControlCall>(call: Call, args: readonly unknown[]): ControlCalls[Call] {
  if (!Object.hasOwn(readArguments, call)) throw new ConfigurationError(`there is no call ${describe(call)}`)
  const read = readArguments[call] as (...args: readonly unknown[]) => ControlCalls[Call]
  return read(...args)
}

/** Reads a list of fault rules from JSON. Throws a `ConfigurationError` with the line or the number of the rule when one is invalid. */
export function readFaultRules(json: string): FaultRule[] {
  const rules = JSON.parse(withConfigurationError(() => readFaults(json))) as FaultRule[]
  for (const [index, rule] of (JSON.parse(json) as unknown[]).entries()) asRule(rule, `rule ${index + 1} of the list`)
  return rules
}

/** Takes a response apart: see `answer` of the core. The bytes are a copy, which no call of the core changes. */
function unpack(bytes: Uint8Array): RawResponse {
  const numbers = new DataView(bytes.buffer, bytes.byteOffset, 12)
  const status = numbers.getUint32(0, true)
  const headEnd = 12 + numbers.getUint32(4, true)
  const deliveryEnd = headEnd + numbers.getUint32(8, true)
  const [head, body] = [bytes.subarray(12, headEnd), bytes.subarray(deliveryEnd)]
  if (deliveryEnd === headEnd) return { status, head, body, delayMs: 0, dropped: false, cut: false }
  return { status, head, body, ...(JSON.parse(new TextDecoder().decode(bytes.subarray(headEnd, deliveryEnd))) as Delivery) }
}

/** Leaves out the core's own header where the response of a fault has one of the same name. The core's `Content-Type` is before those of the fault, all others are after them. */
function withoutDoubles(head: Uint8Array): Uint8Array {
  const entries = headerEntries(new TextDecoder().decode(head)).map(([name, value]) => ({ name, value, key: name.toLowerCase() }))
  const rest = entries.filter(({ key }, at) => !entries.some((other, index) => other.key === key && (key === 'content-type' ? index > at : index < at)))
  return rest.length === entries.length ? head : new TextEncoder().encode(rest.map(({ name, value }) => `${name}\n${value}`).join('\n'))
}

/** Splits lines, which are names and values in turn, into entries for `Headers`. */
function headerEntries(head: string): [name: string, value: string][] {
  const lines = head.split('\n')
  const entries: [string, string][] = []
  for (let line = 0; line + 1 < lines.length; line += 2) entries.push([lines[line] ?? '', lines[line + 1] ?? ''])
  return entries
}

/** Calls the core. Throws a `ConfigurationError` with the text that the core throws. */
function withConfigurationError<T>(call: () => T): T {
  try {
    return call()
  } catch (thrown) {
    throw typeof thrown === 'string' ? new ConfigurationError(thrown) : thrown
  }
}
