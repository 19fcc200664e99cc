// A target that has no room, and a server id that does not exist: the same exit code for every command.
import { describe, expect, test } from 'vitest'
import type { Fetch } from '../../js/index.js'
import { world } from './support.js'

const unknown = '99999999-9999-4999-8999-999999999999'

/** The commands that bring FREE or MOVED to the target; `-` reads a topology that says so. */
const commands: string[][] = [
  ['attach', 'TARGET', 'FREE'],
  ['attach', 'TARGET', 'FREE', '--no-wait'],
  ['attach', 'TARGET', 'FREE', '--dry-run'],
  ['failover', 'web-1', 'TARGET'],
  ['failover', 'web-1', 'TARGET', '--direct', '--dry-run'],
  ['claim', 'TARGET', 'MOVED'],
  ['claim', 'TARGET', 'FREE', '--direct'],
  ['create', '--server', 'TARGET', '--zone', 'fr-par-1'],
  ['create', '--server', 'TARGET', '--zone', 'fr-par-1', '--no-wait'],
  ['apply', '-', '--yes'],
]

async function setUp() {
  const made = await world({ quota: 100 })
  await made.create('web-2')
  const { out } = await made.flexip(['create', '--server', 'web-2', '--count', '63', '--json'])
  expect(out.trim().split('\n')).toHaveLength(63)
  const [free, moved] = [await made.create(), await made.create('web-1')]
  const run = async (target: string, args: string[]) => {
    made.emulator.clearJournal()
    const words: Record<string, string> = { TARGET: target, FREE: free.ipAddress, MOVED: moved.ipAddress }
    const { code, err, out } = await made.flexip(args.map((arg) => words[arg] ?? arg), { readInput: () => Promise.resolve(`flexibleIps: [{ ip: ${moved.ipAddress}, server: ${target} }]`) })
    const changes = made.emulator.journal.filter(({ method, status }) => method !== 'GET' && (status ?? 0) < 400)
    return { code, err, out, changes: changes.length }
  }
  return { ...made, free, moved, run }
}

describe('a target that', () => {
  test('is full ends every command with 3, and nothing is changed', async () => {
    const { run } = await setUp()
    for (const args of commands) expect([args, await run('web-2', args)]).toEqual([args, expect.objectContaining({ code: 3, changes: 0, err: expect.stringMatching(/at most 64 flexible IPs|quotas_exceeded/) as string })])
  })

  test('does not exist ends every command with 8, and nothing is changed', async () => {
    const { run } = await setUp()
    for (const args of [...commands, ['failover', unknown, 'web-1']]) expect([args, await run(unknown, args)]).toEqual([args, expect.objectContaining({ code: 8, changes: 0, err: expect.stringContaining(unknown) as string })])
  })

  test.each([
    ['is full, and a gateway has no Elastic Metal API', { message: 'no route' }, 3, /at most 64 flexible IPs/],
    ['is full, and was deleted', { type: 'not_found', resource: 'servers', resource_id: 'TARGET', message: 'resource is not found' }, 8, /^error: there is no server TARGET\n/],
  ])('%s: what the API says of the server decides', async (_, body, exitCode, message) => {
    const { flexip, moved, free, serverId } = await setUp()
    const target = serverId('web-2')
    const text = JSON.stringify(body).replace('TARGET', target)
    const fetchWithout: Fetch = (url, init) => (url.includes(`/servers/${target}`) ? Promise.resolve(new Response(text, { status: 404, headers: { 'Content-Type': 'application/json' } })) : fetch(url, init as RequestInit))
    const pattern = new RegExp(message.source.replace('TARGET', target), 'm')
    for (const args of [['attach', target, free.ipAddress], ['failover', 'web-1', target], ['claim', target, moved.ipAddress]]) expect([args[0], await flexip(args, { fetch: fetchWithout })]).toEqual([args[0], expect.objectContaining({ code: exitCode, err: expect.stringMatching(pattern) as string })])
  })

  test('is full does not end claim --while, which goes on until there is room', async () => {
    const { flexip, moved, client, serverId, read } = await setUp()
    const [held] = await client.listFlexibleIPs({ zone: 'fr-par-1', serverIds: [serverId('web-2')] }).all()
    let text = ''
    const err = (part: string) => {
      if (part.startsWith('not done yet') && text === '') void client.deleteFlexibleIP({ fipId: held?.id ?? '' })
      text += part
    }
    const { code } = await flexip(['claim', 'web-2', moved.ipAddress, '--while', 'true', '--timeout', '1h'], { err })
    expect([code, text]).toEqual([0, expect.stringContaining('not done yet: a server has at most 64 flexible IPs') as string])
    expect((await read(moved)).serverId).toBe(serverId('web-2'))
  })
})

describe('flexip watch', () => {
  const rounds = ['--ip', 'tag:vip', '--rounds', '8', '--fall', '2', '--json']
  const shell = (command: string) => Promise.resolve(command === 'bad' ? 1 : 0)

  test('reports a target that is full with 3, goes on, and ends with 3 if the move is unfinished then', async () => {
    const { flexip, client, moved } = await setUp()
    await client.updateFlexibleIP({ fipId: moved.id, tags: ['vip'] })
    const { code, err } = await flexip(['watch', 'web-1=command:bad', 'web-2=command:good', ...rounds], { shell })
    const failures = err.trim().split('\n').map((line) => JSON.parse(line) as { error: { exitCode: number } })
    expect([code, failures.length > 0, new Set(failures.map(({ error }) => error.exitCode))]).toEqual([3, true, new Set([3])])
  })

  test('ends with 8 at its start when a server id does not exist', async () => {
    const { flexip, create } = await world()
    await create('web-1', { tags: ['vip'] })
    expect(await flexip(['watch', 'web-1=command:bad', `${unknown}=command:good`, ...rounds], { shell })).toMatchObject({ code: 8, out: '', err: expect.stringContaining(`there is no server ${unknown}`) as string })
  })
})
