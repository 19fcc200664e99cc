// From a response to its completion.
import { type Completion, CompletionKind } from './completion.js'
import type { FetchInit, FetchedResponse } from './fetch.js'
import { type Redaction, noteClean } from './redaction.js'

/** The most characters of a text that is not JSON. */
export const textMax = 400

/** Reads a response. Throws a `TypeError` for what is not a `Response`, and for an opaque redirection. */
export function readResponse(method: FetchInit['method'], url: string, { status, headers }: FetchedResponse, raw: string, { finds, clean }: Redaction): Completion {
  // An opaque redirection has the status 0.
  if (!Number.isInteger(status) || status < 100 || status > 999 || typeof raw !== 'string') {
    throw new TypeError('fetch gave a redirection, or something that is no Response')
  }
  const body = parseJson(raw)
  if (status > 199 && status < 300 && body !== undefined) {
    if (finds(raw)) noteClean(body, parseJson(clean(raw)))
    return { kind: CompletionKind.Answered, method, url, status, headers, body, text: '' }
  }
  // Some gateways repeat the request in the body or the headers of a refusal.
  const shown = clean(raw)
  const cleanBody = parseJson(shown)
  return { kind: CompletionKind.Answered, method, url, status, headers: withoutSecrets(headers, clean), body: cleanBody, text: cleanBody === undefined ? shown.slice(0, textMax) : '' }
}

function withoutSecrets(headers: FetchedResponse['headers'], clean: Redaction['clean']): FetchedResponse['headers'] {
  return {
    get: (name) => {
      const value: unknown = headers.get(name)
      return typeof value === 'string' ? clean(value) : null
    },
  }
}

function parseJson(text: string): unknown {
  try {
    // Some gateways put a byte order mark before the JSON, and not every `fetch` removes it.
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
  } catch {
    return undefined
  }
}
