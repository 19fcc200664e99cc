// What changes between the reading of a command and its sending, against an emulator on a port.
import { describe, expect, test } from 'vitest'
import type { Fetch } from '../../js/index.js'
import { world } from './support.js'

type World = Awaited<ReturnType<typeof world>>
type Ip = Awaited<ReturnType<World['create']>>

/** A, B and C are on web-1, A and B as a MAC group; D is on no server. */
async function setUp() {
  const made = await world({ servers: ['web-1', 'web-2', 'web-3'].map((name) => ({ zone: 'fr-par-1', name })) })
  const [a, b, c, d] = [await made.create('web-1'), await made.create('web-1'), await made.create('web-1'), await made.create()]
  await made.group(a, b)
  made.emulator.clearJournal()
  const { client, serverId } = made
  const settle = ({ id, zone }: Ip) => client.waitForFlexibleIP({ zone, fipId: id })
  const changes = {
    attach: async (ip: Ip, server = 'web-1') => void (await client.ensureAttached({ zone: ip.zone, serverId: serverId(server), fipsIds: [ip.id] })),
    join: async (ip: Ip) => {
      await client.duplicateMACAddr({ zone: ip.zone, fipId: ip.id, duplicateFromFipId: a.id })
      await settle(ip)
    },
    generate: async (ip: Ip) => {
      await client.generateMACAddr({ zone: ip.zone, fipId: ip.id, macType: 'kvm' })
      await settle(ip)
    },
  }
  return { ...made, a, b, c, d, ...changes }
}

type Setting = Awaited<ReturnType<typeof setUp>>

/** Passes requests on, and makes a change after the first list of flexible IPs of the zone was read. */
function afterList(change: () => Promise<unknown>): Fetch {
  let isMade = false
  return async (url, init) => {
    const response = await fetch(url, init as RequestInit)
    if (isMade || !/fr-par-1\/fips\?/.test(url)) return response
    isMade = true
    await change()
    return response
  }
}

const cases: [string, (at: Setting) => string[], (at: Setting) => Promise<unknown>, RegExp][] = [
  ['rm, when the flexible IP was attached', ({ d }) => ['rm', d.ipAddress], ({ attach, d }) => attach(d), /serverId was null, and is "/],
  ['rm tag:x, when the tag was removed', () => ['rm', 'tag:x'], ({ client, d }) => client.updateFlexibleIP({ fipId: d.id, tags: [] }), /tags was \["x"\], and is \[\]/],
  ['rm, when the flexible IP was deleted', ({ d }) => ['rm', d.ipAddress], ({ client, d }) => client.deleteFlexibleIP({ fipId: d.id }), / is gone/],
  ['detach, when the MAC group grew', ({ a, b }) => ['detach', a.ipAddress, b.ipAddress], ({ join, c }) => join(c), /group was /],
  ['detach, when the flexible IP joined a MAC group', ({ c }) => ['detach', c.ipAddress], ({ join, c }) => join(c), /group was \[\], and is /],
  ['detach, when the flexible IP moved', ({ c }) => ['detach', c.ipAddress], ({ attach, c }) => attach(c, 'web-2'), /serverId was "/],
  ['detach --alone, when the flexible IP moved', ({ c }) => ['detach', '--alone', c.ipAddress], ({ attach, c }) => attach(c, 'web-2'), /serverId was "/],
  ['detach --alone, when the flexible IP joined a MAC group', ({ c }) => ['detach', '--alone', c.ipAddress], ({ join, c }) => join(c), /group was \[\], and is /],
  ['detach --alone, when the MAC group grew', ({ a }) => ['detach', '--alone', a.ipAddress], ({ join, c }) => join(c), /group was /],
  ['detach --alone, when the flexible IP got another address', ({ a }) => ['detach', '--alone', a.ipAddress], ({ generate, a }) => generate(a), /macId was "/],
  ['mac generate, when the flexible IP got an address', ({ c }) => ['mac', 'generate', c.ipAddress], ({ generate, c }) => generate(c), /macId was null/],
  ['mac duplicate, when the target got an address', ({ a, c }) => ['mac', 'duplicate', a.ipAddress, c.ipAddress], ({ generate, c }) => generate(c), /macId was null/],
  ['mac move, when the target got an address', ({ a, c }) => ['mac', 'move', a.ipAddress, c.ipAddress], ({ generate, c }) => generate(c), /macId was null/],
  ['mac rm, when another joined the group', ({ a, b }) => ['mac', 'rm', a.ipAddress, b.ipAddress], ({ join, c }) => join(c), /group was /],
]

describe('nothing is sent, and the command ends with 3 and says what changed:', () => {
  test.each(cases)('%s', async (_, args, change, what) => {
    const asking = await setUp()
    if (args(asking).includes('tag:x')) await asking.client.updateFlexibleIP({ fipId: asking.d.id, tags: ['x'] })
    const sent: string[] = []
    const counting: Fetch = (url, init) => {
      if (init.method !== 'GET') sent.push(url)
      return fetch(url, init as RequestInit)
    }
    const ask = async () => {
      await change(asking)
      return 'y'
    }
    // Where nothing is destroyed, there is no question: then only the case of --yes is left.
    const asks = !['mac generate', 'mac duplicate'].includes(args(asking).slice(0, 2).join(' '))
    if (asks) expect(await asking.flexip(args(asking), { ask, fetch: counting })).toMatchObject({ code: 3, out: '', err: expect.stringMatching(what) as string })
    const sure = asks ? await setUp() : asking
    if (args(sure).includes('tag:x')) await sure.client.updateFlexibleIP({ fipId: sure.d.id, tags: ['x'] })
    const changing = afterList(() => change(sure))
    const both: Fetch = (url, init) => {
      if (init.method !== 'GET') sent.push(url)
      return changing(url, init)
    }
    expect(await sure.flexip([...args(sure), '--yes'], { fetch: both })).toMatchObject({ code: 3, out: '', err: expect.stringMatching(/^error: what was read has changed\n[^]*Nothing was changed\. Run the command again\.\n$/) as string })
    expect(sent).toEqual([])
  })
})

describe('nothing is sent when it is another flexible IP by now:', () => {
  const fields = [
    ['projectId', { project_id: '22222222-2222-4333-8444-555555555555' }],
    ['description', { description: 'of another team' }],
    ['reverse', { reverse: 'shop.example.com.' }],
    ['tags', { tags: ['prod'] }],
    ['status', { status: 'locked' }],
    ['address', { ip_address: '203.0.113.9' }],
  ] as const
  const commands: [string, (at: Setting) => string[]][] = [
    ['rm', ({ d }) => ['rm', d.ipAddress, '--yes']],
    ['detach', ({ c }) => ['detach', c.ipAddress, '--yes']],
    ['mac rm', ({ a, b }) => ['mac', 'rm', a.ipAddress, b.ipAddress, '--yes']],
    ['mac move', ({ a, c }) => ['mac', 'move', a.ipAddress, c.ipAddress, '--yes']],
    ['mac generate', ({ c }) => ['mac', 'generate', c.ipAddress]],
    ['mac duplicate', ({ a, c }) => ['mac', 'duplicate', a.ipAddress, c.ipAddress]],
    ['attach --no-wait', ({ d }) => ['attach', 'web-2', d.ipAddress, '--no-wait']],
  ]
  test.each(commands)('%s', async (_, args) => {
    const at = await setUp()
    for (const [field, changed] of fields) {
      let lists = 0
      // Every list but the first of a try is that of another: attach tries three times.
      const other: Fetch = async (url, init) => {
        expect(init.method).toBe('GET')
        const response = await fetch(url, init as RequestInit)
        if (!/fr-par-1\/fips\?/.test(url) || (lists += 1) % 2 === 1) return response
        const body = (await response.json()) as { flexible_ips: object[] }
        return Response.json({ ...body, flexible_ips: body.flexible_ips.map((ip) => ({ ...ip, ...changed })) })
      }
      expect(await at.flexip(args(at), { fetch: other })).toMatchObject({ code: 3, out: '', err: expect.stringMatching(new RegExp(`what was read has changed\n[^]*: ${field} was .*, and is `)) as string })
    }
  })
})

describe('a flexible IP that is locked from the start is refused with 3, without a question and a change:', () => {
  const commands: [string, (at: Setting) => string[]][] = [
    ['rm', ({ d }) => ['rm', d.ipAddress]],
    ['detach', ({ c }) => ['detach', c.ipAddress]],
    ['detach --alone', ({ a }) => ['detach', '--alone', a.ipAddress]],
    ['mac rm', ({ a, b }) => ['mac', 'rm', a.ipAddress, b.ipAddress]],
    ['mac move', ({ a, c }) => ['mac', 'move', a.ipAddress, c.ipAddress]],
    ['mac generate', ({ a }) => ['mac', 'generate', a.ipAddress]],
    ['mac duplicate', ({ a, c }) => ['mac', 'duplicate', a.ipAddress, c.ipAddress]],
    ['update', ({ c }) => ['update', c.ipAddress, '--description', 'x']],
    ['attach --no-wait', ({ d }) => ['attach', 'web-2', d.ipAddress, '--no-wait']],
  ]
  test.each(commands)('%s', async (_, args) => {
    const at = await setUp()
    const locked: Fetch = async (url, init) => {
      expect(init.method).toBe('GET')
      const response = await fetch(url, init as RequestInit)
      if (!/fr-par-1\/fips\?/.test(url)) return response
      const body = (await response.json()) as { flexible_ips: object[] }
      return Response.json({ ...body, flexible_ips: body.flexible_ips.map((ip) => ({ ...ip, status: 'locked' })) })
    }
    const ask = () => Promise.reject(new Error('it asked'))
    // `attach` shows its steps elsewhere, and `update` has no question.
    const [name = ''] = args(at)
    const others = name === 'attach' ? [] : name === 'update' ? ['--dry-run'] : ['--yes', '--dry-run']
    for (const options of [[], ...others.map((option) => [option])]) {
      expect(await at.flexip([...args(at), ...options], { fetch: locked, ask })).toMatchObject({ code: 3, out: '', err: expect.stringMatching(/^error: locked: [\d.]+(, [\d.]+)*\nOnly Scaleway's support can end that\.\nNothing was changed\.\n$/) as string })
    }
  })

  test('attach waits for none either', async () => {
    const { flexip, d, emulator } = await setUp()
    emulator.forceStatus(d.id, 'locked')
    emulator.clearJournal()
    expect(await flexip(['attach', 'web-2', d.ipAddress])).toMatchObject({ code: 3, out: '', err: expect.stringContaining('is stuck: locked') as string })
    expect(emulator.journal.filter(({ method }) => method !== 'GET')).toEqual([])
  })
})

describe('what a command chose is read again when it changed before anything was sent:', () => {
  test.each([['claim'], ['claim', '--while', 'true']])('%s %s %s takes a member along that the MAC group got meanwhile', async (command, ...options) => {
    const at = await setUp()
    const { flexip, a, b, c, join, read, serverId } = at
    expect(await flexip([command, 'web-2', a.ipAddress, ...options], { fetch: afterList(() => join(c)) })).toMatchObject({ code: 0, err: expect.stringMatching(/not done yet: what was read has changed: .* is in one MAC group with .*; again in 1 s\n/) as string })
    for (const ip of [a, b, c]) expect((await read(ip)).serverId).toBe(serverId('web-2'))
  })

  test('failover takes a member along that the MAC group got meanwhile', async () => {
    const { flexip, a, b, c, join, read, serverId } = await setUp()
    expect(await flexip(['failover', 'web-1', 'web-2', a.ipAddress], { fetch: afterList(() => join(c)) })).toMatchObject({ code: 0, err: expect.stringContaining('what was read has changed: it is read again\n') as string })
    for (const ip of [a, b, c]) expect((await read(ip)).serverId).toBe(serverId('web-2'))
  })

  test('failover ends with 3 when the flexible IP has gone to a third server', async () => {
    const { flexip, c, read, serverId, attach, emulator } = await setUp()
    const third = serverId('web-3')
    const fetchAfter = afterList(async () => {
      await attach(c, 'web-3')
      emulator.clearJournal()
    })
    expect(await flexip(['failover', 'web-1', 'web-2', c.ipAddress], { fetch: fetchAfter })).toMatchObject({ code: 3, err: expect.stringContaining(`${c.ipAddress}: on neither of the two servers`) as string })
    expect((await read(c)).serverId).toBe(third)
    expect(emulator.journal.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  test('failover reads three times, and then ends with 3', async () => {
    const { flexip, serverId, c } = await setUp()
    // Every other list has the flexible IP on a third server.
    let lists = 0
    const flipping: Fetch = async (url, init) => {
      const response = await fetch(url, init as RequestInit)
      if (!/fr-par-1\/fips\?/.test(url) || (lists += 1) % 2 === 1) return response
      const body = (await response.json()) as { flexible_ips: { id: string; server_id: string | null }[] }
      for (const ip of body.flexible_ips) if (ip.id === c.id) ip.server_id = serverId('web-3')
      return Response.json(body)
    }
    expect(await flexip(['failover', 'web-1', 'web-2', c.ipAddress], { fetch: flipping })).toMatchObject({ code: 3, out: '', err: expect.stringMatching(/error: what was read has changed\n.* is on server .*, which is not fromServerId\n/) as string })
    expect(lists).toBe(6)
  })
})

describe('flexip update', () => {
  test('keeps a tag that came after the list was read, and does not change what no longer has the tag that named it', async () => {
    const { flexip, c, d, client, read } = await setUp()
    const tag = (ip: Ip, ...tags: string[]) => client.updateFlexibleIP({ fipId: ip.id, tags })
    await Promise.all([tag(c, 'old'), tag(d, 'old')])
    expect(await flexip(['update', c.ipAddress, '--add-tag', 'new'], { fetch: afterList(() => tag(c, 'old', 'prod')) })).toMatchObject({ code: 0, err: expect.stringContaining('what was read has changed: it is read again\n') as string })
    expect((await read(c)).tags).toEqual(['old', 'prod', 'new'])
    expect((await flexip(['update', 'tag:old', '--description', 'out of use'], { fetch: afterList(() => tag(d, 'prod')) })).code).toBe(0)
    expect([await read(c), await read(d)]).toMatchObject([{ description: 'out of use' }, { description: '', tags: ['prod'] }])
  })

  test('sends nothing and ends with 3 when every reading is another', async () => {
    const { flexip, c, client, emulator } = await setUp()
    let lists = 0
    const retagging: Fetch = async (url, init) => {
      const response = await fetch(url, init as RequestInit)
      if (/fr-par-1\/fips\?/.test(url)) await client.updateFlexibleIP({ fipId: c.id, tags: [`t${(lists += 1)}`] })
      return response
    }
    emulator.clearJournal()
    expect(await flexip(['update', c.ipAddress, '--add-tag', 'new'], { fetch: retagging })).toMatchObject({ code: 3, out: '', err: expect.stringMatching(/error: what was read has changed\n.*: tags was /) as string })
    expect([lists, emulator.journal.filter(({ method }) => method === 'PATCH').length]).toEqual([6, 6])
  })
})

describe('flexip attach', () => {
  test.each([[[]], [['--no-wait']]])('never takes a flexible IP from a server that it was attached to after the list was read %j', async (options) => {
    const { flexip, d, attach, read, serverId, emulator } = await setUp()
    const fetchAfter = afterList(async () => {
      await attach(d)
      emulator.clearJournal()
    })
    const ended = await flexip(['attach', 'web-2', d.ipAddress, ...options], { fetch: fetchAfter })
    expect(ended.err).not.toContain('detach')
    expect(ended).toMatchObject({ code: 3, out: '', err: expect.stringMatching(new RegExp(`error: ${d.ipAddress}: on another server\nTo move: flexip claim .*\n$`)) as string })
    expect((await read(d)).serverId).toBe(serverId('web-1'))
    expect(emulator.journal.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  test('that another command takes to a third server after its request is refused with 3', async () => {
    const { flexip, d, attach, read, serverId } = await setUp()
    const overtaken: Fetch = async (url, init) => {
      const response = await fetch(url, init as RequestInit)
      if (init.method === 'POST') await attach(d, 'web-3')
      return response
    }
    const ended = await flexip(['attach', 'web-2', d.ipAddress], { fetch: overtaken })
    expect(ended).toMatchObject({ code: 3, out: '', err: expect.stringMatching(new RegExp(`error: ${d.ipAddress}: on another server\nTo move: flexip claim .*\n$`)) as string })
    expect(ended.err).not.toContain('aborted')
    expect((await read(d)).serverId).toBe(serverId('web-3'))
  })

  test('says which flexible IP another command took, and ends with 6, if others have arrived', async () => {
    const { flexip, d, attach, create, read, serverId } = await setUp()
    const other = await create()
    const overtaken: Fetch = async (url, init) => {
      const response = await fetch(url, init as RequestInit)
      if (init.method === 'POST') await attach(d, 'web-3')
      return response
    }
    expect(await flexip(['attach', 'web-2', d.ipAddress, other.ipAddress], { fetch: overtaken })).toMatchObject({ code: 6, err: expect.stringMatching(new RegExp(`error: ${d.ipAddress}: on another server: [^]*${other.ipAddress} is attached on web-2: arrived\n`)) as string })
    expect([(await read(d)).serverId, (await read(other)).serverId]).toEqual([serverId('web-3'), serverId('web-2')])
  })

  test('reads again when the client refuses what it has chosen', async () => {
    const { flexip, d, read, serverId } = await setUp()
    // The second list has it in a MAC group with another.
    let lists = 0
    const mac = { id: '11111111-1111-4111-8111-111111111111', mac_address: '52:54:00:00:00:01', mac_type: 'kvm', status: 'ready', zone: 'fr-par-1' }
    const grouping: Fetch = async (url, init) => {
      const response = await fetch(url, init as RequestInit)
      if (!/fr-par-1\/fips\?/.test(url) || (lists += 1) !== 2) return response
      const body = (await response.json()) as { flexible_ips: { id: string; mac_address: unknown }[] }
      const [one, ...others] = body.flexible_ips.sort(({ id }) => (id === d.id ? -1 : 1))
      for (const ip of [one, others[0]]) if (ip) ip.mac_address = mac
      return Response.json(body)
    }
    expect(await flexip(['attach', 'web-2', d.ipAddress], { fetch: grouping })).toMatchObject({ code: 0, err: expect.stringContaining('what was read has changed: it is read again\n') as string })
    expect((await read(d)).serverId).toBe(serverId('web-2'))
  })
})
