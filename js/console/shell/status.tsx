// A status: shape, colour and word. What this page knows of a change of it stands in its place, or beside it.
import type { FlexibleIP, FlexibleIPStatus } from 'flexip/slim'
import { memo } from 'react'
import { type RowMark, useRowMark } from '../data/row-marks.js'
import { useNow } from '../dialogs/now.js'
import { go } from '../data/url.js'
import { seconds, strings, time } from '../strings.js'
import { foreign } from './foreign.js'
import { Icon } from './icons.js'
import { networkSince, useOnline } from './online.js'
import { UsualTime } from './usual-time.js'

const known = strings.statuses

export const Status = memo(function Status({ status }: { readonly status: FlexibleIPStatus | (string & {}) }) {
  const name = Object.hasOwn(known, status) ? (status as FlexibleIPStatus) : 'unknown'
  return (
    <span className={`status ${name}`}>
      <Icon name={name} className={name === 'updating' ? 'turning' : ''} />
      {known[name]}
    </span>
  )
})

/** The status of a flexible IP with what this page began. */
export function IpStatus({ ip }: { readonly ip: FlexibleIP }) {
  return <MarkedStatus ip={ip} mark={useRowMark(ip.id)} />
}

/** The same for a mark that is known. In a grid, the keys of the grid lead to what it has to press. */
export function MarkedStatus({ ip, mark, isInGrid = false }: { readonly ip: FlexibleIP; readonly mark: RowMark | undefined; readonly isInGrid?: boolean }) {
  if (!mark) return <Status status={ip.status} />
  const words = strings.marks
  if (mark.state === 'inDoubt') {
    return (
      <button className="status in-doubt" type="button" tabIndex={isInGrid ? -1 : 0} onClick={() => go({ dialog: `doubt:${ip.id}` })} title={words.inDoubtHint}>
        <Icon name="doubt" />
        {words.inDoubt}
      </button>
    )
  }
  if (mark.state === 'waits') {
    return (
      <>
        <Status status={ip.status} />
        <span className="status waits">
          <Icon name="clock" />
          {words.waits(mark.what ?? '')}
        </span>
      </>
    )
  }
  return isReached(ip, mark) ? <Status status={ip.status} /> : <UnderWay state={mark.state} since={mark.since ?? 0} />
}

/** Whether the list shows the goal of a step that has no answer yet. */
function isReached({ status, serverId }: FlexibleIP, { state, toId }: RowMark): boolean {
  if (status === 'updating' || status === 'detaching') return false
  return state === 'detaching' ? serverId === undefined : toId !== undefined && serverId === toId
}

function UnderWay({ state, since }: { readonly state: 'attaching' | 'detaching'; readonly since: number }) {
  const isOnline = useOnline()
  const now = useNow(isOnline)
  const name = state === 'attaching' ? 'updating' : 'detaching'
  return (
    <span className={`status ${name}`}>
      <Icon name={name} className={name === 'updating' && isOnline ? 'turning' : ''} />
      {strings.marks[state]} <span className="quiet">{isOnline ? seconds(now - since) : strings.marks.asOf(time(networkSince()))}</span>
      {isOnline && state === 'attaching' && <UsualTime ms={now - since} />}
    </span>
  )
}

/** The server that a flexible IP is on, goes to or leaves. */
export function ServerName(props: ServerNameProps) {
  return <MarkedServerName {...props} mark={useRowMark(props.ip.id)} />
}

interface ServerNameProps {
  readonly ip: FlexibleIP
  readonly server: string | undefined
  readonly nameOf: (id: string) => string
}

export function MarkedServerName({ ip, mark, server, nameOf }: ServerNameProps & { readonly mark: RowMark | undefined }) {
  if (mark?.toId !== undefined && mark.state !== 'waits' && mark.toId !== ip.serverId) {
    return (
      <>
        <span className="quiet">{strings.marks.to}</span> {foreign(nameOf(mark.toId))}
      </>
    )
  }
  if (server === undefined) return <span className="quiet">{strings.noServer}</span>
  if (ip.status !== 'detaching') return foreign(server)
  return (
    <>
      <span className="quiet">{strings.marks.off}</span> {foreign(server)}
    </>
  )
}
