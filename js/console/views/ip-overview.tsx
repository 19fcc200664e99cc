// The facts of a flexible IP.
import { select } from '../data/selection.js'
import { useFailing, useServerName } from '../data/store.js'
import { go } from '../data/url.js'
import { openEdit } from '../dialogs/open.js'
import { useOnline } from '../shell/online.js'
import { Status } from '../shell/status.js'
import { strings, time } from '../strings.js'
import type { TabProps } from './tab-props.js'

export default function Overview({ ip }: TabProps) {
  const nameOf = useServerName()
  const failing = useFailing()
  const names = strings.sheet.facts
  const server = ip.serverId === undefined ? strings.noServer : nameOf(ip.serverId)
  return (
    <>
    <dl className="facts">
      <dt>{names.status}</dt>
      <dd>
        <Status status={ip.status} />
      </dd>
      <dt>{names.server}</dt>
      <dd>
        {server} {ip.serverId !== undefined && failing.has(ip.serverId) && <b>{strings.servers.failing}</b>}
      </dd>
      <dt>{names.zone}</dt>
      <dd>{ip.zone}</dd>
      <dt>{names.mac}</dt>
      <dd className="mono">{ip.macAddress?.macAddress ?? strings.none}</dd>
      <dt>{names.reverse}</dt>
      <dd>{ip.reverse === '' ? strings.none : ip.reverse}</dd>
      <dt>{names.description}</dt>
      <dd>{ip.description === '' ? strings.none : ip.description}</dd>
      <dt>{names.tags}</dt>
      <dd>{ip.tags.length === 0 ? strings.none : ip.tags.join(', ')}</dd>
      <dt>{names.project}</dt>
      <dd className="mono">{ip.projectId}</dd>
      <dt>{names.id}</dt>
      <dd className="mono">{ip.id}</dd>
      <dt>{names.updated}</dt>
      <dd>{ip.updatedAt ? `${ip.updatedAt.toISOString().slice(0, 10)} ${time(ip.updatedAt)}` : strings.none}</dd>
    </dl>
      <Acts ip={ip} />
    </>
  )
}

/** What can be done with this flexible IP. What destroys comes last, as quiet text. */
function Acts({ ip }: TabProps) {
  const isOnline = useOnline()
  const open = (dialog: string) => {
    select([ip.id], [])
    go({ dialog })
  }
  return (
    <div className="sheet-acts">
      <button className="button" type="button" disabled={!isOnline} onClick={() => openEdit(ip.id)}>
        {strings.forms.edit}
      </button>
      <button className="button" type="button" disabled={!isOnline} onClick={() => open('move')}>
        {strings.acts.move}
      </button>
      <button className="button" type="button" disabled={!isOnline || ip.serverId === undefined} onClick={() => open('detach')}>
        {strings.acts.detach}
      </button>
      <button className="button quiet-button" type="button" disabled={!isOnline} onClick={() => open('delete')}>
        {strings.acts.delete}
      </button>
    </div>
  )
}
