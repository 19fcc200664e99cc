// Work on many flexible IPs: a result for each. One that fails stops no other. It goes on when its dialog is closed.
import { isSlowDown, knownOf } from './failure.js'
import { observable, useObservable } from './observable.js'
import { type RowMark, markRows, noteDoubt, settle } from './row-marks.js'
import { postpone } from './slow-down.js'

export type JobState = 'waits' | 'underWay' | 'done' | 'failed' | 'inDoubt' | 'stopped'

/** One change: of a flexible IP, or of a MAC group that changes as one. */
export interface Job {
  readonly ids: readonly string[]
  readonly label: string
  /** What is changed, in one word, for its row while it waits. */
  readonly what: string
  /** A second sending could do it twice: it is not offered while the outcome of the first is unknown. */
  readonly isOnce?: boolean
  readonly send: () => Promise<unknown>
  /** When its request was sent, if that was before the bulk work. */
  readonly beganAt?: number
  /** Its name once it is done. */
  readonly labelOf?: (result: unknown) => string | undefined
}

export interface JobResult {
  readonly job: Job
  readonly state: JobState
  readonly label?: string
  readonly error?: unknown
  readonly beganAt?: number
  readonly endedAt?: number
}

export interface BulkRun {
  readonly title: string
  readonly results: readonly JobResult[]
  readonly isRunning: boolean
  readonly isStopping: boolean
  readonly startedAt: number
}

/** How many changes are sent at a time. The service takes the attaches of a server one after the other anyway. */
const atOnce = 6
const firstPauseMs = 2000
const longestPauseMs = 30_000

const present = observable<BulkRun | undefined>(undefined)
present.subscribe(() => {
  const marks = new Map<string, RowMark>()
  for (const { job, state } of present.get()?.results ?? []) {
    if (state === 'waits') for (const id of job.ids) marks.set(id, { state: 'waits', what: job.what })
  }
  markRows('bulk', marks)
})

export function useBulk(): BulkRun | undefined {
  return useObservable(present)
}

/** The flexible IPs that were not changed, or of which it is unknown. */
export function leftOver({ results }: BulkRun): string[] {
  return results.filter(({ state }) => state !== 'done').flatMap(({ job }) => job.ids)
}

export function isBulkRunning(): boolean {
  return present.get()?.isRunning ?? false
}

export function dismissBulk(): void {
  if (!isBulkRunning()) present.set(undefined)
}

/** Starts no further change. What was sent stays sent. */
export function stopBulk(): void {
  const run = present.get()
  if (!run?.isRunning) return
  present.set({ ...run, isStopping: true, results: run.results.map((each) => (each.state === 'waits' ? { ...each, state: 'stopped' } : each)) })
  wake()
}

let wake: () => void = () => undefined

/** Does the jobs, and resolves when all have ended. A change that the service turned away by a 429 is sent again later. */
export async function startBulk(title: string, jobs: readonly Job[]): Promise<BulkRun | undefined> {
  if (isBulkRunning()) return present.get()
  present.set({ title, results: jobs.map((job) => ({ job, state: 'waits' })), isRunning: true, isStopping: false, startedAt: Date.now() })
  const set = (job: Job, change: Omit<JobResult, 'job'>) => {
    const run = present.get()
    if (run) present.set({ ...run, results: run.results.map((each) => (each.job === job ? { ...each, ...change } : each)) })
  }
  const next = () => present.get()?.results.find(({ state }) => state === 'waits')?.job
  let pauseMs = firstPauseMs
  let pause: Promise<void> | undefined
  const rest = () => {
    pause ??= new Promise<void>((resolve) => {
      postpone(Date.now() + pauseMs)
      const timer = setTimeout(resolve, pauseMs)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    }).then(() => {
      pauseMs = Math.min(longestPauseMs, pauseMs * 2)
      pause = undefined
    })
    return pause
  }
  const worker = async () => {
    for (let job = next(); job; job = next()) {
      set(job, { state: 'underWay', beganAt: job.beganAt ?? Date.now() })
      try {
        const label = await job.send().then(job.labelOf ?? (() => undefined))
        pauseMs = firstPauseMs
        settle(job.ids)
        set(job, { state: 'done', endedAt: Date.now(), ...(label !== undefined && { label }) })
      } catch (error) {
        if (isSlowDown(error)) set(job, { state: present.get()?.isStopping ? 'stopped' : 'waits', error })
        else {
          const isInDoubt = knownOf(error) === 'inDoubt'
          if (isInDoubt) noteDoubt(job.ids)
          set(job, { state: isInDoubt ? 'inDoubt' : 'failed', error, endedAt: Date.now() })
        }
      }
      while (pause) await pause
      if (present.get()?.results.some(({ job: each, state, error }) => each === job && state === 'waits' && error !== undefined)) await rest()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  const run = present.get()
  if (run) present.set({ ...run, isRunning: false })
  return present.get()
}

/** How many changes of the bulk work have not ended. */
export function openJobs(run: BulkRun | undefined): number {
  return run?.isRunning ? run.results.filter(({ state }) => state === 'waits' || state === 'underWay').length : 0
}
