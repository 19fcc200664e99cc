// Work whose dialog was closed: what it is, how far it is, and the way back to it.
import { useEffect } from 'react'
import { countLeft, inDoubt, isBulkRunning, openJobs, useBulk } from '../data/bulk.js'
import { type UnitRun, isMoving, useMoves } from '../data/moves.js'
import { usePlace } from '../data/url.js'
import { useNow } from '../dialogs/now.js'
import { strings } from '../strings.js'
import { Icon } from './icons.js'

export function WorkMark() {
  const [{ dialog }, go] = usePlace()
  const bulk = useBulk()
  const moves = useMoves()
  const isWorking = moves.some(isMoving) || (bulk?.isRunning ?? false)
  const now = useNow(moves.some(isMoving))
  useEffect(() => {
    if (!isWorking) return
    // The browser asks once before a page with work under way is left.
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [isWorking])
  return (
    <>
      {moves
        .filter(({ plan }) => plan.key !== dialog)
        .map((run) => {
          const left = run.units.filter((each) => each.now !== 'target')
          const doubts = left.filter(({ now: place, later }) => (later?.place ?? place) === 'inDoubt')
          const text = isMoving(run) ? strings.move.mark(countOf(run.units), now - run.startedAt) : left.length > 0 ? strings.move.markIncomplete(countOf(left) - countOf(doubts), countOf(doubts)) : strings.failing.showMove
          const icon = isMoving(run) ? 'updating' : left.length === 0 ? 'check' : left.length === doubts.length ? 'doubt' : 'error'
          return (
            <button className="button quiet-button work" type="button" key={run.plan.key} onClick={() => go({ dialog: run.plan.key })}>
              <Icon name={icon} className={isMoving(run) ? 'turning' : ''} />
              <span>{text}</span>
            </button>
          )
        })}
      {bulk && dialog !== 'results' && (
        <button className="button quiet-button work" type="button" onClick={() => go({ dialog: 'results' })}>
          <Icon name={isBulkRunning() ? 'updating' : countLeft(bulk) > 0 ? 'error' : 'check'} className={isBulkRunning() ? 'turning' : ''} />
          <span>{bulk.isRunning ? strings.acts.markRunning(bulk.title, openJobs(bulk)) : strings.acts.markEnded(bulk.title, countLeft(bulk), inDoubt(bulk))}</span>
        </button>
      )}
    </>
  )
}

function countOf(units: readonly UnitRun[]): number {
  return units.reduce((sum, { unit }) => sum + unit.ips.length, 0)
}
