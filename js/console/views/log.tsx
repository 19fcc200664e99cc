// The activity log: what this page sent, and what came back.
import './ip.css'
import { useLog } from '../data/store.js'
import { strings } from '../strings.js'
import { Entries } from './log-entries.js'

export default function Log() {
  return (
    <div className="page">
      <h1>{strings.log.label}</h1>
      <Entries entries={useLog()} />
    </div>
  )
}
