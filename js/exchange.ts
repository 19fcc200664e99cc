// What the core begins: exchanges, sleeps, and listening to the caller's signal. Each ends in exactly
// one way, whatever `fetch` does, and leaves no timer and no listener behind. What the end means is
// for the core.
import { Ended, type Ending } from './ending.js'
import { type Watched, type Watcher, tell, tellRequest, tellResponse } from './events.js'
import type { Fetch, FetchInit, FetchedResponse } from './options.js'
import { outline } from './outline.js'

/** The options that the core must not see. Those that cannot even be read, it refuses itself. */
export interface Kept {
  fetch?: Fetch | undefined
  secretKey?: string | (() => string | Promise<string>) | undefined
  sessionToken?: string | undefined
  maxConcurrency?: number | undefined
  onEvent?: Watcher | undefined
}

const wordsMax = 400

/** Makes what the core sends, sleeps and listens with. It tells `ended` once for each number that the core gave. */
export function edge({ fetch, secretKey, sessionToken, maxConcurrency, onEvent }: Kept, ended: (number: number, ending: Ending) => void) {
  const key = new Key(secretKey)
  const slots = maxConcurrency === undefined ? undefined : new Slots(maxConcurrency)

  function exchange(
    url: string,
    method: FetchInit['method'],
    headers: Readonly<Record<string, string>>,
    body: string | undefined,
    timeoutMs: number,
    number: number,
    renewsKey: boolean,
    watched: Watched | undefined,
  ): () => void {
    const { init, stop: stopFetch } = prepared(method, { ...headers }, body)
    const began = watched && performance.now()
    let secret: string | undefined
    let asking = false
    let sent = false
    let over = false
    let leave: (() => void) | undefined
    const end = (ending: Ending) => {
      if (over) return
      over = true
      clearTimeout(timer)
      // A `fetch` that never ends must not hold the place of others.
      leave?.()
      if (watched) tellResponse(onEvent, watched, { method, url, ending, durationMs: performance.now() - (began ?? 0) })
      ended(number, ending)
    }
    const stop = () => {
      if (over) return
      if (asking) key.forget()
      end({ how: Ended.timedOut, status: 0, words: '', unsent: !sent })
      stopFetch()
    }
    const timer = setTimeout(stop, timeoutMs)
    const secrets = () => [secret, sessionToken].filter((secret) => secret !== undefined)
    const send = async () => {
      leave = slots && (await slots.enter())
      // It took too long, or the caller gave up meanwhile: nothing is sent.
      if (over) {
        leave?.()
        throw new Error('over')
      }
      asking = true
      secret = await key.give(renewsKey)
      asking = false
      if (over) throw new Error('over')
      if (watched) tellRequest(onEvent, watched, { method, url, headers: init.headers })
      if (secret !== undefined) init.headers['X-Auth-Token'] = secret
      if (sessionToken !== undefined) init.headers['X-Session-Token'] = sessionToken
      sent = true
      // Looked up here, so that a global fetch may be replaced at any time.
      const response = await (fetch ?? globalThis.fetch)(url, init)
      return answer(method, url, response, await response.text(), secrets())
    }
    send().then(end, (thrown: unknown) => {
      const words = without(secrets(), inWords(thrown)).slice(0, wordsMax)
      end({ how: Ended.broken, status: 0, words, unsent: !sent, cause: secrets().some((secret) => holds(thrown, secret)) ? new Error(words) : thrown })
    })
    return stop
  }

  function sleep(ms: number, number: number): () => void {
    const timer = setTimeout(() => ended(number, { how: Ended.woke, status: 0, words: '' }), ms)
    return () => clearTimeout(timer)
  }

  /** Gives nothing if the signal is aborted already. */
  function listen(signal: AbortSignal, number: number): (() => void) | undefined {
    if (signal.aborted) return undefined
    const abort = () => ended(number, { how: Ended.aborted, status: 0, words: '' })
    signal.addEventListener('abort', abort)
    return () => signal.removeEventListener('abort', abort)
  }

  return {
    exchange,
    sleep,
    listen,
    outline,
    now: () => performance.now(),
    watches: (own: unknown) => onEvent !== undefined || typeof own === 'function',
    tell: (own: Watcher | undefined, event: Parameters<Watcher>[0]) => tell(onEvent, own, event),
  }
}

/** A key that is given by a function: asked for once, and anew when the core says that it was refused. */
class Key {
  readonly #secretKey: Kept['secretKey']
  #asked: Promise<string> | undefined

  constructor(secretKey: Kept['secretKey']) {
    this.#secretKey = secretKey
  }

  give(anew: boolean): string | undefined | Promise<string> {
    const secretKey = this.#secretKey
    if (typeof secretKey !== 'function') return secretKey
    if (anew || !this.#asked) {
      const asked = (async () => credential(await secretKey()))()
      this.#asked = asked
      asked.catch(() => this.forget(asked))
    }
    return this.#asked
  }

  /** A question that failed, or was not answered in time, is asked again by the next call. */
  forget(asked = this.#asked): void {
    if (this.#asked === asked) this.#asked = undefined
  }
}

/** How many exchanges may be on their way at once; the others wait for their turn. */
class Slots {
  #free: number
  #waiting: (() => void)[] = []

  constructor(count: number) {
    this.#free = count
  }

  /** Gives the function that leaves. */
  async enter(): Promise<() => void> {
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    return () => {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free++
    }
  }
}

/** What `fetch` gets, and how to abort it. */
function prepared(method: FetchInit['method'], headers: Record<string, string>, body: string | undefined) {
  let controller: AbortController | undefined
  const init: FetchInit = {
    method,
    headers,
    // Followed, a redirection could carry the key to another host.
    redirect: 'manual',
    // Made when `fetch` asks for it: in Node one costs as much as a third of a call that needs none.
    // A getter of the object itself, so that `{ ...init }` in a wrapped `fetch` has it too.
    get signal() {
      return (controller ??= new AbortController()).signal
    },
  }
  if (body !== undefined) init.body = body
  // Made here at the latest: a wrapped `fetch` may look at the signal later.
  return { init, stop: () => (controller ??= new AbortController()).abort() }
}

function answer(method: string, url: string, { status, headers }: FetchedResponse, text: string, secrets: string[]): Ending {
  // An opaque redirection has the status 0.
  if (!Number.isInteger(status) || status < 100 || status > 999 || typeof text !== 'string') {
    throw new TypeError('fetch gave a redirection, or something that is no Response')
  }
  let body = parsed(text)
  let words = ''
  // Some gateways show the request in the page that refuses it.
  if (status < 200 || status > 299 || body === undefined) {
    const clean = without(secrets, text)
    body = parsed(clean)
    if (body === undefined) words = clean.slice(0, wordsMax)
  }
  return { how: Ended.answered, method, url, status, headers, body, words }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function credential(key: unknown): string {
  if (typeof key === 'string' && /^[!-~]+$/.test(key)) return key
  throw new TypeError('the function secretKey gave no key')
}

/** What was thrown, in words; for an error, its message and its cause's. Anything can be thrown. */
function inWords(thrown: unknown): string {
  try {
    const { message, cause } = Object(thrown) as { message?: unknown; cause?: { message?: unknown; code?: unknown } }
    const because = cause?.message || cause?.code
    const words = typeof message === 'string' && message ? message : String(thrown)
    return because ? `${words}: ${String(because)}` : words
  } catch {
    return 'something that has no text'
  }
}

/** Words without secrets, whoever wrote them. Before they are cut: else the beginning of one could stay. */
function without(secrets: string[], words: string): string {
  return secrets.reduce((clean, secret) => clean.replaceAll(secret, '[secret]'), words)
}

/** Whether a secret stands in what was thrown: some clients add the whole request to their errors. */
function holds(thrown: unknown, secret: string, depth = 5): boolean {
  if (typeof thrown === 'string') return thrown.includes(secret)
  if (typeof thrown !== 'object' || thrown === null || ArrayBuffer.isView(thrown) || depth === 0) return false
  try {
    const parts = thrown instanceof Headers ? [...thrown.values()] : Object.values(Object.getOwnPropertyDescriptors(thrown))
    return parts.some((part) => holds(typeof part === 'string' ? part : part.value, secret, depth - 1))
  } catch {
    // A proxy that lets nobody look.
    return false
  }
}
