// Entries of the activity log, the latest first.
import type { ClientEvent } from 'flexip/slim'
import type { LogEntry } from '../data/log.js'
import { strings, time } from '../strings.js'

const drawnMax = 300

/** Whether an event is about a flexible IP. */
export function names(event: ClientEvent, fipId: string): boolean {
  switch (event.type) {
    case 'request':
    case 'response':
      return event.url.includes(fipId)
    case 'wait':
      return event.fipId === fipId
    case 'step':
      return event.fipsIds.includes(fipId)
    default:
      return false
  }
}

export function Entries({ entries }: { readonly entries: readonly LogEntry[] }) {
  // A request is shown by its response.
  const shown = entries.filter(({ event }) => event.type !== 'request').slice(-drawnMax).reverse()
  if (shown.length === 0) return <p className="second">{strings.log.empty}</p>
  return (
    <table className="log">
      <thead>
        <tr>
          <th scope="col">{strings.log.at}</th>
          <th scope="col">{strings.log.what}</th>
          <th scope="col">{strings.log.result}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map(({ number, at, event }) => (
          <tr key={number}>
            <td>{time(at)}</td>
            <td className="mono">{whatOf(event)}</td>
            <td>{resultOf(event)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function whatOf(event: ClientEvent): string {
  switch (event.type) {
    case 'request':
    case 'response':
      return `${event.method} ${pathOf(event.url)}`
    case 'retry':
      return event.operation
    case 'step':
      return event.action
    default:
      return event.type
  }
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url, location.href)
  return pathname + search
}

function resultOf(event: ClientEvent): string {
  switch (event.type) {
    case 'request':
      return ''
    case 'response':
      return `${event.status ?? event.outcome} · ${Math.round(event.durationMs)}\u00a0ms`
    case 'retry':
      return `${event.error.message} · ${strings.log.retry(event.delayMs)}`
    case 'pollFailed':
      return event.error.message
    case 'wait':
      return strings.log.waits(event.pending)
    case 'step':
      return event.progress
  }
}
