// A list as an async generator of its pages.
import type { FlexibleIP, ListFlexibleIPsResponse } from '../../build/client/flexip.js'
import type { Report } from '../errors/report.js'

/** A list that is read page by page: a driver of the core's machine. */
interface PageWalk {
  readonly promise: Promise<unknown>
  next(hasListChanged: boolean, haveIpsChanged: boolean): void
  stop(): void
}

/** How often the client has begun or ended a change: the creations and deletions, and the changes of flexible IPs. */
export interface Changes {
  ofLists: number
  ofIps: number
}

type Settle<Outcome> = (promise: Promise<unknown>, result: (outcome: Outcome) => undefined, onReport: (report: Report) => void) => Promise<undefined>

/**
 * Gives the pages of a walk. The core reads a page only when it is requested, so a caller that stops
 * iterating causes no further request. `changes` counts the client's own changes: a created and a deleted
 * flexible IP leave the total as it is, and so do one that comes into a filter and one that leaves it. `settle`
 * makes an error of the core's report.
 */
export async function* readPages<Outcome>(
  start: (onPage: (outcome: Outcome) => void) => PageWalk,
  changes: () => Changes,
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
      walk.next(changesNow.ofLists !== changesBefore.ofLists, changesNow.ofIps !== changesBefore.ofIps)
      changesBefore = changesNow
      const outcome = await Promise.race([nextPage, end])
      if (outcome === undefined) return
      const page = decode(outcome)
      flexibleIps.push(...page.flexibleIps)
      yield page
    }
  } finally {
    walk.stop()
  }
}
