// What changes between the reading of a command and its sending, against an emulator on a port.
import { describe, expect, test } from 'vitest'
import type { Fetch } from '../../js/index.js'
import { world } from './support.js'

type World = Awaited<ReturnType<typeof world>>
type Ip = Awaited<ReturnType<World['create']>>

/** A, B and C are on web-1, A and B as a MAC group; D is on no server. */
async function setUp() {
  const made = await world()
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
    const asks = !(args(asking)[0] === 'mac' && args(asking)[1] !== 'rm')
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
