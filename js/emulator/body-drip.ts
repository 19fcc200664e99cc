// A response body that arrives in pieces, timed by the emulator's clock.
import type { Clock } from './clock.js'

/** How slowly a body arrives: the arguments of the fault `drip`. */
export interface DripRate {
  pieces: number
  /** The time that all pieces together take, in milliseconds. */
  overMs: number
}

/** Yields the pieces of a body, each after its share of the time. Rejects when the signal aborts. */
export async function* dripBody(body: Uint8Array, { pieces, overMs }: DripRate, clock: Clock, signal: AbortSignal | null | undefined): AsyncGenerator<Uint8Array, void> {
  const start = clock.now()
  for (let piece = 1; piece <= pieces; piece++) {
    // The waits are measured from the start. So one `advance` of a manual clock by `overMs` releases every piece.
    const waitMs = start + (overMs * piece) / pieces - clock.now()
    signal?.throwIfAborted()
    if (waitMs > 0) await clock.sleep(waitMs, signal)
    yield body.subarray(endOf(piece - 1), endOf(piece))
  }

  function endOf(piece: number): number {
    return Math.floor((body.length * piece) / pieces)
  }
}
