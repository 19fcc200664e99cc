// A move that is under way or has ended: what is where, and what can be done next.
import { useMemo, useState } from 'react'
import { type MoveRun, type UnitRun, type Whereabouts, dismissMove, ipsAt, isMoving, placeAfterStep, readMove, startMove, stopMove } from '../data/moves.js'
import type { LogEntry } from '../data/log.js'
import { useObservable } from '../data/observable.js'
import { unkeptMoves } from '../data/saved-moves.js'
import { useDoubts } from '../data/row-marks.js'
import { type Staying, outlookOf } from '../data/planning.js'
import { knownOf, requestIdOf } from '../data/failure.js'
import { useFailing, useFleet, useLog, useServerName, useServers, useStore } from '../data/store.js'
import { go, usePlace } from '../data/url.js'
import { CopyButton } from '../shell/copy.js'
import { Icon } from '../shell/icons.js'
import { useOnline } from '../shell/online.js'
import { seconds, strings, time } from '../strings.js'
import { Frame, Note } from './frame.js'
import { rowsOf } from '../views/log-rows.js'
import { RunLedger } from './ledger.js'
import { reportOf, withNames } from './move-texts.js'
import type { WayBack } from './move.js'
import { useNow } from './now.js'
import { closeDialog } from './open.js'
import { wordsOf } from './words.js'

const words = strings.move
const answersShown = 5

interface Props {
  readonly run: MoveRun
  readonly planBack: (way: WayBack) => void
}

export function MoveRunStage(props: Props) {
  if (isMoving(props.run)) return <Running run={props.run} />
  return props.run.state === 'done' ? <Done {...props} /> : <Incomplete {...props} />
}

const ipsOf = ({ units }: MoveRun): number => units.reduce((sum, { unit }) => sum + unit.ips.length, 0)

/** What stays on the source of a failover. */
function useStaying({ plan: { fromId } }: MoveRun) {
  const { ips } = useFleet()
  const servers = useServers()
  return useMemo(() => (fromId === undefined ? [] : outlookOf(ips.filter(({ serverId }) => serverId === fromId), ips, servers, fromId).staying), [ips, servers, fromId])
}

function Running({ run }: { readonly run: MoveRun }) {
  const nameOf = useServerName()
  const log = useLog()
  const staying = useStaying(run)
  const now = useNow(true)
  const target = nameOf(run.plan.toId)
  const steps = stepsOf(run)
  const answers = useMemo(() => answersOf(log, run), [log, run])
  const inDoubt = useDoubts(run.units.flatMap(({ unit }) => unit.ips.map(({ id }) => id)))
  return (
    <Frame
      size="large"
      title={words.running(ipsOf(run), target)}
      subtitle={words.started(run.startedAt)}
      aside={
        <>
          <p className="split-line">
            <b>{words.progress(steps.done, steps.all)}</b>
            <span>{seconds(now - run.startedAt)}</span>
          </p>
          <progress aria-label={words.progress(steps.done, steps.all)} value={steps.done} max={steps.all} />
          <p className="second">{words.oneByOne(target)}</p>
          {run.silentSince !== undefined && <Note tone="warn">{words.silent(run.silentSince)}</Note>}
          {inDoubt > 0 && (
            <Note tone="warn" title={words.inDoubt(inDoubt)}>
              {words.inDoubtNow}
            </Note>
          )}
          <Unkept run={run} />
          {run.state === 'running' && <Note title={words.ifStopped}>{words.afterStop(...afterStop(run), target)}</Note>}
          {answers.length > 0 && (
            <>
              <h3>{words.answers}</h3>
              <ul className="answers">
                {answers.map(({ number, at, what, status }) => (
                  <li key={number}>
                    <span className="mono quiet">{time(at)}</span> <span>{what}</span> <span className="mono">{status}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      }
      foot={
        <>
          <OpenLog run={run} />
          <span className="reason">{run.state === 'running' ? '' : run.state === 'stopping' ? words.stopping : words.reading}</span>
          {run.state === 'running' && (
            <button className="button" type="button" onClick={() => stopMove(run.plan.key)}>
              {words.stop}
            </button>
          )}
        </>
      }
    >
      <RunLedger run={run} staying={staying} />
    </Frame>
  )
}

function OpenLog({ run }: { readonly run: MoveRun }) {
  return (
    <button className="button quiet-button" type="button" onClick={() => go({ view: 'log', move: run.plan.key, ip: '', dialog: '' })}>
      <Icon name="log" />
      {words.openLog}
    </button>
  )
}

function CopyReport({ run, staying }: { readonly run: MoveRun; readonly staying: readonly Staying[] }) {
  const { connection } = useStore()
  const nameOf = useServerName()
  return <CopyButton text={reportOf(run, staying, nameOf, (error) => wordsOf(error, connection))} label={words.copyReport} />
}

/** The latest answers to changes of a move, the latest first. */
function answersOf(log: readonly LogEntry[], { calls, startedAt, units }: MoveRun) {
  return rowsOf(log)
    .flatMap((row) => {
      const end = row.kind === 'request' && row.method !== 'GET' && row.at >= startedAt && calls.includes(row.call) ? row.attempts.at(-1) : undefined
      if (row.kind !== 'request' || end?.outcome === undefined) return []
      const unit = units.find((each) => each.unit.ips.some(({ id }) => row.fipsIds.includes(id)))?.unit
      const what = unit && unit.ips.length > 1 && unit.mac !== undefined ? words.answer.group(unit.mac.slice(-8)) : (unit?.ips[0]?.ipAddress ?? '')
      return [{ number: row.number, at: end.at + (end.durationMs ?? 0), what: words.answer[row.operation === 'attachFlexibleIP' ? 'attach' : 'detach'](what), status: end.status ?? strings.log.outcomes[end.outcome as keyof typeof strings.log.outcomes] }]
    })
    .sort((a, b) => b.at - a.at)
    .slice(0, answersShown)
}

function stepsOf({ units }: MoveRun): { done: number; all: number } {
  const needsDetach = ({ unit, detach }: UnitRun) => detach !== undefined || unit.fromId !== undefined
  const isDetached = ({ detach, attach }: UnitRun) => detach?.state === 'done' || (detach !== undefined && attach !== undefined)
  return {
    done: units.filter((each) => needsDetach(each) && isDetached(each)).length + units.filter(({ attach, now }) => attach?.state === 'done' || now === 'target').length,
    all: units.filter(needsDetach).length + units.length,
  }
}

/** How many flexible IPs are on the target, and how many on no server, when the steps under way have ended. */
function afterStop({ units }: MoveRun): [there: number, nowhere: number] {
  const count = (place: ReturnType<typeof placeAfterStep>) => units.filter((each) => placeAfterStep(each) === place).reduce((sum, { unit }) => sum + unit.ips.length, 0)
  return [count('target'), count('nowhere')]
}

const placeNow = ({ now, later }: UnitRun) => later?.place ?? now
const cannotGoBack = new Set<Whereabouts | undefined>(['source', 'elsewhere', 'gone'])
const idsToPutBack = ({ units }: MoveRun): string[] => units.filter((each) => !cannotGoBack.has(placeNow(each))).flatMap(({ unit }) => unit.ips.map(({ id }) => id))

type NextStep = 'goOn' | 'putBack' | 'leave'

function Incomplete({ run, planBack }: Props) {
  const store = useStore()
  const { connection } = store
  const nameOf = useServerName()
  const failing = useFailing()
  const isOnline = useOnline()
  const staying = useStaying(run)
  const [wanted, setNext] = useState<NextStep>('goOn')
  const { key, fromId, toId } = run.plan
  const target = nameOf(toId)
  const all = ipsOf(run)
  const there = ipsAt(run, 'target')
  const nowhere = ipsAt(run, 'nowhere')
  const inDoubt = ipsAt(run, 'inDoubt')
  const elsewhere = ipsAt(run, 'elsewhere')
  const gone = ipsAt(run, 'gone')
  const left = all - there - elsewhere - gone
  // Where nothing is left to move, nothing can be continued.
  const next = left === 0 && wanted === 'goOn' ? 'leave' : wanted
  const origins = new Set(run.units.map(({ unit }) => unit.fromId))
  const [origin] = origins.size === 1 ? origins : [fromId]
  const reasons = reasonsOf(run)
  const toPutBack = idsToPutBack(run)
  // What is on the server that it should leave, if that is failing.
  const onFailing = run.units.filter((each) => placeNow(each) === 'source' && each.unit.fromId !== undefined && failing.has(each.unit.fromId))
  const atRisk = onFailing.reduce((sum, { unit }) => sum + unit.ips.length, 0)
  const riskOn = [...new Set(onFailing.map(({ unit }) => nameOf(unit.fromId ?? '')))]
  const act = () => {
    if (next === 'putBack' && origin !== undefined) planBack({ ids: toPutBack, toId: origin })
    else if (next === 'goOn') void startMove(store, run.plan, run)
    else {
      closeDialog()
      dismissMove(key)
    }
  }
  const actText = next === 'goOn' ? words.continueWith(left) : next === 'putBack' ? words.planBack : words.leave
  return (
    <Frame
      size="large"
      title={words.incomplete(there, all, target)}
      subtitle={run.leftAt === undefined ? words.stoppedAt(run.endedAt ?? run.startedAt, (run.endedAt ?? run.startedAt) - run.startedAt, nowhere, inDoubt) : words.leftAt(run.startedAt, run.leftAt, run.readAt, nowhere, inDoubt)}
      aside={
        <>
          {reasons.map(({ text, requestId, count, tries }) => (
            <Note tone="bad" key={text} title={words.refused(count)}>
              <span>{text}</span>
              {tries > 0 && <span>{words.refusedText(target, tries)}</span>}
              {requestId !== undefined && <span className="mono note-id">{strings.forms.requestId(requestId)}</span>}
            </Note>
          ))}
          {inDoubt > 0 && (
            <Note tone="warn" title={words.inDoubt(inDoubt)}>
              {words.inDoubtText(inDoubt, target)}
            </Note>
          )}
          {elsewhere > 0 && (
            <Note tone="warn" title={words.elsewhereNow(elsewhere)}>
              {words.elsewhereText}
            </Note>
          )}
          {gone > 0 && (
            <Note tone="warn" title={words.goneNow(gone)}>
              {words.goneText(gone)}
            </Note>
          )}
          <Later run={run} />
          <Unkept run={run} />
          <fieldset className="targets">
            <legend>{words.whatNow}</legend>
            {left > 0 && <Choice value="goOn" next={next} setNext={setNext} title={words.goOn(target)} text={words.goOnText(there)} />}
            {origin !== undefined && toPutBack.length > 0 && <Choice value="putBack" next={next} setNext={setNext} title={words.putBack(nameOf(origin))} text={failing.has(origin) ? words.stillFailing(nameOf(origin)) : words.putBackText} />}
            <Choice value="leave" next={next} setNext={setNext} title={words.leave} text={words.leaveText(nowhere + inDoubt, atRisk, riskOn)} />
          </fieldset>
        </>
      }
      foot={
        <>
          <CopyReport run={run} staying={staying} />
          <OpenLog run={run} />
          <span className="reason">{!isOnline && next === 'goOn' ? strings.offline.changesOff : ''}</span>
          <button className="button" type="button" onClick={() => void readMove(store, key)}>
            {words.readAgain}
          </button>
          <button className="button primary" type="button" disabled={next === 'goOn' && !isOnline} onClick={act}>
            {actText}
          </button>
        </>
      }
    >
      <RunLedger run={run} staying={staying} />
    </Frame>
  )

  function reasonsOf({ units }: MoveRun) {
    const found = new Map<string, { text: string; requestId: string | undefined; count: number; tries: number }>()
    for (const { unit, now, error, tries } of units) {
      // Of a unit in doubt, a refusal is still a fact.
      if (error === undefined || now === 'target' || now === 'gone' || (now === 'inDoubt' && knownOf(error) !== 'refused')) continue
      const text = withNames(wordsOf(error, connection), run, nameOf)
      const before = found.get(text)
      found.set(text, { text, requestId: before?.requestId ?? requestIdOf(error), count: (before?.count ?? 0) + unit.ips.length, tries: (before?.tries ?? 0) + (knownOf(error) === 'refused' ? tries : 0) })
    }
    return [...found.values()]
  }
}

/** That the browser has not stored the move. */
function Unkept({ run }: { readonly run: MoveRun }) {
  if (!useObservable(unkeptMoves).has(run.plan.key)) return null
  return (
    <Note tone="warn" title={words.unkept}>
      {words.unkeptText}
    </Note>
  )
}

/** What others have changed since the move has ended, as the list shows. */
function Later({ run }: { readonly run: MoveRun }) {
  const count = run.units.filter(({ later }) => later).reduce((sum, { unit }) => sum + unit.ips.length, 0)
  if (count === 0) return null
  return (
    <Note tone="warn" title={words.laterTitle(count)}>
      {words.laterText}
    </Note>
  )
}

function Choice({ value, next, setNext, title, text }: { readonly value: NextStep; readonly next: NextStep; readonly setNext: (next: NextStep) => void; readonly title: string; readonly text: string }) {
  return (
    <label className="target">
      <input type="radio" name="next" checked={next === value} onChange={() => setNext(value)} />
      <span>
        <b>{title}</b>
        <span className="quiet">{text}</span>
      </span>
    </label>
  )
}

function Done({ run, planBack }: Props) {
  const [, go] = usePlace()
  const nameOf = useServerName()
  const staying = useStaying(run)
  const { key, toId } = run.plan
  const target = nameOf(toId)
  const all = ipsOf(run)
  const isLater = run.units.some(({ later }) => later)
  // What others have changed since is not to be set up on the target, and what has left by another way is not put back.
  const ips = run.units.filter(({ later }) => !later).flatMap(({ unit }) => unit.ips)
  const toPutBack = idsToPutBack(run)
  const [bare] = ips.filter(({ macAddress }) => macAddress === undefined)
  const bareCount = ips.filter(({ macAddress }) => macAddress === undefined).length
  const origins = new Set(run.units.map(({ unit }) => unit.fromId))
  const [origin] = origins.size === 1 ? origins : []
  const close = () => {
    closeDialog()
    dismissMove(key)
  }
  return (
    <Frame
      size="large"
      title={isLater ? words.doneThen(all, target) : words.done(all, target)}
      subtitle={words.doneAt(run.endedAt ?? run.startedAt, (run.endedAt ?? run.startedAt) - run.startedAt)}
      close={close}
      aside={
        <>
          <Later run={run} />
          {ips.length > 0 && <h3>{words.leftToDo}</h3>}
          {bare && (
            <Note title={words.hasNoMac(bareCount)}>
              {words.hasNoMacText(bareCount, target)}
              <button
                className="button"
                type="button"
                onClick={() => {
                  dismissMove(key)
                  go({ view: 'ips', ip: bare.id, tab: 'network', dialog: '' })
                }}
              >
                {words.network}
              </button>
            </Note>
          )}
          {bareCount < ips.length && <Note title={words.hasMac(ips.length - bareCount)}>{words.hasMacText(ips.length - bareCount, target)}</Note>}
          {origin !== undefined && toPutBack.length > 0 && (
            <>
              <h3>{words.backTitle}</h3>
              <p className="second">{words.backText(target, nameOf(origin))}</p>
            </>
          )}
        </>
      }
      foot={
        <>
          <CopyReport run={run} staying={staying} />
          <OpenLog run={run} />
          <span className="reason" />
          {origin !== undefined && toPutBack.length > 0 && (
            <button className="button" type="button" onClick={() => planBack({ ids: toPutBack, toId: origin })}>
              {words.back(nameOf(origin))}
            </button>
          )}
          <button className="button primary" type="button" onClick={close}>
            {strings.acts.close}
          </button>
        </>
      }
    >
      <RunLedger run={run} staying={staying} />
    </Frame>
  )
}
