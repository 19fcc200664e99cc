// The callers' signals. Node warns when a signal has more than ten listeners, so all calls with one signal
// share one listener.

interface Shared {
  calls: Set<() => void>
  stop: () => void
}

const shared = new WeakMap<AbortSignal, Shared>()

/** Calls `abort` when the signal is aborted. Returns the function that stops listening. */
export function onAbort(signal: AbortSignal, abort: () => void): () => void {
  const own = shared.get(signal) ?? share(signal)
  own.calls.add(abort)
  return () => {
    own.calls.delete(abort)
    if (own.calls.size > 0 || shared.get(signal) !== own) return
    shared.delete(signal)
    own.stop()
  }
}

function share(signal: AbortSignal): Shared {
  const calls = new Set<() => void>()
  const listener = () => calls.forEach((abort) => abort())
  signal.addEventListener('abort', listener)
  const own = { calls, stop: () => signal.removeEventListener('abort', listener) }
  shared.set(signal, own)
  return own
}

/** Whether a signal is aborted. A signal that cannot be read is not. */
export function isAborted(signal: AbortSignal | undefined): boolean {
  try {
    return signal?.aborted === true
  } catch {
    return false
  }
}
