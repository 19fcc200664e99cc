// The options of queries.
import type { AllZones } from '../client/all-zones.js'
import type { FlexibleIpClient } from '../client/client.js'
import type { FlexibleIP, GetFlexibleIPRequest, ListFlexibleIPsRequest, ListFlexibleIPsResponse } from '../client/types.js'
import { flexibleIpKeys } from './keys.js'
import { idOf } from './known-ips.js'

/** What tells the clients of one `QueryClient` apart, such as the name of an account. Its absence is a scope too. */
export interface QueryScope {
  /** The scope, which is part of every key. Never a secret: keys are shown by tools and may be stored. */
  scope?: string
}

/** What TanStack Query passes to a query function. */
export interface QueryContext {
  /** Aborted when nothing needs the result any more. */
  readonly signal: AbortSignal
}

// The client retries by its own rules; a second layer would multiply the attempts.
const retry = false

/**
 * Makes the options of queries, for `useQuery`, `useInfiniteQuery`, `fetchQuery` and others of TanStack Query 5.
 *
 * @example
 * const queries = flexibleIpQueries(client)
 * const { data } = useQuery(queries.list({ zone: 'fr-par-1', tags: ['prod'] }))
 */
export function flexibleIpQueries(client: FlexibleIpClient, { scope = '' }: QueryScope = {}) {
  const { lists, ips } = flexibleIpKeys(scope)
  const { zone, pageSize } = client.defaults
  // With the client's defaults: they are a part of the question.
  const inZone = <Request extends { zone?: string }>(request: Request) => withDefault(request, 'zone', zone)
  const ofSize = <Request extends { pageSize?: number }>(request: Request) => withDefault(request, 'pageSize', pageSize)
  return {
    /** One flexible IP. */
    get: (request: GetFlexibleIPRequest) => ({
      queryKey: [...ips, withId(inZone(request))] as const,
      queryFn: ({ signal }: QueryContext): Promise<FlexibleIP> => client.getFlexibleIP(request, { signal }),
      retry,
    }),
    /** One page of a zone. */
    list: (request: ListFlexibleIPsRequest = {}) => ({
      queryKey: [...lists, 'page', ofSize(inZone(request))] as const,
      queryFn: ({ signal }: QueryContext): Promise<ListFlexibleIPsResponse> => client.listFlexibleIPs(request, { signal }).then((page) => page),
      retry,
    }),
    /** The whole list of a zone. */
    listAll: (request: Omit<ListFlexibleIPsRequest, 'page'> = {}) => ({
      queryKey: [...lists, 'whole', ofSize(inZone(request))] as const,
      queryFn: ({ signal }: QueryContext): Promise<FlexibleIP[]> => client.listFlexibleIPs(request, { signal }).all(),
      retry,
    }),
    /** The lists of all zones. */
    listAllZones: (request: Omit<ListFlexibleIPsRequest, 'zone' | 'page'> = {}) => ({
      queryKey: [...lists, 'zones', ofSize(request)] as const,
      queryFn: ({ signal }: QueryContext): Promise<AllZones> => client.listAllZones(request, { signal }),
      retry,
    }),
    /** A list of a zone that grows by pages. */
    infiniteList: (request: Omit<ListFlexibleIPsRequest, 'page'> = {}) => ({
      queryKey: [...lists, 'pages', ofSize(inZone(request))] as const,
      queryFn: ({ signal, pageParam }: QueryContext & { readonly pageParam: number }): Promise<ListFlexibleIPsResponse> =>
        client.listFlexibleIPs({ ...request, page: pageParam }, { signal }).then((page) => page),
      initialPageParam: 1,
      getNextPageParam: (last: ListFlexibleIPsResponse, pages: readonly ListFlexibleIPsResponse[], lastPage: number): number | undefined => {
        const read = pages.reduce((sum, { flexibleIps }) => sum + flexibleIps.length, 0)
        return last.flexibleIps.length > 0 && read < last.totalCount ? lastPage + 1 : undefined
      },
      retry,
    }),
  }
}

/** The request with a default where it has no such field. */
function withDefault<Request extends object, Field extends string, Value>(request: Request & { [F in Field]?: Value }, field: Field, value: Value | undefined): Request {
  return value === undefined || (request[field] ?? undefined) !== undefined ? request : { ...request, [field]: value }
}

/** The request with its id in small letters: the service takes capitals too. */
function withId(request: GetFlexibleIPRequest): GetFlexibleIPRequest {
  return { ...request, fipId: idOf(request.fipId) ?? request.fipId }
}
