// A watcher that writes to the console.
import type { ClientEvent } from './events.js'

/** How much is logged: each level has those before it. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug'

const levels: readonly LogLevel[] = ['error', 'warn', 'info', 'debug']

/**
 * Makes an `onEvent` that logs: steps that failed as `error`; retries and looks that failed as `warn`;
 * steps as `info`; requests, answers and waits as `debug`.
 *
 * @example
 * const client = new FlexibleIpClient({ secretKey, onEvent: consoleLogger({ level: 'debug' }) })
 */
export function consoleLogger({
  level = 'info',
  console = globalThis.console,
}: { level?: LogLevel; console?: Pick<Console, LogLevel> } = {}): (event: ClientEvent) => void {
  return (event) => {
    const own = levelOf(event)
    if (levels.indexOf(own) <= levels.indexOf(level)) console[own](`flexip ${inWords(event)}`)
  }
}

function levelOf(event: ClientEvent): LogLevel {
  switch (event.type) {
    case 'retry':
    case 'lookFailed':
      return 'warn'
    case 'step':
      return event.progress === 'failed' ? 'error' : 'info'
    default:
      return 'debug'
  }
}

function inWords(event: ClientEvent): string {
  switch (event.type) {
    case 'request':
      return `${event.operation}: ${event.method} ${event.url} (attempt ${event.attempt})`
    case 'response':
      return `${event.operation}: ${event.status ?? event.outcome} after ${Math.round(event.durationMs)} ms${event.requestId ? ` (request id ${event.requestId})` : ''}`
    case 'retry':
      return `${event.operation}: attempt ${event.attempts} failed, again in ${event.delayMs} ms: ${event.error.message}`
    case 'wait':
      return `waits for ${event.pending}: ${event.fipId} is ${event.status ?? 'not seen yet'}, looks again in ${event.delayMs} ms`
    case 'lookFailed':
      return `could not look: ${event.error.message}`
    case 'step':
      return `${event.action} of ${event.fipsIds.join(', ')}: ${event.progress} after ${event.elapsedMs} ms`
  }
}
