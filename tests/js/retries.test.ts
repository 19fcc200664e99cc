// Retries: which requests, when, and how many. The clock is a fake one.
import { getEventListeners } from 'node:events'
import { AmbiguousResultError, type CallOptions, type ClientEvent, ConnectionError, DeniedAuthenticationError, type FlexibleIpClient, IncompleteError, InvalidArgumentsError, TimeoutError, TooManyRequestsError } from 'flexip'
import { FlexibleIpEmulator } from 'flexip/emulator'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { destinationId, fipId, flexibleIp, page, serverId } from './support/bodies.js'
import { call, operationNames, operations } from './support/operations.js'
import { type Sent, clientOf, failure, farEnd, json, rejection, secretKey, text } from './support/wire.js'

beforeEach(() => {
  vi.useFakeTimers()
  // The jitter's seed; half of every bound or so.
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
})
afterEach(() => {
  expect(vi.getTimerCount(), 'timers that are left').toBe(0)
  vi.useRealTimers()
  vi.restoreAllMocks()
})

type Answer = (sent: Sent) => unknown
const never = () => new Promise<never>(() => {})
const bare429 = () => new Response(null, { status: 429, headers: { 'X-Envoy-Ratelimited': 'true' } })
const broken = () => Promise.reject(new TypeError('fetch failed'))
const ready: Answer = ({ url }) => json(200, url.pathname.endsWith('/fips') ? page() : flexibleIp())

/** A client that retries, whose answers are these, one after another, the last one for ever. */
function world(answers: Answer[], options = {}) {
  let next = 0
  const moments: number[] = []
  const { fetch, sent } = farEnd((request) => {
    moments.push(performance.now())
    return answers[Math.min(next++, answers.length - 1)]?.(request)
  })
  const pauses = () => moments.slice(1).map((moment, place) => Math.round(moment - (moments[place] ?? 0)))
  return { client: clientOf(fetch, { retry: {}, ...options }), sent, pauses }
}

/** Lets time pass until a promise has settled. */
async function timed<T>(promise: Promise<T>): Promise<T> {
  let over = false
  const settled = promise.finally(() => (over = true))
  settled.catch(() => {})
  for (let step = 0; step < 800 && !over; step++) await vi.advanceTimersByTimeAsync(500)
  return settled
}

const get = (client: FlexibleIpClient, options?: CallOptions) => timed(client.getFlexibleIP({ fipId }, options))

describe('a request is retried', () => {
  test.each<[string, Answer]>([
    ['a 429 without a body', bare429],
    ['a 429', () => json(429, { type: 'too_many_requests' })],
    ['a 408', () => text(408, 'timeout')],
    ['a 500', () => json(500, { message: 'internal error' })],
    ['a 502', () => text(502, 'bad gateway')],
    ['a 503', () => text(503, 'upstream connect error')],
    ['a 504', () => text(504, 'gateway timeout')],
    ['a connection that broke', broken],
    ['a body that broke off', () => ({ status: 200, headers: new Headers(), text: broken })],
    ['a body that is not JSON', () => text(200, '<html>')],
    ['a success without a body', () => text(200, '')],
    ['no response in time', never],
    ['a 409 that passes', () => json(409, { type: 'transient_state', current_state: 'updating' })],
  ])('after %s', async (_, answer) => {
    const { client, sent } = world([answer, ready])
    expect(await get(client, { timeoutMs: 1000 })).toMatchObject({ id: fipId })
    expect(sent).toHaveLength(2)
    expect({ ...sent[1], init: undefined }).toEqual({ ...sent[0], init: undefined })
  })

  test.each([400, 403, 404, 409, 410, 412, 423, 302, 418])('not after a %i', async (status) => {
    const { client, sent } = world([() => json(status, { message: 'no' })])
    expect(await rejection(get(client))).toMatchObject({ status, attempts: 1 })
    expect(sent).toHaveLength(1)
  })

  test('four times in all, and its error says so', async () => {
    const { client, sent } = world([bare429])
    expect(await failure(get(client), TooManyRequestsError)).toMatchObject({ attempts: 4, retryable: true })
    expect(sent).toHaveLength(4)
  })

  test.each([1, 2, 7])('%i times in all where maxAttempts says so, of the client or of the call', async (maxAttempts) => {
    const of = [world([bare429], { retry: { maxAttempts } }), world([bare429])] as const
    await rejection(get(of[0].client))
    await rejection(get(of[1].client, { retry: { maxAttempts } }))
    expect(of.map(({ sent }) => sent.length)).toEqual([maxAttempts, maxAttempts])
  })

  test('never with retry: false, of the client or of the call', async () => {
    const of = [world([bare429], { retry: false }), world([bare429])] as const
    await rejection(get(of[0].client))
    await rejection(get(of[1].client, { retry: false }))
    expect(of.map(({ sent }) => sent.length)).toEqual([1, 1])
  })

  test('through the fetch of the options, with a new signal each time', async () => {
    const { client, sent } = world([broken, ready])
    await get(client)
    const [first, second] = sent.map(({ init }) => init.signal)
    expect(first).not.toBe(second)
  })

  test('and withResponse says how often', async () => {
    const { client } = world([broken, bare429, ready])
    expect(await timed(client.withResponse.getFlexibleIP({ fipId }))).toMatchObject({ attempts: 3, response: { status: 200 } })
  })
})

describe('the backoff', () => {
  test('grows, within a bound that doubles', async () => {
    const { client, pauses } = world([broken], { retry: { maxAttempts: 8, baseDelayMs: 100, maxDelayMs: 1600 } })
    await rejection(get(client))
    pauses().forEach((pause, place) => expect(pause).toBeLessThanOrEqual(Math.min(100 * 2 ** place, 1600)))
    expect(Math.max(...pauses())).toBeGreaterThan(200)
  })

  test.each<[string, Record<string, string>, number]>([
    ['Retry-After in seconds', { 'Retry-After': '7' }, 7000],
    ['Retry-After in parts of seconds', { 'Retry-After': '1.5' }, 1500],
    ['Retry-After-Ms', { 'Retry-After-Ms': '2345' }, 2345],
    ['Retry-After-Ms before Retry-After', { 'Retry-After-Ms': '2345', 'Retry-After': '9' }, 2345],
    ['a date, by the clock of the server', { 'Retry-After': 'Tue, 24 Nov 2026 10:00:30 GMT', Date: 'Tue, 24 Nov 2026 10:00:00 GMT' }, 30_000],
    ['at most a minute', { 'Retry-After': '86400' }, 60_000],
  ])('is what the service asks for: %s', async (_, headers, ms) => {
    const { client, pauses } = world([() => json(503, { message: 'overload' }, headers), ready])
    await get(client)
    expect(pauses()[0]).toBe(ms)
  })

  test.each(['-5', 'soon', '', 'NaN', 'Infinity', '1e999', '0x10', 'Tue, 99 Nov 2026 10:00:30 GMT'])('is its own where Retry-After is %j', async (value) => {
    const { client, pauses } = world([() => json(503, {}, { 'Retry-After': value }), ready])
    await get(client)
    expect(pauses()[0]).toBeLessThanOrEqual(50)
  })

  test('is skipped if it exceeds the total timeout: the error comes at once', async () => {
    const { client, sent } = world([() => json(429, {}, { 'Retry-After': '30' })])
    const began = performance.now()
    await failure(client.getFlexibleIP({ fipId }, { totalTimeoutMs: 10_000 }), TooManyRequestsError)
    expect([performance.now() - began, sent.length]).toEqual([0, 1])
  })
})

describe('the timeout', () => {
  test('of one attempt is timeoutMs', async () => {
    const { client, pauses } = world([never], { timeoutMs: 1000, retry: { maxAttempts: 3 } })
    expect(await failure(get(client), TimeoutError)).toMatchObject({ attempts: 3 })
    pauses().forEach((pause) => expect(pause).toBeLessThanOrEqual(1000 + 100))
  })

  test('of all attempts is totalTimeoutMs, to the millisecond', async () => {
    const { client, sent } = world([never], { timeoutMs: 3000, totalTimeoutMs: 7000, retry: { maxAttempts: 20 } })
    let settled = false
    const error = failure(client.getFlexibleIP({ fipId }), TimeoutError).finally(() => (settled = true))
    await vi.advanceTimersByTimeAsync(6999)
    expect(settled).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(settled).toBe(true)
    await error
    expect(sent).toHaveLength(3)
  })

  test.each([0, -1, 0.5, 2 ** 31, '5'])('cannot be totalTimeoutMs %j', async (totalTimeoutMs) => {
    const { client, sent } = world([ready])
    await failure(client.getFlexibleIP({ fipId }, { totalTimeoutMs: totalTimeoutMs as number }), InvalidArgumentsError)
    expect(sent).toEqual([])
  })
})

test.each([{ maxAttempts: 0 }, { maxAttempts: 21 }, { maxAttempts: 1.5 }, { baseDelayMs: -1 }, { maxDelayMs: '5' }, { attempts: 3 }, true, 7, 'no', null])('retry cannot be %j', async (retry) => {
  const { client, sent } = world([ready])
  await failure(client.getFlexibleIP({ fipId }, { retry } as unknown as CallOptions), InvalidArgumentsError)
  expect(() => world([ready], { retry })).toThrow(/retry/)
  expect(sent).toEqual([])
})

test('a client whose budget is used up sends once, until successes have filled it', async () => {
  let isDown = true
  const { client, sent } = world([(request) => (isDown ? broken() : ready(request))], { retry: { budget: 28, maxAttempts: 2 } })
  const count = async () => {
    sent.length = 0
    await get(client).catch(() => {})
    return sent.length
  }
  expect([await count(), await count(), await count(), await count()]).toEqual([2, 2, 1, 1])
  isDown = false
  for (let success = 0; success < 14; success++) await get(client)
  isDown = true
  expect([await count(), await count()]).toEqual([2, 1])
})

describe('an abort', () => {
  test('during the pause ends the call at once', async () => {
    const { client, sent } = world([() => json(429, {}, { 'Retry-After': '30' }), ready])
    const controller = new AbortController()
    const rejected = rejection(client.getFlexibleIP({ fipId }, { signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(10_000)
    expect(vi.getTimerCount()).toBe(1)
    controller.abort('no more')
    expect(await rejected).toBe('no more')
    expect([vi.getTimerCount(), sent.length]).toEqual([0, 1])
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })

  test('during the second attempt ends that attempt', async () => {
    const { client, sent } = world([broken, never])
    const controller = new AbortController()
    const rejected = rejection(client.getFlexibleIP({ fipId }, { signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(1000)
    expect(sent).toHaveLength(2)
    controller.abort()
    expect(await rejected).toBe(controller.signal.reason)
    expect(sent[1]?.init.signal?.aborted).toBe(true)
  })

  test('by fetch itself counts as a broken connection', async () => {
    const { client } = world([() => Promise.reject(new DOMException('aborted', 'AbortError')), ready])
    expect(await get(client)).toMatchObject({ id: fipId })
  })

  const attached = (request: Sent) => {
    const ip = flexibleIp({ id: request.url.pathname.split('/')[6] ?? fipId, status: 'attached', server_id: serverId })
    if (request.method === 'DELETE') return json(204)
    return json(200, /fips(\/attach|\/detach)?$/.test(request.url.pathname) && (request.method === 'GET' || request.url.pathname.endsWith('tach')) ? page(flexibleIp({ status: 'attached', server_id: serverId })) : ip)
  }
  const methods: [string, (client: FlexibleIpClient, options: CallOptions) => Promise<unknown>][] = [
    ...operationNames.map((name): (typeof methods)[number] => [name, (client, options) => call(client, name, operations[name].request, options)]),
    ['listFlexibleIPs.all', (client, options) => client.listFlexibleIPs({}, options).all()],
    ['listFlexibleIPs.pages', async (client, options) => {
      for await (const page of client.listFlexibleIPs({}, options).pages()) expect(page).toBeDefined()
    }],
    ['listAllZones', (client, options) => client.listAllZones({}, options)],
    ['waitForFlexibleIP', (client, options) => client.waitForFlexibleIP({ fipId }, options)],
    ['waitForFlexibleIPs', (client, options) => client.waitForFlexibleIPs({ fipsIds: [fipId, destinationId] }, options)],
    ['waitUntilDeleted', (client, options) => client.waitUntilDeleted({ fipId }, options)],
    ['ensureAttached', (client, options) => client.ensureAttached({ fipsIds: [fipId], serverId }, options)],
    ['failover', (client, options) => client.failover({ fromServerId: serverId, toServerId: destinationId }, options)],
    ['createAndAttach', (client, options) => client.createAndAttach({ serverId }, options)],
    ['findByIp', (client, options) => client.findByIp('195.154.148.225', {}, options)],
  ]

  test.each(methods)('leaves no listener and no timer behind: %s', async (_, method) => {
    for (const answer of [attached, () => json(403, {}), broken, bare429, () => 'no response', () => text(200, '{}')]) {
      const { signal } = new AbortController()
      await timed(method(world([answer]).client, { signal, totalTimeoutMs: 5000 }).catch(() => undefined))
      expect(getEventListeners(signal, 'abort')).toEqual([])
      expect(vi.getTimerCount()).toBe(0)
    }
  })

  test.each(methods)('ends %s, before it and within it', async (_, method) => {
    const early = world([attached])
    expect(await rejection(method(early.client, { signal: AbortSignal.abort('early') }))).toBe('early')
    expect(early.sent).toEqual([])
    for (const answer of [never, bare429]) {
      const controller = new AbortController()
      const rejected = rejection(method(world([answer]).client, { signal: controller.signal }))
      await vi.advanceTimersByTimeAsync(1)
      controller.abort('late')
      const thrown = await rejected
      // After a change was sent, the reason is the cause of an error that says what is known.
      expect(thrown instanceof IncompleteError ? thrown.cause : thrown).toBe('late')
      expect(getEventListeners(controller.signal, 'abort')).toEqual([])
      expect(vi.getTimerCount()).toBe(0)
    }
  })
})

describe('credentials given by a function', () => {
  const denied = () => json(401, { type: 'denied_authentication', method: 'api_key', reason: 'expired' })
  const other = secretKey.replaceAll('1', '9')

  test('are renewed after a 401, and used from then on', async () => {
    const key = vi.fn().mockReturnValueOnce(secretKey).mockReturnValue(Promise.resolve(other))
    const { client, sent } = world([denied, ready], { secretKey: key })
    await get(client)
    await get(client)
    expect(sent.map(({ headers }) => headers['X-Auth-Token'])).toEqual([secretKey, other, other])
    expect(key).toHaveBeenCalledTimes(2)
  })

  test('are not asked for a third time', async () => {
    const key = vi.fn(() => secretKey)
    const { client, sent } = world([denied], { secretKey: key })
    expect(await failure(get(client), DeniedAuthenticationError)).toMatchObject({ attempts: 2 })
    expect([key.mock.calls.length, sent.length]).toEqual([2, 2])
  })

  test('that are a text are not tried twice', async () => {
    const { client, sent } = world([denied])
    await failure(get(client), DeniedAuthenticationError)
    expect(sent).toHaveLength(1)
  })

  test('stand beside the session token', async () => {
    const { client, sent } = world([denied, ready], { secretKey: () => secretKey, sessionToken: 'jwt' })
    await get(client)
    expect(sent.map(({ headers }) => headers['X-Session-Token'])).toEqual(['jwt', 'jwt'])
  })
})

describe('a change whose response was lost', () => {
  const lost = (done: (sent: Sent) => void): Answer => (sent) => (done(sent), broken())

  test('rejects with an AmbiguousResultError if no readback can decide, and is not retried', async () => {
    const { client, sent } = world([broken])
    const error = await failure(timed(client.createFlexibleIP({ description: 'mail' })), AmbiguousResultError)
    expect(error).toMatchObject({ code: 'ambiguous_result', operation: 'createFlexibleIP', method: 'POST', attempts: 1, retryable: false, cause: { name: 'ConnectionError' } })
    expect(error.cause).toBeInstanceOf(ConnectionError)
    expect(sent).toHaveLength(1)
  })

  test('is a deletion that is found done, of a flexible IP that was created a moment before', async () => {
    const emulator = new FlexibleIpEmulator({ seed: 1 })
    const client = clientOf(emulator.fetch, { secretKey: emulator.secretKey, defaultProjectId: emulator.projectId, retry: {} })
    const { id } = await timed(client.createFlexibleIP())
    emulator.addFault({ operation: 'deleteFlexibleIP', times: 1, fault: { late: { ms: 3000 } } })
    emulator.clearJournal()
    await timed(client.deleteFlexibleIP({ fipId: id }))
    expect(emulator.journal.filter(({ method }) => method === 'DELETE')).toHaveLength(1)
    expect((await timed(client.listFlexibleIPs())).totalCount).toBe(0)
  })

  test('is found by its idempotency key, and not made twice', async () => {
    let made = false
    const answer: Answer = (sent) => {
      if (sent.method === 'POST') return lost(() => (made = true))(sent)
      expect(sent.url.searchParams.getAll('tags')).toEqual(['idempotency:order-7'])
      return json(200, made ? page(flexibleIp({ tags: ['idempotency:order-7'] })) : page())
    }
    const { client, sent } = world([answer])
    expect(await timed(client.createFlexibleIP({}, { idempotencyKey: 'order-7' }))).toMatchObject({ id: fipId })
    expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })
})

test('a retry is emitted as an event, with its error and its backoff', async () => {
  const events: ClientEvent[] = []
  const { client } = world([bare429, broken, ready], { onEvent: (event: ClientEvent) => events.push(event) })
  await get(client)
  expect(events.map(({ type }) => type)).toEqual(['request', 'response', 'retry', 'request', 'response', 'retry', 'request', 'response'])
  expect(events.filter(({ type }) => type === 'retry')).toMatchObject([
    { operation: 'getFlexibleIP', attempts: 1, error: { code: 'too_many_requests', retryable: true } },
    { operation: 'getFlexibleIP', attempts: 2, error: { code: 'connection' } },
  ])
})
