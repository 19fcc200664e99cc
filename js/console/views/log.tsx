// The activity log: what this page sent, what came back, what was tried again and waited for.
import { useMemo } from 'react'
import { useLog } from '../data/store.js'
import { strings } from '../strings.js'
import { Entries } from './log-entries.js'
import { rowsOf } from './log-rows.js'

export default function Log() {
  const entries = useLog()
  const rows = useMemo(() => rowsOf(entries), [entries])
  return (
    <div className="page log-page">
      <h1>{strings.log.label}</h1>
      <p className="second">{strings.log.hint}</p>
      <Entries rows={rows} />
    </div>
  )
}
