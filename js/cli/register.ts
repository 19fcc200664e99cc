// How a command is added to the program, and run.
import type { Command } from 'commander'
import type { CommonOptions } from './common-options.js'
import { type ExitCode, exitCodes } from './exit-codes.js'
import { failureOf } from './failure.js'
import type { Io } from './io.js'
import { readAfter } from './last-read.js'
import { report } from './report.js'
import { Session } from './session.js'
import { interruptionOf } from './stop.js'

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
    const failure = failureOf(error, { ...session.circumstances(), now: await readAfter(session, error) })
    if (!failure) throw error
    report(io, failure, options.json === true)
    return failure.exitCode
  } finally {
    endOfSignals()
  }
}
