// The strips below the bar, each only while it has something to say.
import type { FlexibleIP } from 'flexip/slim'
import { useEffect, useRef, useState } from 'react'
import { openJobs, stopBulk, useBulk, useWaiting, waitingJobs } from '../data/bulk.js'
import { ServersError } from '../data/servers.js'
import { zones } from '../data/connection.js'
import { runElsewhere } from '../data/elsewhere.js'
import { type MoveRun, ipsAt, isMoving, stopMove, useMoves } from '../data/moves.js'
import { useObservable } from '../data/observable.js'
import { outlookOf } from '../data/planning.js'
import { movesElsewhere } from '../data/saved-moves.js'
import { sessionEnd } from '../data/session.js'
import { useSending, useSlowDown } from '../data/slow-down.js'
import { useFailing, useFleet, useServerFailures, useServerName, useServers, useStore } from '../data/store.js'
import { go, usePlace } from '../data/url.js'
import { useNow } from '../dialogs/now.js'
import { openFailover } from '../dialogs/open.js'
import { wordsOf } from '../dialogs/words.js'
import { strings } from '../strings.js'
import { Emulator, useGuided } from './emulator.js'
import { Icon } from './icons.js'
import { networkSince, useOnline } from './online.js'
import { showRealNote, useRealNote } from './strip-state.js'

export function Strips() {
  return (
    <section aria-label={strings.notices}>
      <Real />
      <Offline />
      <SessionEnd />
      <SlowedDown />
      <Unreadable />
      <ServersUnreadable />
      <Emulator />
      <Failing />
    </section>
  )
}

/** The first visit of a browser to the real service. */
function Real() {
  const { connection } = useStore()
  const isShown = useRealNote()
  if (!connection.upstream || connection.isEmulated || !isShown) return null
  return (
    <div className="strip" role="status">
      <Icon name="plug" />
      <span>
        <b>{strings.real.title}</b> {strings.real.text}
      </span>
      <span className="room" />
      <button className="button icon-button quiet-button" type="button" onClick={() => showRealNote(false)} aria-label={strings.real.hide}>
        <Icon name="close" />
      </button>
    </div>
  )
}

function Offline() {
  const isOnline = useOnline()
  const { ips, readAt } = useFleet()
  const before = useRef<ReadonlyMap<string, FlexibleIP> | undefined>(undefined)
  const [back, setBack] = useState<{ readonly since: number; readonly changed: number }>()
  if (!isOnline) before.current ??= new Map(ips.map((ip) => [ip.id, ip]))
  useEffect(() => {
    if (!isOnline) setBack(undefined)
    if (!isOnline || !before.current || readAt < networkSince()) return
    // An unchanged flexible IP is the same object.
    const known = before.current
    const changed = ips.filter((ip) => known.get(ip.id) !== ip).length + [...known.keys()].filter((id) => !ips.some((ip) => ip.id === id)).length
    before.current = undefined
    setBack({ since: networkSince(), changed })
  }, [isOnline, ips, readAt])
  if (isOnline && !back) return null
  return (
    <div className={isOnline ? 'strip' : 'strip offline'} role="status">
      <Icon name={isOnline ? 'check' : 'offline'} />
      {back && isOnline ? (
        <>
          <span>{strings.offline.back(back.since, back.changed)}</span>
          <span className="room" />
          <button className="button icon-button quiet-button" type="button" onClick={() => setBack(undefined)} aria-label={strings.offline.hide}>
            <Icon name="close" />
          </button>
        </>
      ) : (
        <span>
          <b>{strings.offline.title(networkSince())}</b> {strings.offline.text}
        </span>
      )}
    </div>
  )
}

/** The server of the page refuses this browser, and the service was not asked. */
function SessionEnd() {
  const end = useObservable(sessionEnd)
  if (!end) return null
  return (
    <div className="strip bad" role="alert">
      <Icon name="error" />
      <span>
        <b>{strings.sessionEnd[end].title}</b> {strings.sessionEnd[end].text}
      </span>
    </div>
  )
}

/** The service asks for fewer requests: what waits, and when it is tried again. */
function SlowedDown() {
  const slow = useSlowDown()
  const bulk = useBulk()
  const inBulk = useWaiting()
  const inForms = useSending()
  const moves = useMoves()
  const now = useNow(slow !== undefined)
  if (!slow) return null
  const open = openJobs(bulk)
  const unsent = waitingJobs(bulk)
  const moving = moves.filter(isMoving)
  const waiting = inBulk + inForms + moving.reduce((sum, { units }) => sum + units.filter(({ attach }) => attach?.state !== 'done').length, 0)
  return (
    <div className="strip warn" role="status">
      <Icon name="clock" />
      <span>
        <b>{strings.slowDown.title(slow.since)}</b> {strings.slowDown.waiting(waiting)} {strings.slowDown.reading(waiting)} {open > 0 && strings.slowDown.stays}
      </span>
      <span className="room" />
      {slow.nextAt > now && <span aria-hidden="true">{strings.slowDown.next(slow.nextAt - now)}</span>}
      {open > 0 && (
        <>
          <button className="button" type="button" onClick={() => go({ dialog: 'results' })}>
            {strings.slowDown.show(open)}
          </button>
          {unsent > 0 && (
            <button className="button" type="button" onClick={stopBulk}>
              {strings.slowDown.stop(unsent)}
            </button>
          )}
        </>
      )}
      {moving.map(({ plan: { key }, state }) => (
        <span className="strip-acts" key={key}>
          <button className="button" type="button" onClick={() => go({ dialog: key })}>
            {strings.failing.showMove}
          </button>
          {state === 'running' && (
            <button className="button" type="button" onClick={() => stopMove(key)}>
              {strings.move.stop}
            </button>
          )}
        </span>
      ))}
    </div>
  )
}

function Unreadable() {
  const { failures, refresh } = useFleet()
  const { connection } = useStore()
  const isOnline = useOnline()
  const end = useObservable(sessionEnd)
  if (failures.length === 0 || !isOnline || end) return null
  const byWords = new Map<string, string[]>()
  for (const { zone, error } of failures) {
    const words = wordsOf(error, connection)
    byWords.set(words, [...(byWords.get(words) ?? []), zone])
  }
  return (
    <div className="strip warn" role="status">
      <Icon name="doubt" />
      <span>
        <b>{strings.unreadable.title(failures.length, zones.length)}</b> {[...byWords].map(([words, where]) => strings.unreadable.same(where, words)).join(' ')}
      </span>
      <span className="room" />
      <button className="button" type="button" onClick={refresh}>
        {strings.unreadable.retry}
      </button>
    </div>
  )
}

/** Servers cannot be read, and flexible IPs can. */
function ServersUnreadable() {
  const failures = useServerFailures()
  const { failures: others } = useFleet()
  const { connection } = useStore()
  const isOnline = useOnline()
  const own = failures.filter(({ zone }) => !others.some((other) => other.zone === zone))
  const end = useObservable(sessionEnd)
  if (own.length === 0 || !isOnline || end) return null
  const reasons = new Set(own.map(({ error }) => (error instanceof ServersError ? strings.serversUnread.status(error.status) : wordsOf(error, connection))))
  return (
    <div className="strip warn" role="status">
      <Icon name="doubt" />
      <span>
        <b>{strings.serversUnread.title}</b> {own.map(({ zone }) => zone).join(', ')} ({[...reasons].join(', ')}). {strings.serversUnread.text}
      </span>
    </div>
  )
}

function Failing() {
  const failing = useFailing()
  const guided = useGuided()
  const servers = useServers()
  const nameOf = useServerName()
  const { ips, waiting, failures } = useFleet()
  const [, go] = usePlace()
  const moves = useMoves()
  const elsewhere = useObservable(movesElsewhere)
  return [...failing].map((id) => {
    const server = servers.get(id)
    const there = ips.filter(({ serverId }) => serverId === id)
    const key = `failover:${id}`
    const other = elsewhere.get(key)
    const isRead = !waiting.some((zone) => zone === server?.zone) && !failures.some(({ zone }) => zone === server?.zone)
    const run = moves.find(({ plan }) => plan.key === key) ?? (other && other.overAt === undefined ? runElsewhere(other, isRead ? ips : undefined) : undefined)
    if (!server || id === guided || (there.length === 0 && !run)) return null
    const locked = there.filter(({ status }) => status === 'locked').length
    const movable = there.length - stayingOf(there, ips, servers)
    return (
      <div className="strip bad" key={id}>
        <Icon name="error" />
        <span>
          <b>{strings.failing.title(server.name)}</b> {run ? strings.failing.during(server.zone, moveText(run, nameOf), isMoving(run) ? 0 : ipsAt(run, 'nowhere'), isMoving(run) ? 0 : ipsAt(run, 'inDoubt'), run.plan.toId === id ? 0 : there.length) : strings.failing.text(server.zone, there.length, locked)}
        </span>
        <span className="room" />
        {there.length > 0 && !run && (
          <button className="button" type="button" onClick={() => go({ view: 'ips', server: [id], ip: '' })}>
            {strings.failing.show(there.length)}
          </button>
        )}
        {(run ?? movable > 0) && (
          <button className={run ? 'button' : 'button primary'} type="button" onClick={() => openFailover(id)}>
            {run ? strings.failing.showMove : strings.failing.plan(movable)}
          </button>
        )}
      </div>
    )
  })
}

function moveText(run: MoveRun, nameOf: (id: string) => string): string {
  const all = run.units.reduce((sum, { unit }) => sum + unit.ips.length, 0)
  const target = nameOf(run.plan.toId)
  if (isMoving(run)) return strings.move.running(all, target)
  return strings.move.incomplete(ipsAt(run, 'target'), all, target)
}

/** How many of a server cannot move. */
function stayingOf(there: readonly FlexibleIP[], ips: readonly FlexibleIP[], servers: ReturnType<typeof useServers>): number {
  return outlookOf(there, ips, servers, undefined).staying.reduce((sum, { unit }) => sum + unit.ips.length, 0)
}
