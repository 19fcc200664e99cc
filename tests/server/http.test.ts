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

describe('a page of another origin', () => {
  const origin = { Origin: 'http://console.example' }

  test('may send any method and header', async () => {
    const { url } = await served()
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
    const { url, key } = await served()
    for (const headers of [{ ...origin, ...key }, origin]) {
      expect((await send(url + fips, { headers })).headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-expose-headers': expect.stringContaining('X-Request-Id') as string,
      })
    }
  })
})

describe('a limit', () => {
  test('on the body refuses a larger one with 413, with and without Content-Length', async () => {
    const { url, key, emulator } = await served({ limits: { bodyBytes: 1000 } })
    const body = JSON.stringify({ description: 'x'.repeat(1000) })
    expect((await send(url + fips, { method: 'POST', headers: key, body })).status).toBe(413)
    const chunks = `POST ${fips} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n${'x'.repeat(1001)}\r\n`
    expect(await sendRaw(url, chunks)).toMatch(/^HTTP\/1\.1 413 .*Connection: close/s)
    expect(emulator.journal).toEqual([])
  })

  test('on the head refuses a larger one with 431', async () => {
    const { url, key } = await served({ limits: { headBytes: 2000 } })
    expect((await send(url + fips, { headers: { ...key, 'X-Long': 'x'.repeat(3000) } })).status).toBe(431)
  })

  test('on the time to send a request ends a slow one with 408', async () => {
    const { url } = await served({ limits: { headMs: 1, requestMs: 1 } })
    expect(await sendRaw(url, `GET ${fips} HTTP/1.1\r\nHost: x\r\n`)).toMatch(/^HTTP\/1\.1 408 /)
    expect(await sendRaw(url, `POST ${fips} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{`)).toMatch(/^HTTP\/1\.1 408 /)
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
  socket.write(`POST ${fips} HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{`)
  await new Promise((resolve) => socket.once('connect', resolve))
  socket.destroy()
  expect((await send(url + fips, { headers: key })).status).toBe(200)
  expect(emulator.journal).toHaveLength(1)
})

describe('a fault', () => {
  test.each(['dropBefore', 'dropAfter'] as const)('%s closes the connection without a byte of a response', async (fault) => {
    const { url, emulator } = await served()
    emulator.addFault({ fault })
    expect(await sendRaw(url, `GET ${fips} HTTP/1.1\r\nHost: x\r\n\r\n`)).toBe('')
  })

  test.each(['resetBefore', 'resetAfter'] as const)('%s resets the connection, which a drop only closes', async (fault) => {
    const { url, emulator } = await served()
    const outcomeOf = (kind: Fault) => {
      emulator.clearFaults()
      emulator.addFault({ fault: kind })
      const { hostname, port } = new URL(url)
      const socket = connect(Number(port), hostname)
      socket.write(`GET ${fips} HTTP/1.1\r\nHost: x\r\n\r\n`)
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
    socket.write(`GET ${fips} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${emulator.secretKey}\r\n\r\n`)
    await receive(/Content-Length: 35\r\n.*\r\n\r\n$/s)
    emulator.advance(100)
    await receive(/\r\n\r\n\{"flexi$/)
    emulator.advance(399)
    await receive(/"total_co$/)
    emulator.advance(1)
    await receive(/unt":0\}\s*$/)
    socket.write(`GET ${fips} HTTP/1.1\r\nHost: x\r\n\r\n`)
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
    leaving.write(`GET ${fips} HTTP/1.1\r\nHost: x\r\n\r\n`)
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

  test('rejects with EADDRINUSE when the port is in use', async () => {
    const { url } = await served()
    await expect(serveEmulator({ port: Number(new URL(url).port) })).rejects.toThrow(/EADDRINUSE/)
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

  test('closes the connections that are open after the grace time', async () => {
    const { url, key, emulator, close } = await served({ clock: 'manual' })
    emulator.addFault({ fault: { delay: 1000 } })
    const pending = send(url + fips, { headers: key })
    pending.catch(() => undefined)
    while (emulator.journal.length < 1) await send(`${url}/_emulator/health`)
    await close(0)
    await expect(pending).rejects.toThrow(/socket hang up|ECONNRESET/)
  })

  test('listens on IPv6 addresses', async () => {
    const { url, key } = await served({ host: '::1' })
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/)
    expect((await send(url + fips, { headers: key })).status).toBe(200)
  })
})
