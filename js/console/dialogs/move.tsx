// The dialog of a move: the plan, then its progress, then its report, in one ledger whose rows keep their place. It is
// about the flexible IPs of the URL, and of no server if the target is `none`.
import './move.css'
import type { FlexibleIP } from 'flexip/slim'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Dialog, Heading, Modal, ModalOverlay, Radio, RadioGroup } from 'react-aria-components'
import { useFleet, useServerName, useServers, useStore } from '../data/store.js'
import { usePlace } from '../data/url.js'
import { announce } from '../shell/live.js'
import { Icon } from '../shell/icons.js'
import { useOnline } from '../shell/strips.js'
import { strings, time } from '../strings.js'
import { type Answers, type Unit, answersOf, noServer, unitsOf } from '../views/servers-units.js'
import { type Moving, type Run, type Step, forgetMove, keyOfMove, startMove, stopMove, useRun } from './move-run.js'

const tickMs = 200

export default function MoveDialog() {
  const [{ of, to }, go] = usePlace()
  const key = keyOfMove(of, to)
  const run = useRun(key)
  const close = () => {
    if (run && run.state !== 'running') forgetMove(key)
    go({ dialog: '', of: [], to: '' })
  }
  return (
    <ModalOverlay className="scrim move-scrim" isOpen isDismissable={run === undefined} onOpenChange={(isOpen) => !isOpen && close()}>
      <Modal className="move-modal">
        <Dialog className="move-dialog">{run ? <Progress key={key} run={run} close={close} /> : <Plan of={of} to={to} close={close} />}</Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function Plan({ of, to, close }: { readonly of: readonly string[]; readonly to: string; readonly close: () => void }) {
  const [, go] = usePlace()
  const { client } = useStore()
  const { ips, isLoading } = useFleet()
  const servers = useServers()
  const nameOf = useServerName()
  const isOnline = useOnline()
  const texts = strings.move
  const asked = useMemo(() => ips.filter(({ id }) => of.includes(id)), [ips, of])
  const zone = asked[0]?.zone ?? ''
  const answers = useMemo(() => (asked.length === 0 ? undefined : answersOf(asked, ips, [...servers.values()], nameOf)), [asked, ips, servers, nameOf])
  const first = useRef<ReadonlyMap<string, string | undefined>>(undefined)
  if (!first.current && asked.length > 0) first.current = new Map(asked.map(({ id, serverId }) => [id, serverId]))
  const moved = asked.find(({ id, serverId }) => first.current?.has(id) === true && first.current.get(id) !== serverId)
  if (!answers) return <Frame title={isLoading ? strings.loading : texts.gone} note="" close={close} foot={<Cancel text={texts.close} close={close} />} />

  const count = answers.all.length
  const units = unitsOf(answers.all)
  const answer = answers.byServer.get(to)
  const isDetach = to === noServer
  const target = isDetach || to === '' ? strings.noServer : nameOf(to)
  const title = to === '' ? texts.choose(count) : isDetach ? texts.detachTitle(count) : texts.title(count, target)
  const start = () => {
    const key = keyOfMove(of, to)
    const changing = units.filter((unit) => unit.ips.some(({ serverId }) => serverId !== (isDetach ? undefined : to)))
    void startMove(key, { client, zone, to: isDetach ? undefined : to, units: changing })
  }
  const elsewhere = [...servers.values()].filter((server) => server.zone !== zone).length
  return (
    <Frame
      title={title}
      note={`${zone}. ${texts.unsent}`}
      close={close}
      foot={
        <>
          {answer && !answer.possible && <span className="why-not">{answer.text}</span>}
          {!isOnline && <span className="why-not">{strings.offline.title}</span>}
          <span className="room" />
          <Cancel text={texts.cancel} close={close} />
          <button className="button primary" type="button" autoFocus disabled={answer?.possible !== true || !isOnline} onClick={start}>
            {title}
          </button>
        </>
      }
    >
      <div className="move-main">
        {moved && (
          <p className="drop-note" role="status">
            {texts.changed(moved.ipAddress, moved.serverId === undefined ? strings.noServer : nameOf(moved.serverId))}
          </p>
        )}
        {answers.along.length > 0 && <p className="drop-note">{texts.along(answers.along.map(({ ipAddress }) => ipAddress))}</p>}
        <Ledger units={units.map((unit) => planned(unit, isDetach ? undefined : to))} to={isDetach ? undefined : target} nameOf={nameOf} now={0} />
      </div>
      <aside className="move-aside">
        <RadioGroup className="targets" aria-labelledby="move-where" value={to} onChange={(value) => go({ to: value })}>
          <h3 id="move-where">{texts.where(count)}</h3>
          {[...servers.values()]
            .filter((server) => server.zone === zone)
            .sort((a, b) => a.name.localeCompare(b.name))
            .map(({ id, name }) => (
              <Target key={id} id={id} name={name} answers={answers} />
            ))}
          <Target id={noServer} name={strings.picture.noServer} answers={answers} />
        </RadioGroup>
        {elsewhere > 0 && <p className="second">{`${strings.picture.band(elsewhere, 0).split(',')[0] ?? ''}: ${answers.other}`}</p>}
        <p className="second move-time">{isDetach ? (answer?.text ?? '') : texts.time}</p>
      </aside>
    </Frame>
  )
}

function planned({ ips }: Unit, to: string | undefined): Moving {
  const from = ips[0]?.serverId
  const steps: Step[] = []
  if (from !== undefined && from !== to) steps.push({ action: 'detach', state: 'wait' })
  if (to !== undefined && from !== to) steps.push({ action: 'attach', state: 'wait' })
  return { ips, from, steps }
}

function Target({ id, name, answers }: { readonly id: string; readonly name: string; readonly answers: Answers }) {
  const answer = answers.byServer.get(id)
  const isNone = id === noServer
  if (!answer) return null
  return (
    <Radio className="target-option" value={id} isDisabled={!answer.possible}>
      <span className="target-name">
        <b>{name}</b>
        {!isNone && <span className="quiet">{answer.possible ? strings.move.then(answer.there, answer.then) : strings.servers.count(answer.there)}</span>}
      </span>
      {!answer.possible && <span className="why-not">{answer.text}</span>}
    </Radio>
  )
}

function Progress({ run, close }: { readonly run: Run; readonly close: () => void }) {
  const [, go] = usePlace()
  const { client } = useStore()
  const { ips } = useFleet()
  const nameOf = useServerName()
  const isRunning = run.state === 'running'
  const now = useNow(isRunning)
  const [isStopping, setStopping] = useState(false)
  const texts = strings.move
  const target = run.to === undefined ? strings.noServer : nameOf(run.to)
  const ids = run.units.flatMap((unit) => unit.ips.map(({ id }) => id))
  const arrived = run.units.filter(isThere)
  const count = countOf(arrived)
  const left = run.units.filter((unit) => !isThere(unit))
  const title = run.state === 'running' ? (run.to === undefined ? texts.detachTitle(ids.length) : texts.running(ids.length, target)) : titleOf(run, count, ids.length, target)
  useEffect(() => announce(title), [title])
  const [from] = new Set(run.units.map((unit) => unit.from))
  const canGoBack = run.state === 'done' && from !== undefined && run.units.every((unit) => unit.from === from)
  const goOn = () => {
    const current = new Map(ips.map((ip) => [ip.id, ip]))
    const units = left.map((unit) => ({ ips: unit.ips.map((ip) => current.get(ip.id) ?? ip) }))
    setStopping(false)
    void startMove(run.key, { client, zone: run.zone, to: run.to, units })
  }
  const goBack = () => {
    forgetMove(run.key)
    go({ dialog: 'move', of: ids, to: from ?? '' })
  }
  return (
    <Frame
      title={title}
      note={`${run.zone}. ${texts.sent(time(run.startedAt))}`}
      close={close}
      foot={
        <>
          {isStopping && isRunning && <span className="second">{texts.stopping}</span>}
          {!isRunning && left.length > 0 && <span className="second">{texts.goOnHint}</span>}
          <span className="room" />
          {isRunning && (
            <button
              className="button"
              type="button"
              disabled={isStopping}
              onClick={() => {
                setStopping(true)
                stopMove(run.key)
              }}
            >
              {texts.stop}
            </button>
          )}
          {canGoBack && (
            <button className="button" type="button" onClick={goBack}>
              {texts.back(ids.length, nameOf(from))}
            </button>
          )}
          {!isRunning && left.length > 0 && (
            <button className="button primary" type="button" onClick={goOn}>
              {texts.goOn(countOf(left))}
            </button>
          )}
          <Cancel text={texts.close} close={close} />
        </>
      }
    >
      <div className="move-main">
        <Ledger units={run.units} to={run.to === undefined ? undefined : target} nameOf={nameOf} now={now} />
        {run.state === 'stopped' && (run.wasStopped || run.error !== undefined) && (
          <p className="why-not" role="alert">
            {run.wasStopped ? texts.withdrawn : `${texts.why} ${run.error ?? ''}`}
          </p>
        )}
      </div>
    </Frame>
  )
}

function titleOf({ state, to }: Run, count: number, all: number, target: string): string {
  if (to === undefined) return strings.move.detached(count)
  return state === 'done' ? strings.move.done(all, target) : strings.move.partial(count, all, target)
}

const isThere = ({ steps }: Moving): boolean => steps.every(({ state }) => state === 'done')
const countOf = (units: readonly Moving[]): number => units.reduce((sum, { ips }) => sum + ips.length, 0)

function Ledger({ units, to, nameOf, now }: { readonly units: readonly Moving[]; readonly to: string | undefined; readonly nameOf: (id: string) => string; readonly now: number }) {
  const texts = strings.move
  const froms = [...new Set(units.flatMap(({ from }) => (from === undefined ? [] : [nameOf(from)])))]
  return (
    <table className="ledger">
      <thead>
        <tr>
          <th scope="col">{texts.units(countOf(units), units.length)}</th>
          <th scope="col">{texts.from(froms.length === 0 ? strings.noServer : froms.join(', '))}</th>
          {to !== undefined && <th scope="col">{texts.to(to)}</th>}
        </tr>
      </thead>
      <tbody>
        {units.map(({ ips, steps, from, error, returned }) => (
          <tr key={ips[0]?.id}>
            <td className={ips.length > 1 ? 'ledger-group' : ''}>
              {ips.length > 1 && <span className="second">{texts.mac(ips[0]?.macAddress?.macAddress ?? '')}</span>}
              {ips.map((ip) => (
                <LedgerIp key={ip.id} ip={ip} />
              ))}
              {returned === true && from !== undefined && <span className="second">{texts.returned(nameOf(from))}</span>}
              {error !== undefined && <span className="ledger-error">{error}</span>}
            </td>
            <td>
              <StepCell step={steps.find(({ action }) => action === 'detach')} now={now} />
            </td>
            {to !== undefined && (
              <td>
                <StepCell step={steps.find(({ action }) => action === 'attach')} now={now} />
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function LedgerIp({ ip }: { readonly ip: FlexibleIP }) {
  return (
    <span className="ledger-ip">
      <span className="mono">{ip.ipAddress}</span> <span className="quiet">{ip.description}</span>
    </span>
  )
}

function StepCell({ step, now }: { readonly step: Step | undefined; readonly now: number }) {
  const texts = strings.move
  if (!step) return <span className="quiet">{texts.steps.none}</span>
  const { action, state, begunAt, ms } = step
  const isDetach = action === 'detach'
  if (state === 'wait') return <span className="second">{isDetach ? texts.steps.detach : texts.steps.attach}</span>
  if (state === 'begun')
    return (
      <span className="step under">
        <Icon name={isDetach ? 'detaching' : 'updating'} className={isDetach ? '' : 'turning'} />
        {isDetach ? texts.steps.detaching : texts.steps.attaching} <span aria-hidden="true">{texts.seconds(Math.max(0, now - (begunAt ?? now)))}</span>
      </span>
    )
  const isDone = state === 'done'
  return (
    <span className={`step ${isDone ? 'ok' : 'failed'}`}>
      <Icon name={isDone ? 'check' : 'error'} />
      {isDone ? (isDetach ? texts.steps.detached : texts.steps.attached) : texts.steps.failed} {ms !== undefined && texts.seconds(ms)}
    </span>
  )
}

function Frame({ title, note, close, foot, children }: { readonly title: string; readonly note: string; readonly close: () => void; readonly foot: React.ReactNode; readonly children?: React.ReactNode }) {
  return (
    <>
      <header className="move-head">
        <div>
          <Heading slot="title">{title}</Heading>
          <p className="second">{note}</p>
        </div>
        <span className="room" />
        <button className="button icon-button quiet-button" type="button" onClick={close} aria-label={strings.move.close}>
          <Icon name="close" />
        </button>
      </header>
      <div className="move-body">{children}</div>
      <footer className="move-foot">{foot}</footer>
    </>
  )
}

function Cancel({ text, close }: { readonly text: string; readonly close: () => void }) {
  return (
    <button className="button" type="button" onClick={close}>
      {text}
    </button>
  )
}

/** The time, for the seconds of a step: five times a second, once where motion is reduced. */
function useNow(isRunning: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!isRunning) return
    const isReduced = matchMedia('(prefers-reduced-motion: reduce)').matches
    const timer = setInterval(() => setNow(Date.now()), isReduced ? 1000 : tickMs)
    return () => clearInterval(timer)
  }, [isRunning])
  return now
}
