// What is known of a change whose answer was lost: what was sent, what was read since, and what can be done.
import type { CallOptions, FlexibleIP } from 'flexip/slim'
import { useMemo } from 'react'
import { isAnswer } from '../data/failure.js'
import type { LogEntry } from '../data/log.js'
import { isMoving, readDoubts, useMoves } from '../data/moves.js'
import { type Wanted, has, leftServer, macBefore, settle, settlingMs, useRowMark } from '../data/row-marks.js'
import { isUnderWay, useFleet, useLog, useServerName, useStore } from '../data/store.js'
import { go, usePlace } from '../data/url.js'
import { writtenOut } from '../data/written-out.js'
import { CopyButton } from '../shell/copy.js'
import { useOnline } from '../shell/online.js'
import { seconds, strings, time } from '../strings.js'
import { type RequestRow, type LogRow, rowsOf, stateOf } from '../views/log-rows.js'
import { Frame, Note } from './frame.js'
import { useNow } from './now.js'
import { closeDialog, partsOf } from './open.js'
import { detach, runJobs, sendConfirmed, useHindrance } from './run-jobs.js'

const words = strings.doubt

interface Lost {
  readonly row: RequestRow
  readonly sentAt: number
  /** How often it was sent and got no answer. */
  readonly tries: number
  readonly answer: string
  readonly path: string
  readonly zone: string
  /** The server of an attach. */
  readonly toId: string | undefined
  /** This page sends it again by itself. */
  readonly isSentAgain: boolean
  /** When the flexible IPs of the zone were read since. */
  readonly reads: readonly number[]
  /** What is shown was read when a lost request could take effect no longer. */
  readonly isSettled: boolean
  /** The last try to read them, if that failed and no reading came after it. */
  readonly unread: { readonly at: number; readonly why: string } | undefined
}

export default function Doubt() {
  const [{ dialog }] = usePlace()
  const [, fipId] = partsOf(dialog)
  const log = useLog()
  const { ips, refresh, isReading } = useFleet()
  const nameOf = useServerName()
  const isOnline = useOnline()
  const hindrance = useHindrance()
  const moves = useMoves()
  const store = useStore()
  const now = useNow(true)
  const isMarked = useRowMark(fipId)?.state === 'inDoubt'
  const lost = useMemo(() => lostOf(log, fipId, isMarked), [log, fipId, isMarked])
  const ip = ips.find(({ id }) => id === fipId)
  if (!lost) {
    return (
      <Frame size="small" title={words.none} foot={<CloseButton />}>
        <p className="second">{words.noneText}</p>
      </Frame>
    )
  }
  const { row, sentAt, tries, answer, path, zone, toId, reads, unread } = lost
  const change = words.changes[row.operation] ?? words.other
  const so = verdict(lost, ip, nameOf, now)
  // A move that is under way sends it again itself.
  const move = moves.find((run) => isMoving(run) && run.units.some(({ unit }) => unit.ips.some(({ id }) => id === fipId)))
  const last = reads.at(-1)
  const readAgain = () => {
    refresh()
    void readDoubts(store, lost.row.fipsIds)
  }
  const address = ip?.ipAddress ?? fipId
  const title = words.title(change)
  const where = ip?.serverId === undefined ? strings.noServer : nameOf(ip.serverId)
  const state = ip ? [words.state(strings.statuses[ip.status], where), ...ofChange(row, ip)].join('; ') : ''
  const fields = sentFields(row, (id) => ips.find((each) => each.id === id)?.ipAddress ?? id)
  const sent = [`${time(sentAt)} ${row.method} ${path}`, ...fields].join('; ')
  const read = [last === undefined ? words.notRead : words.reads(reads.length, time(last)), ...(last === undefined && unread ? [words.unread(time(unread.at), unread.why)] : [])].join('; ')
  // The state is of the reading before that.
  const readFailed = last !== undefined && unread ? `; ${words.unread(time(unread.at), unread.why)}` : ''
  const report = [`${words.report(change, address)}`, `${words.facts.sent}: ${sent}`, `${words.facts.answer}: ${answer}${words.tries(tries)}`, `${words.facts.read}: ${read} ${last === undefined ? '' : state}${readFailed}`, `${words.facts.so}: ${so.text}`].join('\n').replaceAll('\u00a0', ' ')
  const fipsIds = row.fipsIds
  // What the button names.
  const shown = ips.filter(({ id }) => fipsIds.includes(id))
  // What is in doubt may be so because of a move.
  const thenRead = async (change: Promise<unknown>) => {
    await change
    await readDoubts(store, fipsIds)
  }
  const attach = async (call: CallOptions, serverId: string) => {
    await store.client.attachFlexibleIP({ zone, fipsIds, serverId }, call)
    await store.client.waitForFlexibleIPs({ zone, fipsIds })
  }
  const isSentAgain = lost.isSentAgain || move !== undefined
  const again = so.again && !isSentAgain && ip && (
    <button
      className="button primary"
      type="button"
      disabled={hindrance !== ''}
      onClick={() => {
        if (row.operation === 'attachFlexibleIP' && toId !== undefined) runJobs(words.attachAgain(nameOf(toId)), [{ ids: fipsIds, label: address, what: 'attach', toId, send: () => thenRead(sendConfirmed(store, shown, { goal: { serverId: toId } }, (call) => attach(call, toId))) }], true)
        else runJobs(words.detachAgain(where), [{ ids: fipsIds, label: address, what: 'detach', send: () => thenRead(sendConfirmed(store, shown, { goal: { serverId: undefined } }, (call) => detach(store, { zone, fipsIds: [...fipsIds] }, call))) }], true)
      }}
    >
      {toId === undefined ? words.detachAgain(where) : words.attachAgain(nameOf(toId))}
    </button>
  )
  return (
    <Frame
      size="small"
      icon="doubt"
      title={title}
      subtitle={toId === undefined ? address : words.to(address, nameOf(toId))}
      foot={
        <>
          <CopyButton text={report} label={strings.move.copyReport} />
          <span className="reason">{again ? hindrance : isOnline ? '' : strings.offline.changesOff}</span>
          <button className="button" type="button" aria-disabled={isReading || !isOnline} onClick={() => !isReading && isOnline && readAgain()}>
            {strings.move.readAgain}
          </button>
          {move && <ToMove moveKey={move.plan.key} />}
          {again || <CloseButton {...(so.isKnown && { settle: () => (settle(fipsIds), void readDoubts(store, fipsIds)) })} />}
        </>
      }
    >
      <dl className="doubt-facts">
        <dt>{words.facts.sent}</dt>
        <dd>
          {time(sentAt)} <span className="mono">{`${row.method} ${path}`}</span>
          {fields.map((text) => (
            <div key={text}>{text}</div>
          ))}
        </dd>
        <dt>{words.facts.answer}</dt>
        <dd>
          <span>{answer}</span>
          {tries > 1 && <span>{words.tries(tries)}</span>}
        </dd>
        <dt>{words.facts.read}</dt>
        <dd>
          {read}
          {last !== undefined && <b> {state}</b>}
          {readFailed}
        </dd>
        <dt>{words.facts.so}</dt>
        <dd>{so.text}</dd>
      </dl>
      <Note>{isSentAgain ? words.sentAgain : row.operation === 'attachFlexibleIP' ? words.attachNote : row.operation === 'detachFlexibleIP' ? words.detachNote : words.otherNote}</Note>
      {ip && (
        <button className="button doubt-open" type="button" onClick={() => go({ view: 'ips', ip: fipId, tab: 'overview', dialog: '' })}>
          {words.open}
        </button>
      )}
    </Frame>
  )
}

function ToMove({ moveKey }: { readonly moveKey: string }) {
  return (
    <button className="button" type="button" onClick={() => go({ dialog: moveKey })}>
      {strings.log.toMove}
    </button>
  )
}

function CloseButton({ settle: settled }: { readonly settle?: () => void }) {
  const close = () => {
    settled?.()
    closeDialog()
  }
  return (
    <button className="button primary" type="button" autoFocus onClick={close}>
      {strings.acts.close}
    </button>
  )
}

/** The latest change of a flexible IP that got no answer; the latest of all, if its row says that it is in doubt. */
function lostOf(log: readonly LogEntry[], fipId: string, isMarked: boolean): Lost | undefined {
  const rows = rowsOf(log)
  const changes = rows.filter((each): each is RequestRow => each.kind === 'request' && each.method !== 'GET' && each.fipsIds.includes(fipId))
  const row = changes.filter((each) => (isMarked ? lostOnes(each).length > 0 : stateOf(each) === 'inDoubt' || each.isDone)).at(-1) ?? (isMarked ? changes.at(-1) : undefined)
  const attempt = row && (lostOnes(row).at(-1) ?? row.attempts.at(-1))
  if (!row || !attempt) return undefined
  const path = /\/zones\/[^/]+(\/.*)$/.exec(row.url)?.[1] ?? row.url
  const zone = /\/zones\/([^/]+)\//.exec(row.url)?.[1] ?? ''
  const endedAt = attempt.at + (attempt.durationMs ?? 0)
  const took = seconds(attempt.durationMs ?? 0)
  const answer = attempt.status === undefined ? (words.noAnswer[attempt.outcome ?? '']?.(took) ?? words.noAnswerYet) : words.unclear(attempt.status, took)
  const tries = changes.filter(({ call, operation, body }) => call === row.call && operation === row.operation && body === row.body).reduce((sum, each) => sum + lostOnes(each).length, 0)
  // Two readings may overlap: what counts is when each ended.
  const tried = rows.flatMap((each) => readAt(each, zone, fipId, endedAt)).sort((one, other) => one.at - other.at)
  const failed = tried.at(-1)
  const isSettled = rows.some((each) => each.kind === 'request' && each.operation === 'listFlexibleIPs' && each.at >= attempt.at + settlingMs && readAt(each, zone, fipId, endedAt).some(({ why }) => why === undefined))
  return { row, isSettled, sentAt: attempt.at, answer, tries, isSentAgain: stateOf(row) === 'running', path, zone, toId: row.operation === 'attachFlexibleIP' ? serverOf(row.body) : undefined, reads: tried.flatMap(({ at, why }) => (why === undefined ? [at] : [])), unread: failed?.why === undefined ? undefined : { at: failed.at, why: failed.why } }
}

/** The attempts of a change that no answer of the service ended. */
const lostOnes = ({ attempts }: RequestRow) => attempts.filter((each) => each.outcome !== undefined && !isAnswer(each))

function serverOf(body = ''): string | undefined {
  return /"server_id":"([\da-f-]{36})"/.exec(body)?.[1]
}

type Body = Wanted & Readonly<Partial<Record<'mac_type' | 'duplicate_from_fip_id' | 'dst_fip_id', string>>>

const bodyOf = ({ body }: RequestRow): Body => JSON.parse(body ?? '{}') as Body

/** The fields that an update or a change of a MAC address sent. */
function sentFields(row: RequestRow, addressOf: (fipId: string) => string): string[] {
  if (row.operation !== 'updateFlexibleIP' && !isOfMac(row)) return []
  return fieldTexts(bodyOf(row), (name, text) => (name.endsWith('_fip_id') ? addressOf(text) : text))
}

function fieldTexts(fields: Readonly<Record<string, unknown>>, shown: (name: string, text: string) => string = (_, text) => text): string[] {
  return Object.entries(fields).map(([name, value]) => words.field(words.fields[name] ?? name, [value].flat().flatMap((each) => (typeof each === 'string' && each !== '' ? [writtenOut(shown(name, each))] : []))))
}

/** What a flexible IP has of the fields that were sent. */
function ofChange(row: RequestRow, { description, tags, reverse, macAddress }: FlexibleIP): string[] {
  if (isOfMac(row)) return [words.macField(macAddress?.macAddress ?? '')]
  if (row.operation !== 'updateFlexibleIP') return []
  const present: Readonly<Record<string, unknown>> = { description, tags, reverse }
  return fieldTexts(Object.fromEntries(Object.keys(bodyOf(row)).map((name) => [name, present[name]])))
}

const isOfMac = ({ operation }: RequestRow): boolean => operation.endsWith('MACAddr')

/** When a row read the flexible IP, or why it could not, if that was after a time. */
function readAt(row: LogRow, zone: string, fipId: string, after: number): { readonly at: number; readonly why?: string }[] {
  if (row.kind !== 'request' || row.method !== 'GET' || row.at < after || !row.url.includes(`/zones/${zone}/fips`)) return []
  if (row.operation !== 'listFlexibleIPs' && !row.fipsIds.includes(fipId)) return []
  const end = row.attempts.at(-1)
  if (end?.outcome === undefined || end.outcome === 'aborted') return []
  const at = end.at + (end.durationMs ?? 0)
  if (end.status === 200) return [{ at }]
  return [{ at, why: end.status === undefined ? (words.noAnswer[end.outcome]?.(seconds(end.durationMs ?? 0)) ?? words.noAnswerYet) : String(end.status) }]
}

interface Verdict {
  readonly text: string
  /** The same change can be sent again. */
  readonly again: boolean
  /** What became of it is known. */
  readonly isKnown: boolean
}

function verdict({ row, sentAt, toId, path, reads, isSettled }: Lost, ip: FlexibleIP | undefined, nameOf: (id: string) => string, now: number): Verdict {
  const texts = words.so
  const passed = seconds(Math.max(0, now - sentAt) < 60_000 ? Math.round((now - sentAt) / 1000) * 1000 : now - sentAt).replace('.0', '')
  const isRead = reads.length > 0
  // What was read before it was sent says nothing of it.
  if (!isRead) return { text: texts.unread(passed), again: false, isKnown: false }
  if (!ip) return { text: row.operation === 'deleteFlexibleIP' ? texts.deleted : texts.gone, again: false, isKnown: true }
  if (isUnderWay(ip)) return { text: texts.underWay, again: false, isKnown: false }
  if (toId !== undefined) {
    if (ip.serverId === toId) return { text: texts.attached(nameOf(toId)), again: false, isKnown: true }
    return { text: ip.serverId === undefined ? texts.notAttached(passed) : texts.elsewhere(nameOf(ip.serverId)), again: ip.serverId === undefined, isKnown: ip.serverId !== undefined }
  }
  if (row.operation === 'detachFlexibleIP') {
    if (ip.serverId === undefined) return { text: texts.detached, again: false, isKnown: true }
    const fromId = leftServer(ip.id)
    if (fromId !== undefined && ip.serverId !== fromId) return { text: texts.movedOn(nameOf(ip.serverId), nameOf(fromId)), again: false, isKnown: true }
    return { text: texts.notDetached(nameOf(ip.serverId), passed), again: true, isKnown: false }
  }
  if (row.operation === 'deleteFlexibleIP') return { text: isSettled ? texts.thereStill : texts.there(passed), again: false, isKnown: isSettled }
  if (row.operation === 'updateFlexibleIP') {
    if (has(ip, bodyOf(row))) return { text: texts.changed, again: false, isKnown: true }
    return { text: isSettled ? texts.notChanged : texts.notYetChanged(passed), again: false, isKnown: isSettled }
  }
  const before = macBefore(ip.id, path)
  if (before === undefined) return { text: texts.other(passed), again: false, isKnown: false }
  if (before !== (ip.macAddress?.macAddress ?? '')) return { text: texts.macChanged, again: false, isKnown: true }
  return { text: isSettled ? texts.macSame : texts.macSameYet(passed), again: false, isKnown: isSettled }
}
