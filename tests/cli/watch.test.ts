// flexip watch, against an emulator on a port, with checks that a test controls.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Fetch } from '../../js/index.js'
import { parseWatched, runCheck } from '../../js/cli/watch/checks.js'
import { linesOf, testIo, world } from './support.js'

const args = (...others: string[]) => ['watch', 'web-1=command:one', 'web-2=command:two', '--ip', 'tag:vip', '--fall', '2', '--of', '3', '--rise', '2', ...others]

describe('flexip watch', () => {
  test('moves the flexible IPs when their server is down, says so, and does not move them back', async () => {
    const { flexip, create, read, serverId } = await world()
    const ips = [await create('web-1', { tags: ['vip'] }), await create('web-1', { tags: ['vip'] })]
    const other = await create('web-1')
    let checks = 0
    // web-1 is down from its fifth check to its tenth.
    const shell = (command: string) => Promise.resolve(command === 'one' && (checks += 1) > 4 && checks < 11 ? 1 : 0)
    const ended = await flexip(args('--rounds', '20', '--json'), { shell })
    const events = linesOf(ended)
    expect(events.map(({ event, server, to }) => [event, server ?? to])).toEqual([['up', 'web-1'], ['up', 'web-2'], ['down', 'web-1'], ['move', 'web-2'], ['moved', 'web-2'], ['up', 'web-1']])
    for (const ip of ips) expect((await read(ip)).serverId).toBe(serverId('web-2'))
    expect((await read(other)).serverId).toBe(serverId('web-1'))
  })

  test('does nothing while every check fails, or while the API is out of reach', async () => {
    const { flexip, create, read, serverId } = await world()
    const ip = await create('web-1', { tags: ['vip'] })
    expect((await flexip(args('--rounds', '6'), { shell: () => Promise.resolve(1) })).out).toBe('web-1 is down\nweb-2 is down\n')
    expect((await read(ip)).serverId).toBe(serverId('web-1'))
  })

  test('ends with 8 at its start when a flexible IP does not exist, and later goes on', async () => {
    const { flexip, create, read, serverId } = await world()
    expect(await flexip(['watch', 'web-1=command:true', 'web-2=command:true', '--ip', '203.0.113.9', '--rounds', '3'])).toMatchObject({ code: 8, err: expect.stringContaining('there is no flexible IP 203.0.113.9') as string })
    const ip = await create('web-1', { tags: ['vip'] })
    let lists = 0
    const emptyLater: Fetch = (url, init) => (url.includes('/fips?') && (lists += 1) > 6 ? Promise.resolve(new Response('{"flexible_ips":[],"total_count":0}', { headers: { 'Content-Type': 'application/json' } })) : fetch(url, init as RequestInit))
    expect(await flexip(args('--rounds', '8'), { fetch: emptyLater })).toMatchObject({ code: 0, err: expect.stringContaining('it is unknown where the flexible IPs are: no flexible IP has the tag "vip"') as string })
    expect((await read(ip)).serverId).toBe(serverId('web-1'))
  })

  test('--dry-run says what it would move, and changes nothing', async () => {
    const { flexip, create, read, serverId } = await world()
    const ip = await create('web-1', { tags: ['vip'] })
    const { out } = await flexip(args('--rounds', '4', '--dry-run'), { shell: (command) => Promise.resolve(command === 'one' ? 1 : 0) })
    expect(out).toContain('moving to web-2\n')
    expect((await read(ip)).serverId).toBe(serverId('web-1'))
  })

  test('--help says what it does not guard against', async () => {
    const { flexip } = await world()
    const out = (await flexip(['watch', '--help'])).out.replaceAll(/\s+/g, ' ')
    expect(out).toContain('It does not agree with another flexip watch')
    expect(out).toContain('If every check fails, it does nothing')
  })
})

describe('a check', () => {
  const check = (text: string, ms = 5000) => runCheck(parseWatched(`web-1=${text}`).check, testIo({ shell: (command) => Promise.resolve(command === 'true' ? 0 : 1) }), ms, new AbortController().signal)

  test('by TCP, HTTP or a command succeeds or fails, and never throws', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/hangs') return
      response.writeHead(request.url === '/health' ? 200 : request.url === '/moved' ? 302 : 503, { Location: '/broken' }).end('x')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as AddressInfo
    expect(await check(`tcp://127.0.0.1:${port}`)).toBe(true)
    expect(await check(`http://127.0.0.1:${port}/health`)).toBe(true)
    expect(await check(`http://127.0.0.1:${port}/moved`)).toBe(true)
    expect(await check(`http://127.0.0.1:${port}/broken`)).toBe(false)
    expect(await check(`http://127.0.0.1:${port}/hangs`, 50)).toBe(false)
    expect(await check('tcp://127.0.0.1:1')).toBe(false)
    expect(await check('tcp://[::1]:1')).toBe(false)
    expect(await check('command:true')).toBe(true)
    expect(await check('command:false')).toBe(false)
  })
})
