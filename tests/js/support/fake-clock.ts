// What tests under the fake clock share.
import { vi } from 'vitest'

/** Lets time pass until a promise has settled. */
export async function timed<T>(promise: Promise<T>): Promise<T> {
  let over = false
  const settled = promise.finally(() => (over = true))
  settled.catch(() => {})
  for (let step = 0; step < 4000 && !over; step++) await vi.advanceTimersByTimeAsync(100)
  return settled
}
