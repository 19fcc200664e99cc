// How a failure is said.
import { hiddenCondition } from './command-line.js'
import type { Failure } from './failure.js'
import type { Io } from './io.js'
import { styleOf } from './output.js'
import { visible } from './table.js'

/** Says why a command failed, on the standard error: lines, or one object of JSON. */
export function report(io: Io, { message, hints: known, ...others }: Failure, asJson: boolean): void {
  // A command without its password is another one.
  const isAltered = known.some((hint) => hint.includes(': flexip ') && (hint.includes(`--while=${hiddenCondition}`) || io.secrets.cleanMessage(hint) !== hint))
  const hints = isAltered ? [...known, 'In this command, [secret] stands for a text that is not shown: fill it in before you run it.'] : known
  if (asJson) return io.err(`${JSON.stringify({ error: { ...others, message, hints } })}\n`)
  const { bad } = styleOf(io.errIsTerminal, io.env)
  io.err(`${bad('error:')} ${[message, ...hints].map(visible).join('\n')}\n`)
}
