// A list as an async generator of its pages.
import type { FlexibleIP, ListFlexibleIPsResponse, PageWalk } from '../../build/client/flexip.js'
import type { Report } from '../errors/report.js'

type Settle<Outcome> = (promise: Promise<unknown>, result: (outcome: Outcome) => undefined, onReport: (report: Report) => void) => Promise<undefined>

/**
 * Gives the pages of a walk. The core reads a page only when it is requested, so a caller that stops
 * iterating causes no further request. `changes` counts the flexible IPs that the client created or
 * deleted: of those, a created and a deleted one leave the total as it is. `settle` makes an error of the
 * core's report.
 */
export async function* readPages<Outcome>(
  start: (onPage: (outcome: Outcome) => void) => PageWalk,
  changes: () => number,
  settle: Settle<Outcome>,
  decode: (outcome: Outcome) => ListFlexibleIPsResponse,
): AsyncGenerator<ListFlexibleIPsResponse, void, undefined> {
  // For the error of a list that is not whole.
  const flexibleIps: FlexibleIP[] = []
  let resolvePage: ((outcome: Outcome) => void) | undefined
  const walk = start((outcome) => resolvePage?.(outcome))
  const end = settle(walk.promise, () => undefined, (report) => (report.flexibleIps = flexibleIps))
  // It is awaited below. A rejection before that must not count as unhandled.
  end.catch(() => {})
  let changesBefore = changes()
  try {
    for (;;) {
      const nextPage = new Promise<Outcome>((resolve) => (resolvePage = resolve))
      const changesNow = changes()
      walk.next(changesNow !== changesBefore)
      changesBefore = changesNow
      const outcome = await Promise.race([nextPage, end])
      if (outcome === undefined) return
      const page = decode(outcome)
      flexibleIps.push(...page.flexibleIps)
      yield page
    }
  } finally {
    walk.stop()
    walk.free()
  }
}
