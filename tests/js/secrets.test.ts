// The key and the session token are in the headers that fetch gets, and in nothing that can be logged.
import { inspect } from 'node:util'
import { type ClientEvent, FlexibleIpClient, type FlexipError, buildRequest, consoleLogger } from 'flexip'
import { FlexibleIpEmulator } from 'flexip/emulator'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { fipId, flexibleIp, page, serverId } from './support/bodies.js'
import { call, operationNames, operations } from './support/operations.js'
import { farEnd, json, rejection, text } from './support/wire.js'

const key = 'aaaaaaaa-1111-4222-8333-bbbbbbbbbbbb'
const token = 'eyJhbGciOiJIUzI1NiJ9.e30.signature'

/** All text that can be read from a value, hidden properties included. */
function allText(value: unknown): string {
  const error = value instanceof Error ? [value.message, value.stack, String(value)] : []
  const shown = inspect(value, { showHidden: true, depth: Infinity, getters: true, maxStringLength: null, maxArrayLength: null })
  return [shown, JSON.stringify(value), ...error].join('\n')
}

function expectNoSecret(value: unknown): void {
  const all = allText(value)
  expect(all).not.toContain(key)
  expect(all).not.toContain(token)
}

const make = (answer?: Parameters<typeof farEnd>[0]) => {
  const { fetch, sent } = farEnd(answer)
  return { client: new FlexibleIpClient({ secretKey: key, sessionToken: token, fetch, defaultZone: 'fr-par-1' }), sent }
}

afterEach(() => {
  vi.restoreAllMocks()
})

test('they travel in their headers', async () => {
  const { client, sent } = make(() => json(403, {}))
  await rejection(client.getFlexibleIP({ fipId }))
  expect(sent[0]?.headers).toMatchObject({ 'X-Auth-Token': key, 'X-Session-Token': token })
  expect(sent[0]?.url.href).not.toContain(key)
})

test('a client shows neither', () => {
  const { client } = make()
  expectNoSecret(client)
  expectNoSecret(client.withResponse)
  expect(Object.keys(client)).toEqual([])
})

describe('no error shows them', () => {
  test.each<[string, () => unknown]>([
    ['when the service refuses', () => json(401, { type: 'denied_authentication', method: 'api_key', reason: 'not_found' })],
    ['when the connection breaks', () => Promise.reject(new TypeError('fetch failed'))],
    ['when the body is not JSON', () => text(200, '<html>')],
    ['when the body has another shape', () => json(200, {})],
    ['when there is no response at all', () => undefined],
  ])('%s', async (_, answer) => {
    const { client } = make(answer)
    expectNoSecret(await rejection(client.getFlexibleIP({ fipId })))
  })

  test('when the request is refused here', async () => {
    const { client } = make()
    expectNoSecret(await rejection(client.getFlexibleIP({ fipId: 'x' })))
    expectNoSecret(await rejection(client.getFlexibleIP({ fipId }, { headers: { 'X-Auth-Token': key } })))
  })

  test('when fetch throws an error whose message holds them', async () => {
    const { client } = make(() => Promise.reject(new TypeError(`invalid header value: ${key} ${token}`)))
    const error = (await rejection(client.getFlexibleIP({ fipId }))) as FlexipError
    expect(error.message).toBe('getFlexibleIP: no answer: invalid header value: [secret] [secret]')
    expect(error.cause).toEqual(new Error('invalid header value: [secret] [secret]'))
    expectNoSecret(error)
  })

  test.each<[string, (headers: object) => unknown]>([
    ['its request', (headers) => Object.assign(new Error('failed'), { config: { url: '/', headers } })],
    ['the Headers of its request', (headers) => Object.assign(new Error('failed'), { request: { headers: new Headers(headers as Record<string, string>) } })],
    ['a cause', (headers) => new Error('failed', { cause: new Error('why', { cause: { headers } }) })],
    ['a list', (headers) => [[headers]]],
    ['a hidden property', (headers) => Object.defineProperty(new Error('failed'), 'secret', { value: headers })],
  ])('when fetch throws something that holds them in %s', async (_, thrown) => {
    const { client } = make(({ headers }) => Promise.reject(thrown(headers)))
    expectNoSecret(await rejection(client.getFlexibleIP({ fipId })))
  })

  test.each([
    [`${key}\n`, token],
    [key, `${token} `],
    [{ key }, token],
    ['', { token }],
  ])('when they are malformed: %j, %j', (secretKey, sessionToken) => {
    const options = { secretKey, sessionToken } as { secretKey: string; sessionToken: string }
    let thrown: unknown
    try {
      new FlexibleIpClient(options)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ name: 'ConfigurationError' })
    expectNoSecret(thrown)
  })
})

test('a built request has none', () => {
  const built = buildRequest.getFlexibleIP({ fipId, zone: 'fr-par-1' }, { headers: { 'X-Mine': 'yes' }, secretKey: key } as object)
  expectNoSecret(built)
})

test('nothing is written to the console', async () => {
  const methods = ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const
  const spies = methods.map((method) => vi.spyOn(console, method).mockImplementation(() => {}))
  const { client } = make(() => json(500, { message: 'internal error' }))
  for (const { request } of Object.values(operations)) await rejection(client.getFlexibleIP(request as { fipId: string }))
  await rejection(make(() => 'nothing').client.listFlexibleIPs())
  for (const spy of spies) expect(spy).not.toHaveBeenCalled()
})

test('the journal and the snapshot of the emulator have none', async () => {
  const emulator = new FlexibleIpEmulator({ secretKey: key, sessionToken: token })
  const client = new FlexibleIpClient({ secretKey: key, sessionToken: token, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
  const ip = await client.createFlexibleIP({ description: `my key is ${key}` })
  await client.getFlexibleIP({ fipId: ip.id }, { headers: { 'X-Copy': token } })
  expect(emulator.journal).toHaveLength(2)
  expectNoSecret(emulator.journal)
  expect(emulator.snapshot()).not.toContain(token)
})

test('no beginning of a key is left where a long message is cut', async () => {
  const fetch = () => Promise.reject(new Error('x'.repeat(390) + key))
  const client = new FlexibleIpClient({ secretKey: key, fetch, defaultZone: 'fr-par-1' })
  const error = await rejection(client.getFlexibleIP({ fipId }))
  expect(allText(error)).not.toContain(key.slice(0, 6))
})

describe('nothing that leaves the library has them, over many calls and failures', () => {
  const failures: [string, () => unknown][] = [
    ['a success', () => json(200, flexibleIp())],
    ['a page', () => json(200, page(flexibleIp()))],
    ['a refusal', () => json(403, { type: 'permissions_denied', message: 'no' })],
    ['a refusal of the key', () => json(401, { type: 'denied_authentication', method: 'api_key', reason: 'expired' })],
    ['a refusal that repeats them', () => json(400, { type: 'invalid_arguments', message: `X-Auth-Token: ${key}`, details: [{ argument_name: token, reason: 'format' }] })],
    ['a gateway that shows the request', () => text(502, `<html>GET /fips X-Auth-Token: ${key} X-Session-Token: ${token}`)],
    ['a limit', () => new Response(null, { status: 429, headers: { 'X-Auth-Token': key, 'Retry-After': '0' } })],
    ['a failure', () => json(500, { message: 'internal error' })],
    ['a broken connection', () => Promise.reject(new TypeError(`fetch failed ${key}`, { cause: { request: { headers: { 'X-Auth-Token': key, 'X-Session-Token': token } } } }))],
    ['no JSON', () => text(200, '<html>')],
    ['no response', () => undefined],
  ]

  test.each(failures)('%s', async (_, answer) => {
    const written: unknown[] = []
    const write = (...line: unknown[]) => void written.push(line)
    const log = consoleLogger({ level: 'debug', console: { error: write, warn: write, info: write, debug: write } })
    const onEvent = (event: ClientEvent) => {
      written.push(event)
      log(event)
    }
    for (const secretKey of [key, () => key, async () => key]) {
      const { fetch } = farEnd(answer)
      const client = new FlexibleIpClient({ secretKey, sessionToken: token, fetch, defaultZone: 'fr-par-1', defaultProjectId: fipId, retry: { maxAttempts: 2, baseDelayMs: 1, maxDelayMs: 1 }, onEvent })
      const brief = { totalTimeoutMs: 300 }
      const calls: (() => Promise<unknown>)[] = [
        ...operationNames.map((name) => () => call(client, name, operations[name].request, { totalTimeoutMs: 300 })),
        () => client.listFlexibleIPs({}, brief).all(),
        () => client.listAllZones({}, brief),
        () => client.waitForFlexibleIP({ fipId }, { totalTimeoutMs: 50 }),
        () => client.ensureAttached({ fipsIds: [fipId], serverId: fipId }, { totalTimeoutMs: 50 }),
        () => client.failover({ fromServerId: fipId, toServerId: serverId }, { totalTimeoutMs: 50 }),
        () => client.findByIp('195.154.148.225', {}, brief),
      ]
      const settled = await Promise.allSettled(calls.map((call) => call()))
      written.push(client, client.withResponse, ...settled, ...settled.map((one) => (one.status === 'rejected' ? allText(one.reason) : one.value)))
    }
    expect(written.length).toBeGreaterThan(60)
    for (const one of written) expectNoSecret(one)
  })
})
