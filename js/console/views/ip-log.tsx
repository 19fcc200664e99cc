// The rows of the activity log that name one flexible IP.
import { useMemo } from 'react'
import { useLog } from '../data/store.js'
import { strings } from '../strings.js'
import type { TabProps } from './tab-props.js'
import { Entries } from './log-entries.js'
import { rowsOf } from './log-rows.js'

export default function IpLog({ ip }: TabProps) {
  const entries = useLog()
  const rows = useMemo(() => rowsOf(entries).filter(({ fipsIds }) => fipsIds.includes(ip.id)), [entries, ip.id])
  return (
    <>
      <p className="second log-hint">{strings.log.hint}</p>
      <Entries rows={rows} />
    </>
  )
}
