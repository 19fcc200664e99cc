// The ledger of a move: a row for each unit. The plan is the progress is the report; rows never change their place.
import type { FlexibleIP, MoveStep } from 'flexip/slim'
import { useObservable } from '../data/observable.js'
import { turnedAway, useDoubts } from '../data/row-marks.js'
import { useServerName } from '../data/store.js'
import type { MoveRun, Step, Unit, UnitRun } from '../data/moves.js'
import { type Staying, isPlanned } from '../data/planning.js'
import { foreign } from '../shell/foreign.js'
import { Icon, type IconName } from '../shell/icons.js'
import { strings } from '../strings.js'
import { UsualTime } from '../shell/usual-time.js'
import { networkSince, useOnline } from '../shell/online.js'
import { useNow } from './now.js'

const words = strings.move

interface PlanProps {
  readonly units: readonly Unit[]
  readonly staying: readonly Staying[]
  readonly fromId: string | undefined
  readonly toId: string | undefined
  /** The steps of the library's plan, once it is known. */
  readonly steps: readonly MoveStep[] | undefined
}

/** The rows before anything is sent. */
export function PlanLedger({ units, staying, fromId, toId, steps }: PlanProps) {
  const nameOf = useServerName()
  return (
    <Table units={units} fromId={fromId} columns={[fromId === undefined ? words.fromServers : words.from(nameOf(fromId)), toId === undefined ? words.toNone : words.to(nameOf(toId))]}>
      {units.map((unit) => (
        <Row key={keyOf(unit)} unit={unit} first={<Planned unit={unit} action="detach" toId={toId} steps={steps} from={fromId === undefined ? unit.fromId : undefined} />} second={<Planned unit={unit} action="attach" toId={toId} steps={steps} />} />
      ))}
      <Stay staying={staying} />
    </Table>
  )
}

/** The rows while the move runs, and afterwards. */
export function RunLedger({ run, staying }: { readonly run: MoveRun; readonly staying: readonly Staying[] }) {
  const nameOf = useServerName()
  const { fromId, toId } = run.plan
  const units = run.units.map(({ unit }) => unit)
  const from = fromId === undefined ? words.fromServers : words.from(nameOf(fromId))
  const isOver = run.state === 'done' || run.state === 'incomplete'
  return (
    <Table units={units} fromId={fromId} columns={[from, run.state === 'incomplete' ? words.now : words.to(nameOf(toId))]}>
      {run.units.map((each) => (
        <Row key={keyOf(each.unit)} unit={each.unit} first={<DetachState run={each} isOver={isOver} />} second={isOver || each.now === 'elsewhere' || each.isOvertaken ? <Place run={each} toId={toId} /> : <AttachState run={each} toId={toId} />} />
      ))}
      <Stay staying={staying} />
    </Table>
  )
}

function idsOf({ ips }: Unit): string[] {
  return ips.map(({ id }) => id)
}

/** Whether the service turned the last change of a unit away, which then waits to be sent again. */
function useTurnedAway(unit: Unit): boolean {
  const turned = useObservable(turnedAway)
  return unit.ips.some(({ id }) => turned.has(id))
}

function keyOf({ ips }: Unit): string {
  return ips[0]?.id ?? ''
}

function Table({ units, columns, children }: { readonly units: readonly Unit[]; readonly fromId: string | undefined; readonly columns: readonly [string, string]; readonly children: React.ReactNode }) {
  return (
    <table className="ledger">
      <thead>
        <tr>
          <th scope="col">{words.count(units.reduce((sum, { ips }) => sum + ips.length, 0), units.length)}</th>
          <th scope="col">{columns[0]}</th>
          <th scope="col">{columns[1]}</th>
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  )
}

function Row({ unit, first, second }: { readonly unit: Unit; readonly first: React.ReactNode; readonly second: React.ReactNode }) {
  return (
    <tr>
      <th scope="row">
        <UnitName unit={unit} />
      </th>
      <td>{first}</td>
      <td>{second}</td>
    </tr>
  )
}

function Stay({ staying }: { readonly staying: readonly Staying[] }) {
  const nameOf = useServerName()
  return staying.map(({ unit, reason }) => {
    const server = unit.fromId === undefined ? words.none : nameOf(unit.fromId)
    return (
      <tr key={keyOf(unit)} className="stays">
        <th scope="row">
          <UnitName unit={unit} />
        </th>
        <td colSpan={2}>
          <State icon={reason === 'locked' ? 'locked' : reason === 'error' ? 'error' : 'barred'} tone="plain" text={reason === 'torn' ? words.stays.torn : words.stays[reason](server)} />
        </td>
      </tr>
    )
  })
}

/** The flexible IPs of a unit. A bracket ties those that move as one. */
export function UnitName({ unit, more }: { readonly unit: Unit; readonly more?: string }) {
  const isGroup = unit.ips.length > 1
  return (
    <div className={isGroup ? 'unit group' : 'unit'}>
      {isGroup && <span className="quiet">{words.group(unit.mac ?? '')}</span>}
      {unit.ips.map((ip) => (
        <span key={ip.id} className="unit-ip">
          <b className="mono">{ip.ipAddress}</b> <span className="quiet">{foreign([aboutOf(ip, isGroup), more].filter((text) => text !== undefined && text !== '').join(', '))}</span>
        </span>
      ))}
    </div>
  )
}

function aboutOf({ description, reverse, macAddress }: FlexibleIP, isGroup: boolean): string {
  if (description !== '') return description
  if (reverse !== '') return reverse
  if (isGroup) return ''
  return macAddress ? words.withMac(macAddress.macAddress) : words.noMac
}

function Planned({ unit, action, toId, steps, from }: { readonly unit: Unit; readonly action: 'attach' | 'detach'; readonly toId: string | undefined; readonly steps: readonly MoveStep[] | undefined; readonly from?: string | undefined }) {
  const nameOf = useServerName()
  if (!isPlanned(unit, action, toId, steps)) return <span className="quiet">{words.notNeeded}</span>
  return (
    <span className="state">
      <span className="dot" aria-hidden="true" />
      {words[action]} {from !== undefined && <span className="quiet">{nameOf(from)}</span>}
    </span>
  )
}

function DetachState({ run: { unit, detach, attach, now, answer }, isOver }: { readonly run: UnitRun; readonly isOver: boolean }) {
  const isInDoubt = useDoubts(idsOf(unit)) > 0 || answer === 'lost'
  const isTurnedAway = useTurnedAway(unit) || answer === 'turnedAway'
  if (!detach) {
    if (attach || unit.fromId === undefined) return <span className="quiet">{words.notNeeded}</span>
    return isOver ? <span className="quiet">{strings.none}</span> : <State icon="clock" text={words.waits} />
  }
  // Another step follows only after a detach that was done.
  const isRead = isOver && (now === 'nowhere' || now === 'target')
  const state = (attach || isRead) && detach.state === 'underWay' ? 'done' : detach.state
  if (state === 'failed') return <State icon="error" tone="bad" text={words.failedStep(1)} />
  if (state === 'underWay' && !isOver && isTurnedAway) return <State icon="clock" tone="warn" text={words.turnedAway} />
  if (state === 'underWay' && isOver && now === 'gone') return <span className="quiet">{strings.none}</span>
  if (state === 'underWay') return isOver || isInDoubt ? <State icon="doubt" tone="warn" text={words.place.inDoubt} /> : <Timed step={detach} icon="detaching" text={words.detaching} />
  const ms = lengthOf(detach)
  return <State icon="check" tone="ok" text={ms === undefined ? words.detachedRead : words.detached(ms)} />
}

function AttachState({ run: { unit, attach, tries, answer }, toId }: { readonly run: UnitRun; readonly toId: string }) {
  const nameOf = useServerName()
  const isInDoubt = useDoubts(idsOf(unit)) > 0 || answer === 'lost'
  const isTurnedAway = useTurnedAway(unit) || answer === 'turnedAway'
  if (!attach) return <State icon="clock" text={words.waits} />
  if (attach.state === 'done') return <State icon="check" tone="ok" text={attachedText(attach)} />
  if (attach.state === 'failed') return <State icon="error" tone="bad" text={words.failedStep(tries)} />
  if (isInDoubt) return <State icon="doubt" tone="warn" text={words.place.inDoubt} more={words.either(nameOf(toId))} />
  if (isTurnedAway) return <State icon="clock" tone="warn" text={words.turnedAway} />
  return <Timed step={attach} icon="updating" text={words.attaching} />
}

function Place({ run, toId }: { readonly run: UnitRun; readonly toId: string }) {
  const nameOf = useServerName()
  const { unit, attach, now, atId, isOvertaken, later } = run
  const notTarget = isOvertaken ? words.notSent : refusedText(run, nameOf)
  if (later) {
    const text = later.place === 'nowhere' ? words.place.nowhere : later.atId === undefined ? words.place.inDoubt : words.place.target(nameOf(later.atId))
    return <State icon={later.place === 'nowhere' ? 'error' : 'doubt'} tone={later.place === 'nowhere' ? 'bad' : 'warn'} text={text} more={words.changedSince} />
  }
  switch (now) {
    case 'target':
      return <State icon="attached" tone="ok" text={words.place.target(nameOf(toId))} more={attach?.endedAt === undefined ? undefined : attachedText(attach)} />
    case 'source':
      return <State icon="attached" text={words.place.source(unit.fromId === undefined ? strings.noServer : nameOf(unit.fromId))} more={notTarget} />
    case 'nowhere':
      return <State icon="error" tone="bad" text={words.place.nowhere} more={notTarget} />
    case 'gone':
      return <State icon="barred" tone="warn" text={words.place.gone} more={isOvertaken ? words.notSent : undefined} />
    case 'elsewhere':
      return <State icon="doubt" tone="warn" text={atId === undefined ? words.place.elsewhere : words.place.hasIt(nameOf(atId))} more={isOvertaken ? words.notSent : undefined} />
    default:
      if (isOvertaken) return <State icon="doubt" tone="warn" text={words.overtaken} more={words.notSent} />
      return <State icon="doubt" tone="warn" text={words.place.inDoubt} more={words.either(nameOf(toId))} />
  }
}

/** How long a step took, if answers say so. */
function lengthOf({ beganAt, endedAt, isInexact }: Step): number | undefined {
  return endedAt === undefined || isInexact ? undefined : endedAt - beganAt
}

function attachedText(attach: Step): string {
  const ms = lengthOf(attach)
  return ms === undefined ? words.attachedRead : words.attached(ms)
}

/** How the target refused a unit, and what became of the way back. */
function refusedText({ unit, attach, tries, back }: UnitRun, nameOf: (id: string) => string): string | undefined {
  // A try whose answer is not known is no refusal.
  if (attach?.state !== 'failed' || tries === 0) return undefined
  const origin = unit.fromId === undefined ? '' : nameOf(unit.fromId)
  const returned = back?.state === 'done' ? words.wentBack : back?.state === 'failed' ? words.refusedBack(origin) : ''
  return [words.failedStep(tries), returned].filter((text) => text !== '').join(', ')
}

function Timed({ step, icon, text }: { readonly step: Step; readonly icon: IconName; readonly text: (ms: number) => string }) {
  const isOnline = useOnline()
  const now = useNow(isOnline)
  const ms = now - step.beganAt
  if (!isOnline) return <State icon={icon} tone="accent" text={words.asOf(icon === 'updating' ? strings.marks.attaching : strings.marks.detaching, networkSince())} />
  return <State icon={icon} tone="accent" text={text(ms)} line={icon === 'updating' && <UsualTime ms={ms} />} />
}

function State({ icon, tone = 'plain', text, more, line }: { readonly icon: IconName; readonly tone?: 'plain' | 'ok' | 'accent' | 'warn' | 'bad'; readonly text: string; readonly more?: string | undefined; readonly line?: React.ReactNode }) {
  return (
    <span className={`state ${tone}`}>
      <Icon name={icon} className={icon === 'updating' ? 'turning' : ''} />
      <span>
        {text} {line}
        {more !== undefined && <span className="quiet state-more">{more}</span>}
      </span>
    </span>
  )
}
