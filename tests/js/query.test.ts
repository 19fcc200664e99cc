// flexip/query, with TanStack Query.
import { InfiniteQueryObserver, MutationObserver, QueryClient, QueryObserver } from '@tanstack/query-core'
import { FlexibleIpClient, type FlexibleIP } from 'flexip'
import { FlexibleIpEmulator } from 'flexip/emulator'
import { flexibleIpKeys, flexibleIpMutations, flexibleIpQueries } from 'flexip/query'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const zone = 'fr-par-1'
let emulator: FlexibleIpEmulator
let client: FlexibleIpClient
let cache: QueryClient
let server: string

beforeEach(() => {
  emulator = new FlexibleIpEmulator({ seed: 3, timing: 'instant' })
  server = emulator.addServer({ zone }).id
  client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: zone, defaultProjectId: emulator.projectId })
  cache = new QueryClient()
})

afterEach(() => cache.clear())

describe('queries', () => {
  test('that ask differently have different keys, and the same question has one key', () => {
    const queries = flexibleIpQueries(client)
    const other = flexibleIpQueries(client, { scope: 'other account' })
    const fipId = 'a1b2c3d4-0000-4000-8000-000000000001'
    const asked = [
      queries.list(), queries.list({ page: 2 }), queries.list({ tags: ['a'] }), queries.list({ zone: 'fr-par-2' }), queries.list({ status: ['ready'] }),
      queries.listAll(), queries.listAllZones(), queries.infiniteList(), queries.infiniteList({ tags: ['a'] }), queries.get({ fipId }), queries.get({ fipId, zone: 'fr-par-2' }), other.list(), other.get({ fipId }),
    ]
    for (const { queryKey } of asked) cache.setQueryData(queryKey, 1)
    expect(cache.getQueryCache().getAll()).toHaveLength(asked.length)
    cache.setQueryData(queries.list({ tags: ['a'] }).queryKey, 2)
    expect(cache.getQueryCache().getAll()).toHaveLength(asked.length)
  })

  test('read one flexible IP, a page, a whole list and all zones', async () => {
    const ip = await client.createFlexibleIP()
    const queries = flexibleIpQueries(client)
    expect((await cache.fetchQuery(queries.get({ fipId: ip.id }))).id).toBe(ip.id)
    expect((await cache.fetchQuery(queries.list())).totalCount).toBe(1)
    expect(await cache.fetchQuery(queries.listAll())).toHaveLength(1)
    expect((await cache.fetchQuery(queries.listAllZones())).flexibleIps).toHaveLength(1)
  })

  test('grow by pages until the whole list is read', async () => {
    for (let count = 0; count < 5; count++) await client.createFlexibleIP()
    const observer = new InfiniteQueryObserver(cache, flexibleIpQueries(client).infiniteList({ pageSize: 2 }))
    const stop = observer.subscribe(() => undefined)
    let result = await observer.fetchNextPage()
    while (result.hasNextPage) result = await observer.fetchNextPage()
    expect(result.data?.pages.map(({ flexibleIps }) => flexibleIps.length)).toEqual([2, 2, 1])
    stop()
  })

  test('are aborted with their signal, and sent once by TanStack: the client has its own retries', async () => {
    const refused = flexibleIpQueries(client).get({ fipId: 'no id' })
    await expect(cache.fetchQuery(refused)).rejects.toMatchObject({ code: 'invalid_arguments' })
    expect(cache.getQueryState(refused.queryKey)?.fetchFailureCount).toBe(1)
    const hanging = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: () => new Promise(() => undefined), defaultZone: zone })
    const query = flexibleIpQueries(hanging, { scope: 'hanging' }).list()
    const pending = cache.fetchQuery(query)
    const ended = pending.then(() => 'done', () => 'aborted')
    await cache.cancelQueries({ queryKey: flexibleIpKeys('hanging').all })
    expect(await ended).toBe('aborted')
  })
})

describe('mutations', () => {
  const run = <Request, Result>(options: { mutationFn: (request: Request) => Promise<Result> }, request: Request) => new MutationObserver<Result, Error, Request>(cache, options).mutate(request)
  const isStale = (fipId: string, scope = '') => cache.getQueryState(flexibleIpQueries(client, { scope }).get({ fipId }).queryKey)?.isInvalidated

  test('end when their goal is reached', async () => {
    const mutations = flexibleIpMutations(client, cache)
    const ip = await run(mutations.create, { serverId: server })
    expect(ip.status).toBe('attached')
    expect((await run(mutations.generateMac, { fipId: ip.id, macType: 'kvm' })).macAddress?.status).toBe('used')
    expect((await run(mutations.update, { fipId: ip.id, description: 'mail' })).description).toBe('mail')
    expect((await run(mutations.deleteMac, { fipId: ip.id })).macAddress).toBeUndefined()
    expect((await run(mutations.detach, { fipsIds: [ip.id] }))[0]?.status).toBe('ready')
    expect((await run(mutations.attach, { fipsIds: [ip.id], serverId: server }))[0]?.serverId).toBe(server)
    await run(mutations.delete, { fipId: ip.id })
    expect((await client.listFlexibleIPs()).totalCount).toBe(0)
  })

  test('invalidate all lists, and the flexible IPs of the MAC group, and no others', async () => {
    const [one, twin, alone] = (await Promise.all([1, 2, 3].map(() => client.createAndAttach({ serverId: server })))) as [FlexibleIP, FlexibleIP, FlexibleIP]
    await client.generateMACAddr({ fipId: one.id, macType: 'kvm' })
    await client.waitForFlexibleIP({ fipId: one.id })
    await client.duplicateMACAddr({ fipId: twin.id, duplicateFromFipId: one.id })
    await client.waitForFlexibleIPs({ fipsIds: [one.id, twin.id] })
    const queries = flexibleIpQueries(client)
    for (const { id } of [one, twin, alone]) await cache.fetchQuery(queries.get({ fipId: id }))
    await cache.fetchQuery(queries.list())
    await cache.fetchQuery(flexibleIpQueries(client, { scope: 'other' }).get({ fipId: one.id }))
    await run(flexibleIpMutations(client, cache).update, { fipId: one.id, description: 'changed' })
    expect([one, twin, alone].map(({ id }) => isStale(id))).toEqual([true, true, false])
    expect(cache.getQueryState(queries.list().queryKey)?.isInvalidated).toBe(true)
    expect(isStale(one.id, 'other')).toBe(false)
  })

  test('that move a server’s flexible IPs invalidate those that the cache has on it', async () => {
    const other = emulator.addServer({ zone }).id
    const ip = await client.createAndAttach({ serverId: server })
    await cache.fetchQuery(flexibleIpQueries(client).get({ fipId: ip.id }))
    await run(flexibleIpMutations(client, cache).failover, { fromServerId: server, toServerId: other })
    expect(isStale(ip.id)).toBe(true)
  })

  test('invalidate after a failure too: a part may have been done', async () => {
    const ip = await client.createFlexibleIP()
    await cache.fetchQuery(flexibleIpQueries(client).get({ fipId: ip.id }))
    await expect(run(flexibleIpMutations(client, cache).attach, { fipsIds: [ip.id], serverId: ip.id })).rejects.toMatchObject({ name: 'ResourceNotFoundError' })
    expect(isStale(ip.id)).toBe(true)
  })

  test('refresh what is shown', async () => {
    const ip = await client.createFlexibleIP()
    const observer = new QueryObserver(cache, flexibleIpQueries(client).get({ fipId: ip.id }))
    const stop = observer.subscribe(() => undefined)
    await observer.refetch()
    await run(flexibleIpMutations(client, cache).update, { fipId: ip.id, description: 'new' })
    expect(observer.getCurrentResult().data?.description).toBe('new')
    stop()
  })
})
