// The proxy: what it forwards, for clients whose `baseUrl` leads to it.
import { readFileSync } from 'node:fs'
import { type ClientOptions, FlexibleIpClient, InvalidArgumentsError, PermissionsDeniedError, ResourceNotFoundError, ServiceUnavailableError, TooManyRequestsError, buildRequest } from 'flexip'
import { ConfigurationError, type ProxyLimits, type ProxyOptions, createProxy } from 'flexip/proxy'
import { afterEach, describe, expect, test, vi } from 'vitest'
// @ts-expect-error: the scripts are plain JavaScript, without declarations
import { moduleStart } from '../../scripts/module-text.mjs'
import { ipOperations, rows } from '../../js/proxy/operations.js'
import { type Caller, ask, fips, origin, otherProject, servers, thirdProject, world } from './support/proxy.js'
import { failure } from './support/wire.js'

afterEach(() => void vi.useRealTimers())

/** A client in a page of the console. */
function clientOf(proxy: (request: Request) => Promise<Response>, options: ClientOptions = {}) {
  const page = { Origin: origin, 'Sec-Fetch-Site': 'same-origin', Cookie: 'user=ann' }
  return new FlexibleIpClient({
    baseUrl: 'https://console.example/api/scaleway',
    defaultZone: 'fr-par-1',
    fetch: (url, { headers, ...init }) => proxy(new Request(url, { ...init, headers: { ...headers, ...page } } as RequestInit)),
    ...options,
  })
}

const id = 'a1b2c3d4-0000-4000-8000-000000000001'

describe('the table of operations', () => {
  const ids = { zone: 'fr-par-1', fipId: '00000000-0000-4000-8000-000000000001' }
  const uuid = '00000000-0000-4000-8000-000000000002'
  /** A request of each operation with every field that it can have. */
  const whole = {
    listFlexibleIPs: { zone: 'fr-par-1', orderBy: 'created_at_asc', page: 1, pageSize: 2, tags: ['a'], status: ['ready'], serverIds: [uuid], projectId: uuid },
    createFlexibleIP: { zone: 'fr-par-1', projectId: uuid, description: 'd', tags: ['a'], serverId: uuid, reverse: 'a.example', isIpv6: true },
    getFlexibleIP: ids,
    updateFlexibleIP: { ...ids, description: 'd', tags: ['a'], reverse: 'a.example' },
    deleteFlexibleIP: ids,
    attachFlexibleIP: { zone: 'fr-par-1', fipsIds: [uuid], serverId: uuid },
    detachFlexibleIP: { zone: 'fr-par-1', fipsIds: [uuid] },
    generateMACAddr: { ...ids, macType: 'kvm' },
    deleteMACAddr: ids,
    duplicateMACAddr: { ...ids, duplicateFromFipId: uuid },
    moveMACAddr: { ...ids, dstFipId: uuid },
  } as const

  test.each(Object.keys(whole) as (keyof typeof whole)[])('%s is what the core builds', (name) => {
    const built = buildRequest[name](whole[name] as never)
    const row = rows.find(({ operation }) => operation === name)
    const url = new URL(built.url)
    const path = url.pathname.replace(ids.zone, '{zone}').replace(ids.fipId, '{id}')
    expect({ method: row?.method, path: row && `/${row.path.join('/')}` }).toEqual({ method: built.method, path })
    expect(Object.keys(row?.query ?? {}).sort()).toEqual([...url.searchParams.keys()].sort())
    expect(Object.keys(row?.body ?? {}).sort()).toEqual(Object.keys(JSON.parse(built.body ?? '{}') as object).sort())
    expect(built.body === undefined).toBe(row?.body === undefined)
  })

  test('has every operation of the API’s description, with its parameters, fields and what is required', () => {
    interface Described {
      operationId: string
      parameters?: { name?: string }[]
      requestBody?: { content: Record<string, { schema: { properties: object; required?: string[] } }> }
    }
    const { paths } = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8')) as { paths: Record<string, Record<string, Described>> }
    const described = Object.entries(paths).flatMap(([path, item]) =>
      ['get', 'post', 'patch', 'delete'].flatMap((method) => {
        const operation = item[method]
        if (!operation || path === '/metadata' || path.startsWith('/iam/') || path.includes('/offers') || (path.startsWith('/baremetal') && method !== 'get')) return []
        const schema = operation.requestBody?.content['application/json']?.schema
        const query = (operation.parameters ?? []).flatMap(({ name }) => (name === undefined || name === 'organization_id' ? [] : [name]))
        const name = operation.operationId.replace(/^./, (letter) => letter.toLowerCase())
        return [{ operation: name, method: method.toUpperCase(), path, query: path.startsWith('/baremetal') ? [] : query.sort(), body: Object.keys(schema?.properties ?? {}).sort(), required: [...(schema?.required ?? [])].sort() }]
      }),
    )
    const table = rows.map(({ operation, method, path, query = {}, body = {}, required = [] }) => ({
      operation,
      method,
      path: `/${path.join('/')}`.replace('{id}', operation === 'getServer' ? '{server_id}' : '{fip_id}'),
      // The emulator's servers have no parameters.
      query: operation === 'listServers' ? [] : Object.keys(query).sort(),
      body: Object.keys(body).sort(),
      // The proxy sets the Project of a create.
      required: [...required, ...(operation === 'createFlexibleIP' ? ['project_id'] : [])].sort(),
    }))
    const byName = (one: { operation: string }, other: { operation: string }) => one.operation.localeCompare(other.operation)
    expect(table.sort(byName)).toEqual(described.sort(byName))
    expect(ipOperations.length).toBe(11)
  })
})

describe('a client whose baseUrl leads to the proxy', () => {
  test('creates, attaches, waits, lists, moves and deletes without a key', async () => {
    const { proxy, emulator, ids } = await world({ grant: { zones: ['fr-par-1'] } })
    const client = clientOf(proxy, { defaultProjectId: ids.project })
    const created = await client.createFlexibleIP({ description: 'mail', tags: ['prod'] })
    expect(created).toMatchObject({ projectId: ids.project, description: 'mail', status: 'ready' })
    await client.attachFlexibleIP({ fipsIds: [created.id], serverId: ids.server })
    await client.attachFlexibleIP({ fipsIds: [ids.own], serverId: ids.server })
    expect((await client.waitForFlexibleIPs({ fipsIds: [created.id, ids.own] })).map(({ status, serverId }) => [status, serverId])).toEqual([['attached', ids.server], ['attached', ids.server]])
    const listed = await client.listFlexibleIPs().all()
    expect(listed.map(({ id }) => id).sort()).toEqual([created.id, ids.own, ids.second].sort())
    expect((await client.updateFlexibleIP({ fipId: created.id, description: '' })).description).toBe('')
    expect((await client.generateMACAddr({ fipId: created.id, macType: 'kvm' })).macAddress?.macType).toBe('kvm')
    await client.waitForFlexibleIP({ fipId: created.id })
    await client.duplicateMACAddr({ fipId: ids.own, duplicateFromFipId: created.id })
    const moved = await client.failover({ fromServerId: ids.server, toServerId: ids.secondServer })
    expect(moved.map(({ id, serverId }) => [id, serverId]).sort()).toEqual([[created.id, ids.secondServer], [ids.own, ids.secondServer]].sort())
    await client.detachFlexibleIP({ fipsIds: [created.id, ids.own] })
    await client.waitForFlexibleIP({ fipId: created.id })
    await client.deleteFlexibleIP({ fipId: created.id })
    await client.waitUntilDeleted({ fipId: created.id })
    const bodies = emulator.journal.map(({ method, body }) => [method, body] as const)
    expect(bodies.length).toBeGreaterThan(20)
  })

  test('moves a virtual MAC address, and takes it away', async () => {
    const { proxy, ids } = await world()
    const client = clientOf(proxy)
    await client.generateMACAddr({ fipId: ids.own, macType: 'xen' })
    expect((await client.moveMACAddr({ fipId: ids.own, dstFipId: ids.second })).id).toBe(ids.second)
    await client.deleteMACAddr({ fipId: ids.second })
    expect((await client.getFlexibleIP({ fipId: ids.second })).macAddress).toBeUndefined()
  })

  test('gets the errors of the service, with their request ids', async () => {
    const { proxy, ids } = await world()
    const client = clientOf(proxy, { retry: false })
    const gone = await failure(client.getFlexibleIP({ fipId: '00000000-0000-4000-8000-000000000009' }), PermissionsDeniedError)
    expect(gone).toMatchObject({ status: 403, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, details: [{ action: 'read', resource: 'flexible-ip' }] })
    const absent = await failure(client.attachFlexibleIP({ fipsIds: [ids.own], serverId: '00000000-0000-4000-8000-000000000008' }), ResourceNotFoundError)
    expect(absent).toMatchObject({ status: 404, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string })
  })

  test('gets the error of a refusal, as from the service', async () => {
    const { proxy, ids } = await world()
    const client = clientOf(proxy, { retry: false })
    const denied = await failure(client.deleteFlexibleIP({ fipId: ids.foreign }), PermissionsDeniedError)
    expect(denied).toMatchObject({ code: 'permissions_denied', details: [{ action: 'write', resource: 'flexible-ip' }] })
    const two = await world({ policy: { grants: [{ projects: [ids.project, otherProject] }] } })
    const unnamed = await failure(clientOf(two.proxy, { retry: false }).listFlexibleIPs(), InvalidArgumentsError)
    expect(unnamed).toMatchObject({ status: 400, details: [{ argumentName: 'project_id', reason: 'required' }] })
    expect((await clientOf(two.proxy).createFlexibleIP({ projectId: otherProject })).projectId).toBe(otherProject)
    expect((await clientOf(two.proxy).listFlexibleIPs({ projectId: otherProject })).totalCount).toBe(2)
  })

  test('is limited to the Project of the policy in lists and creates', async () => {
    const { proxy, forwarded, emulator, ids } = await world()
    await proxy(ask('GET', `${fips}?page=1&tags=a%26b&tags=c`))
    await proxy(ask('POST', fips, { body: { description: 'x', project_id: null } }))
    expect(forwarded()[0]).toBe(`GET /flexible-ip/v1alpha1/zones/fr-par-1/fips?page=1&tags=a%26b&tags=c&project_id=${ids.project}`)
    expect(JSON.parse(emulator.journal[1]?.body ?? '')).toEqual({ description: 'x', project_id: ids.project })
  })
})

describe('what reaches the service', () => {
  test('has the key and nothing of the caller’s headers', async () => {
    const sent: Record<string, string>[] = []
    const { proxy, emulator } = await world({
      fetch: async (url, init) => {
        sent.push(init.headers)
        expect(init.redirect).toBe('manual')
        return emulator.fetch(url, init as RequestInit)
      },
    })
    await proxy(ask('GET', fips, { headers: { 'X-Forwarded-For': '10.0.0.1', Authorization: 'Bearer a', 'User-Agent': 'b', Connection: 'x-auth-token' } }))
    await proxy(ask('POST', fips, { body: {}, headers: { 'X-Forwarded-Host': 'evil.example' } }))
    expect(sent).toEqual([
      { Accept: 'application/json', 'X-Auth-Token': emulator.secretKey },
      { Accept: 'application/json', 'X-Auth-Token': emulator.secretKey, 'Content-Type': 'application/json' },
    ])
  })

  test('and its date comes back, so that a page knows the clock of the service', async () => {
    const date = 'Fri, 27 Nov 2026 09:00:00 GMT'
    const { proxy } = await world({ fetch: async () => Response.json({ total_count: 0, flexible_ips: [] }, { headers: { Date: date } }) })
    expect((await proxy(ask('GET', fips))).headers.get('date')).toBe(date)
  })

  test('has the key of the caller', async () => {
    const keys: (string | undefined)[] = []
    const { proxy } = await world({
      secretKey: async ({ id }) => `key-of-${id}`,
      fetch: async (_, { headers }) => {
        keys.push(headers['X-Auth-Token'])
        return Response.json({ total_count: 0, flexible_ips: [] })
      },
    })
    await proxy(ask('GET', fips))
    await proxy(ask('GET', fips, { headers: { Cookie: 'user=bob' } }))
    expect(keys).toEqual(['key-of-ann', 'key-of-bob'])
  })

  test('is every flexible IP and the server first, before a change of them', async () => {
    const { proxy, forwarded, emulator, ids } = await world()
    const client = clientOf(proxy)
    // A MAC group, which is attached as one.
    await client.attachFlexibleIP({ fipsIds: [ids.own], serverId: ids.server })
    await client.attachFlexibleIP({ fipsIds: [ids.second], serverId: ids.server })
    await client.generateMACAddr({ fipId: ids.own, macType: 'kvm' })
    await client.duplicateMACAddr({ fipId: ids.second, duplicateFromFipId: ids.own })
    emulator.clearJournal()
    const answer = await proxy(ask('POST', `${fips}/attach`, { body: { fips_ids: [ids.own, ids.own.toUpperCase(), ids.second], server_id: ids.server } }))
    expect(answer.status).toBe(200)
    const zone = '/flexible-ip/v1alpha1/zones/fr-par-1/fips'
    expect(forwarded()).toEqual([`GET ${zone}/${ids.own}`, `GET ${zone}/${ids.second}`, `GET /baremetal/v1/zones/fr-par-1/servers/${ids.server}`, `POST ${zone}/attach`])
  })

  test('is a server without a check of its Project only if the options say so', async () => {
    // The emulator's servers are of the first Project.
    const grant = { projects: [otherProject] }
    const strict = await world({ grant })
    const attach = (ids: { foreign: string; server: string }) => ask('POST', `${fips}/attach`, { body: { fips_ids: [ids.foreign], server_id: ids.server } })
    expect((await strict.proxy(attach(strict.ids))).status).toBe(403)
    expect(strict.forwarded().filter((line) => line.startsWith('POST'))).toEqual([])
    const loose = await world({ grant, checkServers: false })
    expect((await loose.proxy(attach(loose.ids))).status).toBe(200)
  })
})

describe('a policy', () => {
  test('may be a function of the caller', async () => {
    const { proxy, emulator } = await world({ policy: ({ id }) => ({ readOnly: id !== 'ann', grants: [{ projects: [emulator.projectId] }] }) })
    const create = (name: string) => proxy(ask('POST', fips, { body: {}, headers: { Cookie: `user=${name}` } }))
    expect([(await create('ann')).status, (await create('bob')).status]).toEqual([200, 403])
  })

  test('allows the product of operations, zones and Projects of each grant', async () => {
    const { proxy, ids } = await world({
      policy: { grants: [{ projects: [otherProject], operations: ['getFlexibleIP', 'listFlexibleIPs'] }, { projects: [thirdProject.toUpperCase()], zones: ['fr-par-2'] }] },
    })
    expect((await proxy(ask('GET', `${fips}/${ids.foreign}`))).status).toBe(200)
    expect((await proxy(ask('GET', `${fips}/${ids.own}`))).status).toBe(403)
    expect((await proxy(ask('DELETE', `${fips}/${ids.foreign}`))).status).toBe(403)
    expect((await proxy(ask('GET', `${fips}?project_id=${thirdProject}`))).status).toBe(403)
    expect((await proxy(ask('GET', `${fips.replace('fr-par-1', 'fr-par-2')}?project_id=${thirdProject}`))).status).toBe(200)
  })

  test('lets servers be read where it says so', async () => {
    const { proxy, ids } = await world()
    expect(await (await proxy(ask('GET', servers))).json()).toMatchObject({ servers: [{ id: ids.server }, { id: ids.secondServer }] })
    expect(await (await proxy(ask('GET', `${servers}/${ids.server}`))).json()).toMatchObject({ name: 'web-1' })
  })

  test('lets no credentials of servers through, in a list or alone', async () => {
    const { ids } = await world()
    const plain = {
      id: ids.server, organization_id: ids.project, project_id: ids.project, name: 'web-1', description: 'web', zone: 'fr-par-1', status: 'ready', ping_status: 'ping_status_up', boot_type: 'normal', protected: false,
      offer_id: id, offer_name: 'EM-A210R-HDD', domain: 'a.example', created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z', tags: ['prod'], ips: [{ id, address: '195.154.1.1', version: 'IPv4', reverse: 'a.example', reverse_status: 'active' }],
    }
    const secret = {
      ...plain, ips: [{ ...plain.ips[0], password: 'hunter2' }], tags: ['prod', { password: 'hunter2' }], rescue_server: { user: 'root', password: 'hunter2' }, user_data: 'hunter2', options: [{ license: 'hunter2' }],
      install: { password: 'hunter2', service_password: 'hunter2', ssh_key_ids: ['hunter2'], service_url: 'https://hunter2' }, unknown: 'hunter2',
    }
    const { proxy } = await world({ fetch: async (url) => Response.json(url.includes('?') ? { total_count: 1, servers: [secret], token: 'hunter2' } : secret) })
    expect(await (await proxy(ask('GET', `${servers}/${ids.server}`))).json()).toEqual(plain)
    expect(await (await proxy(ask('GET', servers))).json()).toEqual({ total_count: 1, servers: [plain] })
    // Nor inside a field that should be a text.
    const inside = await world({ fetch: async () => Response.json({ ...plain, description: { password: 'hunter2' }, ips: ['hunter2'] }) })
    expect(await (await inside.proxy(ask('GET', `${servers}/${ids.server}`))).text()).not.toContain('hunter2')
  })

  test.each<[string, Partial<ProxyOptions<Caller>>]>([
    ['secretKey', { secretKey: 'two words' }],
    ['authorize', { authorize: undefined as never }],
    ['policy.grants', { policy: {} as never }],
    ['policy.grants[0].projects', { policy: { grants: [{ projects: ['*'] }] } }],
    ['policy.grants[0].operations', { policy: { grants: [{ projects: [], operations: ['getflexibleip' as never] }] } }],
    ['policy.grants[0].zones', { policy: { grants: [{ projects: [], zones: ['*'] }] } }],
    ['policy.grants[0].operation', { policy: { grants: [{ projects: [], operation: [] } as never] } }],
    ['policy.readonly', { policy: { grants: [], readonly: true } as never }],
    ['origins', { origins: ['*'] }],
    ['origins', { origins: ['https://console.example/'] }],
    ['basePath', { basePath: '/api/../x' }],
    ['basePath', { basePath: '/api/' }],
    ['baseUrl', { baseUrl: 'https://user:pass@api.example' }],
    ['timeoutMs', { timeoutMs: 0 }],
    ['limits.bodyBytes', { limits: { bodyBytes: -1 } }],
    ['limits.perMinute', { limits: { perMinute: 1 } as never }],
    ['onaudit', { onaudit: () => undefined } as never],
  ])('and options are checked at once: %s', (field, options) => {
    const right: ProxyOptions<Caller> = { secretKey: 'key', authorize: () => undefined, policy: { grants: [] }, origins: [origin] }
    let thrown: unknown
    try {
      createProxy({ ...right, ...options })
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(ConfigurationError)
    expect((thrown as ConfigurationError).details.map(({ argumentName }) => argumentName)).toEqual([field])
    expect((thrown as ConfigurationError).message).not.toContain('two words')
  })
})

describe('CORS', () => {
  const preflight = (headers: Record<string, string>, path = fips) => new Request(`https://api.example${path}`, { method: 'OPTIONS', headers })

  test('answers the preflight of a named origin', async () => {
    const { proxy, events } = await world({ allowHeaders: ['Authorization'] })
    const answer = await proxy(preflight({ Origin: origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization, content-type' }))
    expect([answer.status, answer.headers.get('access-control-allow-origin'), answer.headers.get('access-control-allow-methods')]).toEqual([204, origin, 'GET, POST'])
    expect([answer.headers.get('access-control-allow-headers'), answer.headers.get('vary'), events]).toEqual(['accept, content-type, authorization', 'Origin', []])
  })

  test('allows nothing to other origins', async () => {
    const { proxy } = await world()
    const asked: [Record<string, string>, string?][] = [
      [{ Origin: 'https://evil.example', 'Access-Control-Request-Method': 'GET' }],
      [{ Origin: 'null', 'Access-Control-Request-Method': 'GET' }],
      [{ 'Access-Control-Request-Method': 'GET' }],
      [{ Origin: origin }],
      [{ Origin: origin, 'Access-Control-Request-Method': 'PUT' }],
      [{ Origin: origin, 'Access-Control-Request-Method': 'DELETE' }],
      [{ Origin: origin, 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'x-auth-token' }],
      [{ Origin: origin, 'Access-Control-Request-Method': 'GET' }, '/api/scaleway/iam/v1alpha1/api-keys'],
    ]
    for (const [headers, path] of asked) {
      const answer = await proxy(preflight(headers, path))
      expect([answer.status, answer.headers.get('access-control-allow-origin')], JSON.stringify(headers)).toEqual([403, null])
    }
  })

  test('names the origin in every response to it, and in no other', async () => {
    const { proxy } = await world()
    const cross = await proxy(ask('GET', fips, { headers: { 'Sec-Fetch-Site': 'cross-site' } }))
    expect([cross.status, cross.headers.get('access-control-allow-origin'), cross.headers.get('access-control-expose-headers')]).toEqual([200, origin, 'Retry-After, X-Request-Id'])
    const evil = await proxy(ask('GET', fips, { headers: { Origin: 'https://evil.example' } }))
    expect([evil.status, evil.headers.get('access-control-allow-origin')]).toEqual([403, null])
    const own = await proxy(ask('GET', fips, { headers: { Origin: undefined } }))
    expect([own.status, own.headers.get('access-control-allow-origin'), own.headers.get('cache-control')]).toEqual([200, null, 'no-store'])
  })

  test('that may not call refuses a change for certain: the client neither asks what became of it nor calls it unknown', async () => {
    const { proxy, ids } = await world()
    const asked: string[] = []
    const client = clientOf((request) => {
      asked.push(request.method)
      const headers = new Headers(request.headers)
      headers.set('Origin', 'https://evil.example')
      return proxy(new Request(request, { headers }))
    })
    await failure(client.attachFlexibleIP({ fipsIds: [ids.own], serverId: ids.server }), PermissionsDeniedError)
    await failure(client.deleteFlexibleIP({ fipId: ids.own }), PermissionsDeniedError)
    expect(asked).toEqual(['POST', 'DELETE'])
  })

  test('is not needed by scripts where the options say so', async () => {
    const { proxy } = await world({ requireOrigin: false })
    const script = { Origin: undefined, 'Sec-Fetch-Site': undefined }
    expect((await proxy(ask('POST', fips, { body: {}, headers: script }))).status).toBe(200)
    expect((await proxy(ask('GET', fips, { headers: { ...script, 'Sec-Fetch-Site': 'cross-site' } }))).status).toBe(403)
  })
})

describe('the key', () => {
  const key = '6e1d4a2b-0f3c-4d5e-8a9b-1c2d3e4f5061'
  const escaped = key.replace('6', '\\u0036')

  test.each<[string, () => Response | Promise<Response>]>([
    ['in a body of JSON', () => Response.json({ message: `bad ${key}` }, { status: 400 })],
    ['in a name of a field', () => Response.json({ [key]: 1 }, { status: 400 })],
    ['behind an escape', () => new Response(`{"message":"${escaped}"}`, { status: 400 })],
    ['in a text', () => new Response(`upstream connect error with ${key}`, { status: 503 })],
    ['in base64', () => new Response(`Basic ${btoa(`user:${key}`)}`, { status: 500 })],
    ['in a header', () => new Response('', { status: 429, headers: { 'X-Request-Id': key, 'Retry-After': key, 'X-Echo': key } })],
    ['in a success', () => Response.json({ total_count: 0, flexible_ips: [], echo: key })],
    ['in a redirection', () => new Response(null, { status: 302, headers: { Location: `https://evil.example/?${key}` } })],
    ['in what fetch throws', () => Promise.reject(new TypeError(`fetch failed with ${key}`))],
  ])('is in no answer when the service or fetch repeats it %s', async (_, answer) => {
    const { proxy, events } = await world({ secretKey: key, fetch: async () => answer() })
    const response = await proxy(ask('GET', fips))
    const all = JSON.stringify([...response.headers]) + (await response.text()) + JSON.stringify(events)
    expect(all).not.toContain(key)
    expect(all).not.toContain(btoa(key).slice(0, 40))
    expect(all).not.toContain(escaped)
    expect(events.length).toBe(1)
  })

  test('is in no answer when a function of the options throws it', async () => {
    const fail = () => {
      throw new Error(key)
    }
    for (const options of [{ authorize: fail }, { secretKey: fail }, { policy: fail }, { limits: fail }]) {
      const { proxy, events } = await world(options)
      const response = await proxy(ask('GET', fips))
      expect([response.status, await response.text()]).toEqual([500, '{"message":"internal error"}'])
      expect(events).toMatchObject([{ outcome: 'failed', status: 500 }])
      expect(JSON.stringify(events)).not.toContain(key)
    }
  })
})

describe('answers of the service', () => {
  const answered = (answer: () => Response | Promise<Response>) => world({ fetch: async () => answer() })

  test('that are no answers of the API become a 502', async () => {
    const list = (item: object) => Response.json({ total_count: 1, flexible_ips: [item] })
    for (const answer of [
      () => new Response(null, { status: 301, headers: { Location: 'https://evil.example' } }),
      () => new Response('<html>'),
      () => list({ id: 'x', project_id: otherProject }),
      () => list({}),
      () => Response.json([]),
      () => Response.error(),
      () => Promise.reject(new TypeError('fetch failed')),
    ]) {
      const { proxy, events } = await answered(answer)
      expect((await proxy(ask('GET', fips))).status).toBe(502)
      expect(events).toMatchObject([{ outcome: 'failed', status: 502, caller: 'ann' }])
    }
  })

  test('with another flexible IP than the one that was read become a 502, and nothing is changed', async () => {
    const { ids } = await world()
    const methods: string[] = []
    const { proxy } = await world({
      fetch: async (_, { method }) => {
        methods.push(method)
        return Response.json({ id: ids.second, project_id: ids.project })
      },
    })
    expect((await proxy(ask('DELETE', `${fips}/${ids.own}`))).status).toBe(502)
    expect(methods).toEqual(['GET'])
  })

  test('that do not come in time become a 504', async () => {
    vi.useFakeTimers()
    const { proxy, events } = await answered(() => new Promise<Response>(() => undefined))
    const response = proxy(ask('GET', fips))
    await vi.advanceTimersByTimeAsync(30_000)
    expect((await response).status).toBe(504)
    expect(events).toMatchObject([{ outcome: 'failed', reason: 'the service did not answer in time' }])
    await failure(clientOf(async () => new Response('{}', { status: 504 }), { retry: false }).getFlexibleIP({ fipId: otherProject }), ServiceUnavailableError)
  })

  test('that are texts stay texts, so that no browser runs them', async () => {
    const { proxy } = await answered(() => new Response('<script>', { status: 503, headers: { 'Content-Type': 'text/html' } }))
    const response = await proxy(ask('GET', fips))
    expect([response.headers.get('content-type'), response.headers.get('x-content-type-options'), await response.text()]).toEqual(['text/plain; charset=utf-8', 'nosniff', '<script>'])
  })
})

describe('limits', () => {
  test.each([
    ['at once', (limits: ProxyLimits) => limits],
    ['as a promise', (limits: ProxyLimits) => Promise.resolve(limits)],
  ])('on requests a minute, given %s, are counted for each caller, and end with time', async (_, give) => {
    vi.useFakeTimers()
    const { proxy, forwarded } = await world({ limits: ({ id }) => give({ requestsPerMinute: id === 'ann' ? 3 : 60 }) })
    const status = async (name: string) => {
      const { status, headers } = await proxy(ask('GET', fips, { headers: { Cookie: `user=${name}` } }))
      return [status, headers.get('retry-after')]
    }
    const asked = [await status('ann'), await status('ann'), await status('ann'), await status('ann'), await status('bob')]
    expect(asked).toEqual([[200, null], [200, null], [200, null], [429, '20'], [200, null]])
    vi.advanceTimersByTime(20_000)
    expect([await status('ann'), await status('ann')]).toEqual([[200, null], [429, '20']])
    expect(forwarded().length).toBe(5)
    await failure(clientOf(proxy, { retry: false }).getFlexibleIP({ fipId: otherProject }), TooManyRequestsError)
  })

  const never = () => new Promise<never>(() => undefined)
  const empty = async () => Response.json({ total_count: 0, flexible_ips: [] })

  test.each([
    ['misspelt', () => ({ requestPerMinutes: 2 })],
    ['misspelt in a promise', async () => ({ requestPerMinutes: 2 })],
    ['no limits but a number', async () => 2],
    ['thrown', () => { throw new Error('the database is down') }],
    ['a rejection', () => Promise.reject(new Error('the database is down'))],
  ])('that a function gives %s refuse the call, and nothing is forwarded', async (_, limits) => {
    const { proxy, events, forwarded } = await world({ limits: limits as never })
    const response = await proxy(ask('GET', fips))
    expect([response.status, await response.json(), forwarded()]).toEqual([500, { message: 'internal error' }, []])
    expect(events).toMatchObject([{ caller: 'ann', outcome: 'failed', status: 500, reason: 'a function of the options failed' }])
  })

  test('that are a promise themselves are refused', async () => {
    await expect(world({ limits: Promise.resolve({ requestsPerMinute: 2 }) as never })).rejects.toThrow(/^limits: value must be an object$/)
  })

  test.each(['policy', 'secretKey'] as const)('end a change whose caller goes while its body arrives, without a call of %s that could fail unseen', async (name) => {
    const controller = new AbortController()
    let calls = 0
    const { proxy, events, forwarded } = await world({
      [name]: async () => {
        calls++
        throw new Error('the caller is gone')
      },
    })
    const body = new ReadableStream<Uint8Array>({
      pull: (stream) => {
        stream.enqueue(new TextEncoder().encode('{}'))
        stream.close()
        controller.abort()
      },
    })
    const request = ask('POST', fips, { body })
    Object.defineProperty(request, 'signal', { value: controller.signal })
    expect((await proxy(request)).status).toBe(408)
    expect([calls, forwarded(), events]).toMatchObject([0, [], [{ outcome: 'refused', status: 408 }]])
  })

  test.each(['authorize', 'limits', 'policy', 'secretKey'] as const)('on time end a call whose %s never settles, and it holds no place of the caller', async (name) => {
    vi.useFakeTimers()
    let isStuck = true
    const functions = { authorize: () => ({ id: 'ann' }), limits: () => ({ concurrency: 1 }), policy: () => ({ grants: [{ projects: [otherProject] }] }), secretKey: () => 'k123456789' }
    const { proxy, events } = await world({ ...functions, [name]: () => (isStuck ? never() : functions[name]()), fetch: empty, timeoutMs: 300 })
    const stuck = proxy(ask('GET', fips))
    await vi.advanceTimersByTimeAsync(300)
    const { status } = await stuck
    expect([status, events]).toMatchObject([503, [{ outcome: 'failed', status: 503, reason: `the function ${name} of the proxy took too long` }]])
    isStuck = false
    expect((await proxy(ask('GET', fips))).status).toBe(200)
  })

  test('on time give the response although onAudit never settles', async () => {
    vi.useFakeTimers()
    const { proxy } = await world({ onAudit: never, timeoutMs: 300 })
    const responses = [proxy(ask('GET', fips)), proxy(ask('OPTIONS', fips))]
    await vi.advanceTimersByTimeAsync(300)
    expect((await Promise.all(responses)).map(({ status }) => status)).toEqual([200, 403])
  })

  test.each(['authorize', 'limits', 'policy', 'secretKey', 'fetch', 'the body of the response'] as const)('end a read at once when its caller has gone, also if %s never settles', async (name) => {
    const caller = new AbortController()
    const signals: AbortSignal[] = []
    let isStuck = true
    const functions = { authorize: () => ({ id: 'ann' }), limits: () => ({ concurrency: 1 }), policy: () => ({ grants: [{ projects: [otherProject] }] }), secretKey: () => 'k123456789', fetch: empty }
    const stuck = name === 'the body of the response' ? { fetch: async () => new Response(new ReadableStream()) } : { [name]: never }
    let reached = () => undefined as void
    const isReached = new Promise<void>((resolve) => (reached = resolve))
    const all: typeof functions = { ...functions, ...stuck }
    const follow = <Key extends keyof typeof functions>(key: Key) => (...passed: unknown[]) => {
      if (key === 'fetch') signals.push((passed[1] as { signal: AbortSignal }).signal)
      const isTheOne = key in stuck && isStuck
      if (isTheOne) reached()
      return (isTheOne ? all : functions)[key]() as never
    }
    const { proxy, events } = await world({ authorize: follow('authorize'), limits: follow('limits'), policy: follow('policy'), secretKey: follow('secretKey'), fetch: follow('fetch') })
    const response = proxy(new Request(ask('GET', fips), { signal: caller.signal }))
    await isReached
    caller.abort()
    const isForwarded = name === 'fetch' || name === 'the body of the response'
    const reason = isForwarded ? 'the caller was gone before the service answered' : 'the caller was gone before anything was changed'
    expect([(await response).status, events]).toMatchObject([408, [{ outcome: isForwarded ? 'failed' : 'refused', status: 408, reason }]])
    expect(signals.length).toBe(isForwarded ? 1 : 0)
    expect(signals.every(({ aborted }) => aborted)).toBe(true)
    isStuck = false
    expect((await proxy(ask('GET', fips))).status).toBe(200)
  })

  test('do not end a change that was sent when its caller has gone', async () => {
    const caller = new AbortController()
    const { proxy, events, ids, emulator } = await world({
      fetch: async (url, init) => {
        if (init.method !== 'GET') caller.abort()
        expect(init.signal.aborted).toBe(false)
        return emulator.fetch(url, init)
      },
    })
    expect((await proxy(new Request(ask('DELETE', `${fips}/${ids.own}`), { signal: caller.signal }))).status).toBe(204)
    expect(events).toMatchObject([{ outcome: 'answered', status: 204 }])
  })

  test('on requests at the same time end when one does', async () => {
    const waiting: (() => void)[] = []
    const { proxy } = await world({
      limits: { concurrency: 2 },
      fetch: () => new Promise((resolve) => waiting.push(() => resolve(Response.json({ total_count: 0, flexible_ips: [] })))),
    })
    const running = [proxy(ask('GET', fips)), proxy(ask('GET', fips))]
    await vi.waitFor(() => expect(waiting.length).toBe(2))
    expect((await proxy(ask('GET', fips))).status).toBe(429)
    waiting.forEach((answer) => answer())
    expect((await Promise.all(running)).map(({ status }) => status)).toEqual([200, 200])
    const after = proxy(ask('GET', fips))
    await vi.waitFor(() => expect(waiting.length).toBe(3))
    waiting[2]?.()
    expect((await after).status).toBe(200)
  })
})

describe('the audit', () => {
  test('has an event for each call: caller, operation, target, outcome and request id', async () => {
    const { proxy, events, ids } = await world()
    const answer = await proxy(ask('POST', `${fips}/attach`, { body: { fips_ids: [ids.own], server_id: ids.server } }))
    await proxy(ask('POST', fips, { body: {} }))
    await proxy(ask('DELETE', `${fips}/${ids.foreign}`))
    await proxy(ask('GET', fips, { headers: { Cookie: undefined } }))
    const zone = 'fr-par-1'
    expect(events).toMatchObject([
      { caller: 'ann', operation: 'attachFlexibleIP', zone, fipIds: [ids.own], serverId: ids.server, outcome: 'answered', status: 200, requestId: answer.headers.get('x-request-id'), method: 'POST', path: `${fips}/attach` },
      { caller: 'ann', operation: 'createFlexibleIP', zone, projectId: ids.project, outcome: 'answered', status: 200 },
      { caller: 'ann', operation: 'deleteFlexibleIP', zone, fipIds: [ids.foreign], outcome: 'refused', status: 403, reason: 'insufficient permissions' },
      { operation: 'listFlexibleIPs', outcome: 'refused', status: 401 },
    ])
    expect(events[3]).not.toHaveProperty('caller')
    expect(events.every(({ at, durationMs }) => at instanceof Date && durationMs >= 0)).toBe(true)
  })

  const path = (id: string, zone = 'fr-par-1') => `${fips.replace('fr-par-1', zone)}/${id}`
  const changes = { operation: 'deleteFlexibleIP', zone: 'fr-par-1', fipIds: [id], outcome: 'refused' }

  test.each<[string, Request, object, Parameters<typeof world>[0]?]>([
    ['another origin', ask('DELETE', path(id), { headers: { Origin: 'https://evil.example' } }), { ...changes, status: 403 }],
    ['no origin', ask('DELETE', path(id.toUpperCase()), { headers: { Origin: undefined } }), { ...changes, status: 403 }],
    ['no caller', ask('DELETE', path(id), { headers: { Cookie: undefined } }), { ...changes, status: 401 }],
    ['another method', ask('PUT', path(id), { body: {} }), { zone: 'fr-par-1', fipIds: [id], outcome: 'refused', status: 405 }],
    ['another method of a server', ask('PUT', `${servers}/${id}`, { body: {} }), { zone: 'fr-par-1', fipIds: [], outcome: 'refused', status: 405 }],
    ['a server of another origin', ask('GET', `${servers}/${id}`, { headers: { Origin: 'https://evil.example' } }), { operation: 'getServer', fipIds: [], serverId: id, status: 403 }],
    ['a zone that is not served', ask('DELETE', path(id, 'nl-ams-1')), { ...changes, zone: 'nl-ams-1', status: 404, caller: 'ann' }],
    ['a policy that only reads', ask('DELETE', path(id)), { ...changes, status: 403, caller: 'ann' }, { policy: { readOnly: true, grants: [{ projects: [otherProject] }] } }],
    ['an operation that is not granted', ask('DELETE', path(id)), { ...changes, status: 403 }, { grant: { operations: ['getFlexibleIP'] } }],
    ['a header that is not allowed', ask('DELETE', path(id), { headers: { Upgrade: 'x' } }), { ...changes, status: 400 }],
    ['a parameter that is not known', ask('DELETE', `${path(id)}?x=1`), { ...changes, status: 400 }],
    ['a content type that is not JSON', ask('PATCH', path(id), { body: {}, headers: { 'Content-Type': 'text/plain' } }), { ...changes, operation: 'updateFlexibleIP', status: 415 }],
    ['broken JSON', ask('PATCH', path(id), { body: '{' }), { ...changes, operation: 'updateFlexibleIP', status: 400 }],
    ['a key that cannot be had', ask('DELETE', path(id)), { ...changes, outcome: 'failed', status: 500 }, { secretKey: () => Promise.reject(new Error('no key')) }],
    ['an attach that is not granted', ask('POST', `${fips}/attach`, { body: { fips_ids: [id.toUpperCase(), 7], server_id: otherProject } }), { ...changes, operation: 'attachFlexibleIP', serverId: otherProject, status: 403 }, { grant: { operations: ['getFlexibleIP'] } }],
    ['a field that is not known', ask('POST', `${path(id)}/mac/move`, { body: { x: 1, dst_fip_id: otherProject } }), { ...changes, operation: 'moveMACAddr', fipIds: [id, otherProject], status: 400 }],
    ['a preflight of another origin', ask('OPTIONS', path(id), { headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'DELETE' } }), { ...changes, method: 'OPTIONS', status: 403 }],
  ])('names what a refused call would have done: %s', async (_, request, event, options) => {
    const { proxy, events, forwarded } = await world(options)
    const { status } = await proxy(request)
    expect(events).toMatchObject([{ ...event, status, reason: expect.stringMatching(/./) as string }])
    expect(forwarded()).toEqual([])
  })

  test('has no ids of a body whose caller is not known or beyond the limits: it is not read', async () => {
    const { proxy, events } = await world({ limits: { requestsPerMinute: 1 } })
    const attach = (headers: Record<string, string | undefined>) => ask('POST', `${fips}/attach`, { body: { fips_ids: [id] }, headers })
    const requests = [attach({ Cookie: undefined }), attach({}), attach({})]
    for (const request of requests) await proxy(request)
    expect(events.map(({ status, fipIds }) => [status, fipIds])).toEqual([[401, []], [400, [id]], [429, []]])
    expect(requests.map(({ bodyUsed }) => bodyUsed)).toEqual([false, true, false])
  })

  test('is awaited, and what it throws changes no answer', async () => {
    let isDone = false
    const slow = await world({
      onAudit: async () => {
        await new Promise((resolve) => setImmediate(resolve))
        isDone = true
        throw new Error('the audit is full')
      },
    })
    expect((await slow.proxy(ask('GET', fips))).status).toBe(200)
    expect(isDone).toBe(true)
  })
})

test('the entry has no WebAssembly, which workers would not compile', () => {
  const read = (file: URL): string => {
    const text = readFileSync(file, 'utf8')
    return text + [...text.matchAll(/from"(\.[^"]+)"/g)].map(([, path = '']) => read(new URL(path, file))).join('')
  }
  const bundle = read(new URL('../../pkg/proxy.js', import.meta.url))
  expect(bundle).not.toMatch(/WebAssembly\./)
  expect(bundle).not.toContain(moduleStart)
  expect(bundle).toContain('X-Auth-Token')
  expect(bundle).toContain('ConfigurationError')
})

test('a caller that is gone before the change was sent changes nothing', async () => {
  const controller = new AbortController()
  const { proxy, emulator, events, forwarded, ids } = await world({
    fetch: async (url, init) => {
      controller.abort()
      return emulator.fetch(url, { ...init, signal: null } as RequestInit)
    },
  })
  const request = new Request(ask('DELETE', `${fips}/${ids.own}`), { signal: controller.signal })
  expect((await proxy(request)).status).toBe(408)
  expect(forwarded()).toEqual([`GET /flexible-ip/v1alpha1/zones/fr-par-1/fips/${ids.own}`])
  // The change was not forwarded, whatever was read before.
  expect(events).toMatchObject([{ outcome: 'refused', status: 408 }])
})
