// The options of a client and of one call. The core checks their values.
import type { Zone } from '../../build/client/flexip.js'
import type { ClientEvent, RetryEvent } from '../transport/events.js'
import type { Fetch } from '../transport/fetch.js'

/** The options of a client. */
export interface ClientOptions extends RequestDefaults {
  /**
   * The secret key of an API key, or a function that returns one and is called once more after a 401.
   * Required for requests to the service itself; a page should use a proxy that holds the key. No error,
   * event or log contains it.
   */
  secretKey?: string | (() => string | Promise<string>)
  /** A session token (JWT), sent instead of the key or beside it. */
  sessionToken?: string
  /** The `fetch` to use. If absent, the global one, which is read at each request. */
  fetch?: Fetch
  /** The timeout of one attempt, in milliseconds, from the sending. A `secretKey` function has the same time before it. 30,000 if absent. */
  timeoutMs?: number
  /**
   * The timeout of a call with all its attempts, in milliseconds. If absent, 120,000, and 300,000 for
   * waits and moves. For a list that is iterated over, it applies to each page.
   */
  totalTimeoutMs?: number
  /**
   * How long the effect of a change may stay away after its response was lost, in milliseconds. "Not done" is
   * concluded only afterwards. If absent, a time for each operation that is longer than the service was ever
   * seen to take: 10,000, duplicate 15,000, detach 20,000, delete 45,000, attach 60,000.
   */
  settlingMs?: number
  /** How failed requests are retried; `false` sends every request once. */
  retry?: RetryOptions | false
  /** How many requests may run at once. Others wait for a slot, at most until the deadline of their call. No limit if absent. */
  maxConcurrency?: number
  /** Receives an event for each request, response, retry, poll and step. Events hold no secret. What it throws is dropped. */
  onEvent?: (event: ClientEvent) => void
  /** Added after the library's name in the `User-Agent` header. The client does not set this header in a page. */
  userAgentSuffix?: string
}

/** Headers: an object of strings, or a `Headers` of the platform or of a package such as undici. */
export type HeadersOption = Readonly<Record<string, string>> | HeadersLike

/** What a `Headers` has. */
export interface HeadersLike {
  /** The value of a header. */
  get(name: string): string | null
  /** Whether there is such a header. */
  has(name: string): boolean
  /** The headers, each with its value. */
  entries(): Iterator<[string, string]>
}

/** Defaults for the fields that a request leaves out, and where requests go. */
export interface RequestDefaults {
  /** The address of the API: a URL, or a path of the page's origin. `https://api.scaleway.com` if absent. */
  baseUrl?: string
  /** The zone of requests without a zone. */
  defaultZone?: Zone
  /** The Project of new flexible IPs without a Project. */
  defaultProjectId?: string
  /** The default Organization. */
  defaultOrganizationId?: string
  /** The page size of lists, 1 to 100. */
  defaultPageSize?: number
  /** Allows well-formed zones that this version does not know. */
  allowUnknownZones?: boolean
  /** Further headers for every request: an object, or a `Headers`. */
  headers?: HeadersOption
}

/** The values of a client for fields that a request leaves out. */
export interface ClientDefaults {
  /** The zone. */
  readonly zone?: Zone
  /** The Project of new flexible IPs. */
  readonly projectId?: string
  /** The page size of lists. */
  readonly pageSize?: number
}

/** The options of one call. */
export interface CallOptions {
  /** Aborts the call: its promise rejects with the signal's reason. */
  signal?: AbortSignal
  /** The timeout of one attempt, in milliseconds. The client's `timeoutMs` if absent. */
  timeoutMs?: number
  /** The timeout of the call with all its attempts, in milliseconds. The client's if absent. */
  totalTimeoutMs?: number
  /** How long the effect of a change may stay away after its response was lost. The client's if absent. */
  settlingMs?: number
  /** Overrides fields of the client's `retry`; `false` sends every request once. */
  retry?: Omit<RetryOptions, 'budget'> | false
  /** Receives the events of this call, in addition to the client's `onEvent`. */
  onEvent?: (event: ClientEvent) => void
  /**
   * Called right before a change is sent again, after the backoff, with the last `retry` event of its operation. The
   * change is sent once the function has returned or its promise has resolved; it counts towards `totalTimeoutMs`. What
   * it throws, or rejects with, ends the call as an abort with that reason does, and nothing more is sent. It may use
   * the same client. Requests that only read are sent again without it.
   *
   * @example
   * const seen = await client.getFlexibleIP({ fipId })
   * await client.deleteFlexibleIP({ fipId }, {
   *   beforeRetry: async () => {
   *     const now = await client.getFlexibleIP({ fipId })
   *     if (now.description !== seen.description) throw new Error('it is in use again')
   *   },
   * })
   */
  beforeRetry?: (retry: RetryEvent) => void | Promise<void>
  /** Further headers for this call: an object, or a `Headers`. They override the client's. */
  headers?: HeadersOption
  /** Skips the preflight of `duplicateMACAddr`, and of `attachFlexibleIP` and `detachFlexibleIP` with several flexible IPs. */
  skipPreflight?: boolean
}

/** The options of a call that creates a flexible IP. */
export interface CreateOptions extends CallOptions {
  /**
   * Makes a retry safe, also in another run of the program: the flexible IP carries the key as the tag
   * `idempotency:<key>`, and a further create with the same key and request returns that flexible IP. One with
   * another request is refused: a second tag, `idempotency-request:<number>`, has a digest of it. Calls of one
   * client with the same key share one create while it is under way. After an abort or an
   * `AmbiguousResultError`, the settling time must pass before the same key is used again: the first request
   * may still take effect unseen. 1 to 128 visible ASCII characters.
   */
  idempotencyKey?: string
}

/** How requests are retried. The backoff is random, up to a bound that doubles with each retry. */
export interface RetryOptions {
  /** The maximum number of attempts, including the first: 1 to 20. 4 if absent. */
  maxAttempts?: number
  /** The bound of the first backoff, in milliseconds. After a 429 it is 20 times as long. 50 if absent. */
  baseDelayMs?: number
  /** The longest backoff, in milliseconds, unless the service asks for a longer one. 20,000 if absent. */
  maxDelayMs?: number
  /**
   * The tokens that all calls of the client share. A retry costs 14, or 5 after a 429, and a success
   * returns some. Without enough tokens, no request is retried. 500 if absent.
   */
  budget?: number
}
