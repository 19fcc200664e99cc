// The activity log: what this page sent, what came back, what was tried again and waited for.
import { useMemo } from 'react'
import { type MovePlan, useMove } from '../data/moves.js'
import { useLog, useServerName } from '../data/store.js'
import { usePlace } from '../data/url.js'
import { strings } from '../strings.js'
import { Entries } from './log-entries.js'
import { rowsOf } from './log-rows.js'

export default function Log() {
  const entries = useLog()
  const [{ move: key }, go] = usePlace()
  const nameOf = useServerName()
  // Without the page that made it, a move has no calls here: then the log is whole.
  const move = useMove(key)
  const rows = useMemo(() => rowsOf(entries).filter(({ call }) => !move || move.calls.includes(call)), [entries, move])
  return (
    <div className="page log-page">
      <h1>{strings.log.label}</h1>
      <p className="second">{strings.log.hint}</p>
      {move && (
        <div className="log-of" role="group" aria-label={strings.log.ofMove(titleOf(move.plan, nameOf))}>
          <span>{strings.log.ofMove(titleOf(move.plan, nameOf))}</span>
          <button className="button" type="button" onClick={() => go({ dialog: key })}>
            {strings.log.toMove}
          </button>
          <button className="button quiet-button" type="button" onClick={() => go({ move: '' })}>
            {strings.log.ofAll}
          </button>
        </div>
      )}
      <Entries rows={rows} />
    </div>
  )
}

function titleOf({ fromId, toId, units }: MovePlan, nameOf: (id: string) => string): string {
  const ips = units.reduce((sum, unit) => sum + unit.ips.length, 0)
  return fromId === undefined ? strings.move.act(ips, nameOf(toId)) : strings.move.failoverOf(nameOf(fromId))
}
