// The core of an emulator: an object in a WebAssembly instance. All emulators share one instance, until it traps.
import wasm from '../../build/emulator/flexip_bg.wasm'
import { type EmulatorCore, createGlue } from '../../build/emulator/flexip.js'
import { EmulatorTrapError } from '../errors/index.js'
import { loadLazily } from '../transport/load.js'

/** A WebAssembly instance. */
interface Instance {
  load: () => { EmulatorCore: (new (settings: string) => EmulatorCore) & Pick<typeof EmulatorCore, 'readFaults'> }
  /** What it trapped with. From then on its memory cannot be trusted, whichever emulator it was working for. */
  trap?: unknown
}

type OnTrap = (error: EmulatorTrapError) => void

let latest: Instance | undefined

/** Creates a core. Each use of it throws an `EmulatorTrapError` from a trap on, and calls `onTrap`. */
export function createCore(settings: string, onTrap: OnTrap): EmulatorCore {
  const instance = currentInstance()
  const core = guard(instance, onTrap, () => new (instance.load().EmulatorCore)(settings))
  const methods = new Map<string | symbol, unknown>()
  // In this way no use of the core can be left unguarded.
  return new Proxy(core, {
    get(_, name) {
      const method = methods.get(name)
      if (method) return method
      const value: unknown = guard(instance, onTrap, () => Reflect.get(core, name, core))
      if (typeof value !== 'function') return value
      const guarded = (...args: unknown[]): unknown => guard(instance, onTrap, () => Reflect.apply(value, core, args))
      methods.set(name, guarded)
      return guarded
    },
  })
}

/** Reads a list of fault rules without an emulator: see `readFaults` of the core. */
export function readFaults(json: string): string {
  const instance = currentInstance()
  return guard(instance, () => undefined, () => instance.load().EmulatorCore.readFaults(json))
}

function currentInstance(): Instance {
  const instance = !latest || 'trap' in latest ? createInstance() : latest
  latest = instance
  return instance
}

function createInstance(): Instance {
  const glue = createGlue()
  return { load: loadLazily(glue, glue.initSync, wasm) }
}

function guard<T>(instance: Instance, onTrap: OnTrap, call: () => T): T {
  if (!('trap' in instance)) {
    try {
      return call()
    } catch (thrown) {
      if (!isTrap(thrown)) throw thrown
      instance.trap = thrown
    }
  }
  const error = trapError(instance.trap)
  onTrap(error)
  throw error
}

/** Whether a call ended within WebAssembly. A stack that is full does so too, with an error of the JavaScript engine. */
function isTrap(thrown: unknown): boolean {
  if (typeof WebAssembly !== 'undefined' && thrown instanceof WebAssembly.RuntimeError) return true
  const { name = '', message = '' } = thrown instanceof Error ? thrown : {}
  // What wasm2js makes of a trap.
  if (name === 'Error' && message === 'abort') return true
  // Without a regular expression: V8 ends the process if it has no stack left to compile one.
  return (name === 'RangeError' && message.includes('call stack')) || (name === 'InternalError' && message.includes('recursion'))
}

function trapError(cause: unknown): EmulatorTrapError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new EmulatorTrapError(`the emulator's WebAssembly module trapped (${reason}), and the state in its memory is lost: create a new emulator`, { cause })
}
