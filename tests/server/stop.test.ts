// A stop answers what was accepted: a response whose work is done is sent, also to a client that sends several requests before it reads.
import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { FlexibleIpEmulator } from '../../js/emulator.js'
import { createHttpServer } from '../../js/server/http.js'

const limits = { bodyBytes: 2 ** 20, openBodyBytes: 2 ** 26, controlBodyBytes: 2 ** 20, headBytes: 2 ** 14, headers: 200, headMs: 10_000, requestMs: 30_000, connections: 100 }
const fips = '/flexible-ip/v1alpha1/zones/fr-par-1/fips'

/** An emulator on a port, and one client. `otherLine` is a header with which a request is not a plain one. */
async function served(whenDurable: () => Promise<void> | undefined = () => undefined) {
  const emulator = new FlexibleIpEmulator({ clock: 'manual', population: { 'fr-par-1': 200 } } as never)
  const { server, closeIdle, closeAll } = createHttpServer({ emulator, limits, version: '0', whenDurable })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const { port } = server.address() as { port: number }
  const client = connect(port, '127.0.0.1')
  let received = ''
  client.on('data', (part) => (received += part.toString('latin1')))
  const closed = once(client, 'close')
  onTestFinished(closeAll)
  const text = (method: string, target: string, { body = '', line = '' } = {}) => `${method} ${target} HTTP/1.1\r\nHost: localhost\r\nX-Auth-Token: ${emulator.secretKey}\r\n${line}${body && `Content-Length: ${body.length}\r\n`}\r\n${body}`
  const create = (description: string, line = '') => text('POST', fips, { body: JSON.stringify({ project_id: emulator.projectId, description }), line })
  const whenWorked = async (count: number) => {
    while (emulator.journal.length < count) await new Promise(setImmediate)
  }
  /** What `serveEmulator` does to stop, with each pass of its timer at once. */
  const stop = async () => {
    const stopped = new Promise((resolve) => server.close(resolve))
    let isStopped = false
    void stopped.then(() => (isStopped = true))
    while (!isStopped) {
      closeIdle()
      await new Promise(setImmediate)
    }
  }
  const all = async () => {
    await closed
    return received
  }
  return { emulator, client, socket: (await accepted)[0], text, create, whenWorked, stop, all }
}

const ways = [
  ['plain requests', ''],
  ['requests by node:http', 'X:\r\n'],
] as const

/** The descriptions in the responses, and the number of those that end their connection. */
const read = (responses: string) => ({ descriptions: [...responses.matchAll(/"description":"([^"]+)"/g)].map(([, description]) => description), lasts: responses.match(/Connection: close\r\n/g)?.length, end: responses.slice(-1) })

describe.each(ways)('with %s, at a stop', (_, line) => {
  test.each(['in one packet', 'one after the other'])('requests that were sent %s all get their responses, though the first one waits for the disk', async (how) => {
    let settle!: () => void
    const durable = new Promise<void>((resolve) => (settle = resolve))
    const { emulator, client, socket, create, whenWorked, stop, all } = await served(() => durable)
    const requests = ['one', 'two', 'three'].map((description) => create(description, line))
    if (how === 'in one packet') client.write(requests.join(''))
    else {
      client.write(requests[0] ?? '')
      await whenWorked(1)
      client.write(requests.slice(1).join(''))
    }
    const isHeldBack = line === '' && how === 'one after the other'
    if (isHeldBack) while (socket.bytesRead < requests.join('').length) await new Promise(setImmediate)
    else await whenWorked(3)
    const stopped = stop()
    settle()
    expect(read(await all())).toEqual({ descriptions: ['one', 'two', 'three'], lasts: 1, end: '}' })
    await stopped
    expect(emulator.journal.map(({ status }) => status)).toEqual([200, 200, 200])
  })

  test('a client that does not read yet gets every response as a whole', async () => {
    const { emulator, client, socket, text, stop, whenWorked, all } = await served()
    client.pause()
    let count = 0
    // Until the system takes no more, so that the end of the last response is still in this process.
    do {
      client.write(text('GET', `${fips}?page_size=100`, { line }))
      await whenWorked(Math.min(++count, 1000))
    } while (socket.writableLength === 0)
    const stopped = stop()
    const { bytesRead } = socket
    client.write(text('GET', `${fips}?page_size=100`, { line }))
    while (socket.bytesRead === bytesRead) await new Promise(setImmediate)
    await new Promise(setImmediate)
    client.resume()
    const responses = (await all()).match(/"total_count":200\}/g)?.length
    await stopped
    // The request that arrived during the stop is answered, or no work is done for it.
    expect(responses).toBeGreaterThanOrEqual(count)
    expect(responses).toBe(emulator.journal.length)
  })
})

test('no work is done for a request that arrives behind the last response', async () => {
  let settle!: () => void
  const durable = new Promise<void>((resolve) => (settle = resolve))
  const { emulator, client, socket, text, create, whenWorked, stop, all } = await served(() => (emulator.journal.length === 1 ? durable : undefined))
  const line = 'X:\r\n'
  // The first response waits, and the second one, made during the stop, is the last one.
  client.write(create('one', line))
  await whenWorked(1)
  const stopped = stop()
  client.write(create('two', line))
  await whenWorked(2)
  const { bytesRead } = socket
  client.write(create('three', line) + text('GET', fips, { line }))
  while (socket.bytesRead === bytesRead) await new Promise(setImmediate)
  settle()
  expect(read(await all())).toEqual({ descriptions: ['one', 'two'], lasts: 1, end: '}' })
  await stopped
  expect(emulator.journal.length).toBe(2)
})
