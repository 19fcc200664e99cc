// beforeRetry: what a caller decides right before a change is sent again. The clock is a fake one.
import {
  AmbiguousResultError, type CallOptions, type ClientEvent, type ClientOptions, type FlexibleIpClient, IncompleteError, InvalidArgumentsError, type RetryEvent, TimeoutError,
} from 'flexip'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { destinationId, fipId, flexibleIp, page, serverId } from './support/bodies.js'
import { timed } from './support/fake-clock.js'
import { type Sent, clientOf, failure, farEnd, json, rejection, secretKey, text } from './support/wire.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  expect(vi.getTimerCount(), 'timers that are left').toBe(0)
  vi.useRealTimers()
})

type Answer = (sent: Sent) => unknown
const never = () => new Promise<never>(() => {})
const later = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
const slowDown: Answer = () => json(429, { type: 'too_many_requests', message: 'slow down' })
const lost: Answer = () => text(502, 'bad gateway')
const done: Answer = ({ method }) => (method === 'DELETE' ? new Response(null, { status: 204 }) : json(200, flexibleIp()))

/** A client whose changes get these answers, one after another, the last one for ever. Reads succeed. */
function world(answers: Answer[], options: ClientOptions = {}) {
  let next = 0
  const { fetch, sent } = farEnd((request) => (request.method === 'GET' ? json(200, request.url.pathname.endsWith('/fips') ? page() : flexibleIp()) : answers[Math.min(next++, answers.length - 1)]?.(request)))
  const changes = () => sent.filter(({ method }) => method !== 'GET').length
  return { client: clientOf(fetch, { retry: { baseDelayMs: 10 }, ...options }), sent, changes }
}

const update = (client: FlexibleIpClient, options: CallOptions) => client.updateFlexibleIP({ fipId, description: 'Mail' }, options)

describe('the function beforeRetry', () => {
  test.each<[string, (seen: ClientEvent[]) => CallOptions]>([
    ['with a listener', (seen) => ({ onEvent: (event) => seen.push(event) })],
    ['without one', () => ({})],
  ])('is awaited after each backoff, before the change is sent again, %s', async (_, more) => {
    const { client, changes } = world([slowDown, lost, done])
    const seen: ClientEvent[] = []
    const asked: [RetryEvent, number][] = []
    const beforeRetry = async (retry: RetryEvent) => {
      asked.push([retry, changes()])
      await later(700)
      expect(changes()).toBe(asked.length)
    }
    await timed(update(client, { beforeRetry, ...more(seen) }))
    expect(asked).toMatchObject([
      [{ type: 'retry', operation: 'updateFlexibleIP', attempts: 1, error: { code: 'too_many_requests' } }, 1],
      [{ type: 'retry', operation: 'updateFlexibleIP', attempts: 2, error: { code: 'unavailable' } }, 2],
    ])
    expect(changes()).toBe(3)
    const retries = seen.filter(({ type }) => type === 'retry')
    if (seen.length > 0) expect(retries).toEqual(asked.map(([retry]) => retry))
    // The time of an exchange is that of its request, from the sending on.
    for (const event of seen) if (event.type === 'response') expect(event.durationMs).toBeLessThan(100)
  })

  test('is called neither for a first attempt nor for a request that only reads', async () => {
    const beforeRetry = vi.fn()
    const { client } = world([done])
    await timed(update(client, { beforeRetry }))
    let reads = 0
    const reading = clientOf(farEnd(() => (reads++ === 0 ? text(503, '') : json(200, flexibleIp()))).fetch, { retry: {} })
    await timed(reading.getFlexibleIP({ fipId }, { beforeRetry }))
    expect([reads, beforeRetry.mock.calls.length]).toEqual([2, 0])
  })

  test('is not called if nothing was sent before: the key came too late', async () => {
    const beforeRetry = vi.fn()
    const key = vi.fn().mockRejectedValueOnce(new Error('no vault')).mockResolvedValue(secretKey)
    const { client, changes } = world([done], { secretKey: key })
    await timed(update(client, { beforeRetry }))
    expect([changes(), beforeRetry.mock.calls.length]).toEqual([1, 0])
  })

  test.each<[string, (reason: unknown) => CallOptions['beforeRetry']]>([
    ['throws', (reason) => () => { throw reason }],
    ['rejects with', (reason) => () => Promise.reject(reason as Error)],
  ])('ends the call with what it %s, and nothing more is sent', async (_, of) => {
    for (const reason of [new Error('others were quicker'), 'enough']) {
      const { client, changes } = world([lost, done])
      expect(await rejection(timed(update(client, { beforeRetry: of(reason) })))).toBe(reason)
      await vi.advanceTimersByTimeAsync(600_000)
      expect(changes()).toBe(1)
    }
  })

  test('that rejects with nothing ends the call as an abort without a reason does', async () => {
    const { client, changes } = world([slowDown, done])
    expect(await rejection(timed(update(client, { beforeRetry: () => Promise.reject() })))).toMatchObject({ name: 'AbortError' })
    expect(changes()).toBe(1)
  })

  test('may abort the signal of the call: nothing more is sent, and the reason is that of the signal', async () => {
    const { client, changes } = world([slowDown, done])
    const controller = new AbortController()
    const beforeRetry = () => controller.abort('not any more')
    expect(await rejection(timed(update(client, { beforeRetry, signal: controller.signal })))).toBe('not any more')
    expect(changes()).toBe(1)
  })

  test('does not hold a call that is aborted meanwhile', async () => {
    const { client, changes } = world([slowDown, done])
    const controller = new AbortController()
    let allow = () => {}
    const beforeRetry = vi.fn(() => new Promise<void>((resolve) => (allow = resolve)))
    const rejected = rejection(update(client, { beforeRetry, signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(5000)
    expect(beforeRetry).toHaveBeenCalledTimes(1)
    controller.abort('late')
    expect(await rejected).toBe('late')
    allow()
    await vi.advanceTimersByTimeAsync(5000)
    expect(changes()).toBe(1)
  })

  test('that never settles ends the call at its total timeout, and a change that was refused was not done', async () => {
    const { client, changes } = world([slowDown, done])
    let allow = () => {}
    const began = performance.now()
    const rejected = failure(update(client, { beforeRetry: () => new Promise((resolve) => (allow = resolve)), totalTimeoutMs: 20_000, timeoutMs: 100 }), TimeoutError)
    await vi.advanceTimersByTimeAsync(20_001)
    const error = await rejected
    expect(error).toMatchObject({ code: 'timeout', attempts: 1 })
    expect((error.cause as Error).message).toMatch(/^the function beforeRetry did not settle within \d+ ms$/)
    expect(performance.now() - began).toBeLessThan(20_002)
    allow()
    await vi.advanceTimersByTimeAsync(20_000)
    expect(changes()).toBe(1)
  })

  test('that never settles leaves a change in doubt whose response was lost', async () => {
    const { client, changes } = world([lost, done])
    const error = await failure(timed(update(client, { beforeRetry: never, totalTimeoutMs: 20_000 })), AmbiguousResultError)
    expect([error.attempts, changes()]).toEqual([1, 1])
  })

  test('may take longer than timeoutMs, which counts from the sending', async () => {
    const { client, changes } = world([slowDown, () => later(80).then(() => json(200, flexibleIp()))])
    const beforeRetry = vi.fn(() => later(5000))
    await timed(update(client, { beforeRetry, timeoutMs: 100 }))
    expect([beforeRetry.mock.calls.length, changes()]).toEqual([1, 2])
  })

  test('may send requests with the same client, also if that has one slot', async () => {
    const { client, sent } = world([slowDown, done], { maxConcurrency: 1 })
    await timed(update(client, { beforeRetry: async () => void (await client.getFlexibleIP({ fipId })) }))
    expect(sent.map(({ method }) => method)).toEqual(['PATCH', 'GET', 'PATCH'])
  })

  test('of several calls is called for each, with the event of that call', async () => {
    const { client, changes } = world([slowDown, slowDown, done])
    const calls = new Set<number>()
    const beforeRetry = ({ call }: RetryEvent) => {
      calls.add(call)
      if (calls.size === 2) throw new Error('only the first')
    }
    const results = await timed(Promise.allSettled([update(client, { beforeRetry }), update(client, { beforeRetry })]))
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect([calls.size, changes()]).toEqual([2, 3])
  })

  test('is called before a change is sent with a new key, and before that key is asked for', async () => {
    const key = vi.fn(() => secretKey)
    const { client, changes } = world([() => json(401, { type: 'denied_authentication', method: 'api_key', reason: 'expired' }), done], { secretKey: key })
    const asked: unknown[] = []
    await timed(update(client, { beforeRetry: (retry) => void asked.push([retry.delayMs, retry.error.code, key.mock.calls.length]) }))
    expect(asked).toEqual([[0, 'denied_authentication', 1]])
    expect([key.mock.calls.length, changes()]).toEqual([2, 2])
  })

  test('is refused by name if it is none', async () => {
    const { client, sent } = world([done])
    const error = await failure(update(client, { beforeRetry: 'no' as never }), InvalidArgumentsError)
    expect(error.details).toMatchObject([{ field: 'beforeRetry', reason: 'format' }])
    expect(sent).toEqual([])
  })

  test('of an attach whose response was lost is called once it is known that the change was not done', async () => {
    const { client, sent } = world([lost, () => json(200, page(flexibleIp({ status: 'attaching', server_id: serverId })))])
    const before: string[] = []
    const beforeRetry = () => void before.push(...sent.map(({ method }) => method))
    await timed(client.attachFlexibleIP({ fipsIds: [fipId], serverId }, { beforeRetry, settlingMs: 1000 }))
    expect(before[0]).toBe('POST')
    expect(before.length).toBeGreaterThan(1)
    expect(before.slice(1).every((method) => method === 'GET')).toBe(true)
    expect(sent.at(-1)?.method).toBe('POST')
  })
})

describe('the function beforeRetry of a move', () => {
  /** A service where the flexible IP stays where it is until the `accepted`th detach. */
  function moving(accepted: number) {
    let detaches = 0
    let place: string | null = serverId
    const ip = () => flexibleIp({ status: place === null ? 'ready' : 'attached', server_id: place })
    const { fetch, sent } = farEnd((request) => {
      const { pathname } = request.url
      if (pathname.startsWith('/baremetal/')) return json(200, { id: destinationId, status: 'ready' })
      if (request.method === 'GET') return json(200, pathname.endsWith('/fips') ? page(ip()) : ip())
      if (pathname.endsWith('/detach') && ++detaches < accepted) return slowDown(request)
      place = pathname.endsWith('/detach') ? null : destinationId
      return json(200, page(ip()))
    })
    const changes = () => sent.flatMap(({ method, url }) => (method === 'POST' ? [url.pathname.replace(/^.*\//, '')] : []))
    return { client: clientOf(fetch, { retry: {} }), changes }
  }
  const move = { fipsIds: [fipId], serverId: destinationId }

  test('is called before a step is sent again, with the retry event of its operation', async () => {
    const { client, changes } = moving(3)
    const asked: RetryEvent[] = []
    const events: ClientEvent[] = []
    await timed(client.ensureAttached(move, { beforeRetry: (retry) => void asked.push(retry), onEvent: (event) => events.push(event) }))
    expect(changes()).toEqual(['detach', 'detach', 'detach', 'attach'])
    expect(asked).toMatchObject([1, 2].map((attempts) => ({ operation: 'detachFlexibleIP', attempts, error: { code: 'too_many_requests' } })))
    expect(events.filter(({ type }) => type === 'retry')).toEqual(asked)
    const attempts = events.flatMap((event) => (event.type === 'request' && event.method === 'POST' ? [event.attempt] : []))
    expect(attempts).toEqual([1, 2, 3, 1])
  })

  test('ends a move that has sent a change with an IncompleteError, whose cause is what it threw', async () => {
    const { client, changes } = moving(3)
    const reason = new Error('others were quicker')
    const error = await failure(timed(client.ensureAttached(move, { beforeRetry: () => Promise.reject(reason) })), IncompleteError)
    expect(error).toMatchObject({ code: 'aborted', moves: [{ fipId, arrived: false }], resume: { fipsIds: [fipId], serverId: destinationId } })
    expect(error.cause).toBe(reason)
    await vi.advanceTimersByTimeAsync(600_000)
    expect(changes()).toEqual(['detach'])
  })

  test('that never settles ends the move at its total timeout', async () => {
    const { client, changes } = moving(3)
    const error = await failure(timed(client.ensureAttached(move, { beforeRetry: never, totalTimeoutMs: 60_000 })), IncompleteError)
    expect(error.moves).toMatchObject([{ fipId, arrived: false }])
    expect(changes()).toEqual(['detach'])
  })
})

describe('the functions beforeRetry of calls that share a create', () => {
  const options = (beforeRetry: CallOptions['beforeRetry']) => ({ idempotencyKey: 'order-7', ...(beforeRetry && { beforeRetry }) })

  test('are all called, and the create is sent again once all have resolved', async () => {
    const { client, changes } = world([slowDown, done])
    const hooks = [100, 2000].map((ms) => vi.fn(async () => { await later(ms); expect(changes()).toBe(1) }))
    const calls = [...hooks, undefined].map((hook) => client.createFlexibleIP({}, options(hook)))
    const results = await timed(Promise.all(calls))
    expect(new Set(results.map(({ id }) => id)).size).toBe(1)
    expect([...hooks.map((hook) => hook.mock.calls.length), changes()]).toEqual([1, 1, 2])
  })

  test.each([0, 1])('end only their own call by what they throw: number %i', async (place) => {
    const { client, changes } = world([slowDown, done])
    const reason = new Error('not any more')
    const calls = [0, 1].map((other) => client.createFlexibleIP({}, options(() => (other === place ? Promise.reject(reason) : later(1000)))))
    const results = await timed(Promise.allSettled(calls))
    expect(results[place]).toEqual({ status: 'rejected', reason })
    expect(results[1 - place]).toMatchObject({ status: 'fulfilled', value: { id: fipId } })
    expect(changes()).toBe(2)
  })

  test('end the create if all of them throw, each call with its own reason', async () => {
    const { client, changes } = world([slowDown, done])
    const calls = ['first', 'second'].map((reason) => client.createFlexibleIP({}, options(() => { throw new Error(reason) })))
    const results = await timed(Promise.allSettled(calls))
    expect(results).toMatchObject(['first', 'second'].map((message) => ({ status: 'rejected', reason: { message } })))
    await vi.advanceTimersByTimeAsync(600_000)
    expect(changes()).toBe(1)
  })

  test('do not hold the create for a call whose own timeout has passed', async () => {
    const { client, changes } = world([slowDown, done])
    const held = rejection(client.createFlexibleIP({}, { ...options(never), totalTimeoutMs: 30_000 }))
    const other = client.createFlexibleIP({}, { ...options(undefined), totalTimeoutMs: 100_000 })
    expect(await timed(other)).toMatchObject({ id: fipId })
    expect(await held).toBeInstanceOf(Error)
    expect(changes()).toBe(2)
  })
})
