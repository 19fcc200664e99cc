// The errors that end a command with a code and a line, without being a defect.
import { type ExitCode, exitCodes } from './exit-codes.js'

/** Ends a command. The message is a line for people, the hint says what to do. */
export class Stop extends Error {
  override readonly name = 'Stop'
  constructor(readonly exitCode: ExitCode, message: string, readonly hint?: string, options?: { cause: unknown }) {
    super(message, options)
  }
}

/** The reason of the abort when a signal or a condition ends a command. */
export class Interruption extends Error {
  override readonly name = 'Interruption'
  constructor(readonly exitCode: ExitCode, message: string) {
    super(message)
  }
}

/** The reason of the abort for a signal. */
export function interruptionOf(signal: 'SIGINT' | 'SIGTERM'): Interruption {
  return signal === 'SIGINT' ? new Interruption(exitCodes.interrupted, 'interrupted') : new Interruption(exitCodes.terminated, 'terminated')
}

/** An argument that is wrong. */
export function wrongArgument(message: string, hint?: string): Stop {
  return new Stop(exitCodes.arguments, message, hint)
}
