// The requests to the service: with the key, without anything of the caller's headers. No response has the key.
import { redactionOf } from '../transport/redaction.js'
import { startTimer } from '../transport/timing.js'
import { readBytes } from './body.js'
import { type ProxyFetch, isKey } from './options.js'
import { isRecord } from './policy.js'
import { gone } from './refusal.js'

/** A response of the service, without the key. */
export interface Answer {
  status: number
  /** The parsed JSON of the body; `undefined` for any other body. It may have the key. */
  json: unknown
  /** What is passed on. */
  text: string
  headers: Record<string, string>
  requestId: string | undefined
}

/** Thrown where the service gave no answer that can be passed on. */
export class NoAnswer {
  constructor(
    readonly status: 408 | 502 | 503 | 504,
    readonly reason: string,
  ) {}
}

/** The largest body of a response, in bytes. */
const bytesMax = 2 ** 24

/** Sends requests with one key. */
export class Service {
  readonly #baseUrl: string
  readonly #fetch: ProxyFetch | undefined
  readonly #key: string
  readonly #timeoutMs: number
  readonly #signal: AbortSignal

  /** `signal` is that of the caller. */
  constructor(options: { baseUrl: string; fetch: ProxyFetch | undefined; key: string; timeoutMs: number; signal: AbortSignal }) {
    // The message has no key in it.
    if (!isKey(options.key)) throw new TypeError('the function secretKey gave no key')
    this.#baseUrl = options.baseUrl
    this.#fetch = options.fetch
    this.#key = options.key
    this.#timeoutMs = options.timeoutMs
    this.#signal = options.signal
  }

  /**
   * Sends a request. Throws a `NoAnswer` if nothing came back that is an answer of the API, or if it is a read and its
   * caller has gone meanwhile; a `Refusal` if the caller of a read had gone before. A change that was sent goes on
   * without its caller: its audit has how it ended. `shown` gives what is passed on of the JSON of a success.
   */
  async send(method: string, path: string, query: readonly (readonly [string, string])[] = [], body?: unknown, shown = (json: unknown) => json): Promise<Answer> {
    const caller = method === 'GET' ? this.#signal : undefined
    if (caller?.aborted) throw gone()
    const search = new URLSearchParams(query.map(([name, value]) => [name, value])).toString()
    const url = `${this.#baseUrl}${path}${search === '' ? '' : `?${search}`}`
    const headers: Record<string, string> = { Accept: 'application/json', 'X-Auth-Token': this.#key }
    if (body !== undefined) headers['Content-Type'] = 'application/json'
    const controller = new AbortController()
    const abort = () => controller.abort()
    const aborted = new Promise<'aborted'>((resolve) => controller.signal.addEventListener('abort', () => resolve('aborted')))
    const failure = () => (caller?.aborted ? new NoAnswer(408, 'the caller was gone before the service answered') : new NoAnswer(504, 'the service did not answer in time'))
    const stop = startTimer(this.#timeoutMs, abort)
    caller?.addEventListener('abort', abort)
    try {
      const init = { method, headers, redirect: 'manual', signal: controller.signal, ...(body !== undefined && { body: JSON.stringify(body) }) } as const
      const exchange = async () => this.#read(await (this.#fetch ?? globalThis.fetch)(url, init), shown)
      // A `fetch`, or the body of its response, may ignore the signal.
      const answer = await Promise.race([exchange(), aborted])
      if (answer === 'aborted') throw failure()
      return answer
    } catch (thrown) {
      if (controller.signal.aborted) throw failure()
      if (thrown instanceof NoAnswer) throw thrown
      // What `fetch` throws may name anything, so it goes nowhere.
      throw new NoAnswer(502, 'the service could not be reached')
    } finally {
      stop()
      caller?.removeEventListener('abort', abort)
    }
  }

  async #read(response: Response, shown: (json: unknown) => unknown): Promise<Answer> {
    const { status, headers } = response
    // A redirection would lead callers to another host; an opaque one has the status 0.
    if (!(status >= 200 && status < 300) && !(status >= 400 && status < 600)) throw new NoAnswer(502, 'the service answered with a redirection')
    const bytes = await readBytes(response, bytesMax, this.#timeoutMs)
    if (bytes === 'too slow') throw new NoAnswer(504, 'the service did not answer in time')
    if (typeof bytes === 'string') throw new NoAnswer(502, `the answer of the service was ${bytes}`)
    const { clean } = redactionOf(() => [this.#key])
    const raw = new TextDecoder().decode(bytes)
    const json = parseJson(raw)
    // Written anew, so that no escape hides the key.
    const text = clean(json === undefined ? raw : (JSON.stringify(status < 300 ? shown(json) : json) ?? ''))
    const passed: Record<string, string> = {}
    for (const name of ['X-Request-Id', 'Retry-After', 'Date']) {
      const value = clean(headers.get(name) ?? '')
      if (/^[ -~]{1,200}$/.test(value)) passed[name] = value
    }
    if (text !== '') passed['Content-Type'] = json === undefined ? 'text/plain; charset=utf-8' : 'application/json'
    return { status, json, text, headers: passed, requestId: passed['X-Request-Id'] }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The Project of a flexible IP or a server; `undefined` if the body is not that of this id. */
export function projectOf(body: unknown, id?: string): string | undefined {
  if (!isRecord(body) || typeof body.id !== 'string' || typeof body.project_id !== 'string') return undefined
  if (id !== undefined && body.id.toLowerCase() !== id) return undefined
  return body.project_id.toLowerCase()
}
