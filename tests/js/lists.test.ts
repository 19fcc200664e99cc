// Lists are whole or say that they are not: over services that change, repeat pages, or state wrong totals.
import { type CallOptions, DecodeError, type FlexibleIP, FlexibleIpClient, IncompleteListError, InternalServerError, InvalidArgumentsError, type Listing, TimeoutError } from 'flexip'
import { FlexibleIpEmulator } from 'flexip/emulator'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { destinationId, fipId, flexibleIp, page } from './support/bodies.js'
import { clientOf, failure, farEnd, json, rejection, zoneOf } from './support/wire.js'

afterEach(() => {
  vi.useRealTimers()
})

const numbered = (number: number, zone: string) => flexibleIp({ id: `7c715b98-e683-493a-9e62-${String(number).padStart(12, '0')}`, zone })
const range = (from: number, to: number, zone = 'fr-par-1') => Array.from({ length: Math.max(0, to - from) }, (_, index) => numbered(from + index, zone))

/** What a service responds to the request of this number, for this page. */
type Service = (page: number, request: number) => { total: unknown; from: number; to: number }

function serviceOf(service: Service) {
  const end = farEnd(({ url }) => {
    const { total, from, to } = service(Number(url.searchParams.get('page') ?? 1), end.sent.length)
    return json(200, { total_count: total as number, flexible_ips: range(from, to, zoneOf(url)) })
  })
  return end
}

type Read = (client: FlexibleIpClient, received: FlexibleIP[], options?: CallOptions) => Promise<void>

const ways: [name: string, read: Read][] = [
  ['.all()', async (client, received, options) => void received.push(...(await client.listFlexibleIPs({}, options).all()))],
  ['for await', async (client, received, options) => {
    for await (const ip of client.listFlexibleIPs({}, options)) received.push(ip)
  }],
  ['.pages()', async (client, received, options) => {
    for await (const { flexibleIps } of client.listFlexibleIPs({}, options).pages()) received.push(...flexibleIps)
  }],
]

const searches: [name: string, options: object][] = [
  ['in one zone', { defaultZone: 'fr-par-1' }],
  ['in all zones', { defaultZone: undefined }],
]

const hundred = (page: number, count: number) => ({ from: Math.min(count, page * 100 - 100), to: Math.min(count, page * 100) })

describe.each(ways)('%s', (name, read) => {
  test.each<[string, Service, { requests: number; read: number; totalCount: number }]>([
    ['ignores the page', () => ({ total: 250, from: 0, to: 100 }), { requests: 18, read: 100, totalCount: 250 }],
    ['repeats a page', (page) => ({ total: 250, ...hundred(Math.min(2, page), 250) }), { requests: 18, read: 200, totalCount: 250 }],
    ['states a total that is too large', (page) => ({ total: 151, ...hundred(page, 150) }), { requests: 12, read: 150, totalCount: 151 }],
    ['states a total that is too small', (page) => ({ total: 120, ...hundred(page, 250) }), { requests: 12, read: 200, totalCount: 120 }],
    ['states a total of 0 beside its items', () => ({ total: 0, from: 0, to: 2 }), { requests: 6, read: 2, totalCount: 0 }],
    ['states a total that grows with each page', (_, n) => ({ total: 100 * (n + 1), from: (n - 1) * 100, to: n * 100 }), { requests: 70, read: 7000, totalCount: 7100 }],
    ['states a total of 1e9 over empty pages', () => ({ total: 1e9, from: 0, to: 0 }), { requests: 5, read: 0, totalCount: 1e9 }],
    ['gives over-full pages that do not fit the total', () => ({ total: 250, from: 0, to: 300 }), { requests: 6, read: 300, totalCount: 250 }],
  ])('rejects where the service %s, after a bounded number of requests, with what was read', async (_, service, expected) => {
    const { fetch, sent } = serviceOf(service)
    const received: FlexibleIP[] = []
    const error = await failure(read(clientOf(fetch), received), IncompleteListError)
    expect(sent).toHaveLength(expected.requests)
    expect(error).toMatchObject({ code: 'incomplete_list', retryable: true, attempts: expected.requests, totalCount: expected.totalCount, operation: 'listFlexibleIPs' })
    expect(new Set(error.flexibleIps.map(({ id }) => id)).size).toBe(expected.read)
    expect(error.flexibleIps).toHaveLength(expected.read)
    expect(error.flexibleIps[0]?.updatedAt ?? new Date()).toBeInstanceOf(Date)
    // An iterator has given the same before.
    if (name !== '.all()') expect(received).toEqual(error.flexibleIps)
  })

  test.each<[string, Service, { requests: number; read: number }]>([
    ['over-full pages that fit the total', () => ({ total: 300, from: 0, to: 300 }), { requests: 1, read: 300 }],
    ['pages that are capped to 50', (page) => ({ total: 230, from: Math.min(230, page * 50 - 50), to: Math.min(230, page * 50) }), { requests: 5, read: 230 }],
    ['a list that stays as it is', (page) => ({ total: 500, ...hundred(page, 500) }), { requests: 5, read: 500 }],
    ['no flexible IP', () => ({ total: 0, from: 0, to: 0 }), { requests: 1, read: 0 }],
  ])('reads %s with no further request', async (_, service, expected) => {
    const { fetch, sent } = serviceOf(service)
    const received: FlexibleIP[] = []
    await read(clientOf(fetch), received)
    expect([sent.length, received.length]).toEqual([expected.requests, expected.read])
  })

  test.each([null, '3', -1, 1.5, 2 ** 53, [1], undefined])('rejects a total of %j as undecodable', async (total) => {
    const { fetch, sent } = serviceOf(() => ({ total, from: 0, to: 1 }))
    await failure(read(clientOf(fetch), []), DecodeError)
    expect(sent).toHaveLength(1)
  })

  test('rejects with the error of a page that cannot be read', async () => {
    const { fetch } = farEnd(({ url }) => (url.searchParams.get('page') === '2' ? json(500) : json(200, { total_count: 150, flexible_ips: range(0, 100) })))
    await failure(read(clientOf(fetch), []), InternalServerError)
  })
})

describe('an awaited page', () => {
  test.each<[string, Service]>([
    ['a total that is too large', () => ({ total: 1e9, from: 0, to: 3 })],
    ['a total of 0', () => ({ total: 0, from: 0, to: 3 })],
  ])('is what the service responded, also with %s', async (_, service) => {
    const { fetch, sent } = serviceOf(service)
    const { flexibleIps, totalCount } = await clientOf(fetch).listFlexibleIPs()
    expect([flexibleIps.length, totalCount, sent.length]).toEqual([3, service(1, 1).total, 1])
  })

  test.each([null, '3', -1, 1.5, 2 ** 53, undefined])('with a total of %j is undecodable', async (total) => {
    const { fetch } = serviceOf(() => ({ total, from: 0, to: 1 }))
    expect(await failure(clientOf(fetch).listFlexibleIPs().then(), DecodeError)).toMatchObject({ field: 'total_count' })
  })
})

describe('a loop that changes the list', () => {
  async function zoneWith(count: number) {
    const emulator = new FlexibleIpEmulator({ seed: 5, timing: 'instant' })
    const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
    const ids = new Set<string>()
    for (let number = 0; number < count; number++) ids.add((await client.createFlexibleIP({ tags: ['old'] })).id)
    emulator.clearJournal()
    return { client, ids, lists: () => emulator.journal.filter(({ operation }) => operation === 'listFlexibleIPs').length }
  }

  test.each([[300, 1], [300, 7], [250, 100]])('by deleting each of %i IPs gets all of them, in pages of %i', async (count, pageSize) => {
    const { client, ids, lists } = await zoneWith(count)
    const received: string[] = []
    for await (const { id } of client.listFlexibleIPs({ pageSize })) {
      received.push(id)
      await client.deleteFlexibleIP({ fipId: id })
    }
    expect(received).toHaveLength(count)
    expect(new Set(received)).toEqual(ids)
    expect(lists()).toBeLessThanOrEqual(Math.ceil(count / pageSize) + 12)
    expect(await client.listFlexibleIPs().all()).toEqual([])
  })

  test('by replacing each IP gets all that were there, though the total stays', async () => {
    const { client, ids } = await zoneWith(60)
    const received = new Set<string>()
    for await (const { id } of client.listFlexibleIPs({ pageSize: 10 })) {
      received.add(id)
      if (!ids.has(id)) continue
      await client.createFlexibleIP()
      await client.deleteFlexibleIP({ fipId: id })
    }
    expect([...ids].filter((id) => !received.has(id))).toEqual([])
  })

  test('by updating each IP costs no further request', async () => {
    const { client, lists } = await zoneWith(60)
    for await (const { id } of client.listFlexibleIPs({ pageSize: 10 })) await client.updateFlexibleIP({ fipId: id, description: 'seen' })
    expect(lists()).toBe(6)
  })

  test('by changing the tag of its filter gets all of them', async () => {
    const { client, ids } = await zoneWith(60)
    const received = new Set<string>()
    for await (const { id } of client.listFlexibleIPs({ pageSize: 10, tags: ['old'] })) {
      received.add(id)
      await client.updateFlexibleIP({ fipId: id, tags: ['new'] })
    }
    expect(received).toEqual(ids)
  })
})

test('a loop over a filter that moves flexible IPs into it and out of it gets all that stayed', async () => {
  const emulator = new FlexibleIpEmulator()
  const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
  const ids: string[] = []
  for (let count = 0; count < 12; count++) ids.push((await client.createFlexibleIP({ tags: count < 11 ? ['a'] : [] })).id)
  const received = new Set<string>()
  let isFirst = true
  for await (const { id } of client.listFlexibleIPs({ pageSize: 5, tags: ['a'] })) {
    received.add(id)
    if (!isFirst) continue
    isFirst = false
    await client.updateFlexibleIP({ fipId: id, tags: [] })
    const outside = (await client.listFlexibleIPs({ pageSize: 100 })).flexibleIps.find((ip) => ip.tags.length === 0 && ip.id !== id)
    await client.updateFlexibleIP({ fipId: outside?.id ?? '', tags: ['a'] })
  }
  expect(ids.slice(0, 11).filter((id) => !received.has(id))).toEqual([])
})

describe('findByIp', () => {
  const withAddress = (address: string) => flexibleIp({ ip_address: address })

  test.each(['::ffff:1.2.3.4', '::FFFF:102:304', '::ffff:1.2.3.4/128', '1.2.3.4/32'])('finds 1.2.3.4 as %s', async (address) => {
    const { fetch } = farEnd(() => json(200, page(flexibleIp({ id: destinationId }), withAddress('1.2.3.4'))))
    expect((await clientOf(fetch).findByIp(address))?.id).toBe(fipId)
  })

  test.each(searches)('%s finds nothing only in lists that are whole', async (_, options) => {
    const { fetch } = serviceOf(() => ({ total: 250, from: 0, to: 100 }))
    await failure(clientOf(fetch, options).findByIp('1.2.3.4'), IncompleteListError)
    expect((await clientOf(fetch, options).findByIp('195.154.148.225'))?.ipAddress).toBe('195.154.148.225')
  })

  test('rejects if a zone that could have the address was not read', async () => {
    const { fetch } = farEnd(({ url }) => (url.pathname.includes('pl-waw-2') ? json(500) : json(200, page(flexibleIp({ zone: zoneOf(url) })))))
    const client = clientOf(fetch, { defaultZone: undefined } as object)
    await failure(client.findByIp('1.2.3.4'), InternalServerError)
    expect((await client.findByIp('195.154.148.225'))?.id).toBe(fipId)
  })

  test.each(searches)('%s is one call for totalTimeoutMs, with all its pages', async (_, options) => {
    vi.useFakeTimers()
    const { fetch } = farEnd(async ({ url }) => {
      await new Promise((resolve) => setTimeout(resolve, 400))
      const number = Number(url.searchParams.get('page'))
      return json(200, { total_count: 900, flexible_ips: range(number * 100 - 100, number * 100, zoneOf(url)) })
    })
    const start = Date.now()
    const found = failure(clientOf(fetch, options).findByIp('1.2.3.4', {}, { totalTimeoutMs: 1000 }), TimeoutError).then(() => Date.now() - start)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await found).toBeLessThanOrEqual(1010)
  })
})

test.each<[string, (list: Listing) => Promise<unknown>]>([
  ['.all()', (list) => list.all()],
  ['.pages()', (list) => list.pages().next()],
  ['for await', async (list) => {
    for await (const _ of list) break
  }],
])('%s reads all pages: a page cannot be named, although one can be awaited', async (_, read) => {
  const { fetch, sent } = farEnd(() => json(200, page()))
  const client = clientOf(fetch)
  expect(await failure(read(client.listFlexibleIPs({ page: 2, pageSize: 10 })), InvalidArgumentsError)).toMatchObject({ attempts: 0, details: [{ field: 'page', reason: 'constraint', helpMessage: 'value must be left out: all pages are read' }] })
  expect(sent).toEqual([])
  await client.listFlexibleIPs({ page: 2, pageSize: 10 })
  expect(sent[0]?.url.search).toBe('?page=2&page_size=10')
})

test('listAllZones reads all zones: a zone cannot be named', async () => {
  const { fetch, sent } = farEnd(() => json(200, page()))
  const refused = failure(clientOf(fetch).listAllZones({ zone: 'nl-ams-1' } as object), InvalidArgumentsError)
  expect(await refused).toMatchObject({ attempts: 0, details: [{ field: 'zone', reason: 'constraint', helpMessage: 'value must be left out: all zones are read' }] })
  expect(sent).toEqual([])
})

test('findByIp and listAllZones read all pages: a page cannot be named, its size can', async () => {
  const { fetch, sent } = farEnd(() => json(200, page()))
  const client = clientOf(fetch)
  for (const read of [() => client.findByIp('1.2.3.4', { page: 2 } as object), () => client.listAllZones({ page: 2 } as object)]) {
    expect(await failure(read(), InvalidArgumentsError)).toMatchObject({ attempts: 0, details: [{ field: 'page', reason: 'constraint' }] })
  }
  expect(await failure(client.findByIp('1.2.3.4', { perPage: 2 } as object), InvalidArgumentsError)).toMatchObject({ details: [{ field: 'perPage', reason: 'unknown' }] })
  expect(sent).toEqual([])
  await client.findByIp('1.2.3.4', { pageSize: 7 })
  expect(sent[0]?.url.searchParams.get('page_size')).toBe('7')
})

test.each<[string, (client: FlexibleIpClient) => Promise<unknown>]>([
  ['findByIp', (client) => client.findByIp('1.2.3.4', { zone: 'fr-par-1' })],
  ['findByIp', (client) => client.findByIp('1.2.3.4')],
  ['findByIp', (client) => client.findByIp('1.2.3.4', { tags: 7 } as object)],
  ['findByIp', (client) => client.findByIp('not an address')],
  ['listAllZones', (client) => client.listAllZones({ tags: 7 } as object)],
  ['listAllZones', async (client) => Promise.reject((await client.listAllZones()).failures[0]?.error)],
  ['waitForFlexibleIPs', (client) => client.waitForFlexibleIPs({ zone: 'fr-par-1', fipsIds: [] })],
])('an error of %s has the name of the method', async (operation, call) => {
  for (const answer of [() => json(500), () => json(200, {}), () => json(200, { total_count: 9, flexible_ips: [] }), () => json(200, page(flexibleIp({ status: 7, zone: '' })))]) {
    const error = await rejection(call(clientOf(farEnd(answer).fetch, { defaultZone: undefined } as object)))
    expect(error).toMatchObject({ operation, message: expect.stringMatching(new RegExp(`^${operation}: `)) })
  }
})

describe('listAllZones', () => {
  test('has a zone whose list is not whole in its failures, with what was read', async () => {
    const { fetch } = farEnd(({ url }) => json(200, url.pathname.includes('nl-ams-1') ? { total_count: 9, flexible_ips: range(0, 3, zoneOf(url)) } : page(flexibleIp({ zone: zoneOf(url) }))))
    const { flexibleIps, failures } = await clientOf(fetch).listAllZones()
    expect(flexibleIps).toHaveLength(5)
    expect(failures).toMatchObject([{ zone: 'nl-ams-1', error: { name: 'IncompleteListError', totalCount: 9, flexibleIps: { length: 3 } } }])
  })

  test('rejects with the reason of an abort, whatever it is', async () => {
    for (const reason of [new Error('mine'), 'enough', new InvalidArgumentsError('mine')]) {
      const controller = new AbortController()
      const { fetch, sent } = farEnd(({ url, init }) =>
        url.pathname.includes('fr-par-1') ? json(200, page(flexibleIp())) : new Promise((_, reject) => init.signal?.addEventListener('abort', () => reject(new Error('aborted')))),
      )
      const listed = rejection(clientOf(fetch).listAllZones({}, { signal: controller.signal }))
      setTimeout(() => controller.abort(reason), 5)
      expect(await listed).toBe(reason)
      expect(sent).toHaveLength(6)
    }
  })

  test('is one call for totalTimeoutMs, with all its zones and pages', async () => {
    vi.useFakeTimers()
    const { fetch } = farEnd(async ({ url }) => {
      await new Promise((resolve) => setTimeout(resolve, 400))
      const number = Number(url.searchParams.get('page'))
      const count = url.pathname.includes('fr-par-1') ? 100 : 1000
      return json(200, { total_count: count, flexible_ips: range(number * 100 - 100, Math.min(count, number * 100), zoneOf(url)) })
    })
    const start = Date.now()
    const listed = clientOf(fetch).listAllZones({}, { totalTimeoutMs: 1000 }).then((result) => ({ ...result, took: Date.now() - start }))
    await vi.advanceTimersByTimeAsync(10_000)
    const { flexibleIps, failures, took } = await listed
    expect(took).toBeLessThanOrEqual(1010)
    expect([flexibleIps.length, failures.map(({ error }) => error.code)]).toEqual([100, Array(5).fill('timeout')])
  })

  test('asks every zone, with the other fields of its request', async () => {
    const { fetch, sent } = farEnd(() => json(200, page()))
    await clientOf(fetch).listAllZones({ tags: ['prod'] })
    expect(new Set(sent.map(({ url }) => url.pathname)).size).toBe(6)
    expect(sent.map(({ url }) => url.searchParams.getAll('tags'))).toEqual(Array(6).fill(['prod']))
  })
})
