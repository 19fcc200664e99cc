// What a view shows when it has nothing to show, or failed.
import { Component, type ReactNode, useState } from 'react'
import { strings } from '../strings.js'
import { reloadIfThere } from './part.js'

export function Empty({ title, text, children }: { readonly title: string; readonly text: string; readonly children?: ReactNode }) {
  return (
    <div className="center">
      <h2>{title}</h2>
      <p className="second">{text}</p>
      {children}
    </div>
  )
}

export function Loading() {
  return (
    <div className="center" role="status">
      <p className="second">{strings.loading}</p>
    </div>
  )
}

export function Failed({ title, error }: { readonly title: string; readonly error: unknown }) {
  const [isAway, setAway] = useState(false)
  return (
    <div className="center" role="alert">
      <h2>{title}</h2>
      <p className="second">
        {strings.failed.text} {error instanceof Error ? error.message : String(error)}
      </p>
      {isAway && <p className="second">{strings.notLoaded.still}</p>}
      <button className="button primary" type="button" onClick={() => void reloadIfThere().then((isThere) => setAway(!isThere))}>
        {strings.failed.reload}
      </button>
    </div>
  )
}

/** Shows that a part failed, and leaves the rest of the page as it is. */
export class Guard extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state = { error: undefined as unknown }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override render() {
    return this.state.error === undefined ? this.props.children : <Failed title={strings.failed.view} error={this.state.error} />
  }
}
