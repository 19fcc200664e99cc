// What can be set, for a client and for one call. The core checks the values.
import type { ClientEvent } from './events.js'

/** Sends a request: what `fetch` does. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchedResponse>

/** What the client hands to `fetch`: plain strings and objects, so that any implementation will do. */
export interface FetchInit {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  headers: Record<string, string>
  body?: string
  /** Ends with the call: at its timeout, and when the caller's own signal is aborted. */
  signal?: AbortSignal
  /** Redirections are not followed: they could carry the key to another host. */
  redirect: 'manual'
}

/** What the client needs of a `Response`. */
export interface FetchedResponse {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  text(): Promise<string>
}

/** The options of a client. */
export interface ClientOptions extends RequestDefaults {
  /**
   * The secret key of an API key, or a function that gives one, which is asked again once after a 401.
   * Needed to call the service itself; a page should rather talk to a proxy that holds the key. It is
   * in no error, event or log.
   */
  secretKey?: string | (() => string | Promise<string>)
  /** A session token (JWT), sent instead of or beside the key. */
  sessionToken?: string
  /** The `fetch` to use. The global one, looked up at each call, if absent. */
  fetch?: Fetch
  /** How long one attempt may take, in milliseconds. 30,000 if absent. */
  timeoutMs?: number
  /**
   * How long a call may take with all its attempts, in milliseconds: 120,000 if absent, 300,000 for
   * what waits. Of a list that is iterated over: one page.
   */
  totalTimeoutMs?: number
  /** How often and how patiently requests are sent again; `false` sends everything once. */
  retry?: RetryOptions | false
  /** How many requests may be on their way at once. Any number if absent. */
  maxConcurrency?: number
  /** Is told of requests, answers, retries, waits and steps. It sees no secret. What it throws is dropped. */
  onEvent?: (event: ClientEvent) => void
  /** Follows the library's own name in the `User-Agent`. A page sends none. */
  userAgentSuffix?: string
}

/** What stands in for what a request leaves out. */
export interface RequestDefaults {
  /** Where the API is: a URL, or a path of the page's own origin. `https://api.scaleway.com` if absent. */
  baseUrl?: string
  /** The zone of requests that name none. */
  defaultZone?: string
  /** The Project of new flexible IPs. */
  defaultProjectId?: string
  /** The Organization. */
  defaultOrganizationId?: string
  /** The size of pages, 1 to 100. */
  defaultPageSize?: number
  /** Allows zones that this version does not know, as long as they are well-formed. */
  allowUnknownZones?: boolean
  /** Headers for every request, on top of the client's own. */
  headers?: Record<string, string>
}

/** The options of one call. */
export interface CallOptions {
  /** Ends the call: its promise rejects with the signal's own reason. */
  signal?: AbortSignal
  /** How long one attempt may take, in milliseconds. The client's `timeoutMs` if absent. */
  timeoutMs?: number
  /** How long the call may take with all its attempts, in milliseconds. The client's if absent. */
  totalTimeoutMs?: number
  /** What to change of the client's `retry`; `false` sends everything once. */
  retry?: Omit<RetryOptions, 'budget'> | false
  /** Is told of this call, beside the client's own `onEvent`. */
  onEvent?: (event: ClientEvent) => void
  /** Headers for this call, on top of the client's. */
  headers?: Record<string, string>
  /** Sends `duplicateMACAddr`, or `attach` and `detach` of several, without looking at the flexible IPs first. */
  skipPreflight?: boolean
}

/** The options of a call that makes a flexible IP. */
export interface CreateOptions extends CallOptions {
  /**
   * Makes it safe to send the request again, now or in another run: the flexible IP carries it as the
   * tag `idempotency:<key>`, and who has one already gets it back instead of another. 1 to 128
   * visible ASCII characters.
   */
  idempotencyKey?: string
}

/** How requests are sent again. The wait before is random, up to a bound that doubles each time. */
export interface RetryOptions {
  /** How many times a request is sent at most, the first included: 1 to 20. 4 if absent. */
  maxAttempts?: number
  /** The bound of the first wait, in milliseconds; 20 times of it after a 429. 50 if absent. */
  baseDelayMs?: number
  /** The longest wait, in milliseconds, unless the service asks for more. 20,000 if absent. */
  maxDelayMs?: number
  /**
   * The tokens that all calls of the client share: a retry costs 14, or 5 after a 429, and a success
   * gives back. Without tokens nothing is sent again. 500 if absent.
   */
  budget?: number
}
