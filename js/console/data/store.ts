// The one store of the fleet: a list of each zone in TanStack Query, which all views read.
import { type QueryClient, useQueries } from '@tanstack/react-query'
import { flexibleIpQueries } from 'flexip/query'
import type { FlexibleIP, FlexibleIpClient } from 'flexip/slim'
import { createContext, useContext, useMemo, useSyncExternalStore } from 'react'
import { type Connection, pageSize, zones } from './connection.js'
import { type ActivityLog, type LogEntry, withLog } from './log.js'
import type { Marks } from './marks.js'
import { noteReadingBegun, useSteps } from './row-marks.js'
import { noteAddresses } from './read-addresses.js'
import { readServers, type Server } from './servers.js'
import { useSlowDown } from './slow-down.js'

/** How often a zone is read: while something in it is under way, after a failure, and otherwise. */
const underWayMs = 2000
const againMs = 10_000
const restMs = 30_000
const serversMs = 60_000
const serversAgainMs = 15_000

export interface Store {
  readonly connection: Connection
  readonly client: FlexibleIpClient
  readonly cache: QueryClient
  readonly log: ActivityLog
  readonly marks: Marks
  /** Has a zone read again soon. */
  readonly refresh: (zone: string) => void
}

export const StoreContext = createContext<Store | undefined>(undefined)

export function useStore(): Store {
  const store = useContext(StoreContext)
  if (!store) throw new Error('there is no connection')
  return store
}

/** Whether a transition of a flexible IP or of its MAC address is under way. */
export function isUnderWay({ status, macAddress }: FlexibleIP): boolean {
  return status === 'updating' || status === 'detaching' || macAddress?.status === 'updating' || macAddress?.status === 'deleting'
}

export interface Fleet {
  /** The flexible IPs of the zones that were read. */
  readonly ips: readonly FlexibleIP[]
  /** No zone was read yet. */
  readonly isLoading: boolean
  /** Each zone was read, or could not be. */
  readonly isWhole: boolean
  /** The zones that were not read yet, and have not failed. */
  readonly waiting: readonly string[]
  /** The zones that could not be read at the last try. */
  readonly failures: readonly { readonly zone: string; readonly error: Error }[]
  readonly underWay: number
  /** No zone could be read. */
  readonly isUnread: boolean
  /** When the zones were read, the oldest reading of them. */
  readonly readAt: number
  readonly refresh: () => void
  /** A reading is under way. */
  readonly isReading: boolean
}

/** The fleet. Each zone is one query, however many rows wait for it. */
export function useFleet(): Fleet {
  const { client, connection } = useStore()
  // Changes go first while the service asks for fewer requests.
  const isPaused = useSlowDown() !== undefined
  // A step may be without an answer, and the list without a sign of it.
  const steps = useSteps()
  const queries = useMemo(() => flexibleIpQueries(client, { scope: connection.scope }), [client, connection])
  const results = useQueries({
    queries: zones.map((zone) => {
      const { queryFn, ...options } = queries.listAll({ zone, pageSize })
      return {
        ...options,
        queryFn: async (context: { signal: AbortSignal }) => {
          noteReadingBegun(zone)
          const list = await queryFn(context)
          noteAddresses(list)
          return list
        },
        structuralSharing: (before: unknown, after: unknown) => sameWhereUnchanged(before as FlexibleIP[] | undefined, after as FlexibleIP[]),
        refetchInterval: ({ state }: { state: { data: FlexibleIP[] | undefined; status: string } }) => (isPaused ? false : state.data?.some((ip) => isUnderWay(ip) || steps.has(ip.id)) ? underWayMs : state.status === 'error' ? againMs : restMs),
      }
    }),
  })
  const lists = results.map(({ data }) => data)
  // The lists are the dependencies, one for each zone.
  const ips = useMemo(() => lists.flatMap((list) => list ?? []), lists)
  const underWay = useMemo(() => ips.filter(isUnderWay).length, [ips])
  const readings = results.filter(({ data }) => data !== undefined).map(({ dataUpdatedAt }) => dataUpdatedAt)
  return {
    ips,
    isLoading: results.some(({ isPending }) => isPending) && ips.length === 0,
    isWhole: results.every(({ isPending }) => !isPending),
    waiting: results.flatMap(({ isPending }, index) => (isPending ? [zones[index] ?? ''] : [])),
    failures: results.flatMap(({ error }, index) => (error ? [{ zone: zones[index] ?? '', error }] : [])),
    isUnread: results.every(({ data, isPending }) => data === undefined && !isPending),
    underWay,
    readAt: readings.length === 0 ? 0 : Math.min(...readings),
    isReading: results.some(({ isFetching }) => isFetching),
    refresh: () => void Promise.all(results.map(({ refetch }) => refetch())),
  }
}

// An unchanged flexible IP stays the same object, and an unchanged list the same list, so that rows are not drawn again.
function sameWhereUnchanged(before: FlexibleIP[] | undefined, after: FlexibleIP[]): FlexibleIP[] {
  if (!before) return after
  const known = new Map(before.map((ip) => [ip.id, ip]))
  const merged = after.map((ip) => {
    const old = known.get(ip.id)
    return old && JSON.stringify(old) === JSON.stringify(ip) ? old : ip
  })
  return merged.length === before.length && merged.every((ip, index) => ip === before[index]) ? before : merged
}

/** The lists of servers, one for each zone. */
function useServerLists() {
  const { connection, log } = useStore()
  return useQueries({
    queries: zones.map((zone) => ({
      queryKey: ['servers', connection.scope, zone],
      queryFn: ({ signal }: { signal: AbortSignal }) => readServers({ ...connection, fetch: withLog(log, 'listServers', connection.fetch) }, zone, signal),
      refetchInterval: ({ state }: { state: { status: string } }) => (state.status === 'error' ? serversAgainMs : serversMs),
    })),
  })
}

/** The zones whose servers could not be read at the last try. Names that were read before stay. */
export function useServerFailures(): Fleet['failures'] {
  return useServerLists().flatMap(({ error }, index) => (error ? [{ zone: zones[index] ?? '', error }] : []))
}

/** The zones whose servers were not read yet, and have not failed. */
export function useServersWaiting(): readonly string[] {
  return useServerLists().flatMap(({ isPending }, index) => (isPending ? [zones[index] ?? ''] : []))
}

/** Whether the servers of each zone were read, or could not be. */
export function useAreServersRead(): boolean {
  return useServerLists().every(({ isPending }) => !isPending)
}

/** The servers of all zones, by id. */
export function useServers(): ReadonlyMap<string, Server> {
  const results = useServerLists()
  const lists = results.map(({ data }) => data)
  // The lists are the dependencies, one for each zone.
  return useMemo(() => new Map(lists.flatMap((list) => list ?? []).map((server) => [server.id, server])), lists)
}

/** The name of a server; the beginning of its id if the key cannot read servers. */
export function useServerName(): (id: string) => string {
  const servers = useServers()
  return useMemo(() => (id: string) => servers.get(id)?.name ?? id.slice(0, 8), [servers])
}

/** The name of a server as the service has it, for files. */
export function useExactName(): (id: string) => string {
  const servers = useServers()
  return useMemo(() => (id: string) => servers.get(id)?.exactName ?? id.slice(0, 8), [servers])
}

/** The ids of the servers that are failing: marked, or reported by the service. */
export function useFailing(): ReadonlySet<string> {
  const { marks } = useStore()
  const marked = useSyncExternalStore(marks.subscribe, marks.marked)
  const servers = useServers()
  const ids = [...new Set([...marked, ...[...servers.values()].filter(({ status }) => status === 'error').map(({ id }) => id)])].sort().join(' ')
  // The same object while the same servers are failing: rows are sorted by it.
  return useMemo(() => new Set(ids === '' ? [] : ids.split(' ')), [ids])
}

export function useLog(): readonly LogEntry[] {
  const { log } = useStore()
  return useSyncExternalStore(log.subscribe, log.entries)
}
