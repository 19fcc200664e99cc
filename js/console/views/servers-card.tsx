// A server with its flexible IPs. What moves as one is one item of its list, and has a handle: it can be dragged, lifted
// by Enter, or picked up by a tap, and then every server says whether it can go there.
import type { FlexibleIP } from 'flexip/slim'
import { memo, useEffect, useMemo, useRef, useState } from 'react'
import { Button, GridList, GridListItem, useDragAndDrop } from 'react-aria-components'
import { useRowMark } from '../data/row-marks.js'
import { addressOf, go } from '../data/url.js'
import { useNow } from '../dialogs/now.js'
import { Icon } from '../shell/icons.js'
import { useOnline } from '../shell/online.js'
import { seconds, strings } from '../strings.js'
import { type Answer, type Unit, countOf, nameOfUnit, noServer } from './servers-units.js'

/** How many flexible IPs a card shows until it is asked for more. */
const shownMax = 8
/** About how high a flexible IP of a card is that is not drawn yet. */
const chipHeight = 28
/** What is dragged: only this console's cards take it. */
const dragType = 'application/x-flexip-units'

export interface CardProps {
  /** The id of the server, or `none`. */
  readonly id: string
  readonly name: string
  readonly zone: string
  /** What it shows of what is there. */
  readonly units: readonly Unit[]
  /** How many flexible IPs are there. */
  readonly count: number
  readonly isFailing: boolean
  /** What it says to what is lifted. */
  readonly answer: Answer | undefined
  /** What is lifted lies on it. */
  readonly liftedKey: string | undefined
  /** What is lifted waits for a tap. */
  readonly isPickedUp: boolean
  /** Its list is drawn also while it is out of sight. */
  readonly isDrawn: boolean
  readonly isTarget: (serverId: string, zone: string) => boolean
  /** Drag by mouse or keyboard begins and ends. */
  readonly onLift: (unit: Unit) => void
  readonly onEnd: () => void
  readonly onPickUp: (unit: Unit) => void
  readonly onDrop: (serverId: string) => void
  readonly onMark: (serverId: string, isFailing: boolean) => void
  /** The unit that is lifted, also in the moment before the page is drawn anew. */
  readonly lifted: { readonly current: Unit | undefined }
}

export const Card = memo(function Card({ id, name, zone, units, count, isFailing, answer, liftedKey, isPickedUp, isDrawn, isTarget, onLift, onEnd, onPickUp, onDrop, onMark, lifted }: CardProps) {
  const [isWhole, setWhole] = useState(false)
  const texts = strings.picture
  const isNone = id === noServer
  const shown = useMemo(() => (isWhole ? units : firstUnits(units)), [isWhole, units])
  const shownCount = countOf(shown)
  const hidden = countOf(units) - shownCount
  const card = useRef<HTMLLIElement>(null)
  const isNear = useNear(card, isDrawn)
  const classes = ['card', isNone && 'none', isFailing && 'bad', answer?.possible === true && 'target', answer?.possible === false && 'cannot', answer?.isHere === true && 'source']
  return (
    <li className={classes.filter(Boolean).join(' ')} ref={card} data-server={id} data-zone={zone}>
      <div className="card-head">
        <Icon name={isNone ? 'ready' : 'servers'} />
        <b>{name}</b>
        <span className="room" />
        <span className="quiet">{isNone ? count : answer?.possible === true ? strings.move.target(answer.there, answer.then) : strings.servers.count(count)}</span>
      </div>
      {isFailing && (
        <p className="at-risk-line">
          <Icon name="error" />
          <span className="failing">{strings.servers.failing}</span> <span className="second">{texts.atRisk(count)}</span>
        </p>
      )}
      {answer && !answer.isHere && (
        <p className={answer.possible ? 'drop-note' : 'why-not'}>
          {!answer.possible && <Icon name="blocked" />}
          <span>{answer.text}</span>
        </p>
      )}
      {isPickedUp && answer?.possible === true && (
        <button className="button drop-button" type="button" onClick={() => onDrop(id)}>
          {isNone ? texts.dropNone(lifted.current?.ips.length ?? 0) : texts.drop(lifted.current?.ips.length ?? 0, name)}
        </button>
      )}
      {isNear ? (
        <Units id={id} name={name} zone={zone} units={shown} liftedKey={liftedKey} isFolded={isPickedUp && answer?.isHere !== true} isTarget={isTarget} onLift={onLift} onEnd={onEnd} onPickUp={onPickUp} onDrop={onDrop} lifted={lifted} />
      ) : (
        <div className="units" style={{ height: Math.max(1, shownCount) * chipHeight }} />
      )}
      {(hidden > 0 || isWhole) && (
        <button className="button quiet-button more" type="button" onClick={() => setWhole(!isWhole)}>
          {isWhole ? texts.fewer : texts.more(hidden)}
        </button>
      )}
      {!isNone && !answer && (
        <button className="button quiet-button mark-button" type="button" onClick={() => onMark(id, !isFailing)}>
          {isFailing ? strings.servers.unmark : strings.servers.mark}
        </button>
      )}
    </li>
  )
})

type UnitsProps = Pick<CardProps, 'id' | 'name' | 'zone' | 'units' | 'liftedKey' | 'isTarget' | 'onLift' | 'onEnd' | 'onPickUp' | 'onDrop' | 'lifted'> & {
  /** A narrow page leaves it out. */
  readonly isFolded: boolean
}

/** The list of a card. What the card answers does not draw it anew. */
const Units = memo(function Units({ id, name, zone, units, liftedKey, isFolded, isTarget, onLift, onEnd, onPickUp, onDrop, lifted }: UnitsProps) {
  const texts = strings.picture
  const unitOf = (keys: Iterable<unknown>) => units.find(({ key }) => [...keys].includes(key))
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => {
      const unit = unitOf(keys)
      return [{ [dragType]: [...keys].join(' '), 'text/plain': unit?.ips.map(({ ipAddress }) => ipAddress).join('\n') ?? '' }]
    },
    getAllowedDropOperations: () => ['move'],
    acceptedDragTypes: [dragType],
    getDropOperation: ({ type }) => (type === 'root' && isTarget(id, zone) ? 'move' : 'cancel'),
    onRootDrop: () => onDrop(id),
    onDragStart: ({ keys }) => {
      const unit = unitOf(keys)
      if (unit) onLift(unit)
    },
    onDragEnd: onEnd,
    renderDragPreview: () => <Ghost unit={lifted.current} />,
  })
  return (
    <GridList
      className={`units ${isFolded ? 'folded' : ''}`}
      aria-label={texts.list(name, zone)}
      items={units}
      dependencies={[liftedKey]}
      selectionMode="none"
      dragAndDropHooks={dragAndDropHooks}
      renderEmptyState={() => <span className="quiet">{texts.nothing}</span>}
    >
      {(unit) => (
      <GridListItem id={unit.key} textValue={nameOfUnit(unit)} className={`unit ${unit.mac === undefined ? '' : 'grouped'} ${unit.key === liftedKey ? 'lifted' : ''}`}>
          {/* React Aria lets pointers through the handle, so that a drag can begin there; a tap arrives here. */}
          <div
            className="unit-body"
            onClick={({ target, detail }) => {
              if (detail > 0 && target instanceof Element && !target.closest('a, button')) onPickUp(unit)
            }}
          >
            <Button slot="drag" className="handle" aria-label={texts.lift(nameOfUnit(unit))}>
              <Icon name="handle" />
            </Button>
            <div className="unit-ips">
              {unit.mac !== undefined && (
                <span className="group-head">
                  <span className="mono">{unit.mac}</span> <span className="quiet">{texts.groupIps(unit.ips.length)}</span>
                </span>
              )}
              {unit.ips.map((ip) => (
                <Chip key={ip.id} ip={ip} isGrouped={unit.mac !== undefined} />
              ))}
            </div>
          </div>
        </GridListItem>
      )}
    </GridList>
  )
})

/** Whether a card is in sight or soon will be. What was near once stays drawn. */
function useNear(card: { readonly current: Element | null }, isDrawn: boolean): boolean {
  const [isNear, setNear] = useState(isDrawn)
  const isOpen = isNear || isDrawn
  useEffect(() => {
    if (isOpen || !card.current) return
    const observer = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && setNear(true), { rootMargin: '300px' })
    observer.observe(card.current)
    return () => observer.disconnect()
  }, [isOpen, card])
  return isOpen
}

function Chip({ ip, isGrouped }: { readonly ip: FlexibleIP; readonly isGrouped: boolean }) {
  const mark = useRowMark(ip.id)
  const isInDoubt = mark?.state === 'inDoubt'
  const isStep = mark?.state === 'attaching' || mark?.state === 'detaching'
  const known = Object.hasOwn(strings.statuses, ip.status) ? ip.status : 'unknown'
  const status = !isStep ? known : mark.state === 'attaching' ? 'updating' : 'detaching'
  const isResting = status === 'attached' || status === 'ready'
  return (
    // A link, because some browsers begin no drag on a button.
    <a
      className={`ip-chip status ${isInDoubt ? 'in-doubt' : status}`}
      draggable={false}
      href={addressOf({ ip: ip.id, tab: 'overview' })}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        go({ ip: ip.id, tab: 'overview' })
      }}
    >
      <Icon name={isInDoubt ? 'doubt' : status} className={status === 'updating' && !isInDoubt ? 'turning' : ''} />
      <span className="mono">{ip.ipAddress}</span>
      {isStep && mark.since !== undefined ? <ChipTime since={mark.since} status={status} /> : (isInDoubt || !isResting) && <span className="chip-word">{isInDoubt ? strings.marks.inDoubt : strings.statuses[status]}</span>}
      {ip.macAddress && !isGrouped && isResting && (
        <span className="quiet chip-word" title={ip.macAddress.macAddress}>
          MAC
        </span>
      )}
    </a>
  )
}

/** How long a step of this page takes. The sign of the chip says which step it is. Offline, a time that counts on would be made up. */
function ChipTime({ since, status }: { readonly since: number; readonly status: FlexibleIP['status'] }) {
  const isOnline = useOnline()
  const now = useNow(isOnline)
  return (
    <span className="chip-word">
      {isOnline ? seconds(now - since) : strings.statuses[status]}
    </span>
  )
}

function Ghost({ unit }: { readonly unit: Unit | undefined }) {
  if (!unit) return <div />
  return (
    <div className={`ghost ${unit.mac === undefined ? '' : 'grouped'}`}>
      {unit.mac !== undefined && (
        <span>
          <span className="mono">{unit.mac}</span> <span className="quiet">{strings.picture.groupIps(unit.ips.length)}</span>
        </span>
      )}
      {unit.ips.map(({ id, ipAddress }) => (
        <span className="mono" key={id}>
          {ipAddress}
        </span>
      ))}
    </div>
  )
}

// Whole units, so that a bracket is never cut.
function firstUnits(units: readonly Unit[]): readonly Unit[] {
  let count = 0
  return units.filter(({ ips }) => (count += ips.length) <= shownMax + 1 || count === ips.length)
}
