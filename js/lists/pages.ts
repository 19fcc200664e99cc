// A list as an async generator of its pages.
import type { PageWalk } from '../../build/client/flexip.js'

type Settle<Outcome> = (promise: Promise<unknown>, result: (outcome: Outcome) => undefined) => Promise<undefined>

/**
 * Gives the pages of a walk. The core reads a page only when it is requested, so a caller that stops
 * iterating causes no further request. `settle` makes an error of the core's report.
 */
export async function* readPages<Outcome, Page>(
  start: (onPage: (outcome: Outcome) => void) => PageWalk,
  settle: Settle<Outcome>,
  decode: (outcome: Outcome) => Page,
): AsyncGenerator<Page, void, undefined> {
  let resolvePage: ((outcome: Outcome) => void) | undefined
  const walk = start((outcome) => resolvePage?.(outcome))
  const end = settle(walk.promise, () => undefined)
  // It is awaited below. A rejection before that must not count as unhandled.
  end.catch(() => {})
  try {
    for (;;) {
      const page = new Promise<Outcome>((resolve) => (resolvePage = resolve))
      walk.next()
      const outcome = await Promise.race([page, end])
      if (outcome === undefined) return
      yield decode(outcome)
    }
  } finally {
    walk.stop()
    walk.free()
  }
}
