// A failover of a server, or a move of the selection, in one dialog: plan, progress, report, way back.
import { useState } from 'react'
import { dismissMove, isMoving, useMove } from '../data/moves.js'
import { useOnly } from '../data/chosen.js'
import { usePlace } from '../data/url.js'
import { MovePlanStage } from './move-plan.js'
import { MoveRunStage } from './move-run.js'
import { partsOf } from './open.js'

/** The way back of a move: the flexible IPs that moved, and where they came from. */
export interface WayBack {
  readonly ids: readonly string[]
  readonly toId: string
}

export default function MoveDialog() {
  const [{ dialog }] = usePlace()
  const [name, subject] = partsOf(dialog)
  const only = useOnly()
  const key = name === 'failover' ? dialog : 'move'
  const run = useMove(key)
  const [back, setBack] = useState<WayBack>()
  const [isPlanning, setPlanning] = useState(false)
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
  }
  if (back) return <MovePlanStage key="back" moveKey={key} back={back} onStart={onStart} />
  if (name === 'failover') return <MovePlanStage moveKey={key} fromId={subject} onStart={onStart} />
  if (only !== undefined) return <MovePlanStage moveKey={key} only={only} onStart={onStart} />
  return <MovePlanStage moveKey={key} {...(subject !== '' && { toId: subject })} onStart={onStart} />
}
