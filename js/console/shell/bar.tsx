// The bar: views, what is under way, which fleet this is, the palette.
import { Suspense } from 'react'
import { zones } from '../data/connection.js'
import { useFleet, useServerFailures, useServers, useServersWaiting, useStore } from '../data/store.js'
import { type View, addressOf, usePlace, views } from '../data/url.js'
import { strings } from '../strings.js'
import { Icon } from './icons.js'
import { part } from './part.js'
import { showStrip, useStrip } from './strip-state.js'
import { switchTheme } from './theme.js'

const WorkMark = part(async () => (await import('./work-mark.js')).WorkMark, { failsIn: 'note' })

export function Bar({ openPalette }: { readonly openPalette: () => void }) {
  const { connection } = useStore()
  const [{ view }, go] = usePlace()
  const isStrip = useStrip()
  const { ips, isWhole, isUnread, underWay } = useFleet()
  const servers = useServers()
  const serversWaiting = useServersWaiting()
  const serverFailures = useServerFailures()
  const areServersRead = serversWaiting.length === 0 && serverFailures.length < zones.length
  // None is a number only after an answer.
  const counts = { ips: isUnread || (!isWhole && ips.length === 0) ? undefined : ips.length, servers: servers.size > 0 || areServersRead ? servers.size : undefined, log: undefined, connect: undefined }
  const shown = views.filter((name) => name !== 'connect')
  return (
    <header className="bar">
      <span className="brand">
        <Icon name="brand" />
        <span>{strings.product}</span>
      </span>
      <nav className="tabs" aria-label={strings.navigation}>
        {shown.map((name) => (
          <a
            key={name}
            href={addressOf({ view: name, ip: '', dialog: '', move: '' })}
            aria-current={view === name ? 'page' : undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return
              event.preventDefault()
              go({ view: name, ip: '', dialog: '', move: '' })
            }}
          >
            <Icon name={name} />
            <Name of={name} />
            {counts[name] !== undefined && <span className="count quiet">{counts[name]}</span>}
          </a>
        ))}
      </nav>
      <span className="room" />
      <Suspense fallback={null}>
        <WorkMark />
      </Suspense>
      {underWay > 0 && (
        <span className="under-way wide">
          <Icon name="updating" className="turning" />
          {strings.underWay(underWay)}
        </span>
      )}
      {connection.controls && (
        <button className="mark" type="button" aria-expanded={isStrip} title={strings.emulatedMarkHint} onClick={() => showStrip(!isStrip)}>
          <Icon name="plug" />
          <span>
            {strings.emulatedMark}
            <span className="wide-inline">{strings.emulatedMarkMore}</span>
          </span>
        </button>
      )}
      {!connection.controls && (
        <span className="mark">
          <Icon name="plug" />
          <span className="wide-inline">{connection.isEmulated ? strings.emulatedMark + strings.emulatedMarkMore : strings.proxyMark(location.host)}</span>
          <span className="narrow-inline">{connection.isEmulated ? strings.emulatedMark : strings.realMark}</span>
        </span>
      )}
      <button className="button palette-button" type="button" onClick={openPalette} aria-keyshortcuts="Control+K">
        <Icon name="search" />
        <span className="room label">{strings.paletteButton}</span>
        <kbd aria-hidden="true">Ctrl K</kbd>
      </button>
      <button className="button icon-button quiet-button theme-button" type="button" onClick={switchTheme} aria-label={strings.theme}>
        <Icon name="theme" />
      </button>
    </header>
  )
}

/** The name of a view, shorter on a narrow page. */
function Name({ of }: { readonly of: View }) {
  const [long, short] = [strings.views[of], strings.short[of]]
  if (long === short) return <>{long}</>
  return (
    <>
      <span className="wide-inline">{long}</span>
      <span className="narrow-inline">{short}</span>
    </>
  )
}
