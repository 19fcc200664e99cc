// The table of flexible IPs, with its filters and the bar of the selection.
import './fleet.css'
import { Suspense, useEffect, useMemo, useState } from 'react'
import { zones } from '../data/connection.js'
import { ipColumns, ipLine } from '../data/export.js'
import { shown } from '../data/search.js'
import { isSame, settleWanted, useLostSelection, useSelection, useWanted } from '../data/selection.js'
import { useSlowDown } from '../data/slow-down.js'
import { useAreServersRead, useExactName, useFailing, useFleet, useServerName, useStore } from '../data/store.js'
import { usePlace } from '../data/url.js'
import { Export } from '../shell/export.js'
import { wordsOf } from '../dialogs/words.js'
import { useNow } from '../dialogs/now.js'
import { Icon } from '../shell/icons.js'
import { useOnline } from '../shell/online.js'
import { part } from '../shell/part.js'
import { Empty } from '../shell/states.js'
import { strings, time } from '../strings.js'
import { sorted } from './columns.js'
import { FleetTable } from './fleet-table.js'
import { Filters, noFilters } from './filters.js'

const BulkBar = part(async () => (await import('./bulk-bar.js')).default, { failsIn: 'note', isSoon: true })

export function Fleet() {
  const [place, go] = usePlace()
  const { connection } = useStore()
  const { ips, isLoading, isWhole, waiting, isUnread, isReading, failures, underWay, readAt, refresh } = useFleet()
  const isOnline = useOnline()
  const slow = useSlowDown()
  const nameOf = useServerName()
  const exactName = useExactName()
  const failing = useFailing()
  const selected = useSelection()
  const [since] = useState(() => Date.now())
  const rows = useMemo(() => shown(ips, place, nameOf), [ips, place.q, place.zone, place.status, place.tag, place.server, place.project, nameOf])
  const ids = useMemo(() => rows.map(({ id }) => id), [rows])
  const wanted = useWanted()
  const lost = useLostSelection()
  // All is known when each zone is there, with the names of servers, which the search goes through.
  const isKnown = useAreServersRead() && isWhole
  const areZonesRead = failures.length === 0
  useEffect(() => {
    if (!wanted || !isKnown) return
    const asked = shown(ips, wanted.filters, nameOf).map(({ id }) => id)
    if (areZonesRead || isSame(wanted.digest, asked)) settleWanted(wanted, asked)
  }, [wanted, isKnown, areZonesRead, ips, nameOf])
  if (isLoading) return <FleetSkeleton waiting={waiting} since={since} />
  const reasons = [...new Set(failures.map(({ error }) => wordsOf(error, connection)))]
  const again = (
    <button className="button primary" type="button" aria-disabled={isReading} onClick={() => !isReading && refresh()}>
      {strings.unread.retry}
    </button>
  )
  if (isUnread) {
    return (
      <div className="fleet">
        <h1 className="hidden">{strings.views.ips}</h1>
        <Empty title={strings.unread.title} text={strings.unread.text(reasons)}>
          {again}
        </Empty>
      </div>
    )
  }
  const at = readAt === 0 ? strings.none : time(readAt)
  const inZones = new Set(rows.map(({ zone }) => zone)).size
  const isOnlyZone = place.zone.length > 0 && [place.status, place.tag, place.server, place.project].every(({ length }) => length === 0) && place.q.trim() === ''
  const isEmptyZone = isOnlyZone && rows.length === 0 && ips.length > 0 && ![...waiting, ...failures.map(({ zone }) => zone)].some((zone) => place.zone.includes(zone))
  const create = (text: string) => (
    <button className="button primary" type="button" disabled={!isOnline} onClick={() => go({ dialog: 'create' })}>
      {text}
    </button>
  )
  return (
    <div className="fleet">
      <h1 className="hidden">{strings.views.ips}</h1>
      <Filters ips={ips} nameOf={nameOf}>
        <Export name="flexible-ips" count={rows.length} columns={ipColumns} lines={() => sorted(rows, place.sort, nameOf, failing).map((ip) => ipLine(ip, exactName))} />
      </Filters>
      {rows.length > 0 && <FleetTable rows={rows} ids={ids} all={ips} nameOf={nameOf} asOf={isOnline ? undefined : readAt} />}
      {waiting.length > 0 && <StillReading zones={waiting} since={since} />}
      {ips.length === 0 && failures.length === 0 && (
        <Empty title={strings.empty.title} text={strings.empty.text(at)}>
          {create(strings.forms.create)}
        </Empty>
      )}
      {ips.length === 0 && failures.length > 0 && (
        <Empty title={strings.unread.part} text={reasons.join(' ')}>
          {again}
        </Empty>
      )}
      {isEmptyZone && (
        <Empty title={strings.emptyZone.title(place.zone)} text={strings.emptyZone.text(at, ips.length)}>
          {create(strings.emptyZone.create(place.zone[0] ?? ''))}
          <button className="button" type="button" onClick={() => go({ zone: [] })}>
            {strings.emptyZone.all}
          </button>
        </Empty>
      )}
      {rows.length === 0 && ips.length > 0 && !isEmptyZone && (
        <Empty title={strings.empty.filtered} text={strings.empty.filteredText(ips.length)}>
          <button className="button primary" type="button" onClick={() => go(noFilters)}>
            {strings.empty.clear}
          </button>
        </Empty>
      )}
      {lost !== undefined && (
        <p className="still-reading" role="status">
          {strings.bulk.lost(lost)}
        </p>
      )}
      {selected.size > 0 && (
        <Suspense fallback={null}>
          <BulkBar ips={ips} shown={ids} />
        </Suspense>
      )}
      <footer className="foot">
        <span>
          {waiting.length > 0 ? strings.table.footWaiting(zones.length - waiting.length, zones.length, waiting) : !isOnline ? strings.table.footOffline(rows.length, inZones, at) : rows.length === 0 ? strings.table.footNone(ips.length, at) : strings.table.foot(rows.length, inZones, at)}{' '}
          {isOnline && (slow ? <Paused until={slow.nextAt} /> : underWay > 0 && strings.table.polling(underWay))}
        </span>
        <span className="room" />
        {strings.table.keys.map(([key, meaning]) => (
          <span className="wide" key={key}>
            <kbd>{key}</kbd> {meaning}
          </span>
        ))}
      </footer>
    </div>
  )
}

/** Until when nothing is read; after that, that changes still go first. */
function Paused({ until }: { readonly until: number }) {
  const now = useNow(true)
  return strings.table.paused(until > now ? time(until) : undefined)
}

/** The zones that are not read yet, and since when. */
export function StillReading({ zones: waiting, since, words = strings.table.stillReading }: { readonly zones: readonly string[]; readonly since: number; readonly words?: (zones: readonly string[], ms: number) => string }) {
  const now = useNow(true)
  return (
    <p className="still-reading">
      <Icon name="updating" className="turning" />
      {words(waiting, now - since)}
    </p>
  )
}

/** What the page shows until the fleet is read. */
export function FleetSkeleton({ waiting = [], since = 0 }: { readonly waiting?: readonly string[]; readonly since?: number }) {
  return (
    <div className="fleet">
      <div className="filters" />
      <div className="skeleton" role="status" aria-label={strings.loading}>
        {Array.from({ length: 20 }, (_, row) => (
          <div className="skeleton-row" key={row}>
            <span />
            <span />
            <span />
            <span />
          </div>
        ))}
      </div>
      {waiting.length > 0 && <StillReading zones={waiting} since={since} words={strings.table.nothingYet} />}
    </div>
  )
}
