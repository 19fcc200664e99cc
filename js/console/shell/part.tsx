// Parts of the page that are loaded when they are needed. One that cannot be loaded says so, and is tried again.
import { Component, type ComponentType, type ReactNode, lazy, useEffect, useState } from 'react'
import { strings } from '../strings.js'
import { Icon } from './icons.js'

class LoadError extends Error {}

interface Options<Props> {
  /** Where the failure is shown: in the place of the part, or in a note at the bottom of the page. */
  readonly failsIn: 'place' | 'note'
  /** Leaves a part that was opened. */
  readonly close?: (props: Props) => void
  /** It is small and soon needed: it is loaded after the first picture, so that it is there without a network too. */
  readonly isSoon?: boolean
}

const soon: (() => Promise<unknown>)[] = []

/** Loads the small parts when the page rests. One that fails is loaded when it is needed. */
export function loadSoon(): void {
  const load = () => {
    // What cannot be loaded now is loaded when it is needed, and says so then.
    for (const each of soon.splice(0)) void each().catch(() => undefined)
  }
  if (typeof requestIdleCallback === 'undefined') setTimeout(load, 200)
  else requestIdleCallback(load, { timeout: 2000 })
}

/** A component from a file of its own. */
export function part<Props extends object>(load: () => Promise<ComponentType<Props>>, { failsIn, close, isSoon = false }: Options<Props>): ComponentType<Props> {
  if (isSoon) soon.push(load)
  const loaded = () => load().then((component) => ({ default: component }), (error: unknown) => Promise.reject(new LoadError('a part of the page was not loaded', { cause: error })))
  let Loaded = lazy(loaded)
  const again = async (isAsked: boolean): Promise<boolean> => {
    if (!(await isServerThere())) return false
    try {
      await loadStyles()
      const there = await loaded()
      Loaded = lazy(() => Promise.resolve(there))
    } catch {
      // The page is loaded anew only for a person who asks: there may be a text that was not sent.
      if (!isAsked) return false
      // The server is there, and some browsers keep a failed import for as long as the page lasts. The URL holds the place.
      location.reload()
    }
    return true
  }
  return function Part(props: Props) {
    return <LoadGuard render={() => <Loaded {...(props as Props & JSX)} />} again={again} failsIn={failsIn} {...(close && { close: () => close(props) })} />
  }
}

type JSX = React.JSX.IntrinsicAttributes

interface GuardProps {
  readonly render: () => ReactNode
  readonly again: (isAsked: boolean) => Promise<boolean>
  readonly failsIn: 'place' | 'note'
  readonly close?: () => void
}

class LoadGuard extends Component<GuardProps, { readonly error: unknown }> {
  override state = { error: undefined as unknown }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override render() {
    const { error } = this.state
    const { render, again, failsIn, close } = this.props
    if (error === undefined) return render()
    // Another error is for the guard around this one.
    if (!(error instanceof LoadError)) throw error
    return <NotLoaded again={again} onLoaded={() => this.setState({ error: undefined })} failsIn={failsIn} {...(close && { close })} />
  }
}

interface NotLoadedProps {
  /** Tries again, and resolves with whether it helped. */
  readonly again: (isAsked: boolean) => Promise<boolean>
  readonly onLoaded: () => void
  readonly failsIn: 'place' | 'note'
  readonly close?: () => void
}

/** Says that the server of the page does not answer, and tries again when asked. */
function NotLoaded({ again, onLoaded, failsIn, close }: NotLoadedProps) {
  const [state, setState] = useState<'first' | 'trying' | 'still'>('first')
  const words = strings.notLoaded
  const tryAgain = async (isAsked: boolean) => {
    setState('trying')
    if (await again(isAsked)) onLoaded()
    else setState('still')
  }
  useEffect(() => {
    const listener = () => void tryAgain(false)
    addEventListener('online', listener)
    return () => removeEventListener('online', listener)
  })
  return (
    <div className={failsIn === 'place' ? 'center' : 'load-note'} role="alert">
      <div>
        <h2>{words.title}</h2>
        <p className="second">{state === 'still' ? words.still : words.text}</p>
      </div>
      <button className="button primary" type="button" aria-disabled={state === 'trying'} onClick={() => state !== 'trying' && void tryAgain(true)}>
        {state === 'trying' ? words.trying : words.again}
      </button>
      {close && (
        <button className="button icon-button quiet-button" type="button" onClick={close} aria-label={strings.acts.close}>
          <Icon name="close" />
        </button>
      )}
    </div>
  )
}

/** The styles that were not loaded. */
const failed = new Set<HTMLLinkElement>()
addEventListener('error', ({ target }) => target instanceof HTMLLinkElement && target.rel === 'stylesheet' && failed.add(target), true)

// The script that loads a part asks for its styles once only.
async function loadStyles(): Promise<void> {
  const missing = [...failed]
  failed.clear()
  await Promise.all(
    missing.map((link) => {
      const next = document.createElement('link')
      next.rel = 'stylesheet'
      next.href = link.href
      const settled = new Promise((resolve, reject) => {
        next.onload = resolve
        next.onerror = reject
      })
      link.replaceWith(next)
      return settled
    }),
  )
}

/** Loads the page anew if its server answers. Without one, the browser would show an error in place of the page. */
export async function reloadIfThere(): Promise<boolean> {
  if (!(await isServerThere())) return false
  location.reload()
  return true
}

/** Whether the server of the page answers. */
async function isServerThere(): Promise<boolean> {
  try {
    return (await fetch(location.href, { cache: 'no-store' })).status < 500
  } catch {
    return false
  }
}
