// The responses and errors of a `fetch` on which a fault acts.

/** Returns the error of a `fetch` whose connection broke. The codes are those of Node. */
export function connectionError(message: string, code: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) })
}

/** Whether a `fetch` would follow this response, or refuse it if that is not allowed. */
export function isRedirection({ status }: Response): boolean {
  return [301, 302, 303, 307, 308].includes(status)
}

/** Returns the response with a body that `drip` yields, until the signal aborts or the reader cancels. */
export function withDrippingBody(response: Response, drip: (signal: AbortSignal) => AsyncGenerator<Uint8Array, void>, signal: AbortSignal | null | undefined): Response {
  const ended = new AbortController()
  const onAbort = () => ended.abort(signal?.reason)
  if (signal?.aborted) onAbort()
  signal?.addEventListener('abort', onAbort, { signal: ended.signal })
  const pieces = drip(ended.signal)
  const body = new ReadableStream<Uint8Array<ArrayBufferLike>>({
    async pull(stream) {
      const { value, done } = await pieces.next()
      if (!done) return stream.enqueue(value)
      signal?.removeEventListener('abort', onAbort)
      stream.close()
    },
    cancel: () => ended.abort(),
  })
  const { status, statusText, headers } = response
  return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>>, { status, statusText, headers })
}

/** Returns the response to a HEAD request: no `fetch` gives one with a body. */
export function withoutBody({ status, statusText, headers }: Response): Response {
  return new Response(null, { status, statusText, headers })
}

/** Returns the response with a body that breaks off at its end. */
export function withCutBody(response: Response): Response {
  // A response that cannot have a body has none that could break off.
  if (response.body === null && [204, 205, 304].includes(response.status)) return response
  const whole = response.body ?? new ReadableStream<Uint8Array<ArrayBuffer>>({ start: (stream) => stream.close() })
  const body = whole.pipeThrough(
    new TransformStream({
      flush: (controller) => controller.error(new TypeError('terminated')),
    }),
  )
  return new Response(body, response)
}
