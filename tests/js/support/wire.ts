// The far end of the wire: a `fetch` that records what was sent and responds as the test says.
import { type ClientOptions, type Fetch, type FetchInit, FlexibleIpClient } from 'flexip'
import { projectId } from './bodies.js'

export const secretKey = '11111111-2222-4333-8444-555555555555'
export const requestId = '0b1c2d3e-4f50-4617-8293-a4b5c6d7e8f9'

/** A request as it left the client. */
export interface Sent {
  method: string
  url: URL
  headers: Record<string, string>
  /** The JSON of the body, if there was one. */
  body: unknown
  init: FetchInit
}

/** The zone that a request asks for. */
export function zoneOf({ pathname }: URL): string {
  return /\/zones\/([^/]+)\//.exec(pathname)?.[1] ?? ''
}

/** A `fetch` that gives whatever `answer` gives, also when that is no answer at all. */
export function farEnd(answer: (sent: Sent) => unknown = () => json(500, { message: 'no answer was set' })): { fetch: Fetch; sent: Sent[] } {
  const sent: Sent[] = []
  const fetch = async (url: string, init: FetchInit): Promise<Response> => {
    const body: unknown = init.body === undefined ? undefined : JSON.parse(init.body)
    const request = { method: init.method, url: new URL(url, 'http://page.invalid'), headers: init.headers, body, init }
    sent.push(request)
    return (await answer(request)) as Response
  }
  return { fetch, sent }
}

/** A client whose requests go to this `fetch`, each of them once: what comes of a retry is tested on its own. */
export function clientOf(fetch: Fetch, options: ClientOptions = {}): FlexibleIpClient {
  return new FlexibleIpClient({ secretKey, fetch, defaultZone: 'fr-par-1', defaultProjectId: projectId, retry: false, ...options })
}

/** An answer as the service sends it. */
export function json(status: number, body?: unknown, headers: Record<string, string> = {}): Response {
  return text(status, body === undefined ? null : JSON.stringify(body), headers)
}

/** An answer with any text for a body. */
export function text(status: number, body: string | null, headers: Record<string, string> = {}): Response {
  const all = { 'Content-Type': 'application/json', 'X-Request-Id': requestId, ...headers }
  return new Response(body === '' ? null : body, { status, headers: all })
}

/** What a promise rejects with; an error if it does not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  let value: unknown
  try {
    value = await promise
  } catch (thrown) {
    return thrown
  }
  throw new Error(`a rejection was expected, and it resolved with ${JSON.stringify(value)}`)
}

/** What a promise rejects with, which must be of this class. */
export async function failure<E>(promise: Promise<unknown>, Class: abstract new (...args: never[]) => E): Promise<E> {
  const thrown = await rejection(promise)
  if (thrown instanceof Class) return thrown
  throw new Error(`another error was expected, not ${String(thrown)}`, { cause: thrown })
}
