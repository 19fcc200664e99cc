// The commands that change flexible IPs, against an emulator on a port.
import { describe, expect, test } from 'vitest'
import { run } from '../../js/cli/program.js'
import { linesOf, testIo, world } from './support.js'

describe('flexip create', () => {
  test('creates in the zone of the server and waits until the flexible IP is attached', async () => {
    const { json, serverId } = await world()
    expect(await json('create', '--server', 'db-1', '--description', 'database', '--tag', 'a', '--tag', 'b')).toMatchObject([{ zone: 'nl-ams-1', status: 'attached', serverId: serverId('db-1'), serverName: 'db-1', description: 'database', tags: ['a', 'b'] }])
  })

  test('creates several at once, and IPv6 blocks', async () => {
    const { json } = await world()
    const made = await json('create', '--zone', 'fr-par-2', '--count', '3', '--ipv6')
    expect(made).toHaveLength(3)
    expect(new Set(made.map(({ address }) => address)).size).toBe(3)
    expect(made).toMatchObject(Array.from({ length: 3 }, () => ({ zone: 'fr-par-2', status: 'ready', address: expect.stringMatching(/::\/64$/) as string })))
  })

  test('without a zone is refused before anything is sent, and --dry-run creates nothing', async () => {
    const { flexip, emulator } = await world()
    expect(await flexip(['create'])).toMatchObject({ code: 2, err: expect.stringMatching(/the zone .* is missing\n.*--zone/) as string })
    expect(await flexip(['create', '--zone', 'fr-par-1', '--dry-run'])).toEqual({ code: 0, out: 'create 1 flexible IP in fr-par-1\n', err: '' })
    expect(emulator.journal.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  test('with an empty key is refused in words that name --key', async () => {
    const { flexip, emulator } = await world()
    emulator.clearJournal()
    expect(await flexip(['create', '--zone', 'fr-par-1', '--key', ''])).toMatchObject({ code: 2, err: expect.stringContaining("option '--key <text>' argument '' is invalid") as string })
    expect(emulator.journal).toEqual([])
  })

  test('with the same key twice has one flexible IP', async () => {
    const { json } = await world()
    const [first] = await json('create', '--zone', 'fr-par-1', '--key', 'mail-1')
    const [second] = await json('create', '--zone', 'fr-par-1', '--key', 'mail-1')
    expect(second?.id).toBe(first?.id)
  })

  test.each([[], ['--json']])('that is interrupted while its request is out says that something was sent, and how to see it, also with --server: %j', async (...json) => {
    const { url } = await world()
    const io = testIo({
      fetch: (target, init) => {
        if (init.method === 'POST') queueMicrotask(() => io.raise('SIGINT'))
        return init.method === 'POST' ? new Promise((_, reject) => init.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error))) : fetch(target, init as RequestInit)
      },
    })
    expect(await run(['create', '--server', 'web-1', `--emulator=${url}`, ...json], io)).toBe(130)
    expect(io.printed.err).toMatch(/A change was sent before\. To see what was done: flexip ls/)
  })

  test('--dry-run refuses with 2 what create and update would refuse', async () => {
    const { flexip, create } = await world()
    const { ipAddress } = await create()
    const long = 'x'.repeat(300)
    for (const args of [['create', '--zone', 'fr-par-1', '--description', long], ['update', ipAddress, '--description', long]]) {
      for (const dryRun of [[], ['--dry-run']]) expect([args[0], dryRun, await flexip([...args, ...dryRun])]).toEqual([args[0], dryRun, { code: 2, out: '', err: expect.stringContaining('255') as string }])
    }
  })

  test('at the quota after a part ends with 6, and prints what was created', async () => {
    const { flexip } = await world({ quota: 2 })
    const { code, out, err } = await flexip(['create', '--zone', 'fr-par-1', '--count', '3', '--json'])
    expect([code, out.trim().split('\n').length]).toEqual([6, 2])
    expect(JSON.parse(err)).toMatchObject({ error: { exitCode: 3, code: 'quotas_exceeded' } })
  })
})

describe('flexip update', () => {
  test('changes only what is named, for all with a tag', async () => {
    const { json, create } = await world()
    await create(undefined, { tags: ['old', 'x'], description: 'one' })
    await create(undefined, { tags: ['old'], description: 'two' })
    await create(undefined, { tags: ['other'] })
    expect(await json('update', 'tag:old', '--remove-tag', 'old', '--add-tag', 'new')).toMatchObject([{ tags: ['x', 'new'], description: 'one' }, { tags: ['new'], description: 'two' }])
  })

  test('with nothing to change ends with 2', async () => {
    const { flexip, create } = await world()
    const { ipAddress } = await create()
    expect(await flexip(['update', ipAddress])).toMatchObject({ code: 2, err: expect.stringContaining('--description') as string })
  })
})

test('flexip update refuses --no-tags with --tag, in either order, and sends nothing', async () => {
  const { flexip, create, read, emulator } = await world()
  const ip = await create(undefined, { tags: ['old'] })
  emulator.clearJournal()
  expect(await flexip(['update', ip.ipAddress, '--add-tag', 'b', '--remove-tag', 'b'])).toMatchObject({ code: 2, err: expect.stringContaining('--add-tag and --remove-tag both name "b"') as string })
  for (const options of [['--no-tags', '--tag', 'a'], ['--tag', 'a', '--no-tags']]) expect(await flexip(['update', ip.ipAddress, ...options])).toMatchObject({ code: 2, err: expect.stringContaining('--no-tags and --tag exclude each other') as string })
  expect(emulator.journal).toEqual([])
  expect((await read(ip)).tags).toEqual(['old'])
})

test('the time that a person thinks about a question does not count to --timeout', async () => {
  const { flexip, create, read } = await world()
  for (const command of [['rm'], ['detach'], ['mac', 'rm'], ['apply']]) {
    const ip = await create('web-1')
    await flexip(['mac', 'generate', ip.ipAddress])
    let now = 0
    const ask = () => {
      now += 24 * 3_600_000
      return Promise.resolve('y')
    }
    const readInput = () => Promise.resolve(`flexibleIps: [{ ip: ${ip.ipAddress}, server: null }]`)
    const args = command[0] === 'apply' ? ['apply', '-'] : [...command, ip.ipAddress]
    expect([command, (await flexip([...args, '--timeout', '1m'], { ask, readInput, now: () => now })).code, now > 0]).toEqual([command, 0, true])
    if (command[0] === 'rm') await expect(read(ip)).rejects.toMatchObject({ code: 'permissions_denied' })
    else if (command[0] !== 'mac') expect((await read(ip)).serverId).toBeUndefined()
  }
})

describe('flexip rm', () => {
  test('asks, and deletes nothing for any answer but yes', async () => {
    const { flexip, create, read } = await world()
    const ip = await create('web-1')
    const questions: string[] = []
    const ask = (answer: string) => (question: string) => {
      questions.push(question)
      return Promise.resolve(answer)
    }
    expect((await flexip(['rm', ip.ipAddress], { ask: ask('') })).code).toBe(3)
    expect((await flexip(['rm', ip.ipAddress], { ask: ask('nope') })).code).toBe(3)
    expect(questions[0]).toBe(`Delete 1 flexible IP: ${ip.ipAddress} (on web-1)? [y/N] `)
    expect((await read(ip)).status).toBe('attached')
    expect(await flexip(['rm', ip.ipAddress], { ask: ask('y') })).toMatchObject({ code: 0, out: `${ip.ipAddress} is deleted\n` })
    await expect(read(ip)).rejects.toMatchObject({ code: 'permissions_denied' })
  })

  test('without a terminal and without --yes it refuses, and says what to add', async () => {
    const { flexip, create, read } = await world()
    const ip = await create()
    expect(await flexip(['rm', ip.ipAddress])).toMatchObject({ code: 3, err: expect.stringContaining('Add --yes') as string })
    expect((await read(ip)).status).toBe('ready')
  })

  test('deletes several at once with --yes, and goes on after one that fails', async () => {
    const { flexip, create, emulator, read } = await world()
    const [first, second] = [await create(undefined, { tags: ['t'] }), await create(undefined, { tags: ['t'] })]
    emulator.addFault({ operation: 'deleteFlexibleIP', fipId: first.id, fault: { status: { status: 423, body: { type: 'locked', resource: 'flexible_ip', resource_id: first.id } } } })
    const { code, err } = await flexip(['rm', 'tag:t', '--yes'])
    expect(code).toBe(6)
    expect(err).toContain(`${first.ipAddress}: `)
    await expect(read(second)).rejects.toMatchObject({ code: 'permissions_denied' })
    expect((await read(first)).status).toBe('ready')
  })
})

describe('flexip attach and detach', () => {
  test('attach waits until all are attached', async () => {
    const { json, create } = await world()
    const [a, b] = [await create(), await create()]
    expect(await json('attach', 'web-1', a.ipAddress, b.id)).toMatchObject([{ status: 'attached', serverName: 'web-1' }, { status: 'attached' }])
  })

  test('attach refuses one that is on another server, and names the command that moves it', async () => {
    const { flexip, create, read, serverId, url } = await world()
    const ip = await create('web-1')
    expect(await flexip(['attach', 'web-2', ip.ipAddress])).toMatchObject({ code: 3, err: expect.stringContaining(`To move: flexip claim --emulator=${url} web-2 ${ip.ipAddress}\n`) as string })
    expect((await read(ip)).serverId).toBe(serverId('web-1'))
  })

  test('attach --no-wait returns while the service is at work', async () => {
    const { flexip, create } = await world({ timing: 'recorded' })
    const ip = await create()
    const [row] = linesOf(await flexip(['attach', 'web-1', ip.ipAddress, '--no-wait', '--json']))
    expect(row).toMatchObject({ status: 'updating', serverId: null })
  })

  test('detach of a part of a MAC group is refused without --alone', async () => {
    const { flexip, create, group, read, json } = await world()
    const [a, b] = [await create('web-1'), await create('web-1')]
    await group(a, b)
    expect(await flexip(['detach', a.ipAddress, '--yes'])).toMatchObject({ code: 3, err: expect.stringContaining(`${b.ipAddress} shares`) as string })
    expect(await json('detach', a.ipAddress, '--alone', '--yes')).toMatchObject([{ status: 'ready', serverId: null, mac: null }])
    expect((await read(b)).macAddress).toBeDefined()
  })

  test('a flexible IP that is on a server has the name of the server with --json, whatever the command', async () => {
    const { json, create, serverId } = await world({ timing: { detach: 3_600_000 } })
    const [a, b] = [await create('web-1'), await create()]
    const named = [{ serverName: 'web-1' }]
    expect(await json('mac', 'generate', a.ipAddress, '--yes')).toMatchObject(named)
    expect(await json('mac', 'rm', a.ipAddress, '--yes')).toMatchObject(named)
    expect(await json('attach', serverId('web-1'), b.id)).toMatchObject(named)
    expect(await json('create', '--zone', 'fr-par-1', '--server', serverId('web-1'))).toMatchObject(named)
    expect(await json('detach', b.id, '--yes', '--alone', '--no-wait')).toMatchObject([{ status: 'detaching', serverId: serverId('web-1'), serverName: 'web-1' }])
  })

  test('detach server:web-1 takes all from the server, in their groups', async () => {
    const { json, create, group } = await world()
    const [a, b] = [await create('web-1'), await create('web-1'), await create('web-1')]
    await group(a, b)
    const rows = await json('detach', 'server:web-1', '--yes')
    expect(rows).toHaveLength(3)
    expect(rows.every(({ status, serverId }) => status === 'ready' && serverId === null)).toBe(true)
    expect(rows.filter(({ mac }) => mac !== null)).toHaveLength(2)
  })
})

test('flexip detach that detached nothing prints no table', async () => {
  const { flexip, create, emulator } = await world()
  const ip = await create('web-1')
  emulator.addFault({ operation: 'detachFlexibleIP', fault: { status: { status: 412, body: { type: 'precondition_failed', precondition: 'x', message: 'no' } } } })
  expect(await flexip(['detach', ip.ipAddress, '--yes'])).toMatchObject({ code: 3, out: '' })
})

describe('flexip mac', () => {
  test('generates, duplicates, moves and deletes virtual MAC addresses', async () => {
    const { json, create, flexip } = await world()
    const [a, b] = [await create('web-1'), await create('web-1')]
    const [made] = await json('mac', 'generate', a.ipAddress, '--type', 'xen')
    expect(made).toMatchObject({ mac: { type: 'xen', status: 'used' } })
    expect(await json('mac', 'duplicate', a.ipAddress, b.ipAddress)).toMatchObject([{ id: b.id, mac: (made as { mac: { id: string } }).mac.id === undefined ? {} : { id: (made as { mac: { id: string } }).mac.id } }])
    expect(await json('mac', 'rm', b.ipAddress, '--yes')).toMatchObject([{ id: b.id, mac: null }])
    expect((await flexip(['mac', 'rm', a.ipAddress])).code).toBe(3)
    const c = await create()
    const d = await create()
    await json('mac', 'generate', c.ipAddress)
    expect(await json('mac', 'move', c.ipAddress, d.ipAddress, '--yes')).toMatchObject([{ id: d.id, mac: { type: 'kvm' } }])
  })

  test.each(['duplicate', 'move'])('%s asks before it replaces the address of the target, and --dry-run says so', async (action) => {
    const { flexip, create, json, emulator } = await world()
    const [a, b] = [await create('web-1'), await create('web-1')]
    await json('mac', 'generate', a.ipAddress)
    const [own] = (await json('mac', 'generate', b.ipAddress)) as unknown as { mac: { address: string } }[]
    const address = own?.mac.address ?? ''
    expect((await flexip(['mac', action, a.ipAddress, b.ipAddress, '--dry-run'])).out).toContain(`, in place of ${address}\n`)
    expect(await flexip(['mac', action, a.ipAddress, b.ipAddress])).toMatchObject({ code: 3, err: expect.stringMatching(new RegExp(`${action === 'move' ? `Move the virtual MAC address .* of ${a.ipAddress}, which then has none, to ${b.ipAddress}, in place of ${address}` : `Replace the virtual MAC address of ${b.ipAddress} \\(${address}\\)`}: there is no terminal to ask on`)) as string })
    expect((await flexip(['mac', action, a.ipAddress, b.ipAddress], { ask: () => Promise.resolve('no') })).code).toBe(3)
    const sent = () => emulator.journal.filter(({ target }) => target.endsWith(`/mac/${action}`)).length
    expect(sent()).toBe(0)
    // The emulator refuses it. A service may not.
    await flexip(['mac', action, a.ipAddress, b.ipAddress, '--yes'])
    expect(sent()).toBe(1)
  })

  test('move asks also when the target has no address, because the source loses its own; duplicate does not', async () => {
    const { flexip, create, json, emulator, read } = await world()
    const [a, b] = [await create('web-1'), await create('web-1')]
    await json('mac', 'generate', a.ipAddress)
    expect(await flexip(['mac', 'move', a.ipAddress, b.ipAddress])).toMatchObject({ code: 3, out: '', err: expect.stringContaining(`of ${a.ipAddress}, which then has none, to ${b.ipAddress}: there is no terminal to ask on`) as string })
    expect((await flexip(['mac', 'move', a.ipAddress, b.ipAddress], { ask: () => Promise.resolve('n') })).code).toBe(3)
    expect(emulator.journal.filter(({ target }) => target.endsWith('/mac/move'))).toEqual([])
    expect((await flexip(['mac', 'move', a.ipAddress, b.ipAddress], { ask: () => Promise.resolve('y') })).code).toBe(0)
    expect([(await read(a)).macAddress, (await read(b)).macAddress !== undefined]).toEqual([undefined, true])
    expect((await flexip(['mac', 'duplicate', b.ipAddress, a.ipAddress])).code).toBe(0)
  })

  test('duplicate onto a member of the same MAC group replaces nothing, and does not ask', async () => {
    const { flexip, create, group } = await world()
    const [a, b] = [await create('web-1'), await create('web-1')]
    await group(a, b)
    expect((await flexip(['mac', 'duplicate', a.ipAddress, b.ipAddress, '--dry-run'])).out).toBe(`give ${b.ipAddress} the address of ${a.ipAddress}\n`)
    expect((await flexip(['mac', 'duplicate', a.ipAddress, b.ipAddress])).err).not.toContain('Replace')
  })

  test('duplicate between servers is refused with both named', async () => {
    const { flexip, create, json } = await world()
    const [a, b] = [await create('web-1'), await create('web-2')]
    await json('mac', 'generate', a.ipAddress)
    expect((await flexip(['mac', 'duplicate', a.ipAddress, b.ipAddress])).code).toBe(2)
  })
})

test('mac move of a member of a MAC group to another server is refused with 3, also by --dry-run', async () => {
  const { flexip, create, group, emulator } = await world()
  const [a, b, c] = [await create('web-1'), await create('web-1'), await create('web-2')]
  await group(a, b)
  emulator.clearJournal()
  for (const option of ['--yes', '--dry-run']) expect(await flexip(['mac', 'move', a.ipAddress, c.ipAddress, option])).toMatchObject({ code: 3, out: '', err: expect.stringContaining(`${b.ipAddress} shares the virtual MAC address of ${a.ipAddress}`) as string })
  expect(emulator.journal.filter(({ method }) => method !== 'GET')).toEqual([])
})

test('a secret in a tag does not shift the columns of a table, and its length is not seen', async () => {
  const { flexip, create, emulator } = await world()
  await create('web-1', { tags: [emulator.secretKey], description: 'a' })
  await create('web-1', { tags: ['x'], description: 'b' })
  const io = testIo()
  io.secrets.add(emulator.secretKey)
  const { out } = await flexip(['ls'], { secrets: io.secrets })
  const lines = out.trimEnd().split('\n')
  expect(out).toContain('[secret]')
  expect(new Set(lines.map((line) => line.search(/ID$|[0-9a-f-]{36}$/))).size).toBe(1)
  expect(lines[0]).toMatch(/TAGS {6}MAC/)
})
