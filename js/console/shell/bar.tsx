// The bar: views, what is under way, which fleet this is, the palette.
import { Suspense, lazy } from 'react'
import { useFleet, useServers, useStore } from '../data/store.js'
import { addressOf, usePlace, views } from '../data/url.js'
import { strings } from '../strings.js'
import { Icon } from './icons.js'
import { switchTheme } from './theme.js'

const WorkMark = lazy(() => import('./work-mark.js').then(({ WorkMark: component }) => ({ default: component })))

export function Bar({ openPalette }: { readonly openPalette: () => void }) {
  const { connection } = useStore()
  const [{ view }, go] = usePlace()
  const { ips, underWay } = useFleet()
  const servers = useServers()
  const counts = { ips: ips.length, servers: servers.size, log: undefined, connect: undefined }
  const shown = views.filter((name) => name !== 'connect')
  return (
    <header className="bar">
      <span className="brand">
        <Icon name="brand" />
        {strings.product}
      </span>
      <nav className="tabs" aria-label={strings.navigation}>
        {shown.map((name) => (
          <a
            key={name}
            href={addressOf({ view: name, ip: '', dialog: '' })}
            aria-current={view === name ? 'page' : undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return
              event.preventDefault()
              go({ view: name, ip: '', dialog: '' })
            }}
          >
            <Icon name={name} />
            {strings.views[name]}
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
        <span className="mark">
          <Icon name="plug" />
          {strings.emulatedMark}
        </span>
      )}
      <button className="button palette-button" type="button" onClick={openPalette} aria-keyshortcuts="Control+K">
        <Icon name="search" />
        <span className="room label">{strings.paletteButton}</span>
        <kbd aria-hidden="true">Ctrl K</kbd>
      </button>
      <button className="button icon-button quiet-button" type="button" onClick={switchTheme} aria-label={strings.theme}>
        <Icon name="theme" />
      </button>
    </header>
  )
}
