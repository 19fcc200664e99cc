// What the commands have in common that serve on a port until they are stopped.
import { type ExitCode, exitCodes } from './exit-codes.js'
import { plainFailure } from './failure.js'
import type { Io } from './io.js'
import type { CliIo } from './register.js'
import { report } from './report.js'
import { isListenError } from '../server/listen.js'

/** Reports why it could not start, if that is an error that a user can mend, and returns the exit code. */
export async function reportStart(io: CliIo, error: unknown, asJson = false): Promise<number> {
  const { EmulatorTrapError, isFlexipError } = await import('../server/index.js')
  const isExpected = isFlexipError(error) || (error instanceof Error && 'code' in error)
  if (!isExpected) throw error
  // A port in use is no invalid argument.
  const isOfSystem = error instanceof EmulatorTrapError || (error instanceof Error && isListenError(error))
  const exitCode = isFlexipError(error) && !isOfSystem ? exitCodes.arguments : exitCodes.failed
  sayFailure(io, error.message, asJson, exitCode)
  return exitCode
}

/** Says a failure of what serves: a line of text, or an object of JSON. */
export function sayFailure(io: Io, message: string, asJson: boolean, exitCode: ExitCode = exitCodes.failed): void {
  if (asJson) report(io, plainFailure(exitCode, message), true)
  else io.err(`error: ${message}\n`)
}

/** A stop that a signal or a failure begins, once. */
export interface Stop {
  /** The exit code, when what was served has closed. */
  ended: Promise<number>
  /** Begins it, and reports why. Without an effect if it is under way. */
  fail(message: string): void
}

/** Closes at SIGTERM and SIGINT. `close` gets how long open requests may take after a failure, in milliseconds. */
export function stopOnSignal(io: CliIo, close: (limitMs?: number) => Promise<void>, asJson = false): Stop {
  let isStopping = false
  let fail = (_message: string): void => undefined
  const ended = new Promise<number>((resolve) => {
    io.onSignal(() => {
      // A second signal stops without waiting.
      if (isStopping) io.exit(exitCodes.failed)
      isStopping = true
      const onError = (error: unknown): void => {
        sayFailure(io, error instanceof Error ? error.message : String(error), asJson)
        resolve(exitCodes.failed)
      }
      void close().then(() => resolve(exitCodes.done), onError)
    })
    fail = (message) => {
      if (isStopping) return
      isStopping = true
      sayFailure(io, message, asJson)
      // The open requests get their responses first.
      void close(1000).then(() => resolve(exitCodes.failed), () => resolve(exitCodes.failed))
    }
  })
  return { ended, fail: (message) => fail(message) }
}
