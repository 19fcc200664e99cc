// The paths below /_emulator/: each method of the emulator over HTTP, and the requests that need the secret key.
import { serveEmulator } from 'flexip/server'
import { describe, expect, onTestFinished, test } from 'vitest'
import { send, sendRaw } from './support/http.js'
import { api } from './support/served.js'

type Options = NonNullable<Parameters<typeof serveEmulator>[0]>

async function served(options: Options = {}) {
  const server = await serveEmulator(options)
  onTestFinished(() => server.close(0))
  const { secretKey, projectId } = server.emulator
  const control = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await send(`${server.url}/_emulator/${path}`, { method, headers, body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body) })
    const text = response.body.toString()
    return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) }
  }
  return { ...server, ...api({ url: server.url, secretKey, projectId }), control }
}

describe('over HTTP', () => {
  test('the clock is read and moved, and the transitions that fall due are made', async () => {
    const { control, create, call } = await served({ clock: 'manual', timing: { create: 3000 } as never, servers: [{ zone: 'fr-par-1', name: 'web-1' }] })
    const [server] = (await control('GET', 'servers')).body as { id: string }[]
    const { id } = (await create({ server_id: server?.id })).body
    expect(await control('GET', 'clock')).toEqual({ status: 200, body: { now: '2026-01-01T00:00:00.000Z', kind: 'manual', msToNextTransition: 3000 } })
    expect(await control('POST', 'clock', { advanceMs: 3000 })).toEqual({ status: 200, body: { now: '2026-01-01T00:00:03.000Z', kind: 'manual', msToNextTransition: null } })
    expect((await call('GET', `/${id}`)).body.status).toBe('attached')
  })

  test('servers are added and removed', async () => {
    const { control, emulator } = await served()
    const made = await control('POST', 'servers', { zone: 'nl-ams-1', name: 'db-1' })
    expect(made).toMatchObject({ status: 200, body: { zone: 'nl-ams-1', name: 'db-1' } })
    const { id } = made.body as { id: string }
    expect((await control('GET', 'servers')).body).toEqual([made.body])
    expect((await control('DELETE', `servers/${id}`)).status).toBe(204)
    expect(await control('DELETE', `servers/${id}`)).toEqual({ status: 404, body: { message: `there is no server ${id}` } })
    expect(emulator.servers).toEqual([])
  })

  test('faults are added and cleared', async () => {
    const { control, call } = await served()
    expect(await control('POST', 'faults', { fault: 'rateLimit' })).toEqual({ status: 200, body: { id: 1 } })
    expect((await call('GET', '')).status).toBe(429)
    expect((await control('DELETE', 'faults')).status).toBe(204)
    expect((await call('GET', '')).status).toBe(200)
  })

  test('faults are listed, and removed by their ids', async () => {
    const { control, call } = await served({ faults: [{ operation: 'getFlexibleIP', fault: 'garbage' }] })
    await control('POST', 'faults', { fault: 'rateLimit' })
    await call('GET', '')
    expect((await control('GET', 'faults')).body).toEqual([
      { id: 1, rule: { operation: 'getFlexibleIP', fault: 'garbage' }, requests: 0, injections: 0 },
      { id: 2, rule: { fault: 'rateLimit' }, requests: 1, injections: 1 },
    ])
    expect((await control('DELETE', 'faults/2')).status).toBe(204)
    expect(await control('DELETE', 'faults/2')).toEqual({ status: 404, body: { message: 'there is no fault rule 2' } })
    for (const id of ['0', '-1', '1.0', '4294967297', 'x']) expect((await control('DELETE', `faults/${id}`)).status, id).toBe(404)
    expect((await control('GET', 'faults')).body).toHaveLength(1)
    expect((await call('GET', '')).status).toBe(200)
  })

  test('the journal is read, without secrets, and cleared', async () => {
    const { control, call, emulator } = await served()
    await call('GET', '?page=1')
    const { body } = await control('GET', 'journal')
    expect(body).toMatchObject([{ number: 1, operation: 'listFlexibleIPs', target: '/flexible-ip/v1alpha1/zones/fr-par-1/fips?page=1', status: 200 }])
    expect(JSON.stringify(body)).not.toContain(emulator.secretKey)
    expect((await control('DELETE', 'journal')).status).toBe(204)
    expect((await control('GET', 'journal')).body).toEqual([])
  })

  test('a snapshot is taken and restored', async () => {
    const { control, create, call } = await served()
    await create({ description: 'before' })
    const { body } = await control('GET', 'snapshot')
    await create({ description: 'after' })
    expect((await control('PUT', 'snapshot', body)).status).toBe(204)
    expect((await call('GET', '')).body.flexible_ips.map(({ description }) => description)).toEqual(['before'])
  })

  test('the timing is set, and a status is forced', async () => {
    const { control, create, call } = await served()
    expect((await control('PUT', 'timing', '"recorded"')).status).toBe(204)
    const { id } = (await create()).body
    expect((await control('PUT', 'status', { fipId: id, status: 'locked' })).status).toBe(204)
    expect((await call('GET', `/${id}`)).body.status).toBe('locked')
  })

  test('a reset restores the state at the start, and the same run follows', async () => {
    const { control, create, emulator } = await served({ clock: 'manual', servers: [{ zone: 'fr-par-1', name: 'web-1' }] })
    const run = async () => {
      emulator.advance(5)
      const fip = (await create({ description: 'first' })).body
      emulator.addServer({ zone: 'fr-par-2' })
      emulator.addFault({ operation: 'listFlexibleIPs', fault: 'garbage' })
      emulator.setTiming('recorded')
      return { fip, servers: emulator.servers, snapshot: emulator.snapshot(), journal: emulator.journal.map(({ requestId }) => requestId) }
    }
    const before = emulator.snapshot()
    const first = await run()
    expect((await control('POST', 'reset')).status).toBe(204)
    expect([emulator.snapshot(), emulator.journal, emulator.now.toISOString()]).toEqual([before, [], '2026-01-01T00:00:00.000Z'])
    expect(await run()).toEqual(first)
  })

  test('health needs no key', async () => {
    const { control } = await served({ host: '0.0.0.0', secretKey: 'a-key-of-mine' })
    expect(await control('GET', 'health')).toEqual({ status: 200, body: { status: 'ok', version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string } })
  })
})

describe.each<[string, string, string, unknown, number, RegExp]>([
  ['an unknown path', 'GET', 'nothing', undefined, 404, /there is no \/_emulator\/nothing; there are health, reset, clock/],
  ['the name of a property that every object has', 'GET', 'constructor', undefined, 404, /there is no/],
  ['an unknown method', 'DELETE', 'clock', undefined, 405, /clock allows GET and POST, not DELETE/],
  ['a body that is not JSON', 'POST', 'clock', '{', 400, /the body is not JSON/],
  ['a string in place of a number', 'POST', 'clock', { advanceMs: '5' }, 400, /advanceMs must be a number; found "5"/],
  ['a negative time', 'POST', 'clock', { advanceMs: -1 }, 400, /0 or more milliseconds; found -1/],
  ['an unknown field', 'POST', 'clock', { ms: 5 }, 400, /there is no field ms; there are advanceMs/],
  ['an unknown zone', 'POST', 'servers', { zone: 'mars' }, 400, /zone mars/],
  ['a server without a zone', 'POST', 'servers', {}, 400, /zone must be a string; found nothing/],
  ['an unknown fault', 'POST', 'faults', { fault: 'earthquake' }, 400, /earthquake/],
  ['an unknown timing', 'PUT', 'timing', '"slow"', 400, /./],
  ['an unknown flexible IP', 'PUT', 'status', { fipId: '7c715b98-e683-493a-9e62-109d684e4348', status: 'locked' }, 404, /there is no flexible_ip 7c715b98/],
  ['an unknown status', 'PUT', 'status', { fipId: '7c715b98-e683-493a-9e62-109d684e4348', status: 'tired' }, 400, /no status tired/],
  ['a snapshot of an unknown version', 'PUT', 'snapshot', { version: 99 }, 400, /version 99/],
])('%s', (_, method, path, body, status, message) => {
  test(`is refused with ${status}, and changes nothing`, async () => {
    const { control, emulator } = await served({ clock: 'manual' })
    const before = emulator.snapshot()
    const refusal = await control(method, path, body)
    expect(refusal.status).toBe(status)
    expect((refusal.body as { message: string }).message).toMatch(message)
    expect([emulator.snapshot(), emulator.now.toISOString()]).toEqual([before, '2026-01-01T00:00:00.000Z'])
  })
})

describe('control without a key', () => {
  test.each<[string, Record<string, string>]>([
    ['names itself in User-Agent', { 'User-Agent': 'curl/8.5.0' }],
    ['sends the known key', { 'X-Auth-Token': 'the known key' }],
  ])('is allowed to a program of this machine that %s', async (_, headers) => {
    const { control, emulator } = await served()
    const filled = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace('the known key', emulator.secretKey)]))
    expect((await control('POST', 'reset', undefined, { 'User-Agent': '', ...filled })).status).toBe(204)
  })

  /** Sends what would change or show the state, and expects that it is refused. */
  async function expectRefusal({ control, emulator }: Awaited<ReturnType<typeof served>>, headers: Record<string, string>): Promise<void> {
    // Only its time goes on.
    const state = () => emulator.snapshot().replace(/"at":"\d+"/, '')
    const before = state()
    for (const path of ['reset', 'clock', 'faults']) expect((await control('POST', path, '{}', headers)).status, path).toBe(401)
    for (const path of ['servers', 'faults', 'journal', 'snapshot']) expect((await control('GET', path, undefined, headers)).status, path).toBe(401)
    expect((await control('DELETE', 'faults/1', undefined, headers)).status).toBe(401)
    expect(state()).toBe(before)
  }

  test.each<[string, Record<string, string>]>([
    ['a page of another machine', { Origin: 'https://elsewhere.example' }],
    ['a page of this machine', { Origin: 'http://localhost:5173' }],
    ['a page with an opaque origin', { Origin: 'null' }],
    ['a page whose host name resolves to this machine', { Host: 'elsewhere.example' }],
    ['a page that sends no Origin, as for an image', { 'Sec-Fetch-Site': 'same-site' }],
    ['a page that is named by Referer', { Referer: 'http://localhost:5173/' }],
    ['a proxy', { 'X-Forwarded-For': '192.0.2.1' }],
    ['another proxy', { Via: '1.1 elsewhere.example' }],
    ...['Sec-Fetch-Site', 'Sec-Fetch-Dest', 'Sec-Fetch-User', 'Sec-CH-UA', 'Sec-GPC', 'Sec-WebSocket-Key', 'Cookie', 'DNT', 'Upgrade-Insecure-Requests'].map((name): [string, Record<string, string>] => [`a page with ${name}`, { [name]: '1' }]),
    ['a page that navigates', { 'Sec-Fetch-Mode': 'navigate' }],
    ...['Forwarded', 'X-Forwarded-Host', 'X-Forwarded-Anything', 'X-Real-IP', 'CF-Connecting-IP', 'CF-Ray', 'True-Client-IP', 'X-Client-IP', 'X-Cluster-Client-IP', 'X-Azure-ClientIP', 'X-Original-URL', 'X-Envoy-External-Address', 'X-Remote-Addr', 'Proxy-Authorization', 'CDN-Loop'].map(
      (name): [string, Record<string, string>] => [`a proxy with ${name}`, { [name]: '192.0.2.1' }],
    ),
  ])('is refused to %s, also with the known key', async (_, headers) => {
    const server = await served()
    await expectRefusal(server, headers)
    await expectRefusal(server, { ...headers, 'X-Auth-Token': server.emulator.secretKey })
  })

  test('is open to fetch of Node, which sends Sec-Fetch-Mode: cors', async () => {
    const { url } = await served()
    expect((await fetch(`${url}/_emulator/reset`, { method: 'POST', headers: { Connection: 'close' } })).status).toBe(204)
    expect((await send(`${url}/_emulator/reset`, { method: 'POST', headers: { 'User-Agent': 'node', 'Sec-Fetch-Mode': 'cors' } })).status).toBe(204)
  })

  test.each(['Mozilla/5.0 (X11; Linux x86_64)', 'mozilla/5.0', 'Opera/9.80', ''])('is refused to the User-Agent %j', async (agent) => {
    await expectRefusal(await served(), { 'User-Agent': agent })
  })

  test('is refused with another key in place of the User-Agent', async () => {
    await expectRefusal(await served(), { 'User-Agent': '', 'X-Auth-Token': 'another-key' })
  })

  test('is refused before the body is read, and its preflight too', async () => {
    const { url } = await served()
    const origin = { Origin: 'http://localhost:5173' }
    const headers = { ...origin, 'Access-Control-Request-Method': 'PUT', 'Access-Control-Request-Headers': 'x-auth-token' }
    const preflight = await send(`${url}/_emulator/snapshot`, { method: 'OPTIONS', headers })
    expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([403, undefined])
    const refused = await send(`${url}/_emulator/snapshot`, { method: 'PUT', headers: origin, body: 'x'.repeat(100_000) })
    expect([refused.status, refused.headers.connection]).toEqual([401, 'close'])
  })

  test.each(['GET', 'POST', 'PUT', 'DELETE'])('is refused to a %s in HTTP/1.0 without Host', async (method) => {
    const { url, emulator } = await served()
    expect(await sendRaw(url, `${method} /_emulator/journal HTTP/1.0\r\nUser-Agent: curl/8.5.0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 401 /)
    expect(emulator.journal).toEqual([])
  })
})

describe('a secret key that was set', () => {
  const secretKey = 'a-key-of-mine'

  test.each<[string, Record<string, string>]>([
    ['a program', {}],
    ['a page of this machine', { Origin: 'http://localhost:5173' }],
    ['a page of another machine', { Origin: 'https://elsewhere.example', 'Sec-Fetch-Site': 'cross-site' }],
    ['a program of another machine', { Host: 'emulator.example' }],
  ])('allows control to %s, and no other key does', async (_, headers) => {
    for (const host of ['127.0.0.1', '0.0.0.0']) {
      const { control } = await served({ host, secretKey })
      const known = (await served()).emulator.secretKey
      for (const path of ['servers', 'journal', 'snapshot', 'clock', 'nothing']) {
        expect((await control('GET', path, undefined, headers)).status, path).toBe(401)
        expect((await control('GET', path, undefined, { ...headers, 'X-Auth-Token': known })).status, path).toBe(401)
        expect((await control('GET', path, undefined, { ...headers, 'X-Auth-Token': '' })).status, path).toBe(401)
      }
      expect((await control('GET', 'servers', undefined, { ...headers, 'X-Auth-Token': secretKey })).status).toBe(200)
    }
  })
})
