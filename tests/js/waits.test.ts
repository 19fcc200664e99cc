// Waits and createAndAttach of the built package: what a result means, and what an error holds. On a fake clock.
import { FlexibleIpClient, IncompleteError, InvalidArgumentsError, PermissionsDeniedError, ServiceUnavailableError, WaitError } from 'flexip'
import { FlexibleIpEmulator } from 'flexip/emulator'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type JsonObject, destinationId, fipId, flexibleIp, mac, page, serverId } from './support/bodies.js'
import { type Sent, clientOf, failure, farEnd, json, rejection, text } from './support/wire.js'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Advances the clock until the promise has settled, and returns how long that took. */
async function timed<T>(promise: Promise<T>): Promise<{ took: number; value: T | undefined; error: unknown }> {
  const began = performance.now()
  let result: { took: number; value: T | undefined; error: unknown } | undefined
  const took = () => performance.now() - began
  void promise.then(
    (value) => (result = { took: took(), value, error: undefined }),
    (error: unknown) => (result = { took: took(), value: undefined, error }),
  )
  for (let step = 0; step < 40_000 && !result; step++) await vi.advanceTimersByTimeAsync(10)
  if (!result) throw new Error('the promise never settles')
  return result
}

const denied = () => json(403, { details: [{ action: 'read', resource: 'flexible-ip' }], message: 'insufficient permissions', type: 'permissions_denied' })
const isList = ({ url }: Sent) => url.pathname.endsWith('/fips')

function emulated(options = {}) {
  const emulator = new FlexibleIpEmulator({ seed: 1, ...options })
  const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
  return { emulator, client }
}

describe('a wait for a deletion', () => {
  test('is not over after one refusal', async () => {
    const { emulator, client } = emulated({ timing: { delete: 60_000, attach: 10 } })
    const server = emulator.addServer({ zone: 'fr-par-1' })
    const { value: ip } = await timed(client.createAndAttach({ serverId: server.id }))
    await client.deleteFlexibleIP({ fipId: ip?.id ?? '' })
    const body = { details: [{ action: 'read', resource: 'flexible-ip' }], message: 'insufficient permissions', type: 'permissions_denied' }
    emulator.addFault({ operation: 'getFlexibleIP', nth: 2, times: 1, fault: { status: { status: 403, body } } })
    const { error } = await timed(client.waitUntilDeleted({ fipId: ip?.id ?? '' }, { totalTimeoutMs: 5000 }))
    expect(error).toMatchObject({ name: 'WaitError', last: { status: 'detaching' } })
  })

  test('resolves when the flexible IP is gone', async () => {
    const { emulator, client } = emulated({ timing: { delete: 6_000, attach: 10 } })
    const server = emulator.addServer({ zone: 'fr-par-1' })
    const { value: ip } = await timed(client.createAndAttach({ serverId: server.id }))
    await client.deleteFlexibleIP({ fipId: ip?.id ?? '' })
    const { took, error } = await timed(client.waitUntilDeleted({ fipId: ip?.id ?? '' }))
    expect(error).toBeUndefined()
    expect(took).toBeGreaterThan(5900)
    expect(took).toBeLessThan(6500)
  })

  test('names the zone of a flexible IP that is in another one', async () => {
    const { client } = emulated()
    const { id } = await client.createFlexibleIP({ zone: 'nl-ams-1' })
    const { error } = await timed(client.waitUntilDeleted({ fipId: id }))
    expect(error).toBeInstanceOf(InvalidArgumentsError)
    expect(String(error)).toContain(`${id} is in zone nl-ams-1`)
  })

  test('of one that was deleted before resolves', async () => {
    const { client } = emulated()
    const { id } = await client.createFlexibleIP()
    await client.deleteFlexibleIP({ fipId: id })
    expect(await timed(client.waitUntilDeleted({ fipId: id }))).toMatchObject({ error: undefined })
  })

  test.each([
    ['a page of a firewall', () => text(403, '<html>Blocked by policy</html>', { 'Content-Type': 'text/html' })],
    ['a sign-in page', () => text(200, '<html>Hotel Wi-Fi: sign in</html>', { 'Content-Type': 'text/html' })],
    ['an untyped 404', () => json(404, { message: 'no route' })],
    ['a refusal of another resource', () => json(404, { type: 'not_found', resource: 'server', resource_id: fipId, message: 'resource is not found' })],
    ['a redirect', () => text(302, '', { Location: 'http://login.invalid/' })],
  ])('takes %s for no answer', async (_, answer) => {
    const { fetch } = farEnd((sent) => (isList(sent) ? json(200, page()) : answer()))
    const { error } = await timed(clientOf(fetch).waitUntilDeleted({ fipId }, { totalTimeoutMs: 3000 }))
    expect(error).toBeInstanceOf(WaitError)
  })
})

describe('a wait for rest', () => {
  test.each<[string, JsonObject]>([
    ['an unknown status', { status: 'provisioning' }],
    ['an empty status', { status: '' }],
    ['attached to no server', { status: 'attached' }],
    ['ready on a server', { status: 'ready', server_id: serverId }],
    ['an unknown status of the MAC address', { mac_address: mac({ status: 'migrating' }) }],
  ])('does not take %s for rest', async (_, fields) => {
    const { fetch } = farEnd((sent) => (isList(sent) ? json(200, page(flexibleIp(fields), flexibleIp({ id: destinationId }))) : json(200, flexibleIp(fields))))
    const client = clientOf(fetch)
    expect(await timed(client.waitForFlexibleIP({ fipId }, { totalTimeoutMs: 700 }))).toMatchObject({ error: { name: 'WaitError', fipId } })
    const several = client.waitForFlexibleIPs({ fipsIds: [fipId, destinationId] }, { totalTimeoutMs: 700 })
    expect(await timed(several)).toMatchObject({ error: { name: 'WaitError', fipId } })
  })

  test.each<[string, unknown]>([
    ['null as status', flexibleIp({ status: null })],
    ['a number as status', flexibleIp({ status: 1 })],
    ['a text as MAC address', flexibleIp({ mac_address: '52:54:00:11:22:33' })],
    ['another flexible IP', flexibleIp({ id: destinationId })],
  ])('takes a body with %s for a failed poll', async (_, body) => {
    const { fetch } = farEnd(() => json(200, body))
    const { took, error } = await timed(clientOf(fetch).waitForFlexibleIP({ fipId }, { totalTimeoutMs: 700 }))
    expect(error).toMatchObject({ name: 'WaitError', cause: { name: 'DecodeError' } })
    expect(took).toBeLessThan(730)
  })

  test('has the last failed poll as its cause, with the status and request id of that poll', async () => {
    let polls = 0
    const { fetch } = farEnd(() => {
      polls++
      if (polls === 3) return json(503, { message: 'down' }, { 'X-Request-Id': 'third' })
      return json(200, flexibleIp({ status: 'updating' }), { 'X-Request-Id': `poll ${polls}` })
    })
    const { error } = await timed(clientOf(fetch).waitForFlexibleIP({ fipId }, { totalTimeoutMs: 5000 }))
    const wait = await failure(Promise.reject(error as Error), WaitError)
    expect(wait.cause).toBeInstanceOf(ServiceUnavailableError)
    expect(wait.cause).toMatchObject({ status: 503, requestId: 'third', attempts: 1, method: 'GET' })
    expect((wait.cause as ServiceUnavailableError).url).toContain(fipId)
    expect([wait.status, wait.requestId, wait.body, wait.method]).toEqual([undefined, undefined, undefined, undefined])
    expect(wait.last).toMatchObject({ status: 'updating' })
  })

  test('goes on while permissions are lost for a minute', async () => {
    const began = performance.now()
    const { fetch } = farEnd(() => (performance.now() - began < 60_000 ? denied() : json(200, flexibleIp())))
    const { error, took } = await timed(clientOf(fetch).waitForFlexibleIP({ fipId }))
    expect(error).toBeUndefined()
    expect(took).toBeGreaterThan(60_000)
  })

  test('ends after two minutes of nothing but refusals, with the last one as its cause', async () => {
    const { fetch } = farEnd(denied)
    const { error, took } = await timed(clientOf(fetch).waitForFlexibleIP({ fipId }))
    expect(error).toMatchObject({ name: 'WaitError', retryable: false, cause: { name: 'PermissionsDeniedError', status: 403 } })
    expect(took).toBeLessThan(123_000)
  })

  test('of a flexible IP that is gone has its refusal as its cause', async () => {
    const { fetch } = farEnd((sent) => (isList(sent) ? json(200, page()) : denied()))
    const { error } = await timed(clientOf(fetch).waitForFlexibleIP({ fipId }))
    const wait = await failure(Promise.reject(error as Error), WaitError)
    expect(wait.cause).toBeInstanceOf(PermissionsDeniedError)
    expect((wait.cause as PermissionsDeniedError).url).toContain(fipId)
  })

  test('waits no longer than its timeout for a Retry-After', async () => {
    let polls = 0
    const { fetch } = farEnd(() => (polls++ === 0 ? text(429, '', { 'Retry-After': '86400' }) : json(200, flexibleIp())))
    const { error, took } = await timed(clientOf(fetch).waitForFlexibleIP({ fipId }, { totalTimeoutMs: 8000 }))
    expect(error).toBeUndefined()
    expect(took).toBeLessThan(7100)
  })

  test('counts a response of the last second', async () => {
    const began = performance.now()
    const { fetch } = farEnd(() => json(200, flexibleIp({ status: performance.now() - began < 4000 ? 'updating' : 'ready' })))
    expect(await timed(clientOf(fetch).waitForFlexibleIP({ fipId }, { totalTimeoutMs: 5000 }))).toMatchObject({ error: undefined })
  })
})

describe('createAndAttach', () => {
  test('rejects with the place of a flexible IP whose server was removed', async () => {
    const began = performance.now()
    const { fetch } = farEnd(({ method }) => {
      if (method === 'POST') return json(200, flexibleIp({ status: 'updating' }))
      return json(200, flexibleIp({ status: performance.now() - began < 2000 ? 'updating' : 'ready' }))
    })
    const { error, took } = await timed(clientOf(fetch).createAndAttach({ serverId }))
    expect(error).toMatchObject({ name: 'WaitError', operation: 'createAndAttach', fipId, retryable: false, last: { status: 'ready' } })
    expect(String(error)).toContain(`${fipId} is at rest as ready on no server, not on server ${serverId}`)
    expect(took).toBeLessThan(8000)
  })

  test('rejects with the place of the flexible IP of a known key', async () => {
    const known = flexibleIp({ status: 'attached', server_id: destinationId, tags: ['idempotency:k'] })
    const { fetch, sent } = farEnd((request) => (isList(request) ? json(200, page(known)) : json(200, known)))
    const { error } = await timed(clientOf(fetch).createAndAttach({ serverId }, { idempotencyKey: 'k' }))
    expect(String(error)).toContain(`on server ${destinationId}, not on server ${serverId}`)
    expect(sent.every(({ method }) => method === 'GET')).toBe(true)
  })

  test('takes as long as one totalTimeoutMs allows, for the create and the wait', async () => {
    const began = performance.now()
    const { fetch } = farEnd(({ method }) => {
      if (method === 'POST' && performance.now() - began < 2000) return text(429, '')
      return json(200, flexibleIp({ status: 'updating' }))
    })
    const { error, took } = await timed(clientOf(fetch, { retry: { maxAttempts: 20, baseDelayMs: 20, maxDelayMs: 400 } }).createAndAttach({ serverId }, { totalTimeoutMs: 5000 }))
    expect(error).toMatchObject({ name: 'WaitError', fipId })
    expect(took).toBeGreaterThanOrEqual(4990)
    expect(took).toBeLessThan(5020)
  })

  test('that is aborted before the create was sent rejects with the reason', async () => {
    const { fetch, sent } = farEnd(() => json(200, page()))
    const reason = new Error('mine')
    const controller = new AbortController()
    controller.abort(reason)
    expect(await rejection(clientOf(fetch).createAndAttach({ serverId }, { signal: controller.signal }))).toBe(reason)
    expect(sent).toEqual([])
  })

  test('that is aborted while it waits names the flexible IP and how to go on', async () => {
    const { fetch, sent } = farEnd(() => json(200, flexibleIp({ status: 'updating' })))
    const reason = new Error('mine')
    const controller = new AbortController()
    setTimeout(() => controller.abort(reason), 1000)
    const { error, took } = await timed(clientOf(fetch).createAndAttach({ serverId }, { signal: controller.signal }))
    const incomplete = await failure(Promise.reject(error as Error), IncompleteError)
    expect(incomplete).toMatchObject({ code: 'aborted', operation: 'createAndAttach', moves: [{ fipId, arrived: false, last: { status: 'updating' } }] })
    expect(incomplete.cause).toBe(reason)
    expect(JSON.parse(JSON.stringify(incomplete.resume))).toEqual({ zone: 'fr-par-1', fipsIds: [fipId], serverId })
    expect(took).toBeLessThan(1020)
    const before = sent.length
    await vi.advanceTimersByTimeAsync(60_000)
    expect(sent).toHaveLength(before)
  })

  test('that is aborted before the response to the create says that its flexible IP is unknown', async () => {
    const controller = new AbortController()
    const { fetch } = farEnd(() => new Promise(() => {}))
    setTimeout(() => controller.abort(), 100)
    const { error } = await timed(clientOf(fetch).createAndAttach({ serverId }, { signal: controller.signal }))
    expect(error).toMatchObject({ name: 'IncompleteError', code: 'aborted', moves: [] })
    expect((error as IncompleteError).resume).toBeUndefined()
  })
})
