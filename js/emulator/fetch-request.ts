// The arguments of a `fetch`, as plain data.

export interface FetchRequest {
  url: URL
  method: string
  /** Names and values in turn. */
  headers: string[]
  body: Uint8Array
  signal: AbortSignal | null | undefined
}

/** Reads the arguments of a `fetch`. Bodies other than strings are left to the platform's `Request`. */
export async function readFetchRequest(input: string | URL | Request, init: RequestInit): Promise<FetchRequest> {
  const base = 'http://emulator.invalid'
  const { body } = init
  if ((typeof input === 'string' || input instanceof URL) && (typeof body === 'string' || body === undefined || body === null)) {
    const headers = Object.entries(init.headers instanceof Headers ? Object.fromEntries(init.headers) : (init.headers ?? {}))
    const method = (init.method ?? 'GET').toUpperCase()
    const entries = Array.isArray(init.headers) ? init.headers : headers
    return { url: new URL(input, base), method, headers: [...entries, ...cacheHeaders(init.cache)].flat(), body: new TextEncoder().encode(body ?? ''), signal: init.signal }
  }
  const request = input instanceof Request ? new Request(input, init) : new Request(new URL(input, base), init)
  const bytes = new Uint8Array(await request.arrayBuffer())
  return { url: new URL(request.url), method: request.method, headers: [...request.headers, ...cacheHeaders(request.cache)].flat(), body: bytes, signal: request.signal }
}

/** Returns the headers that a `fetch` adds for these cache modes. */
function cacheHeaders(cache: RequestCache | undefined): [name: string, value: string][] {
  return cache === 'no-store' || cache === 'reload' ? [['Pragma', 'no-cache'], ['Cache-Control', 'no-cache']] : []
}
