// Requests, options and clients inside the proxies of state libraries, made as those libraries make them.
import { type ClientOptions, type FlexibleIP, FlexibleIpClient } from 'flexip'
import { FlexibleIpEmulator } from 'flexip/emulator'
import { describe, expect, test } from 'vitest'

/** As Vue's `reactive`: every object that is read through the proxy is inside a further proxy. */
function vue<T extends object>(target: T): T {
  const handler: ProxyHandler<T> = {
    get(object, key, receiver) {
      const value: unknown = Reflect.get(object, key, receiver)
      const isWrapped = typeof value === 'object' && value !== null && ['[object Object]', '[object Array]'].includes(Object.prototype.toString.call(value))
      return isWrapped ? vue(value) : value
    },
    set: Reflect.set,
    has: Reflect.has,
    ownKeys: Reflect.ownKeys,
    deleteProperty: Reflect.deleteProperty,
  }
  return new Proxy(target, handler)
}

/** As an observable of MobX: getters on the target and an administration under a symbol; computed values are not enumerable. */
function mobx(fields: Record<string, unknown>, computed: Record<string, () => unknown> = {}): object {
  const administration = Symbol('mobx administration')
  const target = Object.defineProperty({}, administration, { value: new Map(Object.entries(fields)) })
  for (const [key, value] of Object.entries(fields)) Object.defineProperty(target, key, { get: () => (Array.isArray(value) ? vue(value) : value), set: () => {}, enumerable: true, configurable: true })
  for (const [key, get] of Object.entries(computed)) Object.defineProperty(target, key, { get, enumerable: false, configurable: true })
  return new Proxy(target, { get: (object, key) => Reflect.get(object, key) as unknown, has: Reflect.has, ownKeys: (object) => Reflect.ownKeys(object) })
}

/** As a draft of Immer: the target is a state that holds the base. */
function immer<T extends object>(base: T): T {
  const state: { base: T } | [{ base: T }] = Array.isArray(base) ? [{ base }] : { base }
  const drafted = (value: unknown): unknown => (typeof value === 'object' && value !== null ? immer(value) : value)
  return new Proxy(state as unknown as T, {
    get: (_, key) => (key === Symbol.for('immer-state') ? state : drafted(Reflect.get(base, key))),
    has: (_, key) => key in base,
    ownKeys: () => Reflect.ownKeys(base),
    getOwnPropertyDescriptor(_, key) {
      const own = Reflect.getOwnPropertyDescriptor(base, key)
      return own && { writable: true, configurable: !Array.isArray(base) || key !== 'length', enumerable: own.enumerable ?? false, value: Reflect.get(base, key) as unknown }
    },
    getPrototypeOf: () => Reflect.getPrototypeOf(base),
    set: () => false,
    defineProperty: () => { throw new Error('defineProperty cannot be used on an Immer draft') },
    setPrototypeOf: () => { throw new Error('setPrototypeOf cannot be used on an Immer draft') },
  })
}

function world() {
  const emulator = new FlexibleIpEmulator({ seed: 1 })
  const options = { secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId }
  return { emulator, options, client: new FlexibleIpClient(options) }
}

describe('a request and the options', () => {
  test.each<[string, (fields: Record<string, unknown>) => object]>([
    ['reactive by Vue', vue],
    ['observed by MobX', mobx],
    ['computed by MobX', ({ tags, ...computed }) => mobx({ tags }, Object.fromEntries(Object.entries(computed).map(([key, value]) => [key, () => value])))],
    ['in a draft of Immer', immer],
    ['frozen in a draft of Immer', (fields) => immer(Object.freeze({ ...fields }))],
    ['in two proxies', (fields) => vue(immer(fields))],
  ])('may be %s', async (_, wrap) => {
    const { emulator, options, client } = world()
    expect(await client.createFlexibleIP(wrap({ description: 'mail', tags: ['a', 'b'] }))).toMatchObject({ description: 'mail', tags: ['a', 'b'] })
    await client.listFlexibleIPs(wrap({ tags: ['a'] }), wrap({ tags: undefined, headers: { 'X-Trace': '1' } }) as object)
    expect(emulator.journal.at(-1)).toMatchObject({ target: expect.stringContaining('tags=a') as string })
    expect(emulator.journal.at(-1)?.headers).toContainEqual([expect.stringMatching(/^x-trace$/i), '1'])
    expect(await new FlexibleIpClient(wrap({ ...options, tags: undefined }) as typeof options).listFlexibleIPs()).toMatchObject({ totalCount: 1 })
  })
})

describe('a client', () => {
  test.each<[string, (client: FlexibleIpClient, options: ClientOptions) => FlexibleIpClient]>([
    ['inside a reactive proxy', (client) => vue({ client }).client],
    ['inside a plain proxy', (client) => new Proxy(client, {})],
    ['inside two proxies', (client) => new Proxy(vue(client), {})],
    ['of a subclass, inside a proxy', (_, options) => vue(new (class extends FlexibleIpClient {})(options))],
    ['that another object inherits from', (client) => Object.create(client) as FlexibleIpClient],
    ['that is frozen', (client) => (Object.freeze(client), client)],
  ])('%s does all that a client does', async (_, wrap) => {
    const { emulator, options, client: plain } = world()
    const client = wrap(plain, options)
    const serverId = emulator.addServer({ zone: 'fr-par-1' }).id
    const target = emulator.addServer({ zone: 'fr-par-1' }).id
    const ip: FlexibleIP = await client.createFlexibleIP({ description: 'a' }, { idempotencyKey: 'order-7' })
    expect(await client.getFlexibleIP({ fipId: ip.id })).toEqual(ip)
    expect((await client.withResponse.getFlexibleIP({ fipId: ip.id })).data).toEqual(ip)
    expect((await client.listFlexibleIPs()).totalCount).toBe(1)
    expect(await client.listFlexibleIPs().all()).toEqual([ip])
    for await (const each of client.listFlexibleIPs()) expect(each).toEqual(ip)
    expect((await client.listAllZones()).flexibleIps).toEqual([ip])
    expect(await client.findByIp(ip.ipAddress)).toEqual(ip)
    expect(await client.waitForFlexibleIP({ fipId: ip.id })).toEqual(ip)
    expect(await client.waitForFlexibleIPs({ fipsIds: [ip.id] })).toEqual([ip])
    expect(await client.ensureAttached({ fipsIds: [ip.id], serverId })).toMatchObject([{ status: 'attached', serverId }])
    expect(await client.failover({ fromServerId: serverId, toServerId: target, dryRun: true })).toHaveLength(2)
    await client.deleteFlexibleIP({ fipId: ip.id })
    await client.waitUntilDeleted({ fipId: ip.id })
  })
})
