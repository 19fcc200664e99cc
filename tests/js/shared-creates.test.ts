// Calls of one client with the same idempotency key that are under way at the same time are one create.
import { AmbiguousResultError, type ClientEvent, type CreateOptions, FlexipError, IncompleteError, InvalidArgumentsError, QuotasExceededError, WaitError } from 'flexip'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { fipId, flexibleIp, type JsonObject, page, projectId, serverId } from './support/bodies.js'
import { type Sent, clientOf, failure, farEnd, json, rejection, zoneOf } from './support/wire.js'

afterEach(() => {
  vi.useRealTimers()
})

const key = 'order-7'
const options: CreateOptions = { idempotencyKey: key }

/** A service whose creates take a second, and a client of it. `answer` is that of the create. */
function slow(answer: (sent: Sent) => Response = ({ body, url }) => json(200, flexibleIp({ ...(body as JsonObject), zone: zoneOf(url) }))) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  const aborted: string[] = []
  const { fetch, sent } = farEnd(async (request) => {
    if (request.method === 'GET') return json(200, page())
    request.init.signal?.addEventListener('abort', () => aborted.push(request.method))
    await new Promise((resolve) => setTimeout(resolve, 1000))
    return answer(request)
  })
  const creates = () => sent.filter(({ method }) => method === 'POST')
  return { client: clientOf(fetch), sent, creates, aborted }
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

test('two calls with one key get the result of one create', async () => {
  const { client, creates, sent } = slow()
  const calls = [client.createFlexibleIP({ description: 'x' }, options), client.createFlexibleIP({ description: 'x', projectId }, options), client.withResponse.createFlexibleIP({ description: 'x' }, options)] as const
  await pass(2000)
  const [one, other, { data }] = await Promise.all(calls)
  expect(one).toMatchObject({ id: fipId, tags: ['idempotency:order-7', expect.stringMatching(/^idempotency-request:\d+$/) as string] })
  expect(other).toEqual(one)
  expect(data).toEqual(one)
  expect(one).not.toBe(other)
  expect(creates()).toHaveLength(1)
  expect(sent).toHaveLength(2)
})

test('a call that joins while the create is on its way sends nothing', async () => {
  const { client, creates } = slow()
  const first = client.createFlexibleIP({}, options)
  await pass(500)
  const second = client.createFlexibleIP({}, options)
  await pass(1000)
  expect(await first).toEqual(await second)
  expect(creates()).toHaveLength(1)
})

test('all calls get the error of the one create', async () => {
  const { client, creates } = slow(() => json(403, { type: 'quotas_exceeded', message: 'x', details: [] }))
  const calls = [failure(client.createFlexibleIP({}, options), QuotasExceededError), failure(client.createFlexibleIP({}, options), QuotasExceededError)]
  await pass(2000)
  await Promise.all(calls)
  expect(creates()).toHaveLength(1)
})

test('a call after the create has ended is a call of its own', async () => {
  const { client, sent } = slow()
  for (const count of [2, 4]) {
    const call = client.createFlexibleIP({}, options)
    await pass(1000)
    await call
    expect(sent).toHaveLength(count)
  }
})

test('another key or zone, and a create without a key, is another create', async () => {
  const { client, creates } = slow()
  const calls = [
    client.createFlexibleIP({}, options),
    client.createFlexibleIP({}, { idempotencyKey: 'order-8' }),
    client.createFlexibleIP({ zone: 'nl-ams-1' }, options),
    client.createFlexibleIP(),
    client.createFlexibleIP(),
  ]
  await pass(1000)
  await Promise.all(calls)
  expect(creates()).toHaveLength(5)
})

test('another request with the key of a create under way is refused by name, and the create goes on', async () => {
  const { client, creates } = slow()
  const first = client.createFlexibleIP({ description: 'a' }, options)
  const error = await failure(client.createFlexibleIP({ description: 'b' }, options), InvalidArgumentsError)
  expect(error).toMatchObject({ operation: 'createFlexibleIP', attempts: 0, retryable: false, details: [{ field: 'idempotencyKey', reason: 'constraint' }] })
  expect(error.message).toContain('a call with this key and another method or request is under way')
  await failure(client.createFlexibleIP({ description: 'a', projectId: fipId }, options), InvalidArgumentsError)
  await failure(client.createFlexibleIP({ description: 'a', isIpv6: true }, options), InvalidArgumentsError)
  await pass(1000)
  await first
  expect(creates()).toHaveLength(1)
})

test('a call that is refused does not touch a create under way', async () => {
  const { client, creates } = slow()
  const first = client.createFlexibleIP({}, options)
  await failure(client.createFlexibleIP({ zone: 'mars-1' }, options), InvalidArgumentsError)
  await failure(client.createFlexibleIP({}, { ...options, signal: {} as AbortSignal }), InvalidArgumentsError)
  await failure(client.createFlexibleIP({}, { ...options, timeoutMs: 0 }), InvalidArgumentsError)
  await pass(1000)
  await first
  expect(creates()).toHaveLength(1)
})

test.each(['first', 'second'])('an abort of the %s call ends only its own waiting', async (which) => {
  const { client, creates, aborted } = slow()
  const controller = new AbortController()
  const own = (name: string) => (name === which ? { ...options, signal: controller.signal } : options)
  const calls = { first: client.createFlexibleIP({}, own('first')), second: client.createFlexibleIP({}, own('second')) }
  const thrown = rejection(which === 'first' ? calls.first : calls.second)
  await pass(500)
  const reason = new Error('no longer needed')
  controller.abort(reason)
  expect(await thrown).toBe(reason)
  expect(aborted).toEqual([])
  await pass(500)
  expect(await (which === 'first' ? calls.second : calls.first)).toMatchObject({ id: fipId })
  expect(creates()).toHaveLength(1)
})

test('the create is aborted with the last of its calls, and nothing is sent afterwards', async () => {
  const { client, creates, aborted, sent } = slow()
  const controllers = [new AbortController(), new AbortController()]
  const calls = controllers.map(({ signal }) => rejection(client.createFlexibleIP({}, { ...options, signal })))
  await pass(500)
  controllers.forEach((controller, index) => controller.abort(`reason ${index}`))
  expect(await Promise.all(calls)).toEqual(['reason 0', 'reason 1'])
  expect(aborted).toEqual(['POST'])
  await pass(600_000)
  expect(creates()).toHaveLength(1)
  expect(sent).toHaveLength(2)
  expect(vi.getTimerCount()).toBe(0)
})

test('a call whose signal is aborted already joins nothing', async () => {
  const { client, creates } = slow()
  const first = client.createFlexibleIP({}, options)
  expect(await rejection(client.createFlexibleIP({}, { ...options, signal: AbortSignal.abort('reason') }))).toBe('reason')
  await pass(1000)
  await first
  expect(creates()).toHaveLength(1)
})

test('a timeout of one call ends only its own waiting, and says that the create is under way', async () => {
  const { client, creates, aborted } = slow()
  const short = failure(client.createFlexibleIP({}, { ...options, totalTimeoutMs: 300 }), AmbiguousResultError)
  const long = client.createFlexibleIP({}, options)
  const late = failure(client.createFlexibleIP({}, { ...options, totalTimeoutMs: 200 }), AmbiguousResultError)
  await pass(300)
  expect((await late).message).toContain('no result within 200 ms; a create with this idempotency key is under way')
  expect(await short).toMatchObject({ operation: 'createFlexibleIP', retryable: false })
  expect(aborted).toEqual([])
  await pass(700)
  expect(await long).toMatchObject({ id: fipId })
  expect(creates()).toHaveLength(1)
})

test('a call that joins at the deadline of another does not extend its waiting', async () => {
  const { client, creates } = slow()
  const first = failure(client.createFlexibleIP({}, { ...options, totalTimeoutMs: 500 }), FlexipError)
  let joined: Promise<unknown> = Promise.resolve()
  // This timer runs between that of the first call and that of its request.
  setTimeout(() => (joined = client.createFlexibleIP({}, { ...options, totalTimeoutMs: 5000 })), 500)
  let isSettled = false
  void first.then(() => (isSettled = true))
  await pass(500)
  expect(isSettled).toBe(true)
  await pass(1000)
  expect(await joined).toMatchObject({ id: fipId })
  expect(await first).toMatchObject({ code: 'ambiguous_result' })
  expect(creates()).toHaveLength(1)
})

test('a create that began under timers that are gone is not waited for, whatever made the timers', async () => {
  let isOver = false
  let refuse = (): void => undefined
  const refused = new Promise<void>((resolve) => (refuse = resolve))
  const { fetch } = farEnd(({ method }) => {
    if (method === 'GET') return json(200, page())
    if (isOver) return json(200, flexibleIp())
    refuse()
    return json(429, {})
  })
  const client = clientOf(fetch, { retry: { maxAttempts: 3, baseDelayMs: 1000 } })
  vi.stubGlobal('setTimeout', () => 0)
  client.createFlexibleIP({}, options).catch(() => {})
  await refused
  // The response is read, and the sleep before the retry begins.
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
  vi.unstubAllGlobals()
  isOver = true
  expect(await client.createFlexibleIP({}, options)).toMatchObject({ id: fipId })
})

test.each(['createFlexibleIP', 'createAndAttach'] as const)('an abort by the key function, when %s begins, ends it, and nothing is sent', async (name) => {
  const { fetch, sent } = farEnd(({ method }) => (method === 'GET' ? json(200, page()) : json(200, flexibleIp())))
  await clientOf(fetch).getFlexibleIP({ fipId }).catch(() => {})
  sent.length = 0
  const controller = new AbortController()
  const client = clientOf(fetch, {
    secretKey: () => {
      controller.abort('stop')
      return 'a-key'
    },
  })
  expect(await rejection(client[name]({ serverId }, { ...options, signal: controller.signal }))).toBe('stop')
  expect(sent).toEqual([])
})

test('a call alone ends at its timeout with the error of its request', async () => {
  const { client, aborted } = slow()
  const call = failure(client.createFlexibleIP({}, { ...options, totalTimeoutMs: 300 }), FlexipError)
  await pass(300)
  expect((await call).attempts).toBe(1)
  expect(aborted).toEqual(['POST'])
})

test('each call has the events from when it joins, and a listener that throws breaks nothing', async () => {
  const { client } = slow()
  const events: string[][] = [[], []]
  const listen = (index: number) => (event: ClientEvent) => {
    events[index]?.push(event.type)
    throw new Error('listener')
  }
  const first = client.createFlexibleIP({}, { ...options, onEvent: listen(0) })
  await pass(500)
  const second = client.createFlexibleIP({}, { ...options, onEvent: listen(1) })
  await pass(500)
  await Promise.all([first, second])
  expect(events).toEqual([['request', 'response', 'request', 'response'], ['response']])
})

test('no timer and no listener is left behind', async () => {
  const { client } = slow()
  const { signal } = new AbortController()
  const remove = vi.spyOn(signal, 'removeEventListener')
  const call = client.createFlexibleIP({}, { ...options, signal })
  await pass(1000)
  await call
  await Promise.resolve()
  expect(remove).toHaveBeenCalledTimes(1)
  expect(vi.getTimerCount()).toBe(0)
})

test('a call that joins has its own time, also for a request that was sent before', async () => {
  const { client, creates, aborted } = slow()
  const short = failure(client.createFlexibleIP({}, { ...options, totalTimeoutMs: 300 }), AmbiguousResultError)
  await pass(100)
  const long = client.createFlexibleIP({}, options)
  await pass(900)
  expect(await short).toMatchObject({ attempts: 1, method: 'POST' })
  expect(await long).toMatchObject({ id: fipId })
  expect([creates().length, aborted]).toEqual([1, []])
})

test('the error of a call whose timeout has passed has the facts of the shared request', async () => {
  const { client } = slow()
  const short = failure(client.createFlexibleIP({}, { ...options, totalTimeoutMs: 300 }), AmbiguousResultError)
  const long = client.createFlexibleIP({}, options)
  await pass(1000)
  await long
  const error = await short
  expect(error).toMatchObject({ attempts: 1, method: 'POST', url: expect.stringMatching(/\/fips$/), cause: { name: 'TimeoutError', message: 'createFlexibleIP: no answer within 300 ms', method: 'POST' } })
  expect(error).not.toHaveProperty('status')
})

test('a timeout before the create was sent is no doubt', async () => {
  vi.useFakeTimers()
  const { fetch, sent } = farEnd(() => new Promise(() => {}))
  const client = clientOf(fetch)
  const short = failure(client.createFlexibleIP({}, { ...options, totalTimeoutMs: 300 }), FlexipError)
  const long = rejection(client.createFlexibleIP({}, options))
  await pass(300)
  expect(await short).toMatchObject({ code: 'timeout', attempts: 0, method: 'GET' })
  await pass(120_000)
  await long
  expect(sent.filter(({ method }) => method === 'POST')).toEqual([])
})

describe('createAndAttach with a shared key', () => {
  const request = { serverId }

  test('says after an abort where the flexible IP is, and the other call goes on', async () => {
    vi.useFakeTimers()
    let isAttached = false
    const { fetch } = farEnd(({ method, url }) => {
      if (method === 'GET' && url.searchParams.has('tags')) return json(200, page())
      return json(200, flexibleIp(isAttached ? { status: 'attached', server_id: serverId } : { status: 'updating' }))
    })
    const client = clientOf(fetch)
    const controller = new AbortController()
    const first = failure(client.createAndAttach(request, { ...options, signal: controller.signal }), IncompleteError)
    const second = client.createAndAttach(request, options)
    const third = failure(client.createAndAttach(request, { ...options, totalTimeoutMs: 2500 }), WaitError)
    await pass(2000)
    const reason = new Error('enough')
    controller.abort(reason)
    expect(await first).toMatchObject({
      code: 'aborted', cause: reason, operation: 'createAndAttach', attempts: 1,
      moves: [{ fipId, arrived: false, last: { id: fipId, status: 'updating' } }], resume: { fipsIds: [fipId], serverId },
    })
    await pass(500)
    expect(await third).toMatchObject({ operation: 'createAndAttach', fipId, last: { status: 'updating' } })
    isAttached = true
    await pass(10_000)
    expect(await second).toMatchObject({ id: fipId, serverId })
  })

  test('rejects with the reason of an abort before the create was sent', async () => {
    const client = clientOf(farEnd(() => new Promise(() => {})).fetch)
    const controllers = [new AbortController(), new AbortController()]
    const calls = controllers.map(({ signal }) => rejection(client.createAndAttach(request, { ...options, signal })))
    controllers.forEach((controller, index) => controller.abort(`reason ${index}`))
    expect(await Promise.all(calls)).toEqual(['reason 0', 'reason 1'])
  })
})
