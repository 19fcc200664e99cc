// Exchanges that end without a response. The clock is a fake one.
import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { ConnectionError, DecodeError, FlexibleIpClient, type Fetch, FlexipError, TimeoutError } from 'flexip'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { fipId, flexibleIp } from './support/bodies.js'
import { unusualValues } from './support/hostile.js'
import { clientOf, failure, farEnd, json, rejection, secretKey } from './support/wire.js'

const never = () => new Promise<never>(() => {})
const get = (fetch: unknown, options = {}) => clientOf(fetch as Fetch).getFlexibleIP({ fipId }, options)

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  expect(vi.getTimerCount(), 'timers that are left').toBe(0)
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test.each([undefined, null, 7, 'x', {}, { status: 200, headers: new Headers() }])('%j instead of a response is named as something that is no Response', async (value) => {
  const error = await failure(get(async () => value), ConnectionError)
  expect(error.message).toBe('getFlexibleIP: no answer: fetch gave a redirection, or something that is no Response')
})

describe.each(Object.entries(unusualValues))('%s', (_, value) => {
  test('thrown by fetch is copied as the cause of a ConnectionError', async () => {
    const error = await failure(
      get(() => {
        throw value
      }),
      ConnectionError,
    )
    expect(error.cause).toBeInstanceOf(Error)
    expect(Object.is(error.cause, value)).toBe(false)
    expect(error).toMatchObject({ name: 'ConnectionError', code: 'connection', operation: 'getFlexibleIP', method: 'GET', attempts: 1, retryable: true })
    expect(error.message).toMatch(/^getFlexibleIP: no answer: /)
  })

  test('rejected with by fetch, or by text(), is copied as the cause of a ConnectionError', async () => {
    const rejected = async () => {
      throw value
    }
    for (const fetch of [rejected, async () => ({ status: 200, headers: new Headers(), text: rejected })]) {
      const { cause } = await failure(get(fetch), ConnectionError)
      expect(cause).toBeInstanceOf(Error)
      expect(Object.is(cause, value)).toBe(false)
    }
  })

  test('instead of a response is a ConnectionError', async () => {
    await failure(get(() => value), ConnectionError)
    await failure(get(async () => value), ConnectionError)
  })

  test('instead of a status, of headers or of a text does not hang and does not crash', async () => {
    const response = { status: 200, headers: new Headers(), text: async () => '{}' }
    await failure(get(async () => ({ ...response, status: value })), ConnectionError)
    await failure(get(async () => ({ ...response, text: value })), FlexipError)
    await failure(get(async () => ({ ...response, text: async () => value })), FlexipError)
    await failure(get(async () => ({ ...response, headers: value })), DecodeError)
    await failure(get(async () => ({ ...response, headers: { get: () => value } })), DecodeError)
  })
})

test('anything instead of a response, or as its text, rejects with an error of the library', async () => {
  const parts = fc.record({ status: fc.anything(), headers: fc.anything(), text: fc.anything().map((text) => async () => text) })
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.anything({ withNullPrototype: true, withBigInt: true }), parts), async (response) => {
      await failure(get(async () => response), FlexipError)
    }),
    { numRuns: 500 },
  )
})

test('the message of a ConnectionError says what was thrown, and why', async () => {
  const cause = Object.assign(new Error(''), { code: 'ECONNRESET' })
  const error = await failure(get(() => Promise.reject(new TypeError('fetch failed', { cause }))), ConnectionError)
  expect(error.message).toBe('getFlexibleIP: no answer: fetch failed: ECONNRESET')
  const long = await failure(get(() => Promise.reject(new Error('x'.repeat(100_000)))), ConnectionError)
  expect(long.message.length).toBeLessThan(1000)
})

test('the global fetch is read at each call', async () => {
  const client = new FlexibleIpClient({ secretKey, defaultZone: 'fr-par-1', retry: false })
  vi.stubGlobal('fetch', farEnd(() => json(200, flexibleIp())).fetch)
  expect(await client.getFlexibleIP({ fipId })).toMatchObject({ id: fipId })
  vi.stubGlobal('fetch', undefined)
  await failure(client.getFlexibleIP({ fipId }), ConnectionError)
})

describe('a redirection', () => {
  test('is not followed: it could carry the key to another host', async () => {
    const { fetch, sent } = farEnd(() => new Response(null, { status: 302, headers: { Location: 'https://elsewhere.example' } }))
    expect(await rejection(get(fetch))).toMatchObject({ name: 'UnexpectedResponseError', status: 302 })
    expect(sent[0]?.init.redirect).toBe('manual')
  })

  test('that a page may not see is a ConnectionError', async () => {
    const opaque = json(200)
    Object.defineProperty(opaque, 'status', { value: 0 })
    expect((await failure(get(async () => opaque), ConnectionError)).message).toContain('redirection')
  })
})

describe('a response that does not come in time', () => {
  const slowText = async () => ({ status: 200, headers: new Headers(), text: never })

  test.each([
    ['from fetch', never],
    ['from text()', slowText],
  ])('%s is a TimeoutError', async (_, fetch) => {
    let signal: AbortSignal | undefined
    const rejected = failure(get((_: string, init: RequestInit) => ((signal = init.signal ?? undefined), fetch()), { timeoutMs: 5000 }), TimeoutError)
    let settled = false
    void rejected.then(() => (settled = true))
    await vi.advanceTimersByTimeAsync(4999)
    expect(settled).toBe(false)
    expect(signal?.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await rejected).toMatchObject({ name: 'TimeoutError', code: 'timeout', operation: 'getFlexibleIP', method: 'GET', attempts: 1, retryable: true, message: 'getFlexibleIP: no answer within 5000 ms' })
    expect(signal?.aborted).toBe(true)
  })

  test('is one after 30 seconds, or after the timeoutMs of the client or of the call', async () => {
    const client = clientOf(never, { timeoutMs: 200 })
    const calls: [number, () => Promise<unknown>][] = [
      [30_000, () => get(never)],
      [200, () => client.getFlexibleIP({ fipId })],
      [7, () => client.getFlexibleIP({ fipId }, { timeoutMs: 7 })],
    ]
    for (const [ms, call] of calls) {
      const rejected = failure(call(), TimeoutError)
      await vi.advanceTimersByTimeAsync(ms)
      expect((await rejected).message).toContain(`within ${ms} ms`)
    }
  })

  test('may come later, and changes nothing', async () => {
    let answer!: (response: Response) => void
    const late = new Promise<Response>((resolve) => (answer = resolve))
    const rejected = failure(get(() => late, { timeoutMs: 10 }), TimeoutError)
    await vi.advanceTimersByTimeAsync(10)
    answer(json(200, flexibleIp()))
    await rejected
  })
})

describe('the argument of fetch', () => {
  test('can be spread into other options, signal and all', async () => {
    let handed: RequestInit = {}
    const wrapped: Fetch = (_, init) => ((handed = { ...init, keepalive: true }), never())
    const controller = new AbortController()
    const rejected = rejection(get(wrapped, { signal: controller.signal }))
    await vi.advanceTimersByTimeAsync(1)
    expect(handed).toMatchObject({ method: 'GET', redirect: 'manual', keepalive: true })
    expect(handed.signal?.aborted).toBe(false)
    controller.abort()
    await rejected
    expect(handed.signal?.aborted).toBe(true)
  })

  test('is aborted after the call, also for a wrapped fetch that reads it later', async () => {
    let late!: () => AbortSignal | undefined
    const waiting: Fetch = (_, init) => ((late = () => init.signal), never())
    const rejected = failure(get(waiting, { timeoutMs: 10 }), TimeoutError)
    await vi.advanceTimersByTimeAsync(10)
    await rejected
    expect(late()?.aborted).toBe(true)
  })

  const more = { 'X-More': 'yes' }

  /** What a wrapped fetch passes on instead of the argument. */
  const wrappers: Record<string, (init: RequestInit) => RequestInit> = {
    'a copy': (init) => ({ ...init }),
    'a copy with other headers': (init) => ({ ...init, headers: { ...(init.headers as object), ...more } }),
    'the same object with other headers': (init) => Object.assign(init, { headers: { ...(init.headers as object), ...more } }),
    'an object that inherits from it': (init) => Object.create(init) as RequestInit,
    'a copy of its properties, getters and all': (init) => Object.defineProperties({}, Object.getOwnPropertyDescriptors(init)),
    'a proxy of it': (init) => new Proxy(init, {}),
    'a proxy of it that reads with the proxy as receiver': (init) => new Proxy(init, { get: (target, name, receiver) => Reflect.get(target, name, receiver) as unknown }),
  }

  test.each(Object.entries(wrappers))('has the signal of that call as %s', async (_, wrap) => {
    const handed: RequestInit[] = []
    const client = clientOf(((_: string, init: RequestInit) => (handed.push(wrap(init)), never())) as Fetch)
    const controller = new AbortController()
    const first = rejection(client.getFlexibleIP({ fipId }, { signal: controller.signal }))
    const second = failure(client.getFlexibleIP({ fipId }, { timeoutMs: 1000 }), TimeoutError)
    await vi.advanceTimersByTimeAsync(1)
    const aborted = () => handed.map(({ signal }) => signal?.aborted)
    expect(aborted()).toEqual([false, false])
    expect(handed[0]?.signal).toBe(handed[0]?.signal)
    controller.abort()
    await first
    expect(aborted()).toEqual([true, false])
    await vi.advanceTimersByTimeAsync(1000)
    await second
    expect(aborted()).toEqual([true, true])
  })

  test('has the latest key of a function, and that of no other call', async () => {
    const keys = ['key-1', 'key-2']
    const answers = [json(200, flexibleIp()), json(401, {})]
    const { fetch, sent } = farEnd(() => answers.shift() ?? json(200, flexibleIp()))
    const client = clientOf(fetch, { secretKey: () => keys.shift() ?? 'key-3' })
    for (let count = 0; count < 3; count++) await client.getFlexibleIP({ fipId })
    expect(sent.map(({ headers }) => headers['X-Auth-Token'])).toEqual(['key-1', 'key-1', 'key-2', 'key-2'])
    expect(new Set(sent.map(({ headers }) => headers)).size).toBe(4)
  })

  test('is a new plain object each time', async () => {
    const { fetch, sent } = farEnd(() => json(200, flexibleIp()))
    const client = clientOf(fetch)
    await client.getFlexibleIP({ fipId })
    Object.assign(sent[0]?.headers ?? {}, { 'X-Auth-Token': 'changed' })
    await client.getFlexibleIP({ fipId })
    expect(sent[1]?.headers).toMatchObject({ 'X-Auth-Token': secretKey })
    expect(Object.getPrototypeOf(sent[1]?.init)).toBe(Object.prototype)
  })
})

describe('a signal of the caller', () => {
  const reasons: [unknown][] = [['a string'], [new Error('enough')], [0], [null], [{ own: true }]]

  test.each(reasons)('that is aborted already sends nothing, and rejects with its reason (%s)', async (reason) => {
    const { fetch, sent } = farEnd()
    expect(await rejection(get(fetch, { signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(sent).toEqual([])
  })

  test.each(reasons)('ends the call during fetch and during text(), with its reason (%s)', async (reason) => {
    for (const stage of [never, async () => ({ status: 200, headers: new Headers(), text: never })]) {
      const controller = new AbortController()
      let handed: AbortSignal | undefined
      const rejected = rejection(get((_: string, init: RequestInit) => ((handed = init.signal ?? undefined), stage()), { signal: controller.signal }))
      await vi.advanceTimersByTimeAsync(1)
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
      controller.abort(reason)
      expect(await rejected).toBe(reason)
      expect(handed?.aborted).toBe(true)
      expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    }
  })

  test('ends the call while the key is awaited, and then nothing is sent', async () => {
    let give!: (key: string) => void
    const key = new Promise<string>((resolve) => (give = resolve))
    const { fetch, sent } = farEnd(() => json(200, flexibleIp()))
    const controller = new AbortController()
    const client = clientOf(fetch, { secretKey: () => key })
    const rejected = rejection(client.createFlexibleIP({}, { signal: controller.signal }))
    controller.abort('no more')
    expect(await rejected).toBe('no more')
    give(secretKey)
    await vi.advanceTimersByTimeAsync(1)
    expect(sent).toEqual([])
  })

  test('without a reason rejects with the platform’s AbortError', async () => {
    const controller = new AbortController()
    const rejected = rejection(get(never, { signal: controller.signal }))
    controller.abort()
    expect(await rejected).toBe(controller.signal.reason)
    expect(await rejected).toMatchObject({ name: 'AbortError' })
  })

  test('keeps no listener, however the call ends', async () => {
    const { signal } = new AbortController()
    const ends = [() => json(200, flexibleIp()), () => json(403, {}), () => Promise.reject(new Error('broken')), () => 'no response']
    for (const end of ends) await get(farEnd(end).fetch, { signal }).catch(() => undefined)
    const timedOut = rejection(get(never, { signal, timeoutMs: 3 }))
    await vi.advanceTimersByTimeAsync(3)
    await timedOut
    await rejection(get(never, { signal, timeoutMs: -1 }))
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('may be aborted after the end, and nothing happens', async () => {
    const controller = new AbortController()
    const { fetch, sent } = farEnd(() => json(200, flexibleIp()))
    const ip = await get(fetch, { signal: controller.signal })
    controller.abort('late')
    expect(ip.id).toBe(fipId)
    expect(sent).toHaveLength(1)
  })
})
