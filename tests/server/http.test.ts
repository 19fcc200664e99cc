// The HTTP server, apart from the API itself: headers, CORS, limits, broken connections, closing.
import { once } from 'node:events'
import { connect } from 'node:net'
import { gunzipSync } from 'node:zlib'
import type { Fault } from 'flexip/emulator'
import { ConfigurationError, serveEmulator } from 'flexip/server'
import { describe, expect, onTestFinished, test } from 'vitest'
import { send, sendRaw } from './support/http.js'
import { api } from './support/served.js'

type Options = NonNullable<Parameters<typeof serveEmulator>[0]>

async function served(options: Options = {}) {
  const server = await serveEmulator(options)
  onTestFinished(() => server.close(0))
  const { secretKey, projectId } = server.emulator
  return { ...server, ...api({ url: server.url, secretKey, projectId }), key: { 'X-Auth-Token': secretKey } }
}

const fips = '/flexible-ip/v1alpha1/zones/fr-par-1/fips'
const text = ({ body }: { body: Buffer }) => body.toString()
const json = (response: { body: Buffer }) => JSON.parse(text(response)) as Record<string, unknown>

describe('a response', () => {
  test('has the headers of the service, and Content-Length', async () => {
    const { url, key } = await served()
    const { status, headers } = await send(url + fips, { headers: key })
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': '35',
      server: 'Scaleway API Gateway (fr-par-2;edge03)',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      'x-frame-options': 'DENY',
    })
    expect(headers['access-control-allow-origin']).toBeUndefined()
  })

  test('has the time of the emulator’s clock in Date', async () => {
    const { url, key } = await served({ clock: 'manual', startsAt: new Date('2030-02-03T04:05:06Z') })
    expect((await send(url + fips, { headers: key })).headers.date).toBe('Sun, 03 Feb 2030 04:05:06 GMT')
  })

  test('is sent to a GET with a body, which is ignored', async () => {
    const { url, key } = await served()
    expect(await send(url + fips, { headers: key, body: '{"is":"ignored"' })).toMatchObject({ status: 200 })
  })

  test('is sent to a request whose target is a whole URL, as for a proxy', async () => {
    const { url, key } = await served()
    expect((await send(url, { headers: key, path: `${url}${fips}` })).status).toBe(200)
  })

  test('to /metadata has the platform that the Go SDK asks for', async () => {
    const { url } = await served()
    expect(json(await send(`${url}/metadata`))).toEqual({ platform: 'external', partition: 'scw', domain: 'scw.eu' })
  })

  test('to a request that the API does not have is 501, and the journal marks it', async () => {
    const { url, emulator } = await served()
    expect((await send(`${url}/nowhere`, { method: 'HEAD' })).status).toBe(501)
    expect(emulator.journal).toMatchObject([{ method: 'HEAD', target: '/nowhere', unmatched: true }])
  })
})

test('every server has the one offer of its zone, and every API key is known', async () => {
  const { url, key, emulator } = await served({})
  const { id } = emulator.addServer({ zone: 'nl-ams-1' })
  const zone = `${url}/baremetal/v1/zones/nl-ams-1`
  const server = json(await send(`${zone}/servers/${id}`, { headers: key }))
  const offer = { id: server.offer_id, name: server.offer_name, stock: 'available', enable: true, zone: 'nl-ams-1' }
  expect(json(await send(`${zone}/offers?page=1`, { headers: key }))).toEqual({ offers: [offer], total_count: 1 })
  expect(json(await send(`${zone}/offers/${String(offer.id)}`, { headers: key }))).toEqual(offer)
  expect(json(await send(`${zone}/offers/${id}`, { headers: key }))).toMatchObject({ type: 'not_found', resource: 'offer', resource_id: id })

  const apiKey = `${url}/iam/v1alpha1/api-keys/SCWXXXXXXXXXXXXXXXXX`
  expect(json(await send(apiKey, { headers: key }))).toEqual({ access_key: 'SCWXXXXXXXXXXXXXXXXX', secret_key: null, default_project_id: emulator.projectId, expires_at: null })
  expect((await send(apiKey, {})).status).toBe(401)
  expect((await send(`${zone}/offers`, {})).status).toBe(401)
  expect((await send(apiKey, { method: 'DELETE', headers: key })).status).toBe(501)
})

describe('a body', () => {
  test('of the fault chunked arrives in chunks, without a Content-Length', async () => {
    const { url, key, emulator } = await served()
    emulator.addFault({ fault: { chunked: 3 } })
    const received = await sendRaw(url, `GET ${fips} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Auth-Token: ${key['X-Auth-Token']}\r\n\r\n`)
    const [head = '', body = ''] = received.split(/\r\n\r\n([^]*)/)
    expect(head).toMatch(/^Transfer-Encoding: chunked$/im)
    expect(head).not.toMatch(/^Content-Length/im)
    const sizes = [...body.matchAll(/^([0-9a-f]+)\r$/gm)].map(([, size]) => parseInt(size ?? '', 16))
    expect(sizes).toEqual([11, 12, 12, 0])
    expect(json(await send(url + fips, { headers: key }))).toEqual({ flexible_ips: [], total_count: 0 })
  })

  test('of the fault gzip is compressed, also for a client that does not accept it', async () => {
    const { url, key, emulator } = await served()
    emulator.addFault({ fault: 'gzip' })
    const { headers, body } = await send(url + fips, { headers: key })
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', 'content-length': String(body.length) })
    expect(JSON.parse(gunzipSync(body).toString())).toEqual({ flexible_ips: [], total_count: 0 })
    expect(await (await fetch(url + fips, { headers: key })).json()).toEqual({ flexible_ips: [], total_count: 0 })
  })
})

test('servers are created, read, listed and deleted over the Elastic Metal API, and flexible IPs attached to them', async () => {
  const { url, key, call, create, emulator } = await served({ clock: 'manual', timing: { attach: 1000, serverRemoval: 1000, serverDetach: 1000, serverDelete: 1000 } as never })
  const servers = `${url}/baremetal/v1/zones/fr-par-1/servers`
  const made = json(await send(servers, { method: 'POST', headers: key, body: '{"name":"web-1"}' }))
  expect(made).toMatchObject({ name: 'web-1', zone: 'fr-par-1', status: 'delivering' })
  const ready = { ...made, status: 'ready' }
  expect(json(await send(`${servers}/${String(made.id)}`, { headers: key }))).toEqual(ready)
  expect(json(await send(servers, { headers: key }))).toEqual({ servers: [ready], total_count: 1 })
  expect(json(await send(`${url}/baremetal/v1/zones/nl-ams-1/servers`, { headers: key }))).toEqual({ servers: [], total_count: 0 })
  const { id } = (await create()).body
  await call('POST', '/attach', { fips_ids: [id], server_id: made.id })
  emulator.advance(1000)
  expect((await call('GET', `/${id}`)).body).toMatchObject({ status: 'attached', server_id: made.id })
  expect((await send(`${servers}/${String(made.id)}`, { method: 'DELETE', headers: key })).status).toBe(200)
  emulator.advance(10_000)
  expect((await call('GET', `/${id}`)).body).toMatchObject({ status: 'ready', server_id: null })
  expect((await send(`${servers}/${String(made.id)}`, { headers: key })).status).toBe(404)
})

describe.each([
  ['a page of this machine', {}, 'http://localhost:5173'],
  ['a page of another machine, with a secret key that was set,', { secretKey: 'a-key-of-mine' }, 'http://console.example'],
])('%s', (_, options, Origin) => {
  const origin = { Origin }

  test('may send any method and header', async () => {
    const { url } = await served(options)
    const preflight = { ...origin, 'Access-Control-Request-Method': 'PATCH', 'Access-Control-Request-Headers': 'x-auth-token,content-type', 'Access-Control-Request-Private-Network': 'true' }
    const { status, headers } = await send(url + fips, { method: 'OPTIONS', headers: preflight })
    expect(status).toBe(204)
    expect(headers).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, POST, PATCH, PUT, DELETE',
      'access-control-allow-headers': 'x-auth-token,content-type',
      'access-control-allow-private-network': 'true',
    })
  })

  test('may read responses and refusals, with their request ids', async () => {
    const { url, key } = await served(options)
    for (const headers of [{ ...origin, ...key }, origin]) {
      expect((await send(url + fips, { headers })).headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-expose-headers': expect.stringContaining('X-Request-Id') as string,
      })
    }
  })
})

describe('with the secret key of the seed, a request is refused before the API sees it', () => {
  test.each<[string, Record<string, string>]>([
    ['from a page of another machine', { Origin: 'http://console.example' }],
    ['from a page whose host begins like a loopback address', { Origin: 'http://127.0.0.1.example' }],
    ['from a page with an opaque origin', { Origin: 'null' }],
    ['from a page, as an image', { 'Sec-Fetch-Site': 'cross-site' }],
    ['for another host', { Host: 'elsewhere.example' }],
    ['for a host that begins like a loopback address', { Host: '127.0.0.1.example:4010' }],
  ])('%s', async (_, headers) => {
    const { url, key, emulator } = await served({ requireToken: false })
    const refused = await send(url + fips, { headers: { ...key, ...headers } })
    expect([refused.status, json(refused).type, refused.headers['access-control-allow-origin']]).toEqual([401, 'denied_authentication', undefined])
    const preflight = { 'Access-Control-Request-Method': 'POST', ...headers }
    expect((await send(url + fips, { method: 'OPTIONS', headers: preflight })).status).toBe(401)
    expect(emulator.journal).toEqual([])
  })

  test.each([
    ['without Host', `GET ${fips} HTTP/1.0\r\n\r\n`],
    ['with two Hosts', `GET ${fips} HTTP/1.1\r\nHost: localhost\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n`],
    ['for another host in its target', `GET http://elsewhere.example${fips} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`],
  ])('%s', async (_, text) => {
    const { url } = await served({ requireToken: false })
    expect(await sendRaw(url, text)).toMatch(/^HTTP\/1\.1 401 /)
  })
})

describe('a limit', () => {
  test('on the body refuses a larger one with 413, with and without Content-Length', async () => {
    const { url, key, emulator } = await served({ limits: { bodyBytes: 1000 } })
    const body = JSON.stringify({ description: 'x'.repeat(1000) })
    expect((await send(url + fips, { method: 'POST', headers: key, body })).status).toBe(413)
    const chunks = `POST ${fips} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n${'x'.repeat(1001)}\r\n`
    expect(await sendRaw(url, chunks)).toMatch(/^HTTP\/1\.1 413 .*Connection: close/s)
    expect(emulator.journal).toEqual([])
  })

  test('on the head refuses a larger one with 431', async () => {
    const { url, key } = await served({ limits: { headBytes: 2000 } })
    expect((await send(url + fips, { headers: { ...key, 'X-Long': 'x'.repeat(3000) } })).status).toBe(431)
  })

  test('on the number of headers refuses more with 431, which Node would leave out', async () => {
    const { url, key, emulator } = await served()
    const flood = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, number) => [`x${number}`, '']))
    // Host, User-Agent, X-Auth-Token and Connection are headers too.
    expect((await send(url + fips, { headers: { ...key, ...flood(196) } })).status).toBe(200)
    expect((await send(url + fips, { headers: { ...key, ...flood(197) } })).status).toBe(431)
    const lines = Object.keys(flood(1500)).map((name) => `${name}:\r\n`).join('')
    for (const path of [fips, '/_emulator/reset', '/_emulator/health']) {
      const text = `POST ${path} HTTP/1.1\r\nUser-Agent: x\r\n${lines}Host: elsewhere.example\r\nOrigin: null\r\nConnection: close\r\n\r\n`
      expect(await sendRaw(url, text), path).toMatch(/^HTTP\/1\.1 431 /)
    }
    expect(emulator.journal).toHaveLength(1)
  })

  test('on the bodies of all requests together refuses more with 503, and frees what a body took', async () => {
    const { url, key } = await served({ limits: { openBodyBytes: 1000 } })
    const { hostname, port } = new URL(url)
    const first = connect(Number(port), hostname)
    first.write(`POST ${fips} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999\r\n\r\n${'x'.repeat(900)}`)
    const body = 'x'.repeat(200)
    for (;;) if ((await send(url + fips, { method: 'POST', headers: key, body })).status === 503) break
    const answered = once(first, 'data')
    first.write('x'.repeat(99))
    await answered
    first.destroy()
    expect((await send(url + fips, { method: 'POST', headers: key, body })).status).toBe(400)
  })

  test.each([
    [{ bodyBytes: NaN }, /limits\.bodyBytes must be a whole number from 1; found NaN/],
    [{ headers: 0 }, /limits\.headers .*found 0/],
    [{ bodyByte: 1 } as object, /there is no limit bodyByte; there are bodyBytes/],
  ])('%j that would not limit anything is refused', async (limits, message) => {
    await expect(serveEmulator({ limits })).rejects.toThrow(message)
  })

  test('on the time to send a request ends a slow one with 408', async () => {
    const { url } = await served({ limits: { headMs: 1, requestMs: 1 } })
    expect(await sendRaw(url, `GET ${fips} HTTP/1.1\r\nHost: localhost\r\n`)).toMatch(/^HTTP\/1\.1 408 /)
    expect(await sendRaw(url, `POST ${fips} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{`)).toMatch(/^HTTP\/1\.1 408 /)
  })

  test('on the connections refuses one more, and serves the next one when a connection has closed', async () => {
    const { url, key } = await served({ limits: { connections: 1 } })
    const { hostname, port } = new URL(url)
    const first = connect(Number(port), hostname)
    await new Promise((resolve) => first.once('connect', resolve))
    // The first connection counts once it has received a response.
    first.write(`GET /_emulator/health HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    await new Promise((resolve) => first.once('data', resolve))
    await expect(send(url + fips, { headers: key, agent: false })).rejects.toThrow()
    const closed = new Promise((resolve) => first.once('close', resolve))
    first.destroy()
    await closed
    for (;;) {
      const response = await send(url + fips, { headers: key, agent: false }).catch(() => undefined)
      if (response) return expect(response.status).toBe(200)
    }
  })
})

test('text that is not HTTP is refused with 400, and the server continues', async () => {
  const { url, key } = await served()
  expect(await sendRaw(url, 'what is this\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
  expect((await send(url + fips, { headers: key })).status).toBe(200)
})

test('a client that disconnects within its body does not affect the next one', async () => {
  const { url, key, emulator } = await served()
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(`POST ${fips} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{`)
  await new Promise((resolve) => socket.once('connect', resolve))
  socket.destroy()
  expect((await send(url + fips, { headers: key })).status).toBe(200)
  expect(emulator.journal).toHaveLength(1)
})

describe('a fault', () => {
  test.each(['dropBefore', 'dropAfter'] as const)('%s closes the connection without a byte of a response', async (fault) => {
    const { url, emulator } = await served()
    emulator.addFault({ fault })
    expect(await sendRaw(url, `GET ${fips} HTTP/1.1\r\nHost: localhost\r\n\r\n`)).toBe('')
  })

  test.each(['resetBefore', 'resetAfter'] as const)('%s resets the connection, which a drop only closes', async (fault) => {
    const { url, emulator } = await served()
    const outcomeOf = (kind: Fault) => {
      emulator.clearFaults()
      emulator.addFault({ fault: kind })
      const { hostname, port } = new URL(url)
      const socket = connect(Number(port), hostname)
      socket.write(`GET ${fips} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
      return new Promise((resolve) => socket.resume().on('end', () => resolve('closed')).on('error', ({ code }: NodeJS.ErrnoException) => resolve(code)))
    }
    expect(await outcomeOf(fault)).toBe('ECONNRESET')
    expect(await outcomeOf('dropBefore')).toBe('closed')
  })

  test('that drips sends the head and the pieces one after the other, and stops when the client disconnects', async () => {
    const { url, emulator } = await served({ clock: 'manual' })
    emulator.addFault({ fault: { drip: { pieces: 5, overMs: 500 } } })
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    let received = ''
    const receive = async (expected: RegExp) => {
      while (!expected.test(received)) received += String((await once(socket, 'data'))[0])
    }
    socket.write(`GET ${fips} HTTP/1.1\r\nHost: localhost\r\nX-Auth-Token: ${emulator.secretKey}\r\n\r\n`)
    await receive(/Content-Length: 35\r\n.*\r\n\r\n$/s)
    emulator.advance(100)
    await receive(/\r\n\r\n\{"flexi$/)
    emulator.advance(399)
    await receive(/"total_co$/)
    emulator.advance(1)
    await receive(/unt":0\}\s*$/)
    socket.write(`GET ${fips} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    await once(socket, 'data')
    socket.destroy()
    expect((await send(`${url}/_emulator/health`)).status).toBe(200)
  })

  test('that truncates closes the connection within the body', async () => {
    const { url, key, emulator } = await served()
    emulator.addFault({ fault: { truncate: 7 } })
    expect(await send(url + fips, { headers: key })).toMatchObject({ status: 200, cut: true, body: Buffer.from('{"flexi') })
  })

  test('that delays waits for the emulator’s clock, and stops waiting when the client disconnects', async () => {
    const { url, key, emulator } = await served({ clock: 'manual' })
    emulator.addFault({ fault: { delay: 60_000 } })
    const { hostname, port } = new URL(url)
    const leaving = connect(Number(port), hostname)
    leaving.write(`GET ${fips} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    const pending = send(url + fips, { headers: key })
    while (emulator.journal.length < 2) await send(`${url}/_emulator/health`)
    leaving.destroy()
    emulator.advance(60_000)
    expect((await pending).status).toBe(200)
  })

  test('does not affect other connections', async () => {
    const { url, key, emulator } = await served()
    emulator.addFault({ nth: 3, fault: 'dropAfter' })
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => send(url + fips, { headers: key }).then(({ status }) => status, () => 'broken')))
    expect(outcomes.sort()).toEqual([200, 200, 200, 200, 200, 'broken'])
  })
})

describe('serveEmulator', () => {
  test.each([-1, 65_536, 1.5, NaN])('refuses the port %d', async (port) => {
    await expect(serveEmulator({ port })).rejects.toThrow(ConfigurationError)
  })

  test.each(['', ' ', 'nowhere.invalid', null as never])('refuses the host %j', async (host) => {
    await expect(serveEmulator({ host })).rejects.toThrow(/host must be an address or a name of this machine/)
  })

  test('refuses a host that other machines can reach, unless a secret key was set that does not follow from the seed', async () => {
    const { emulator } = await served()
    for (const host of ['0.0.0.0', '::']) {
      for (const secretKey of [undefined, emulator.secretKey]) {
        await expect(serveEmulator({ host, ...(secretKey && { secretKey }) })).rejects.toThrow(/the secret key is public/)
      }
      await served({ host, secretKey: 'a-key-of-mine' })
    }
  })

  test.each(['', 'abc', 'line\nbreak', 'é'.repeat(8)])('refuses the secret key %j', async (secretKey) => {
    await expect(serveEmulator({ secretKey })).rejects.toThrow(/secretKey must have 4 or more visible ASCII characters/)
    await expect(serveEmulator({ sessionToken: secretKey })).rejects.toThrow(/sessionToken must have/)
  })

  test('refuses a snapshot of over 500,000,000 bytes with a sentence that has both numbers, before it arrives', async () => {
    const { url } = await served()
    const received = await sendRaw(url, 'PUT /_emulator/snapshot HTTP/1.1\r\nHost: localhost\r\nUser-Agent: flexip-tests\r\nConnection: close\r\nContent-Length: 500000001\r\n\r\n')
    expect(received).toMatch(/^HTTP\/1\.1 413 /)
    expect(received).toContain('the body of the request has 500000001 bytes; allowed are at most 500000000')
  })

  test('rejects with a typed error that names the port when it is in use', async () => {
    const { url } = await served()
    const port = Number(new URL(url).port)
    const refused = await serveEmulator({ port }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(ConfigurationError)
    expect(refused).toMatchObject({ message: `port ${port} of 127.0.0.1 cannot be listened on: it is in use by another program; name another, or 0 for a free one (EADDRINUSE)`, cause: { code: 'EADDRINUSE' } })
  })

  test('waits for open requests when it closes, and accepts no new connections', async () => {
    const { url, key, emulator, close } = await served({ clock: 'manual' })
    emulator.addFault({ nth: 1, fault: { delay: 1000 } })
    const pending = send(url + fips, { headers: key })
    while (emulator.journal.length < 1) await send(`${url}/_emulator/health`)
    const closed = close()
    await expect(send(url + fips, { headers: key, agent: false })).rejects.toThrow(/ECONNREFUSED/)
    emulator.advance(1000)
    const { status, headers } = await pending
    expect([status, headers.connection]).toEqual([200, 'close'])
    await closed
  })

  test('does not wait for the connection of a client whose response was under way', async () => {
    const { url, emulator, close } = await served({ clock: 'manual' })
    emulator.addFault({ fault: { drip: { pieces: 2, overMs: 100 } } })
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    let received = ''
    socket.on('data', (part) => (received += part.toString()))
    socket.write(`GET ${fips} HTTP/1.1\r\nHost: localhost\r\nX-Auth-Token: ${emulator.secretKey}\r\n\r\n`)
    while (!received.endsWith('\r\n\r\n')) await once(socket, 'data')
    // It would end after this time, in days.
    const closed = close(2 ** 31 - 1)
    const ended = once(socket, 'close')
    emulator.advance(100)
    await closed
    await ended
    expect(received).toMatch(/\{"flexible_ips":\[\],"total_count":0\}\s*$/)
  })

  test('closes the connections that are open after the grace time', async () => {
    const { url, key, emulator, close } = await served({ clock: 'manual' })
    emulator.addFault({ fault: { delay: 1000 } })
    const pending = send(url + fips, { headers: key })
    pending.catch(() => undefined)
    while (emulator.journal.length < 1) await send(`${url}/_emulator/health`)
    await close(0)
    await expect(pending).rejects.toThrow(/socket hang up|ECONNRESET/)
  })

  test.each([Infinity, NaN, -1, 1.5, 2 ** 31, '5' as never])('refuses %o as a grace time, and goes on', async (graceMs) => {
    const { url, key, close } = await served()
    await expect(close(graceMs)).rejects.toThrow(/graceMs must be a whole number of milliseconds from 0 to 2147483647; found /)
    expect((await send(url + fips, { headers: key })).status).toBe(200)
  })

  test('listens on IPv6 addresses', async () => {
    const { url, key } = await served({ host: '::1' })
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/)
    expect((await send(url + fips, { headers: key })).status).toBe(200)
  })
})

test('the headers of a fault replace those of every response, and those for pages, on the port', async () => {
  const server = await serveEmulator()
  onTestFinished(() => server.close(0))
  server.emulator.addFault({ fault: { status: { status: 200, body: 'hi', headers: { Date: 'Thu, 01 Jan 2026 00:00:00 GMT', 'content-type': 'text/html', server: 'me', 'Access-Control-Allow-Origin': 'http://localhost:1' } } } })
  const response = await fetch(`${server.url}/flexible-ip/v1alpha1/zones/fr-par-1/fips`, { headers: { Origin: 'http://localhost:1', Connection: 'close' } })
  expect(['date', 'content-type', 'server', 'access-control-allow-origin', 'content-length'].map((name) => response.headers.get(name))).toEqual(['Thu, 01 Jan 2026 00:00:00 GMT', 'text/html', 'me', 'http://localhost:1', '2'])
  expect(await response.text()).toBe('hi')
})
