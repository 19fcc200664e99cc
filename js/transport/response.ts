// From a response to its completion.
import type { Completion } from './completion.js'
import type { FetchInit, FetchedResponse } from './fetch.js'
import { type Redaction, cleanBody } from './redaction.js'
import { shorten, textMax } from './shorten.js'

/** Reads a response. Throws a `TypeError` for what is not a `Response`, and for an opaque redirection. */
export function readResponse(method: FetchInit['method'], url: string, { status, headers }: FetchedResponse, raw: string, redaction: Redaction): Completion {
  // An opaque redirection has the status 0.
  if (!Number.isInteger(status) || status < 100 || status > 999 || typeof raw !== 'string') {
    throw new TypeError('fetch gave a redirection, or something that is no Response')
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
