// The results of a change of many flexible IPs: one for each, while it runs and afterwards.
import { type ReactNode, memo, useEffect, useState } from 'react'
import { type Job, type JobResult, countLeft, countOf, dismissBulk, leftOver, settleJob, shownState, stopBulk, useBulk, waitingJobs } from '../data/bulk.js'
import { requestIdOf } from '../data/failure.js'
import { useObservable } from '../data/observable.js'
import { turnedAway } from '../data/row-marks.js'
import { useFleet, useServerName, useStore } from '../data/store.js'
import { Icon, type IconName } from '../shell/icons.js'
import { useOnline } from '../shell/online.js'
import { seconds, strings, time } from '../strings.js'
import { Frame } from './frame.js'
import { closeDialog } from './open.js'
import { runJobs, useHindrance } from './run-jobs.js'
import { overtakenOf, overtakenWords, sentence, wordsOf } from './words.js'

const words = strings.acts
/** The most results that are drawn before more are asked for. Those that need a person come first then. */
const shownFirst = 100
const icons: Readonly<Record<JobResult['state'], IconName>> = { waits: 'clock', underWay: 'updating', done: 'check', failed: 'error', inDoubt: 'doubt', notDone: 'barred', overtaken: 'barred', stopped: 'barred', unsent: 'barred' }
const tones: Readonly<Record<JobResult['state'], string>> = { waits: 'plain', underWay: 'accent', done: 'ok', failed: 'bad', inDoubt: 'warn', notDone: 'warn', overtaken: 'warn', stopped: 'plain', unsent: 'warn' }

export default function Results() {
  const run = useBulk()
  const hindrance = useHindrance()
  const isOnline = useOnline()
  const [most, setMost] = useState(shownFirst)
  if (!run) return null
  const all = countOf(run.results)
  const done = all - countLeft(run)
  const left = run.results.filter(({ state }) => state !== 'done')
  // What others have changed is to be confirmed anew.
  const repeatable = left.filter(({ job, state, error }) => !(job.isOnce && state === 'inDoubt') && !overtakenOf(error))
  const waiting = waitingJobs(run)
  const shown = run.results.length <= most ? run.results : urgentFirst(run.results).slice(0, most)
  const close = () => {
    closeDialog()
    dismissBulk()
  }
  const subtitle = run.isRunning ? `${words.running(done, all)}. ${words.runningText}` : left.length === 0 ? words.allDone(done) : words.someFailed(done, all, run.keepsSelection ? 0 : leftOver(run).length)
  return (
    <Frame
      size="small"
      title={run.title}
      subtitle={subtitle}
      close={run.isRunning ? closeDialog : close}
      foot={
        <>
          <span className="reason">{left.length === 0 ? '' : !isOnline ? strings.offline.changesOff : run.isRunning ? '' : hindrance}</span>
          {run.isRunning && waiting > 0 && (
            <button className="button" type="button" onClick={stopBulk}>
              {words.stop(waiting)}
            </button>
          )}
          {!run.isRunning && (
            <button className={repeatable.length > 0 ? 'button' : 'button primary'} type="button" onClick={close}>
              {words.close}
            </button>
          )}
          {!run.isRunning && repeatable.length > 0 && (
            <button className="button primary" type="button" disabled={hindrance !== ''} onClick={() => runJobs(run.title, repeatable.map(({ job }) => job), run.keepsSelection)}>
              {words.again(countOf(repeatable))}
            </button>
          )}
        </>
      }
    >
      <progress aria-label={words.running(done, all)} value={done} max={all} />
      <ul className="results">
        {shown.map((result) => (
          <Result key={result.job.label} result={result} isRepeatable={!run.isRunning && repeatable.includes(result)}>
            {!run.isRunning && result.state === 'inDoubt' && result.job.makes && <Made job={result.job} makes={result.job.makes} others={run.results.flatMap(({ label }) => label ?? [])} />}
          </Result>
        ))}
      </ul>
      {shown.length < run.results.length && (
        <button className="button" type="button" onClick={() => setMost(most + shownFirst)}>
          {words.more(Math.min(shownFirst, run.results.length - shown.length), run.results.length - shown.length)}
        </button>
      )}
    </Frame>
  )
}

/** What failed, what is in doubt and what is under way before the rest. */
function urgentFirst(results: readonly JobResult[]): JobResult[] {
  const isUrgent = ({ state }: JobResult) => state === 'failed' || state === 'unsent' || state === 'inDoubt' || state === 'notDone' || state === 'overtaken' || state === 'underWay'
  return [...results.filter(isUrgent), ...results.filter((each) => !isUrgent(each))]
}

/** What a create whose answer was lost may have made: found in the list, and taken as made when a person says so. */
function Made({ job, makes: { zone, description, before }, others }: { readonly job: Job; readonly makes: NonNullable<Job['makes']>; readonly others: readonly string[] }) {
  const { ips, readAt, refresh } = useFleet()
  // The list of before the loss shows nothing of it.
  useEffect(refresh, [])
  const texts = strings.forms
  const found = ips.filter((ip) => ip.zone === zone && ip.description === description && !before.has(ip.id) && !others.includes(ip.ipAddress))
  return (
    <div className="second">
      {found.length === 0 && texts.noCandidate(time(readAt))}
      {found.map((ip) => (
        <p key={ip.id}>
          {texts.candidate(ip.ipAddress, ip.updatedAt ? time(ip.updatedAt) : strings.none)}{' '}
          <button className="button" type="button" onClick={() => settleJob(job, ip.ipAddress)}>
            {texts.isIt}
          </button>
        </p>
      ))}{' '}
      <button className="button" type="button" onClick={refresh}>
        {texts.readAgain}
      </button>
    </div>
  )
}

const Result = memo(function Result({ result, isRepeatable, children }: { readonly result: JobResult; readonly isRepeatable: boolean; readonly children?: ReactNode }) {
  const { job, label = job.label, error, beganAt, endedAt } = result
  const state = shownState(result, useObservable(turnedAway))
  const { connection } = useStore()
  const nameOf = useServerName()
  const overtaken = overtakenOf(error)
  const what = overtaken ? overtakenWords(overtaken, nameOf) : wordsOf(error, connection)
  const isFailure = state === 'failed' || state === 'inDoubt' || state === 'notDone' || state === 'overtaken' || state === 'unsent'
  const id = isFailure ? requestIdOf(error) : undefined
  return (
    <li>
      <b className="mono">{label}</b>
      <span className={`state ${tones[state]}`}>
        <Icon name={icons[state]} className={state === 'underWay' ? 'turning' : ''} />
        {words.states[state]}
        {state === 'done' && beganAt !== undefined && endedAt !== undefined && ` ${seconds(endedAt - beganAt)}`}
      </span>
      {isFailure && (
        <p className="second">
          {[what, ...(state === 'inDoubt' ? [!job.isOnce ? [words.inDoubtText, ...(isRepeatable ? [words.againReads] : [])].join(' ') : job.ids.length === 0 ? strings.forms.perhaps : strings.doubt.otherNote] : []), ...(state === 'notDone' ? [words.notDoneText] : []), ...(state === 'overtaken' && job.what === 'delete' ? [words.isThere] : [])].map(sentence).join(' ')}
          {id !== undefined && ' '}
          {id !== undefined && <span className="mono note-id">{strings.forms.requestId(id)}</span>}
        </p>
      )}
      {children}
    </li>
  )
})
