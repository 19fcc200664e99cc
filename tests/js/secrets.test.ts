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
    expect(error.cause).toMatchObject({ name: 'TypeError', message: 'invalid header value: [secret] [secret]' })
    expectNoSecret(error)
  })

  test.each<[string, (headers: object) => unknown]>([
    ['its request', (headers) => Object.assign(new Error('failed'), { config: { url: '/', headers } })],
    ['the Headers of its request', (headers) => Object.assign(new Error('failed'), { request: { headers: new Headers(headers as Record<string, string>) } })],
    ['a cause', (headers) => new Error('failed', { cause: new Error('why', { cause: { headers } }) })],
    ['a list', (headers) => [[headers]]],
    ['a hidden property', (headers) => Object.defineProperty(new Error('failed'), 'secret', { value: headers })],
    ['a Request, as ky does', (headers) => Object.assign(new Error('failed'), { request: new Request('https://a.example', { headers: headers as Record<string, string> }), options: { headers: new Headers(headers as Record<string, string>) } })],
    ['a Map', (headers) => Object.assign(new Error('failed'), { headers: new Map(Object.entries(headers)) })],
    ['a symbol', (headers) => Object.assign(new Error('failed'), { [Symbol('config')]: headers })],
    ['a getter', (headers) => Object.defineProperty(new Error('failed'), 'config', { get: () => headers, enumerable: true })],
    ['an instance of a class', (headers) => new (class Failure extends Error { readonly config = { headers }; get request() { return headers } })('failed')],
    ['a private field that is shown', (headers) => new (class Failure extends Error { readonly #headers = headers; toJSON() { return this.#headers } })('failed')],
    ['a function', (headers) => Object.assign(() => headers, { headers })],
    ['an AggregateError', (headers) => new AggregateError([new Error(JSON.stringify(headers)), headers], 'failed')],
    ['a stack', (headers) => Object.assign(new Error('failed'), { stack: `Error: failed\n    at ${JSON.stringify(headers)}` })],
    ['a name', (headers) => Object.assign(new Error('failed'), { name: JSON.stringify(headers) })],
    ['a code', (headers) => Object.assign(new Error('failed'), { code: JSON.stringify(headers) })],
    ['an array buffer', (headers) => Object.assign(new Error('failed'), { bytes: new TextEncoder().encode(JSON.stringify(headers)) })],
  ])('when fetch throws something that holds them in %s', async (_, thrown) => {
    const { client } = make(({ headers }) => Promise.reject(thrown(headers)))
    expectNoSecret(await rejection(client.getFlexibleIP({ fipId })))
  })

  describe('the cause of a ConnectionError', () => {
    const causeOf = async (thrown: unknown, options = {}) => {
      const client = new FlexibleIpClient({ secretKey: key, sessionToken: token, fetch: () => Promise.reject(thrown), defaultZone: 'fr-par-1', retry: false, ...options })
      return ((await rejection(client.getFlexibleIP({ fipId }))) as FlexipError).cause as Error & { code?: unknown; errors?: Error[] }
    }

    test('is a copy: an Error with name, message, code, stack, causes and errors', async () => {
      const inner = Object.assign(new RangeError('inner'), { code: 7 })
      const thrown = Object.assign(new TypeError('outer', { cause: new AggregateError([inner, 'a text'], 'middle', { cause: inner }) }), { code: 'ECONNRESET', extra: 1 })
      const cause = await causeOf(thrown)
      expect(cause).not.toBe(thrown)
      expect(cause).toBeInstanceOf(Error)
      expect(cause).toMatchObject({ name: 'TypeError', message: 'outer', code: 'ECONNRESET', stack: thrown.stack })
      expect(cause).not.toHaveProperty('extra')
      const middle = cause.cause as typeof cause
      expect(middle).toMatchObject({ name: 'AggregateError', message: 'middle' })
      expect(middle.errors).toMatchObject([{ name: 'RangeError', message: 'inner', code: 7 }, { name: 'Error', message: 'a text' }])
      expect(middle.cause).toMatchObject({ message: 'inner' })
    })

    test('ends where causes go on for ever', async () => {
      const thrown: Error & { errors?: unknown } = new Error('again')
      thrown.cause = thrown
      thrown.errors = Array.from({ length: 1000 }, () => thrown)
      let copies = 0
      const count = (error: unknown): void => {
        if (!(error instanceof Error)) return
        copies++
        count(error.cause)
        for (const one of (error as { errors?: unknown[] }).errors ?? []) count(one)
      }
      count(await causeOf(thrown))
      expect(copies).toBeGreaterThan(5)
      expect(copies).toBeLessThan(200)
    })

    test('has no secret in a URL, in JSON, or in the digits of Basic credentials', async () => {
      const special = 'key/with+"chars=1'
      for (const prefix of ['', 'a', 'ab', 'user:']) {
        for (const suffix of ['', 'z', 'yz']) {
          const digits = btoa(prefix + special + suffix)
          const cause = await causeOf(new Error(`${encodeURIComponent(special)} ${JSON.stringify({ special })} Basic ${digits}`), { secretKey: special })
          expect(cause.message).not.toContain(encodeURIComponent(special))
          expect(cause.message).not.toContain('with+')
          expect(cause.message).not.toContain(digits.slice(8, 20))
        }
      }
    })

    test('has no key that a function gave, the renewed one and the one before', async () => {
      let calls = 0
      const fetch = ({ headers }: { headers: Record<string, string> }) => {
        if (headers['X-Auth-Token'] === 'first-key-1') return json(401, { type: 'denied_authentication', method: 'api_key', reason: 'expired' })
        throw new Error('first-key-1 was replaced by second-key-2')
      }
      const client = new FlexibleIpClient({ secretKey: () => (calls++ ? 'second-key-2' : 'first-key-1'), fetch: farEnd(fetch).fetch, defaultZone: 'fr-par-1', retry: { maxAttempts: 2, baseDelayMs: 1 } })
      expect(allText(await rejection(client.getFlexibleIP({ fipId })))).not.toMatch(/first-key|second-key/)
    })
  })

  /** What can come back of a text: the texts that contain a spelling of it. */
  const spellings: [string, (text: string) => string][] = [
    ['as it is', String],
    ['base64', (text) => btoa(text)],
    ['base64 behind other bytes', (text) => `${btoa(`user:${text}`)} ${btoa(`u:${text}`)} ${btoa(`us:${text}`)}`],
    ['base64 for URLs', (text) => Buffer.from(text).toString('base64url')],
    ['base64 in lines', (text) => btoa(`${'x'.repeat(50)}${text}`).replace(/.{20}/g, '$&\n')],
    ['base64 of UTF-16', (text) => Buffer.from(text, 'utf16le').toString('base64')],
    ['UTF-16', (text) => Buffer.from(text, 'utf16le').toString('latin1')],
    ['percent escapes, upper case', (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0').toUpperCase()}`).join('')],
    ['percent escapes, lower case', (text) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')],
    ['percent escapes of some', (text) => encodeURIComponent(text).toLowerCase() === text.toLowerCase() ? encodeURIComponent(text) : encodeURIComponent(text).replace(/%../g, (escape) => escape.toLowerCase())],
    ['percent escapes, twice', (text) => [...Buffer.from(text)].map((byte) => `%25${byte.toString(16).padStart(2, '0')}`).join('')],
    ['HTML entities, decimal', (text) => [...text].map((one) => `&#${one.charCodeAt(0)};`).join('')],
    ['HTML entities, hexadecimal', (text) => [...text].map((one) => `&#X${one.charCodeAt(0).toString(16)};`).join('')],
    ['HTML entities, named', (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;')],
    ['JSON escapes', (text) => [...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')],
    ['JSON escapes, upper case', (text) => [...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}`).join('')],
    ['JSON of JSON', (text) => JSON.stringify(JSON.stringify(text))],
    ['hexadecimal', (text) => Buffer.from(text).toString('hex')],
    ['a dump of bytes', (text) => `<Buffer ${[...Buffer.from(text)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}>`],
    ['numbers of bytes', (text) => String(new TextEncoder().encode(text))],
  ]

  const secretsOfCalls: [string, string, object, object][] = [
    ['a key', 'aaaaaaaa-1111-4222-8333-bbbbbbbbbbbb', { secretKey: 'aaaaaaaa-1111-4222-8333-bbbbbbbbbbbb' }, {}],
    ['a key with signs', `k/+="\\&<>'%?z`, { secretKey: `k/+="\\&<>'%?z` }, {}],
    ['a short key', 'k9!xQ', { secretKey: 'k9!xQ' }, {}],
    ['a very short key', 'q7Z', { secretKey: 'q7Z' }, {}],
    ['a bearer', 'bearer-7.a_b', { headers: { Authorization: 'Bearer bearer-7.a_b' } }, {}],
    ['a password', 'pa55-word', { headers: { authorization: `Basic ${btoa('user:pa55-word')}` } }, {}],
    ['a cookie', 'crumb-77', {}, { headers: { Cookie: 'a=b; session=crumb-77' } }],
    ['a token of a proxy', 'tk-7', {}, { headers: { 'X-Proxy-Token': 'tk-7' } }],
    ['a header of any name', 'tenant-secret-7', {}, { headers: new Headers({ 'X-Tenant': 'tenant-secret-7' }) }],
  ]

  describe.each(secretsOfCalls)('that repeats %s', (_, secret, options, callOptions) => {
    test('has no secret in any spelling: not what fetch throws, not what a refusal or a success says', async () => {
      for (const [name, spell] of spellings) {
        const spelled = spell(secret)
        // Of a very short text, bytes and digits are found by chance.
        if (secret.length < 4 && /hexadecimal$|dump|bytes|base64/.test(name)) continue
        const said = `before ${spelled} after`
        const answers = [
          () => Promise.reject(Object.assign(new Error(said, { cause: new Error(said) }), { code: said })),
          () => json(403, { type: 'permissions_denied', message: said, details: [{ action: said, resource: 'x' }] }, { 'X-Request-Id': encodeURIComponent(said) }),
          () => text(502, `<html>${said}</html>`),
          () => json(200, { id: fipId, status: 7, description: said }),
          () => json(200, flexibleIp({ status: said })),
        ]
        for (const answer of answers) {
          const events: ClientEvent[] = []
          const client = new FlexibleIpClient({ secretKey: key, fetch: farEnd(answer).fetch, defaultZone: 'fr-par-1', retry: { maxAttempts: 2, baseDelayMs: 1 }, ...options })
          for (const error of [
            await client.getFlexibleIP({ fipId }, callOptions).catch((error: unknown) => error),
            await rejection(client.waitForFlexibleIP({ fipId }, { ...callOptions, totalTimeoutMs: 20, onEvent: (event) => events.push(event) })),
          ]) {
            if (!(error instanceof Error)) continue
            const all = allText([error, events])
            expect(all, name).not.toContain(secret)
            if (spelled.length > 3) expect(all, name).not.toContain(spelled)
          }
        }
      }
    })
  })

  test('has no value of a header that the caller adds to the client or the call', async () => {
    const header = 'my-own-secret'
    const fetch = () => Promise.reject(new Error(`bad header ${header}`))
    for (const [options, own] of [[{ headers: { 'X-Api-Key': header } }, {}], [{}, { headers: { 'X-Api-Key': header } }]]) {
      const client = new FlexibleIpClient({ secretKey: key, fetch, defaultZone: 'fr-par-1', retry: false, ...options })
      expect(allText(await rejection(client.getFlexibleIP({ fipId }, own)))).not.toContain(header)
    }
  })

  test('when a key is in the wrong place', async () => {
    const { client } = make()
    for (const request of [{ fipId: `x${key}` }, { fipId: key }, { fipId, zone: key }, { fipId: 'x'.repeat(40) + key }, { fipId, [key]: 1 }, { get fipId(): never { throw new Error(`vault: ${key}`) } }]) {
      const error = await rejection(client.getFlexibleIP(request as { fipId: string }))
      expectNoSecret(error)
      expect(allText(error)).not.toContain(key.slice(0, 8))
    }
    for (const options of [key, { secretKey: key, defaultZone: key }, { secretKey: key, userAgentSuffix: `${key}\n` }, { secretKey: key, timeoutMs: key }, { secretKey: key, headers: { [key]: '\n' } }, { secretKey: key, get retry(): never { throw new Error(`vault: ${key}`) } }, { secretKey: key, baseUrl: `https://user:${key}@host/?token=${key}` }]) {
      let thrown: unknown
      try {
        new FlexibleIpClient(options as object)
      } catch (error) {
        thrown = error
      }
      expect(thrown).toMatchObject({ name: 'ConfigurationError' })
      expectNoSecret(thrown)
    }
  })

  test('when credentials are known by their place alone', async () => {
    const said = [
      'connect to https://user:unknown-1@proxy.example/ failed',
      'GET https://api.example/x?a=b&access_token=unknown-2&c=d',
      'headers: {"Authorization":"Bearer unknown-3.a"}',
      'Cookie: session=unknown-4',
      'x-api-key: unknown-5',
    ]
    for (const one of said) {
      const { client } = make(() => Promise.reject(new Error(one)))
      const error = (await rejection(client.getFlexibleIP({ fipId }))) as FlexipError
      expect(allText(error)).not.toContain('unknown-')
      expect(error.message).toContain('[secret]')
    }
  })

  test('and a key of one letter leaves the kind of a refusal', async () => {
    const client = new FlexibleIpClient({ secretKey: 'e', fetch: farEnd(() => json(403, { type: 'permissions_denied', message: 'no' })).fetch, defaultZone: 'fr-par-1' })
    expect(await rejection(client.getFlexibleIP({ fipId }))).toMatchObject({ code: 'permissions_denied' })
  })

  test('when a success that cannot be decoded, or a header of a refusal, repeats them', async () => {
    for (const answer of [
      () => json(200, { id: fipId, status: key, description: token }),
      () => json(200, { flexible_ips: [{ id: key, status: token }], total_count: key }),
      () => json(404, { message: 'no' }, { 'X-Request-Id': key, Server: token }),
      () => json(200, {}, { Server: token }),
    ]) {
      const events: ClientEvent[] = []
      const client = new FlexibleIpClient({ secretKey: key, sessionToken: token, fetch: farEnd(answer).fetch, defaultZone: 'fr-par-1', retry: false, onEvent: (event) => events.push(event) })
      for (const call of [() => client.getFlexibleIP({ fipId }), () => client.listFlexibleIPs(), () => client.listFlexibleIPs().all(), () => client.waitForFlexibleIP({ fipId }, { totalTimeoutMs: 30 })]) {
        expectNoSecret(await rejection(call()))
      }
      expectNoSecret(events)
    }
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
