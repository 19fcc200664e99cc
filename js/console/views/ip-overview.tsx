// The facts of a flexible IP.
import { serviceNow } from '../data/service-clock.js'
import { openEdit, openFor } from '../dialogs/open.js'
import { foreign } from '../shell/foreign.js'
import { useOnline } from '../shell/online.js'
import { ago, day, strings, time } from '../strings.js'
import type { TabProps } from './tab-props.js'

export default function Overview({ ip }: TabProps) {
  const names = strings.sheet.facts
  return (
    <>
    <dl className="facts">
      <dt>{names.description}</dt>
      <dd>{ip.description === '' ? strings.none : foreign(ip.description)}</dd>
      <dt>{names.tags}</dt>
      <dd className="sheet-tags">
        {ip.tags.length === 0
          ? strings.none
          : ip.tags.map((tag) => (
              <span className="tag" key={tag}>
                {foreign(tag)}
              </span>
            ))}
      </dd>
      <dt>{names.reverse}</dt>
      <dd>{ip.reverse === '' ? strings.none : foreign(ip.reverse)}</dd>
      <dt>{names.mac}</dt>
      <dd className="mono">{ip.macAddress?.macAddress ?? strings.none}</dd>
      <dt>{names.zone}</dt>
      <dd>
        {ip.zone} <span className="quiet">{names.zoneOnly}</span>
      </dd>
      <dt>{names.project}</dt>
      <dd className="mono">{ip.projectId}</dd>
      <dt>{names.id}</dt>
      <dd className="mono">{ip.id}</dd>
      <dt>{names.updated}</dt>
      <dd>
        {ip.updatedAt ? `${day(ip.updatedAt)} ${time(ip.updatedAt)} ` : strings.none}
        <span className="quiet">{ip.updatedAt && ago(ip.updatedAt, serviceNow())}</span>
      </dd>
    </dl>
      <Acts ip={ip} />
    </>
  )
}

/** What can be done with this flexible IP. What destroys comes last, as quiet text. */
function Acts({ ip }: TabProps) {
  const isOnline = useOnline()
  return (
    <div className="sheet-acts">
      <button className="button" type="button" disabled={!isOnline} onClick={() => openEdit(ip.id)}>
        {strings.forms.edit}
      </button>
      <button className="button" type="button" disabled={!isOnline} onClick={() => openFor(ip.id, 'move')}>
        {strings.acts.move}
      </button>
      <button className="button" type="button" disabled={!isOnline || ip.serverId === undefined} onClick={() => openFor(ip.id, 'detach')}>
        {strings.acts.detach}
      </button>
      <button className="button quiet-button" type="button" disabled={!isOnline} onClick={() => openFor(ip.id, 'delete')}>
        {strings.acts.delete}
      </button>
    </div>
  )
}
