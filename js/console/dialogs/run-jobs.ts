// Starts changes of many flexible IPs, shows their results, and leaves selected what did not succeed.
import { flexibleIpMutations } from 'flexip/query'
import type { CallOptions, FlexibleIP } from 'flexip/slim'
import { useMemo } from 'react'
import { sendAnew } from '../data/anew.js'
import { type Job, countLeft, countOf, leftOver, startBulk, useBulkTitle } from '../data/bulk.js'
import { type Confirmed, type ConfirmOptions, readConfirmed } from '../data/confirmed.js'
import { followSelection } from '../data/selection.js'
import { type Store, useFleet, useStore } from '../data/store.js'
import { go } from '../data/url.js'
import { announce, note } from '../shell/live.js'
import { useOnline } from '../shell/online.js'
import { strings } from '../strings.js'

/** The store has zones read after changes, so that the mutations need not go through all flexible IPs for each. */
const noCache = { getQueriesData: () => [], invalidateQueries: () => Promise.resolve() }

/** The changes of the library, each until its goal is reached. */
export function useMutations() {
  const { client, connection } = useStore()
  return useMemo(() => flexibleIpMutations(client, noCache, { scope: connection.scope }), [client, connection])
}

/**
 * Sends a change of what was confirmed, unless others have changed that since: before each try. Nothing is sent of what is
 * at its goal already. `doubtGoal` is a goal only after a try without an answer.
 */
export function sendConfirmed(store: Store, confirmed: readonly Confirmed[], { doubtGoal, ...options }: ConfirmOptions & { readonly doubtGoal?: ConfirmOptions['goal'] }, send: (call: CallOptions) => Promise<unknown>): Promise<void> {
  return sendAnew(store, {
    async prepare(isInDoubt) {
      const goal = options.goal ?? (isInDoubt ? doubtGoal : undefined)
      return (await readConfirmed(store, confirmed, { ...options, goal })) ? undefined : 'as confirmed'
    },
    send: (_, call) => send(call),
  })
}

/** A detach, until they are on no server. */
export async function detach({ client }: Store, request: { readonly zone: string; readonly fipsIds: string[] }, call: CallOptions): Promise<void> {
  await client.detachFlexibleIP(request, call)
  await client.waitForFlexibleIPs(request)
}

/** Why changes of many cannot be started now; empty if they can. */
export function useHindrance(): string {
  const title = useBulkTitle()
  const isOnline = useOnline()
  if (!isOnline) return strings.offline.changesOff
  return title === undefined ? '' : strings.acts.busy(title)
}

/** The same, for changes of these flexible IPs, which can come late and go away. */
export function useHindranceFor({ length }: readonly FlexibleIP[]): string {
  const hindrance = useHindrance()
  const { isWhole } = useFleet()
  if (hindrance !== '' || length > 0) return hindrance
  return isWhole ? strings.acts.nothingSelected : strings.acts.reading
}

/** Starts changes and shows their results, unless the person is elsewhere by now. Those that are not about the selection keep it. */
export function runJobs(title: string, jobs: readonly Job[], keepsSelection = false, isShown = true): void {
  const started = startBulk(title, jobs, keepsSelection)
  if (!started) return note(strings.acts.busyNow)
  const settleSelection = followSelection()
  if (isShown) go({ dialog: 'results' })
  void started.then((run) => {
    const left = leftOver(run)
    const done = run.results.filter(({ state }) => state === 'done')
    settleSelection(keepsSelection ? [] : done.flatMap(({ job }) => job.ids), keepsSelection ? [] : left)
    announce(countLeft(run) === 0 ? strings.acts.allDone(countOf(done)) : strings.acts.someFailed(countOf(done), countOf(run.results), keepsSelection ? 0 : left.length))
  })
}
