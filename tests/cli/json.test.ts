// The output of --json, against docs/command-output.schema.json.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, onTestFinished, test } from 'vitest'
import { spawnCli, temporaryFolder, whenReady } from '../server/support/served.js'
import { problemsOf } from './json-schema.js'
import { flexip, linesOf, testIo, world } from './support.js'
import { createProgram } from '../../js/cli/program.js'

test('the validator refuses what the schema does not allow', () => {
  expect(problemsOf('deleted', { id: 'x', address: 1, zone: 'z', more: 1 })).toEqual(['deleted.deleted is missing', 'deleted.id: id is x', 'deleted.address is of type number, not string', 'deleted.more is not in the schema'])
  expect(problemsOf('step', { action: 'delete', addresses: [1], fipsIds: [], serverId: null })).toEqual(['step.action is "delete"', 'step.addresses: texts[0] is of type number, not string'])
  expect(problemsOf('none', 1)).toEqual(['there is no schema none'])
})

test('emulator and record print one line when they are ready, as the schema says', async () => {
  const emulator = spawnCli(['emulator', '--port', '0', '--json', '--server', 'fr-par-1/web-1'])
  onTestFinished(() => void emulator.kill('SIGKILL'))
  const ready = await whenReady(emulator)
  expect(problemsOf('ready', ready)).toEqual([])
  const recorder = spawnCli(['record', '--port', '0', '--json', '--upstream', ready.url, '--to', join(temporaryFolder(), 'session.jsonl')])
  onTestFinished(() => void recorder.kill('SIGKILL'))
  expect(problemsOf('recorder', await whenReady(recorder))).toEqual([])
})

/** Arguments, with the schema of the lines that they print. */
const rows: [string, string[]][] = [
  ['flexibleIp', ['ls']],
  ['flexibleIp', ['get', 'A', 'D']],
  ['flexibleIp', ['where', 'A', 'D']],
  ['flexibleIp', ['create', '--zone', 'nl-ams-1']],
  ['flexibleIp', ['create', '--server', 'web-1', '--no-wait']],
  ['flexibleIp', ['update', 'A', '--description', 'x']],
  ['flexibleIp', ['attach', 'web-1', 'D']],
  ['flexibleIp', ['detach', 'A', 'B', '--yes']],
  ['flexibleIp', ['mac', 'generate', 'C']],
  ['flexibleIp', ['mac', 'rm', 'A', '--yes']],
  ['flexibleIp', ['failover', 'web-1', 'web-2']],
  ['flexibleIp', ['claim', 'web-2', 'A', 'D']],
  ['deleted', ['rm', 'A', 'B', '--yes']],
  ['deleted', ['rm', 'C', '--yes', '--no-wait']],
  ['destination', ['destinations', 'A']],
  ['step', ['attach', 'web-1', 'D', '--dry-run']],
  ['step', ['detach', 'C', '--dry-run']],
  ['step', ['failover', 'web-1', 'web-2', '--dry-run']],
  ['step', ['claim', 'web-2', 'A', '--dry-run']],
  ['create', ['create', '--server', 'web-1', '--tag', 'x', '--description', 'y', '--ipv6', '--dry-run']],
  ['create', ['create', '--zone', 'nl-ams-1', '--reverse', 'a.example.org', '--dry-run']],
  ['update', ['update', 'A', '--description', 'x', '--tag', 'y', '--reverse', 'a.example.org', '--dry-run']],
  ['delete', ['rm', 'A', 'D', '--dry-run']],
  ['macStep', ['mac', 'generate', 'C', '--dry-run']],
  ['macStep', ['mac', 'duplicate', 'A', 'E', '--dry-run']],
  ['macStep', ['mac', 'move', 'A', 'E', '--dry-run']],
  ['macStep', ['mac', 'rm', 'A', '--dry-run']],
  ['flexibleIp', ['mac', 'duplicate', 'A', 'E']],
  ['flexibleIp', ['mac', 'move', 'A', 'E', '--yes']],
  ['server', ['servers']],
  ['network', ['network', 'A', '--os', 'netplan', '--role', 'vm']],
  ['network', ['network', 'C', '--os', 'ifupdown']],
  ['change', ['plan', 'TOPOLOGY']],
  ['change', ['apply', 'TOPOLOGY', '--dry-run']],
  ['watchEvent', ['watch', 'web-1=command:one', 'web-2=command:two', '--ip', 'tag:vip', '--rounds', '5']],
  ['watchEvent', ['watch', 'web-1=command:one', 'web-2=command:two', '--ip', 'tag:vip', '--rounds', '5', '--dry-run']],
]

test('every command that has --json is run with it here', () => {
  const leaves = (command: Command, path: string[]): [string, Command][] => (command.commands.length > 0 ? command.commands.flatMap((child) => leaves(child, [...path, child.name()])) : [[path.join(' '), command]])
  const all = leaves(createProgram(Object.assign(testIo(), { exitCode: 0 })), []).filter(([, command]) => command.options.some(({ long }) => long === '--json'))
  expect(all.length).toBeGreaterThan(20)
  // These have tests of their own; mcp refuses the option.
  const others = ['apply', 'emulator', 'record', 'mcp', 'console']
  const missing = all.filter(([name]) => !others.includes(name) && !rows.some(([, args]) => args.slice(0, name.split(' ').length).join(' ') === name))
  expect(missing.map(([name]) => name)).toEqual([])
  const dry = all.filter(([, command]) => command.options.some(({ long }) => long === '--dry-run'))
  expect(dry.filter(([name]) => !rows.some(([, args]) => args.join(' ').startsWith(name) && args.includes('--dry-run'))).map(([name]) => name)).toEqual([])
})

describe('every line of --json is what the schema says:', () => {
  /** Runs the command in a world with five flexible IPs, A to E; A and B are a MAC group on web-1 and E is there too, C is on web-2, D is an IPv6 block on no server. */
  async function run(args: string[]) {
    const made = await world()
    const [a, b, c, d] = [await made.create('web-1', { tags: ['vip'], description: 'one' }), await made.create('web-1'), await made.create('web-2'), await made.create(undefined, { isIpv6: true })]
    const e = await made.create('web-1')
    await made.group(a, b)
    const topology = join(temporaryFolder(), 'topology.yaml')
    writeFileSync(topology, `flexibleIps:\n  - { ip: ${c.ipAddress}, server: null, tags: [x], description: y }\n  - { ip: ${d.id}, server: web-1 }\n`)
    const names: Record<string, string> = { A: a.ipAddress, B: b.ipAddress, C: c.ipAddress, D: d.ipAddress, E: e.ipAddress, TOPOLOGY: topology }
    return made.flexip([...args.map((arg) => names[arg] ?? arg), '--json'], { shell: (command) => Promise.resolve(command === 'one' ? 1 : 0) })
  }

  test.each(rows)('%s: flexip %j', async (schema, args) => {
    const ended = await run(args)
    const lines = linesOf(ended)
    expect(lines.length).toBeGreaterThan(0)
    // The steps of a move stand between the events of watch.
    expect(lines.flatMap((line) => problemsOf(schema === 'watchEvent' && 'action' in line ? 'step' : schema, line))).toEqual([])
    expect(ended.err).toBe('')
  })

  test.each<[number, string[]]>([
    [8, ['get', '9.9.9.9']],
    [2, ['get', 'x']],
    [3, ['rm', 'A']],
    [3, ['attach', 'web-2', 'A']],
    [2, ['create', '--zone', 'fr-par-1', '--project', 'x']],
  ])('failure: with code %i, flexip %j', async (code, args) => {
    const ended = await run(args)
    expect([ended.code, ended.out]).toEqual([code, ''])
    const failures = ended.err.trim().split('\n').map((line) => JSON.parse(line) as { error: { exitCode: number } })
    expect(failures.flatMap((line) => problemsOf('failure', line))).toEqual([])
    expect(failures.map(({ error }) => error.exitCode)).toEqual([code])
  })

  test('apply prints its changes, then the flexible IPs', async () => {
    const lines = linesOf(await run(['apply', 'TOPOLOGY', '--yes']))
    expect(lines.flatMap((line) => problemsOf('action' in line ? 'change' : 'flexibleIp', line))).toEqual([])
    expect(lines.length).toBe(6)
  })
})

describe('with --json, every line of the standard error is an object, as the schema says:', () => {
  test.each<[string[]]>([
    [['ls', '--nope']],
    [['lss']],
    [['rm']],
    [['ls', '--zone', 'x']],
    [['ls', '--timeout', 'never']],
    [['mac']],
    [['replay', 'session.jsonl']],
    [['record']],
    [['record', '--to', '/nowhere/x', '--upstream', 'nope', '--port', '0']],
    [['record', '--to', '/nowhere/x', '--upstream', 'http://127.0.0.1:1', '--port', '0']],
    [['emulator', '--port', '99999']],
    [['emulator', '--port', '0', '--set', 'foo=1']],
    [['emulator', '--port', '0', '--host', '0.0.0.0']],
  ])('a failure of flexip %j', async (args) => {
    const { code, out, err } = await flexip([...args, '--json'])
    expect([code === 0, out]).toEqual([false, ''])
    const lines = err.trimEnd().split('\n').map((line) => JSON.parse(line) as { error: { exitCode: number; message: string } })
    expect(lines.flatMap((line) => problemsOf('failure', line))).toEqual([])
    expect(lines.map(({ error }) => error.exitCode)).toEqual([code])
    expect(lines[0]?.error.message).toMatch(/^(?!error: )./)
  })

  test('without --json, and after --, a wrong argument is said in words', async () => {
    expect(await flexip(['ls', '--nope'])).toMatchObject({ code: 2, err: expect.stringMatching(/^error: unknown option '--nope'/) as string })
    expect(await flexip(['rm', '--nope', '--', '--json'])).toMatchObject({ code: 2, err: expect.stringMatching(/^error: unknown option '--nope'/) as string })
    expect(await flexip(['lss', '--json'])).toMatchObject({ err: expect.stringContaining('"hints":["(Did you mean ls?)"]') as string })
  })
})
