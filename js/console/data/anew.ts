// Each try of an act begins anew. The library sends again, as it was, what the service turned away or did not answer. By
// then others may have changed what the act is about. So the retry of a change ends its call, and the act reads again.
import type { CallOptions, ClientEvent, RetryEvent } from 'flexip/slim'
import { OvertakenError } from './confirmed.js'
import { DoubtError, isUnknown, knownOf } from './failure.js'
import type { ActivityLog } from './log.js'

/** As many attempts, and as long a first backoff, as the library has by default. */
const triesMax = 4
const firstDelayMs = 50

/** Where an act is done. */
interface Where {
  readonly log: ActivityLog
}

/**
 * Does an act: it reads, compares, and sends one change with these options of a call. In place of a retry of the change,
 * the act is done anew, when the retry was due. `isInDoubt` is whether an earlier try may have been done.
 */
export async function sendAnew<Result>({ log }: Where, act: (call: CallOptions, isInDoubt: boolean) => Promise<Result>): Promise<Result> {
  let isInDoubt = false
  /** The call of the try before, while the log does not have what followed it. */
  let before: number | undefined
  try {
    for (let tries = 1; ; tries += 1) {
      const abort = new AbortController()
      const seen: { retry?: RetryEvent } = {}
      const changes = new Set<string>()
      const onEvent = (event: ClientEvent): void => {
        if (event.type === 'request' && event.method !== 'GET') {
          changes.add(event.operation)
          if (before !== undefined) log.add({ type: 'sentAnew', of: before, call: event.call })
          before = undefined
        }
        if (event.type !== 'retry' || !changes.has(event.operation)) return
        seen.retry = event
        abort.abort()
      }
      try {
        return await act({ signal: abort.signal, onEvent, retry: { maxAttempts: triesMax + 1 - tries, baseDelayMs: firstDelayMs * 2 ** (tries - 1) } }, isInDoubt)
      } catch (error) {
        const { retry } = seen
        if (!retry) throw tries === 1 ? error : afterOthers(error, isInDoubt)
        before = retry.call
        isInDoubt ||= isUnknown(retry.error.code)
        await new Promise((resolve) => setTimeout(resolve, retry.delayMs))
      }
    }
  } finally {
    if (before !== undefined) log.add({ type: 'sentAnew', of: before })
  }
}

/** What the error of a later try says of all tries. */
function afterOthers(error: unknown, isInDoubt: boolean): unknown {
  const said = error instanceof OvertakenError ? new OvertakenError(error.differences, true) : error
  return isInDoubt && knownOf(said) !== 'inDoubt' ? new DoubtError(said) : said
}

/** Reads and writes a flexible IP while no other tab of this browser does so: of two that write what they read, one is lost. */
export function alone<Result>(fipId: string, work: () => Promise<Result>): Promise<Result> {
  if (typeof navigator === 'undefined' || !('locks' in navigator)) return work()
  return navigator.locks.request(`flexip-change-${fipId}`, work) as Promise<Result>
}
