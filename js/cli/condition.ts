// --while: a command of the shell that must succeed for as long as the claim runs.
import { exitCodes } from './exit-codes.js'
import type { Session } from './session.js'
import { Interruption } from './stop.js'

const intervalMs = 1000

/** The longest time of one run, in milliseconds. What takes longer does not say that this host is still the master. */
const runMs = 10_000

/** The pause before a run that could not be started is tried again, in milliseconds. */
const startAgainMs = 250

/**
 * Ends the session when the command fails: it runs now, every second, and before every request that changes something.
 * So a request of an old claim is not sent after the host ceased to be master. Returns the function that ends the checks.
 */
export async function watchCondition(session: Session, command: string): Promise<() => void> {
  const over = new AbortController()
  const isTrue = async (): Promise<boolean> => {
    const code = await runFor(session, command, Math.min(runMs, session.remaining()), AbortSignal.any([session.signal, over.signal]))
    if (code === 0 || over.signal.aborted || session.signal.aborted) return code === 0 && !session.signal.aborted
    session.abort(reasonFor(code, session.remaining() <= 0))
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

/**
 * The exit code of the command, or why it could not be started; `undefined` if it has not ended in time. Then it is
 * killed, and not waited for: a process that waits for a disk cannot be killed.
 */
async function runFor(session: Session, command: string, ms: number, signal: AbortSignal): Promise<number | Error | undefined> {
  const { io } = session
  const [late, ended] = [new AbortController(), new AbortController()]
  const running = AbortSignal.any([signal, late.signal])
  let startError: Error | undefined
  // Too many open files or processes say nothing about the condition, and pass.
  const run = async (): Promise<number> => {
    for (;;) {
      startError = undefined
      try {
        return await io.shell(command, running)
      } catch (error) {
        startError = error instanceof Error ? error : new Error(String(error))
        await io.sleep(startAgainMs, running)
        if (running.aborted) return 127
      }
    }
  }
  const code = run().finally(() => ended.abort())
  const limit = io.sleep(ms, ended.signal).then(async (): Promise<number | Error | undefined> => {
    if (ended.signal.aborted) return code
    late.abort()
    return startError
  })
  return Promise.race([code, limit])
}

function reasonFor(code: number | Error | undefined, isLate: boolean): Interruption {
  if (code instanceof Error) return new Interruption(isLate ? exitCodes.timedOut : exitCodes.withdrawn, `--while could not be started: ${code.message}${isLate ? '' : ': the claim is withdrawn'}`)
  if (code !== undefined) return new Interruption(exitCodes.withdrawn, `--while ended with ${code}: the claim is withdrawn`)
  if (isLate) return new Interruption(exitCodes.timedOut, 'the time is up, and --while has not ended')
  return new Interruption(exitCodes.withdrawn, `--while has not ended within ${runMs / 1000} s: the claim is withdrawn`)
}
