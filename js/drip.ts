// A body that arrives piece by piece, by the emulator's clock.
import type { Clock } from './clock.js'

/** How slowly: what a fault says. */
export interface Drip {
  pieces: number
  overMs: number
}

/** The pieces, each when its share of the time has passed. Rejects when the signal ends it. */
export async function* dripping(body: Uint8Array, { pieces, overMs }: Drip, clock: Clock, signal: AbortSignal | null | undefined): AsyncGenerator<Uint8Array, void> {
  const start = clock.now()
  for (let piece = 1; piece <= pieces; piece++) {
    // By the start, so that a manual clock that is moved on by all of it brings all of it.
    const left = start + (overMs * piece) / pieces - clock.now()
    signal?.throwIfAborted()
    if (left > 0) await clock.sleep(left, signal)
    yield body.subarray(share(piece - 1), share(piece))
  }

  function share(piece: number): number {
    return Math.floor((body.length * piece) / pieces)
  }
}
