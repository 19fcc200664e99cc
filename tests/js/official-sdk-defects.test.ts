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
import { describe, expect, test } from 'vitest'
import { fipId, flexibleIp, page, projectId, serverId } from './support/bodies.js'
import { official } from './support/official.js'
import { clientOf, failure, farEnd, json, rejection, secretKey, text } from './support/wire.js'

const ours = (answer?: Parameters<typeof farEnd>[0], options = {}) => {
  const { fetch, sent } = farEnd(answer)
  return { client: clientOf(fetch, options), sent }
}

// J1
describe('an id from outside cannot lead the request to another place', () => {
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

// J8
describe('what happened can be told from the class of the error', () => {
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
test.each(['expired', 'resource_expired'])('a 410 of the type %s says since when', async (type) => {
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
