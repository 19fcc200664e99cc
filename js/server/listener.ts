/** Calls a listener of failures. It cannot break what goes on after the failure: what it throws, or rejects with, is dropped. */
export function callListener<Failure>(listener: ((failure: Failure) => unknown) | undefined, failure: Failure): void {
  try {
    Promise.resolve(listener?.(failure)).catch(() => undefined)
  } catch {
    // Dropped, as documented.
  }
}
