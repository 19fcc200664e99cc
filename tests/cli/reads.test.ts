// The commands that only read.
import { describe, expect, test } from 'vitest'
import type { Fetch } from '../../js/index.js'
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
    expect((await flexip(['ls'])).out).toContain('a·[2Jb')
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
