// Where the fleet is: in the emulator that runs in this browser, or behind the proxy that serves this page.
import type { FetchedResponse, FetchInit } from 'flexip/slim'
import type { Controls } from './protocol.js'

/** The zones where flexible IPs are sold. */
export const zones = ['fr-par-1', 'fr-par-2', 'nl-ams-1', 'nl-ams-2', 'pl-waw-2', 'pl-waw-3'] as const

/** How many flexible IPs a page of a list has: the most that the API gives. */
export const pageSize = 100

/** The service, unless another is configured. */
export const defaultService = 'https://api.scaleway.com'

/** The service behind the proxy of the page, which other programs can call too. */
export interface Upstream {
  readonly address: string
  readonly isEmulator: boolean
}

/** What requests go through. */
export interface Connection {
  /** Part of the keys of queries, and of what is kept in the browser. */
  readonly scope: string
  /** The path before the API's own, on this origin; the address of the service for the emulator, which ignores it. */
  readonly baseUrl: string
  readonly secretKey?: string
  readonly projectId?: string
  readonly fetch: (url: string, init: FetchInit) => Promise<FetchedResponse>
  /** The servers that are failing at the start. */
  readonly failing: readonly string[]
  /** Nothing behind it is real. */
  readonly isEmulated: boolean
  /** Absent for the emulator that is only in this page. */
  readonly upstream?: Upstream
  /** Speed, faults and reset of the emulator; absent for the service. */
  readonly controls?: Controls
}
