// What the core calls (`src/wasm/edge.rs`). An exchange, a sleep and the listening for an abort each complete
// at most once, whatever `fetch` does, and leave no timer and no listener behind. The core decides what a
// completion means.
import { outline } from '../results/outline.js'
import { type Completion, CompletionKind } from './completion.js'
import { emit } from './emit.js'
import type { ClientEventListener } from './events.js'
import { type TransportOptions, createExchange } from './exchange.js'
import type { KeyProvider } from './key-provider.js'
import { cleanDeep, redactionOf } from './redaction.js'
import { shorten } from './shorten.js'
import { isAborted, onAbort } from './signals.js'
import { monotonicClock, startTimer } from './timing.js'

/** The most characters of a text in an event. */
const eventTextMax = 1000

/** Makes the edge. It calls `complete` with the number that the core gave. `secrets` are those of the client. */
export function createEdge(
  options: TransportOptions,
  keys: KeyProvider,
  secrets: () => readonly string[],
  complete: (number: number, completion: Completion) => void,
) {
  const { onEvent } = options
  const now = monotonicClock()
  const { clean } = redactionOf(secrets)
  const shortClean = (text: string) => shorten(clean(text), eventTextMax)
  return {
    exchange: createExchange(options, keys, secrets, now, complete),

    /** Sleeps; returns the function that ends the sleep without a completion. */
    sleep: (ms: number, number: number): (() => void) => startTimer(ms, () => complete(number, { kind: CompletionKind.Woke, status: 0, text: '' })),

    /** Listens for an abort; returns the function that stops listening, or `undefined` if the signal is aborted already. */
    listen(signal: AbortSignal, number: number): (() => void) | undefined {
      if (isAborted(signal)) return undefined
      return onAbort(signal, () => complete(number, { kind: CompletionKind.Aborted, status: 0, text: '' }))
    },

    isAborted,
    outline,
    now,
    hasListener: (own: unknown) => onEvent !== undefined || typeof own === 'function',
    emit(own: ClientEventListener | undefined, event: Parameters<ClientEventListener>[0]) {
      emit(onEvent, own, cleanDeep(event, shortClean) as typeof event)
    },
  }
}
