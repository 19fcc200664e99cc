// Lists, waits and moves over the emulator, and their events. The emulator has its recorded timing, on a fake clock.
import { type ClientEvent, FlexibleIpClient, InvalidArgumentsError, PermissionsDeniedError, WaitError, consoleLogger, macGroups } from 'flexip'
import { FlexibleIpEmulator } from 'flexip/emulator'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { destinationId, fipId, flexibleIp, page } from './support/bodies.js'
import { timed } from './support/fake-clock.js'
import { clientOf, failure, farEnd, json, rejection, secretKey, text } from './support/wire.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function world(options = {}) {
  const emulator = new FlexibleIpEmulator({ seed: 3, timing: 'recorded' })
  const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId, ...options })
  const [old, fresh] = ['old', 'fresh'].map((name) => emulator.addServer({ zone: 'fr-par-1', name }).id) as [string, string]
  const attached = (count: number) => timed(Promise.all(Array.from({ length: count }, () => client.createAndAttach({ serverId: old }))))
  return { emulator, client, old, fresh, attached, sent: () => emulator.journal.map(({ operation }) => operation) }
}

describe('a list', () => {
  /** A `fetch` that has so many flexible IPs. */
  function zoneOf(count: number) {
    const all = Array.from({ length: count }, (_, number) => flexibleIp({ id: `7c715b98-e683-493a-9e62-${String(number).padStart(12, '0')}` }))
    return farEnd(({ url }) => {
      const size = Number(url.searchParams.get('page_size') ?? 20)
      const first = (Number(url.searchParams.get('page') ?? 1) - 1) * size
      return json(200, { total_count: all.length, flexible_ips: all.slice(first, first + size) })
    })
  }

  test('gives the same by for await, by pages and all at once', async () => {
    const { fetch } = zoneOf(45)
    const list = () => clientOf(fetch).listFlexibleIPs({ pageSize: 10 })
    const [one, paged]: [string[], string[]] = [[], []]
    for await (const { id } of list()) one.push(id)
    for await (const { flexibleIps } of list().pages()) paged.push(...flexibleIps.map(({ id }) => id))
    const all = (await list().all()).map(({ id }) => id)
    expect([one.length, paged, all]).toEqual([45, one, one])
  })

  test('sends nothing before it is read, and nothing more after a break', async () => {
    const { fetch, sent } = zoneOf(45)
    const list = clientOf(fetch).listFlexibleIPs({ pageSize: 10 })
    await vi.advanceTimersByTimeAsync(10)
    expect(sent).toHaveLength(0)
    let read = 0
    for await (const _ of list) if (++read === 12) break
    await vi.advanceTimersByTimeAsync(10)
    expect(sent).toHaveLength(2)
  })

  test('ends with the signal, also between two pages', async () => {
    const { fetch, sent } = zoneOf(45)
    const controller = new AbortController()
    const read = async () => {
      for await (const _ of clientOf(fetch).listFlexibleIPs({ pageSize: 10 }, { signal: controller.signal }).pages()) controller.abort('enough')
    }
    expect(await rejection(read())).toBe('enough')
    expect(sent).toHaveLength(1)
  })

  test('gives each flexible IP once, even if it moves to the next page meanwhile', async () => {
    let asked = 0
    const all = Array.from({ length: 20 }, (_, number) => flexibleIp({ id: `7c715b98-e683-493a-9e62-${String(number).padStart(12, '0')}` }))
    const { fetch } = farEnd(({ url }) => {
      if (++asked === 2) all.unshift(flexibleIp({ id: destinationId }))
      const first = (Number(url.searchParams.get('page') ?? 1) - 1) * 10
      return json(200, { total_count: all.length, flexible_ips: all.slice(first, first + 10) })
    })
    const ids: string[] = []
    for await (const { id } of clientOf(fetch).listFlexibleIPs({ pageSize: 10 })) ids.push(id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining(all.slice(1).map(({ id }) => id)))
  })

  test('of all zones has what could be read, and the zones that could not', async () => {
    const { fetch } = farEnd(({ url }) => (url.pathname.includes('nl-ams-1') ? json(403, { type: 'permissions_denied' }) : json(200, page(flexibleIp({ zone: url.pathname.split('/')[4] ?? '' })))))
    const { flexibleIps, failures } = await clientOf(fetch).listAllZones()
    expect(flexibleIps).toHaveLength(5)
    expect(failures).toMatchObject([{ zone: 'nl-ams-1', error: { name: 'PermissionsDeniedError' } }])
  })

  test.each([null, 7, { tags: 7 }, { other: 1 }])('of all zones is refused as a whole where the request is %j', async (request) => {
    const { fetch, sent } = farEnd()
    await failure(clientOf(fetch).listAllZones(request as object), InvalidArgumentsError)
    expect(sent).toEqual([])
  })
})

describe('findByIp', () => {
  const find = async (address: string, options = {}) => {
    const { fetch, sent } = farEnd(({ url }) => json(200, url.pathname.includes('fr-par-1') ? page(flexibleIp(), flexibleIp({ id: destinationId, ip_address: '2001:bc8:702:6b7::/64' })) : page()))
    const found = await clientOf(fetch, options).findByIp(address)
    return { id: found?.id, zones: sent.length }
  }

  test.each([
    ['195.154.148.225', fipId],
    ['195.154.148.225/32', fipId],
    ['2001:bc8:702:6b7::/64', destinationId],
    ['2001:0BC8:0702:06B7:0000:0000:0000:0000', destinationId],
    ['2001:bc8:702:6b7::1', destinationId],
    ['2001:bc8:702:6b7:ffff:ffff:ffff:ffff', destinationId],
    ['2001:bc8:702:6b8::1', undefined],
    ['195.154.148.226', undefined],
  ])('%s', async (address, id) => {
    expect(await find(address)).toEqual({ id, zones: 1 })
    expect(await find(address, { defaultZone: undefined })).toEqual({ id, zones: 6 })
  })

  test.each(['', 'no address', '1.2.3', null, 7])('refuses %j, and sends nothing', async (address) => {
    const { fetch, sent } = farEnd()
    await failure(clientOf(fetch).findByIp(address as string), InvalidArgumentsError)
    expect(sent).toEqual([])
  })
})

describe('waiting', () => {
  test('for several flexible IPs sends one request per poll', async () => {
    const { client, emulator, old } = world()
    const ips = await Promise.all(Array.from({ length: 5 }, () => client.createFlexibleIP({ serverId: old })))
    emulator.clearJournal()
    const events: ClientEvent[] = []
    const ready = await timed(client.waitForFlexibleIPs({ fipsIds: ips.map(({ id }) => id) }, { onEvent: (event) => events.push(event) }))
    expect(ready.map(({ id, status }) => [id, status])).toEqual(ips.map(({ id }) => [id, 'attached']))
    const polls = events.filter(({ type }) => type === 'wait').length + 1
    expect(emulator.journal).toHaveLength(polls)
    expect(events.find(({ type }) => type === 'wait')).toMatchObject({ pending: 5, fipId: ips[0]?.id, status: 'updating' })
  })

  test('rejects for an IP that is stuck or gone', async () => {
    const { client, emulator } = world()
    const ip = await client.createFlexibleIP()
    emulator.forceStatus(ip.id, 'locked')
    expect(await failure(client.waitForFlexibleIP({ fipId: ip.id }), WaitError)).toMatchObject({ fipId: ip.id, last: { status: 'locked' } })
    const gone = await failure(client.waitForFlexibleIP({ fipId: fipId }), WaitError)
    expect(gone.cause).toBeInstanceOf(PermissionsDeniedError)
  })
})

test('createAndAttach needs a server, and creates nothing without one', async () => {
  const { fetch, sent } = farEnd()
  for (const request of [{}, { serverId: null }, null]) await failure(clientOf(fetch).createAndAttach(request as never), InvalidArgumentsError)
  expect(sent).toEqual([])
})

test('macGroups puts those together that share a MAC address', async () => {
  const ip = (id: string, mac?: string) => ({ id, ...(mac && { macAddress: { id: mac } }) }) as Parameters<typeof macGroups>[0][number]
  const groups = macGroups([ip('a', 'm'), ip('b'), ip('c', 'm'), ip('d')])
  expect(groups.map((group) => group.map(({ id }) => id))).toEqual([['a', 'c'], ['b'], ['d']])
})

describe('maxConcurrency', () => {
  test('limits how many requests run at once', async () => {
    let [now, most] = [0, 0]
    const { fetch } = farEnd(async () => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setTimeout(resolve, 10))
      now--
      return json(200, flexibleIp())
    })
    const client = clientOf(fetch, { maxConcurrency: 3 })
    await timed(Promise.all(Array.from({ length: 20 }, () => client.getFlexibleIP({ fipId }))))
    expect(most).toBe(3)
  })

  test('does not count a request that timed out: a fetch that never ends holds up no other', async () => {
    let first = true
    const { fetch } = farEnd(() => (first ? ((first = false), new Promise(() => {})) : json(200, flexibleIp())))
    const client = clientOf(fetch, { maxConcurrency: 1, timeoutMs: 1000 })
    const [lost, found] = await timed(Promise.allSettled([client.getFlexibleIP({ fipId }), client.getFlexibleIP({ fipId }, { timeoutMs: 3000 })]))
    expect([lost.status, found.status]).toEqual(['rejected', 'fulfilled'])
  })
})

describe('onEvent', () => {
  test('receives requests and responses, without secrets, in order', async () => {
    const events: ClientEvent[] = []
    const { fetch } = farEnd(() => json(200, flexibleIp(), { 'Set-Cookie': 'x' }))
    await clientOf(fetch, { onEvent: (event: ClientEvent) => events.push(event) }).getFlexibleIP({ fipId })
    expect(events).toMatchObject([
      { type: 'request', operation: 'getFlexibleIP', attempt: 1, method: 'GET', headers: { Accept: 'application/json' } },
      { type: 'response', operation: 'getFlexibleIP', attempt: 1, outcome: 'answered', status: 200, headers: { 'content-type': 'application/json' } },
    ])
    expect(JSON.stringify(events)).not.toMatch(/auth|cookie/i)
  })

  test('has the number of the exchange in the events of a request and of its end, also of requests that are answered in another order', async () => {
    const events: ClientEvent[] = []
    const { fetch } = farEnd(async ({ url }) => {
      const isSlow = url.pathname.endsWith(destinationId)
      if (isSlow) await new Promise((resolve) => setTimeout(resolve, 50))
      return json(200, flexibleIp(isSlow ? { id: destinationId } : {}))
    })
    const client = clientOf(fetch, { onEvent: (event: ClientEvent) => events.push(event) })
    await timed(Promise.all([client.getFlexibleIP({ fipId: destinationId }), client.getFlexibleIP({ fipId })]))
    const [slow, fast, fastEnd, slowEnd] = events.map((event) => ('exchange' in event ? event.exchange : 0))
    expect(events.map(({ type }) => type)).toEqual(['request', 'request', 'response', 'response'])
    expect([fastEnd, slowEnd]).toEqual([fast, slow])
    expect(slow).not.toBe(fast)
  })

  test('has the number of the call in each of its events, and the body of a request without its secrets', async () => {
    const events: ClientEvent[] = []
    let isFirst = true
    const { fetch } = farEnd(() => {
      const answer = isFirst ? json(429) : json(200, flexibleIp())
      isFirst = false
      return answer
    })
    const client = clientOf(fetch, { retry: { maxAttempts: 2 }, onEvent: (event: ClientEvent) => events.push(event) })
    await timed(client.updateFlexibleIP({ fipId, description: `the key ${secretKey}` }))
    await timed(client.getFlexibleIP({ fipId }))
    expect(events.map(({ type }) => type)).toEqual(['request', 'response', 'retry', 'request', 'response', 'request', 'response'])
    const [first, last] = [events[0]?.call, events.at(-1)?.call]
    expect(events.map(({ call }) => call)).toEqual([first, first, first, first, first, last, last])
    expect(first).not.toBe(last)
    expect(events.map((event) => (event.type === 'request' ? event.body : ''))).toEqual(['{"description":"the key [secret]"}', '', '', '{"description":"the key [secret]"}', '', undefined, ''])
  })

  test.each<[string, () => unknown]>([
    ['throws', () => { throw new Error('listener') }],
    ['rejects', () => Promise.reject(new Error('listener'))],
    ['returns an object whose getter throws', () => ({ get then(): never { throw new Error('listener') } })],
  ])('that %s breaks nothing', async (_, listener) => {
    const { fetch } = farEnd(() => json(200, flexibleIp()))
    expect(await clientOf(fetch, { onEvent: listener as () => void }).getFlexibleIP({ fipId })).toMatchObject({ id: fipId })
  })

  test.each([
    ['error', ['error']],
    ['warn', ['warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['debug', ['debug', 'info', 'warn', 'error']],
  ] as const)('writes to the console what is of the level %s or worse', (level, expected) => {
    const written: string[] = []
    const write = (own: string) => (line: string) => written.push(`${own} ${line}`)
    const log = consoleLogger({ level, console: { error: write('error'), warn: write('warn'), info: write('info'), debug: write('debug') } })
    const error = { code: 'timeout', message: 'no answer', retryable: true }
    log({ type: 'request', call: 1, operation: 'getFlexibleIP', attempt: 1, exchange: 1, method: 'GET', url: 'https://a', headers: {} })
    log({ type: 'step', call: 1, action: 'attach', fipsIds: [fipId], progress: 'done', elapsedMs: 1 })
    log({ type: 'retry', call: 1, operation: 'getFlexibleIP', attempts: 1, delayMs: 5, error })
    log({ type: 'step', call: 1, action: 'attach', fipsIds: [fipId], progress: 'failed', elapsedMs: 1 })
    expect(written.map((line) => line.split(' ')[0])).toEqual(expected)
  })
})

test.each([200, 201, 202, 203, 205, 206, 299])('a deletion that is answered with %i and no body is not taken for done: the flexible IP is read, and is still there', async (status) => {
  const { client, emulator, sent } = world({ settlingMs: 500 })
  const { id: fipId } = await timed(client.createFlexibleIP())
  emulator.addFault({ operation: 'deleteFlexibleIP', fault: { status: { status } } })
  for (const options of [{}, { retry: false }] as const) {
    const error = await rejection(timed(client.deleteFlexibleIP({ fipId }, options)))
    expect(error).toMatchObject({ name: 'AmbiguousResultError', cause: { name: 'DecodeError', message: expect.stringContaining(`its status is ${status}, not 204`) as string } })
  }
  expect((await client.listFlexibleIPs()).flexibleIps.map(({ id }) => id)).toEqual([fipId])
  expect(sent()).toContain('getFlexibleIP')
})

describe('idempotencyKey', () => {
  test('used twice gives one flexible IP, also after a lost response', async () => {
    const { client, emulator } = world()
    emulator.addFault({ operation: 'createFlexibleIP', nth: 1, fault: 'dropAfter' })
    const first = await timed(client.createFlexibleIP({}, { idempotencyKey: 'order-7' }))
    const second = await timed(client.createFlexibleIP({}, { idempotencyKey: 'order-7' }))
    expect(second.id).toBe(first.id)
    expect(first.tags).toContain('idempotency:order-7')
    expect((await client.listFlexibleIPs()).totalCount).toBe(1)
  })

  test.each<[string, (server: string) => object]>([
    ['server', (serverId) => ({ serverId })],
    ['description', () => ({ description: 'b' })],
    ['reverse', () => ({ reverse: 'b.example' })],
    ['list of tags', () => ({ tags: ['y'] })],
  ])('used again for another %s is refused, also after the first flexible IP was changed', async (_, more) => {
    const { client, emulator } = world()
    const [one, other] = ['a', 'b'].map((name) => emulator.addServer({ zone: 'fr-par-1', name }).id)
    const request = { serverId: one ?? '', description: 'a', tags: ['x'] }
    const first = await timed(client.createAndAttach(request, { idempotencyKey: 'order-7' }))
    await client.updateFlexibleIP({ fipId: first.id, description: 'b' })
    const error = await failure(client.createFlexibleIP({ ...request, ...more(other ?? '') }, { idempotencyKey: 'order-7' }), InvalidArgumentsError)
    expect(error).toMatchObject({ attempts: 0, details: [{ field: 'idempotencyKey', helpMessage: `the key is in use by the flexible IP ${first.id}, which was created with another description, serverId, reverse or other tags` }] })
    expect(await client.createFlexibleIP(request, { idempotencyKey: 'order-7' })).toMatchObject({ id: first.id, description: 'b' })
    expect((await client.listFlexibleIPs()).totalCount).toBe(1)
  })

  test('does not go along with tags that are copied from another flexible IP', async () => {
    const { client } = world()
    const { tags } = await timed(client.createFlexibleIP({ tags: ['x'] }, { idempotencyKey: 'order-7' }))
    const copy = await timed(client.createFlexibleIP({ tags: tags.filter((tag) => tag !== 'idempotency:order-7') }, { idempotencyKey: 'order-8' }))
    expect(copy.tags).toEqual(['x', 'idempotency:order-8', tags[2]])
    expect((await timed(client.createFlexibleIP({ tags: ['x'] }, { idempotencyKey: 'order-8' }))).id).toBe(copy.id)
  })

  test('is for createFlexibleIP alone', async () => {
    const { fetch, sent } = farEnd(() => text(200, ''))
    await failure(clientOf(fetch).getFlexibleIP({ fipId }, { idempotencyKey: 'x' } as object), InvalidArgumentsError)
    for (const idempotencyKey of ['', 'with space', 'x'.repeat(129), 7]) await failure(clientOf(fetch).createFlexibleIP({}, { idempotencyKey } as object), InvalidArgumentsError)
    expect(sent).toEqual([])
  })
})
