// --while: a command of the shell that must succeed for as long as the claim runs.
import { exitCodes } from './exit-codes.js'
import type { Session } from './session.js'
import { Interruption } from './stop.js'

const intervalMs = 1000

/**
 * Ends the session when the command fails: it runs now, every second, and before every request that changes something.
 * So a request of an old claim is not sent after the host ceased to be master. Returns the function that ends the checks.
 */
export async function watchCondition(session: Session, command: string): Promise<() => void> {
  const over = new AbortController()
  const isTrue = async (): Promise<boolean> => {
    // What cannot be run does not succeed.
    const code = await session.io.shell(command, AbortSignal.any([session.signal, over.signal])).catch(() => 127)
    if (code === 0 || over.signal.aborted || session.signal.aborted) return code === 0 && !session.signal.aborted
    session.abort(new Interruption(exitCodes.withdrawn, `--while ended with ${code}: the claim is withdrawn`))
    return false
  }
  const before = session.gate
  session.gate = (fetch) => before(async (url, init) => {
    if (init.method !== 'GET' && !(await isTrue())) throw session.signal.reason
    return fetch(url, init)
  })
  await isTrue()
  session.signal.throwIfAborted()
  const repeat = async () => {
    while (!over.signal.aborted && !session.signal.aborted) {
      await session.io.sleep(intervalMs, over.signal)
      if (!over.signal.aborted) await isTrue()
    }
  }
  void repeat()
  return () => over.abort()
}
