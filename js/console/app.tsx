// The page: it connects, then shows the view that the URL names. Each view and each dialog is loaded when it is needed.
import { QueryClientProvider } from '@tanstack/react-query'
import { type ComponentType, Suspense, useCallback, useEffect, useState } from 'react'
import { type Store, StoreContext } from './data/store.js'
import { dialogName, go, usePlace } from './data/url.js'
import { dialogs } from './dialogs/registry.js'
import { Bar } from './shell/bar.js'
import { focusView, useFocusBack } from './shell/focus.js'
import { commandKey, useKeys } from './shell/keys.js'
import { LiveRegion } from './shell/live.js'
import { loadSoon, part } from './shell/part.js'
import { RowKeys } from './shell/row-keys.js'
import { Settled } from './shell/settled.js'
import { Failed, Guard, Loading } from './shell/states.js'
import { strings } from './strings.js'
import { Fleet, FleetSkeleton } from './views/fleet.js'

const Servers = part(async () => (await import('./views/servers.js')).default, { failsIn: 'place' })
const Log = part(async () => (await import('./views/log.js')).default, { failsIn: 'place' })
const Connect = part(async () => (await import('./views/connect.js')).default, { failsIn: 'place' })
const Sheet = part(async () => (await import('./views/ip.js')).default, { failsIn: 'note', close: () => go({ ip: '' }) })
const Palette = part<{ readonly close: () => void }>(async () => (await import('./shell/palette.js')).Palette, { failsIn: 'note', close: ({ close }) => close() })
/** The client, the connection and the strips. They come at once, so that the strips push nothing down. */
const Connected = part(
  async () => {
    const [{ openStore }, { Strips }] = await Promise.all([import('./data/open.js'), import('./shell/strips.js')])
    const store = await openStore().catch((error: unknown) => new StartFailure(error))
    return () => (store instanceof StartFailure ? <Failed title={strings.failed.title} error={store.error} /> : <WithStore store={store} Strips={Strips} />)
  },
  { failsIn: 'place' },
)

/** Why the connection could not be opened. */
class StartFailure {
  constructor(readonly error: unknown) {}
}

export function App() {
  return (
    <Suspense fallback={<FleetSkeleton />}>
      <Connected />
    </Suspense>
  )
}

function WithStore({ store, Strips }: { readonly store: Store; readonly Strips: ComponentType }) {
  return (
    <StoreContext value={store}>
      <QueryClientProvider client={store.cache}>
        <Page Strips={Strips} />
      </QueryClientProvider>
    </StoreContext>
  )
}

/** The view after `G`. */
const viewKeys: Readonly<Record<string, 'ips' | 'servers' | 'log'>> = { I: 'ips', S: 'servers', L: 'log' }
const pairMs = 1000

function Page({ Strips }: { readonly Strips: ComponentType }) {
  const [place, go] = usePlace()
  const { view, ip, dialog } = place
  const [isPaletteOpen, setPaletteOpen] = useState(false)
  const [goAt, setGoAt] = useState(0)
  const onKey = useCallback(
    (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'k') {
        // Not over a dialog.
        if (dialog === '') setPaletteOpen(true)
        return true
      }
      const key = commandKey(event)
      if (key === undefined) return false
      if (key === '?') {
        go({ dialog: 'keys' })
        return true
      }
      const next = viewKeys[key]
      if (next && event.timeStamp - goAt < pairMs) {
        setGoAt(0)
        go({ view: next, ip: '' })
        focusView()
        return true
      }
      setGoAt(key === 'G' ? event.timeStamp : 0)
      return false
    },
    [go, goAt, dialog],
  )
  useKeys(onKey)
  useFocusBack(place)
  useEffect(loadSoon, [])
  const name = dialogName(dialog)
  const Open = name && dialogs[name]
  return (
    <div className="app">
      <a className="button skip" href="#content">
        {strings.skip}
      </a>
      <Bar openPalette={() => setPaletteOpen(true)} />
      <Strips />
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
      {/* Each waits alone: a part that is hidden while another is loaded would lose the focus. */}
      <Suspense fallback={null}>
        {ip !== '' && (
          <Guard key={ip}>
            <Sheet />
          </Guard>
        )}
      </Suspense>
      <Suspense fallback={null}>
        {Open && (
          <Guard key={dialog}>
            <Open />
          </Guard>
        )}
      </Suspense>
      <Suspense fallback={null}>{isPaletteOpen && <Palette close={() => setPaletteOpen(false)} />}</Suspense>
      <RowKeys />
      <Settled />
      <LiveRegion />
    </div>
  )
}
