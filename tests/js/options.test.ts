// The options of a client and of a call, and the response that withResponse adds.
import { inspect } from 'node:util'
import fc from 'fast-check'
import { type CallOptions, type ClientOptions, ConfigurationError, ConnectionError, FlexibleIpClient, InvalidArgumentsError, UnexpectedResponseError } from 'flexip'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { fipId, flexibleIp, page, projectId } from './support/bodies.js'
import { hostileOptions } from './support/hostile.js'
import { call, operationNames, operations } from './support/operations.js'
import { type Sent, clientOf, failure, farEnd, json, rejection, requestId, secretKey, zoneOf } from './support/wire.js'

afterEach(() => {
  vi.useRealTimers()
})

/** What a client with these options sends. */
async function sentBy(options: ClientOptions, callOptions: CallOptions = {}): Promise<Sent> {
  const { fetch, sent } = farEnd(({ url }) => json(200, flexibleIp({ zone: zoneOf(url) })))
  await clientOf(fetch, options).createFlexibleIP({}, callOptions)
  const [request] = sent
  if (!request) throw new Error('nothing was sent')
  return request
}

/** What a function throws. */
function thrownBy(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

/** The problems of options that cannot work. */
function problems(options: unknown): string[] {
  try {
    new FlexibleIpClient(options as ClientOptions)
    return []
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return error.details.map(({ field, reason }) => `${field} ${reason}`)
  }
}

describe('baseUrl', () => {
  test.each([
    ['https://proxy.example', 'https://proxy.example'],
    ['https://proxy.example/', 'https://proxy.example'],
    ['http://127.0.0.1:4010//', 'http://127.0.0.1:4010'],
    ['https://proxy.example/flexip/', 'https://proxy.example/flexip'],
    ['http://[::1]:4010', 'http://[::1]:4010'],
    ['/api', 'http://page.invalid/api'],
  ])('%s is where requests go', async (baseUrl, place) => {
    const { url } = await sentBy({ baseUrl })
    expect(url.href).toBe(`${place}/flexible-ip/v1alpha1/zones/fr-par-1/fips`)
  })

  test.each(['', 'proxy.example', '//evil.example', 'ftp://a', 'https://', 'https://u:p@a', 'https://a?b', 'https://a#b', 'https://a\\b', 'javascript:1', 'https://a b', 7, null])(
    '%j leads nowhere',
    (baseUrl) => {
      expect(problems({ secretKey, baseUrl })).toEqual(['baseUrl format'])
    },
  )
})

describe('secretKey', () => {
  test.each<[string, () => string | Promise<string>]>([
    ['a function', () => secretKey],
    ['a promise', () => Promise.resolve(secretKey)],
  ])('may be %s, called once', async (_, give) => {
    const key = vi.fn(give)
    const { fetch, sent } = farEnd(() => json(200, page()))
    const client = clientOf(fetch, { secretKey: key })
    await client.listFlexibleIPs()
    await client.listFlexibleIPs()
    expect(sent.map(({ headers }) => headers['X-Auth-Token'])).toEqual([secretKey, secretKey])
    expect(key).toHaveBeenCalledTimes(1)
  })

  test.each<[string, () => unknown]>([
    ['throws', () => { throw new Error('no vault') }],
    ['rejects', () => Promise.reject(new Error('no vault'))],
  ])('that %s sends nothing', async (_, give) => {
    const { fetch, sent } = farEnd()
    const error = await failure(clientOf(fetch, { secretKey: give as () => string }).listFlexibleIPs(), ConnectionError)
    expect(error.cause).toMatchObject({ name: 'Error', message: 'no vault' })
    expect(sent).toEqual([])
  })

  test.each([
    ...[undefined, null, '', 7, {}].map((value): [unknown, string] => [value, 'no key']),
    ...['with a space', 'new\nline', 'ключ', `${secretKey}\n`].map((value): [unknown, string] => [value, 'a text with a space, a line break or another character that no key has']),
    ['x'.repeat(200_000), 'a text of more than 16384 characters, which no key has'],
  ])('that gives %j sends nothing, and does not show it', async (value, what) => {
    const { fetch, sent } = farEnd()
    const error = await failure(clientOf(fetch, { secretKey: (() => value) as () => string }).listFlexibleIPs(), ConnectionError)
    expect(error.message).toBe(`listFlexibleIPs: not sent: the function secretKey gave ${what}`)
    expect(sent).toEqual([])
  })

  test.each([
    (key: string) => `cannot parse {"key":"${key}"}`,
    (key: string) => `cannot parse ${key.toUpperCase().replaceAll('-', '')}.`,
    (key: string) => `GET /v1?key=${key} failed`,
    (key: string) => `cannot decode ${btoa(key)}`,
  ])('that fails with the key in its error, before it ever gave one, does not show it', async (say) => {
    const fail = (): never => {
      throw new TypeError(`vault: ${say(secretKey)}`, { cause: new Error(say(secretKey)) })
    }
    const error = await failure(clientOf(farEnd().fetch, { secretKey: fail }).listFlexibleIPs(), ConnectionError)
    const shown = [error.message, JSON.stringify(error), error.stack, inspect(error, { depth: 9, showHidden: true })].join()
    for (const secret of [secretKey, secretKey.toUpperCase().replaceAll('-', ''), btoa(secretKey), secretKey.slice(0, 8), secretKey.slice(-12)]) expect(shown).not.toContain(secret)
    expect(error.message).toMatch(/^listFlexibleIPs: not sent: vault: .*\[secret\]/)
    expect(error.cause).toMatchObject({ name: 'TypeError', cause: { message: expect.stringContaining('[secret]') as string } })
  })

  test('is needed for the service itself, and not for a proxy that holds it', async () => {
    expect(problems({})).toEqual(['secretKey required'])
    expect(problems({ sessionToken: 'jwt' })).toEqual([])
    const { fetch, sent } = farEnd(() => json(200, page()))
    await new FlexibleIpClient({ baseUrl: '/api', fetch, defaultZone: 'fr-par-1' }).listFlexibleIPs()
    expect(sent[0]?.headers).not.toHaveProperty('X-Auth-Token')
  })
})

describe('headers', () => {
  test('are those of the client and on top of them those of the call', async () => {
    const { headers } = await sentBy({ headers: { 'X-One': '1', 'X-Two': '1' } }, { headers: { 'X-Two': '2', 'X-Three': '3' } })
    expect(headers).toMatchObject({ Accept: 'application/json', 'X-One': '1', 'X-Two': '2', 'X-Three': '3' })
  })

  test.each(['X-Auth-Token', 'x-session-token', 'CONTENT-TYPE', 'User-Agent'])('cannot be %s, which the client sets itself', async (name) => {
    expect(problems({ secretKey, headers: { [name]: 'x' } })).toEqual([`headers.${name} constraint`])
    const { fetch, sent } = farEnd()
    await failure(clientOf(fetch).listFlexibleIPs({}, { headers: { [name]: 'x' } }), InvalidArgumentsError)
    expect(sent).toEqual([])
  })

  test.each(['Content-Length', 'transfer-encoding', 'Upgrade', 'EXPECT', 'Keep-Alive'])('cannot be %s, which belongs to the connection: no fetch would send the request', async (name) => {
    expect(problems({ secretKey, headers: { [name]: '5' } })).toEqual([`headers.${name} constraint`])
    const { fetch, sent } = farEnd()
    await failure(clientOf(fetch).createFlexibleIP({}, { headers: { [name]: '5' } }), InvalidArgumentsError)
    expect(sent).toEqual([])
  })

  test('have their own names in the details of an error', async () => {
    const error = await failure(clientOf(farEnd().fetch).listFlexibleIPs({}, { headers: { 'X-Auth-Token': 'x' } }), InvalidArgumentsError)
    expect(error.details).toMatchObject([{ field: 'headers.X-Auth-Token', argumentName: 'headers.X-Auth-Token' }])
  })

  test.each([{ 'X-A': 'new\nline' }, { 'X-A': 'ключ' }, { 'X A': 'x' }, { '': 'x' }, { 'X-A': 7 }, 'X-A: x'])('cannot be %j', async (headers) => {
    expect(problems({ secretKey, headers })).toHaveLength(1)
    await failure(clientOf(farEnd().fetch).listFlexibleIPs({}, { headers: headers as unknown as Record<string, string> }), InvalidArgumentsError)
  })
})

describe('a secret of more than 16,384 characters is refused by its length, and what is left of it in a message is not searched for longer than a moment:', () => {
  test.each([16_385, 65_536, 65_537, 1_000_000])('%i', (length) => {
    const long = 'x'.repeat(length)
    for (const options of [{ secretKey: long }, { secretKey, sessionToken: long }, { secretKey, headers: { 'X-Api-Key': long } }]) {
      const error = thrownBy(() => new FlexibleIpClient(options))
      expect(error).toMatchObject({ name: 'ConfigurationError', details: [{ reason: 'constraint', helpMessage: 'value must have at most 16384 characters' }] })
    }
    expect(problems({ secretKey: 'x'.repeat(16_384) })).toEqual([])
  })
})

test('the User-Agent names the library, and what uses it', async () => {
  expect((await sentBy({})).headers['User-Agent']).toMatch(/^flexip\/\d+\.\d+\.\d+$/)
  expect((await sentBy({ userAgentSuffix: 'panel/2 (x)' })).headers['User-Agent']).toMatch(/^flexip\/\S+ panel\/2 \(x\)$/)
})

test('defaults fill the fields that a request leaves out, and override none', async () => {
  const { fetch, sent } = farEnd(({ method, url }) => json(200, method === 'GET' ? page() : flexibleIp({ zone: zoneOf(url) })))
  const client = clientOf(fetch, { defaultZone: 'nl-ams-1', defaultPageSize: 50 })
  await client.listFlexibleIPs()
  await client.listFlexibleIPs({ zone: 'pl-waw-2', pageSize: 5 })
  await client.createFlexibleIP({ projectId: fipId })
  await client.createFlexibleIP()
  expect(sent.map(({ url }) => /zones\/(.*)/.exec(url.href)?.[1])).toEqual(['nl-ams-1/fips?page_size=50', 'pl-waw-2/fips?page_size=5', 'nl-ams-1/fips', 'nl-ams-1/fips'])
  expect(sent.slice(2).map(({ body }) => body)).toEqual([{ project_id: fipId }, { project_id: projectId }])
})

test('a client says its defaults, also inside a proxy, and only those that the options have', () => {
  const client = clientOf(farEnd().fetch, { defaultZone: 'nl-ams-1', defaultPageSize: 50 })
  expect(client.defaults).toEqual({ zone: 'nl-ams-1', projectId, pageSize: 50 })
  expect(new Proxy(client, {}).defaults).toEqual(client.defaults)
  expect(Object.isFrozen(client.defaults)).toBe(true)
  expect(new FlexibleIpClient({ secretKey }).defaults).toEqual({})
})

test('an unknown zone has to be allowed', async () => {
  expect(problems({ secretKey, defaultZone: 'it-mil-1' })).toEqual(['defaultZone constraint'])
  expect((await sentBy({ defaultZone: 'it-mil-1', allowUnknownZones: true })).url.pathname).toContain('/it-mil-1/')
  expect(problems({ secretKey, defaultZone: '../x', allowUnknownZones: true })).toEqual(['defaultZone constraint'])
})

test('an unknown option is named, with the most similar known one', () => {
  expect(problems({ secretKey, baseURL: 'https://a' })).toEqual(['baseURL unknown'])
  expect(() => new FlexibleIpClient({ secretKey, baseURL: 'https://a' } as ClientOptions)).toThrow(/did you mean baseUrl\?/)
})

test.each(Object.entries(hostileOptions))('%s is refused as options of a client and of a call', async (_, options) => {
  expect(() => new FlexibleIpClient(options as ClientOptions)).toThrow()
  const { fetch, sent } = farEnd()
  const error = await failure(clientOf(fetch).listFlexibleIPs({}, options as CallOptions), InvalidArgumentsError)
  expect(error).toMatchObject({ operation: 'listFlexibleIPs', attempts: 0 })
  expect(sent).toEqual([])
})

test('any options of a call are refused, or the request is sent', async () => {
  const names = ['signal', 'timeoutMs', 'headers', 'skipPreflight', 'other']
  const options = fc.oneof(fc.anything({ withBigInt: true, withNullPrototype: true }), fc.dictionary(fc.constantFrom(...names), fc.anything()))
  const { fetch, sent } = farEnd(() => json(418))
  const client = clientOf(fetch)
  await fc.assert(
    fc.asyncProperty(options, async (some) => {
      sent.length = 0
      const error = await rejection(client.listFlexibleIPs({}, some as CallOptions))
      expect(error).toBeInstanceOf(sent.length === 1 ? UnexpectedResponseError : InvalidArgumentsError)
    }),
    { numRuns: 1000 },
  )
})

test.each([{}, { aborted: false }, { aborted: 'no', addEventListener: () => {}, removeEventListener: () => {} }, 'signal', null])('a signal like %j is refused', async (signal) => {
  const { details } = await failure(clientOf(farEnd().fetch).listFlexibleIPs({}, { signal: signal as unknown as AbortSignal }), InvalidArgumentsError)
  expect(details).toMatchObject([{ field: 'signal', reason: 'format' }])
})

test.each([0, -1, 0.5, 2 ** 31, NaN, '5', {}])('timeoutMs cannot be %j', async (timeoutMs) => {
  expect(problems({ secretKey, timeoutMs })).toEqual([expect.stringMatching(/^timeoutMs /)])
  const { fetch, sent } = farEnd()
  await failure(clientOf(fetch).listFlexibleIPs({}, { timeoutMs: timeoutMs as number }), InvalidArgumentsError)
  expect(sent).toEqual([])
})

describe('withResponse', () => {
  test.each(operationNames)('gives the result of %s with its response', async (name) => {
    const [status, body] = operations[name].success
    const { fetch } = farEnd(() => json(status, body, { 'X-Mine': 'yes' }))
    const client = clientOf(fetch)
    const plain = await call(client, name, operations[name].request, { skipPreflight: true })
    const methods = client.withResponse as unknown as Record<string, (request: object, options: CallOptions) => Promise<unknown>>
    const { data, response, attempts } = (await methods[name]?.(operations[name].request, { skipPreflight: true })) as Awaited<ReturnType<typeof client.withResponse.getFlexibleIP>>
    expect(data).toEqual(plain)
    expect(response).toMatchObject({ status, requestId })
    expect(response.headers.get('x-mine')).toBe('yes')
    expect(attempts).toBe(1)
  })

  test('rejects as the operation itself does', async () => {
    const client = clientOf(farEnd(() => json(200, {})).fetch)
    await failure(client.withResponse.getFlexibleIP({ fipId: 'x' }), InvalidArgumentsError)
    expect(await rejection(client.withResponse.getFlexibleIP({ fipId }))).toMatchObject({ name: 'DecodeError', requestId })
  })

  test('has no request id if the response has none', async () => {
    const { response } = await clientOf(farEnd(() => new Response(JSON.stringify(page()))).fetch).withResponse.listFlexibleIPs({})
    expect(response.requestId).toBeUndefined()
  })
})
