// Starts changes of many flexible IPs, shows their results, and leaves selected what did not succeed.
import { flexibleIpMutations } from 'flexip/query'
import { useMemo } from 'react'
import { type Job, leftOver, startBulk } from '../data/bulk.js'
import { select } from '../data/selection.js'
import { useStore } from '../data/store.js'
import { go } from '../data/url.js'
import { announce } from '../shell/live.js'
import { strings } from '../strings.js'

/** The changes of the library, each until its goal is reached. */
export function useMutations() {
  const { client, cache, connection } = useStore()
  return useMemo(() => flexibleIpMutations(client, cache, { scope: connection.scope }), [client, cache, connection])
}

/** A change that is not about the selection keeps it. */
export function runJobs(title: string, jobs: readonly Job[], keepsSelection = false): void {
  go({ dialog: 'results' })
  void startBulk(title, jobs).then((run) => {
    if (!run) return
    const left = leftOver(run)
    if (!keepsSelection) select(left, [])
    const done = run.results.filter(({ state }) => state === 'done').length
    announce(left.length === 0 ? strings.acts.allDone(done) : strings.acts.someFailed(done, run.results.length, run.results.length - done))
  })
}
