// The public methods of the emulator: fetch, clock, faults, servers, snapshots, journal.
import { AmbiguousResultError, type ClientEvent, ConnectionError, DecodeError, FlexibleIpClient, ServiceUnavailableError, TooManyRequestsError } from 'flexip'
import { ConfigurationError, type EmulatorOptions, type Fault, type FaultRule, FlexibleIpEmulator, type RetryAfterForm } from 'flexip/emulator'
import { describe, expect, test } from 'vitest'
import { failure, rejection } from './support/wire.js'

/** Waits for the next turn of the event loop, in which all settled promises have been handled. */
const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

const fips = 'https://api.scaleway.com/flexible-ip/v1alpha1/zones/fr-par-1/fips'

function setUp(options: EmulatorOptions = {}) {
  const emulator = new FlexibleIpEmulator({ seed: 3, clock: 'manual', ...options })
  const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId, retry: false })
  const headers = { 'X-Auth-Token': emulator.secretKey }
  return { emulator, client, headers }
}

describe('fetch', () => {
  test('takes a string, a URL, a path and a Request', async () => {
    const { emulator, headers } = setUp()
    for (const input of [fips, new URL(fips), new URL(fips).pathname, new Request(fips)]) {
      const response = await emulator.fetch(input, { headers })
      expect(response).toBeInstanceOf(Response)
      expect([response.status, await response.json()]).toEqual([200, { flexible_ips: [], total_count: 0 }])
    }
    expect((await emulator.fetch(new Request(fips, { headers }))).status).toBe(200)
  })

  test('takes headers as an object, as entries and as Headers, in upper and lower case', async () => {
    const { emulator } = setUp()
    const entry: [string, string] = ['x-auth-TOKEN', emulator.secretKey]
    for (const headers of [Object.fromEntries([entry]), [entry], new Headers([entry])]) {
      expect((await emulator.fetch(fips, { headers })).status).toBe(200)
    }
    expect((await emulator.fetch(fips)).status).toBe(401)
  })

  test('takes every kind of body', async () => {
    const { emulator, headers } = setUp()
    const text = JSON.stringify({ project_id: emulator.projectId, description: 'é😹' })
    const bytes = new TextEncoder().encode(text)
    const stream = new Blob([text]).stream()
    const bodies: [BodyInit, RequestInit?][] = [[text], [bytes], [bytes.buffer], [new DataView(bytes.buffer)], [new Blob([text])], [stream, { duplex: 'half' } as RequestInit]]
    for (const [body, more] of bodies) {
      const response = await emulator.fetch(fips, { method: 'POST', headers, body, ...more })
      expect([response.status, (await response.json() as { description: string }).description]).toEqual([200, 'é😹'])
    }
    const request = new Request(fips, { method: 'POST', headers, body: text })
    expect((await emulator.fetch(request)).status).toBe(200)
    expect((await emulator.fetch(fips, { method: 'post', headers, body: new URLSearchParams({ a: 'b' }) })).status).toBe(400)
  })

  test('responds as the service does: headers, statuses, an empty body after a delete', async () => {
    const { emulator, client, headers } = setUp()
    const { id } = await client.createFlexibleIP()
    const response = await emulator.fetch(`${fips}/${id}`, { method: 'DELETE', headers })
    expect([response.status, await response.text()]).toEqual([204, ''])
    for (const name of ['content-type', 'date', 'server', 'x-request-id']) expect(response.headers.get(name), name).toBeTruthy()
    expect((await emulator.fetch('https://api.scaleway.com/elsewhere', { headers })).status).toBe(501)
  })

  test('gives no body in response to HEAD, as every fetch, also where a fault would break it off or draw it out', async () => {
    const { emulator, headers } = setUp()
    for (const fault of [undefined, { truncate: 5 }, { drip: { pieces: 2, overMs: 1000 } }, { status: { status: 503, body: { message: 'no' } } }] as const) {
      emulator.clearFaults()
      if (fault) emulator.addFault({ fault } as FaultRule)
      const response = await emulator.fetch(fips, { method: 'HEAD', headers })
      expect([response.body, await response.text(), response.headers.get('content-type')]).toEqual([null, '', 'application/json'])
    }
  })

  test('works without its emulator object', async () => {
    const { fetch } = new FlexibleIpEmulator()
    expect((await fetch(fips)).status).toBe(401)
  })

  test.each<[string, (signal: AbortSignal) => RequestInit | Request]>([
    ['init', (signal) => ({ signal })],
    ['a Request', (signal) => new Request(fips, { signal })],
  ])('rejects when the signal of %s aborts, before and during the request', async (_, make) => {
    const { emulator } = setUp()
    const send = (request: RequestInit | Request) => (request instanceof Request ? emulator.fetch(request) : emulator.fetch(fips, request))
    expect(await rejection(send(make(AbortSignal.abort('before'))))).toBe('before')
    emulator.addFault({ fault: { delay: 1000 } })
    const controller = new AbortController()
    const rejected = rejection(send(make(controller.signal)))
    for (let turn = 0; turn < 50 && emulator.journal.length === 0; turn++) await Promise.resolve()
    controller.abort('during')
    expect(await rejected).toBe('during')
  })
})

describe('a fault', () => {
  const cases: [Fault, object][] = [
    ['rateLimit', { name: 'TooManyRequestsError', status: 429 }],
    ['dropBefore', { name: 'ConnectionError', message: expect.stringContaining('the connection was closed') as string }],
    ['dropAfter', { name: 'ConnectionError' }],
    ['resetBefore', { name: 'ConnectionError', message: expect.stringContaining('the connection was reset') as string }],
    ['resetAfter', { name: 'ConnectionError', cause: { cause: { code: 'ECONNRESET' } } }],
    ['garbage', { name: 'DecodeError' }],
    [{ truncate: 10 }, { name: 'ConnectionError', message: expect.stringContaining('terminated') as string }],
    [{ status: { status: 503, body: { message: 'upstream connect error' } } }, { name: 'ServiceUnavailableError', status: 503 }],
    [{ status: { status: 502, after: true } }, { name: 'ServiceUnavailableError', status: 502 }],
  ]

  test.each(cases)('%j becomes an error of the client', async (fault, error) => {
    const { emulator, client } = setUp()
    emulator.addFault({ operation: 'createFlexibleIP', nth: 2, fault })
    await client.createFlexibleIP()
    const thrown = await rejection(client.createFlexibleIP())
    // The outcome is unknown, except after a 429 of the gateway.
    expect(thrown instanceof AmbiguousResultError ? thrown.cause : thrown).toMatchObject(error)
    expect(thrown instanceof AmbiguousResultError).toBe(fault !== 'rateLimit')
    await client.createFlexibleIP()
    const isCreated = typeof fault === 'string' ? !/Limit|Before/.test(fault) : !('status' in fault) || fault.status.after === true
    expect((await client.listFlexibleIPs()).totalCount).toBe(isCreated ? 3 : 2)
    expect(emulator.journal.filter((entry) => entry.fault)).toMatchObject([{ operation: 'createFlexibleIP', rule: 1 }])
  })

  test('of delay waits for the emulator’s clock', async () => {
    const { emulator, client } = setUp()
    emulator.addFault({ fault: { delay: 5000 } })
    let isDone = false
    const pending = client.listFlexibleIPs().then(() => (isDone = true))
    for (let turn = 0; turn < 50; turn++) await Promise.resolve()
    emulator.advance(4999)
    for (let turn = 0; turn < 50; turn++) await Promise.resolve()
    expect(isDone).toBe(false)
    emulator.advance(1)
    await pending
  })

  test('of drip delivers the body piece by piece, by the emulator’s clock', async () => {
    const { emulator } = setUp()
    emulator.addFault({ fault: { drip: { pieces: 4, overMs: 1000 } } })
    const response = await emulator.fetch(fips, { headers: { 'X-Auth-Token': emulator.secretKey } })
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    const pieces: string[] = []
    const read = (async () => {
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) pieces.push(new TextDecoder().decode(piece.value))
    })()
    const counts: number[] = []
    for (const ms of [249, 1, 500]) {
      emulator.advance(ms)
      await nextTurn()
      counts.push(pieces.length)
    }
    expect(counts).toEqual([0, 1, 3])
    emulator.advance(250)
    await read
    expect([pieces.length, pieces.join('')]).toEqual([4, '{"flexible_ips":[],"total_count":0}'])
    expect(emulator.journal).toMatchObject([{ fault: 'drip', durationMs: 1000 }])
  })

  test('of drip ends when the signal aborts, and when the body is cancelled', async () => {
    const { emulator } = setUp()
    emulator.addFault({ fault: { drip: { pieces: 2, overMs: 1000 } } })
    const controller = new AbortController()
    const headers = { 'X-Auth-Token': emulator.secretKey }
    const text = (await emulator.fetch(fips, { headers, signal: controller.signal })).text()
    controller.abort('enough')
    expect(await rejection(text)).toBe('enough')
    await (await emulator.fetch(fips, { headers })).body?.cancel()
  })

  test('of a rate gate passes a burst, and then requests at its rate', async () => {
    const { emulator, client } = setUp()
    emulator.addFault({ fault: { rateGate: { perSecond: 2, burst: 2 } } })
    const passes = () => client.listFlexibleIPs().then(() => true, (error: unknown) => !(error instanceof TooManyRequestsError))
    expect([await passes(), await passes(), await passes()]).toEqual([true, true, false])
    emulator.advance(500)
    expect([await passes(), await passes()]).toEqual([true, false])
  })

  test('of chunked delivers the body in as many chunks, without a Content-Length', async () => {
    const { emulator, headers } = setUp()
    emulator.addFault({ fault: { chunked: 3 } })
    const response = await emulator.fetch(fips, { headers })
    const chunks: string[] = []
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) chunks.push(new TextDecoder().decode(chunk))
    expect([response.headers.get('content-length'), chunks.length, JSON.parse(chunks.join(''))]).toEqual([null, 3, { flexible_ips: [], total_count: 0 }])
  })

  test('of gzip is decoded by fetch, which still shows the header', async () => {
    const { emulator, headers, client } = setUp()
    emulator.addFault({ fault: 'gzip' })
    const response = await emulator.fetch(fips, { headers })
    expect([response.headers.get('content-encoding'), await response.json()]).toEqual(['gzip', { flexible_ips: [], total_count: 0 }])
    expect((await client.listFlexibleIPs()).totalCount).toBe(0)
  })

  test.each<[RetryAfterForm, number | undefined]>([
    [{ seconds: 7 }, 7000],
    [{ date: 30 }, 30_000],
    ['pastDate', undefined],
    ['negative', undefined],
    ['garbage', undefined],
    ['huge', 60_000],
  ])('of retryAfter in the form %j makes the client wait %j ms, or by its own backoff', async (form, expected) => {
    const { emulator } = setUp({ startsAt: new Date('2026-01-01T00:00:00.400Z') })
    const waits: number[] = []
    const onEvent = (event: ClientEvent) => {
      if (event.type !== 'retry') return
      waits.push(event.delayMs)
      ended.abort()
    }
    const ended = new AbortController()
    const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', onEvent })
    emulator.addFault({ fault: { retryAfter: { form } } })
    await rejection(client.listFlexibleIPs({}, { signal: ended.signal }))
    expect(waits).toHaveLength(1)
    if (expected === undefined) expect(waits[0]).toBeLessThan(1000)
    else expect(waits[0]).toBe(expected)
  })

  test('is listed with its id and what it did, and removed by its id', async () => {
    const { emulator, headers } = setUp()
    const flap = { operation: 'listFlexibleIPs', nth: 2, fault: { flap: { calls: 2 } } }
    expect([emulator.addFault({ operation: 'getFlexibleIP', fault: 'garbage' }), emulator.addFault(flap), emulator.addFault({ fault: 'rateLimit' })]).toEqual([1, 2, 3])
    const statuses = []
    for (let request = 0; request < 4; request++) statuses.push((await emulator.fetch(fips, { headers })).status)
    expect(statuses).toEqual([429, 403, 403, 429])
    expect(emulator.faults).toEqual([
      { id: 1, rule: { operation: 'getFlexibleIP', fault: 'garbage' }, requests: 0, injections: 0 },
      { id: 2, rule: flap, requests: 4, injections: 1 },
      { id: 3, rule: { fault: 'rateLimit' }, requests: 4, injections: 2 },
    ])
    expect([emulator.removeFault(3), emulator.removeFault(3), emulator.removeFault(2.5), emulator.removeFault(2 ** 32 + 1)]).toEqual([true, false, false, false])
    expect((await emulator.fetch(fips, { headers })).status).toBe(200)
    expect(emulator.journal.map(({ rule }) => rule)).toEqual([3, 2, 2, 3, undefined])
    expect(emulator.addFault({ fault: 'rateLimit' })).toBe(4)
  })

  test('of the option `faults` exists from the start and after a reset, whatever the caller does to its rules', async () => {
    const rule: FaultRule = { fault: 'rateLimit' }
    const { emulator, headers } = setUp({ faults: [rule] })
    rule.fault = 'garbage'
    emulator.clearFaults()
    expect((await emulator.fetch(fips, { headers })).status).toBe(200)
    emulator.reset()
    expect(emulator.faults).toEqual([{ id: 1, rule: { fault: 'rateLimit' }, requests: 0, injections: 0 }])
    expect((await emulator.fetch(fips, { headers })).status).toBe(429)
    expect(() => setUp({ faults: [{ nth: 0, fault: 'rateLimit' }] })).toThrow(ConfigurationError)
  })

  test('is removed by clearFaults', async () => {
    const { emulator, client } = setUp()
    emulator.addFault({ fault: 'rateLimit' })
    await failure(client.listFlexibleIPs(), TooManyRequestsError)
    emulator.clearFaults()
    await client.listFlexibleIPs()
  })

  test('with a probability is the same for the same seed', async () => {
    const run = async (seed: number) => {
      const { emulator, client } = setUp({ seed })
      emulator.addFault({ probability: 0.5, fault: { status: { status: 503, headers: {} } } })
      const outcomes: boolean[] = []
      for (let call = 0; call < 64; call++) outcomes.push(await client.listFlexibleIPs().then(() => true, (error: unknown) => !(error instanceof ServiceUnavailableError)))
      return outcomes
    }
    const [one, again, other] = [await run(1), await run(1), await run(2)]
    expect(one).toEqual(again)
    expect(one).not.toEqual(other)
    expect(new Set(one).size).toBe(2)
  })
})

describe('time', () => {
  test('moves only by advance, which makes all transitions that fall due', async () => {
    const { emulator, client } = setUp({ timing: { create: 3000 } })
    expect(emulator.now).toEqual(new Date('2026-01-01T00:00:00Z'))
    const server = emulator.addServer({ zone: 'fr-par-1' })
    const { id, status } = await client.createFlexibleIP({ serverId: server.id })
    expect([status, emulator.msToNextTransition()]).toEqual(['updating', 3000])
    emulator.advance(2999)
    expect(await client.getFlexibleIP({ fipId: id })).toMatchObject({ status: 'updating' })
    emulator.advance(1)
    expect(await client.getFlexibleIP({ fipId: id })).toMatchObject({ status: 'attached', serverId: server.id, updatedAt: new Date('2026-01-01T00:00:03Z') })
    expect(emulator.msToNextTransition()).toBeUndefined()
  })

  test('is exact to the millisecond, for any start', async () => {
    for (let offset = 0; offset < 50; offset++) {
      const { emulator, client } = setUp({ timing: { create: 3000 }, startsAt: new Date(1_800_000_000_000 + 7 * offset) })
      const { id } = await client.createFlexibleIP({ serverId: emulator.addServer({ zone: 'fr-par-1' }).id })
      expect(emulator.msToNextTransition()).toBe(3000)
      emulator.advance(2999)
      expect((await client.getFlexibleIP({ fipId: id })).status).toBe('updating')
      emulator.advance(1)
      expect((await client.getFlexibleIP({ fipId: id })).status).toBe('attached')
    }
  })

  test.each([-1, NaN, Infinity])('cannot be advanced by %d', (ms) => {
    const { emulator } = setUp()
    expect(() => emulator.advance(ms)).toThrow(ConfigurationError)
    expect(emulator.now).toEqual(new Date('2026-01-01T00:00:00Z'))
  })

  test('of a real clock cannot be advanced', () => {
    expect(() => new FlexibleIpEmulator().advance(1)).toThrow(/set clock: 'manual'/)
  })
})

test('servers are added, used and removed', async () => {
  const { emulator, client } = setUp({ timing: { detach: 5000 } })
  const server = emulator.addServer({ zone: 'fr-par-1', name: 'web-1' })
  expect(server).toMatchObject({ name: 'web-1', zone: 'fr-par-1' })
  expect(emulator.servers).toEqual([server])
  const { id } = await client.createFlexibleIP({ serverId: server.id })
  emulator.advance(60_000)
  expect([emulator.removeServer(server.id), emulator.removeServer(server.id), emulator.removeServer('x')]).toEqual([true, false, false])
  emulator.advance(60_000)
  const ip = await client.getFlexibleIP({ fipId: id })
  expect([ip.status, ip.serverId, emulator.servers]).toEqual(['ready', undefined, []])
})

test('a snapshot restores the state, also in another emulator', async () => {
  const { emulator, client } = setUp()
  const ip = await client.createFlexibleIP({ description: 'stored' })
  const snapshot = emulator.snapshot()
  await client.deleteFlexibleIP({ fipId: ip.id })
  emulator.restore(snapshot)
  expect(await client.getFlexibleIP({ fipId: ip.id })).toMatchObject({ description: 'stored' })
  const other = setUp()
  other.emulator.restore(snapshot)
  expect((await other.client.listFlexibleIPs()).totalCount).toBe(1)
  expect(() => emulator.restore('{"no":"snapshot"}')).toThrow(ConfigurationError)
  expect((await client.listFlexibleIPs()).totalCount).toBe(1)
})

test('the journal has the requests and their statuses, without secrets', async () => {
  const { emulator, client } = setUp()
  await client.createFlexibleIP({ tags: ['a'] })
  await emulator.fetch('/nowhere')
  expect(emulator.journal).toMatchObject([
    { number: 1, method: 'POST', operation: 'createFlexibleIP', status: 200, unmatched: false },
    { number: 2, method: 'GET', target: '/nowhere', unmatched: true },
  ])
  expect(JSON.stringify(emulator.journal)).not.toContain(emulator.secretKey)
  emulator.clearJournal()
  expect(emulator.journal).toEqual([])
})

test('the same seed and the same requests give the same run', async () => {
  const run = async (seed: number) => {
    const { emulator, client } = setUp({ seed, timing: 'recorded' })
    const server = emulator.addServer({ zone: 'fr-par-1' })
    const ip = await client.createFlexibleIP({ serverId: server.id })
    emulator.advance(60_000)
    await client.generateMACAddr({ fipId: ip.id, macType: 'kvm' })
    emulator.advance(60_000)
    return { server, snapshot: emulator.snapshot(), last: await client.getFlexibleIP({ fipId: ip.id }) }
  }
  expect(await run(5)).toEqual(await run(5))
  expect((await run(6)).snapshot).not.toEqual((await run(5)).snapshot)
})

test.each<[string, object]>([
  ['an unknown setting', { sed: 1 }],
  ['a seed that is not a number', { seed: 'x' }],
  ['an unknown timing', { timing: 'slow' }],
  ['a Project that is not a UUID', { projectId: 'x' }],
  ['an unknown value of a setting', { goneIp: 'teapot' }],
])('%s is a ConfigurationError', (_, options) => {
  expect(() => new FlexibleIpEmulator(options)).toThrow(ConfigurationError)
})

test.each<[string, object]>([
  ['an unknown operation', { operation: 'attach', fault: 'rateLimit' }],
  ['a probability above 1', { probability: 2, fault: 'rateLimit' }],
  ['an invalid status', { fault: { status: { status: 99, headers: {} } } }],
  ['no fault', {}],
])('a fault rule with %s is a ConfigurationError', (_, rule) => {
  expect(() => setUp().emulator.addFault(rule as { fault: Fault })).toThrow(ConfigurationError)
})

test('a server in an unknown zone is a ConfigurationError', () => {
  expect(() => setUp().emulator.addServer({ zone: 'nowhere' })).toThrow(ConfigurationError)
})

test('a broken connection and a response that is not JSON are different errors', async () => {
  const { emulator, client } = setUp()
  emulator.addFault({ fault: 'resetAfter' })
  expect((await failure(client.listFlexibleIPs(), ConnectionError)).cause).toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNRESET' } })
  emulator.clearFaults()
  emulator.addFault({ fault: 'garbage' })
  await failure(client.listFlexibleIPs(), DecodeError)
})

test('a cache of the fault `stale` responds, but not to a fetch with `cache: no-store`', async () => {
  const emulator = new FlexibleIpEmulator()
  emulator.addFault({ fault: { stale: {} } })
  const url = 'https://api.scaleway.com/flexible-ip/v1alpha1/zones/fr-par-1/fips'
  const headers = { 'X-Auth-Token': emulator.secretKey }
  await emulator.fetch(url, { method: 'POST', headers, body: JSON.stringify({ project_id: emulator.projectId }) })
  const count = async (input: string | Request, init?: RequestInit) => ((await (await emulator.fetch(input, init)).json()) as { total_count: number }).total_count
  expect(await count(url, { headers })).toBe(0)
  expect(await count(url, { headers, cache: 'no-store' })).toBe(1)
  expect(await count(new Request(url, { headers, cache: 'reload' }))).toBe(1)
})
