// The question before something is destroyed.
import { exitCodes } from './exit-codes.js'
import type { Session } from './session.js'
import { Stop } from './stop.js'
import { visible } from './table.js'

/** Asks, unless the options have `--yes`. Without a terminal to ask on, or for any answer but yes, it throws a `Stop`. */
export async function confirm(session: Session, isSure: boolean | undefined, what: string): Promise<void> {
  if (isSure) return
  const answer = await session.pause(() => session.io.ask(`${visible(what)}? [y/N] `, session.signal))
  session.signal.throwIfAborted()
  if (answer === undefined) throw new Stop(exitCodes.refused, `${what}: there is no terminal to ask on`, 'Add --yes to do it without a question, or --dry-run to see what it would do.')
  if (!/^y(es)?$/i.test(answer.trim())) throw new Stop(exitCodes.refused, 'not confirmed', 'Nothing was changed.')
}
