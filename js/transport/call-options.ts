// The options of a call, as the core and the driver need them.
import type { BeforeRetry, ClientEventListener } from './events.js'
import { valueText } from './value-text.js'

export interface OwnOptions {
  /** All options for the core; empty if there are none. */
  text: string
  signal: AbortSignal | undefined
  onEvent: ClientEventListener | undefined
  beforeRetry: BeforeRetry | undefined
}

const none: OwnOptions = { text: '', signal: undefined, onEvent: undefined, beforeRetry: undefined }

/** Reads the options of a call. The core refuses those that are invalid. */
export function readOptions(options: unknown): OwnOptions {
  if (options === undefined) return none
  const own: OwnOptions = { ...none }
  own.text = valueText(options, (name, field) => {
    if (name === 'onEvent' && typeof field === 'function') own.onEvent = field as ClientEventListener
    if (name === 'beforeRetry' && typeof field === 'function') own.beforeRetry = field as BeforeRetry
    if (name !== 'signal' || !isSignal(field)) return undefined
    own.signal = field
    return usableSignal
  })
  return own
}

/** What the core accepts for a signal (`src/flow/settings/call.rs`). */
const usableSignal = '!k"signal"'

/** Whether a value has the members of an `AbortSignal` that are used here. */
function isSignal(value: unknown): value is AbortSignal {
  if (typeof value !== 'object' || value === null) return false
  const { aborted, addEventListener, removeEventListener } = value as Partial<AbortSignal>
  return typeof aborted === 'boolean' && typeof addEventListener === 'function' && typeof removeEventListener === 'function'
}
