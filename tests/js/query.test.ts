// flexip/query, with TanStack Query.
import { InfiniteQueryObserver, MutationObserver, QueryClient, QueryObserver, hashKey } from '@tanstack/query-core'
import { type ClientEvent, type ClientOptions, type FlexibleIP, FlexibleIpClient } from 'flexip'
import { FlexibleIpEmulator } from 'flexip/emulator'
import { type MutationCall, type MutationRequests, flexibleIpKeys, flexibleIpMutations, flexibleIpQueries } from 'flexip/query'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rejection } from './support/wire.js'

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

  test('of clients with other defaults have different keys, and a default that is written out has the same key', async () => {
    const of = (options: Partial<ClientOptions>) => flexibleIpQueries(new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultProjectId: emulator.projectId, ...options }))
    const [paris, amsterdam, small] = [of({ defaultZone: zone }), of({ defaultZone: 'nl-ams-1' }), of({ defaultZone: zone, defaultPageSize: 1 })]
    const fipId = 'a1b2c3d4-0000-4000-8000-000000000001'
    const hashes = (queries: typeof paris) => [queries.list(), queries.listAll(), queries.infiniteList(), queries.get({ fipId })].map(({ queryKey }) => hashKey(queryKey))
    expect(new Set([...hashes(paris), ...hashes(amsterdam)]).size).toBe(8)
    expect(hashKey(small.list().queryKey)).not.toBe(hashKey(paris.list().queryKey))
    expect(small.listAllZones({ pageSize: 1 }).queryKey).toEqual(small.listAllZones().queryKey)
    expect(small.list({ zone, pageSize: 1 }).queryKey).toEqual(small.list().queryKey)
    expect(amsterdam.list({ zone }).queryKey).toEqual(paris.list().queryKey)
    expect(paris.get({ fipId: fipId.toUpperCase(), zone }).queryKey).toEqual(paris.get({ fipId }).queryKey)
    await client.createFlexibleIP()
    expect((await cache.fetchQuery(paris.list())).totalCount).toBe(1)
    expect((await cache.fetchQuery({ ...amsterdam.list(), staleTime: Infinity })).totalCount).toBe(0)
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

  test('have the options of their calls, by the name and the request of each that begins: of the change and of the wait', async () => {
    const asked: MutationCall[] = []
    const operations: string[] = []
    const onEvent = (event: ClientEvent) => void (event.type === 'request' && operations.push(event.operation))
    const { attach, create } = flexibleIpMutations(client, cache, {
      callOptions: (...call) => {
        asked.push(call)
        // The types of the request follow from the name.
        return call[0] === 'attach' ? { onEvent, headers: { 'X-Of': call[1].serverId } } : { idempotencyKey: 'order-7' }
      },
    })
    const ip = await run(create, { description: 'mail' })
    expect(ip.tags).toContain('idempotency:order-7')
    expect(operations).toEqual([])
    await run(attach, { fipsIds: [ip.id], serverId: server })
    expect(operations).toEqual(['attachFlexibleIP', 'getFlexibleIP'])
    expect(asked).toEqual([['create', { description: 'mail' }], ['attach', { fipsIds: [ip.id], serverId: server }]])
  })

  test('of every name have the options of their calls, which may be an object', async () => {
    const controller = new AbortController()
    controller.abort('enough')
    const mutations = flexibleIpMutations(client, cache, { callOptions: { signal: controller.signal } })
    const fipId = '7c715b98-e683-493a-9e62-109d684e4348'
    const calls: Record<keyof MutationRequests, () => Promise<unknown>> = {
      create: () => run(mutations.create, {}),
      update: () => run(mutations.update, { fipId, description: 'x' }),
      delete: () => run(mutations.delete, { fipId }),
      attach: () => run(mutations.attach, { fipsIds: [fipId], serverId: server }),
      detach: () => run(mutations.detach, { fipsIds: [fipId] }),
      generateMac: () => run(mutations.generateMac, { fipId, macType: 'kvm' }),
      deleteMac: () => run(mutations.deleteMac, { fipId }),
      duplicateMac: () => run(mutations.duplicateMac, { fipId, duplicateFromFipId: server }),
      moveMac: () => run(mutations.moveMac, { fipId, dstFipId: server }),
      ensureAttached: () => run(mutations.ensureAttached, { fipsIds: [fipId], serverId: server }),
      failover: () => run(mutations.failover, { fromServerId: fipId, toServerId: server }),
    }
    for (const call of Object.values(calls)) expect(await rejection(call())).toBe('enough')
    expect(emulator.journal).toEqual([])
  })

  test('reject with what the function of their options throws, and send nothing', async () => {
    const { update } = flexibleIpMutations(client, cache, { callOptions: () => { throw new Error('no options') } })
    expect(await rejection(run(update, { fipId: server }))).toMatchObject({ message: 'no options' })
    expect(emulator.journal).toEqual([])
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

  /** Two flexible IPs of a MAC group, and one that is alone, of which the cache has the second and the third. */
  async function group() {
    const [one, twin, alone] = (await Promise.all([1, 2, 3].map(() => client.createAndAttach({ serverId: server })))) as [FlexibleIP, FlexibleIP, FlexibleIP]
    await client.generateMACAddr({ fipId: one.id, macType: 'kvm' })
    await client.waitForFlexibleIP({ fipId: one.id })
    await client.duplicateMACAddr({ fipId: twin.id, duplicateFromFipId: one.id })
    await client.waitForFlexibleIPs({ fipsIds: [one.id, twin.id] })
    for (const { id } of [twin, alone]) await cache.fetchQuery(flexibleIpQueries(client).get({ fipId: id }))
    return { one, twin, alone }
  }

  const lists = {
    list: () => cache.fetchQuery(flexibleIpQueries(client).list()),
    listAll: () => cache.fetchQuery(flexibleIpQueries(client).listAll()),
    listAllZones: () => cache.fetchQuery(flexibleIpQueries(client).listAllZones()),
    infiniteList: () => cache.fetchInfiniteQuery(flexibleIpQueries(client).infiniteList()),
  }

  const changes = {
    update: (fipId: string) => run(flexibleIpMutations(client, cache).update, { fipId, description: 'n' }),
    delete: (fipId: string) => run(flexibleIpMutations(client, cache).delete, { fipId: fipId.toUpperCase() }),
    detach: (fipId: string) => run(flexibleIpMutations(client, cache).detach, { fipsIds: [fipId] }),
    generateMac: (fipId: string) => run(flexibleIpMutations(client, cache).generateMac, { fipId, macType: 'kvm' }),
    deleteMac: (fipId: string) => run(flexibleIpMutations(client, cache).deleteMac, { fipId }),
    failover: () => run(flexibleIpMutations(client, cache).failover, { fromServerId: server, toServerId: emulator.addServer({ zone }).id }),
  }

  test.each(Object.keys(lists).flatMap((list) => Object.keys(changes).map((change) => [change, list] as [keyof typeof changes, keyof typeof lists])))('such as %s invalidate the MAC group that only %s knows', async (change, list) => {
    const { one, twin, alone } = await group()
    await lists[list]()
    await changes[change](one.id)
    expect([twin, alone].map(({ id }) => isStale(id))).toEqual([true, change === 'failover'])
  })

  test.each(Object.keys(lists) as (keyof typeof lists)[])('that fail or are ambiguous invalidate the MAC group that only %s knows', async (list) => {
    for (const [status, code] of [[403, 'permissions_denied'], [500, 'ambiguous_result']] as const) {
      const { one, twin, alone } = await group()
      await lists[list]()
      const refusing = new FlexibleIpClient({
        secretKey: emulator.secretKey,
        fetch: async (url, init) => (init.method === 'PATCH' ? Response.json(status === 403 ? { type: 'permissions_denied', message: 'no', details: [] } : { message: 'internal error' }, { status }) : emulator.fetch(url, init as RequestInit)),
        defaultZone: zone,
        settlingMs: 1,
        retry: { baseDelayMs: 1 },
      })
      await expect(run(flexibleIpMutations(refusing, cache).update, { fipId: one.id, description: 'n' })).rejects.toMatchObject({ code })
      expect([twin, alone].map(({ id }) => isStale(id)), code).toEqual([true, false])
    }
  })

  test('invalidate the MAC group as it was before, also if every list was read again meanwhile', async () => {
    const { one, twin, alone } = await group()
    await lists.list()
    const { deleteMac } = flexibleIpMutations(client, cache)
    const rereading = { ...deleteMac, mutationFn: (request: { fipId: string }) => deleteMac.mutationFn(request).finally(lists.list) }
    await run(rereading, { fipId: one.id })
    expect([twin, alone].map(({ id }) => isStale(id))).toEqual([true, false])
  })

  test('of a flexible IP that the cache does not have invalidate all single ones of its zone, and no other zone', async () => {
    const { one, twin, alone } = await group()
    const queries = flexibleIpQueries(client)
    const elsewhere = await client.createFlexibleIP({ zone: 'nl-ams-1' })
    await cache.fetchQuery(queries.get({ fipId: elsewhere.id, zone: 'nl-ams-1' }))
    await changes.deleteMac(one.id)
    expect([twin, alone].map(({ id }) => isStale(id))).toEqual([true, true])
    expect(cache.getQueryState(queries.get({ fipId: elsewhere.id, zone: 'nl-ams-1' }).queryKey)?.isInvalidated).toBe(false)
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
