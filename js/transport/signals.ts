// The callers' signals. Node warns when a signal has more than ten listeners, so all calls with one signal
// share one listener.

interface Shared {
  calls: Set<() => void>
  stop: () => void
}

const shared = new WeakMap<AbortSignal, Shared>()

/**
 * Calls `abort` when the signal is aborted. Returns the function that stops listening. Neither throws: a signal that
 * is not the platform's may, and then it is only asked before each request.
 */
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
  tryTo(() => signal.addEventListener('abort', listener))
  const own = { calls, stop: () => tryTo(() => signal.removeEventListener('abort', listener)) }
  shared.set(signal, own)
  return own
}

function tryTo(run: () => void): void {
  try {
    run()
  } catch {
    // It is the caller's fault, and the call goes on.
  }
}

/** Whether a signal is aborted. A signal that cannot be read is not. */
export function isAborted(signal: AbortSignal | undefined): boolean {
  try {
    return signal?.aborted === true
  } catch {
    // A signal whose field throws has not said that it is aborted.
    return false
  }
}
