// How a failure is said.
import type { Failure } from './failure.js'
import type { Io } from './io.js'
import { styleOf } from './output.js'
import { visible } from './table.js'

/** Says why a command failed, on the standard error: lines, or one object of JSON. */
export function report(io: Io, { message, hints, ...others }: Failure, asJson: boolean): void {
  if (asJson) return io.err(`${JSON.stringify({ error: { ...others, message, hints } })}\n`)
  const { bad } = styleOf(io.errIsTerminal, io.env)
  io.err(`${bad('error:')} ${[message, ...hints].map(visible).join('\n')}\n`)
}
