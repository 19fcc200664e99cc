// The part of the platform's `fetch` that the client uses.

/** Sends a request: what `fetch` does. */
export type Fetch = (url: string, init: FetchInit) => Promise<FetchedResponse>

/** What the client passes to `fetch`: plain strings and objects, so that any implementation can be used. */
export interface FetchInit {
  /** The HTTP method. */
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** The headers, the credentials among them. */
  headers: Record<string, string>
  /** The JSON of the request, if it has a body. */
  body?: string
  /** Aborted when the call ends early: at its timeout, or when the caller's own signal is aborted. */
  signal?: AbortSignal
  /** No response comes from a cache. Absent where the platform's `fetch` refuses the field. */
  cache?: 'no-store'
  /** Redirections are not followed: they could carry the key to another host. */
  redirect: 'manual'
}

/** The part of a `Response` that the client uses. */
export interface FetchedResponse {
  /** The HTTP status. */
  readonly status: number
  /** The headers; `get` takes a name in any case. */
  readonly headers: { get(name: string): string | null }
  /** Reads the body. */
  text(): Promise<string>
}
