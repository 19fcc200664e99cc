// The entries of the activity log that name one flexible IP.
import { useLog } from '../data/store.js'
import type { TabProps } from './tab-props.js'
import { Entries, names } from './log-entries.js'

export default function IpLog({ ip }: TabProps) {
  const entries = useLog().filter(({ event }) => names(event, ip.id))
  return <Entries entries={entries} />
}
