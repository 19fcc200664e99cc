// The keys of the queries: what asks differently has another key.

/** The part of a `QueryClient` of TanStack Query that is used. */
export interface QueryCacheLike {
  /** The data of the queries whose keys begin so. */
  getQueriesData(filters: { queryKey: readonly unknown[] }): [key: readonly unknown[], data: unknown][]
  /** Has the queries that pass be read again. */
  invalidateQueries(filters: { predicate: (query: { readonly queryKey: readonly unknown[]; readonly state: { readonly data: unknown } }) => boolean }): Promise<void>
}

/** The beginnings of the keys, to invalidate or remove queries by. */
export interface FlexibleIpKeys {
  /** Of every query. */
  readonly all: readonly ['flexip', string]
  /** Of lists, whole or by page. */
  readonly lists: readonly ['flexip', string, 'list']
  /** Of single flexible IPs. */
  readonly ips: readonly ['flexip', string, 'ip']
}

/** Gives the beginnings of the keys. `scope` tells the clients of one `QueryClient` apart. */
export function flexibleIpKeys(scope = ''): FlexibleIpKeys {
  return { all: ['flexip', scope], lists: ['flexip', scope, 'list'], ips: ['flexip', scope, 'ip'] }
}
