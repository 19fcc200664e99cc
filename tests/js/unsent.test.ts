// Requests for which fetch was never called: no error, no event and no count is about them.
import { type ClientEvent, ConnectionError, IncompleteError, TimeoutError } from 'flexip'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { destinationId, fipId, flexibleIp, page, serverId } from './support/bodies.js'
import { type Sent, clientOf, failure, farEnd, json, rejection, secretKey } from './support/wire.js'

const never = () => new Promise<never>(() => {})
const reason = new Error('enough')

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A client whose one slot is taken by a request that never ends. */
function occupied(answer: (sent: Sent) => unknown = () => json(200, page())) {
  let isFirst = true
  const end = farEnd((request) => (isFirst ? ((isFirst = false), never()) : answer(request)))
  const client = clientOf(end.fetch, { maxConcurrency: 1, retry: {} })
  client.getFlexibleIP({ fipId }, { totalTimeoutMs: 500_000, timeoutMs: 400_000 }).catch(() => {})
  return { client, sent: end.sent }
}

describe('a request whose slot comes too late', () => {
  test.each(['createFlexibleIP', 'updateFlexibleIP', 'getFlexibleIP'] as const)('is no attempt of %s, and the error names no request', async (name) => {
    const { client, sent } = occupied()
    const events: ClientEvent[] = []
    const rejected = failure((client[name] as (request: object, options: object) => Promise<unknown>)(name === 'createFlexibleIP' ? {} : { fipId }, { totalTimeoutMs: 300, onEvent: (event: ClientEvent) => events.push(event) }), ConnectionError)
    await vi.advanceTimersByTimeAsync(1000)
    const error = await rejected
    expect(error).toMatchObject({ code: 'connection', operation: name, attempts: 0, message: expect.stringContaining('not sent: ') })
    expect(error).not.toHaveProperty('method')
    expect(error).not.toHaveProperty('url')
    expect(events.filter(({ type }) => type === 'request' || type === 'response')).toEqual([])
    expect(sent).toHaveLength(1)
  })

  test('leaves the number of the attempts before it', async () => {
    const { fetch } = farEnd(({ method }) => (method === 'GET' ? json(500) : never()))
    const client = clientOf(fetch, { maxConcurrency: 1, retry: { baseDelayMs: 1000, maxAttempts: 2 } })
    const rejected = failure(client.getFlexibleIP({ fipId }, { totalTimeoutMs: 5000 }), ConnectionError)
    await vi.advanceTimersByTimeAsync(0)
    client.createFlexibleIP({}, { timeoutMs: 60_000 }).catch(() => {})
    await vi.advanceTimersByTimeAsync(5000)
    const error = await rejected
    expect(error.attempts).toBe(1)
    expect(error).not.toHaveProperty('url')
  })
})

test('a request whose key comes too late is no attempt, and neither event nor error names it', async () => {
  const events: ClientEvent[] = []
  const { fetch, sent } = farEnd()
  const client = clientOf(fetch, { secretKey: never, timeoutMs: 10, onEvent: (event) => events.push(event) })
  const rejected = failure(client.createFlexibleIP(), ConnectionError)
  await vi.advanceTimersByTimeAsync(10)
  const error = await rejected
  expect(error).toMatchObject({ attempts: 0 })
  expect(error).not.toHaveProperty('method')
  expect([events, sent]).toEqual([[], []])
})

test('without fetch there is no attempt and no event', async () => {
  vi.stubGlobal('fetch', undefined)
  try {
    const events: ClientEvent[] = []
    const client = clientOf(undefined as never, { fetch: undefined as never, onEvent: (event) => events.push(event) })
    expect(await failure(client.createFlexibleIP(), ConnectionError)).toMatchObject({ attempts: 0 })
    expect(events).toEqual([])
  } finally {
    vi.unstubAllGlobals()
  }
})

test('a request that was sent is an attempt, and its events come in pairs', async () => {
  const events: ClientEvent[] = []
  const client = clientOf(never, { onEvent: (event) => events.push(event) })
  const rejected = failure(client.getFlexibleIP({ fipId }, { timeoutMs: 10 }), TimeoutError)
  await vi.advanceTimersByTimeAsync(10)
  expect(await rejected).toMatchObject({ attempts: 1, method: 'GET' })
  expect(events.map(({ type }) => type)).toEqual(['request', 'response'])
})

describe('an abort before the first change was sent rejects with the reason of the signal', () => {
  test('of createAndAttach, whose create waits for a slot or for the key', async () => {
    const { client, sent } = occupied()
    const controller = new AbortController()
    const waiting = rejection(client.createAndAttach({ serverId }, { signal: controller.signal }))
    const keyless = rejection(clientOf(farEnd().fetch, { secretKey: never }).createAndAttach({ serverId }, { signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(100)
    controller.abort(reason)
    expect(await waiting).toBe(reason)
    expect(await keyless).toBe(reason)
    expect(sent).toHaveLength(1)
  })

  test('of createAndAttach with a key, whose list is under way', async () => {
    const controller = new AbortController()
    const waiting = rejection(clientOf(never).createAndAttach({ serverId }, { signal: controller.signal, idempotencyKey: 'a' }))
    await vi.advanceTimersByTimeAsync(100)
    controller.abort(reason)
    expect(await waiting).toBe(reason)
  })

  test.each(['ensureAttached', 'failover'] as const)('of %s, whose first step waits for a slot', async (name) => {
    const source = 'aaaaaaaa-7f28-4db6-8436-e2da60fdf4a0'
    const onTarget = flexibleIp({ id: destinationId, server_id: serverId, status: 'attached' })
    const other = flexibleIp({ server_id: source, status: 'attached' })
    const controller = new AbortController()
    let isListed = false
    const blocked: (() => void)[] = []
    const { fetch, sent } = farEnd(async ({ url }) => {
      if (url.pathname.includes('elastic') || url.pathname.includes('baremetal')) return json(403, { type: 'permissions_denied' })
      if (isListed) return new Promise<Response>((resolve) => blocked.push(() => resolve(json(200, page(onTarget, other)))))
      isListed = true
      return json(200, page(onTarget, other))
    })
    const client = clientOf(fetch, { maxConcurrency: 1 })
    const options = { signal: controller.signal }
    const moving = rejection(name === 'failover' ? client.failover({ fromServerId: source, toServerId: serverId }, options) : client.ensureAttached({ fipsIds: [fipId], serverId }, options))
    // It takes the slot when the list is read, so that the first step has to wait.
    client.listFlexibleIPs().catch(() => {})
    await vi.advanceTimersByTimeAsync(100)
    expect(sent.filter(({ method }) => method !== 'GET')).toEqual([])
    controller.abort(reason)
    expect(await moving).toBe(reason)
    await vi.advanceTimersByTimeAsync(100_000)
    expect(sent.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  test('and after it with an IncompleteError', async () => {
    const controller = new AbortController()
    const waiting = failure(clientOf(never).createAndAttach({ serverId }, { signal: controller.signal }), IncompleteError)
    await vi.advanceTimersByTimeAsync(100)
    controller.abort(reason)
    expect(await waiting).toMatchObject({ code: 'aborted', cause: reason, attempts: 1 })
  })
})

describe('after fake timers', () => {
  const hangingFirst = () => {
    let isFirst = true
    return farEnd(({ method }) => (isFirst ? ((isFirst = false), new Promise((resolve) => setTimeout(() => resolve(json(200, page())), 10))) : json(200, method === 'GET' ? page() : flexibleIp())))
  }

  test('that are gone, the slot of a request that began under them is free', async () => {
    vi.useRealTimers()
    vi.useFakeTimers({ toFake: ['queueMicrotask', 'setTimeout', 'clearTimeout', 'performance', 'Date'] })
    const client = clientOf(hangingFirst().fetch, { maxConcurrency: 1 })
    client.listFlexibleIPs().catch(() => {})
    await Promise.resolve()
    vi.useRealTimers()
    expect((await client.createFlexibleIP({}, { totalTimeoutMs: 20_000 })).id).toBe(fipId)
  })

  test('that are gone, a create that began under them is not shared', async () => {
    vi.useRealTimers()
    vi.useFakeTimers({ toFake: ['queueMicrotask', 'setTimeout', 'clearTimeout', 'performance', 'Date'] })
    const client = clientOf(hangingFirst().fetch)
    client.createFlexibleIP({}, { idempotencyKey: 'a' }).catch(() => {})
    await Promise.resolve()
    vi.useRealTimers()
    expect((await client.createFlexibleIP({}, { idempotencyKey: 'a', totalTimeoutMs: 20_000 })).id).toBe(fipId)
  })

  test('that are gone, a key function that began under them is called again', async () => {
    let calls = 0
    const secret = () => (calls++ === 0 ? new Promise<string>((resolve) => setTimeout(() => resolve(secretKey), 10)) : Promise.resolve(secretKey))
    const client = clientOf(farEnd(() => json(200, page())).fetch, { secretKey: secret })
    client.listFlexibleIPs().catch(() => {})
    await Promise.resolve()
    vi.useRealTimers()
    expect((await client.listFlexibleIPs()).totalCount).toBe(0)
  })

  test('a clock that stands still keeps no call pending', async () => {
    vi.useRealTimers()
    vi.stubGlobal('performance', { now: () => 1000 })
    try {
      const { client } = { client: clientOf(never, { maxConcurrency: 1, retry: {} }) }
      const calls = [
        client.createFlexibleIP({}, { idempotencyKey: 'a', totalTimeoutMs: 30 }),
        client.createFlexibleIP({}, { idempotencyKey: 'a', totalTimeoutMs: 20 }),
        client.getFlexibleIP({ fipId }, { totalTimeoutMs: 20 }),
        client.waitForFlexibleIP({ fipId }, { totalTimeoutMs: 20 }),
        client.createAndAttach({ serverId }, { totalTimeoutMs: 20 }),
      ]
      const settled = await Promise.allSettled(calls)
      expect(settled.map(({ status }) => status)).toEqual(Array(5).fill('rejected'))
    } finally {
      vi.unstubAllGlobals()
    }
  })
})
