// Detaches the selection: whole MAC groups, each with its result.
import { useMemo } from 'react'
import { detachable, useAllGone, useChosen, useOnly } from '../data/chosen.js'
import { unitOf } from '../data/planning.js'
import { useSelection } from '../data/selection.js'
import { useFleet, useServerName, useStore } from '../data/store.js'
import { strings } from '../strings.js'
import { Frame, Note } from './frame.js'
import { Gone } from './gone.js'
import { UnitName } from './ledger.js'
import { closeDialog } from './open.js'
import { detach, runJobs, sendConfirmed, useHindranceFor } from './run-jobs.js'

const words = strings.acts

export default function Detach() {
  const { ips } = useFleet()
  const chosen = useChosen()
  const only = useOnly()
  const selection = useSelection()
  const gone = useAllGone(only === undefined ? selection : new Set([only]))
  const hindrance = useHindranceFor(chosen)
  const store = useStore()
  const nameOf = useServerName()
  const { groups, ready, along, stuck } = useMemo(() => detachable(chosen, ips), [chosen, ips])
  const count = groups.reduce((sum, group) => sum + group.length, 0)
  // One of a group of which not all were chosen.
  const torn = chosen.find(({ macAddress }) => macAddress !== undefined && along.some((ip) => ip.macAddress?.id === macAddress.id))
  const start = () => {
    const jobs = groups.map((group) => {
      const request = { zone: group[0]?.zone ?? '', fipsIds: group.map(({ id }) => id) }
      return { ids: request.fipsIds, label: group.map(({ ipAddress }) => ipAddress).join(', '), what: 'detach', send: () => sendConfirmed(store, group, { goal: { serverId: undefined } }, (call) => detach(store, request, call)) }
    })
    runJobs(words.detachTitle(count), jobs, only !== undefined)
  }
  if (gone > 0) return <Gone title={words.detachNone} text={words.gone(gone)} />
  return (
    <Frame
      size="small"
      title={words.detachTitle(count)}
      subtitle={words.detachText(count)}
      foot={
        <>
          <span className="reason">{hindrance}</span>
          <button className="button" type="button" autoFocus onClick={closeDialog}>
            {words.cancel}
          </button>
          <button className="button primary" type="button" disabled={hindrance !== '' || count === 0} onClick={start}>
            {words.detachTitle(count)}
          </button>
        </>
      }
    >
      {along.length > 0 && (
        <Note tone="warn">
          {strings.move.along(along.length)} {words.detachAlone(torn?.ipAddress ?? '')}
        </Note>
      )}
      {stuck.map(({ id, ipAddress, status }) => (
        <Note tone="warn" key={id}>
          {words.stuck(ipAddress, status)}
        </Note>
      ))}
      {ready.length > 0 && <Note>{words.detachReady(ready.length)}</Note>}
      {groups.map((group) => (
        <UnitName key={group[0]?.id} unit={unitOf(group)} more={words.on(group[0]?.serverId === undefined ? undefined : nameOf(group[0].serverId))} />
      ))}
    </Frame>
  )
}
