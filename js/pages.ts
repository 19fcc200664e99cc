// A list as an async generator of its pages.
import type { ListRun } from '../build/client/flexip.js'

type Settled<Outcome> = (promise: Promise<unknown>, result: (outcome: Outcome) => undefined) => Promise<undefined>

/**
 * Gives the pages of a run of the core. A page is asked for when it is wanted, so whoever stops
 * reading stops the asking; `settled` makes an error of a failure.
 */
export async function* pagesOf<Outcome, Page>(
  start: (onPage: (outcome: Outcome) => void) => ListRun,
  settled: Settled<Outcome>,
  decode: (outcome: Outcome) => Page,
): AsyncGenerator<Page, void, undefined> {
  let give: ((outcome: Outcome) => void) | undefined
  const run = start((outcome) => give?.(outcome))
  const ended = settled(run.promise, () => undefined)
  // It is awaited below; until then nobody has to handle it.
  ended.catch(() => {})
  try {
    for (;;) {
      const next = new Promise<Outcome>((resolve) => (give = resolve))
      run.want()
      const outcome = await Promise.race([next, ended])
      if (outcome === undefined) return
      yield decode(outcome)
    }
  } finally {
    run.stop()
    run.free()
  }
}
