// The results of a change of many flexible IPs: one for each, while it runs and afterwards.
import { memo, useState } from 'react'
import { type JobResult, countLeft, countOf, dismissBulk, leftOver, stopBulk, useBulk } from '../data/bulk.js'
import { requestIdOf } from '../data/failure.js'
import { useStore } from '../data/store.js'
import { Icon, type IconName } from '../shell/icons.js'
import { useOnline } from '../shell/online.js'
import { seconds, strings } from '../strings.js'
import { Frame } from './frame.js'
import { closeDialog } from './open.js'
import { runJobs, useHindrance } from './run-jobs.js'
import { wordsOf } from './words.js'

const words = strings.acts
/** The most results that are drawn before more are asked for. Those that need a person come first then. */
const shownFirst = 100
const icons: Readonly<Record<JobResult['state'], IconName>> = { waits: 'clock', underWay: 'updating', done: 'check', failed: 'error', inDoubt: 'doubt', stopped: 'barred' }
const tones: Readonly<Record<JobResult['state'], string>> = { waits: 'plain', underWay: 'accent', done: 'ok', failed: 'bad', inDoubt: 'warn', stopped: 'plain' }

export default function Results() {
  const run = useBulk()
  const hindrance = useHindrance()
  const isOnline = useOnline()
  const [most, setMost] = useState(shownFirst)
  if (!run) return null
  const all = countOf(run.results)
  const done = all - countLeft(run)
  const left = run.results.filter(({ state }) => state !== 'done')
  const repeatable = left.filter(({ job, state }) => !(job.isOnce && state === 'inDoubt'))
  const waiting = run.results.filter(({ state }) => state === 'waits').length
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
          <Result key={result.job.label} result={result} />
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
  const isUrgent = ({ state }: JobResult) => state === 'failed' || state === 'inDoubt' || state === 'underWay'
  return [...results.filter(isUrgent), ...results.filter((each) => !isUrgent(each))]
}

const Result = memo(function Result({ result: { job, label = job.label, state, error, beganAt, endedAt } }: { readonly result: JobResult }) {
  const { connection } = useStore()
  const isFailure = state === 'failed' || state === 'inDoubt'
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
          {wordsOf(error, connection)} {state === 'inDoubt' && (!job.isOnce ? words.inDoubtText : job.ids.length === 0 ? strings.forms.perhaps : strings.doubt.otherNote)}{' '}
          {id !== undefined && <span className="mono note-id">{strings.forms.requestId(id)}</span>}
        </p>
      )}
    </li>
  )
})
