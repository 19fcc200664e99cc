// The exit codes of all commands, and that of each error of the library. docs/guides/command.md has the same tables.
import type { AnyFlexipError, ErrorCode } from '../index.js'

/** What a command ends with. A script can decide by it, without reading any text. */
export const exitCodes = {
  /** Everything that was asked for is done. */
  done: 0,
  /** It failed, and none of the other codes says how: the service or the command has a defect. */
  failed: 1,
  /** The arguments or the configuration are wrong. Nothing was sent. */
  arguments: 2,
  /** The service, a rule or the user refused. The same command fails again until something else changes. */
  refused: 3,
  /** A response was lost: it is unknown whether the change was made. */
  inDoubt: 4,
  /** The time was up. The work may still end by itself. */
  timedOut: 5,
  /** A part is done, and another part is not. */
  incomplete: 6,
  /** The service gave no usable response. Nothing was changed. */
  unreachable: 7,
  /** No flexible IP or no server has this name. */
  notFound: 8,
  /** `plan --check`: the state differs from the file. */
  differs: 9,
  /** `claim --while`: the command failed, so that the claim ended. */
  withdrawn: 10,
  /** SIGHUP: the terminal was closed. */
  hungUp: 129,
  /** Ctrl-C. */
  interrupted: 130,
  /** SIGTERM. */
  terminated: 143,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** The exit code for each code of an error, where no circumstance says more. */
export const codesOfErrors: Readonly<Record<ErrorCode, ExitCode>> = {
  aborted: exitCodes.incomplete,
  already_exists: exitCodes.refused,
  ambiguous_result: exitCodes.inDoubt,
  configuration: exitCodes.arguments,
  conflict: exitCodes.refused,
  connection: exitCodes.unreachable,
  decode: exitCodes.failed,
  denied_authentication: exitCodes.refused,
  emulator_trap: exitCodes.failed,
  error: exitCodes.failed,
  expired: exitCodes.refused,
  incomplete: exitCodes.incomplete,
  incomplete_list: exitCodes.unreachable,
  internal_error: exitCodes.unreachable,
  invalid_arguments: exitCodes.refused,
  locked: exitCodes.refused,
  not_found: exitCodes.refused,
  out_of_stock: exitCodes.refused,
  permissions_denied: exitCodes.refused,
  precondition_failed: exitCodes.refused,
  quotas_exceeded: exitCodes.refused,
  request_timeout: exitCodes.unreachable,
  timeout: exitCodes.unreachable,
  too_many_requests: exitCodes.unreachable,
  transient_state: exitCodes.refused,
  unavailable: exitCodes.unreachable,
  unexpected_response: exitCodes.failed,
  wait: exitCodes.incomplete,
}

/** The exit code for an error. Arguments that were refused before anything was sent are wrong. */
export function exitCodeOfError({ code, attempts }: Pick<AnyFlexipError, 'code' | 'attempts'>): ExitCode {
  if (code === 'invalid_arguments' && attempts === 0) return exitCodes.arguments
  // Another version of the library may have other codes.
  return Object.hasOwn(codesOfErrors, code) ? codesOfErrors[code] : exitCodes.failed
}

/** The code for several failures: what is unknown counts most, and some done with some not is incomplete. */
export function exitCodeOfAll(failures: readonly { exitCode: ExitCode }[], done: number): ExitCode {
  const codes = new Set(failures.map(({ exitCode }) => exitCode))
  const [first] = codes
  if (first === undefined) return exitCodes.done
  for (const code of [exitCodes.interrupted, exitCodes.terminated, exitCodes.hungUp, exitCodes.inDoubt] as const) if (codes.has(code)) return code
  return codes.size === 1 && done === 0 ? first : exitCodes.incomplete
}
