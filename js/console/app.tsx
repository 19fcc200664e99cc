// The page: it connects, then shows the view that the URL names. Each view and each dialog is loaded when it is needed.
import { QueryClientProvider } from '@tanstack/react-query'
import { Suspense, lazy, useCallback, useEffect, useState } from 'react'
import { type Store, StoreContext } from './data/store.js'
import { usePlace } from './data/url.js'
import { partsOf } from './dialogs/open.js'
import { dialogs } from './dialogs/registry.js'
import { Bar } from './shell/bar.js'
import { isTyping, useKeys } from './shell/keys.js'
import { LiveRegion } from './shell/live.js'
import { Settled } from './shell/settled.js'
import { Failed, Guard, Loading } from './shell/states.js'
import { strings } from './strings.js'
import { Fleet, FleetSkeleton } from './views/fleet.js'

const Servers = lazy(() => import('./views/servers.js'))
const Log = lazy(() => import('./views/log.js'))
const Connect = lazy(() => import('./views/connect.js'))
const Sheet = lazy(() => import('./views/ip.js'))
const Strips = lazy(() => import('./shell/strips.js').then(({ Strips: component }) => ({ default: component })))
const Palette = lazy(() => import('./shell/palette.js').then(({ Palette: component }) => ({ default: component })))

export function App() {
  const [store, setStore] = useState<Store>()
  const [error, setError] = useState<unknown>()
  useEffect(() => {
    import('./data/open.js').then(({ openStore }) => openStore()).then(setStore, setError)
  }, [])
  if (error !== undefined) return <Failed title={strings.failed.title} error={error} />
  if (!store) return <FleetSkeleton />
  return (
    <StoreContext value={store}>
      <QueryClientProvider client={store.cache}>
        <Page />
      </QueryClientProvider>
    </StoreContext>
  )
}

/** The view after `G`. */
const viewKeys: Readonly<Record<string, 'ips' | 'servers' | 'log'>> = { i: 'ips', s: 'servers', l: 'log' }
const pairMs = 1000

function Page() {
  const [{ view, ip, dialog }, go] = usePlace()
  const [isPaletteOpen, setPaletteOpen] = useState(false)
  const [goAt, setGoAt] = useState(0)
  const onKey = useCallback(
    (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        setPaletteOpen(true)
        return true
      }
      if (isTyping(event) || event.ctrlKey || event.metaKey || event.altKey) return false
      const next = viewKeys[event.key]
      if (next && event.timeStamp - goAt < pairMs) {
        setGoAt(0)
        go({ view: next, ip: '' })
        return true
      }
      if (event.key === 'g') setGoAt(event.timeStamp)
      return false
    },
    [go, goAt],
  )
  useKeys(onKey)
  const Open = dialogs[partsOf(dialog)[0]]
  return (
    <div className="app">
      <a className="button skip" href="#content">
        {strings.skip}
      </a>
      <Bar openPalette={() => setPaletteOpen(true)} />
      <Suspense fallback={<section aria-label={strings.notices} />}>
        <Strips />
      </Suspense>
      {/* The log has nothing that takes the focus, so the part that scrolls does. */}
      <main className="content" id="content" tabIndex={view === 'log' ? 0 : -1}>
        <Guard key={view}>
          <Suspense fallback={<Loading />}>
            {view === 'ips' && <Fleet />}
            {view === 'servers' && <Servers />}
            {view === 'log' && <Log />}
            {view === 'connect' && <Connect />}
          </Suspense>
        </Guard>
      </main>
      <Suspense fallback={null}>
        {ip !== '' && (
          <Guard key={ip}>
            <Sheet />
          </Guard>
        )}
        {Open && (
          <Guard key={dialog}>
            <Open />
          </Guard>
        )}
        {isPaletteOpen && <Palette close={() => setPaletteOpen(false)} />}
      </Suspense>
      <Settled />
      <LiveRegion />
    </div>
  )
}
