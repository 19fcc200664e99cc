// What the official SDK gets wrong and this client does not. Each test shows both, so that the
// comparison stays honest: when the official SDK is repaired, the first half of its test fails.
import { Errors, createAdvancedClient, withAdditionalInterceptors, withHTTPClient, withProfile } from '@scaleway/sdk-client'
import { Flexibleipv1alpha1 } from '@scaleway/sdk-flexibleip'
import * as sdk from '@scaleway/sdk-flexibleip'
import {
  ConnectionError,
  FlexibleIpClient,
  InvalidArgumentsError,
  ResourceExpiredError,
  TooManyRequestsError,
  exactTimes,
  parseIp,
} from 'flexip'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { fipId, flexibleIp, mac, page, projectId, serverId } from './support/bodies.js'
import { official } from './support/official.js'
import { clientOf, failure, farEnd, json, rejection, secretKey, text } from './support/wire.js'

const ours = (answer?: Parameters<typeof farEnd>[0], options = {}) => {
  const { fetch, sent } = farEnd(answer)
  return { client: clientOf(fetch, options), sent }
}

// J1
describe('an id cannot change the path of the request', () => {
  const injection = '../../../../../iam/v1alpha1/api-keys?x='

  test('of another API', async () => {
    const { api, sent: theirs } = official(() => json(200, flexibleIp()))
    await api.getFlexibleIP({ fipId: injection })
    expect(theirs[0]?.url.pathname).toBe('/iam/v1alpha1/api-keys')
    expect(theirs[0]?.headers.get('x-auth-token')).toBe(secretKey)

    const { client, sent } = ours()
    const { details } = await failure(client.getFlexibleIP({ fipId: injection }), InvalidArgumentsError)
    expect(details).toMatchObject([{ argumentName: 'fip_id', field: 'fipId', reason: 'format' }])
    expect(sent).toEqual([])
  })

  test('of the same API', async () => {
    const { api, sent: theirs } = official(() => json(204))
    await api.deleteFlexibleIP({ fipId: `${fipId}?foo#bar` })
    expect(theirs[0]?.url.href).toMatch(new RegExp(`${fipId}\\?foo#bar$`))

    const { client, sent } = ours()
    await failure(client.deleteFlexibleIP({ fipId: `${fipId}?foo#bar` }), InvalidArgumentsError)
    await failure(client.deleteFlexibleIP({ fipId: '' }), InvalidArgumentsError)
    await failure(client.deleteFlexibleIP({ fipId, zone: `../zones/fr-par-1` }), InvalidArgumentsError)
    expect(sent).toEqual([])
  })
})

// J2
test.each([
  ['application/json; charset=utf-8'],
  ['application/problem+json'],
  ['text/plain'],
])('a success of the content type %s is read', async (type) => {
  const answer = () => json(200, flexibleIp(), { 'Content-Type': type })
  await expect(official(answer).api.getFlexibleIP({ fipId })).rejects.toThrow(/could not parse/)
  await expect(ours(answer).client.getFlexibleIP({ fipId })).resolves.toMatchObject({ id: fipId })
})

// J3
test('a list of many pages is not read all at once', async () => {
  const many = (count: number) => {
    const all = Array.from({ length: count }, (_, number) => flexibleIp({ id: `7c715b98-e683-493a-9e62-${String(number).padStart(12, '0')}` }))
    let now = 0
    let most = 0
    const answer = async ({ url }: { url: URL }) => {
      most = Math.max(most, ++now)
      await new Promise((resolve) => setTimeout(resolve, 1))
      now--
      const [page, size] = ['page', 'page_size'].map((name) => Number(url.searchParams.get(name)))
      const first = ((page || 1) - 1) * (size ?? 0)
      return json(200, { total_count: count, flexible_ips: all.slice(first, first + (size ?? 0)) })
    }
    return { answer, most: () => most }
  }
  const theirs = many(250)
  expect(await official(theirs.answer).api.listFlexibleIPs({ pageSize: 5 }).all()).toHaveLength(250)
  expect(theirs.most()).toBe(49)

  const own = many(250)
  const { client, sent } = ours(own.answer)
  expect(await client.listFlexibleIPs({ pageSize: 5 }).all()).toHaveLength(250)
  expect(own.most()).toBe(4)
  expect(sent).toHaveLength(50)
})

// J4
test('a walk through all pages starts at the first: a page is refused, and nothing asked twice or beyond the end', async () => {
  const all = Array.from({ length: 7 }, (_, number) => flexibleIp({ id: `7c715b98-e683-493a-9e62-00000000000${number}` }))
  const answer = ({ url }: { url: URL }) => {
    const page = Number(url.searchParams.get('page') ?? 1)
    return json(200, { total_count: 7, flexible_ips: all.slice((page - 1) * 5, page * 5) })
  }
  const pages = (sent: { url: URL }[]) => sent.map(({ url }) => Number(url.searchParams.get('page') ?? 1))
  const theirs = official(answer)
  await theirs.api.listFlexibleIPs({ page: 2, pageSize: 5 }).all()
  expect(pages(theirs.sent).filter((page) => page === 2)).toHaveLength(2)
  expect(pages(theirs.sent)).toContain(4)

  const { client, sent } = ours(answer)
  await failure(client.listFlexibleIPs({ page: 2, pageSize: 5 }).all(), InvalidArgumentsError)
  expect(sent).toEqual([])
  const ips = await client.listFlexibleIPs({ pageSize: 5 }).all()
  expect(ips.map(({ id }) => id)).toEqual(all.map(({ id }) => id))
  expect(pages(sent)).toEqual([1, 2])
})

// J5
describe('a wait', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    expect(vi.getTimerCount(), 'timers that are left').toBe(0)
    vi.useRealTimers()
  })

  /** The time that the wait took, in milliseconds, and how it settled. */
  async function timed<T>(wait: () => Promise<T>): Promise<{ took: number; ended: PromiseSettledResult<T> | undefined }> {
    const began = performance.now()
    let took = NaN
    let ended: PromiseSettledResult<T> | undefined
    const settled = Promise.allSettled([wait()]).then(([result]) => {
      took = performance.now() - began
      ended = result
    })
    for (let step = 0; step < 4000 && ended === undefined; step++) await vi.advanceTimersByTimeAsync(10)
    await settled
    return { took, ended }
  }

  test('for what is ready already takes no time', async () => {
    const answer = () => json(200, flexibleIp())
    expect((await timed(() => official(answer).api.waitForFlexibleIP({ fipId }))).took).toBeGreaterThanOrEqual(1000)
    await expect(official(answer).api.waitForFlexibleIP({ fipId }, { minDelay: 0.1 })).rejects.toThrow('minDelay')
    expect((await timed(() => ours(answer).client.waitForFlexibleIP({ fipId }))).took).toBeLessThan(10)
  })

  test('ends soon after its condition is met', async () => {
    const readyAfter = (ms: number) => {
      const began = performance.now()
      return () => json(200, flexibleIp({ status: performance.now() - began < ms ? 'updating' : 'ready' }))
    }
    // The longest of its random waits; ours has none that are random.
    vi.spyOn(Math, 'random').mockReturnValue(0.999)
    const theirs = await timed(() => official(readyAfter(3100)).api.waitForFlexibleIP({ fipId }))
    expect(theirs.took).toBeGreaterThan(3100 + 2000)
    vi.restoreAllMocks()
    const own = await timed(() => ours(readyAfter(3100)).client.waitForFlexibleIP({ fipId }))
    expect(own.took).toBeLessThan(3100 + 300)
  })

  test('goes on after a failed poll', async () => {
    const onceDown = () => {
      let polls = 0
      return () => (polls++ === 0 ? text(503, 'upstream connect error') : json(200, flexibleIp()))
    }
    expect((await timed(() => official(onceDown()).api.waitForFlexibleIP({ fipId }))).ended?.status).toBe('rejected')
    expect((await timed(() => ours(onceDown()).client.waitForFlexibleIP({ fipId }))).ended?.status).toBe('fulfilled')
  })

  test('lasts as long as its timeout, and its error holds the last known state', async () => {
    const answer = () => json(200, flexibleIp({ status: 'updating' }))
    const theirs = await timed(() => official(answer).api.waitForFlexibleIP({ fipId }, { timeout: 3 }))
    expect(theirs.took).toBeLessThan(3000)
    expect(theirs.ended).toMatchObject({ reason: { name: 'Error' } })
    const own = await timed(() => ours(answer).client.waitForFlexibleIP({ fipId }, { totalTimeoutMs: 3000 }))
    expect(own.took).toBeGreaterThanOrEqual(3000)
    expect(own.took).toBeLessThan(3020)
    expect(own.ended).toMatchObject({ reason: { name: 'WaitError', code: 'wait', fipId, last: { id: fipId, status: 'updating' } } })
  })

  // J6
  test.each(['updating', 'deleting'])('is not over while the MAC address is %s', async (status) => {
    const changing = () => {
      let polls = 0
      return () => json(200, flexibleIp({ status: 'attached', server_id: serverId, mac_address: mac({ status: polls++ === 0 ? status : 'used' }) }))
    }
    const theirs = await timed(() => official(changing()).api.waitForFlexibleIP({ fipId }))
    expect(theirs.ended).toMatchObject({ value: { macAddress: { status } } })
    const own = await timed(() => ours(changing()).client.waitForFlexibleIP({ fipId }))
    expect(own.ended).toMatchObject({ value: { macAddress: { status: 'used' } } })
  })

  test('for an IP in error rejects', async () => {
    const answer = () => json(200, flexibleIp({ status: 'error' }))
    expect((await timed(() => official(answer).api.waitForFlexibleIP({ fipId }))).ended).toMatchObject({ status: 'fulfilled', value: { status: 'error' } })
    const own = await timed(() => ours(answer).client.waitForFlexibleIP({ fipId }))
    expect(own.ended).toMatchObject({ status: 'rejected', reason: { name: 'WaitError', last: { status: 'error' } } })
    expect(own.took).toBeLessThan(10)
  })

  // J7
  test('for a deletion ends when the IP is gone', async () => {
    const leaving = () => {
      let polls = 0
      return () => (polls++ < 3 ? json(200, flexibleIp({ status: 'detaching', server_id: serverId })) : json(403, { type: 'permissions_denied', message: 'insufficient permissions', details: [] }))
    }
    const theirs = await timed(() => official(leaving()).api.waitForFlexibleIP({ fipId }))
    expect(theirs.ended).toMatchObject({ status: 'rejected', reason: { name: 'PermissionsDeniedError' } })
    const answer = leaving()
    const own = await timed(() => ours(({ url }) => (url.pathname.endsWith('/fips') ? json(200, page()) : answer())).client.waitUntilDeleted({ fipId }))
    expect(own.ended).toEqual({ status: 'fulfilled', value: undefined })
  })
})

// J8
describe('the class of the error names the cause', () => {
  test('of a 429 without a body', async () => {
    const answer = () => new Response(null, { status: 429, headers: { 'X-Envoy-Ratelimited': 'true' } })
    const theirs = await rejection(official(answer).api.getFlexibleIP({ fipId }))
    expect(theirs).not.toBeInstanceOf(Errors.TooManyRequestsError)
    const error = await failure(ours(answer).client.getFlexibleIP({ fipId }), TooManyRequestsError)
    expect(error).toMatchObject({ code: 'too_many_requests', status: 429, retryable: true, operation: 'getFlexibleIP' })
  })

  test('of a connection that failed', async () => {
    const broken = () => Promise.reject(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') }))
    const theirs = await rejection(official(broken).api.getFlexibleIP({ fipId }))
    expect(theirs).not.toHaveProperty('code')
    const error = await failure(ours(broken).client.getFlexibleIP({ fipId }), ConnectionError)
    expect(error).toMatchObject({ code: 'connection', operation: 'getFlexibleIP', method: 'GET', retryable: true })
    expect(error.message).toBe('getFlexibleIP: no answer: fetch failed: connect ECONNREFUSED')
  })
})

// J9
test.each(['expired', 'resource_expired'])('a 410 of the type %s holds the time of expiry', async (type) => {
  const body = { resource: 'flexible_ips', resource_id: fipId, expired_since: '2026-01-02T03:04:05Z', type }
  const theirs = await rejection(official(() => json(410, body)).api.getFlexibleIP({ fipId }))
  expect(theirs instanceof Errors.ResourceExpiredError).toBe(type === 'expired')
  const error = await failure(ours(() => json(410, body)).client.getFlexibleIP({ fipId }), ResourceExpiredError)
  expect(error).toMatchObject({ code: 'expired', resourceId: fipId, expiredSince: new Date('2026-01-02T03:04:05Z') })
})

// J10
describe('a result is what its type says', () => {
  const answer = () => json(200, flexibleIp())

  test('without null', async () => {
    expect(await official(answer).api.getFlexibleIP({ fipId })).toHaveProperty('serverId', null)
    const ip = await ours(answer).client.getFlexibleIP({ fipId })
    expect('serverId' in ip).toBe(false)
    expect(Object.values(ip)).not.toContain(null)
  })

  test('with dates that keep the exact text beside them', async () => {
    const ip = await ours(answer).client.getFlexibleIP({ fipId })
    expect(ip.updatedAt).toEqual(new Date('2026-02-25T13:56:59.865Z'))
    expect(exactTimes(ip).updatedAt).toBe('2026-02-25T13:56:59.865625634Z')
    expect(exactTimes(ip).createdAt).toBe('2024-08-28T11:35:44.473875Z')
    expect(JSON.stringify(ip)).not.toContain('Text')
  })

  test('with an address that can be read in any spelling', async () => {
    const ip = await ours(answer).client.getFlexibleIP({ fipId })
    expect(parseIp(ip.ipAddress)).toEqual({ family: 4, address: '195.154.148.225', prefixLength: 32, text: '195.154.148.225' })
    expect(parseIp('195.154.148.225/32')).toEqual(parseIp(ip.ipAddress))
    expect(parseIp('2001:0BC8:702:6b7:0::/64')?.text).toBe('2001:bc8:702:6b7::/64')
    expect(parseIp('not an address')).toBeUndefined()
  })
})

// J11
test.each([
  ['zone', { zone: 'mars-1' }],
  ['pageSize', { pageSize: 1000 }],
  ['page', { page: 0 }],
])('a %s that the service does not have is not sent', async (field, request) => {
  const theirs = official(() => json(200, page()))
  await theirs.api.listFlexibleIPs(request as never)
  expect(theirs.sent).toHaveLength(1)

  const { client, sent } = ours()
  const { details } = await failure(client.listFlexibleIPs(request), InvalidArgumentsError)
  expect(details).toMatchObject([{ field, reason: 'constraint' }])
  expect(sent).toEqual([])
})

// J12
describe('a create says what it needs, and needs no more', () => {
  test('a Project', async () => {
    const { fetch, sent } = farEnd()
    const client = new FlexibleIpClient({ secretKey, fetch, defaultZone: 'fr-par-1' })
    const { details } = await failure(client.createFlexibleIP({}), InvalidArgumentsError)
    expect(details).toMatchObject([{ argumentName: 'project_id', reason: 'required' }])
    expect(sent).toEqual([])
  })

  test('neither a description nor isIpv6', async () => {
    // @ts-expect-error the official type demands both
    const theirs: Flexibleipv1alpha1.CreateFlexibleIPRequest = {}
    const { client, sent } = ours(() => json(200, flexibleIp()))
    await client.createFlexibleIP(theirs as object)
    expect(sent[0]?.body).toEqual({ project_id: projectId })
  })
})

// J13
test('the names of the examples exist', async () => {
  expect(sdk).not.toHaveProperty('Flexibleip')
  expect(Flexibleipv1alpha1.API.prototype).not.toHaveProperty('listServers')
  const { client } = ours(() => json(200, page(flexibleIp())))
  expect(await client.listFlexibleIPs()).toMatchObject({ totalCount: 1, flexibleIps: [{ id: fipId }] })
})

// J14
describe('an answer can be repaired before it is read', () => {
  test('in the official SDK only by the shape of the wire, where a result is promised', async () => {
    const repaired = { id: fipId, serverId }
    const sdkClient = createAdvancedClient(
      withProfile({ accessKey: 'SCWXXXXXXXXXXXXXXXXX', secretKey, defaultZone: 'fr-par-1' }),
      withHTTPClient(() => Promise.resolve(text(503, 'upstream connect error'))),
      withAdditionalInterceptors([{ responseError: () => Promise.resolve(repaired) }]),
    )
    const ip = await new Flexibleipv1alpha1.API(sdkClient).getFlexibleIP({ fipId })
    expect(ip.serverId).toBeUndefined()
  })

  test('here in the fetch that is handed in, where answers are answers', async () => {
    const { fetch: failing } = farEnd(() => text(503, 'upstream connect error'))
    const client = clientOf(async (url, init) => {
      const response = await failing(url, init)
      return response.status === 503 ? json(200, flexibleIp({ server_id: serverId })) : response
    })
    expect(await client.getFlexibleIP({ fipId })).toMatchObject({ id: fipId, serverId })
  })
})
