// What is an object with fields, and what is none: a forgotten await must not buy a flexible IP.
import { ConfigurationError, type ClientOptions, FlexibleIpClient, type HeadersOption, InvalidArgumentsError, buildRequest, parseIp, validate } from 'flexip'
import { describe, expect, test } from 'vitest'
import { createContext, runInContext } from 'node:vm'
import { fipId, flexibleIp, page, serverId } from './support/bodies.js'
import { throwing } from './support/hostile.js'
import { call, operationNames, operations } from './support/operations.js'
import { clientOf, failure, farEnd, json, secretKey } from './support/wire.js'

const { fetch, sent } = farEnd(({ method }) => json(200, method === 'GET' ? page() : flexibleIp()))
const client = clientOf(fetch)

/** Runs a call and gives what it sent. */
async function sentBy(run: () => Promise<unknown>) {
  sent.length = 0
  await run()
  expect(sent).toHaveLength(1)
  return sent[0]!
}

/** What has no fields of a request, by the words of the refusal. */
const noRequests: [string, () => unknown][] = [
  ['found a Promise: await it first', () => Promise.resolve({ description: 'x' })],
  ['found a Promise: await it first', () => ({ description: 'x', then: () => {} })],
  ['found a Promise: await it first', () => client.listFlexibleIPs()],
  ['found a Map', () => new Map([['description', 'x']])],
  ['found a Set', () => new Set(['x'])],
  ['found a WeakMap', () => new WeakMap()],
  ['found a Date', () => new Date()],
  ['found a URL', () => new URL('http://x/')],
  ['found a URLSearchParams', () => new URLSearchParams({ description: 'x' })],
  ['found an AbortSignal', () => new AbortController().signal],
  ['found a Headers', () => new Headers({ a: 'b' })],
  ['found a Headers', () => new Headers()],
  ['found a FormData', () => new FormData()],
  ['found a Request', () => new Request('http://x/')],
  ['found a Response', () => new Response()],
  ['found an Error', () => new TypeError('x')],
  ['found a RegExp', () => /x/],
  ['found a Uint8Array', () => new Uint8Array(0)],
  ['found a Uint8Array', () => Buffer.from('ab')],
  ['found an ArrayBuffer', () => new ArrayBuffer(1)],
  ['found a String', () => Object('x')],
  ['found a Number', () => Object(1)],
  ['found a Generator', () => (function* () {})()],
  ['found an Arguments', () => (function (..._: unknown[]) { return arguments })(1)],
  ['found a value of type function', () => () => ({})],
  ['found a value of type array', () => []],
  ['found a value of type number', () => 1],
  ['found null', () => null],
  ['found the string "x"', () => 'x'],
  // What lies about what it is.
  ['found a Map', () => ({ [Symbol.toStringTag]: 'Map' })],
  ['found a value of type object', () => ({ [Symbol.toStringTag]: 'function' })],
  ['reading it threw "do not touch"', () => ({ get [Symbol.toStringTag]() { return throwing() } })],
  ['reading it threw "do not touch"', () => ({ get then() { return throwing() } })],
]

describe.each(noRequests)('%s', (words, make) => {
  test('is refused as the request of every operation, and nothing is sent', async () => {
    for (const name of operationNames) {
      const request = make()
      sent.length = 0
      const error = await failure(call(client, name, request), InvalidArgumentsError)
      expect(error.details[0]).toMatchObject({ field: 'request', reason: 'format' })
      expect(error.message).toContain(words)
      expect(sent).toEqual([])
    }
  })

  test('is refused as the request of the helpers', async () => {
    const request = make() as never
    sent.length = 0
    const helpers = [
      () => client.listFlexibleIPs(request).all(),
      () => client.listAllZones(request),
      () => client.findByIp('51.15.0.1', request),
      () => client.waitForFlexibleIP(request),
      () => client.waitForFlexibleIPs(request),
      () => client.waitUntilDeleted(request),
      () => client.ensureAttached(request),
      () => client.failover(request),
      () => client.createAndAttach(request),
      () => client.withResponse.createFlexibleIP(request),
      () => client.listFlexibleIPs(request).pages().next(),
    ]
    for (const helper of helpers) expect((await failure(helper(), InvalidArgumentsError)).message).toContain(words)
    expect(sent).toEqual([])
    expect(validate.createFlexibleIP(request)[0]?.helpMessage).toContain(words)
    expect(() => buildRequest.createFlexibleIP(request)).toThrow(InvalidArgumentsError)
  })

  test('is refused as the options of a call and of a client', async () => {
    sent.length = 0
    const options = make() as never
    expect((await failure(client.createFlexibleIP({}, options), InvalidArgumentsError)).message).toContain(words)
    expect((await failure(client.createAndAttach({ serverId }, options), InvalidArgumentsError)).message).toContain(words)
    expect(sent).toEqual([])
    expect(() => new FlexibleIpClient(options)).toThrow(ConfigurationError)
    expect(() => new FlexibleIpClient(options)).toThrow(words)
  })
})

class Order {
  #description: string
  tags = ['prod']
  constructor(description: string) {
    this.#description = description
  }
  get description() {
    return this.#description
  }
  describe() {
    return `order ${this.#description}`
  }
}

describe('an object is a request', () => {
  const asked = async (request: object) => (await sentBy(() => client.createFlexibleIP(request))).body

  test('with getters of its class, also over private fields, and without its methods', async () => {
    expect(await asked(new Order('mail'))).toMatchObject({ description: 'mail', tags: ['prod'] })
    class Late extends Order {}
    expect(await asked(new Late('mail'))).toMatchObject({ description: 'mail', tags: ['prod'] })
  })

  test('with inherited fields, of which its own is the first', async () => {
    const base = { description: 'base', tags: ['base'] }
    expect(await asked(Object.create(base, { tags: { value: ['own'], enumerable: true } }))).toMatchObject({ description: 'base', tags: ['own'] })
    expect(await asked(Object.create(base, { description: { value: undefined, enumerable: true } }))).not.toHaveProperty('description')
    const { url } = await sentBy(() => client.listFlexibleIPs(Object.create({ status: ['locked'] })))
    expect(url.searchParams.getAll('status')).toEqual(['locked'])
  })

  test('that is frozen, sealed, or has no prototype', async () => {
    const fields = { description: 'x', tags: Object.freeze(['a']) }
    for (const request of [Object.freeze({ ...fields }), Object.seal({ ...fields }), Object.assign(Object.create(null), fields), Object.create(Object.freeze(Object.assign(Object.create(null), fields)))]) {
      expect(await asked(request as object)).toMatchObject({ description: 'x', tags: ['a'] })
    }
  })

  test('of another realm', async () => {
    expect(await asked(runInContext('({ description: "x", tags: ["a"] })', createContext()) as object)).toMatchObject({ description: 'x', tags: ['a'] })
    expect(await asked(runInContext('new (class { get description() { return "x" } })', createContext()) as object)).toMatchObject({ description: 'x' })
  })

  test('where a misspelled getter is named like a misspelled field', async () => {
    class Typo { get descripton() { return 'x' } }
    expect((await failure(client.createFlexibleIP(new Typo() as object), InvalidArgumentsError)).details).toMatchObject([{ field: 'descripton', reason: 'unknown' }])
  })

  test('where nothing that all objects have is a field', async () => {
    Object.defineProperty(Object.prototype, 'polluted', { value: 'x', writable: true, configurable: true, enumerable: true })
    try {
      expect(Object.keys((await asked({ description: 'x' })) as object)).not.toContain('polluted')
    } finally {
      delete (Object.prototype as { polluted?: string }).polluted
    }
  })

  test('where an undefined field is an absent one', async () => {
    const fields = { zone: undefined, projectId: undefined, description: undefined, tags: undefined, serverId: undefined, reverse: undefined, isIpv6: undefined }
    expect(await asked(fields as object)).toEqual((await sentBy(() => client.createFlexibleIP())).body)
    const { headers } = await sentBy(() => client.createFlexibleIP({}, { signal: undefined, headers: undefined, retry: undefined, timeoutMs: undefined, onEvent: undefined, idempotencyKey: undefined } as never))
    expect(headers).toHaveProperty('X-Auth-Token')
  })

  test('unless its prototypes have no end', async () => {
    const two = new Proxy({}, { getPrototypeOf: () => new Proxy({}, {}) })
    const deep = (): object => new Proxy({}, { getPrototypeOf: deep })
    await failure(client.createFlexibleIP(deep()), InvalidArgumentsError)
    expect(await asked(two)).toHaveProperty('project_id')
  })
})

test('a list is a list: a Set, a Map, a typed array and a text are refused by name', async () => {
  for (const [value, words] of [[new Set(['a']), 'found a Set'], [new Map(), 'found a Map'], [new Uint8Array(1), 'found a Uint8Array'], ['a', 'found the string "a"'], [{ 0: 'a', length: 1 }, 'found a value of type object']] as const) {
    for (const [name, field] of [['createFlexibleIP', 'tags'], ['listFlexibleIPs', 'serverIds'], ['attachFlexibleIP', 'fipsIds']] as const) {
      sent.length = 0
      const error = await failure(call(client, name, { ...operations[name].request, [field]: value }), InvalidArgumentsError)
      expect(error.message).toContain(`value must be a list; ${words}`)
      expect(sent).toEqual([])
    }
  }
})

describe('Headers', () => {
  /** As node-fetch and polyfills have them. */
  class PackageHeaders {
    #map = new Map([['x-trace', '1']])
    get(name: string) { return this.#map.get(name) ?? null }
    has(name: string) { return this.#map.has(name) }
    entries() { return this.#map.entries() }
    [Symbol.iterator]() { return this.entries() }
  }
  class NodeFetchHeaders extends PackageHeaders {
    get [Symbol.toStringTag]() { return 'Headers' }
  }

  test.each<[string, HeadersOption]>([
    ['of the platform', new Headers({ 'X-Trace': '1' })],
    ['of a polyfill', new PackageHeaders()],
    ['of node-fetch', new NodeFetchHeaders()],
    ['as a plain object', { 'x-trace': '1' }],
    ['as an object without a prototype', Object.assign(Object.create(null), { 'x-trace': '1' }) as Record<string, string>],
  ])('%s are sent, of the client and of a call', async (_, headers) => {
    expect((await sentBy(() => clientOf(fetch, { headers }).listFlexibleIPs())).headers).toMatchObject({ 'x-trace': '1' })
    expect((await sentBy(() => client.listFlexibleIPs({}, { headers }))).headers).toMatchObject({ 'x-trace': '1' })
    expect(buildRequest.listFlexibleIPs({}, { defaultZone: 'fr-par-1', headers }).headers).toMatchObject({ 'x-trace': '1' })
  })

  test.each<[string, unknown]>([
    ['a Map', new Map([['x-trace', '1']])],
    ['a FormData', new FormData()],
    ['a URLSearchParams', new URLSearchParams()],
    ['a value of type array', [['x-trace', '1']]],
    ['a Promise', Promise.resolve({})],
  ])('are not %s', async (words, headers) => {
    sent.length = 0
    const error = await failure(client.listFlexibleIPs({}, { headers: headers as never }), InvalidArgumentsError)
    expect(error.message).toContain(`headers (format): value must be an object of strings, or a Headers; found ${words}`)
    expect(() => new FlexibleIpClient({ secretKey, headers: headers as never })).toThrow(words)
    expect(sent).toEqual([])
  })

  test('are checked like those of an object, and a broken one is survived', async () => {
    const broken = (entries: () => unknown) => ({ get: () => null, has: () => false, entries, [Symbol.iterator]: entries }) as unknown as HeadersOption
    for (const headers of [new Headers({ 'X-Auth-Token': 'x' }), broken(throwing), broken(() => 7), broken(() => [7][Symbol.iterator]()), broken(() => [['a', 7]][Symbol.iterator]())]) {
      await failure(client.listFlexibleIPs({}, { headers }), InvalidArgumentsError)
    }
  })
})

test('options may be an instance of a class, and inherited', async () => {
  class Options {
    #trace = '1'
    get headers() { return { 'x-trace': this.#trace } }
    get onEvent() { return () => {} }
  }
  expect((await sentBy(() => client.listFlexibleIPs({}, new Options()))).headers).toMatchObject({ 'x-trace': '1' })
  const base: ClientOptions = { secretKey, fetch, defaultZone: 'fr-par-1', headers: { 'x-trace': '2' } }
  expect((await sentBy(() => new FlexibleIpClient(Object.create(base) as ClientOptions).listFlexibleIPs())).headers).toMatchObject({ 'x-trace': '2', 'X-Auth-Token': secretKey })
})

test('an id as other tools write it is refused with a hint', async () => {
  const hint = async (id: string) => (await failure(client.getFlexibleIP({ fipId: id }), InvalidArgumentsError)).message
  expect(await hint(`nl-ams-1/${fipId}`)).toContain(": give the UUID alone, and zone: 'nl-ams-1'")
  expect(await hint(`srn://flexible-ip.scw.eu/zones/fr-par-2/flexible-ips/${fipId}`)).toContain(": give the UUID alone, and zone: 'fr-par-2'")
  expect(await hint(`fr-par/${fipId}`)).toMatch(/: give the UUID alone$/)
  expect(await hint(`${fipId}/mac`)).not.toContain('give the UUID')
  const server = await failure(client.attachFlexibleIP({ fipsIds: [fipId], serverId: `fr-par-1/${serverId}` }), InvalidArgumentsError)
  expect(server.message).toContain("serverId (format): value must be a valid UUID; found \"fr-par-1/")
  expect(server.message).toContain(": give the UUID alone, and zone: 'fr-par-1'")
})

test('an IPv4 address that is written as one of IPv6 is the IPv4 address', async () => {
  expect(parseIp('::ffff:51.159.1.2')).toEqual({ family: 4, address: '51.159.1.2', prefixLength: 32, text: '51.159.1.2' })
  expect(parseIp('::FFFF:339f:102/128')).toEqual(parseIp('51.159.1.2'))
  expect(parseIp('::ffff:0:0/64')).toMatchObject({ family: 6 })
  const finding = clientOf(farEnd(() => json(200, page(flexibleIp({ ip_address: '51.159.1.2' })))).fetch)
  expect(await finding.findByIp('::ffff:51.159.1.2')).toMatchObject({ id: fipId })
})
