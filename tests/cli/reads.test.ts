// The commands that only read.
import type { Io } from '../../js/cli/io.js'
import { describe, expect, test } from 'vitest'
import type { Fetch } from '../../js/index.js'
import { problemsOf } from './json-schema.js'
import { flexip as alone, world } from './support.js'

describe('flexip ls', () => {
  test('lists all zones, with the names of servers', async () => {
    const { json, create } = await world()
    await create('web-1')
    await create('db-1', { zone: 'nl-ams-1' })
    await create(undefined, { zone: 'pl-waw-3' })
    expect(await json('ls')).toMatchObject([{ zone: 'fr-par-1', serverName: 'web-1' }, { zone: 'nl-ams-1', serverName: 'db-1' }, { zone: 'pl-waw-3', serverName: null, serverId: null }])
    expect(await json('ls', '--zone', 'pl-waw-3')).toHaveLength(1)
    expect(await json('ls', '--status', 'ready')).toHaveLength(1)
  })

  test('prints the zones that it could read, names the others, and ends with 6', async () => {
    const { flexip, create, emulator } = await world()
    const ip = await create()
    emulator.addFault({ zone: 'nl-ams-1', operation: 'listFlexibleIPs', fault: { status: { status: 403 } } })
    const { code, out, err } = await flexip(['ls'])
    expect([code, out.includes(ip.ipAddress)]).toEqual([6, true])
    expect(err).toMatch(/^error: nl-ams-1 could not be read/)
  })

  test('prints no cursor movements of a description', async () => {
    const { flexip, create } = await world()
    await create(undefined, { description: 'a\u001b[2Jb' })
    expect((await flexip(['ls'])).out).toContain('a\\u001b[2Jb')
  })
})

describe('names of servers that cannot be read', () => {
  const refusing = (status: number): Fetch => (url, init) => (/\/baremetal\/.*\/servers\?/.test(url) ? Promise.resolve(new Response('', { status })) : fetch(url, init as RequestInit))
  const unreachable: Fetch = (url, init) => (url.includes('/baremetal/') ? Promise.reject(new TypeError('fetch failed')) : fetch(url, init as RequestInit))

  test.each<[string, string, Fetch]>([
    ['are refused', 'responded with 403', refusing(403)],
    ['fail', 'responded with 503', refusing(503)],
    ['are out of reach', 'fetch failed', unreachable],
  ])('are a warning with the reason when they %s, for every command that shows them', async (_, reason, fetchWithout) => {
    const { flexip, create, serverId } = await world()
    const [a] = [await create('web-1', { tags: ['x'] }), await create('db-1', { zone: 'nl-ams-1' })]
    const readInput = () => Promise.resolve(`flexibleIps: [{ ip: ${a.ipAddress}, server: null }]`)
    for (const args of [['ls'], ['ls', a.ipAddress], ['get', a.ipAddress], ['where', a.ipAddress], ['update', a.ipAddress, '--description', 'x'], ['detach', a.ipAddress, '--dry-run'], ['rm', a.ipAddress, '--dry-run'], ['plan', '-']]) {
      const { code, out, err } = await flexip(args, { fetch: fetchWithout, readInput })
      const zones = args.length === 1 ? 'fr-par-1, nl-ams-1' : 'fr-par-1'
      expect([args, code, err]).toEqual([args, 0, expect.stringMatching(new RegExp(`^warning: names of servers are missing: the servers of ${zones} cannot be read: .*${reason}\n`))])
      expect(err.split('warning').length).toBe(2)
      expect(out).toContain(serverId('web-1'))
    }
    const { code, out, err } = await flexip(['ls', '--json'], { fetch: fetchWithout })
    expect([code, problemsOf('warning', JSON.parse(err)), out.split('\n').filter((line) => line.includes('"serverName":null')).length]).toEqual([0, [], 2])
  })

  test('are no warning when no flexible IP is on a server of that zone', async () => {
    const { flexip, create } = await world()
    await create('db-1', { zone: 'nl-ams-1' })
    await create()
    const fetchWithout: Fetch = (url, init) => (/\/baremetal\/.*fr-par-1/.test(url) ? Promise.resolve(new Response('', { status: 403 })) : fetch(url, init as RequestInit))
    expect(await flexip(['ls'], { fetch: fetchWithout })).toMatchObject({ code: 0, err: '', out: expect.stringContaining('db-1') as string })
  })
})

describe('flexip servers', () => {
  test('with a list that lacks servers in one zone shows those of the others, and ends with 6', async () => {
    const { flexip } = await world()
    const torn: Fetch = (url, init) => (/\/baremetal\/.*nl-ams-1/.test(url) ? Promise.resolve(Response.json({ servers: [], total_count: 1 })) : fetch(url, init as RequestInit))
    expect(await flexip(['servers', '--json'], { fetch: torn })).toMatchObject({ code: 6, out: expect.stringMatching(/"web-1"[^]*"web-2"/) as string, err: expect.stringContaining('the servers of nl-ams-1 cannot be read: ') as string })
  })
})

describe('characters that are not seen, or turn the direction of a text,', () => {
  const hostile = 'a\u009b31m\u007fb\u202ec\u2066d\u200ee\u200bf\ufeffg\u2028h\u{e0041}i\u061cj\u2060k\u{e0000}l\u3164'
  const escaped = 'a\\u009b31m\\u007fb\\u202ec\\u2066d\\u200ee\\u200bf\\ufeffg\\u2028h\\udb40\\udc41i\\u061cj\\u2060k\\udb40\\udc00l\\u3164'
  const isClean = (text: string) => !/[\p{Cf}\p{Zl}\p{Zp}\u3164\u{e0000}-\u{e007f}]|(?!\n)\p{Cc}/u.test(text)

  test('are escapes in every output, and in JSON they are those of JSON', async () => {
    const { flexip, create, emulator } = await world()
    const { ipAddress: ip } = await create('web-1')
    emulator.addServer({ zone: 'fr-par-1', name: `web${hostile}` })
    // As a service that keeps all it is given.
    const spoiling: Fetch = async (url, init) => {
      const response = await fetch(url, init as RequestInit)
      if (!/\/fips/.test(url)) return response
      const text = (await response.text()).replaceAll(/"description":"[^"]*"/g, `"description":"${hostile}"`).replaceAll(/"tags":\[\]/g, `"tags":["${hostile}"]`).replaceAll(/"reverse":"[^"]*"/g, `"reverse":"${hostile}"`)
      return new Response(text, { status: response.status, headers: { 'Content-Type': 'application/json' } })
    }
    const readInput = () => Promise.resolve(`flexibleIps: [{ ip: ${ip}, description: x, tags: [y] }]`)
    const runs = [['ls'], ['get', ip], ['where', ip], ['servers'], ['destinations', ip], ['update', ip, '--description', hostile, '--dry-run'], ['plan', '-'], ['rm', ip], ['where', hostile], ['ls', `tag:none${hostile}`], ['claim', `web${hostile}`, ip, '--dry-run'], ['claim', `web${hostile}`, ip], ['ls', '--status', hostile], [hostile]]
    for (const args of runs) {
      for (const json of [[], ['--json']]) {
        const { out, err } = await flexip([...args, ...json], { fetch: spoiling, readInput })
        expect([args, (out + err).length > 0, isClean(out + err)]).toEqual([args, true, true])
      }
    }
    expect((await flexip(['ls'], { fetch: spoiling })).out).toContain(`${escaped}  ${escaped}`)
    expect((await flexip(['get', ip], { fetch: spoiling })).out).toContain(`reverse      ${escaped}\n`)
    const { out } = await flexip(['ls', '--json'], { fetch: spoiling })
    expect(out).toContain(`"description":"${escaped}"`)
    expect(JSON.parse(out)).toMatchObject({ description: hostile, tags: [hostile], reverse: hostile })
  })

  test('are escapes in what the parser of the arguments says, also a carriage return and colours', async () => {
    const { flexip } = await world()
    for (const args of [['bogus\rok\u001b[31m'], ['ls', '--zone', 'x\u001b[31m\rok'], ['ls', '--x\rok\u001b[31m'], ['rm', '--yes', '--timeout', '\rok\u001b[31m', 'x']]) {
      const { code, err } = await flexip(args)
      expect([code, err]).toEqual([2, expect.stringMatching(/\\u000dok/)])
      expect(err).toContain('\\u001b[31m')
      expect(isClean(err)).toBe(true)
    }
  })

  test.each([
    ['no terminal', false, {}],
    ['NO_COLOR', true, { NO_COLOR: '1' }],
  ])('are escapes in what a command of --while prints, and with %s its colours too', async (_, errIsTerminal, env) => {
    const { flexip, create } = await world()
    const { ipAddress: ip } = await create('web-1')
    const shell: Io['shell'] = (_command, _signal, _env, say) => Promise.resolve((say?.('a\rb\t\u001b[31mred'), 0))
    expect((await flexip(['claim', 'web-1', ip, '--while', 'x'], { shell, errIsTerminal, env })).err).toContain('a\\u000db\t\\u001b[31mred\n')
    expect((await flexip(['claim', 'web-1', ip, '--while', 'x'], { shell, errIsTerminal: true, env: {} })).err).toContain('a\\u000db\t\u001b[31mred\n')
  })

  test('are escapes in a question', async () => {
    const { flexip, create, emulator } = await world()
    const ip = await create()
    const { id } = emulator.addServer({ zone: 'fr-par-1', name: `web${hostile}` })
    await flexip(['attach', id, ip.ipAddress])
    const asked: string[] = []
    const ask = (question: string) => Promise.resolve((asked.push(question), ''))
    expect((await flexip(['rm', ip.ipAddress], { ask })).code).toBe(3)
    expect(asked).toEqual([`Delete 1 flexible IP: ${ip.ipAddress} (on web${escaped})? [y/N] `])
  })
})

describe('a word names a flexible IP by', () => {
  test('its address in any spelling, its id, its tag, its server, or an address of its block', async () => {
    const { json, create, serverId } = await world()
    const v4 = await create('web-1', { tags: ['mail'] })
    const v6 = await create(undefined, { isIpv6: true })
    const inBlock = v6.ipAddress.replace('::/64', ':0:0:AB:1')
    const cases: [string, string][] = [
      [v4.ipAddress, v4.id],
      [`${v4.ipAddress}/32`, v4.id],
      [v4.id.toUpperCase(), v4.id],
      ['tag:mail', v4.id],
      ['server:web-1', v4.id],
      ['server:fr-par-1/web-1', v4.id],
      [`server:${serverId('web-1')}`, v4.id],
      [v6.ipAddress, v6.id],
      [inBlock, v6.id],
    ]
    for (const [word, id] of cases) expect(await json('get', word), word).toMatchObject([{ id }])
    expect(await json('get', v4.ipAddress, 'tag:mail', v4.id)).toHaveLength(1)
  })

  test('and one that names nothing ends with 8; one that cannot name anything with 2', async () => {
    const { flexip, create } = await world()
    await create()
    for (const word of ['9.9.9.9', 'tag:none', 'server:none', '11111111-1111-1111-1111-111111111111', 'server:web-2', '2001:db8::/32']) expect((await flexip(['where', word])).code, word).toBe(8)
    for (const word of ['mail', 'tag:', '', '1.2.3', 'server:']) expect((await flexip(['where', word])).code, word).toBe(2)
  })

  test('a name of two servers is refused with both named', async () => {
    const { flexip, emulator } = await world()
    emulator.addServer({ zone: 'nl-ams-1', name: 'web-1' })
    expect(await flexip(['ls', 'server:web-1'])).toMatchObject({ code: 2, err: expect.stringMatching(/2 servers have the name web-1\n.*fr-par-1\/web-1 .*nl-ams-1\/web-1/) as string })
  })
})

describe('a list of servers', () => {
  const answering = (body: (page: number) => unknown, pages: number[] = []): Fetch => (url, init) => {
    const page = /fr-par-1\/servers\?page=(\d+)/.exec(url)?.[1]
    if (page === undefined) return fetch(url, init as RequestInit)
    pages.push(Number(page))
    return Promise.resolve(Response.json(body(Number(page))))
  }

  test.each([
    ['that counts more servers than it has', { servers: [], total_count: 3 }, 7, 'the Elastic Metal API counts 3 servers, and lists 0'],
    ['with a server without a name', { servers: [{ id: '11111111-1111-4111-8111-111111111111', name: null }], total_count: 1 }, 1, 'a server without a usable id and name'],
    ['with a server without an id', { servers: [{ id: 5, name: 'web-1' }], total_count: 1 }, 1, 'a server without a usable id and name'],
    ['with null in it', { servers: [null], total_count: 1 }, 1, 'a server without a usable id and name'],
    ['with a total that is no number', { servers: [], total_count: 'many' }, 1, 'no usable total_count'],
    ['that is none', null, 1, 'no list of servers'],
  ])('%s is an error of servers and of what names one', async (_, body, code, message) => {
    const { flexip, create } = await world()
    const ip = await create()
    const fetch = answering(() => body)
    for (const args of [['servers', '--zone', 'fr-par-1'], ['attach', 'web-2', ip.ipAddress]]) expect(await flexip(args, { fetch })).toMatchObject({ code, out: '', err: expect.stringContaining(`the servers of fr-par-1 cannot be read: `) as string })
    expect((await flexip(['servers', '--zone', 'fr-par-1'], { fetch })).err).toContain(message)
    expect((await flexip(['ls'], { fetch })).code).toBe(0)
  })

  test('is read on when its pages are smaller than asked for, and again when it lacks a server', async () => {
    const { flexip } = await world()
    const server = (number: number) => ({ id: `11111111-1111-4111-8111-11111111111${number}`, name: `web-${number}` })
    const pages: number[] = []
    const small = await flexip(['servers', '--zone', 'fr-par-1', '--json'], { fetch: answering((page) => ({ servers: [server(page)], total_count: 3 }), pages) })
    expect([small.code, small.out.trim().split('\n').length, pages]).toEqual([0, 3, [1, 2, 3]])
    let reads = 0
    const late = await flexip(['servers', '--zone', 'fr-par-1', '--json'], { fetch: answering((page) => ({ servers: page === 1 ? ((reads += 1) === 1 ? [server(1)] : [server(1), server(2)]) : [], total_count: 2 })) })
    expect([late.code, late.out.trim().split('\n').length]).toEqual([0, 2])
  })
})

describe('flexip where', () => {
  test('says on which server it is, without names too', async () => {
    const { flexip, create, serverId } = await world()
    const [a, b] = [await create('web-1'), await create()]
    expect((await flexip(['where', a.ipAddress, b.ipAddress])).out).toBe(`${a.ipAddress} is on web-1 (${serverId('web-1')}) in fr-par-1: attached\n${b.ipAddress} is on no server in fr-par-1: ready\n`)
    const withoutElasticMetal: Fetch = (url, init) => (url.includes('/baremetal/') ? Promise.resolve(new Response('', { status: 403 })) : fetch(url, init as RequestInit))
    expect((await flexip(['where', a.ipAddress], { fetch: withoutElasticMetal })).out).toBe(`${a.ipAddress} is on ${serverId('web-1')} in fr-par-1: attached\n`)
  })
})

test('an emulator in the process has example data, the same at every start', async () => {
  const first = await alone(['ls', '--emulator'])
  expect(first.code).toBe(0)
  expect(first.out).toMatch(/ADDRESS .*\n.* web-1 .*\n/)
  expect(await alone(['ls', '--emulator'])).toEqual(first)
})
