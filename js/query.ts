// flexip/query: options for TanStack Query 5, as plain objects.
export type * from './client/types.js'
export { type MutationCall, type MutationOptionsOf, type MutationRequests, type MutationsOptions, flexibleIpMutations } from './query/mutations.js'
export { type QueryContext, type QueryScope, flexibleIpQueries } from './query/queries.js'
export { type FlexibleIpKeys, type QueryCacheLike, flexibleIpKeys } from './query/keys.js'
