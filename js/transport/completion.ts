// How an exchange ended.
import type { FetchedResponse } from './fetch.js'

/** How an exchange ended. */
export interface Completion {
  kind: 'answered' | 'broken' | 'timedOut' | 'aborted'
  /** The method and the URL of the request. Only where a response came. */
  method?: string
  url?: string
  /** The status of the response; 0 without one. */
  status: number
  /** The headers of the response, as they came. */
  headers?: FetchedResponse['headers'] | undefined
  /** The parsed body of the response, if it is JSON. */
  body?: unknown
  /** Whether it is certain that the request was not sent. */
  unsent?: boolean
  /** Whether `fetch` was not called: then there was no attempt. */
  withheld?: boolean
  /** The beginning of a body that is not JSON, or the message of what broke the exchange. */
  text: string
  /** How long the response was waited for, in milliseconds. Only where the timeout passed. */
  limitMs?: number
  /** A copy of what `fetch` threw, without secrets. */
  cause?: Error
}

/** A response. */
export interface Answer extends Completion {
  kind: 'answered'
  method: string
  url: string
  headers: FetchedResponse['headers']
}

/** Whether a completion is a response with the status of a success. */
export function isSuccess({ kind, status }: Completion): boolean {
  return kind === 'answered' && status > 199 && status < 300
}
