// A claim with words that name nothing: what the others name is brought.
import { describe, expect, test } from 'vitest'
import type { Fetch } from '../../js/index.js'
import { world } from './support.js'

describe('a claim brings what its other words name when', () => {
  test.each([
    ['203.0.113.9', 8, /^warning: there is no flexible IP 203\.0\.113\.9\n[^]*\nerror: there is no flexible IP 203\.0\.113\.9\nflexip ls .*\n\S+ is attached on web-2: arrived\n$/],
    ['99999999-9999-4999-8999-999999999999', 8, /\nerror: there is no flexible IP 99999999-/],
    ['tag:no', 8, /^warning: no flexible IP has the tag "no"\n[^]*\nerror: no flexible IP has the tag "no"\n/],
    ['server:web-9', 8, /^warning: there is no server "web-9"/],
    ['server:web-2', 0, /^warning: no flexible IP is on web-2\n(?![^]*error: )/],
  ])('%s names nothing, and ends with %i', async (word, exitCode, text) => {
    const { flexip, create, read, serverId } = await world()
    const ip = await create('web-1')
    for (const words of [[word, ip.ipAddress], [ip.ipAddress, word]]) {
      const { code, err } = await flexip(['claim', 'web-2', ...words])
      expect([code, (await read(ip)).serverId]).toEqual([exitCode, serverId('web-2')])
      if (words[0] === word) expect(err).toMatch(text)
    }
  })

  test('a claim that was killed has left nothing on the server of a word', async () => {
    const { flexip, create, read, serverId } = await world()
    const ips = [await create(undefined, { tags: ['vip'] }), await create(undefined, { tags: ['vip'] })]
    expect(await flexip(['claim', 'web-2', 'server:web-1', 'tag:vip'])).toMatchObject({ code: 0, err: expect.stringMatching(/^warning: no flexible IP is on web-1\n/) as string })
    for (const ip of ips) expect((await read(ip)).serverId).toBe(serverId('web-2'))
  })

  test('a word names nothing in the first list, and then brings what it names', async () => {
    const { flexip, create, read, serverId } = await world()
    const [a, b] = [await create('web-1'), await create('web-1')]
    let lists = 0
    const partly: Fetch = async (url, init) => {
      const response = await fetch(url, init as RequestInit)
      if (!/fr-par-1\/fips\?/.test(url) || (lists += 1) > 1) return response
      const { flexible_ips: ips } = (await response.json()) as { flexible_ips: { id: string }[] }
      return Response.json({ flexible_ips: ips.filter(({ id }) => id !== b.id), total_count: 1 })
    }
    expect((await flexip(['claim', 'web-2', a.ipAddress, b.ipAddress, '--while', 'true'], { fetch: partly })).code).toBe(0)
    for (const ip of [a, b]) expect((await read(ip)).serverId).toBe(serverId('web-2'))
  })
})

describe('a claim of all that a server has', () => {
  test('ends with 0 and a warning when it is run again', async () => {
    const { flexip, create } = await world()
    await create('web-1')
    expect((await flexip(['claim', 'web-2', 'server:web-1'])).code).toBe(0)
    expect(await flexip(['claim', 'web-2', 'server:web-1'])).toEqual({ code: 0, out: '', err: 'warning: no flexible IP is on web-1\n' })
  })

  test('names what is on no server, where a claim that was killed can have left it, and ends with 8 if no other word names anything', async () => {
    const { flexip, create, read } = await world()
    const other = await create('web-2')
    const free = await create()
    const text = `On no server: ${free.ipAddress}. If a move that was killed has left them there, name their addresses.`
    expect(await flexip(['claim', 'web-2', 'server:web-1'])).toMatchObject({ code: 8, err: `error: no flexible IP is on web-1\n${text}\n` })
    expect(await flexip(['claim', 'web-2', 'server:web-1', other.ipAddress])).toMatchObject({ code: 0, err: `warning: no flexible IP is on web-1. ${text}\n` })
    expect((await read(free)).serverId).toBeUndefined()
  })

  test('ends with 8 when the target has none', async () => {
    const { flexip } = await world()
    expect(await flexip(['claim', 'web-2', 'server:web-1'])).toMatchObject({ code: 8, err: 'error: no flexible IP is on web-1\n' })
  })
})
