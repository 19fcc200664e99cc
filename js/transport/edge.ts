// What the core calls (`src/wasm/edge.rs`). An exchange, a sleep and the listening for an abort each complete
// at most once, whatever `fetch` does, and leave no timer and no listener behind. The core decides what a
// completion means.
import { outline } from '../results/outline.js'
import { type Completion, CompletionKind } from './completion.js'
import { emit } from './emit.js'
import type { ClientEventListener } from './events.js'
import { type TransportOptions, createExchange } from './exchange.js'
import { cleanOf } from './redaction.js'
import { isAborted, onAbort } from './signals.js'
import { monotonicClock, startTimer } from './timing.js'

/** Makes the edge. It calls `complete` with the number that the core gave. */
export function createEdge(options: TransportOptions, complete: (number: number, completion: Completion) => void) {
  const { onEvent } = options
  const now = monotonicClock()
  return {
    exchange: createExchange(options, now, complete),

    /** Sleeps; returns the function that ends the sleep without a completion. */
    sleep: (ms: number, number: number): (() => void) => startTimer(ms, () => complete(number, { kind: CompletionKind.Woke, status: 0, text: '' })),

    /** Listens for an abort; returns the function that stops listening, or `undefined` if the signal is aborted already. */
    listen(signal: AbortSignal, number: number): (() => void) | undefined {
      if (isAborted(signal)) return undefined
      return onAbort(signal, () => complete(number, { kind: CompletionKind.Aborted, status: 0, text: '' }))
    },

    isAborted,
    outline: (body: unknown) => outline(cleanOf(body)),
    now,
    hasListener: (own: unknown) => onEvent !== undefined || typeof own === 'function',
    emit: (own: ClientEventListener | undefined, event: Parameters<ClientEventListener>[0]) => emit(onEvent, own, event),
  }
}
