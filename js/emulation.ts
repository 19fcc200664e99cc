// What stands behind the emulator's `fetch` and behind its port: the core, its clock, and word of every input.
import wasm from '../build/emulator/flexip_bg.wasm'
import { type EmulatedServer, EmulatorCore, type FaultRule, type JournalEntry, type Timing, initSync } from '../build/emulator/flexip.js'
import { Clock } from './clock.js'
import type { Drip } from './drip.js'
import { ConfigurationError } from './errors/index.js'
import { loadLazily } from './transport/load.js'

/** What faults make of an answer. */
export interface Manner extends Partial<Drip> {
  delayMs: number
  dropped: boolean
  reset?: boolean
  cut: boolean
}

/** An answer, as a connection carries it. */
export interface Answer extends Manner {
  status: number
  /** Names and values in turn, a line each. */
  head: string
  body: Uint8Array
}

/** The same as a `Response`. */
export interface Delivery extends Manner {
  response: Response
}

/** What can be done to an emulator beside sending it requests, each with its arguments. */
export interface Calls {
  addServer: [zone: string, name: string]
  removeServer: [id: string]
  forceStatus: [fipId: string, status: string]
  setTiming: [timing: Timing]
  addFault: [rule: FaultRule]
  clearFaults: []
  settle: []
  restore: [snapshot: string]
  reset: []
}

/** What was done, and when. The state follows from the settings and from all of these, in their order. */
export type Input =
  | { at: number; method: string; target: string; body: Uint8Array; answer: Pick<Answer, 'status' | 'body'> }
  | { at: number; call: keyof Calls; args: readonly unknown[] }

/** A server that is there from the start. */
export interface FirstServer {
  zone: string
  name?: string
}

interface Setting {
  /** As the core takes them, secrets included. */
  settings: object
  clock: Clock
  servers: readonly FirstServer[]
}

const core = /* @__PURE__ */ loadLazily({ EmulatorCore }, initSync, wasm)

export class Emulation {
  readonly clock: Clock
  readonly #settings: string
  readonly #servers: readonly FirstServer[]
  #core: EmulatorCore
  #timing: Timing | undefined
  #faulty = false
  /** Is told of every input that can change what is held, before anybody sees its answer. */
  recorder: ((input: Input) => void) | undefined

  /** Throws a `ConfigurationError` when a setting cannot be. */
  constructor({ settings, clock, servers }: Setting) {
    this.#settings = JSON.stringify(settings)
    this.clock = clock
    this.#servers = servers
    this.#core = this.#fresh()
  }

  get core(): EmulatorCore {
    return this.#core
  }

  /** How long transitions take, where that was set after the start. */
  get timing(): Timing | undefined {
    return this.#timing
  }

  get servers(): EmulatedServer[] {
    return this.#core.servers()
  }

  get journal(): JournalEntry[] {
    return this.#core.journal() as JournalEntry[]
  }

  /** Answers a request. The headers are names and values in turn, a line each. */
  answer(method: string, target: string, head: string, body: Uint8Array): Answer {
    const at = this.clock.now()
    const answer = this.#core.answer(method, target, head, body, at) as Answer
    // Who only reads changes nothing but the counts of fault rules.
    if (this.recorder && (method !== 'GET' || this.#faulty)) this.recorder({ at, method, target, body, answer })
    return answer
  }

  /** The same for a `fetch`. The headers are names and values in turn. */
  respond(method: string, target: string, headers: string[], body: Uint8Array): Delivery {
    if (!this.recorder) return this.#core.handle(method, target, headers, body, this.clock.now()) as Delivery
    const { status, head, body: bytes, ...how } = this.answer(method, target, headers.join('\n'), body)
    const response = new Response(bytes.length > 0 ? (bytes as Uint8Array<ArrayBuffer>) : null, { status, headers: pairs(head) })
    return { response, ...how }
  }

  /** Does something else than a request. Throws a `ConfigurationError`, and has done nothing, when it cannot be done. */
  do<Call extends keyof Calls>(call: Call, ...args: Calls[Call]): unknown {
    const at = this.clock.now()
    const result = told(() => this.#carryOut(call, args, at))
    this.recorder?.({ at, call, args })
    return result
  }

  /** Does again what was done; gives the answer that a request has now. */
  repeat(input: Input): Answer | undefined {
    this.clock.resume(input.at)
    if ('call' in input) {
      told(() => this.#carryOut(input.call, input.args as Calls[typeof input.call], input.at))
      return undefined
    }
    const { method, target, body, answer, at } = input
    // Keys are not kept; whether the request had one shows in its answer.
    const head = answer.status === 401 ? '' : `X-Auth-Token\n${this.#core.secretKey}`
    return this.#core.answer(method, target, head, body, at) as Answer
  }

  #carryOut<Call extends keyof Calls>(call: Call, args: Calls[Call], at: number): unknown {
    const calls: { [Call in keyof Calls]: (...args: Calls[Call]) => unknown } = {
      addServer: (zone, name) => this.#core.addServer(zone, name),
      removeServer: (id) => this.#core.removeServer(id, at),
      forceStatus: (fipId, status) => this.#core.forceStatus(fipId, status, at),
      setTiming: (timing) => {
        this.#core.setTiming(JSON.stringify(timing))
        this.#timing = timing
      },
      addFault: (rule) => {
        this.#core.addFault(JSON.stringify(rule))
        this.#faulty = true
      },
      clearFaults: () => {
        this.#core.clearFaults()
        this.#faulty = false
      },
      settle: () => this.#core.settle(at),
      restore: (snapshot) => {
        this.#core.restore(snapshot)
        // Of a snapshot that ends in any other way it is not sure that it has no faults.
        this.#faulty = !snapshot.endsWith('"faults":{"rules":[]}}')
      },
      reset: () => {
        this.clock.reset()
        const spent = this.#core
        this.#core = this.#fresh()
        spent.free()
        this.#timing = undefined
        this.#faulty = false
      },
    }
    return calls[call](...args)
  }

  #fresh(): EmulatorCore {
    return told(() => {
      const fresh = new (core().EmulatorCore)(this.#settings)
      for (const { zone, name = 'server' } of this.#servers) fresh.addServer(zone, name)
      return fresh
    })
  }
}

/** Names and values of headers, from lines. */
export function pairs(head: string): [name: string, value: string][] {
  const lines = head.split('\n')
  const found: [string, string][] = []
  for (let place = 0; place + 1 < lines.length; place += 2) found.push([lines[place] ?? '', lines[place + 1] ?? ''])
  return found
}

/** Makes an error of the text that the core throws. */
function told<T>(call: () => T): T {
  try {
    return call()
  } catch (thrown) {
    throw typeof thrown === 'string' ? new ConfigurationError(thrown) : thrown
  }
}
