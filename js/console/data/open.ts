// Makes the store: the client and the connection, which a page needs only after its first picture.
import { QueryClient } from '@tanstack/react-query'
import { flexibleIpKeys } from 'flexip/query'
import { type ClientEvent, type FetchInit, type FetchedResponse, type FlexibleIP, FlexibleIpClient, load } from 'flexip/slim'
import wasm from 'flexip/flexip.wasm?url'
import { dismissBulk, stopBulk } from './bulk.js'
import { type Connection, defaultService, pageSize, zones } from './connection.js'
import { connectEmulated } from './emulated.js'
import { ActivityLog } from './log.js'
import { Marks } from './marks.js'
import { endMoves, keepMoves } from './moves.js'
import { refresher } from './refresher.js'
import { fieldOf, forgetToken, noteSession, sessionHeaders } from './session.js'
import { noteReading, settleAll, withDoubts } from './row-marks.js'
import { noticeSlowDown } from './slow-down.js'
import { noteDate } from './service-clock.js'
import { startOver } from './started-over.js'
import type { Store } from './store.js'
import { joinTabs } from './tabs.js'

/** Tells other tabs that speed or faults of the emulated fleet have changed, in place of a zone. */
const behaviourChange = 'behaviour'

/** Tells other tabs that the emulated fleet was reset. */
const resetChange = 'reset'

/** Connects, and makes the store. */
export async function openStore(): Promise<Store> {
  const [connection] = await Promise.all([connect(), load(wasm)])
  const log = new ActivityLog()
  noticeSlowDown(log)
  const marks = new Marks(connection.scope, connection.failing)
  const cache = new QueryClient({ defaultOptions: { queries: { staleTime: 1000, retry: false, refetchOnWindowFocus: true, refetchOnReconnect: 'always' } } })
  const { lists } = flexibleIpKeys(connection.scope)
  cache.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || event.action.type !== 'success' || !lists.every((part, at) => event.query.queryKey[at] === part)) return
    const { zone = '' } = event.query.queryKey.at(-1) as { readonly zone?: string }
    const done = Array.isArray(event.query.state.data) ? noteReading(zone, event.query.state.data as FlexibleIP[]) : []
    if (done.length > 0) log.add({ type: 'readDone', fipsIds: done })
  })
  const refresh = refresher((zone) => cache.invalidateQueries({ queryKey: [...lists, 'whole', { zone, pageSize }] }))
  const tabs = joinTabs(connection.scope, (what) => {
    if (what === behaviourChange) void cache.invalidateQueries({ queryKey: ['behaviour'] })
    else if (what !== resetChange) refresh(what)
    else {
      endWork()
      startOver()
      void connection.controls?.followReset()
    }
  })
  const client = new FlexibleIpClient({
    baseUrl: connection.baseUrl,
    fetch: withDoubts(connection.fetch),
    ...(connection.secretKey !== undefined && { secretKey: connection.secretKey }),
    ...(connection.projectId !== undefined && { defaultProjectId: connection.projectId }),
    defaultPageSize: pageSize,
    onEvent: (event) => {
      log.add(event)
      const zone = changedZone(event)
      if (zone === undefined) return
      refresh(zone)
      tabs.changed(zone)
    },
  })
  const changed = (zone: string): void => {
    refresh(zone)
    tabs.changed(zone)
  }
  const store: Store = { connection: withShared(connection, changed, (what) => tabs.changed(what)), client, cache, log, marks, refresh }
  await keepMoves(store)
  return store
}

/** Has all tabs read every zone after a reset of the emulated fleet, and its speed and faults after a change of them. */
function withShared(connection: Connection, changed: (zone: string) => void, send: (what: string) => void): Connection {
  const { controls } = connection
  if (!controls) return connection
  const reset = async (): Promise<void> => {
    endWork()
    await controls.reset()
    startOver()
    send(resetChange)
    for (const zone of zones) changed(zone)
    send(behaviourChange)
  }
  const set: typeof controls.set = async (change) => {
    const next = await controls.set(change)
    send(behaviourChange)
    return next
  }
  return { ...connection, controls: { ...controls, set, reset } }
}

/** Ends what this page is doing to a fleet that is no more: it would do the same to the new one. */
function endWork(): void {
  endMoves()
  stopBulk()
  dismissBulk()
  settleAll()
}

/** The zone of a response to a change. Another tab reads it again, and this one does. */
function changedZone(event: ClientEvent): string | undefined {
  if (event.type !== 'response' || event.method === 'GET') return undefined
  return /\/zones\/([^/]+)\//.exec(event.url)?.[1]
}

/** Opens the connection that the page was served with. No part of the URL can choose another. */
async function connect(): Promise<Connection> {
  forgetToken()
  const path = fieldOf('flexip-proxy')
  if (path === '') return connectEmulated()
  const session = sessionHeaders()
  const send = async (url: string, init: FetchInit): Promise<FetchedResponse> => {
    const response = await fetch(url, { ...init, headers: { ...init.headers, ...session }, credentials: 'same-origin' } as RequestInit)
    noteSession(response)
    noteDate(response)
    return response
  }
  const projectId = fieldOf('flexip-project')
  const isEmulator = fieldOf('flexip-service') === 'emulator'
  const upstream = { address: fieldOf('flexip-upstream') || defaultService, isEmulator }
  return { scope: 'proxy', baseUrl: path, fetch: send, failing: [], isEmulated: isEmulator, upstream, ...(projectId !== '' && { projectId }) }
}
