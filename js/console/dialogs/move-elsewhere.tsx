// A move that another tab has: what that tab last wrote of it, and where its flexible IPs are when it is over.
import { useEffect, useMemo, useState } from 'react'
import { runElsewhere } from '../data/elsewhere.js'
import { type MoveRun, type UnitRun, ipsAt } from '../data/moves.js'
import { reread, whereabouts } from '../data/move-units.js'
import { type MoveElsewhere, dismissElsewhere, showElsewhere } from '../data/saved-moves.js'
import { useFleet, useServerName } from '../data/store.js'
import { strings } from '../strings.js'
import { Frame, Note } from './frame.js'
import { RunLedger } from './ledger.js'
import { closeDialog } from './open.js'

const words = strings.move

interface Props {
  readonly move: MoveElsewhere
  /** Shows the plan of a failover of what is on its server now. */
  readonly planAnew: (() => void) | undefined
}

export function MoveElsewhereStage({ move, planAnew }: Props) {
  const { ips, readAt, refresh, waiting, failures } = useFleet()
  const nameOf = useServerName()
  const { plan, startedAt, savedAt, wasMoving, overAt } = move
  const isOver = overAt !== undefined
  // What was read before its end is not where they are now.
  const isRead = isOver && readAt >= overAt
  useEffect(() => showElsewhere(plan.key), [plan.key])
  useEffect(() => {
    if (isOver) refresh()
  }, [overAt])
  const isRunning = wasMoving && !isRead
  // What is in no list is gone only if its zone was read.
  const isZoneRead = !waiting.includes(plan.zone) && !failures.some(({ zone }) => zone === plan.zone)
  // Where the first reading after its end showed them. What later ones show has changed since.
  const [atEnd, setAtEnd] = useState<readonly UnitRun[]>()
  const known = useMemo(() => (isZoneRead ? new Map(ips.map((ip) => [ip.id, ip])) : undefined), [ips, isZoneRead])
  useEffect(() => {
    if (!isOver) setAtEnd(undefined)
    else if (isRead && known && !atEnd) setAtEnd(move.units.map((unit) => ({ ...unit, ...whereabouts(unit, plan, known, false) })))
  }, [move, known, isOver, isRead, atEnd])
  const run = useMemo((): MoveRun => {
    const last = runElsewhere(move, known && [...known.values()])
    if (!isRead) return last
    const units = atEnd && known ? atEnd.map((unit) => reread(unit, plan.toId, known)) : (atEnd ?? move.units.map((unit) => ({ ...unit, ...whereabouts(unit, plan, known, false) })))
    return { ...last, units, state: 'incomplete' }
  }, [move, known, isRead, atEnd])
  const target = nameOf(plan.toId)
  const all = move.units.reduce((sum, { unit }) => sum + unit.ips.length, 0)
  // What is on the server that it should leave.
  const left = useMemo(() => ips.filter(({ serverId }) => plan.fromId !== undefined && serverId === plan.fromId).length, [ips, plan])
  const close = () => {
    closeDialog()
    dismissElsewhere(plan.key)
  }
  return (
    <Frame
      size="large"
      title={isRunning ? words.running(all, target) : words.incomplete(ipsAt(run, 'target'), all, target)}
      subtitle={isRead ? words.otherTab.over(startedAt, readAt) : isOver ? words.reading : isRunning ? words.otherTab.running(startedAt) : words.otherTab.incomplete(startedAt)}
      close={close}
      foot={
        <>
          {left > 0 && !isRunning && planAnew && (
            <button className="button" type="button" onClick={planAnew}>
              {strings.failing.plan(left)}
            </button>
          )}
          <button className="button primary" type="button" autoFocus onClick={close}>
            {strings.acts.close}
          </button>
        </>
      }
    >
      {!isOver && <Note>{isRunning ? words.otherTab.asWritten(savedAt) : words.otherTab.takenOver(savedAt)}</Note>}
      <RunLedger run={run} staying={[]} />
    </Frame>
  )
}
