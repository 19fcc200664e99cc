// flexip watch, against an emulator on a port, with checks that a test controls.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Io, processIo } from '../../js/cli/io.js'
import type { Fetch } from '../../js/index.js'
import { parseWatched, runCheck } from '../../js/cli/watch/checks.js'
import { linesOf, testIo, world } from './support.js'

const args = (...others: string[]) => ['watch', 'web-1=command:one', 'web-2=command:two', '--ip', 'tag:vip', '--fall', '2', '--of', '3', '--rise', '2', ...others]

/** Surroundings in which no time passes while an attempt is under way, with the output so far. */
function steady(overrides: Partial<Io> = {}) {
  const { now, sleep } = testIo()
  const printed = { out: '', err: '' }
  let attempt = Promise.resolve()
  let end: () => void = () => undefined
  const io: Partial<Io> = {
    now,
    sleep: (ms, signal) => attempt.then(() => sleep(ms, signal)),
    out: (text) => {
      printed.out += text
      if (/"event":"move"|^(moving|continuing to move) to/.test(text)) attempt = new Promise((resolve) => (end = resolve))
      if (/"event":"(moved|abandoned)"|^(moved to|gave up)/.test(text)) end()
    },
    err: (text) => {
      printed.err += text
      if (/"error"|^error:|it stays there/.test(text)) end()
    },
    ...overrides,
  }
  return { io, printed, now }
}

const isWrite = (init: { method?: string | undefined } | undefined) => init?.method !== 'GET'
const refusal = () => Promise.resolve(new Response('{"type":"permissions_denied","message":"no","details":[]}', { status: 403, headers: { 'Content-Type': 'application/json' } }))
const events = (out: string) => out.split('\n').filter(Boolean).map((line) => JSON.parse(line) as { event: string; to?: string; server?: string; isContinued?: boolean; at: number })

describe('flexip watch', () => {
  test('moves the flexible IPs when their server is down, says so, and does not move them back', async () => {
    const { flexip, create, read, serverId } = await world()
    const ips = [await create('web-1', { tags: ['vip'] }), await create('web-1', { tags: ['vip'] })]
    const other = await create('web-1')
    let checks = 0
    // web-1 is down from its fifth check to its tenth.
    const shell = (command: string) => Promise.resolve(command === 'one' && (checks += 1) > 4 && checks < 11 ? 1 : 0)
    const { io, printed } = steady({ shell })
    const { code } = await flexip(args('--rounds', '20', '--json'), io)
    expect(linesOf({ code, ...printed }).map(({ event, server, to }) => [event, server ?? to])).toEqual([['up', 'web-1'], ['up', 'web-2'], ['down', 'web-1'], ['move', 'web-2'], ['moved', 'web-2'], ['up', 'web-1']])
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

  test('goes on with its checks while a move is refused, and gives it up when its source is up again and its target is not', async () => {
    const { flexip, create, read, serverId } = await world()
    const ip = await create('web-1', { tags: ['vip'] })
    const seconds = { web1Down: [15, 60], web2Down: [60, 1000], refused: [0, 100] }
    const within = ([from = 0, to = 0]: number[]) => now() >= from * 1000 && now() < to * 1000
    const { io, printed, now } = steady({
      shell: (command) => {
        return Promise.resolve(within(command === 'one' ? seconds.web1Down : seconds.web2Down) ? 1 : 0)
      },
      fetch: (url, init) => (isWrite(init) && within(seconds.refused) ? refusal() : fetch(url, init as RequestInit)),
    })
    expect(await flexip(args('--rounds', '60', '--json'), io)).toMatchObject({ code: 0 })
    const seen = events(printed.out)
    expect(seen.filter(({ event }) => event !== 'move').map(({ event, to, server }) => [event, to ?? server])).toEqual([['up', 'web-1'], ['up', 'web-2'], ['down', 'web-1'], ['up', 'web-1'], ['down', 'web-2'], ['abandoned', 'web-2']])
    const attempts = seen.filter(({ event }) => event === 'move')
    expect(attempts.map(({ isContinued }) => isContinued)).toEqual([false, true, true, true])
    expect(Math.max(...attempts.map(({ at }) => at))).toBeLessThan(60_000)
    expect((await read(ip)).serverId).toBe(serverId('web-1'))
  })

  test('says what is where when it gives a move up', async () => {
    const { flexip, create } = await world()
    const ip = await create('web-1', { tags: ['vip'] })
    const { io, printed, now } = steady({ shell: (command) => Promise.resolve(command === 'one' && now() < 30_000 ? 1 : 0), fetch: (url, init) => (isWrite(init) ? refusal() : fetch(url, init as RequestInit)) })
    await flexip(args('--rounds', '20'), io)
    expect(printed.out).toContain('gave up the move to web-2')
    expect(printed.out).toContain(`${ip.ipAddress} is attached on web-1`)
  })

  test('sends nothing when the target of a move goes down before its first change', async () => {
    const { flexip, create, read, serverId } = await world()
    const ip = await create('web-1', { tags: ['vip'] })
    let isMoving = false
    let writes = 0
    let checks = 0
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    let stop: () => void = () => undefined
    const stopped = new Promise<void>((resolve) => (stop = resolve))
    const { sleep, now } = testIo()
    const { printed, io } = steady({
      // The first read of the move is held until web-2 has failed three checks.
      fetch: async (url, init) => {
        if (isWrite(init)) writes += 1
        if (isMoving) await held
        return fetch(url, init as RequestInit)
      },
      shell: (command) => {
        if (command === 'two' && isMoving && (checks += 1) > 3) release()
        return Promise.resolve(command === 'one' || isMoving ? 1 : 0)
      },
    })
    const out = (text: string) => {
      printed.out += text
      isMoving ||= text.includes('"event":"move"')
    }
    const err = (text: string) => {
      printed.err += text
      stop()
    }
    const pause: Io['sleep'] = async (ms, signal) => {
      if (checks > 3) await stopped
      return sleep(ms, signal)
    }
    expect(await flexip(args('--rounds', '12', '--json'), { ...io, out, err, now, sleep: pause })).toMatchObject({ code: 0 })
    expect(events(printed.out).map(({ event }) => event)).toEqual(['down', 'up', 'move', 'down', 'abandoned'])
    expect(printed.err).toContain('{"warning":"the move to web-2 is stopped: web-2 is not up, or its source is up again"}')
    expect(writes).toBe(0)
    expect((await read(ip)).serverId).toBe(serverId('web-1'))
  })

  const three = { servers: ['web-1', 'web-2', 'web-3'].map((name) => ({ zone: 'fr-par-1', name })) }
  const threeArgs = (...others: string[]) => ['watch', 'web-1=command:one', 'web-2=command:two', 'web-3=command:three', '--ip', 'tag:vip', '--fall', '1', '--of', '1', '--rise', '1', '--json', ...others]

  test('goes to a third server without a cool-down when the target goes down before anything was sent', async () => {
    const { flexip, create, read, serverId } = await world(three)
    const ip = await create('web-1', { tags: ['vip'] })
    let isMoving = false
    let checks = 0
    let release: () => void = () => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    let isStopped: () => void = () => undefined
    const stopped = new Promise<void>((resolve) => (isStopped = resolve))
    const { sleep } = testIo()
    const { printed, io } = steady({
      fetch: async (url, init) => {
        if (isMoving) await held
        return fetch(url, init as RequestInit)
      },
      shell: (command) => {
        if (command === 'two' && isMoving && (checks += 1) > 1) release()
        return Promise.resolve(command === 'one' || (command === 'two' && isMoving) ? 1 : 0)
      },
    })
    let seen = ''
    const out = (text: string) => {
      printed.out += text
      seen += text
      isMoving ||= text.includes('"event":"move"')
    }
    const err = (text: string) => {
      printed.err += text
      isStopped()
    }
    const pause: Io['sleep'] = async (ms, signal) => {
      if (checks > 1) await stopped
      // The second move needs its own time.
      if (seen.includes('"abandoned"') && !seen.includes('"moved"')) return new Promise((resolve) => setImmediate(resolve))
      return sleep(ms, signal)
    }
    expect(await flexip(threeArgs('--rounds', '400', '--cool-down', '1h'), { ...io, out, err, sleep: pause })).toMatchObject({ code: 0 })
    expect(events(printed.out).filter(({ event }) => !['up', 'down'].includes(event)).map(({ event, to }) => [event, to])).toEqual([['move', 'web-2'], ['abandoned', 'web-2'], ['move', 'web-3'], ['moved', 'web-3']])
    expect((await read(ip)).serverId).toBe(serverId('web-3'))
  })

  test('brings what its target refused, and what would go back to a server that is down, to a third server at once', async () => {
    const { flexip, create, read, serverId, emulator } = await world(three)
    const ip = await create('web-1', { tags: ['vip'] })
    emulator.clearJournal()
    const attached: (string | undefined)[] = []
    const { io, printed, now } = steady({
      shell: (command) => Promise.resolve(command === 'one' && now() > 12_000 ? 1 : 0),
      fetch: (url, init) => {
        if (!url.endsWith('/attach')) return fetch(url, init as RequestInit)
        const { server_id: id } = JSON.parse(init.body as string) as { server_id: string }
        attached.push(['web-1', 'web-2', 'web-3'].find((name) => serverId(name) === id))
        if (id === serverId('web-3')) return fetch(url, init as RequestInit)
        return Promise.resolve(Response.json({ type: 'precondition_failed', precondition: 'resource_not_usable', message: 'no', help_message: 'no' }, { status: 412 }))
      },
    })
    expect(await flexip(threeArgs('--rounds', '12', '--cool-down', '1h'), io)).toMatchObject({ code: 0 })
    expect([...new Set(attached)]).toEqual(['web-2', 'web-3'])
    expect(events(printed.out).filter(({ event }) => event.startsWith('move')).map(({ event, to }) => [event, to])).toEqual([['move', 'web-2'], ['move', 'web-3'], ['moved', 'web-3']])
    expect((await read(ip)).serverId).toBe(serverId('web-3'))
    expect(printed.err).toContain('the move to web-2 is stopped: web-2 did not take all of them')
    expect(printed.err).not.toContain('To go on')
  })

  test.each([
    [409, 'conflict', '--cool-down=1h', 3, /the move to web-2 is stopped: web-2 refuses them, and another server is up\n/],
    [403, 'permissions_denied', '--cool-down=1h', 3, /the move to web-2 is stopped: web-2 refuses them, and another server is up\n/],
    [403, 'permissions_denied', '--direct', 1, /is attached on .*: not arrived/],
    [412, 'precondition_failed', '--cool-down=1h', 1, /the move to web-2 is stopped: web-2 did not take all of them\n/],
  ] as const)('brings what its target refuses with %i %s to a third server within seconds, and says only what is sent (%s)', async (status, type, option, times, reason) => {
    const { flexip, create, read, serverId } = await world(three)
    const ip = await create('web-1', { tags: ['vip'] })
    let refusals = 0
    const base = steady({
      shell: (command) => Promise.resolve(command === 'one' && base.now() > 12_000 ? 1 : 0),
      fetch: (url, init) => {
        if (!url.endsWith('/attach') || !String(init.body).includes(serverId('web-2'))) return fetch(url, init as RequestInit)
        refusals += 1
        return Promise.resolve(Response.json({ type, precondition: 'resource_not_usable', message: 'no', details: [] }, { status }))
      },
    })
    // Two seconds pass between two refusals.
    const now = () => base.now() + refusals * 2000
    const words = threeArgs('--rounds', '12', option).filter((word) => word !== '--json')
    expect(await flexip(words, { ...base.io, now })).toMatchObject({ code: 0 })
    const { out, err } = base.printed
    expect((await read(ip)).serverId).toBe(serverId('web-3'))
    expect(out).toMatch(/moving to web-2\n[^]*continuing to move to web-3\nmoved to web-3 in/)
    expect(err).toMatch(reason)
    expect(refusals).toBe(times)
    expect(err).not.toMatch(/to web-1|To go on/)
  })

  test.each([['locked', 'is locked'], ['error', 'is in error']] as const)('moves the others while one is %s, says so once, and brings that one when it can move again', async (status, words) => {
    const { flexip, create, read, serverId, emulator } = await world(three)
    const [goes, stuck] = [await create('web-1', { tags: ['vip'] }), await create('web-1', { tags: ['vip'] })]
    emulator.forceStatus(stuck.id, status)
    emulator.clearJournal()
    const homes = async () => [(await read(goes)).serverId, (await read(stuck)).serverId]
    let before: (string | undefined)[] = []
    const base = steady({
      shell: async (command) => {
        if (before.length === 0 && base.now() > 150_000) {
          before = await homes()
          emulator.forceStatus(stuck.id, 'attached')
        }
        return command === 'one' && base.now() > 12_000 ? 1 : 0
      },
    })
    expect(await flexip(threeArgs('--rounds', '50', '--cool-down', '1m'), base.io)).toMatchObject({ code: 0 })
    const sent = emulator.journal.filter(({ method, target }) => method === 'POST' && /fips\/(attach|detach)$/.test(target) && !target.includes('_emulator'))
    expect(sent.filter(({ body }) => JSON.stringify(body).includes(goes.id))).toHaveLength(2)
    expect(before).toEqual([serverId('web-2'), serverId('web-1')])
    expect(await homes()).toEqual([serverId('web-2'), serverId('web-2')])
    expect(events(base.printed.out).filter(({ to }) => to).map(({ event, to, at }) => [event, to, at > 150_000])).toEqual([['move', 'web-2', false], ['moved', 'web-2', false], ['move', 'web-2', true], ['moved', 'web-2', true]])
    expect(base.printed.err).toBe(`{"warning":"${stuck.ipAddress} ${words}: it does not move before that has ended"}\n`)
  })

  test('brings what it took off its server and is locked before it arrives, once that has ended', async () => {
    const { flexip, create, read, serverId, emulator } = await world(three)
    const [goes, stuck] = [await create('web-1', { tags: ['vip'] }), await create('web-1', { tags: ['vip'] })]
    let isStuck = false
    let before: (string | undefined)[] = []
    const homes = async () => [(await read(goes)).serverId, (await read(stuck)).serverId]
    const base = steady({
      shell: async (command) => {
        if (before.length === 0 && base.now() > 60_000) {
          before = await homes()
          emulator.forceStatus(stuck.id, 'ready')
        }
        return command === 'one' && base.now() > 12_000 ? 1 : 0
      },
      fetch: (url, init) => {
        if (!isStuck && String(url).endsWith('/fips/attach') && JSON.stringify((init as RequestInit).body).includes(stuck.id)) isStuck = emulator.forceStatus(stuck.id, 'locked')
        return fetch(url, init as RequestInit)
      },
    })
    await flexip(threeArgs('--rounds', '40', '--cool-down', '5m'), base.io)
    expect(isStuck).toBe(true)
    expect(before).toEqual([serverId('web-2'), undefined])
    expect(await homes()).toEqual([serverId('web-2'), serverId('web-2')])
  })

  test('leaves a MAC group of which one is locked, also if --ip names only another, and moves the others', async () => {
    const { flexip, create, read, serverId, emulator, client } = await world(three)
    const [named, locked, other] = [await create('web-1', { tags: ['vip'] }), await create('web-1'), await create('web-1', { tags: ['vip'] })]
    await client.generateMACAddr({ zone: named.zone, fipId: named.id, macType: 'kvm' })
    await client.duplicateMACAddr({ zone: named.zone, fipId: locked.id, duplicateFromFipId: named.id })
    emulator.forceStatus(locked.id, 'locked')
    const base = steady({ shell: (command) => Promise.resolve(command === 'one' && base.now() > 12_000 ? 1 : 0) })
    expect(await flexip(threeArgs('--rounds', '30', '--cool-down', '1s'), base.io)).toMatchObject({ code: 0 })
    expect(await Promise.all([named, locked, other].map(async (ip) => (await read(ip)).serverId))).toEqual(['web-1', 'web-1', 'web-2'].map(serverId))
    expect(events(base.printed.out).filter(({ to }) => to).map(({ event, to }) => [event, to])).toEqual([['move', 'web-2'], ['moved', 'web-2']])
    expect(base.printed.err).toBe(`{"warning":"${named.ipAddress} is in a MAC group with one that is locked or in error: it does not move before that has ended"}\n`)
  })

  test('leaves what has arrived where it is for a whole cool-down, also if the API was out of reach after the decision', async () => {
    const { flexip, create, read, serverId } = await world(three)
    const ip = await create('web-1', { tags: ['vip'] })
    const isDown = (command: string) => (command === 'one' ? base.now() > 12_000 : command === 'two' && base.printed.out.includes('"event":"moved"'))
    const base = steady({
      shell: (command) => Promise.resolve(isDown(command) ? 1 : 0),
      fetch: (url, init) => (base.now() > 12_000 && base.now() < 38_000 ? Promise.reject(new TypeError('fetch failed')) : fetch(url, init as RequestInit)),
    })
    expect(await flexip(threeArgs('--rounds', '40', '--cool-down', '30s'), base.io)).toMatchObject({ code: 0 })
    const seen = events(base.printed.out)
    const [moved, again] = [seen.find(({ event }) => event === 'moved'), seen.filter(({ event, isContinued }) => event === 'move' && isContinued === false).at(-1)]
    expect([moved?.to, again?.to]).toEqual(['web-2', 'web-3'])
    expect(moved?.at).toBeGreaterThanOrEqual(38_000)
    expect((again?.at ?? 0) - (moved?.at ?? 0)).toBeGreaterThanOrEqual(30_000)
    expect((again?.at ?? 0) - (moved?.at ?? 0)).toBeLessThan(40_000)
    expect((await read(ip)).serverId).toBe(serverId('web-3'))
  })

  test('brings what it has detached to a server, also if that has lost its tag meanwhile, and leaves what has lost it before', async () => {
    const { flexip, create, read, serverId, client } = await world(three)
    const [taken, before, later] = [await create('web-1', { tags: ['vip'] }), await create('web-1', { tags: ['vip'] }), await create('web-1')]
    const tag = ({ id, zone }: typeof taken, ...tags: string[]) => client.updateFlexibleIP({ zone, fipId: id, tags })
    let refusals = 0
    let isTagged = false
    const base = steady({
      shell: async (command) => {
        if (!isTagged && base.now() > 7000) [isTagged] = [true, await tag(before), await tag(later, 'vip')]
        return command === 'one' && base.now() > 50_000 ? 1 : 0
      },
      fetch: async (url, init) => {
        if (!url.endsWith('/attach') || refusals === 8) return fetch(url, init as RequestInit)
        if ((refusals += 1) === 1) for (const ip of [taken, later]) await tag(ip)
        return Response.json({ type: 'precondition_failed', precondition: 'resource_not_usable', message: 'no', details: [] }, { status: 412 })
      },
    })
    expect(await flexip(threeArgs('--rounds', '40', '--cool-down', '1h'), base.io)).toMatchObject({ code: 0 })
    const homes = await Promise.all([taken, before, later].map(async (ip) => (await read(ip)).serverId))
    expect(homes).toEqual([expect.not.stringMatching(serverId('web-1')), serverId('web-1'), expect.not.stringMatching(serverId('web-1'))])
  })

  describe.each([['one that is up', 'web-3'], ['one that it does not watch', 'db-9']])('while an attempt is under way, what others bring to %s', (_, elsewhere) => {
    const four = { servers: [...three.servers, { zone: 'fr-par-1', name: 'db-9' }] }
    /** Others bring the flexible IP there just before this request about it. */
    const steal = async (isAlone: boolean, request: string, ...options: string[]) => {
      const { flexip, create, read, serverId, client } = await world(four)
      const taken = await create('web-1', { tags: ['vip'] })
      const others = isAlone ? [] : [await create('web-1', { tags: ['vip'] })]
      let isBrought = false
      const base = steady({
        shell: (command) => Promise.resolve(command === 'one' && base.now() > 12_000 ? 1 : 0),
        fetch: async (url, init) => {
          if (!isBrought && url.endsWith(request) && String(init.body).includes(taken.id)) {
            isBrought = true
            await client.ensureAttached({ zone: taken.zone, fipsIds: [taken.id], serverId: serverId(elsewhere) })
            return Response.json({ type: 'transient_state', message: 'no', resource: 'fip', resource_id: taken.id, current_state: 'updating' }, { status: 409 })
          }
          return fetch(url, init as RequestInit)
        },
      })
      const { code } = await flexip(threeArgs('--rounds', '20', '--cool-down', '1s', ...options), base.io)
      const homes = await Promise.all([taken, ...others].map(async (ip) => (await read(ip)).serverId))
      return { code, homes, serverId, said: events(base.printed.out).filter(({ to }) => to).map(({ event, to }) => [event, to]), err: base.printed.err, taken }
    }

    test.each([['/detach'], ['/attach'], ['/attach', '--direct']])('stays there, and the attempt goes on with the others (%s)', async (request, ...options) => {
      const { code, homes, serverId, said, err, taken } = await steal(false, request, ...options)
      expect([code, homes]).toEqual([0, [serverId(elsewhere), serverId('web-2')]])
      expect(said).toEqual([['move', 'web-2'], ['moved', 'web-2']])
      expect(err).toMatch(new RegExp(`^{"warning":"others have brought ${taken.ipAddress} to [^ ]+: it stays there"}\n$`))
    })

    test.each(['/detach', '/attach'])('stays there, and the move is given up if there are no others (%s)', async (request) => {
      const { code, homes, serverId, said } = await steal(true, request)
      expect([code, homes]).toEqual([0, [serverId(elsewhere)]])
      expect(said).toEqual([['move', 'web-2'], ['abandoned', 'web-2']])
    })
  })

  test('leaves what others brought to a server that it does not watch, while it moves the others', async () => {
    const { flexip, create, read, serverId } = await world(three)
    const [foreign, ip] = [await create('web-3', { tags: ['vip'] }), await create('web-1', { tags: ['vip'] })]
    const base = steady({ shell: (command) => Promise.resolve(command === 'one' && base.now() > 12_000 ? 1 : 0) })
    expect(await flexip(args('--rounds', '20', '--cool-down', '1s', '--json'), base.io)).toMatchObject({ code: 0 })
    expect([(await read(foreign)).serverId, (await read(ip)).serverId]).toEqual([serverId('web-3'), serverId('web-2')])
    expect(events(base.printed.out).filter(({ event }) => event === 'moved')).toHaveLength(1)
  })

  test.each(['web-3', 'web-2'])('moves at once what others brought from %s to a server that is down, and says that it has moved only what it has', async (first) => {
    const { flexip, create, read, serverId, client } = await world(three)
    const ip = await create(first, { tags: ['vip'] })
    let isBrought = false
    const base = steady({
      shell: async (command) => {
        if (!isBrought && base.now() > 20_000) [isBrought] = [true, await client.ensureAttached({ zone: ip.zone, fipsIds: [ip.id], serverId: serverId('web-1') })]
        return command === 'one' && base.now() > 12_000 ? 1 : 0
      },
    })
    expect(await flexip(args('--rounds', '20', '--cool-down', '1h', '--json'), base.io)).toMatchObject({ code: 0 })
    expect(events(base.printed.out).filter(({ to }) => to).map(({ event, to }) => [event, to])).toEqual([['move', 'web-2'], ['moved', 'web-2']])
    expect((await read(ip)).serverId).toBe(serverId('web-2'))
  })

  test('does not say that it has moved what was elsewhere when the attempt began, and begins no cool-down with it', async () => {
    const { flexip, create, read, serverId, client } = await world(three)
    const ip = await create('web-1', { tags: ['vip'] })
    const bring = (name: string) => client.ensureAttached({ zone: ip.zone, fipsIds: [ip.id], serverId: serverId(name) })
    const brought: string[] = []
    const base = steady({
      shell: async (command) => {
        if (brought.length === 1 && base.now() > 60_000) await bring((brought[1] = 'web-1'))
        return command === 'one' && base.now() > 12_000 ? 1 : 0
      },
      // Others bring it to a server that is not watched, just before the attempt reads.
      fetch: async (url, init) => {
        if (brought.length === 0 && base.printed.out.includes('"event":"move"')) await bring((brought[0] = 'web-3'))
        return fetch(url, init as RequestInit)
      },
    })
    expect(await flexip(args('--rounds', '30', '--cool-down', '1h', '--json'), base.io)).toMatchObject({ code: 0 })
    expect(events(base.printed.out).filter(({ to }) => to).map(({ event, to }) => [event, to])).toEqual([['move', 'web-2'], ['abandoned', 'web-2'], ['move', 'web-2'], ['moved', 'web-2']])
    expect((await read(ip)).serverId).toBe(serverId('web-2'))
  })

  test('does not say that it has moved back what others had brought to the first server when the attempt began', async () => {
    const { flexip, create, read, serverId, client } = await world()
    const ip = await create('web-2', { tags: ['vip'] })
    let isBrought = false
    const base = steady({
      shell: () => Promise.resolve(0),
      // Others bring it back, just before the attempt reads.
      fetch: async (url, init) => {
        if (!isBrought && base.printed.out.includes('"event":"move"')) [isBrought] = [true, await client.ensureAttached({ zone: ip.zone, fipsIds: [ip.id], serverId: serverId('web-1') })]
        return fetch(url, init as RequestInit)
      },
    })
    expect(await flexip(args('--rounds', '10', '--failback', '--json'), base.io)).toMatchObject({ code: 0 })
    expect([isBrought, ...events(base.printed.out).filter(({ to }) => to).map(({ event, to }) => [event, to])]).toEqual([true, ['move', 'web-1'], ['abandoned', 'web-1']])
    expect((await read(ip)).serverId).toBe(serverId('web-1'))
  })

  test('says once why it does not know where they are, and that it knows it again', async () => {
    const { flexip, create } = await world(three)
    const ip = await create('web-1', { tags: ['vip'] })
    const base = steady({ fetch: (url, init) => (url.includes('/fips') && base.now() > 20_000 && base.now() < 400_000 ? Promise.resolve(Response.json({ type: 'denied_authentication', details: [] }, { status: 401 })) : fetch(url, init as RequestInit)) })
    await flexip(threeArgs('--ip', ip.ipAddress, '--rounds', '120').filter((word) => word !== '--json'), base.io)
    const said = base.printed.err.split('\n').filter((line) => line.startsWith('it is '))
    // One line for the tag, one for the address.
    expect(said).toEqual([...new Set(said)])
    expect(said.at(-1)).toBe('it is known again where the flexible IPs are')
    expect(said).toHaveLength(3)
  })

  test('refuses server:<name> with 2: it names other flexible IPs after a move', async () => {
    const { flexip, create } = await world()
    await create('web-1')
    expect(await flexip(['watch', 'web-1=command:one', 'web-2=command:two', '--ip', 'server:web-1', '--rounds', '1'])).toMatchObject({ code: 2, err: expect.stringContaining('Allowed is an address, an id, or tag:<tag>.') as string })
  })

  test('moves what is on a server that is down also when another server has more of them', async () => {
    const { flexip, create, read, serverId } = await world(three)
    const ips = [await create('web-1', { tags: ['vip'] }), await create('web-2', { tags: ['vip'] }), await create('web-2', { tags: ['vip'] })]
    const base = steady({ shell: (command) => Promise.resolve(command === 'one' && base.now() > 12_000 ? 1 : 0) })
    expect(await flexip(threeArgs('--rounds', '12', '--cool-down', '1h'), base.io)).toMatchObject({ code: 0 })
    expect(await Promise.all(ips.map(async (ip) => (await read(ip)).serverId))).toEqual(ips.map(() => serverId('web-2')))
  })

  test.each([['after', 20], ['before', 4]])('ends with the exit code of its last failure if a move is unfinished when its rounds are over, which is %s that failure', async (_, rounds) => {
    const { flexip, create, read } = await world()
    const ip = await create('web-1', { tags: ['vip'] })
    const base = steady({
      shell: (command) => Promise.resolve(command === 'one' && base.now() > 4000 ? 1 : 0),
      fetch: (url, init) => (url.endsWith('/attach') ? refusal() : fetch(url, init as RequestInit)),
    })
    const { code } = await flexip(args('--rounds', String(rounds), '--json', '--timeout', '8s'), base.io)
    const failures = base.printed.err.split('\n').filter((line) => line.startsWith('{"error"')).map((line) => (JSON.parse(line) as { error: { exitCode: number } }).error.exitCode)
    expect(failures.length).toBeGreaterThan(0)
    expect(code).not.toBe(0)
    expect(code).toBe(failures.at(-1))
    expect((await read(ip)).serverId).toBeUndefined()
  })

  test('pauses after each attempt that is refused, longer each time, and the rounds go on', async () => {
    const { flexip, create } = await world()
    await create('web-1', { tags: ['vip'] })
    let checks = 0
    const { io, printed } = steady({
      shell: (command) => Promise.resolve(command === 'one' ? ((checks += 1), 1) : 0),
      fetch: (url, init) => (isWrite(init) ? refusal() : fetch(url, init as RequestInit)),
    })
    expect(await flexip(args('--rounds', '50', '--json'), io)).toMatchObject({ code: 3 })
    const attempts = events(printed.out).filter(({ event }) => event === 'move').map(({ at }) => at)
    const pauses = attempts.slice(1).map((at, index) => at - (attempts[index] ?? 0))
    expect(pauses).toEqual([5000, 10_000, 20_000, 40_000, 60_000, 60_000])
    expect(checks).toBe(50)
  })

  test('refuses servers of another zone than the flexible IPs, and one server by two names', async () => {
    const { flexip, create, serverId } = await world()
    await create('web-1', { tags: ['vip'] })
    for (const other of ['db-1', serverId('db-1')]) expect(await flexip(['watch', 'web-1=command:one', `${other}=command:two`, '--ip', 'tag:vip', '--rounds', '3'])).toMatchObject({ code: 2, err: expect.stringMatching(/is in fr-par-1, and db-1 in nl-ams-1/) as string })
    for (const other of ['fr-par-1/web-1', serverId('web-1'), serverId('web-1').toUpperCase()]) expect(await flexip(['watch', 'web-1=command:one', `${other}=command:two`, '--ip', 'tag:vip', '--rounds', '3'])).toMatchObject({ code: 2, err: expect.stringContaining('a server is named twice') as string })
  })

  test('ends with 8 when its flexible IP is deleted, and leaves it out when it watches others', async () => {
    const { flexip, create, client, read, serverId } = await world()
    const ips = [await create('web-1'), await create('web-1')]
    const [gone, stays] = ips
    if (!gone || !stays) throw new Error('unreachable')
    const watching = (...words: string[]) => {
      let checks = 0
      const shell = async (command: string) => {
        if (command === 'one' && (checks += 1) === 3) {
          const [word = ''] = words
          const ip = ips.find(({ ipAddress }) => ipAddress === word)
          if (ip) await client.deleteFlexibleIP({ fipId: ip.id, zone: ip.zone }).then(() => client.waitUntilDeleted({ fipId: ip.id, zone: ip.zone }))
        }
        return command === 'one' && checks > 20 ? 1 : 0
      }
      const { io, printed } = steady({ shell })
      return flexip(['watch', 'web-1=command:one', 'web-2=command:two', ...words.flatMap((word) => ['--ip', word]), '--rise', '2', '--fall', '2', '--rounds', '40', '--json'], io).then(({ code }) => ({ code, ...printed, checks }))
    }
    const both = await watching(gone.ipAddress, stays.ipAddress)
    expect(both).toMatchObject({ code: 0, checks: 40 })
    expect(both.err).toBe(`{"warning":"there is no flexible IP ${gone.ipAddress} any more: it is left out"}\n`)
    expect((await read(stays)).serverId).toBe(serverId('web-2'))
    expect(await watching(stays.ipAddress)).toMatchObject({ code: 8, checks: 8 })
  })

  test.each(['before', 'after'])('does not let the others wait for a flexible IP that is deleted just %s the move is ordered', async (when) => {
    const { flexip, create, client, read, serverId } = await world()
    const [gone, stays] = [await create('web-1'), await create('web-1')]
    let isDeleted = false
    const remove = async () => {
      isDeleted = true
      await client.deleteFlexibleIP({ fipId: gone.id, zone: gone.zone })
      await client.waitUntilDeleted({ fipId: gone.id, zone: gone.zone })
    }
    const base = steady({
      // Reads are at 0, 30 and 60 s. web-1 fails from 55 s on, so that its second failure is at 60 s.
      shell: async (command) => {
        if (when === 'before' && !isDeleted && base.now() >= 55_000) await remove()
        return command === 'one' && base.now() >= 55_000 ? 1 : 0
      },
      fetch: async (url, init) => {
        if (when === 'after' && !isDeleted && base.printed.out.includes('moving to web-2')) await remove()
        return fetch(url, init as RequestInit)
      },
    })
    const moves: [string, number][] = []
    const { out } = base.io
    base.io.out = (text) => {
      const [move] = /^(moving|continuing|moved) /.exec(text) ?? []
      if (move !== undefined) moves.push([move, base.now()])
      out?.(text)
    }
    const words = [gone, stays].flatMap(({ ipAddress }) => ['--ip', ipAddress])
    expect(await flexip(['watch', 'web-1=command:one', 'web-2=command:two', ...words, '--rise', '2', '--fall', '2', '--rounds', '20'], base.io)).toMatchObject({ code: 0 })
    expect([moves, (await read(stays)).serverId]).toEqual([[['moving ', 60_000], ['moved ', 60_000]], serverId('web-2')])
    expect(base.printed.err).toContain(`there is no flexible IP ${gone.ipAddress} now: the others do not wait for it\n`)
    expect(base.printed.err.match(/warning: .*/g)).toEqual([`warning: there is no flexible IP ${gone.ipAddress} any more: it is left out`])
  })

  test('--dry-run says the steps of the move once, and changes nothing', async () => {
    const { flexip, create, read, serverId } = await world()
    const ip = await create('web-1', { tags: ['vip'] })
    const { out } = await flexip(args('--rounds', '12', '--dry-run'), { shell: (command) => Promise.resolve(command === 'one' ? 1 : 0) })
    expect(out.split('\n').slice(2)).toEqual(['moving to web-2', `detach ${ip.ipAddress} from web-1`, `attach ${ip.ipAddress} to web-2`, ''])
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

  test.skipIf(process.platform === 'win32').each(['yes', 'yes >&2', 'yes & sleep 100', 'cat /dev/zero', 'timeout 20 yes; false', 'sleep 100'])('by a command that does not end, %j, is killed when its time is up', async (command) => {
    const { shell } = processIo()
    const ended: number[] = []
    const noting: Io['shell'] = async (...parameters) => {
      const code = await shell(...parameters)
      ended.push(code)
      return code
    }
    // Output makes garbage, and what nothing refers to is collected with it: a limit too, if it is not held.
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const collecting = setInterval(collect, 50)
    onTestFinished(() => clearInterval(collecting))
    const start = performance.now()
    expect(await runCheck({ kind: 'command', command }, testIo({ shell: noting }), 400, new AbortController().signal)).toBe(false)
    expect(performance.now() - start).toBeLessThan(5000)
    await expect.poll(() => ended).toEqual([137])
  })

  test('by HTTP that fetch would never send is refused at the start, with 2', async () => {
    const { flexip, create } = await world()
    await create('web-1', { tags: ['vip'] })
    for (const url of ['http://user:word@127.0.0.1/', 'http://user@127.0.0.1/', 'http://127.0.0.1:6000/', 'https://127.0.0.1:10080/', 'http://127.0.0.1:0/']) {
      const { code, err } = await flexip(['watch', `web-1=${url}`, 'web-2=command:true', '--ip', 'tag:vip', '--rounds', '2'])
      expect([url, code]).toEqual([url, 2])
      expect(err).toMatch(/is not fetched|fetch refuses/)
      await expect(fetch(url)).rejects.toThrow()
    }
  })

  test.each(['tcp://u:pw@127.0.0.1:443', 'tcp://u@127.0.0.1:443', 'tcp://127.0.0.1:443/path', 'tcp://127.0.0.1:443?a', 'tcp://127.0.0.1:443#a', 'command:', 'command: ', 'command:\n'])('%j, which checks something else than it says, is refused with 2', async (check) => {
    const { flexip } = await world()
    expect(await flexip(['watch', `web-1=${check}`, 'web-2=command:true', '--ip', 'tag:vip'])).toMatchObject({ code: 2, err: expect.stringContaining('Allowed is a server, an equals sign and a check') as string })
  })

  test('that this machine cannot make does not count, and is said once', async () => {
    const { flexip, create, read, serverId } = await world()
    const ip = await create('web-1', { tags: ['vip'] })
    const shell: Io['shell'] = (command) => (command === 'one' ? Promise.reject(new Error('spawn /bin/sh EMFILE')) : Promise.resolve(0))
    const { code, out, err } = await flexip(args('--rounds', '8'), { shell })
    expect([code, out]).toEqual([0, 'web-2 is up\n'])
    expect(err.match(/the check of web-1 was not made, and does not count: spawn \/bin\/sh EMFILE/g)).toHaveLength(1)
    expect((await read(ip)).serverId).toBe(serverId('web-1'))
  })

  test('that ignores its end is not waited for', async () => {
    const shell: Io['shell'] = () => new Promise(() => undefined)
    expect(await runCheck({ kind: 'command', command: 'true' }, testIo({ shell }), 5, new AbortController().signal)).toBe(false)
  })
})
