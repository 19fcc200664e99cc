// The page of the bench of browsers: what it has measured becomes its result.
import { timesOfCalls } from '../calls.mjs'

globalThis.measure = async (quick) => {
  // Else the clock of a page ticks so slowly that a round of 1 ms cannot be measured.
  if (!crossOriginIsolated) throw new Error('the page is not isolated')
  return timesOfCalls({ quick })
}
