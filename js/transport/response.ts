// From a response to its completion.
import type { Answer } from './completion.js'
import type { FetchInit, FetchedResponse } from './fetch.js'
import { type Redaction, cleanBody } from './redaction.js'
import { shorten, textMax } from './shorten.js'

/** The body of a response as a text. Throws a `TypeError` for what is not a `Response`. */
export function readText(response: FetchedResponse): Promise<string> {
  if (typeof (Object(response) as FetchedResponse).text !== 'function') throw new TypeError(noResponse)
  return isPlatforms(response) && response.body && !response.bodyUsed ? readStream(response.body.getReader()) : response.text()
}

function isPlatforms(response: FetchedResponse): response is Response {
  return platform !== undefined && Object.getPrototypeOf(Object(response)) === platform.prototype && response.text === platform.text
}

/**
 * What responses are made of in Node, where `text` is written in JavaScript and takes twice the time of the stream's
 * reader. A `Response` that is replaced, patched or of a package is not read in this way.
 */
const platform = /* @__PURE__ */ (() => {
  const { process, Response } = globalThis as { process?: { versions?: { node?: string } }; Response?: typeof globalThis.Response }
  return process?.versions?.node === undefined || !Response ? undefined : { prototype: Response.prototype, text: Response.prototype.text }
})()

let utf8: TextDecoder | undefined

async function readStream(reader: ReadableStreamDefaultReader): Promise<string> {
  let bytes = new Uint8Array()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return (utf8 ??= new TextDecoder()).decode(bytes)
    if (!isBytes(value)) throw new TypeError('the body of the response has something that is no bytes')
    bytes = bytes.length === 0 ? value : joined(bytes, value)
  }
}

/** Also of another realm: with jsdom, tests have another `Uint8Array` than the platform's streams. */
function isBytes(value: unknown): value is Uint8Array<ArrayBuffer> {
  return ArrayBuffer.isView(value) && (value as Uint8Array)[Symbol.toStringTag] === 'Uint8Array'
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  return bytes
}

const noResponse = 'fetch gave a redirection, or something that is no Response'

/** Reads a response. Throws a `TypeError` for one without a status or a text, and for an opaque redirection. */
export function readResponse(method: FetchInit['method'], url: string, { status, headers }: FetchedResponse, raw: string, redaction: Redaction): Answer {
  // An opaque redirection has the status 0.
  if (!Number.isInteger(status) || status < 100 || status > 999 || typeof raw !== 'string') {
    throw new TypeError(noResponse)
  }
  const body = parseJson(raw)
  if (status > 199 && status < 300 && body !== undefined) return { kind: 'answered', method, url, status, headers, body, text: '' }
  // Some gateways repeat the request in the body or the headers of a refusal.
  const clean = withoutSecrets(headers, redaction.clean)
  if (body !== undefined) return { kind: 'answered', method, url, status, headers: clean, body: cleanBody(body, redaction), text: '' }
  return { kind: 'answered', method, url, status, headers: clean, text: shorten(redaction.clean(raw), textMax) }
}

function withoutSecrets(headers: FetchedResponse['headers'], clean: Redaction['clean']): FetchedResponse['headers'] {
  return {
    get: (name) => {
      const value: unknown = headers.get(name)
      return typeof value === 'string' ? clean(value) : null
    },
  }
}

/** Parses JSON; `undefined` for any other text. */
function parseJson(text: string): unknown {
  try {
    // Some gateways put a byte order mark before the JSON, and not every `fetch` removes it.
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
  } catch {
    return undefined
  }
}
