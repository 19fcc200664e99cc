// A move that another tab has: what that tab last wrote of it, and where its flexible IPs are when it is over.
import { useEffect, useMemo } from 'react'
import { type MoveRun, ipsAt } from '../data/moves.js'
import { reread, whereabouts } from '../data/move-units.js'
import { type MoveElsewhere, claimMove, dismissElsewhere } from '../data/saved-moves.js'
import { useFleet, useServerName } from '../data/store.js'
import { strings } from '../strings.js'
import { Frame, Note } from './frame.js'
import { RunLedger } from './ledger.js'
import { closeDialog } from './open.js'

const words = strings.move

export function MoveElsewhereStage({ move }: { readonly move: MoveElsewhere }) {
  const { ips, readAt, refresh, waiting, failures } = useFleet()
  const nameOf = useServerName()
  const { plan, startedAt, savedAt, wasMoving, overAt } = move
  const isOver = overAt !== undefined
  // What was read before its end is not where they are now.
  const isRead = isOver && readAt >= overAt
  useEffect(() => claimMove(plan.key), [plan.key])
  useEffect(() => {
    if (isOver) refresh()
  }, [isOver])
  const isRunning = wasMoving && !isRead
  // What is in no list is gone only if its zone was read.
  const isZoneRead = !waiting.includes(plan.zone) && !failures.some(({ zone }) => zone === plan.zone)
  const run = useMemo((): MoveRun => {
    const known = isZoneRead ? new Map(ips.map((ip) => [ip.id, ip])) : undefined
    const units = move.units.map((unit) => {
      if (isRead) return { ...unit, ...whereabouts(unit, plan, known, false) }
      return wasMoving || !known ? unit : reread(unit, plan.toId, known)
    })
    return { plan, units, startedAt, state: isRunning ? 'running' : 'incomplete', calls: [] }
  }, [move, ips, isRead, isRunning, isZoneRead])
  const target = nameOf(plan.toId)
  const all = move.units.reduce((sum, { unit }) => sum + unit.ips.length, 0)
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
        <button className="button primary" type="button" autoFocus onClick={close}>
          {strings.acts.close}
        </button>
      }
    >
      {!isOver && <Note>{isRunning ? words.otherTab.asWritten(savedAt) : words.otherTab.takenOver(savedAt)}</Note>}
      <RunLedger run={run} staying={[]} />
    </Frame>
  )
}
