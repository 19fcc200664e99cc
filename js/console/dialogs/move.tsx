// A failover of a server, or a move of the selection, in one dialog: plan, progress, report, way back.
import { useEffect, useRef, useState } from 'react'
import { dismissMove, isMoving, useMove } from '../data/moves.js'
import { movesElsewhere } from '../data/saved-moves.js'
import { useAllGone, useOne, useOnly } from '../data/chosen.js'
import { useObservable } from '../data/observable.js'
import { useSelection } from '../data/selection.js'
import { startedOver } from '../data/started-over.js'
import { go, parse, usePlace } from '../data/url.js'
import { note } from '../shell/live.js'
import { strings } from '../strings.js'
import { Gone } from './gone.js'
import { MoveElsewhereStage } from './move-elsewhere.js'
import { MovePlanStage } from './move-plan.js'
import { MoveRunStage } from './move-run.js'
import { closeDialog, isMoveRun, newMoveAddress, partsOf } from './open.js'

/** The way back of a move: the flexible IPs that moved, and where they came from. */
export interface WayBack {
  readonly ids: readonly string[]
  readonly toId: string
}

export default function MoveDialog() {
  const [{ dialog }] = usePlace()
  const [name, subject] = partsOf(dialog)
  const only = useOnly()
  const one = useOne(only ?? '')
  const gone = useAllGone(useSelection())
  const isOwnAddress = name === 'failover' || isMoveRun(dialog)
  // The plan of a selection gets its address when it is started, so that the next plan is not taken for it.
  const [fresh] = useState(newMoveAddress)
  const key = isOwnAddress ? dialog : fresh
  const run = useMove(key)
  const elsewhere = useObservable(movesElsewhere).get(key)
  const isEnded = run === undefined || !isMoving(run)
  const starts = useObservable(startedOver)
  const startsBefore = useRef(starts)
  useEffect(() => {
    if (!isEnded || starts === startsBefore.current) return
    closeDialog()
    note(strings.emulator.startedOver)
  }, [isEnded, starts])
  const [back, setBack] = useState<WayBack>()
  const [isPlanning, setPlanning] = useState(false)
  const [openedAt] = useState(Date.now)
  if (run && (isMoving(run) || !isPlanning)) {
    const planBack = (way: WayBack) => {
      setBack(way)
      setPlanning(true)
    }
    return <MoveRunStage run={run} planBack={planBack} />
  }
  const onStart = () => {
    dismissMove(key)
    setPlanning(false)
    // Unless the dialog was left meanwhile.
    if (!isOwnAddress && parse(location.search).dialog === dialog) go({ dialog: key }, false)
  }
  // One that was over before is in the way of no other failover.
  const isCurrent = elsewhere?.overAt === undefined || elsewhere.overAt >= openedAt || isMoveRun(dialog)
  if (elsewhere && isCurrent && !(isPlanning && name === 'failover')) return <MoveElsewhereStage key={key} move={elsewhere} planAnew={name === 'failover' ? () => setPlanning(true) : undefined} />
  if (back) return <MovePlanStage key="back" moveKey={key} back={back} onStart={onStart} />
  if (name === 'failover') return <MovePlanStage moveKey={key} fromId={subject} onStart={onStart} />
  if (isMoveRun(dialog)) return <Gone title={strings.move.title} text={strings.move.runGone} />
  // What was selected or dropped can be gone before its plan is read.
  if (only === undefined && gone > 0) return <Gone title={strings.move.title} text={strings.acts.gone(gone)} />
  if (only === undefined) return <MovePlanStage moveKey={key} {...(subject !== '' && { toId: subject })} onStart={onStart} />
  if (one === 'gone' || one === 'unread') return <Gone title={strings.move.title} text={strings.forms[one]} />
  return <MovePlanStage moveKey={key} only={only} onStart={onStart} />
}
