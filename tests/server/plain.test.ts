// Plain requests, which are served without node:http: they are read as node:http reads them, and answered with the same bytes.
import { once } from 'node:events'
import { type IncomingMessage, type Server, createServer } from 'node:http'
import { type AddressInfo, type Socket, connect } from 'node:net'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type EmulatorOptions, FlexibleIpEmulator } from '../../js/emulator.js'
import { hostOf } from '../../js/emulator/internals.js'
import { Access } from '../../js/server/access.js'
import { BodyBudget } from '../../js/server/body.js'
import { createHttpServer } from '../../js/server/http.js'
import { PlainConnections } from '../../js/server/plain-connections.js'
import { readPlainRequest } from '../../js/server/plain-request.js'
import { StateError } from '../../js/server/store/error.js'

const limits = { bodyBytes: 2 ** 20, openBodyBytes: 2 ** 26, controlBodyBytes: 2 ** 20, headBytes: 2 ** 14, headers: 200, headMs: 10_000, requestMs: 30_000, connections: 100 }
const fips = '/flexible-ip/v1alpha1/zones/fr-par-1/fips'

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return (server.address() as AddressInfo).port
}

/** A connection of a client. `receive` resolves with all that is received, once it matches. */
class Client {
  readonly socket: Socket
  received = ''
  readonly #closed: Promise<void>

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1')
    this.socket.on('data', (part) => (this.received += part.toString('latin1')))
    this.socket.on('error', () => undefined)
    this.#closed = new Promise((resolve) => this.socket.on('close', () => resolve()))
  }

  write(text: string): this {
    this.socket.write(text, 'latin1')
    return this
  }

  async receive(expected: RegExp): Promise<string> {
    while (!expected.test(this.received)) await once(this.socket, 'data')
    const all = this.received
    this.received = ''
    return all
  }

  async all(): Promise<string> {
    await this.#closed
    return this.received
  }
}

async function served({ whenDurable = () => undefined, ...options }: EmulatorOptions & { whenDurable?: () => Promise<void> | undefined } = {}) {
  const emulator = new FlexibleIpEmulator(options)
  const { server, closeIdle, closeAll } = createHttpServer({ emulator, limits, version: '0', whenDurable })
  onTestFinished(closeAll)
  const port = await listen(server)
  let byHttp = 0
  server.on('request', () => byHttp++)
  const text = (method: string, target: string, { body = '', more = '' } = {}) =>
    `${method} ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Auth-Token: ${emulator.secretKey}\r\n${more}${body && `Content-Length: ${Buffer.byteLength(body)}\r\n`}\r\n${body}`
  return { emulator, server, closeIdle, text, client: () => new Client(port), byHttp: () => byHttp }
}

/** A response without what differs between two responses to the same request. */
const withoutIds = (response: string) => response.replace(/X-Request-Id: \S+/, '').replace(/"updated_at":"[^"]+"/, '')

const complete = /\r\n\r\n.*\}$|^HTTP\/1\.1 204 .*\r\n\r\n$/s
const listed = /\r\n\r\n\{"flexible_ips":\[\],"total_count":0\}$/

describe('what is read as a plain request', () => {
  const lines = ['Host: localhost', 'Host: 127.0.0.1:80', 'X-Auth-Token: key', 'Accept: a, b;q=0.5', 'Content-Length: 2', 'content-length: 0', 'Content-Length: 02', 'Connection: keep-alive', 'connection: Keep-Alive', 'Connection: close', 'Transfer-Encoding: chunked', 'Expect: 100-continue', 'Upgrade: x', 'Trailer: x', 'X:y', 'X: ', ' X: y', 'X : y', 'X_y: (z) "é"', 'Proxy-Connection: close']
  const request = fc.record({
    method: fc.constantFrom('GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'get', 'CONNECT'),
    target: fc.constantFrom('/', '/a?b=c%20d', '/a b', '//x', '/a#b', 'http://localhost/a', '*', '/é', '/_emulator/health'),
    version: fc.constantFrom('1.1', '1.1', '1.1', '1.0', '2.0'),
    lines: fc.array(fc.constantFrom(...lines), { maxLength: 6 }),
    body: fc.constantFrom('', '', '{}', '0\r\n\r\n', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  })
  const plain = fc.record({ method: fc.constantFrom('GET', 'PATCH'), target: fc.constant('/a?b'), version: fc.constant('1.1'), lines: fc.shuffledSubarray(lines.slice(2, 4)).map((some) => ['Host: localhost', 'Content-Length: 2', ...some]), body: fc.constant('{}') })
  /** A place in the text, and what stands there instead of some characters. */
  const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), removed: fc.nat(2), added: fc.constantFrom('', '\r', '\n', '\r\n', ' ', '\t', ':', '\0', ',', '\x7f', 'é', '0', '-', '_', '/') })
  const bytes = fc.tuple(fc.oneof(request, plain), fc.oneof(fc.constant([]), fc.array(change, { maxLength: 2 }))).map(([{ method, target, version, lines, body }, changes]) => {
    let text = `${method} ${target} HTTP/${version}\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n${body}`
    for (const { at, removed, added } of changes) {
      const place = Math.floor(at * text.length)
      text = text.slice(0, place) + added + text.slice(place + removed)
    }
    return Buffer.from(text, 'latin1')
  })

  test('is read by node:http as the same request, and as no other one', async () => {
    let requests: Promise<object>[] = []
    const read = async (request: IncomingMessage) => {
      const parts: Buffer[] = []
      for await (const part of request) parts.push(part as Buffer)
      return { method: request.method, target: request.url, head: request.rawHeaders.join('\n'), body: Buffer.concat(parts).toString('latin1') }
    }
    const server = createServer((request, response) => {
      requests.push(read(request))
      response.end()
    })
    const port = await listen(server)
    let count = 0
    await fc.assert(
      fc.asyncProperty(bytes, async (bytes) => {
        const plain = readPlainRequest(bytes, limits)
        if (!plain) return
        count++
        requests = []
        const client = new Client(port)
        client.socket.end(bytes)
        await client.all()
        const { method, target, host, body, headLength } = plain
        const lines = bytes.toString('latin1', 0, headLength).split('\r\n').slice(1, -1)
        const head = lines.flatMap((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)])
        expect(await Promise.all(requests)).toEqual([{ method, target, head: head.join('\n'), body: Buffer.from(body).toString('latin1') }])
        expect(head).toContain(host)
      }),
      { numRuns: 2000 },
    )
    expect(count).toBeGreaterThan(200)
  })

  test.each([
    ['without Host', 'GET / HTTP/1.1\r\nAccept: x\r\n\r\n'],
    ['with two Hosts', 'GET / HTTP/1.1\r\nHost: localhost\r\nhost: localhost\r\n\r\n'],
    ['of a page', 'GET / HTTP/1.1\r\nHost: localhost\r\norigin: http://localhost\r\n\r\n'],
    ['of a page, by its other sign', 'GET / HTTP/1.1\r\nHost: localhost\r\nSEC-FETCH-SITE: same-origin\r\n\r\n'],
    ['that controls the emulator', 'POST /_emulator/reset HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    ['with a part of its body', 'PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\n{}'],
    ['with more than its body', 'PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\n{}'],
    ['with two lengths', 'PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}'],
    ['in chunks', 'PUT / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n'],
    ['that is the last of its connection', 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'],
    ['with a head over the limit', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(200)}\r\n\r\n`],
    ['with too many headers', `GET / HTTP/1.1\r\nHost: localhost\r\n${'X: y\r\n'.repeat(9)}\r\n`],
    ['with a body over the limit', `PUT / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{       }`],
  ])('is not one %s', (_, text) => {
    expect(readPlainRequest(Buffer.from(text), { headBytes: 200, headers: 9, bodyBytes: 8 })).toBeUndefined()
  })
})

test('the response to a plain request has the same bytes as that by node:http', async () => {
  const { emulator, text, client, byHttp } = await served({ clock: 'manual' })
  const [plain, other] = [client(), client()]
  const both = async (method: string, target: string, body = ''): Promise<string> => {
    const bytes = async (connection: Client, line: string) => withoutIds(await connection.write(text(method, target, { body, more: line })).receive(complete))
    const one = await bytes(plain, '')
    expect(one).toBe(await bytes(other, 'X:\r\n'))
    return one
  }
  emulator.addServer({ zone: 'fr-par-1' })
  expect(await both('GET', fips)).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\r\nKeep-Alive: timeout=60\r\n\r\n\{/s)
  const create = text('POST', fips, { body: JSON.stringify({ project_id: emulator.projectId, description: 'é😀' }) })
  const { id } = JSON.parse((await plain.write(Buffer.from(create).toString('latin1')).receive(complete)).split('\r\n\r\n')[1] ?? '') as { id: string }
  expect(Buffer.from(await both('PATCH', `${fips}/${id}`, '{"tags":["a"]}'), 'latin1').toString()).toContain('é😀')
  expect(await both('PUT', fips, '{')).toMatch(/^HTTP\/1\.1 501 /)
  expect(await both('POST', fips, '{')).toMatch(/^HTTP\/1\.1 400 /)
  expect(await both('DELETE', `${fips}/${emulator.projectId}`)).toMatch(/^HTTP\/1\.1 40[34] /)
  const removed = [plain, other].map(async (connection, at) => {
    const line = at === 0 ? '' : 'X:\r\n'
    const created = await connection.write(text('POST', fips, { body: JSON.stringify({ project_id: emulator.projectId }), more: line })).receive(complete)
    return connection.write(text('DELETE', `${fips}/${(JSON.parse(created.split('\r\n\r\n')[1] ?? '') as { id: string }).id}`, { more: line })).receive(complete)
  })
  const [one = '', two = ''] = (await Promise.all(removed)).map(withoutIds)
  expect(one).toBe(two)
  expect(one).toMatch(/^HTTP\/1\.1 204 No Content\r\n/)
  expect(one).not.toMatch(/Content-Length/)
  // Those of the other connection only.
  expect(byHttp()).toBe(7)
})

test('a refusal of each status has the same bytes as that by node:http', async () => {
  const { emulator, text, client } = await served({ clock: 'manual', timing: 'recorded' })
  const [plain, other] = [client(), client()]
  const { id: serverId } = emulator.addServer({ zone: 'fr-par-1' })
  const create = async () => {
    const created = await plain.write(text('POST', fips, { body: JSON.stringify({ project_id: emulator.projectId }) })).receive(complete)
    return (JSON.parse(created.split('\r\n\r\n')[1] ?? '') as { id: string }).id
  }
  const [one, two, three, locked] = [await create(), await create(), await create(), await create()]
  emulator.forceStatus(locked, 'locked')
  const attach = (...ids: string[]) => JSON.stringify({ fips_ids: ids, server_id: serverId })
  await plain.write(text('POST', `${fips}/attach`, { body: attach(one) })).receive(complete)
  const requests: [status: number, method: string, target: string, body?: string, more?: string][] = [
    [400, 'GET', `${fips}?page=abc`],
    [401, 'GET', fips, '', 'x-auth-token: other\r\n'],
    [403, 'GET', `${fips}/${emulator.projectId}`],
    [404, 'POST', `${fips}/${emulator.projectId}/mac`, '{"mac_type":"kvm"}'],
    [409, 'POST', `${fips}/${one}/mac`, '{"mac_type":"kvm"}'],
    [412, 'POST', `${fips}/attach`, attach(two, three)],
    [423, 'PATCH', `${fips}/${locked}`, '{"tags":[]}'],
    [501, 'GET', '/nowhere'],
  ]
  for (const [status, method, target, body = '', more = ''] of requests) {
    const bytes = async (connection: Client, line: string) => {
      const request = text(method, target, { body, more: more + line })
      return withoutIds(await connection.write(status === 401 ? request.replace(/X-Auth-Token: .*\r\n/, '') : request).receive(complete))
    }
    const response = await bytes(plain, '')
    expect(response.slice(0, 13)).toBe(`HTTP/1.1 ${status} `)
    expect(response).toBe(await bytes(other, 'X:\r\n'))
  }
})

test('a header without a value counts on the port as in the process, wherever it stands', async () => {
  const { emulator, client, text } = await served({ clock: 'manual' })
  const bodyOf = (response: string) => response.split('\r\n\r\n')[1]
  for (const name of ['X-Auth-Token', 'X-Session-Token', 'X-Note']) {
    const inProcess = await (await emulator.fetch(fips, { headers: { [name]: '' } })).text()
    for (const lines of [`${name}:\r\n`, `${name}: \r\n`, `${name}:\r\nX-Other: y\r\n`, `User-Agent: Mozilla/5.0\r\n${name}:\r\n`]) {
      const response = await client().write(text('GET', fips, { more: lines }).replace(/X-Auth-Token: .*\r\n/, '')).receive(complete)
      expect(bodyOf(response), lines).toBe(inProcess)
      expect(emulator.journal.at(-1)?.headers.map(([header]) => header), lines).toContain(name)
    }
  }
})

test('the journal has the same of a plain request as of one by node:http', async () => {
  const { emulator, text, client } = await served({ clock: 'manual' })
  const body = JSON.stringify({ project_id: emulator.projectId, description: 'é😀', tags: [emulator.secretKey] })
  for (const line of ['', 'X:\r\n']) {
    const request = text('POST', `${fips}?a=b%20c`, { body, more: `X-Note: a: b,  c\r\nAuthorization: Bearer ${emulator.secretKey}\r\n${line}` })
    await client().write(Buffer.from(request).toString('latin1')).receive(complete)
  }
  const [plain, other] = emulator.journal.map(({ headers, ...rest }) => ({ ...rest, headers: headers.filter(([name]) => name !== 'X'), number: 0, requestId: '' }))
  expect(plain).toEqual(other)
  expect(plain).toMatchObject({ target: `${fips}?a=b%20c`, body: expect.stringContaining('é😀') as string })
  expect(plain?.headers).toContainEqual(['X-Note', 'a: b,  c'])
})

describe('a connection with plain requests', () => {
  test('goes on with node:http from the first other request on, and loses none', async () => {
    const { emulator, text, client, byHttp } = await served()
    const connection = client()
    const get = text('GET', fips)
    await connection.write(get).receive(listed)
    expect(byHttp()).toBe(0)
    // Two at once, of which the second ends later.
    connection.write(get + get.slice(0, 20))
    await connection.receive(listed)
    await connection.write(get.slice(20)).receive(listed)
    await connection.write(text('GET', fips, { more: 'Origin: http://localhost\r\n' })).receive(/^Access-Control-Allow-Origin: \*\r\n.*\}$/ms)
    await connection.write(get).receive(/\}$/)
    expect([byHttp(), emulator.journal.length]).toEqual([4, 5])
  })

  test('is refused from the first request for another host on', async () => {
    const { text, client } = await served()
    const connection = client()
    await connection.write(text('GET', fips)).receive(listed)
    const foreign = text('GET', fips).replace(/Host: .*/, 'Host: elsewhere.example')
    expect(await connection.write(foreign).receive(complete)).toMatch(/^HTTP\/1\.1 401 /)
  })

  test('has the faults that were added since', async () => {
    const { emulator, text, client } = await served()
    const connection = client()
    await connection.write(text('GET', fips)).receive(listed)
    emulator.addFault({ fault: 'dropBefore' })
    expect(await connection.write(text('GET', fips)).all()).toBe('')
  })

  test.each([
    ['a plain request', ''],
    ['another one', 'X:\r\n'],
  ])('of which the client ends its side after %s gets the response, and is closed', async (_, more) => {
    const { text, client } = await served()
    const connection = client()
    connection.socket.end(text('GET', fips, { more }))
    expect(await connection.all()).toMatch(listed)
  })

  test.each(['a rule of another zone', 'Connection: close', 'a delay'])('that waits for the disk or a delay gets its response after the client has ended its side: with %s', async (kind) => {
    const { emulator, text, client, byHttp } = await served({ whenDurable: () => new Promise((resolve) => setImmediate(resolve)) })
    if (kind === 'a rule of another zone') emulator.addFault({ zone: 'nl-ams-1', fault: 'rateLimit' })
    if (kind === 'a delay') emulator.addFault({ fault: { delay: 20 } })
    const connection = client()
    connection.socket.end(text('POST', fips, { body: JSON.stringify({ project_id: emulator.projectId }), more: kind === 'Connection: close' ? 'Connection: close\r\n' : '' }))
    expect(await connection.all()).toMatch(/^HTTP\/1\.1 200 /)
    expect(byHttp()).toBe(1)
  })

  test('gets every response in order, however many requests are sent before the first is read', async () => {
    const { text, client } = await served({ population: { 'fr-par-1': 100 } as never })
    const connection = client()
    connection.socket.pause()
    const numbers = Array.from({ length: 300 }, (_, number) => number % 100)
    for (const number of numbers) connection.write(text('GET', `${fips}?page_size=1&page=${number + 1}`))
    connection.socket.end(text('GET', `${fips}?page_size=1`, { more: 'Connection: close\r\n' }))
    connection.socket.resume()
    const addresses = [...(await connection.all()).matchAll(/"ip_address":"([^"]+)"/g)].map(([, address]) => address)
    const page = addresses.slice(0, 100)
    expect(new Set(page).size).toBe(100)
    expect(addresses).toEqual([...page, ...page, ...page, page[0]])
  })
})

describe('requests that are sent before the responses to earlier ones', () => {
  const kinds = ['plain', 'of a browser', 'in chunks'] as const

  test.each(kinds.flatMap((first) => (['plain', 'of a browser'] as const).map((second) => [first, second] as const)))('are done in their order: a create that is %s, and a list that is %s', async (first, second) => {
    for (const pieces of ['at once', 'in two parts']) {
      const { emulator, text, client, byHttp } = await served()
      const body = JSON.stringify({ project_id: emulator.projectId })
      const browser = { more: 'User-Agent: Mozilla/5.0\r\n' }
      const chunked = text('POST', fips, { more: 'Transfer-Encoding: chunked\r\n' }) + `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`
      const create = first === 'in chunks' ? chunked : text('POST', fips, { body, ...(first === 'of a browser' && browser) })
      const list = text('GET', `${fips}?page_size=1`, second === 'of a browser' ? browser : {})
      const change = text('PUT', '/_emulator/timing', { body: '{}' })
      const all = create + list + create + list + change + list
      const connection = client()
      if (pieces === 'at once') connection.write(all)
      else {
        connection.write(all.slice(0, create.length - 5))
        while (byHttp() === 0) await new Promise(setImmediate)
        connection.write(all.slice(create.length - 5))
      }
      const received = await connection.receive(/(?:"total_count".*){3}$/s)
      expect(emulator.journal.map(({ method }) => method)).toEqual(['POST', 'GET', 'POST', 'GET', 'GET'])
      expect([...received.matchAll(/"total_count":(\d)/g)].map(([, count]) => count)).toEqual(['1', '2', '2'])
    }
  })

  test('are done although responses before them are delayed, and those are sent in their order', async () => {
    const { emulator, text, client } = await served({ clock: 'manual' })
    emulator.addFault({ operation: 'createFlexibleIP', fault: { delay: 1000 } })
    const connection = client().write(text('POST', fips, { body: JSON.stringify({ project_id: emulator.projectId }) }) + text('GET', fips))
    while (emulator.journal.length < 2) await new Promise(setImmediate)
    expect(emulator.journal.map(({ method }) => method)).toEqual(['POST', 'GET'])
    expect(connection.received).toBe('')
    emulator.advance(1000)
    expect(await connection.receive(/"total_count":1\}$/)).toMatch(/^HTTP\/1.1 200 .*"ip_address".*HTTP\/1.1 200 .*"total_count":1\}$/s)
  })

  test('are done after one with a body that is refused', async () => {
    const { emulator, text, client } = await served()
    const tooLong = text('POST', fips, { more: 'Transfer-Encoding: chunked\r\n' }) + `100001\r\n${'x'.repeat(0x10_0001)}\r\n0\r\n\r\n`
    const received = await client().write(text('POST', fips, { body: '{' }) + text('GET', fips) + tooLong).receive(/ 413 .*\}$/s)
    expect(received).toMatch(/^HTTP\/1.1 400 .*HTTP\/1.1 200 .*HTTP\/1.1 413 /s)
    expect(emulator.journal.map(({ method }) => method)).toEqual(['POST', 'GET'])
  })
})

describe('a request that cannot be read', () => {
  const good = { plain: '', browser: 'User-Agent: Mozilla/5.0\r\n' }
  const cases: [name: string, text: string, status: number][] = [
    ['a malformed header', 'GET / HTTP/1.1\r\nX Y: z\r\n\r\n', 400],
    ['no HTTP', 'garbage\r\n\r\n', 400],
    ['two lengths of its body', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}', 400],
    ['a malformed chunk', 'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 400],
    ['a head over the limit', `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ]

  test.each(cases)('is refused for %s, after the responses to those before it', async (_, bad, status) => {
    for (const more of Object.values(good)) {
      const { text, client } = await served()
      expect(await client().write(text('GET', fips, { more }) + bad).all()).toMatch(new RegExp(`^HTTP/1\\.1 200 .*"total_count":0\\}HTTP/1\\.1 ${status} [\\w ]+\\r\\nConnection: close\\r\\n\\r\\n$`, 's'))
      expect(await client().write(bad).all()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\w ]+\\r\\nConnection: close\\r\\n\\r\\n$`))
    }
  })

  test('gets no response behind one that ends the connection', async () => {
    const { emulator, text, client } = await served()
    for (const behind of [text('GET', fips), 'garbage\r\n\r\n', cases[4]?.[1] ?? '']) {
      emulator.clearJournal()
      const received = await client().write(text('GET', fips, { more: 'Connection: close\r\n' }) + behind).all()
      expect([received.match(/HTTP\/1\.1 \d+/g), emulator.journal.length]).toEqual([['HTTP/1.1 200'], 1])
    }
  })

  test('takes no response from one before it that is delayed', async () => {
    const { emulator, text, client } = await served({ clock: 'manual' })
    emulator.addFault({ fault: { delay: 1000 } })
    const connection = client().write(`${text('GET', fips)}garbage\r\n\r\n`)
    while (emulator.journal.length < 1) await new Promise(setImmediate)
    emulator.advance(1000)
    expect(await connection.all()).toMatch(/^HTTP\/1\.1 200 .*"total_count":0\}HTTP\/1\.1 400 Bad Request\r\nConnection: close\r\n\r\n$/s)
  })
})

describe('a response that waits for the disk', () => {
  async function waiting() {
    let settle!: (error?: Error) => void
    const durable = new Promise<void>((resolve, reject) => (settle = (error) => (error ? reject(error) : resolve())))
    const parts = await served({ whenDurable: () => durable })
    const connection = parts.client()
    connection.write(parts.text('GET', fips))
    while (parts.emulator.journal.length < 1) await new Promise(setImmediate)
    return { ...parts, connection, settle }
  }

  test('is not sent before, and a request that arrives meanwhile is answered after it', async () => {
    const { emulator, connection, settle, text } = await waiting()
    connection.write(text('GET', '/nowhere'))
    expect([connection.received, emulator.journal.length]).toEqual(['', 1])
    settle()
    expect(await connection.receive(/HTTP.*HTTP.*\}$/s)).toMatch(/^HTTP\/1\.1 200 .*HTTP\/1\.1 501 /s)
  })

  test('is 500 with the reason if the state cannot be saved', async () => {
    const { connection, settle } = await waiting()
    settle(new StateError('the disk is full'))
    expect(await connection.receive(complete)).toMatch(/^HTTP\/1\.1 500 Internal Server Error\r\nContent-Type: application\/json\r\n.*\{"message":"the disk is full"\}$/s)
  })

  test('is sent when the server closes meanwhile, and is the last one', async () => {
    const { connection, settle, server, closeIdle } = await waiting()
    const closed = new Promise((resolve) => server.close(resolve))
    closeIdle()
    settle()
    expect(await connection.all()).toMatch(/^HTTP\/1\.1 200 .*\r\nConnection: close\r\n.*\{"flexible_ips"/s)
    await closed
  })

  test('is not sent to a client that has left, and others are served', async () => {
    const { connection, settle, client, text } = await waiting()
    connection.socket.destroy()
    await connection.all()
    settle()
    await client().write(text('GET', fips)).receive(listed)
  })
})

test('an idle connection is closed when the server closes, and after its time', async () => {
  const { text, client, server, closeIdle } = await served()
  const connection = client()
  await connection.write(text('GET', fips)).receive(listed)
  const closed = new Promise((resolve) => server.close(resolve))
  closeIdle()
  expect(await connection.all()).toBe('')
  await closed

  const second = await served()
  const accepted = once(second.server, 'connection')
  const silent = second.client()
  await accepted
  const end = new Promise((resolve) => second.server.close(resolve))
  second.closeIdle()
  expect(await silent.all()).toBe('')
  await end

  const host = hostOf(new FlexibleIpEmulator({ requireToken: false } as never))
  const other = createServer()
  void new PlainConnections({ server: other, host, access: new Access(host.core), limits, bodies: new BodyBudget(1000), headMs: 1, keepAliveMs: 1, whenDurable: () => undefined })
  expect(await new Client(await listen(other)).all()).toBe('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n')
})
