// The same work for several flexible IPs at once: one that fails does not stop the others.
import { type ExitCode, exitCodeOfAll } from './exit-codes.js'
import { type Failure, failureOf } from './failure.js'
import { readAfter } from './last-read.js'
import { report } from './report.js'
import type { Session } from './session.js'

/** How many are worked on at the same time. */
const atOnce = 8

/** What succeeded, and the code of the command. */
export interface Ends<Result> {
  results: Result[]
  exitCode: ExitCode
}

/** Does the work for each item, reports each failure, and returns the results in the order of the items. */
export async function each<Item, Result>(session: Session, items: readonly Item[], nameOf: (item: Item) => string, work: (item: Item) => Promise<Result>): Promise<Ends<Result>> {
  const results: (Result | undefined)[] = items.map(() => undefined)
  const succeeded = new Set<number>()
  const failures: Failure[] = []
  let next = 0
  const worker = async () => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index] as Item
      try {
        session.signal.throwIfAborted()
        results[index] = await work(item)
        succeeded.add(index)
      } catch (error) {
        const failure = failureOf(error, { ...session.circumstances(), now: await readAfter(session, error) })
        if (!failure) throw error
        failures.push(failure)
        report(session.io, { ...failure, message: `${nameOf(item)}: ${failure.message}` }, session.options.json === true)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker))
  return { results: results.filter((_, index) => succeeded.has(index)) as Result[], exitCode: exitCodeOfAll(failures, succeeded.size) }
}
