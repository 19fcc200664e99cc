// The errors that end a command with a code and a line, without being a defect.
import { type ExitCode, exitCodes } from './exit-codes.js'

/** Ends a command. The message is a line for people. The hints say what to do, a line each. */
export class Stop extends Error {
  override readonly name = 'Stop'
  readonly hints: string[]
  constructor(readonly exitCode: ExitCode, message: string, hints: string | readonly string[] = [], options?: { cause: unknown }) {
    super(message, options)
    this.hints = [hints].flat()
  }
}

/** What a command has read changed before the change was sent. Each hint says what. */
export class Changed extends Stop {
  constructor(hints: readonly string[], options?: { cause: unknown }) {
    super(exitCodes.refused, 'what was read has changed', hints, options)
  }
}

/** The time that is left is too short for a move. What it would have taken from its server stays there. */
export class OutOfTime extends Stop {
  constructor(message: string, hints: readonly string[]) {
    super(exitCodes.timedOut, message, hints)
  }
}

/** A server that exists has no flexible IP. A move that ended before can be the reason. */
export class EmptyServer extends Stop {
  constructor(message: string) {
    super(exitCodes.notFound, message)
  }
}

/** The target has refused what was detached, and it went back. It stays there for a while: it is not detached again and again. */
export class HeldBack extends Stop {
  /** Whether no repetition cures what the target has refused. */
  readonly isFinal: boolean
  constructor(exitCode: ExitCode, message: string, hints: readonly string[], { cause, isFinal }: { cause: unknown; isFinal: boolean }) {
    super(exitCode, message, hints, { cause })
    this.isFinal = isFinal
  }
}

/** The reason of the abort when a signal or a condition ends a command. */
export class Interruption extends Error {
  override readonly name = 'Interruption'
  constructor(readonly exitCode: ExitCode, message: string) {
    super(message)
  }
}

/** The signals that end a command. */
export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

const reasons = { SIGINT: [exitCodes.interrupted, 'interrupted'], SIGTERM: [exitCodes.terminated, 'terminated'], SIGHUP: [exitCodes.hungUp, 'the terminal was closed (SIGHUP)'] } as const

/** The reason of the abort for a signal. */
export function interruptionOf(signal: StopSignal): Interruption {
  const [exitCode, message] = reasons[signal]
  return new Interruption(exitCode, message)
}

/** An argument that is wrong. */
export function wrongArgument(message: string, hints?: string | readonly string[]): Stop {
  return new Stop(exitCodes.arguments, message, hints)
}

/** A word of the user in a message: in quotation marks, and cut if it is long. */
export function quoted(word: string): string {
  const letters = [...word]
  return JSON.stringify(letters.length > 60 ? `${letters.slice(0, 60).join('')}…` : word)
}
