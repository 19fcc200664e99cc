// The arguments of a `fetch`, as plain data. The emulator takes whatever a `fetch` takes, also of other implementations:
// the `Request` and `Headers` of undici and node-fetch are no instances of the global classes.
import { ConfigurationError } from '../errors/index.js'

export interface FetchRequest {
  url: URL
  method: string
  /** Names and values in turn. */
  headers: string[]
  body: Uint8Array
  signal: AbortSignal | null | undefined
  redirect: RequestRedirect | undefined
}

/** Throws a `ConfigurationError` that names the missing globals of a `fetch`. Nothing has been done then. */
export function checkGlobals(): void {
  const missing = ['Response', 'Headers', 'URL'].filter((name) => (globalThis as Record<string, unknown>)[name] === undefined)
  if (missing.length > 0) throw new ConfigurationError(`There is no ${missing.join(' and no ')} here. Set the global before the first request.`)
}

type Entries = [name: string, value: string][]

/** What the `Request` of every implementation has. */
type RequestLike = Pick<Request, 'url' | 'method' | 'headers' | 'arrayBuffer'> & Partial<Pick<Request, 'signal' | 'cache' | 'body' | 'bodyUsed' | 'redirect'>>

/** The host does not matter: a path stands for the URL of any host. */
const base = 'http://emulator.invalid'

/** Reads the arguments of a `fetch`. Rejects with a `TypeError` where a `fetch` does, except for a path as the URL. */
export async function readFetchRequest(input: unknown, init: RequestInit | null | undefined): Promise<FetchRequest> {
  if (init !== undefined && init !== null && typeof init !== 'object' && typeof init !== 'function') throw new TypeError(`the init of a fetch must be an object; found ${String(init)}`)
  const { method: initMethod, headers, body, signal: initSignal, cache, duplex, ...others } = (init ?? {}) as RequestInit & { duplex?: unknown }
  const request = isRequest(input) ? input : undefined
  const url = urlOf(request?.url ?? String(input))
  const method = initMethod === undefined ? (request?.method ?? 'GET') : methodOf(initMethod)
  const entries = entriesOf(headers === undefined ? (request?.headers ?? []) : headers)
  const signal = signalOf(initSignal === undefined ? request?.signal : initSignal)
  const isStream = isStreamed(body)
  refuseOthers({ ...others, ...(cache !== undefined && { cache }) })
  if (duplex !== undefined && duplex !== 'half') throw new TypeError(`duplex must be 'half'; found ${String(duplex)}`)
  if (isStream && duplex === undefined) throw new TypeError("a body that is a stream needs duplex: 'half'")
  const hasBody = (body !== undefined && body !== null) || (request?.body !== undefined && request.body !== null)
  if (hasBody && (method === 'GET' || method === 'HEAD')) throw new TypeError(`a request with the method ${method} cannot have a body`)
  if ((body === undefined || body === null) && request?.bodyUsed) throw new TypeError('the body of the request was read already')
  if (signal?.aborted) throw signal.reason
  const read = { url, method, headers: [...entries, ...cacheHeaders(cache ?? request?.cache)].flat(), signal, redirect: others.redirect ?? request?.redirect }
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

/** Reads a URL: absolute, a path from the root, or in a page relative to the page. */
function urlOf(text: string): URL {
  const { location } = globalThis as { location?: { href?: string } }
  const url = new URL(text, /^[/\\]/.test(text) ? base : location?.href)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new TypeError(`a URL must begin with http: or https:; found ${url.protocol}`)
  if (url.username !== '' || url.password !== '') throw new TypeError('a URL must have no user name and no password')
  return url
}

/** The characters of a method, and of a header's name. */
const token = /^[!#$%&'*+.^_`|~\w-]+$/

/** Reads a method. As in every `fetch`, only these methods may be in small letters: others, such as `patch`, stay as they are. */
function methodOf(value: unknown): string {
  const method = String(value)
  const upper = method.toUpperCase()
  if (!token.test(method) || ['CONNECT', 'TRACE', 'TRACK'].includes(upper)) throw new TypeError(`${JSON.stringify(method)} is no method that a fetch can send`)
  return ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'].includes(upper) ? upper : method
}

/** Returns the entries of headers: of a `Headers` of any kind, of any iterable of pairs, or of an object. The runtime's `Headers` checks them, and joins those of one name. */
function entriesOf(headers: unknown): Entries {
  if (typeof headers !== 'object' || headers === null) throw new TypeError(`headers must be an object or a list of pairs; found ${String(headers)}`)
  const entries = Symbol.iterator in headers ? Array.from(headers as Iterable<unknown>, listOf) : undefined
  const checked = new Headers((entries ?? headers) as HeadersInit)
  const names = new Map<string, string>()
  for (const name of entries?.map((pair) => String((pair as unknown[])[0])) ?? Object.keys(headers)) if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name)
  return Array.from(names, ([key, name]) => [name, valueOf(name, checked.get(key) ?? '')])
}

/** Refuses the control characters that `Headers` takes and a `fetch` does not send. */
function valueOf(name: string, value: string): string {
  if (/[^\t -~\x80-\xff]/.test(value)) throw new TypeError(`the value of the header ${name} has a control character`)
  return value
}

function listOf(pair: unknown): unknown {
  return typeof pair === 'object' && pair !== null && Symbol.iterator in pair ? Array.from(pair as Iterable<unknown>) : pair
}

/** Checks a signal, which may be of another implementation. */
function signalOf(value: unknown): AbortSignal | null | undefined {
  if (value === undefined || value === null) return value
  const signal = value as Partial<AbortSignal>
  if (typeof value !== 'object' || typeof signal.aborted !== 'boolean' || typeof signal.addEventListener !== 'function') throw new TypeError('signal must be an AbortSignal')
  return value as AbortSignal
}

/** The usual values of options that mean nothing here. To check them takes no `Request`, which would take longer than all else. */
const usual: Record<string, readonly unknown[]> = { redirect: ['manual', 'follow', 'error'], credentials: ['omit', 'same-origin', 'include'], cache: ['no-store', 'reload', 'default'], mode: ['cors'] }

/** Lets the runtime's `Request` check the options that mean nothing here. */
function refuseOthers(others: RequestInit): void {
  const isUsual = Object.entries(others).every(([name, value]) => value === undefined || usual[name]?.includes(value))
  if (!isUsual && typeof Request !== 'undefined') void new Request(base, others)
}

/** Whether a body is a stream, or an async iterable, which Node's `fetch` takes too. */
function isStreamed(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false
  return (typeof ReadableStream !== 'undefined' && body instanceof ReadableStream) || Symbol.asyncIterator in body
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
