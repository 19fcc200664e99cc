// What a request waits for before it is sent: a slot, and the key. The clock is a fake one.
import { type ClientEvent, ConnectionError, type FetchInit, TimeoutError } from 'flexip'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { fipId, flexibleIp, page } from './support/bodies.js'
import { clientOf, failure, farEnd, json, rejection, secretKey } from './support/wire.js'

const never = () => new Promise<never>(() => {})
const slow = (ms: number) => farEnd(() => new Promise((resolve) => setTimeout(() => resolve(json(200, flexibleIp())), ms)))

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  expect(vi.getTimerCount(), 'timers that are left').toBe(0)
  vi.useRealTimers()
})

describe('a slot of maxConcurrency', () => {
  test('may be waited for longer than timeoutMs, which counts from the sending', async () => {
    const { fetch, sent } = slow(100)
    const client = clientOf(fetch, { maxConcurrency: 4, timeoutMs: 2000, retry: {} })
    const calls = Promise.allSettled(Array.from({ length: 150 }, () => client.createFlexibleIP()))
    await vi.advanceTimersByTimeAsync(3800)
    expect((await calls).filter(({ status }) => status === 'rejected')).toEqual([])
    expect(sent).toHaveLength(150)
  })

  test('that is not free before the deadline of the call: nothing is sent, then or later, and nothing is in doubt', async () => {
    const { fetch, sent } = slow(1000)
    const client = clientOf(fetch, { maxConcurrency: 1, timeoutMs: 5000, retry: {} })
    const first = client.createFlexibleIP()
    const second = failure(client.createFlexibleIP({}, { totalTimeoutMs: 300 }), ConnectionError)
    await vi.advanceTimersByTimeAsync(300)
    expect(await second).toMatchObject({ code: 'connection', message: expect.stringContaining('not sent: none of the 1 slots of maxConcurrency was free within 300 ms') })
    await vi.advanceTimersByTimeAsync(2000)
    await first
    expect(sent).toHaveLength(1)
  })

  test('leaves the response only the time of the call that is left', async () => {
    const { fetch } = farEnd(never)
    const client = clientOf(fetch, { maxConcurrency: 1 })
    const first = failure(client.getFlexibleIP({ fipId }, { timeoutMs: 400 }), TimeoutError)
    const second = failure(client.getFlexibleIP({ fipId }, { timeoutMs: 10_000, totalTimeoutMs: 1000 }), TimeoutError)
    await vi.advanceTimersByTimeAsync(1000)
    expect((await first).message).toContain('no answer within 400 ms')
    expect((await second).message).toContain('no answer within 600 ms')
  })

  test('goes to the request that has waited longest, and not to one that was aborted', async () => {
    const { fetch, sent } = slow(100)
    const client = clientOf(fetch, { maxConcurrency: 1 })
    const controller = new AbortController()
    const call = (description: string, signal?: AbortSignal) => rejectionOrNothing(client.createFlexibleIP({ description }, signal ? { signal } : {}))
    const calls = [call('a'), call('b', controller.signal), call('c'), call('d')]
    await vi.advanceTimersByTimeAsync(50)
    controller.abort('no more')
    expect(await calls[1]).toBe('no more')
    await vi.advanceTimersByTimeAsync(300)
    await Promise.all(calls)
    expect(sent.map(({ body }) => (body as { description: string }).description)).toEqual(['a', 'c', 'd'])
  })
})

describe('a key function', () => {
  test('has timeoutMs to itself, and the request has it again', async () => {
    const { fetch } = slow(80)
    const client = clientOf(fetch, { secretKey: () => new Promise((resolve) => setTimeout(() => resolve(secretKey), 80)), timeoutMs: 100 })
    const call = client.getFlexibleIP({ fipId })
    await vi.advanceTimersByTimeAsync(160)
    expect((await call).id).toBe(fipId)
  })

  test('that hangs is a ConnectionError after timeoutMs, of a change as well: nothing was sent, nothing is in doubt', async () => {
    const { fetch, sent } = farEnd()
    const rejected = failure(clientOf(fetch, { secretKey: never, timeoutMs: 10 }).createFlexibleIP(), ConnectionError)
    await vi.advanceTimersByTimeAsync(10)
    expect(await rejected).toMatchObject({ code: 'connection', message: 'createFlexibleIP: not sent: the function secretKey gave no key within 10 ms' })
    expect(sent).toEqual([])
  })

  test('that fails is a ConnectionError of a change, and nothing is in doubt', async () => {
    const { fetch, sent } = farEnd()
    const error = await failure(clientOf(fetch, { secretKey: () => Promise.reject(new Error('no vault')) }).createFlexibleIP(), ConnectionError)
    expect(error.message).toBe('createFlexibleIP: not sent: no vault')
    expect(sent).toEqual([])
  })

  test('that hung is called again by the next call', async () => {
    const give = vi.fn(never as () => Promise<string>)
    const { fetch } = farEnd(() => json(200, page()))
    const client = clientOf(fetch, { secretKey: give, timeoutMs: 10 })
    const rejected = rejection(client.listFlexibleIPs())
    await vi.advanceTimersByTimeAsync(10)
    await rejected
    give.mockResolvedValue(secretKey)
    await client.listFlexibleIPs()
    expect(give).toHaveBeenCalledTimes(2)
  })

  test('is called once after 100 refusals at once', async () => {
    let calls = 0
    const give = () => new Promise<string>((resolve) => setTimeout(() => resolve(`key-${++calls}`), 5))
    const { fetch } = farEnd(async ({ headers }) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 50))
      return headers['X-Auth-Token'] === 'key-1' ? json(401, { type: 'denied_authentication', method: 'api_key', reason: 'expired' }) : json(200, page())
    })
    const client = clientOf(fetch, { secretKey: give, retry: {} })
    const all = Promise.all(Array.from({ length: 100 }, () => client.listFlexibleIPs()))
    await vi.advanceTimersByTimeAsync(1000)
    await all
    expect(calls).toBe(2)
  })
})

describe('an abort', () => {
  const reason = new Error('enough')

  test('ends the wait for a slot, and then nothing is sent', async () => {
    const { fetch, sent } = slow(100)
    const client = clientOf(fetch, { maxConcurrency: 1, retry: {} })
    const controller = new AbortController()
    const first = client.createFlexibleIP()
    const second = rejection(client.createFlexibleIP({}, { signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(1)
    controller.abort(reason)
    expect(await second).toBe(reason)
    await vi.advanceTimersByTimeAsync(1000)
    await first
    expect(sent).toHaveLength(1)
  })

  test('in the moment in which the key, a slot or a response comes leaves nothing to be sent', async () => {
    let give!: (key: string) => void
    const key = new Promise<string>((resolve) => (give = resolve))
    const controller = new AbortController()
    const { fetch, sent } = farEnd(() => json(200, flexibleIp()))
    const rejected = rejection(clientOf(fetch, { secretKey: () => key }).createFlexibleIP({}, { signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(1)
    give(secretKey)
    controller.abort(reason)
    expect(await rejected).toBe(reason)
    expect(sent).toEqual([])

    for (const status of [500, 200]) {
      const two = new AbortController()
      let answered = 0
      const aborting = farEnd(() => {
        answered++
        queueMicrotask(() => two.abort(reason))
        return json(status, flexibleIp())
      })
      const call = clientOf(aborting.fetch, { retry: { baseDelayMs: 1 } }).duplicateMACAddr({ fipId, duplicateFromFipId: '11111111-2222-4333-8444-000000000002' }, { signal: two.signal })
      expect(await rejection(call)).toBe(reason)
      await vi.advanceTimersByTimeAsync(1000)
      expect(answered).toBeLessThanOrEqual(2)
    }
  })

  test('by the listener of the request event leaves the request unsent', async () => {
    const controller = new AbortController()
    const { fetch, sent } = farEnd(() => json(200, flexibleIp()))
    const onEvent = (event: ClientEvent) => event.type === 'request' && controller.abort(reason)
    expect(await rejection(clientOf(fetch, { onEvent }).createFlexibleIP({}, { signal: controller.signal }))).toBe(reason)
    expect(sent).toEqual([])
  })

  test('during the backoff ends the retries', async () => {
    const controller = new AbortController()
    const { fetch, sent } = farEnd(() => json(429))
    const rejected = rejection(clientOf(fetch, { retry: {} }).createFlexibleIP({}, { signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(0)
    controller.abort(reason)
    expect(await rejected).toBe(reason)
    await vi.advanceTimersByTimeAsync(100_000)
    expect(sent).toHaveLength(1)
  })

  test('has the outcome aborted in the response event, a timeout the outcome timedOut', async () => {
    const events: ClientEvent[] = []
    const outcomes = () => events.flatMap((event) => (event.type === 'response' ? [event.outcome] : []))
    const client = clientOf(never, { onEvent: (event) => events.push(event) })
    const controller = new AbortController()
    const rejected = rejection(client.getFlexibleIP({ fipId }, { signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(1)
    controller.abort(reason)
    await rejected
    expect(outcomes()).toEqual(['aborted'])
    const timedOut = rejection(client.getFlexibleIP({ fipId }, { timeoutMs: 5 }))
    await vi.advanceTimersByTimeAsync(5)
    await timedOut
    expect(outcomes()).toEqual(['aborted', 'timedOut'])
  })

  test('of a signal without a reason rejects with an AbortError', async () => {
    const listeners = new Set<() => void>()
    const signal = {
      aborted: false,
      addEventListener: (_: string, listener: () => void) => listeners.add(listener),
      removeEventListener: (_: string, listener: () => void) => listeners.delete(listener),
    }
    const rejected = rejection(clientOf(never).getFlexibleIP({ fipId }, { signal: signal as unknown as AbortSignal }))
    await vi.advanceTimersByTimeAsync(1)
    signal.aborted = true
    listeners.forEach((listener) => listener())
    const error = await rejected
    expect(error).toBeInstanceOf(DOMException)
    expect(error).toMatchObject({ name: 'AbortError' })
    expect(listeners.size).toBe(0)
  })
})

describe('a failure that is certain to be before the sending', () => {
  const coded = (code: string) => Object.assign(new Error(code), { code })
  const fetchFailed = (cause: unknown) => new TypeError('fetch failed', { cause })
  const refused = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'ERR_INVALID_URL']

  test.each(refused)('%s is a ConnectionError of a change, which a retry repeats', async (code) => {
    const causes = [coded(code), fetchFailed(coded(code)), fetchFailed(Object.assign(new AggregateError([coded(code), coded('ECONNREFUSED')]), { code }))]
    for (const cause of causes) {
      let sent = 0
      const fetch = (_: string, init: FetchInit) => (init.method === 'POST' && ++sent, Promise.reject(cause))
      const rejected = failure(clientOf(fetch, { retry: { maxAttempts: 3, baseDelayMs: 1 } }).createFlexibleIP(), ConnectionError)
      await vi.advanceTimersByTimeAsync(10_000)
      expect(await rejected).toMatchObject({ code: 'connection', attempts: 3, retryable: true })
      expect(sent).toBe(3)
    }
  })

  test.each<[string, unknown]>([
    ['a reset', fetchFailed(coded('ECONNRESET'))],
    ['a reset of one of two addresses', fetchFailed(new AggregateError([coded('ECONNREFUSED'), coded('ECONNRESET')]))],
    ['no code', fetchFailed(undefined)],
    ['a timeout of the headers', fetchFailed(coded('UND_ERR_HEADERS_TIMEOUT'))],
  ])('is not %s: the change is in doubt', async (_, cause) => {
    const rejected = rejection(clientOf(() => Promise.reject(cause)).createFlexibleIP())
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await rejected).toMatchObject({ code: 'ambiguous_result' })
  })
})

async function rejectionOrNothing(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}
