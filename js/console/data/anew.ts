// Before a change is sent again, the page reads what it is about and compares: others may have changed that by then.
import type { CallOptions, ClientEvent, RetryEvent } from 'flexip/slim'
import { OvertakenError } from './confirmed.js'
import { DoubtError, isAnswer, isUnknown, knownOf } from './failure.js'
import { withLock } from './locks.js'
import type { ActivityLog } from './log.js'

/** As many attempts, and as long a first backoff, as the library has by default. */
const triesMax = 4
const firstDelayMs = 50

interface Where {
  readonly log: ActivityLog
}

interface Change<Request> {
  /**
   * Reads right before each try, and gives what to send; `undefined` if there is nothing to do any more. `isInDoubt` is
   * whether an earlier try may have been done.
   */
  readonly prepare: (isInDoubt: boolean) => Promise<Request | undefined>
  readonly send: (request: Request, call: CallOptions) => Promise<unknown>
}

/** Why a call is not sent again. */
interface Stop<Request> {
  readonly call: number
  readonly tries: number
  /** What to send in its place, if anything. */
  readonly next?: Request | undefined
  /** What the reading threw. */
  readonly thrown?: unknown
}

/** Sends a change. If a reading before a retry gives another one, that takes its place, within the same number of tries. */
export async function sendAnew<Request>({ log }: Where, { prepare, send }: Change<Request>): Promise<void> {
  let isInDoubt = false
  let tries = 0
  /** The call of the try before, while the log does not have what followed it. */
  let before: number | undefined
  /** The call whose last answer was lost. */
  let lost: number | undefined
  const onEvent = (event: ClientEvent): void => {
    if (event.type === 'response' && event.method !== 'GET') lost = isAnswer(event) ? undefined : event.call
    if (before === undefined || event.type !== 'request' || event.method === 'GET') return
    log.add({ type: 'sentAnew', of: before, call: event.call })
    before = undefined
  }
  let next: Request | undefined = await prepare(false)
  try {
    while (next !== undefined) {
      const request: Request = next
      const stops: Stop<Request>[] = []
      const beforeRetry = async ({ call, attempts, error }: RetryEvent): Promise<void> => {
        isInDoubt ||= isUnknown(error.code)
        const stop = await prepare(isInDoubt).then(
          (other): Stop<Request> | undefined => (JSON.stringify(other) === JSON.stringify(request) ? undefined : { call, tries: attempts, next: other }),
          (thrown: unknown): Stop<Request> => ({ call, tries: attempts, thrown }),
        )
        if (!stop) return
        stops.push(stop)
        throw new Error('it is not sent again as it was')
      }
      try {
        await send(request, { beforeRetry, onEvent, retry: { maxAttempts: triesMax - tries, baseDelayMs: firstDelayMs * 2 ** tries } })
        // The client has read that it was done.
        if (lost !== undefined) log.add({ type: 'sentAnew', of: lost, isDone: true })
        return
      } catch (error) {
        const [stop] = stops
        if (!stop) throw afterOthers(error, isInDoubt)
        before = stop.call
        if (stop.thrown !== undefined) throw afterOthers(stop.thrown, isInDoubt)
        tries += stop.tries
        next = stop.next
      }
    }
  } finally {
    if (before !== undefined) log.add({ type: 'sentAnew', of: before, isDone: isInDoubt && next === undefined })
  }
}

/** What the error of a later try says of all tries. */
function afterOthers(error: unknown, isInDoubt: boolean): unknown {
  const said = error instanceof OvertakenError ? new OvertakenError(error.differences, true) : error
  return isInDoubt && knownOf(said) !== 'inDoubt' ? new DoubtError(said) : said
}

/** Reads and writes a flexible IP while no other tab of this browser does so: of two that write what they read, one is lost. */
export function alone<Result>(fipId: string, work: () => Promise<Result>): Promise<Result> {
  return withLock(`flexip-change-${fipId}`, work)
}
