// Locks that the tabs of a browser share. A browser that lets sites keep nothing may refuse them, or not have them.

export const hasLocks = (): boolean => typeof navigator !== 'undefined' && 'locks' in navigator

/** Does the work once: with the lock, or without it where none can be had. */
export async function withLock<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  if (!hasLocks()) return work()
  let begun: Promise<Result> | undefined
  try {
    return (await navigator.locks.request(name, () => (begun = work()))) as Result
  } catch {
    // A failure of the work itself comes from here too.
    return begun ?? work()
  }
}
