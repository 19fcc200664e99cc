// ensureAttached and failover over the emulator: what they refuse, what they leave alone, and what their errors say.
import { type ClientEvent, FlexibleIpClient, IncompleteError, InvalidArgumentsError, type MoveStep, PreconditionFailedError, ResourceNotFoundError, isFlexipError } from 'flexip'
import { FlexibleIpEmulator } from 'flexip/emulator'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { destinationId, fipId, flexibleIp, page, serverId } from './support/bodies.js'
import { timed } from './support/fake-clock.js'
import { clientOf, failure, farEnd, json, rejection } from './support/wire.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

type Options = ConstructorParameters<typeof FlexibleIpClient>[0]

function world(options: Options = {}) {
  const emulator = new FlexibleIpEmulator({ seed: 3, timing: 'recorded' })
  const account = { secretKey: emulator.secretKey, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId } as const
  /** A client whose requests pass `fetch` on their way to the emulator. */
  const clientWith = (more: Options) => new FlexibleIpClient({ ...account, fetch: emulator.fetch, ...more })
  const client = clientWith(options)
  const [old, fresh] = ['old', 'fresh'].map((name) => emulator.addServer({ zone: 'fr-par-1', name }).id) as [string, string]
  const attached = (count: number, to = old) => timed(Promise.all(Array.from({ length: count }, () => client.createAndAttach({ serverId: to }))))
  const serverOf = async (fip: string) => (await client.getFlexibleIP({ fipId: fip })).serverId
  return { emulator, client, clientWith, old, fresh, attached, serverOf }
}

/** A refusal of every attach, before the service does it. */
const unusable = { operation: 'attachFlexibleIP', fault: { status: { status: 412, body: { type: 'precondition_failed', precondition: 'resource_not_usable', message: 'no' } } } } as const

describe('failover', () => {
  test('returns a plan, carries it out, and emits every step', async () => {
    const { client, old, fresh, attached, emulator } = world()
    const [one, two] = (await attached(2)).map(({ id }) => id) as [string, string]
    emulator.clearJournal()
    const plan = await timed(client.failover({ fromServerId: old, toServerId: fresh, dryRun: true }))
    expect(plan).toEqual([one, two].flatMap((id) => [{ action: 'detach', fipsIds: [id], serverId: old }, { action: 'attach', fipsIds: [id], serverId: fresh }]))
    expect(emulator.journal.every(({ method }) => method === 'GET')).toBe(true)

    const events: ClientEvent[] = []
    const moved = await timed(client.failover({ fromServerId: old, toServerId: fresh }, { onEvent: (event) => events.push(event) }))
    expect(moved.map(({ id, status, serverId }) => [id, status, serverId])).toEqual([one, two].map((id) => [id, 'attached', fresh]))
    const steps = events.flatMap((event) => (event.type === 'step' && event.fipsIds[0] === one ? [`${event.action} ${event.progress}`] : []))
    expect(steps).toEqual(['detach begun', 'detach done', 'attach begun', 'attach done'])
  })

  test('that cannot end says where everything is', async () => {
    const { client, emulator, old, fresh, attached } = world()
    const [one, two] = (await attached(2)).map(({ id }) => id) as [string, string]
    emulator.forceStatus(two, 'locked')
    const error = await failure(timed(client.failover({ fromServerId: old, toServerId: fresh })), IncompleteError)
    expect(error.moves).toMatchObject([
      { fipId: one, arrived: true, returned: false, last: { serverId: fresh } },
      { fipId: two, arrived: false, returned: false, last: { status: 'locked' }, error: { name: 'WaitError', fipId: two } },
    ])
    expect(error.retryable).toBe(false)
  })

  test('polls ever more rarely if its requests are accepted and change nothing', async () => {
    const attached = flexibleIp({ status: 'attached', server_id: serverId })
    const { fetch, sent } = farEnd(({ url }) => json(200, url.pathname.endsWith(fipId) ? attached : page(attached)))
    const rejected = failure(clientOf(fetch).failover({ fromServerId: serverId, toServerId: destinationId }, { totalTimeoutMs: 60_000 }), IncompleteError)
    await vi.advanceTimersByTimeAsync(60_000)
    await rejected
    expect(sent.length).toBeLessThan(45)
  })

  test('to a server without room for all is refused as a whole with the numbers, in a dry run too', async () => {
    const { client, emulator, old, fresh, attached, serverOf } = world()
    emulator.setTiming('instant')
    await attached(60, fresh)
    const ids = (await attached(10)).map(({ id }) => id)
    emulator.clearJournal()
    for (const dryRun of [true, false]) {
      const calls = [() => client.failover({ fromServerId: old, toServerId: fresh, dryRun }), () => client.ensureAttached({ fipsIds: ids, serverId: fresh, dryRun })]
      for (const call of calls) {
        const error = await failure(timed<unknown>(call()), InvalidArgumentsError)
        expect(error).toMatchObject({ attempts: 0, retryable: false })
        expect([error.status, error.body]).toEqual([undefined, undefined])
        expect(error.message).toMatch(/at most 64 .* has 60, and 10 more/)
      }
    }
    expect(emulator.journal.every(({ method }) => method === 'GET')).toBe(true)
    for (const id of ids) expect(await serverOf(id)).toBe(old)
  })

  test('to a server that does not exist is refused as a whole', async () => {
    const { client, emulator, old, attached } = world()
    await attached(3)
    emulator.clearJournal()
    const error = await failure(timed(client.failover({ fromServerId: old, toServerId: destinationId })), InvalidArgumentsError)
    expect(error.details).toMatchObject([{ field: 'toServerId' }])
    expect(error.message).toContain(destinationId)
    expect(emulator.journal.every(({ method }) => method === 'GET')).toBe(true)
  })

  test('from a server that does not exist in the zone is refused, in a dry run too, and from one without flexible IPs is done', async () => {
    const emulator = new FlexibleIpEmulator({ seed: 1 })
    const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
    const [here, target, elsewhere] = (['fr-par-1', 'fr-par-1', 'nl-ams-1'] as const).map((zone) => emulator.addServer({ zone }).id) as [string, string, string]
    for (const fromServerId of [fipId, elsewhere]) {
      for (const dryRun of [false, true]) {
        const error = await failure(client.failover({ fromServerId, toServerId: target, dryRun } as { fromServerId: string; toServerId: string }), InvalidArgumentsError)
        expect(error.details).toMatchObject([{ field: 'fromServerId', reason: 'constraint', helpMessage: `there is no server ${fromServerId} in zone fr-par-1` }])
      }
    }
    expect(await client.failover({ fromServerId: here, toServerId: target })).toEqual([])
  })

  test('to a server that refuses them brings them back, and says so', async () => {
    const { client, emulator, old, fresh, attached, serverOf } = world({ retry: false })
    const [id] = (await attached(1)).map((ip) => ip.id) as [string]
    emulator.addFault({ ...unusable, nth: 1 })
    const events: ClientEvent[] = []
    const error = await failure(timed(client.failover({ fromServerId: old, toServerId: fresh }, { onEvent: (event) => events.push(event) })), IncompleteError)
    expect(error.message).toContain('1 were attached back')
    expect(error).toMatchObject({ code: 'incomplete', retryable: false, attempts: 3, moves: [{ fipId: id, arrived: false, returned: true, last: { serverId: old } }] })
    expect(error.cause).toBeInstanceOf(PreconditionFailedError)
    expect(error.moves[0]?.error).toMatchObject({ status: 412, method: 'POST', precondition: 'resource_not_usable', attempts: 1 })
    const steps = events.flatMap((event) => (event.type === 'step' ? [`${event.action} ${event.progress}`] : []))
    expect(steps).toEqual(['detach begun', 'detach done', 'attach begun', 'attach failed', 'attach begun', 'attach done'])
    expect(await serverOf(id)).toBe(old)
  })

  test('whose time passes while attaches fail names the last of these failures, with its status and request id', async () => {
    const { client, emulator, old, fresh, attached } = world()
    await attached(1)
    emulator.addFault({ operation: 'attachFlexibleIP', fault: { status: { status: 503, body: { message: 'no healthy upstream' } } } })
    const error = await failure(timed(client.failover({ fromServerId: old, toServerId: fresh }, { totalTimeoutMs: 20_000 })), IncompleteError)
    for (const wait of [error.cause, error.moves[0]?.error]) {
      expect(wait).toMatchObject({ code: 'wait', cause: { code: 'unavailable', status: 503, method: 'POST', requestId: expect.stringMatching(/./) as string } })
    }
    expect(error.message).toContain('the last failure: ')
  })

  test.each([
    ['for which permissions are lacking', 403, { type: 'permissions_denied', message: 'no', details: [] }],
    ['that another change keeps busy', 409, { type: 'transient_state', current_state: 'updating', message: 'wait' }],
    ['that conflicts', 409, { type: 'conflict', message: 'in use' }],
  ])('to a server %s brings them back before its time has passed', async (_, status, body) => {
    const { attached, clientWith, emulator, fresh, old, serverOf } = world()
    const [{ id } = { id: '' }] = await attached(1)
    const fetch = (url: string, init: RequestInit) =>
      url.endsWith('/attach') && String(init.body).includes(fresh) ? Promise.resolve(json(status, body)) : emulator.fetch(url, init)
    const error = await failure(timed(clientWith({ fetch }).failover({ fromServerId: old, toServerId: fresh }, { totalTimeoutMs: 60_000 })), IncompleteError)
    expect(error).toMatchObject({ cause: { code: body.type, status }, moves: [{ fipId: id, arrived: false, returned: true }] })
    expect(await serverOf(id)).toBe(old)
  })

  test('with the id of an IP on a third server is refused by name', async () => {
    const { client, emulator, old, fresh, attached } = world()
    const third = emulator.addServer({ zone: 'fr-par-1' }).id
    const [one] = (await attached(1)).map(({ id }) => id) as [string]
    const [two] = (await attached(1, third)).map(({ id }) => id) as [string]
    const error = await failure(timed(client.failover({ fromServerId: old, toServerId: fresh, fipsIds: [one, two] })), InvalidArgumentsError)
    expect(error.details).toMatchObject([{ field: 'fipsIds[1]', helpMessage: expect.stringContaining(third) as string }])
  })

  test('keeps a MAC group whole that a list shows torn', async () => {
    const { client, clientWith, emulator, old, fresh, attached } = world()
    const [one, two] = (await attached(2)).map(({ id }) => id) as [string, string]
    await client.generateMACAddr({ fipId: one, macType: 'kvm' })
    await timed(client.waitForFlexibleIP({ fipId: one }))
    await client.duplicateMACAddr({ fipId: two, duplicateFromFipId: one })
    await timed(client.waitForFlexibleIP({ fipId: two }))
    let isTorn = false
    const bodies: number[] = []
    const torn = clientWith({
      fetch: async (url, init) => {
        if (init.body) bodies.push((JSON.parse(init.body) as { fips_ids: string[] }).fips_ids.length)
        const response = await emulator.fetch(url, init)
        if (isTorn || !url.includes('fips?')) return response
        isTorn = true
        const list = (await response.json()) as { flexible_ips: { id: string; server_id: string | null; status: string }[] }
        const member = list.flexible_ips.find(({ id }) => id === two)
        if (member) Object.assign(member, { server_id: null, status: 'updating' })
        return json(200, list as never)
      },
    })
    const moved = await timed(torn.failover({ fromServerId: old, toServerId: fresh }))
    expect(bodies).toEqual([2, 2])
    expect(new Set(moved.map((ip) => ip.macAddress?.macAddress)).size).toBe(1)
    expect(moved[0]?.macAddress).toBeTruthy()
  })

  test('remembers nothing: an address that an earlier one left is not dragged along', async () => {
    const { client, emulator, old, fresh, attached, serverOf } = world({ retry: false })
    const [id] = (await attached(1)).map((ip) => ip.id) as [string]
    emulator.addFault(unusable)
    await failure(timed(client.failover({ fromServerId: old, toServerId: fresh }, { totalTimeoutMs: 60_000 })), IncompleteError)
    emulator.clearFaults()
    await client.deleteFlexibleIP({ fipId: id })
    const again = await client.createFlexibleIP({ description: 'reserved' })
    expect(again.id).toBe(id)
    expect(await timed(client.failover({ fromServerId: old, toServerId: fresh }))).toEqual([])
    expect(await serverOf(id)).toBeUndefined()
  })

  test('whose named IPs do not exist says which', async () => {
    const { client, old, fresh, attached } = world()
    const [id] = (await attached(1)).map((ip) => ip.id) as [string]
    const error = await failure(timed(client.failover({ fromServerId: old, toServerId: fresh, fipsIds: [id, fipId] })), InvalidArgumentsError)
    expect(error.details).toMatchObject([{ field: 'fipsIds[1]', helpMessage: expect.stringContaining(fipId) as string }])
  })
})

describe('an abort of a move', () => {
  test('before the first change rejects with the reason of the signal', async () => {
    const { emulator, old, fresh, attached, clientWith } = world()
    await attached(1)
    const controller = new AbortController()
    const client = clientWith({ fetch: (url, init) => (controller.abort('stop'), emulator.fetch(url, init)) })
    expect(await rejection(timed(client.failover({ fromServerId: old, toServerId: fresh }, { signal: controller.signal })))).toBe('stop')
  })

  test('after a change rejects with where everything is, and what to call to go on, in any process', async () => {
    const { client, clientWith, old, fresh, attached } = world()
    const ids = (await attached(2)).map(({ id }) => id)
    const controller = new AbortController()
    const reason = new Error('mine')
    const onEvent = (event: ClientEvent) => {
      if (event.type === 'step' && event.action === 'detach' && event.progress === 'done') controller.abort(reason)
    }
    const error = await failure(timed(client.failover({ fromServerId: old, toServerId: fresh }, { signal: controller.signal, onEvent })), IncompleteError)
    expect(error).toMatchObject({ code: 'aborted', retryable: false })
    expect(error.cause).toBe(reason)
    expect(error.moves.map(({ fipId, arrived, last }) => [fipId, arrived, last?.id])).toEqual(ids.map((id) => [id, false, id]))
    expect(error.resume).toEqual({ zone: 'fr-par-1', fipsIds: ids, serverId: fresh })
    const resume = JSON.parse(JSON.stringify(error.resume)) as NonNullable<typeof error.resume>
    const moved = await timed(clientWith({ defaultZone: 'nl-ams-1' }).ensureAttached(resume))
    expect(moved.map(({ id, serverId }) => [id, serverId])).toEqual(ids.map((id) => [id, fresh]))
  })

  test('sends nothing any more, not even the retry of a request that is answered 429 afterwards', async () => {
    const { emulator, clientWith, old, fresh, attached, serverOf } = world()
    const [id] = (await attached(1)).map((ip) => ip.id) as [string]
    const controller = new AbortController()
    let requests = 0
    const client = clientWith({
      fetch: async (url, init) => {
        requests++
        if (init.method !== 'POST') return emulator.fetch(url, init)
        await new Promise((resolve) => setTimeout(resolve, 200))
        return new Response('', { status: 429, headers: { 'retry-after': '3' } })
      },
    })
    const call = failure(client.failover({ fromServerId: old, toServerId: fresh }, { signal: controller.signal }), IncompleteError)
    await vi.advanceTimersByTimeAsync(100)
    const before = requests
    controller.abort(new Error('mine'))
    expect((await call).code).toBe('aborted')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(requests).toBe(before)
    expect(await serverOf(id)).toBe(old)
  })

  test('of a move with the strategy direct has it in the request that continues the move', async () => {
    const { client, old, fresh, attached } = world()
    await attached(1)
    const controller = new AbortController()
    const call = failure(client.failover({ fromServerId: old, toServerId: fresh, strategy: 'direct' }, { signal: controller.signal }), IncompleteError)
    await vi.advanceTimersByTimeAsync(1000)
    controller.abort()
    expect((await call).resume).toMatchObject({ strategy: 'direct' })
  })
})

describe('what the target refuses after the detach', () => {
  test.each(['failover', 'ensureAttached'] as const)("stays on no server with onRefusal: 'stay', also in the request that continues %s", async (method) => {
    const { client, emulator, old, fresh, attached, serverOf } = world()
    const [id] = (await attached(1)).map((ip) => ip.id) as [string]
    emulator.addFault({ ...unusable, times: 1000 })
    emulator.clearJournal()
    const move = () => (method === 'failover' ? client.failover({ fromServerId: old, toServerId: fresh, onRefusal: 'stay' }) : client.ensureAttached({ fipsIds: [id], serverId: fresh, onRefusal: 'stay' }))
    const error = await failure(timed(move()), IncompleteError)
    expect(error.moves).toMatchObject([{ fipId: id, arrived: false, returned: false, error: { status: 412 } }])
    expect(error.resume).toEqual({ zone: 'fr-par-1', fipsIds: [id], serverId: fresh, onRefusal: 'stay' })
    // The target was asked once, and the old server never.
    expect(emulator.journal.filter(({ operation }) => operation === 'attachFlexibleIP').length).toBe(1)
    expect(await timed(serverOf(id))).toBeUndefined()
    emulator.clearFaults()
    await timed(client.ensureAttached(error.resume as Parameters<typeof client.ensureAttached>[0]))
    expect(await timed(serverOf(id))).toBe(fresh)
  })

  test('is refused with another word of onRefusal before anything is sent', async () => {
    const { client, emulator, old, fresh } = world()
    emulator.clearJournal()
    const error = await failure(client.failover({ fromServerId: old, toServerId: fresh, onRefusal: 'leave' as 'stay' }), InvalidArgumentsError)
    expect(error.message).toMatch(/onRefusal.*return.*stay/)
    expect(emulator.journal).toEqual([])
  })
})

describe('an error of a move', () => {
  test('has the status and the request id of the request that failed', async () => {
    const attached = flexibleIp({ status: 'attached', server_id: serverId })
    const detachId = '99999999-4f50-4617-8293-a4b5c6d7e8f9'
    const { fetch } = farEnd(({ method }) => (method === 'POST' ? json(404, { type: 'not_found', resource: 'flexible_ips', resource_id: fipId }, { 'X-Request-Id': detachId }) : json(200, page(attached))))
    const client = clientOf(fetch)
    const error = await failure(timed(client.failover({ fromServerId: serverId, toServerId: destinationId })), IncompleteError)
    expect(error).toMatchObject({ attempts: 1, retryable: false })
    expect([error.status, error.requestId]).toEqual([undefined, undefined])
    for (const own of [error.cause, error.moves[0]?.error]) {
      expect(own).toBeInstanceOf(ResourceNotFoundError)
      expect(own).toMatchObject({ status: 404, requestId: detachId, resourceId: fipId, method: 'POST', attempts: 1 })
    }
  })

  test('is the refusal of the list if the zone cannot be read', async () => {
    const { fetch, sent } = farEnd(() => json(403, { type: 'permissions_denied', details: [] }))
    const error = await rejection(timed(clientOf(fetch).failover({ fromServerId: serverId, toServerId: destinationId })))
    expect(isFlexipError(error)).toBe(true)
    expect(error).toMatchObject({ code: 'permissions_denied', status: 403, attempts: 1, retryable: false })
    expect(sent.every(({ method }) => method === 'GET')).toBe(true)
  })
})

test('a dryRun that is only known as a boolean gives a plan or flexible IPs', async () => {
  const { client, old, fresh, attached } = world()
  await attached(1)
  for (const dryRun of [true, false]) {
    const result: MoveStep[] | Awaited<ReturnType<typeof client.getFlexibleIP>>[] = await timed(client.failover({ fromServerId: old, toServerId: fresh, dryRun }))
    expect(result.some((step) => 'action' in step)).toBe(dryRun)
  }
})
