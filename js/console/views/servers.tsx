// The picture: the servers with their flexible IPs and MAC groups, a band for each zone. What is dragged or picked up
// goes to another server by a dialog that shows the plan; nothing is sent from here.
import './servers.css'
import type { FlexibleIP } from 'flexip/slim'
import { type KeyboardEvent as ReactKeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { shown } from '../data/search.js'
import { type Server, ServersError } from '../data/servers.js'
import { select } from '../data/selection.js'
import { useFailing, useFleet, useServerFailures, useServerName, useServers, useServersWaiting, useStore } from '../data/store.js'
import { go, usePlace } from '../data/url.js'
import { openMove } from '../dialogs/open.js'
import { afterDialog, giveFocus } from '../shell/focus.js'
import { useKeys } from '../shell/keys.js'
import { announce } from '../shell/live.js'
import { Icon } from '../shell/icons.js'
import { Empty } from '../shell/states.js'
import { strings } from '../strings.js'
import './fleet.css'
import { StillReading } from './fleet.js'
import { FilterChip, choicesOf, noFilters, useFilterKeys } from './filters.js'
import { type Home, changesOf, endKeyboardDrag, focusLifted, homeOf } from './lifted.js'
import { usePointerDrop } from './pointer-drop.js'
import { Card } from './servers-card.js'
import { type Answers, type Unit, answersOf, countOf, nameOfUnit, noServer, unitsOf } from './servers-units.js'

/** What is off its server: by a drag, or picked up by a tap. */
interface Lifted {
  readonly unit: Unit
  readonly isPickedUp: boolean
}

/** Why no server is shown. That the key cannot read them is said only when the service has said so. */
function NoServers() {
  const waiting = useServersWaiting()
  const failures = useServerFailures()
  const [since] = useState(() => Date.now())
  if (waiting.length > 0) return <StillReading zones={waiting} since={since} words={strings.servers.reading} />
  const isDenied = failures.some(({ error }) => error instanceof ServersError && (error.status === 401 || error.status === 403))
  return <p className="second picture-note">{failures.length === 0 ? strings.servers.noneThere : isDenied ? strings.servers.none : strings.servers.noneRead}</p>
}

/** How many cards are drawn at first, and then each time when the page has nothing else to do. */
const firstCards = 24
const moreCards = 2

const noUnits: readonly Unit[] = []

/** The filters of the picture. Those of the zone leave bands out; the others leave units and servers out. */
const filterNames = ['zone', 'status', 'tag'] as const

export default function Servers() {
  const servers = useServers()
  const { ips } = useFleet()
  const failing = useFailing()
  const nameOf = useServerName()
  const { marks } = useStore()
  const [place] = usePlace()
  const [lifted, setLifted] = useState<Lifted>()
  // React Aria asks for a target in the same task in which a drag begins, and at each move of the pointer.
  const now = useRef<Unit>(undefined)
  const given = useRef<Answers>(undefined)
  const home = useRef<Home>(undefined)
  const [overtaken, setOvertaken] = useState('')
  const texts = strings.picture

  const list = useMemo(() => allServers(servers, ips, nameOf), [servers, ips, nameOf])
  const byServer = useMemo(() => unitsByServer(ips), [ips])
  const choices = useMemo(() => choicesOf(ips, nameOf, place), [ips, nameOf, place.status, place.tag, place.server, place.project])
  const fitting = useMemo(() => {
    const isFiltered = place.status.length + place.tag.length > 0
    return isFiltered ? new Set(shown(ips, { ...place, q: '', zone: [], server: [], project: [] }, nameOf).map(({ id }) => id)) : undefined
  }, [ips, place.status, place.tag, nameOf])
  const matching = useMemo(() => new Set(shown(ips, { ...place, zone: [], server: [], project: [] }, nameOf).map(({ id }) => id)), [ips, place.q, place.status, place.tag, nameOf])
  const bands = useMemo(() => bandsOf(list, place.q, place.zone, byServer, matching, fitting, failing), [list, place.q, place.zone, byServer, matching, fitting, failing])
  const byCard = useMemo(() => (fitting ? new Map([...byServer].map(([key, units]) => [key, units.filter((unit) => unit.ips.some(({ id }) => fitting.has(id)))])) : byServer), [byServer, fitting])
  const answers = useMemo(() => (lifted ? answersOf(lifted.unit.ips, ips, list, nameOf) : undefined), [lifted, ips, list, nameOf])

  useEffect(() => {
    if (answers) given.current = answers
  }, [answers])
  const ask = useRef((_unit: Unit): Answers | undefined => undefined)
  ask.current = (unit) => answersOf(unit.ips, ips, list, nameOf)

  const lift = useCallback(
    (unit: Unit, isPickedUp: boolean) => {
      now.current = unit
      home.current = homeOf(unit)
      setOvertaken('')
      given.current = ask.current(unit)
      if (given.current) announce(readOut(unit, given.current, list))
      // A drag that changes the page in its first moment is ended by some browsers.
      if (isPickedUp) setLifted({ unit, isPickedUp })
      else setTimeout(() => now.current === unit && setLifted({ unit, isPickedUp }))
    },
    [list],
  )
  const putBack = useCallback(() => {
    now.current = undefined
    given.current = undefined
    setLifted(undefined)
    const from = home.current
    if (from) giveFocus(() => focusLifted(from), { onlyLost: true })
  }, [])
  const drop = useCallback(
    (serverId: string) => {
      const unit = now.current
      putBack()
      if (!unit) return
      select(unit.ips.map(({ id }) => id), [])
      if (serverId === noServer) go({ dialog: 'detach' })
      else openMove(serverId)
      const from = home.current
      if (from) afterDialog(() => focusLifted(from))
    },
    [putBack],
  )
  const onLift = useCallback((unit: Unit) => lift(unit, false), [lift])
  const onPickUp = useCallback((unit: Unit) => lift(unit, true), [lift])
  const onMark = useCallback((serverId: string, isFailing: boolean) => marks.mark(serverId, isFailing), [marks])
  const isTarget = useCallback((serverId: string, zone: string) => given.current?.zone === zone && given.current.byServer.get(serverId)?.possible === true, [])

  const picture = useRef<HTMLDivElement>(null)
  usePointerDrop(picture, now, isTarget, drop)

  // A drag by a pointer reaches what is in sight; one by keyboard reaches every card.
  const isPointer = useRef(false)
  const drawn = useDrawn(bands.reduce((sum, { cards }) => sum + cards.length, 0), lifted !== undefined && isPointer.current)

  useEffect(() => {
    const changes = lifted ? changesOf(lifted.unit, ips, nameOf) : []
    if (!lifted || changes.length === 0) return
    putBack()
    if (!lifted.isPickedUp && !isPointer.current) endKeyboardDrag()
    const from = home.current
    // Its list may have given the focus to another unit already.
    if (from && !isPointer.current) giveFocus(() => focusLifted(from))
    const text = texts.overtaken(changes)
    setOvertaken(text)
    announce(text)
  }, [lifted, ips, nameOf, putBack, texts])

  useTargets(lifted !== undefined && !lifted.isPickedUp && !isPointer.current)

  const { search, chips } = useFilterKeys()
  useKeys(
    useCallback(
      (event) => {
        if (event.key !== 'Escape' || !now.current || !lifted?.isPickedUp) return false
        putBack()
        return true
      },
      [lifted, putBack],
    ),
  )

  const onKeyDown = (event: ReactKeyboardEvent) => {
    isPointer.current = false
    liftByRow(event)
  }

  return (
    <div ref={picture} className={`picture ${lifted ? 'lifting' : ''} ${lifted?.isPickedUp === true ? 'picked-up' : ''}`} onKeyDownCapture={onKeyDown} onDragStartCapture={() => (isPointer.current = true)}>
      <h1 className="hidden">{strings.servers.label}</h1>
      {lifted?.isPickedUp === true ? (
        <PickedUp unit={lifted.unit} putBack={putBack} />
      ) : (
        <div className="filters" role="search" aria-label={texts.filters}>
          <label className="search">
            <span className="hidden">{texts.search}</span>
            <Icon name="search" />
            <input
              className="input"
              ref={search}
              type="search"
              autoComplete="off"
              spellCheck={false}
              placeholder={texts.search}
              value={place.q}
              onChange={({ target }) => go({ q: target.value })}
              onKeyDown={(event) => event.key === 'Escape' && go({ q: '' })}
            />
            <kbd aria-hidden="true">/</kbd>
          </label>
          <span className="chips" ref={chips}>
            {filterNames.map((name) => (
              <FilterChip key={name} name={strings.filters[name]} choices={choices[name]} chosen={place[name]} choose={(values) => go({ [name]: values })} />
            ))}
          </span>
          <span className="room" />
          <span className="second wide hint">{texts.hint}</span>
        </div>
      )}
      {bands.length === 0 && list.length > 0 && (
        <Empty title={strings.empty.filtered} text={texts.nothingFits}>
          <button className="button primary" type="button" onClick={() => go(noFilters)}>
            {strings.empty.clear}
          </button>
        </Empty>
      )}
      {servers.size === 0 && <NoServers />}
      {bands.map(({ zone, cards, before }) => {
        const isOther = answers !== undefined && answers.zone !== zone
        return (
          <section key={zone} className={`band ${isOther ? 'other' : ''}`} aria-label={zone}>
            <div className="band-head">
              <h2>{zone}</h2>
              <span className="quiet">{texts.band(cards.length - 1, cards.reduce((sum, { id }) => sum + countOf(byServer.get(keyOf(id, zone))), 0))}</span>
              {isOther && (
                <span className="why-not">
                  <Icon name="blocked" />
                  {answers.other}
                </span>
              )}
            </div>
            <ul className="cards">
              {cards.map(({ id, name }, index) => {
                const units = byCard.get(keyOf(id, zone)) ?? noUnits
                return (
                  <Card
                    key={id}
                    id={id}
                    name={name}
                    zone={zone}
                    units={units}
                    count={countOf(byServer.get(keyOf(id, zone)))}
                    isFailing={failing.has(id)}
                    answer={isOther ? undefined : answers?.byServer.get(id)}
                    liftedKey={units.some(({ key }) => key === lifted?.unit.key) ? lifted?.unit.key : undefined}
                    isPickedUp={lifted?.isPickedUp === true}
                    isDrawn={before + index < drawn}
                    isTarget={isTarget}
                    onLift={onLift}
                    onEnd={putBack}
                    onPickUp={onPickUp}
                    onDrop={drop}
                    onMark={onMark}
                    lifted={now}
                  />
                )
              })}
            </ul>
          </section>
        )
      })}
      {(lifted ?? overtaken) && (
        <footer className="foot picture-foot">
          <span>{lifted ? texts.dragging(nameOfUnit(lifted.unit), fromOf(lifted.unit, nameOf)) : overtaken}</span>
          <span className="room" />
          {lifted &&
            texts.keys.map(([key, meaning]) => (
              <span className="wide" key={key}>
                <kbd>{key}</kbd> {meaning}
              </span>
            ))}
        </footer>
      )}
    </div>
  )
}

/** Enter on a unit is Enter on its handle. */
function liftByRow(event: ReactKeyboardEvent): void {
  const { target, key, repeat, shiftKey, ctrlKey, metaKey, altKey } = event
  if (key !== 'Enter' || repeat || shiftKey || ctrlKey || metaKey || altKey || !(target instanceof HTMLElement) || !target.matches('.unit')) return
  const handle = target.querySelector<HTMLElement>('.handle')
  if (!handle) return
  event.preventDefault()
  event.stopPropagation()
  handle.focus()
  // The key is released on the handle, which has it lifted.
  handle.dispatchEvent(new KeyboardEvent('keydown', { key, code: event.code, bubbles: true, cancelable: true }))
}

/** The servers that can take what is lifted, in the order of the page; a detach comes last. */
function targets(): HTMLElement[] {
  const all = [...document.querySelectorAll<HTMLElement>('.card.target .units[role="grid"]')]
  const isNone = (list: HTMLElement) => list.closest('.card.none') !== null
  return [...all.filter((list) => !isNone(list)), ...all.filter(isNone)]
}

/** On a narrow page, where few servers are in sight, scrolls to the first that can take what is picked up. */
function showFirstTarget(): void {
  const card = document.querySelector('.card.target:not(.none)') ?? document.querySelector('.card.target')
  const around = card?.closest('#content')
  if (!card || !around || !matchMedia('(width < 640px)').matches) return
  const [box, sight] = [card.getBoundingClientRect(), around.getBoundingClientRect()]
  if (box.top < sight.top || box.bottom > sight.bottom) card.scrollIntoView({ block: 'start' })
}

/** During a drag by keyboard, the first server that can take it has the focus, and Tab goes on to the next. React Aria would begin at the nearest. */
function useTargets(isActive: boolean): void {
  useEffect(() => {
    if (!isActive) return
    const onTab = (event: KeyboardEvent) => {
      if (event.key !== 'Tab' || event.metaKey || event.altKey || event.ctrlKey) return
      const all = targets()
      const at = all.findIndex((list) => list.contains(document.activeElement))
      const next = event.shiftKey ? (at <= 0 ? all.length - 1 : at - 1) : (at + 1) % all.length
      if (all.length === 0) return
      event.preventDefault()
      event.stopImmediatePropagation()
      all[next]?.focus()
    }
    addEventListener('keydown', onTab, true)
    // React Aria begins in the next frame.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => targets()[0]?.focus())
    })
    return () => {
      removeEventListener('keydown', onTab, true)
      cancelAnimationFrame(frame)
    }
  }, [isActive])
}

/** How many of the cards are drawn. Those in sight are at once; the others follow while the page is idle. */
function useDrawn(count: number, isBusy: boolean): number {
  const [drawn, setDrawn] = useState(firstCards)
  const isDone = drawn >= count
  useEffect(() => {
    if (isDone || isBusy) return
    const more = () => setDrawn((before) => before + moreCards)
    // Safari has no idle callback.
    if (typeof requestIdleCallback !== 'function') {
      const timer = setTimeout(more, 50)
      return () => clearTimeout(timer)
    }
    const request = requestIdleCallback(more)
    return () => cancelIdleCallback(request)
  }, [drawn, isDone, isBusy])
  return drawn
}

function PickedUp({ unit, putBack }: { readonly unit: Unit; readonly putBack: () => void }) {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    button.current?.focus()
    showFirstTarget()
  }, [])
  return (
    <div className="picked" role="group" aria-label={strings.picture.lifted(unit.ips.length)}>
      <div>
        <b>{strings.picture.lifted(unit.ips.length)}</b>
        <p className="mono second">{unit.mac ?? unit.ips[0]?.ipAddress}</p>
      </div>
      <span className="room" />
      <button className="button" type="button" ref={button} onClick={putBack}>
        {strings.picture.putBack}
      </button>
    </div>
  )
}

/** The servers that are known by name, and those that only flexible IPs name. */
function allServers(known: ReadonlyMap<string, Server>, ips: readonly FlexibleIP[], nameOf: (id: string) => string): Server[] {
  const all = new Map(known)
  for (const { serverId, zone } of ips) if (serverId !== undefined && !all.has(serverId)) all.set(serverId, { id: serverId, name: nameOf(serverId), zone, status: 'unknown' })
  return [...all.values()]
}

const keyOf = (serverId: string, zone: string): string => (serverId === noServer ? `${noServer} ${zone}` : serverId)

function unitsByServer(ips: readonly FlexibleIP[]): ReadonlyMap<string, readonly Unit[]> {
  const lists = new Map<string, FlexibleIP[]>()
  for (const ip of ips) {
    const key = keyOf(ip.serverId ?? noServer, ip.zone)
    const list = lists.get(key)
    if (list) list.push(ip)
    else lists.set(key, [ip])
  }
  return new Map([...lists].map(([key, list]) => [key, unitsOf(list)]))
}

interface Band {
  readonly zone: string
  readonly cards: readonly { readonly id: string; readonly name: string }[]
  /** How many cards the zones before it have. */
  readonly before: number
}

/** The zones with what the search leaves of their servers; "no server" comes first, then what is failing. */
function bandsOf(servers: readonly Server[], q: string, wanted: readonly string[], byServer: ReadonlyMap<string, readonly Unit[]>, matching: ReadonlySet<string>, fitting: ReadonlySet<string> | undefined, failing: ReadonlySet<string>): Band[] {
  const words = q.toLowerCase().split(/\s+/).filter((word) => word !== '')
  const zones = [...new Set(servers.map(({ zone }) => zone))].filter((zone) => wanted.length === 0 || wanted.includes(zone)).sort()
  const has = ({ id, name, zone }: { id: string; name: string; zone: string }) => {
    const there = (ids: ReadonlySet<string>) => (byServer.get(keyOf(id, zone)) ?? noUnits).some(({ ips }) => ips.some((ip) => ids.has(ip.id)))
    if (fitting && !there(fitting)) return false
    return words.length === 0 || words.every((word) => name.toLowerCase().includes(word)) || there(matching)
  }
  let before = 0
  return zones.flatMap((zone): Band[] => {
    const cards = servers.filter((server) => server.zone === zone && has(server)).sort((a, b) => Number(failing.has(b.id)) - Number(failing.has(a.id)) || a.name.localeCompare(b.name))
    const none = { id: noServer, name: strings.picture.noServer }
    const isNarrowed = words.length > 0 || fitting !== undefined
    if (isNarrowed && cards.length === 0 && !has({ ...none, zone })) return []
    const band = { zone, cards: [none, ...cards], before }
    before += band.cards.length
    return [band]
  })
}

function fromOf({ ips: [first] }: Unit, nameOf: (id: string) => string): string {
  return first?.serverId === undefined ? strings.noServer : nameOf(first.serverId)
}

/** What a screen reader says at once: where it can go, and where not with the reasons. */
function readOut(unit: Unit, { byServer, zone }: Answers, servers: readonly Server[]): string {
  const here = servers.filter((server) => server.zone === zone)
  const can = here.filter(({ id }) => byServer.get(id)?.possible === true).map(({ name }) => name)
  const cannot = here.flatMap(({ id, name }) => {
    const answer = byServer.get(id)
    return answer && !answer.possible && !answer.isHere ? [`${name}: ${answer.text}`] : []
  })
  return `${nameOfUnit(unit)}. ${strings.picture.canGo(can)} ${strings.picture.cannotGo(cannot)}`
}
