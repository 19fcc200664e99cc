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
    // An escape in JSON can hide a secret from the search.
    if (finds(raw) || raw.includes('\\')) noteClean(body, parseJson(clean(raw), clean))
    return { kind: CompletionKind.Answered, method, url, status, headers, body, text: '' }
  }
  // Some gateways repeat the request in the body or the headers of a refusal.
  const shown = clean(raw)
  const cleanBody = parseJson(shown, clean)
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

/** Parses JSON, and replaces its texts by what `clean` makes of them. */
function parseJson(text: string, clean?: Redaction['clean']): unknown {
  const revive = clean && ((_: string, value: unknown) => (typeof value === 'string' ? clean(value) : value))
  try {
    // Some gateways put a byte order mark before the JSON, and not every `fetch` removes it.
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text, revive)
  } catch {
    return undefined
  }
}
