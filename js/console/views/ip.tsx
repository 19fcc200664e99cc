// The sheet of one flexible IP. Each tab is a file of its own in this folder.
import './ip.css'
import { type ComponentType, Suspense, useCallback } from 'react'
import type { FlexibleIP } from 'flexip/slim'
import { useShownRows } from '../data/order.js'
import { useOne } from '../data/chosen.js'
import { useFailing, useServerName } from '../data/store.js'
import { type Tab, go, tabs, usePlace } from '../data/url.js'
import { CopyButton } from '../shell/copy.js'
import { Icon } from '../shell/icons.js'
import { commandKey, isTyping, useKeys } from '../shell/keys.js'
import { part } from '../shell/part.js'
import { IpStatus, ServerName } from '../shell/status.js'
import { strings } from '../strings.js'
import type { TabProps } from './tab-props.js'

/** The tabs that exist. */
const contents: Readonly<Partial<Record<Tab, ComponentType<TabProps>>>> = {
  overview: part(async () => (await import('./ip-overview.js')).default, { failsIn: 'place' }),
  mac: part(async () => (await import('./ip-mac.js')).default, { failsIn: 'place' }),
  network: part(async () => (await import('./ip-network.js')).default, { failsIn: 'place' }),
  log: part(async () => (await import('./ip-log.js')).default, { failsIn: 'place' }),
}

export default function Sheet() {
  const [place, go] = usePlace()
  const one = useOne(place.ip)
  const ip = typeof one === 'string' ? undefined : one
  const hasDialog = place.dialog !== ''
  const close = useCallback(() => go({ ip: '' }), [go])
  useKeys(
    useCallback(
      (event) => {
        if (event.key !== 'Escape' || isTyping(event) || hasDialog) return false
        close()
        return true
      },
      [close, hasDialog],
    ),
  )
  const Content = contents[place.tab] ?? contents.overview
  return (
    <aside className="sheet" aria-label={ip?.ipAddress ?? strings.views.ips}>
      <header>
        <div className="sheet-title">
          <h2 className="mono">{ip?.ipAddress ?? place.ip}</h2>
          {ip && <CopyButton text={ip.ipAddress} label={strings.copy.copy} of={ip.ipAddress} />}
          <span className="room" />
          <Through ip={place.ip} />
          <button className="button icon-button quiet-button" type="button" onClick={close} aria-label={strings.sheet.close}>
            <Icon name="close" />
          </button>
        </div>
        {ip && <Where ip={ip} />}
      </header>
      <div className="sheet-tabs" role="group" aria-label={strings.navigation}>
        {tabs
          .filter((tab) => contents[tab])
          .map((tab) => (
            <button key={tab} type="button" aria-pressed={place.tab === tab} onClick={() => go({ tab })}>
              {strings.sheet.tabs[tab]}
            </button>
          ))}
      </div>
      {typeof one === 'string' && one !== 'reading' && <p className="second sheet-body">{one === 'unread' ? strings.forms.unread : strings.sheet.gone}</p>}
      {ip && Content && (
        <div className="sheet-body">
          <Suspense fallback={null}>
            <Content ip={ip} />
          </Suspense>
        </div>
      )}
    </aside>
  )
}

/** The next and the previous one in the order of the table. */
function Through({ ip }: { readonly ip: string }) {
  const { ids } = useShownRows()
  const at = ids.indexOf(ip)
  const [before, after] = [ids[at - 1], ids[at + 1]]
  const show = (id: string | undefined) => id !== undefined && go({ ip: id }, false)
  useKeys(
    useCallback(
      (event) => {
        const key = commandKey(event)
        if (at < 0 || (key !== 'J' && key !== 'K')) return false
        show(key === 'J' ? after : before)
        return true
      },
      [at, before, after],
    ),
  )
  if (at < 0) return null
  return (
    <>
      <span className="quiet wide through">{strings.sheet.nth(at + 1, ids.length)}</span>
      <button className="button icon-button quiet-button wide" type="button" aria-disabled={before === undefined} aria-keyshortcuts="K" onClick={() => show(before)} aria-label={strings.sheet.previous}>
        <Icon name="up" />
      </button>
      <button className="button icon-button quiet-button wide" type="button" aria-disabled={after === undefined} aria-keyshortcuts="J" onClick={() => show(after)} aria-label={strings.sheet.next}>
        <Icon name="down" />
      </button>
    </>
  )
}

/** Its status and its server, whichever tab is open. */
function Where({ ip }: { readonly ip: FlexibleIP }) {
  const nameOf = useServerName()
  const failing = useFailing()
  const server = ip.serverId === undefined ? undefined : nameOf(ip.serverId)
  return (
    <p className="sheet-where">
      <IpStatus ip={ip} />
      <b>
        <ServerName ip={ip} server={server} nameOf={nameOf} />
      </b>
      {ip.serverId !== undefined && failing.has(ip.serverId) && (
        <span className="status error">
          <Icon name="error" />
          {strings.failing.title(server ?? '')}
        </span>
      )}
    </p>
  )
}
