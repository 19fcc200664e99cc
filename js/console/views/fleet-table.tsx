// The rows. Only those in sight are drawn, so that 10,000 scroll smoothly. Focus is on the grid; the cursor is one row.
import { useTable } from '@tanstack/react-table'
import type { FlexibleIP } from 'flexip/slim'
import { type KeyboardEvent, type ReactNode, type RefObject, memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useObservable } from '../data/observable.js'
import { type Bracket, type Column, type NameOf, brackets } from '../data/search.js'
import { neighbourOf, showRows } from '../data/order.js'
import { type RowMark, useRowMarks } from '../data/row-marks.js'
import { select, useSelection } from '../data/selection.js'
import { clockOffset } from '../data/service-clock.js'
import { useFailing } from '../data/store.js'
import { filtersOf, go, usePlace } from '../data/url.js'
import { writtenOut } from '../data/written-out.js'
import { isWaiting } from '../shell/focus.js'
import { foreign } from '../shell/foreign.js'
import { useKeys } from '../shell/keys.js'
import { announce } from '../shell/live.js'
import { Icon } from '../shell/icons.js'
import { MarkedServerName, MarkedStatus } from '../shell/status.js'
import { ago, strings, time } from '../strings.js'
import { columnsOf, features, roomOf, sortingOf, template, visible } from './columns.js'
import { useRowsInSight, useSight } from './rows-in-sight.js'
import { useSteadyOrder } from './steady-order.js'
import { fits } from './text-width.js'

const rowHeight = 32
const narrowRowHeight = 64
const headHeight = 32
const narrow = 640
const tagsShown = 3
/** The keys that Shift extends the selection by. */
const withShift = ['ArrowDown', 'ArrowUp', ' ']
/** How often "2 min ago" is written anew. */
const clockMs = 30_000

const idOf = ({ id }: FlexibleIP): string => id

interface Props {
  readonly rows: FlexibleIP[]
  readonly ids: readonly string[]
  readonly all: readonly FlexibleIP[]
  readonly nameOf: NameOf
  /** When the rows were read, if they are not read any more. */
  readonly asOf: number | undefined
}

export function FleetTable({ rows, ids, all, nameOf, asOf }: Props) {
  const [place] = usePlace()
  const failing = useFailing()
  const columns = useMemo(() => columnsOf(nameOf, failing), [nameOf, failing])
  const sorting = useMemo(() => sortingOf(place.sort), [place.sort])
  const table = useTable({ features, columns, data: rows, state: { sorting }, getRowId: ({ id }) => id })
  const sorted = table.getRowModel().rows
  const latest = useMemo(() => sorted.map(({ original }) => original), [sorted])
  const { ips, hasChanged, sortAgain } = useSteadyOrder(latest, place.sort, place.q, place.zone, place.status, place.tag, place.server, place.project, nameOf)
  const groups = useMemo(() => brackets(ips, all), [ips, all])
  return (
    <>
      {hasChanged && (
        <button className="button sort-again" type="button" onClick={sortAgain}>
          {strings.table.sortAgain}
        </button>
      )}
      <Grid ips={ips} ids={ids} all={all} groups={groups} nameOf={nameOf} asOf={asOf} />
    </>
  )
}

interface GridProps {
  readonly ips: readonly FlexibleIP[]
  readonly ids: readonly string[]
  readonly all: readonly FlexibleIP[]
  readonly groups: ReadonlyMap<string, Bracket>
  readonly nameOf: NameOf
  readonly asOf: number | undefined
}

/** The table with its keys. */
const Grid = memo(function Grid({ ips, ids, all, groups, nameOf, asOf }: GridProps) {
  const [place] = usePlace()
  const selected = useSelection()
  const failing = useFailing()
  const scroll = useRef<HTMLDivElement>(null)
  const width = useWidth(scroll)
  const hide = place.hide
  const shown = useMemo(() => visible(width, hide), [width, hide])
  const isNarrow = width < narrow
  const height = isNarrow ? narrowRowHeight : rowHeight
  const { reveal, isInSight } = useSight(scroll, height, headHeight)

  const [cursorId, setCursorId] = useState('')
  const found = useMemo(() => ips.findIndex(({ id }) => id === cursorId), [ips, cursorId])
  // A row that is gone leaves the cursor to its neighbour. Other filters begin with the first row.
  const filters = filtersOf(place)
  const last = useRef<{ filters: string; ips: readonly FlexibleIP[] }>({ filters, ips: [] })
  if (found >= 0) last.current = { filters, ips }
  const isFound = found >= 0 || last.current.filters !== filters
  const cursor = useMemo(() => Math.max(0, isFound ? found : neighbourOf(cursorId, last.current.ips.map(idOf), ips.map(idOf))), [found, isFound, ips, cursorId])
  const anchor = useRef(0)

  useEffect(() => {
    if (isWaiting()) scroll.current?.focus({ preventScroll: true })
  }, [])

  const order = useMemo(() => ips.map(({ id }) => id), [ips])
  useEffect(() => showRows({ ids: order, cursorId: order[cursor] ?? '' }), [order, cursor])
  useEffect(() => () => showRows(), [])
  // The cursor goes with the sheet.
  useEffect(() => {
    const index = order.indexOf(place.ip)
    if (index < 0) return
    setCursorId(place.ip)
    reveal(index)
  }, [place.ip])

  const toggle = useCallback(
    (index: number, isRange: boolean) => {
      const next = new Set(selected)
      const ip = ips[index]
      if (!ip) return
      if (isRange) {
        const [from, to] = [Math.min(anchor.current, index), Math.max(anchor.current, index)]
        for (const other of ips.slice(from, to + 1)) next.add(other.id)
      } else if (!next.delete(ip.id)) next.add(ip.id)
      anchor.current = index
      setCursorId(ip.id)
      select(next, ids)
      announce(strings.bulk.selected(next.size))
    },
    [selected, ips, ids],
  )

  const move = (index: number, extend: boolean) => {
    const next = Math.min(Math.max(index, 0), ips.length - 1)
    const ip = ips[next]
    if (!ip) return
    if (extend) select(new Set([...selected, ...[ips[cursor], ip].flatMap((row) => (row ? [row.id] : []))]), ids)
    else anchor.current = next
    setCursorId(ip.id)
    reveal(next)
  }

  // After a load nothing has the focus: the first arrow brings it to the row of the cursor.
  useKeys(
    useCallback(({ key, target, shiftKey, ctrlKey, metaKey, altKey }) => {
      if (target !== document.body || !(key === 'ArrowDown' || key === 'ArrowUp') || shiftKey || ctrlKey || metaKey || altKey || document.querySelector('[role="dialog"], [role="alertdialog"]')) return false
      scroll.current?.focus()
      return true
    }, []),
  )

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'a') select(ids, ids)
    else if (event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && !withShift.includes(event.key))) return
    else if (event.key === 'ArrowDown') move(cursor + 1, event.shiftKey)
    else if (event.key === 'ArrowUp') move(cursor - 1, event.shiftKey)
    else if (event.key === 'PageDown') move(cursor + 20, false)
    else if (event.key === 'PageUp') move(cursor - 20, false)
    else if (event.key === 'Home') move(0, false)
    else if (event.key === 'End') move(ips.length - 1, false)
    // What is out of sight is not changed: it comes into sight first.
    else if (event.key === ' ' && !isInSight(cursor)) reveal(cursor)
    else if (event.key === ' ') toggle(cursor, event.shiftKey)
    else if (event.key === 'Enter') go({ ip: ips[cursor]?.id ?? '', tab: 'overview' })
    // An open sheet is closed first.
    else if (event.key === 'Escape' && selected.size > 0 && place.ip === '') select([], ids)
    else return
    event.preventDefault()
  }

  return (
    <div
      className={`table ${isNarrow ? 'narrow' : ''}`}
      ref={scroll}
      role="grid"
      aria-label={strings.table.label}
      aria-rowcount={ips.length + 1}
      aria-colcount={shown.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={ips[cursor] && `row-${ips[cursor].id}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <Heads columns={shown} isNarrow={isNarrow} sort={place.sort} ids={ids} selected={selected} asOf={asOf} />
      <Rows
        scroll={scroll}
        ips={ips}
        columns={shown}
        isNarrow={isNarrow}
        cursor={cursor}
        selected={selected}
        failing={failing}
        groups={groups}
        nameOf={nameOf}
        toggle={toggle}
        setCursor={setCursorId}
      />
    </div>
  )
})

interface RowsProps extends Pick<RowProps, 'columns' | 'isNarrow' | 'nameOf' | 'toggle' | 'setCursor'> {
  readonly scroll: RefObject<HTMLElement | null>
  readonly ips: readonly FlexibleIP[]
  readonly cursor: number
  readonly selected: ReadonlySet<string>
  readonly failing: ReadonlySet<string>
  readonly groups: ReadonlyMap<string, Bracket>
}

/** The rows in their order. Only this is drawn anew in each frame while the table scrolls. */
const Rows = memo(function Rows({ scroll, ips, columns, isNarrow, cursor, selected, failing, groups, nameOf, toggle, setCursor }: RowsProps) {
  const now = useClock()
  const marks = useRowMarks()
  const height = isNarrow ? narrowRowHeight : rowHeight
  const rows = useRef<HTMLDivElement>(null)
  const drawn = useRowsInSight(rows, ips.length, height)
  const row = (index: number, slot: number | 'cursor') => {
    const ip = ips[index]
    if (!ip) return null
    return (
      <Row
        key={slot}
        ip={ip}
        index={index}
        start={index * height}
        columns={columns}
        isNarrow={isNarrow}
        isSelected={selected.has(ip.id)}
        isCursor={index === cursor}
        isAtRisk={ip.serverId !== undefined && failing.has(ip.serverId)}
        bracket={groups.get(ip.id)}
        mark={marks.get(ip.id)}
        server={ip.serverId === undefined ? undefined : nameOf(ip.serverId)}
        nameOf={nameOf}
        now={now}
        toggle={toggle}
        setCursor={setCursor}
        grid={scroll}
      />
    )
  }
  const isCursorApart = !drawn.some(({ index }) => index === cursor)
  const isCursorAbove = drawn.every(({ index }) => index > cursor)
  return (
    <div className="rows" ref={rows} role="rowgroup" style={{ height: ips.length * height, gridTemplateColumns: isNarrow ? undefined : template(columns) }}>
      {/* The row of the cursor exists wherever the table is scrolled to, because the grid names it to a screen reader. */}
      {isCursorApart && isCursorAbove && row(cursor, 'cursor')}
      {drawn.map(({ index, slot }) => row(index, slot))}
      {isCursorApart && !isCursorAbove && row(cursor, 'cursor')}
    </div>
  )
})

interface HeadsProps {
  readonly columns: readonly Column[]
  readonly isNarrow: boolean
  readonly sort: string
  readonly ids: readonly string[]
  readonly selected: ReadonlySet<string>
  readonly asOf: number | undefined
}

const Heads = memo(function Heads({ columns, isNarrow, sort, ids, selected, asOf }: HeadsProps) {
  const areAll = ids.length > 0 && ids.every((id) => selected.has(id))
  const areSome = !areAll && ids.some((id) => selected.has(id))
  return (
    <div className="head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: isNarrow ? undefined : template(columns) }}>
      <span role="columnheader">
        <SelectAll areAll={areAll} areSome={areSome} count={ids.length} toggle={() => select(areAll ? [] : [...selected, ...ids], areAll ? [] : ids)} />
        {isNarrow && <span aria-hidden="true">{strings.table.all(ids.length)}</span>}
      </span>
      {!isNarrow && columns.map((name) => <Head key={name} name={name} sort={sort} asOf={asOf} />)}
    </div>
  )
})

function SelectAll({ areAll, areSome, count, toggle }: { readonly areAll: boolean; readonly areSome: boolean; readonly count: number; readonly toggle: () => void }) {
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (box.current) box.current.indeterminate = areSome
  }, [areSome])
  return <input ref={box} className="check" type="checkbox" checked={areAll} onChange={toggle} aria-label={strings.table.selectAll(count)} />
}

function Head({ name, sort, asOf }: { readonly name: Column; readonly sort: string; readonly asOf: number | undefined }) {
  const isUp = sort === name
  const isDown = sort === `-${name}`
  const direction = isUp ? 'ascending' : isDown ? 'descending' : 'none'
  return (
    <span role="columnheader" aria-sort={direction} className={name}>
      <button className="sort" type="button" onClick={() => go({ sort: isUp ? `-${name}` : name })}>
        {name === 'status' && asOf !== undefined ? strings.table.statusAsOf(time(asOf)) : strings.columns[name]}
        {isUp && <Icon name="down" />}
        {isDown && <Icon name="up" />}
      </button>
    </span>
  )
}

interface RowProps {
  readonly ip: FlexibleIP
  readonly index: number
  readonly start: number
  readonly columns: readonly Column[]
  readonly isNarrow: boolean
  readonly isSelected: boolean
  readonly isCursor: boolean
  readonly isAtRisk: boolean
  readonly bracket: Bracket | undefined
  readonly mark: RowMark | undefined
  readonly server: string | undefined
  readonly nameOf: NameOf
  readonly now: number
  readonly toggle: (index: number, isRange: boolean) => void
  readonly setCursor: (id: string) => void
  readonly grid: RefObject<HTMLElement | null>
}

const Row = memo(function Row({ ip, index, start, columns, isNarrow, isSelected, isCursor, isAtRisk, bracket, mark, server, nameOf, now, toggle, setCursor, grid }: RowProps) {
  const row = useRef<HTMLDivElement>(null)
  const last = useRef(ip.id)
  // The elements of a row that left: what has the focus there must not act on this one.
  useLayoutEffect(() => {
    if (last.current !== ip.id && row.current?.contains(document.activeElement)) grid.current?.focus({ preventScroll: true })
    last.current = ip.id
  }, [ip.id, grid])
  const cells = isNarrow ? (['address', 'status', 'server'] as const) : columns
  const classes = ['row', isSelected && 'selected', isCursor && 'cursor', isAtRisk && 'at-risk'].filter(Boolean).join(' ')
  return (
    // React sets a style by the CSSOM, which the policy of the page allows.
    <div
      className={classes}
      ref={row}
      id={`row-${ip.id}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      style={{ transform: `translateY(${start}px)` }}
      onClick={() => setCursor(ip.id)}
      onDoubleClick={() => go({ ip: ip.id, tab: 'overview' })}
    >
      <span role="gridcell" className="cell select">
        <input
          className="check"
          type="checkbox"
          tabIndex={-1}
          checked={isSelected}
          aria-label={strings.table.select(ip.ipAddress)}
          onChange={() => undefined}
          onClick={(event) => {
            event.stopPropagation()
            toggle(index, event.shiftKey)
          }}
        />
      </span>
      {cells.map((name) => (
        <span role="gridcell" className={`cell ${name} ${isLong(name, { ip, mark, server, isNarrow }) ? 'long' : ''}`} title={name === 'description' ? writtenOut(ip.description) : undefined} key={name}>
          {contentOf(name, { ip, mark, server, nameOf, bracket, now, isNarrow })}
        </span>
      ))}
    </div>
  )
})

/** The padding and the borders of a tag, and the gap before the next. */
const besideTag = 18

/** Whether what a cell shows may be wider than its column. Only then the cell clips: each that does costs time in every frame while the table scrolls. */
function isLong(name: Column, { ip, mark, server, isNarrow }: Pick<RowProps, 'ip' | 'mark' | 'server' | 'isNarrow'>): boolean {
  switch (name) {
    case 'address':
      return ip.ipAddress.length > 18
    case 'status':
      return mark !== undefined
    case 'server':
      return isNarrow || mark !== undefined || ip.status === 'detaching' || !fits(server ?? strings.noServer, roomOf(name))
    case 'reverse':
    case 'description':
      return !fits(writtenOut(ip[name]), roomOf(name))
    case 'tags':
      return ip.tags.length > tagsShown || !fits(writtenOut(ip.tags.join('')), roomOf(name) - ip.tags.length * besideTag)
    default:
      return false
  }
}

type CellProps = Pick<RowProps, 'ip' | 'mark' | 'server' | 'nameOf' | 'bracket' | 'now' | 'isNarrow'>

/** What a cell shows. It is no component: React would compare one more for each cell of a row that comes. */
function contentOf(name: Column, { ip, mark, server, nameOf, bracket, now, isNarrow }: CellProps): ReactNode {
  switch (name) {
    case 'address':
      return (
        <>
          {isNarrow && <GroupMark bracket={bracket} mac={ip.macAddress?.macAddress} />}
          <button className="address-link mono" type="button" tabIndex={-1} onClick={() => go({ ip: ip.id, tab: 'overview' })}>
            {ip.ipAddress}
          </button>
        </>
      )
    case 'status':
      return <MarkedStatus ip={ip} mark={mark} isInGrid />
    case 'server':
      if (isNarrow) return [server ?? strings.noServer, ip.zone, ip.macAddress?.macAddress, partOf(bracket)].filter(Boolean).join(' · ')
      return <MarkedServerName ip={ip} mark={mark} server={server} nameOf={nameOf} />
    case 'zone':
      return ip.zone
    case 'mac':
      return (
        <>
          <GroupMark bracket={bracket} mac={ip.macAddress?.macAddress} />
          {partOf(bracket) === undefined ? (
            <span className="mono">{ip.macAddress?.macAddress ?? strings.none}</span>
          ) : (
            // Both have room only so.
            <>
              <span className="mono">…{ip.macAddress?.macAddress.slice(-8)}</span> <span className="quiet">{partOf(bracket)}</span>
            </>
          )}
        </>
      )
    case 'reverse':
      return ip.reverse === '' ? strings.none : foreign(ip.reverse)
    case 'description':
      return foreign(ip.description)
    case 'tags':
      return (
        <>
          {/* By their place: another row of these elements writes its tags into them. */}
          {ip.tags.slice(0, tagsShown).map((tag, place) => (
            <span className="tag" key={place}>
              {foreign(tag)}
            </span>
          ))}
          {ip.tags.length > tagsShown && <span className="quiet">{strings.table.moreTags(ip.tags.length - tagsShown)}</span>}
        </>
      )
    case 'updated':
      return ago(ip.updatedAt, now)
  }
}

/** What the first row of a MAC group says of which the table shows a part. */
function partOf(bracket: Bracket | undefined): string | undefined {
  if (!bracket || bracket.here === bracket.all || (bracket.part !== 'first' && bracket.part !== 'apart')) return undefined
  return strings.table.partOfGroup(bracket.here, bracket.all)
}

function GroupMark({ bracket, mac }: { readonly bracket: Bracket | undefined; readonly mac: string | undefined }) {
  if (!bracket) return null
  const isScattered = bracket.part === 'apart' && bracket.here === bracket.all
  return (
    <span className={`bracket ${bracket.part}`} title={strings.table.group((mac ?? '').slice(-8), bracket.here, bracket.all)}>
      {isScattered && <span className="hidden">{strings.table.partOfGroup(bracket.here, bracket.all)}</span>}
    </span>
  )
}

function useClock(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), clockMs)
    return () => clearInterval(timer)
  }, [])
  return now + useObservable(clockOffset)
}

function useWidth(element: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(() => innerWidth)
  useEffect(() => {
    if (!element.current) return
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.round(entry.contentRect.width)))
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [element])
  return width
}
