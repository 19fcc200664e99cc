// The errors of arguments and options.
import type { Problem } from '../../build/client/flexip.js'
import { shorten } from '../transport/shorten.js'
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

/** The error of an argument of a function that sends nothing. `found` is the argument, and `allowed` what it must be. */
export function invalidArgument(operation: string, field: string, allowed: string, found: unknown): InvalidArgumentsError {
  const helpMessage = `value must be ${allowed}; found ${kindOf(found)}`
  const details: InvalidArgument[] = [{ field, argumentName: field, reason: 'format', helpMessage, severity: 'error' }]
  return new InvalidArgumentsError(`${operation}: invalid argument(s): ${field} (format): ${helpMessage}`, undefined, { code: 'invalid_arguments', operation, details } as object)
}

/** The kind of a value, which may be one that throws when it is read. */
function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return `the string ${JSON.stringify(shorten(value, 60))}`
  try {
    if (Array.isArray(value)) return 'a value of type array'
  } catch {
    return 'a proxy that was revoked'
  }
  return `a value of type ${typeof value}`
}

/** The emulator's WebAssembly module failed within. The emulator cannot be used any more, nor any other of the process so far. A new one can. */
export class EmulatorTrapError extends FlexipError {
  static override readonly name: string = 'EmulatorTrapError'
  override readonly code = 'emulator_trap'
}
