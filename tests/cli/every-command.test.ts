// What every command has, whichever it is: help with examples, lines that fit, a completion, its time, and its waits.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { createProgram } from '../../js/cli/program.js'
import type { Fetch } from '../../js/index.js'
import { temporaryFolder } from '../server/support/served.js'
import { flexip, linesOf, testIo, world } from './support.js'

const leavesOf = (command: Command, path: string[]): [string, Command][] => (command.commands.length > 0 ? command.commands.flatMap((child) => leavesOf(child, [...path, child.name()])) : [[path.join(' '), command]])
const leaves = leavesOf(createProgram(Object.assign(testIo(), { exitCode: 0 })), [])
const optionsOf = (command: Command) => command.options.flatMap(({ long, short }) => [long, short]).filter((name) => name !== undefined)

test('there are more than 25 commands', () => expect(leaves.length).toBeGreaterThan(25))

describe('the help of every command', () => {
  test('has examples, which name this command and options that exist', async () => {
    for (const [name, command] of leaves) {
      const { code, out } = await flexip([...name.split(' '), '--help'])
      const examples = [...out.matchAll(/^ {2}\$ (.*)$/gm)].map(([, line = '']) => line)
      expect([name, code, examples.length > 0]).toEqual([name, 0, true])
      for (const line of examples) {
        expect(line).toContain(`flexip ${name}`)
        const own = line.slice(line.indexOf(`flexip ${name}`)).split(' && ')[0]?.replaceAll(/'[^']*'/g, '') ?? ''
        const wrong = [...own.matchAll(/\s(--?[a-z][\w-]*)/g)].map(([, option = '']) => option).filter((option) => !optionsOf(command).includes(option))
        expect([line, wrong]).toEqual([line, []])
      }
    }
  })

  test.each([80, 120])('has no line that is longer than a terminal of %i columns, but for examples', async (columns) => {
    for (const [name] of leaves) {
      const io = { outIsTerminal: true, errIsTerminal: true, columns }
      const { out } = await flexip([...name.split(' '), '--help'], io)
      expect([name, out.split('\n').filter((line) => line.length > columns && !/^ {2}[$#] /.test(line))]).toEqual([name, []])
    }
  })
})

test('the completion of bash offers every option of every command', async () => {
  const script = join(temporaryFolder(), 'completion.bash')
  writeFileSync(script, (await flexip(['completion', 'bash'])).out)
  const asks = leaves.map(([name]) => `COMP_WORDS=(flexip ${name} --); COMP_CWORD=${name.split(' ').length + 1}; _flexip; echo "\${COMPREPLY[@]}"`)
  const lines = execFileSync('bash', ['-c', `source ${script}; ${asks.join('; ')}`]).toString().trimEnd().split('\n')
  for (const [index, [name, command]] of leaves.entries()) {
    const long = command.options.filter(({ hidden }) => !hidden).flatMap(({ long }) => long ?? [])
    expect([name, (lines[index] ?? '').split(' ').sort()]).toEqual([name, [...new Set([...long, '--help'])].sort()])
  }
})

/** The commands of the API, with IP for a flexible IP on web-1 and OTHER for one on no server. */
const calls: Record<string, string[]> = {
  ls: [],
  get: ['IP'],
  where: ['IP'],
  destinations: ['IP'],
  servers: [],
  create: ['--zone', 'fr-par-1'],
  update: ['IP', '--description', 'x'],
  rm: ['IP', '--yes'],
  attach: ['web-1', 'OTHER'],
  detach: ['IP', '--yes'],
  'mac generate': ['IP', '--yes'],
  'mac duplicate': ['IP', 'OTHER', '--yes'],
  'mac move': ['IP', 'OTHER', '--yes'],
  'mac rm': ['IP', '--yes'],
  failover: ['web-1', 'web-2'],
  claim: ['web-2', 'IP'],
  plan: ['-'],
  apply: ['-', '--yes'],
  network: ['IP', '--os', 'netplan'],
}

const withTimeout = leaves.filter(([, command]) => optionsOf(command).includes('--timeout')).map(([name]) => name)

test('every command with --timeout ends with 5 when the API does not respond until then, and a create, which was sent, with 4', async () => {
  // These run for ever: their --timeout is that of a move, and of a call.
  expect(withTimeout.filter((name) => !['watch', 'mcp'].includes(name)).sort()).toEqual(Object.keys(calls).sort())
  const { flexip: run, create } = await world()
  const [ip, other] = [await create('web-1'), await create()]
  const hung: Fetch = (_, init) => new Promise((_resolve, reject) => init.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error)))
  const readInput = () => Promise.resolve(`flexibleIps: [{ ip: ${ip.ipAddress}, tags: [x] }]`)
  const names: Record<string, string> = { IP: ip.ipAddress, OTHER: other.ipAddress }
  const ends = await Promise.all(Object.entries(calls).map(async ([name, args]) => [name, (await run([...name.split(' '), ...args.map((arg) => names[arg] ?? arg), '--timeout', '1s'], { fetch: hung, readInput, now: () => performance.now() })).code]))
  expect(ends).toEqual(Object.keys(calls).map((name) => [name, name === 'create' ? 4 : 5]))
})

describe('a command that changes something', () => {
  const changing: [string, string[], RegExp, RegExp | undefined][] = [
    ['create', ['create', '--server', 'web-1'], /"status":"(ready|updating)"/, /"status":"attached"/],
    ['attach', ['attach', 'web-2', 'OTHER'], /"status":"updating"/, /"status":"attached"/],
    ['detach', ['detach', 'IP', '--yes'], /"status":"detaching"/, /"status":"ready"/],
    ['mac generate', ['mac', 'generate', 'IP'], /"status":"updating"/, /"status":"attached"/],
    ['rm', ['rm', 'IP', '--yes'], /"deleted":false/, /"deleted":true/],
  ]

  test.each(changing)('waits until it is made, unless there is --no-wait: %s', async (_, args, accepted, made) => {
    for (const [option, timing, expected] of [['--no-wait', 3_600_000, accepted], ['--json', 30, made]] as const) {
      const { flexip: run, create, emulator } = await world()
      const names: Record<string, string> = { IP: (await create('web-1')).ipAddress, OTHER: (await create()).ipAddress }
      emulator.setTiming({ create: timing, attach: timing, detach: timing, generateMac: timing })
      const { code, out } = await run([...args.map((arg) => names[arg] ?? arg), '--json', option])
      expect([option, code, out]).toEqual([option, 0, expect.stringMatching(expected ?? /./)])
    }
  })

  test('works on eight flexible IPs at once', async () => {
    const { flexip: run, create } = await world()
    for (let number = 0; number < 12; number += 1) await create(undefined, { tags: ['x'] })
    let [underWay, most] = [0, 0]
    const counting: Fetch = async (url, init) => {
      if (init.method !== 'PATCH') return fetch(url, init as RequestInit)
      most = Math.max(most, (underWay += 1))
      try {
        return await fetch(url, init as RequestInit)
      } finally {
        underWay -= 1
      }
    }
    expect(linesOf(await run(['update', 'tag:x', '--description', 'y', '--json'], { fetch: counting }))).toHaveLength(12)
    expect(most).toBe(8)
  })
})
