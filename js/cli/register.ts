// How a command is added to the program, and run.
import type { Command } from 'commander'
import type { CommonOptions } from './common-options.js'
import { type ExitCode, exitCodes } from './exit-codes.js'
import { type Failure, failureOf } from './failure.js'
import type { Io } from './io.js'
import { styleOf } from './output.js'
import { Session } from './session.js'
import { interruptionOf } from './stop.js'
import { visible } from './table.js'

/** Adds a command to the program. */
export type Register = (program: Command, io: CliIo) => void

/** The surroundings of the commands, and the exit code that a command leaves in them. */
export interface CliIo extends Io {
  exitCode: number
}

/** What a command does. It returns its exit code; nothing means that it is done. */
export type Run<Options> = (session: Session, words: string[], options: Options) => Promise<ExitCode | void>

/** Runs `run` when the command is called, with all its arguments as one list, and reports how it ends. */
export function act<Options extends object = object>(command: Command, io: CliIo, run: Run<Options>): Command {
  return command.action(async (...parameters: unknown[]) => {
    const words = (parameters.slice(0, -2) as (string | string[] | undefined)[]).flat().filter((word) => word !== undefined)
    const options = command.opts<CommonOptions & Options>()
    io.exitCode = await runSession(io, options, (session) => run(session, words, options))
  })
}

/** Runs a session until it ends, by itself or by a signal. */
export async function runSession(io: Io, options: CommonOptions, run: (session: Session) => Promise<ExitCode | void>): Promise<ExitCode> {
  const controller = new AbortController()
  const session = new Session(io, options, controller)
  const endOfSignals = io.onSignal((signal) => {
    const interruption = interruptionOf(signal)
    // A second signal ends the process without waiting.
    if (controller.signal.aborted) io.exit(interruption.exitCode)
    controller.abort(interruption)
  })
  try {
    return (await run(session)) ?? exitCodes.done
  } catch (error) {
    const failure = failureOf(error, session.remaining() <= 0)
    if (!failure) throw error
    report(io, failure, options.json === true)
    return failure.exitCode
  } finally {
    endOfSignals()
  }
}

/** Says why a command failed, on the standard error. */
export function report(io: Io, { message, hints, ...others }: Failure, asJson: boolean): void {
  if (asJson) return io.err(`${JSON.stringify({ error: { ...others, message, hints } })}\n`)
  const { bad } = styleOf(io.errIsTerminal, io.env)
  io.err(`${bad('error:')} ${[message, ...hints].map(visible).join('\n')}\n`)
}
