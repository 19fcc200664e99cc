// Work on many flexible IPs: a result for each. One that fails stops no other. It goes on when its dialog is closed.
import { OvertakenError, UnreadError } from './confirmed.js'
import { DoubtError, isSlowDown, knownOf } from './failure.js'
import { observable, useObservable } from './observable.js'
import { type Reading, type RowMark, markRows, noteDoubt, noteTurnedAway, readings, settle, settlingMs, turnedAway } from './row-marks.js'
import { postpone } from './slow-down.js'

export type JobState = 'waits' | 'underWay' | 'done' | 'failed' | 'inDoubt' | 'notDone' | 'overtaken' | 'stopped' | 'unsent'

/** One change: of a flexible IP, or of a MAC group that changes as one. */
export interface Job {
  readonly ids: readonly string[]
  readonly label: string
  /** What is changed, in one word, for its row while it waits. */
  readonly what: string
  /** The server of an attach. */
  readonly toId?: string
  /** What a create may have made, if its answer is lost: a flexible IP with this description that was not there before. */
  readonly makes?: { readonly zone: string | undefined; readonly description: string; readonly before: ReadonlySet<string> }
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
  /** The selection stays as it is, whatever succeeds. */
  readonly keepsSelection: boolean
}

/** How many changes are sent at a time. The service takes the attaches of a server one after the other anyway. */
const atOnce = 6
const firstPauseMs = 2000
const longestPauseMs = 30_000

/** So often views are drawn anew while changes end, however many there are. */
const drawMs = 100

const present = observable<BulkRun | undefined>(undefined)
const markAll = () => {
  const marks = new Map<string, RowMark>()
  for (const { job, state, beganAt } of present.get()?.results ?? []) {
    const { what, toId } = job
    const step = what === 'attach' ? 'attaching' : what === 'detach' ? 'detaching' : undefined
    if (shownState({ job, state }, turnedAway.get()) === 'waits') for (const id of job.ids) marks.set(id, { state: 'waits', what })
    else if (state === 'underWay' && step && beganAt !== undefined) for (const id of job.ids) marks.set(id, { state: step, since: beganAt, ...(toId !== undefined && { toId }) })
  }
  markRows('bulk', marks)
}
present.subscribe(markAll)
turnedAway.subscribe(markAll)
readings.subscribe(() => {
  const run = present.get()
  if (!run || run.isRunning) return
  const results = run.results.map((each) => afterReading(each, readings.get()))
  if (results.some((each, index) => each !== run.results[index])) present.set({ ...run, results })
})
/** The work that will start when a request of it is answered. */
const reserved = observable<string | undefined>(undefined)

/** The work under way: its results as they are now, of which views get copies. */
interface Work {
  readonly title: string
  readonly keepsSelection: boolean
  readonly results: JobResult[]
  /** The places of the changes that wait, and of those that the service turned away. */
  waiting: number[]
  isStopping: boolean
  /** Ends the pause after a 429. */
  wake: () => void
  timer?: ReturnType<typeof setTimeout> | undefined
}

let work: Work | undefined

/** The state of a change as views show it: what the service turned away waits until it is sent again. */
export function shownState({ job, state }: Pick<JobResult, 'job' | 'state'>, turned: ReadonlySet<string>): JobState {
  return state === 'underWay' && job.ids.some((id) => turned.has(id)) ? 'waits' : state
}

/** How many changes wait for the service: those that are not sent, and those that it turned away. */
export function useWaiting(): number {
  const run = useBulk()
  const turned = useObservable(turnedAway)
  return run?.isRunning ? countOf(run.results.filter((each) => shownState(each, turned) === 'waits')) : 0
}

function publish(of: Work): BulkRun {
  clearTimeout(of.timer)
  of.timer = undefined
  const run: BulkRun = { title: of.title, keepsSelection: of.keepsSelection, results: [...of.results], isRunning: work === of }
  present.set(run)
  return run
}

function set(of: Work, place: number, change: Omit<JobResult, 'job'>): void {
  const result = of.results[place]
  if (!result) return
  of.results[place] = { ...result, ...change }
  of.timer ??= setTimeout(() => publish(of), drawMs)
}

export function useBulk(): BulkRun | undefined {
  return useObservable(present)
}

/** The title of the bulk work that is under way: until it has ended, no other can start. */
export function useBulkTitle(): string | undefined {
  const run = useBulk()
  return useObservable(reserved) ?? (run?.isRunning ? run.title : undefined)
}

/** Keeps other bulk work from starting until the returned function is called. Undefined if some is under way. */
export function reserveBulk(title: string): (() => void) | undefined {
  if (isBulkRunning() || reserved.get() !== undefined) return undefined
  reserved.set(title)
  return () => reserved.set(undefined)
}

/** The flexible IPs that were not changed, or of which it is unknown. */
export function leftOver({ results }: BulkRun): string[] {
  return results.filter(({ state }) => state !== 'done').flatMap(({ job }) => job.ids)
}

/** Of these, the flexible IPs of which it is unknown whether they were changed. */
export function inDoubt({ results }: BulkRun): number {
  return countOf(results.filter(({ state }) => state === 'inDoubt'))
}

/** Notes what a create whose answer was lost has made. */
export function settleJob(job: Job, label: string): void {
  const run = present.get()
  if (run && !isBulkRunning()) present.set({ ...run, results: run.results.map((each) => (each.job === job ? { job, state: 'done', label } : each)) })
}

/** What a reading shows of an attach or a detach in doubt: done, or not done if it came when a lost request has no effect any more. */
function afterReading(result: JobResult, { beganAt, ips }: Reading): JobResult {
  const { job, state, endedAt = beganAt } = result
  if (state !== 'inDoubt' || (job.what !== 'attach' && job.what !== 'detach') || beganAt <= endedAt) return result
  const now = ips.filter(({ id }) => job.ids.includes(id))
  if (now.length === 0 || now.some(({ status }) => status === 'updating' || status === 'detaching')) return result
  if (now.length === job.ids.length && now.every(({ serverId }) => serverId === job.toId)) return { job, state: 'done' }
  return beganAt > endedAt + settlingMs ? { ...result, state: 'notDone' } : result
}

/** How many flexible IPs these results are of. A MAC group changes as one. */
export function countOf(results: readonly JobResult[]): number {
  // What is to be created has no id yet.
  return results.reduce((sum, { job }) => sum + Math.max(1, job.ids.length), 0)
}

/** How many were not changed or made, or of how many that is unknown. */
export function countLeft({ results }: BulkRun): number {
  return countOf(results.filter(({ state }) => state !== 'done'))
}

export function isBulkRunning(): boolean {
  return work !== undefined
}

export function dismissBulk(): void {
  if (!isBulkRunning()) present.set(undefined)
}

function stateAfter({ what }: Job, error: unknown): JobState {
  if (error instanceof OvertakenError || error instanceof UnreadError) return 'unsent'
  // Where it is was read after the answer was lost. So was, of a delete, that it is there.
  const overtaken = error instanceof DoubtError && error.cause instanceof OvertakenError ? error.cause.differences : []
  if (overtaken.length > 0 && overtaken.every(({ kind }) => kind === 'place' || (what === 'delete' && kind !== 'gone'))) return 'overtaken'
  return knownOf(error) === 'inDoubt' ? 'inDoubt' : 'failed'
}

/** Shows a change that was not done, whose form is not open any more, as a result. The `rest` would have followed it. */
export function showFailure(title: string, job: Job, error: unknown, rest: readonly Job[] = []): boolean {
  if (isBulkRunning()) return false
  const results: JobResult[] = [{ job, state: stateAfter(job, error), error }, ...rest.map((each) => ({ job: each, state: 'stopped' as const }))]
  present.set({ title, keepsSelection: true, results, isRunning: false })
  return true
}

/** Starts no further change. What was sent stays sent. */
export function stopBulk(): void {
  if (!work) return
  work.isStopping = true
  work.waiting = []
  work.results.forEach((each, place) => each.state === 'waits' && work && set(work, place, { state: 'stopped' }))
  publish(work)
  work.wake()
}

/** Starts the jobs, unless other bulk work is under way. */
export function startBulk(title: string, jobs: readonly Job[], keepsSelection: boolean): Promise<BulkRun> | undefined {
  return isBulkRunning() || reserved.get() !== undefined ? undefined : doAll(title, jobs, keepsSelection)
}

/** Does the jobs, and resolves when all have ended. A change that the service turned away by a 429 is sent again later. */
async function doAll(title: string, jobs: readonly Job[], keepsSelection: boolean): Promise<BulkRun> {
  const own: Work = { title, keepsSelection, results: jobs.map((job) => ({ job, state: 'waits' })), waiting: jobs.map((_, place) => place).reverse(), isStopping: false, wake: () => undefined }
  work = own
  noteTurnedAway(jobs.flatMap(({ ids }) => ids), false)
  publish(own)
  let pauseMs = firstPauseMs
  let pause: Promise<void> | undefined
  const rest = () => {
    pause ??= new Promise<void>((resolve) => {
      postpone(Date.now() + pauseMs)
      const timer = setTimeout(resolve, pauseMs)
      own.wake = () => {
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
    for (let place = own.waiting.pop(); place !== undefined; place = own.waiting.pop()) {
      const job = jobs[place]
      if (!job) break
      set(own, place, { state: 'underWay', beganAt: job.beganAt ?? Date.now() })
      let isTurnedAway = false
      try {
        const label = await job.send().then(job.labelOf ?? (() => undefined))
        pauseMs = firstPauseMs
        settle(job.ids)
        set(own, place, { state: 'done', endedAt: Date.now(), ...(label !== undefined && { label }) })
      } catch (error) {
        if (isSlowDown(error)) {
          isTurnedAway = !own.isStopping
          if (isTurnedAway) own.waiting.push(place)
          set(own, place, { state: isTurnedAway ? 'waits' : 'stopped', error })
        } else {
          const ended = stateAfter(job, error)
          if (ended === 'inDoubt') noteDoubt(job.ids)
          if (ended === 'overtaken') settle(job.ids)
          set(own, place, { state: ended, error, endedAt: Date.now() })
        }
      }
      while (pause) await pause
      // Unless it was stopped, or sent by another worker after its pause.
      if (isTurnedAway && own.waiting.includes(place)) await rest()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  work = undefined
  return publish(own)
}

/** Of how many flexible IPs the bulk work is not done yet. */
export function openJobs(run: BulkRun | undefined): number {
  return run?.isRunning ? countOf(run.results.filter(({ state }) => state === 'waits' || state === 'underWay')) : 0
}

/** Of these, how many are not sent: a stop leaves them as they are. */
export function waitingJobs(run: BulkRun | undefined): number {
  return run?.isRunning ? countOf(run.results.filter(({ state }) => state === 'waits')) : 0
}
