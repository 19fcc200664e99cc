// The errors of arguments and options.
import type { Problem } from '../../build/client/flexip.js'
import { FlexipError } from './flexip-error.js'

/** An argument that was refused, before the request was sent or by the service. */
export interface InvalidArgument extends Partial<Pick<Problem, 'field' | 'severity'>> {
  /** The argument as the API writes it: `fips_ids`. */
  argumentName: string
  /** `required`, `format`, `constraint`, `unknown`, or another word of the service's. */
  reason: string
  /** What was found and what is allowed. */
  helpMessage?: string
}

/** Arguments break rules of the API: found by the client before anything was sent (`attempts` 0), or by the service (400). */
export class InvalidArgumentsError extends FlexipError {
  static override readonly name: string = 'InvalidArgumentsError'
  /** Every argument that was refused. */
  declare readonly details: readonly InvalidArgument[]
}

/** The options cannot work, or WebAssembly cannot be compiled in this environment. */
export class ConfigurationError extends FlexipError {
  static override readonly name: string = 'ConfigurationError'
  override readonly code = 'configuration'
  /** Every option that was refused. */
  declare readonly details: readonly InvalidArgument[]
}

/** The emulator's WebAssembly module failed within. The emulator cannot be used any more, nor any other of the process so far. A new one can. */
export class EmulatorTrapError extends FlexipError {
  static override readonly name: string = 'EmulatorTrapError'
  override readonly code = 'emulator_trap'
}
