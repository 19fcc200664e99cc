// The arguments of a `fetch`, as plain data. The emulator takes whatever a `fetch` takes, also of other implementations:
// the `Request` and `Headers` of undici and node-fetch are no instances of the global classes.

export interface FetchRequest {
  url: URL
  method: string
  /** Names and values in turn. */
  headers: string[]
  body: Uint8Array
  signal: AbortSignal | null | undefined
}

type Entries = [name: string, value: string][]

/** What the `Request` of every implementation has. */
type RequestLike = Pick<Request, 'url' | 'method' | 'headers' | 'arrayBuffer'> & Partial<Pick<Request, 'signal' | 'cache'>>

const base = 'http://emulator.invalid'

/** Reads the arguments of a `fetch`. */
export async function readFetchRequest(input: unknown, init: RequestInit | null | undefined): Promise<FetchRequest> {
  const { method, headers, body, signal, cache } = init ?? {}
  const request = isRequest(input) ? input : undefined
  const url = new URL(request?.url ?? String(input), base)
  const entries = headers === undefined || headers === null ? entriesOf(request?.headers) : entriesOf(headers)
  const read = {
    url,
    method: (method ?? request?.method ?? 'GET').toUpperCase(),
    headers: [...entries, ...cacheHeaders(cache ?? request?.cache)].flat(),
    signal: signal === undefined ? request?.signal : signal,
  }
  // A string is read at once, so that the request is handled in the order of the calls.
  if (typeof body === 'string') return { ...read, body: new TextEncoder().encode(body) }
  if (body === undefined || body === null) return { ...read, body: request ? new Uint8Array(await request.arrayBuffer()) : new Uint8Array(0) }
  const { bytes, type } = await readBody(body)
  if (type !== undefined && !entries.some(([name]) => name.toLowerCase() === 'content-type')) read.headers.push('Content-Type', type)
  return { ...read, body: bytes }
}

function isRequest(input: unknown): input is RequestLike {
  return typeof input === 'object' && input !== null && 'url' in input && 'headers' in input && 'arrayBuffer' in input
}

/** Returns the entries of headers: of a `Headers` of any kind, of any iterable of pairs, or of an object. */
function entriesOf(headers: unknown): Entries {
  if (typeof headers !== 'object' || headers === null) return []
  const lists = Symbol.iterator in headers ? Array.from(headers as Iterable<Iterable<unknown>>, (pair) => Array.from(pair)) : Object.entries(headers)
  return lists.map((pair) => {
    if (pair.length !== 2) throw new TypeError(`a header is a pair of a name and a value; found ${pair.length} items`)
    return [String(pair[0]), String(pair[1])]
  })
}

/** Reads a body that is not a string. An async iterable, such as a stream of Node, is one that Node's `fetch` takes too. */
async function readBody(body: unknown): Promise<{ bytes: Uint8Array; type?: string | undefined }> {
  const isStream = typeof ReadableStream !== 'undefined' && body instanceof ReadableStream
  if (!isStream && typeof body === 'object' && body !== null && Symbol.asyncIterator in body) {
    const parts: BlobPart[] = []
    for await (const part of body as AsyncIterable<BlobPart>) parts.push(part)
    return { bytes: new Uint8Array(await new Blob(parts).arrayBuffer()) }
  }
  const read = new Response(body as BodyInit)
  return { bytes: new Uint8Array(await read.arrayBuffer()), type: read.headers.get('content-type') ?? undefined }
}

/** Returns the headers that a `fetch` adds for these cache modes. */
function cacheHeaders(cache: RequestCache | undefined): Entries {
  return cache === 'no-store' || cache === 'reload' ? [['Pragma', 'no-cache'], ['Cache-Control', 'no-cache']] : []
}
