// A listener that writes events to the console.
import { invalidArgument } from '../errors/invalid.js'
import type { ClientEvent } from '../transport/events.js'

/** How much is logged. Each level includes those before it. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug'

/** Where texts are logged: the platform's console, or another with these methods. */
export type LogConsole = Readonly<Record<LogLevel, (text: string) => void>>

const levels: readonly unknown[] = ['error', 'warn', 'info', 'debug']

/**
 * Makes an `onEvent` that writes to the console: failed steps as `error`; retries and failed polls as
 * `warn`; other steps as `info`; requests, responses and waits as `debug`.
 *
 * @example
 * const client = new FlexibleIpClient({ secretKey, onEvent: consoleLogger({ level: 'debug' }) })
 */
export function consoleLogger(options: { level?: LogLevel; console?: LogConsole } = {}): (event: ClientEvent) => void {
  const { level = 'info', console = globalThis.console } = optionsOf(options)
  if (!levels.includes(level)) throw invalidArgument('consoleLogger', 'options.level', "'error', 'warn', 'info' or 'debug'", level)
  return (event) => {
    const eventLevel = levelOf(event)
    if (levels.indexOf(eventLevel) <= levels.indexOf(level)) console[eventLevel](`flexip ${describe(event)}`)
  }
}

/** The options, which may be of any type. */
function optionsOf(options: { level?: LogLevel; console?: LogConsole }) {
  if (typeof options !== 'object' && typeof options !== 'function') throw invalidArgument('consoleLogger', 'options', 'an object', options)
  try {
    const { level, console } = options
    return { ...(level === undefined ? {} : { level }), ...(console === undefined ? {} : { console }) }
  } catch {
    throw invalidArgument('consoleLogger', 'options', 'an object', options)
  }
}

function levelOf(event: ClientEvent): LogLevel {
  switch (event.type) {
    case 'retry':
    case 'pollFailed':
      return 'warn'
    case 'step':
      return event.progress === 'failed' ? 'error' : 'info'
    default:
      return 'debug'
  }
}

function describe(event: ClientEvent): string {
  switch (event.type) {
    case 'request':
      return `${event.operation}: ${event.method} ${event.url} (attempt ${event.attempt})`
    case 'response':
      return `${event.operation}: ${event.status ?? event.outcome} after ${Math.round(event.durationMs)} ms${event.requestId ? ` (request id ${event.requestId})` : ''}`
    case 'retry':
      return `${event.operation}: attempt ${event.attempts} failed, again in ${event.delayMs} ms: ${event.error.message}`
    case 'wait':
      return `waits for ${event.pending}: ${event.fipId} is ${event.status ?? 'not read yet'}, polls again in ${event.delayMs} ms`
    case 'pollFailed':
      return `poll failed: ${event.error.message}`
    case 'step':
      return `${event.action} of ${event.fipsIds.join(', ')}: ${event.progress} after ${event.elapsedMs} ms`
  }
}
