// How what the core begins can end.
import type { FetchedResponse } from './options.js'

/** How something can end. The core knows these numbers. */
export const Ended = { answered: 0, broken: 1, timedOut: 2, aborted: 3, woke: 4 } as const

/** An end, as the core reads it. */
export interface Ending {
  how: (typeof Ended)[keyof typeof Ended]
  /** The method and the URL of the request, where an answer came. */
  method?: string
  url?: string
  /** The status of the answer. */
  status: number
  /** The headers of the answer, as they came. */
  headers?: FetchedResponse['headers'] | undefined
  /** The parsed body, if it is JSON. */
  body?: unknown
  /** Whether it ended before anything was sent. */
  unsent?: boolean
  /** The beginning of a body that is not JSON; what broke the exchange, in words. */
  words: string
  /** What broke it: what `fetch` threw. */
  cause?: unknown
}
