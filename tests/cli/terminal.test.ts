// The built command in a real terminal, against an emulator in another process.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Ready, cli, start, temporaryFolder } from '../server/support/served.js'
import { consolePage } from './console-page.js'

const driver = join(import.meta.dirname, 'terminal.py')

interface Typed {
  /** The text that is waited for. */
  after: string
  input: string
}

/** Runs the command in a terminal of so many columns. */
async function inTerminal(columns: number, args: string[], { after, input }: Typed = { after: '', input: '' }, env: Record<string, string> = {}) {
  const { NO_COLOR: _, ...inherited } = process.env
  const child = spawn('python3', [driver, String(columns), after, input, process.execPath, cli, ...args], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...inherited, TERM: 'xterm', ...env } })
  onTestFinished(() => void child.kill('SIGKILL'))
  let text = ''
  child.stdout.on('data', (part: Buffer) => (text += part.toString()))
  const [code] = (await once(child, 'close')) as [number]
  return { code, text, lines: text.split(/\r\n|\r/).map(withoutColours).filter((line) => line !== '') }
}

const withoutColours = (text: string) => text.replace(/\u001b\[[0-9;]*[mK]/g, '')

/** A world with two servers of fr-par-1 and two flexible IPs on web-1. */
async function served(...args: string[]): Promise<{ ready: Ready; emulator: string; addresses: string[] }> {
  const ready = await start('--server', 'fr-par-1/web-1', '--server', 'fr-par-1/web-2', ...args)
  const emulator = `--emulator=${ready.url}`
  const made = await inTerminal(80, ['create', '--server', 'web-1', '--count', '2', '--description', 'a long description of a flexible IP', '--tag', 'production', '--json', emulator])
  return { ready, emulator, addresses: made.lines.map((line) => (JSON.parse(line) as { address: string }).address) }
}

// Each run starts two processes, which takes seconds on a busy machine.
describe('in a terminal', { timeout: 300_000 }, () => {
  test.each([80, 120])('of %i columns, no line of any command is longer', async (columns) => {
    const { emulator, addresses } = await served()
    const [first = ''] = addresses
    const runs: string[][] = [['ls'], ['get', first], ['where', first], ['destinations', first], ['failover', 'web-1', 'web-2', '--dry-run'], ['failover', 'web-1', 'web-2'], ['mac', 'generate', first], ['ls', '--json', '--status', 'ready']]
    for (const args of runs) {
      const { code, lines } = await inTerminal(columns, [...args, emulator])
      expect([args, code]).toEqual([args, 0])
      expect(lines.filter((line) => line.length > columns && !line.includes(' is on '))).toEqual([])
    }
    for (const name of ['', 'ls', 'claim', 'watch', 'create', 'mac']) {
      const { lines } = await inTerminal(columns, [...(name === '' ? [] : [name]), '--help'])
      expect(lines.filter((line) => line.length > columns && !line.startsWith('  $ ') && !line.startsWith('  # '))).toEqual([])
    }
  })

  test.each([80, 120])('of %i columns, every command runs, prints no JSON without --json, and its tables fit', async (columns) => {
    const { emulator, addresses } = await served()
    const [first = '', second = ''] = addresses
    const folder = temporaryFolder()
    const [topology, session] = [join(folder, 'topology.yaml'), join(folder, 'session.jsonl')]
    writeFileSync(topology, `flexibleIps:\n  - { ip: ${first}, tags: [eu] }\n`)
    writeFileSync(session, '')
    writeFileSync(join(folder, 'index.html'), consolePage)
    const upstream = emulator.replace('--emulator=', '')
    const ctrlC = (after: string): Typed => ({ after, input: '\u0003' })
    /** The arguments, the exit code, what is typed, and whether the command knows no --emulator. */
    const runs: [string[], number, (Typed | undefined)?, true?][] = [
      [['ls'], 0],
      [['get', first], 0],
      [['where', first], 0],
      [['destinations', first], 0],
      [['servers'], 0],
      [['create', '--zone', 'fr-par-1'], 0],
      [['update', first, '--description', 'x'], 0],
      [['mac', 'generate', first], 0],
      [['mac', 'duplicate', first, second], 0],
      [['mac', 'rm', second], 0, { after: '[y/N]', input: 'y\r' }],
      [['mac', 'move', first, second], 0, { after: '[y/N]', input: 'y\r' }],
      [['failover', 'web-1', 'web-2'], 0],
      [['claim', 'web-1', first], 0],
      [['detach', first], 0, { after: '[y/N]', input: 'y\r' }],
      [['attach', 'web-1', first], 0],
      [['plan', topology, '--check'], 9],
      [['apply', topology], 0, { after: '[y/N]', input: 'y\r' }],
      [['watch', 'web-1=command:true', 'web-2=command:true', '--ip', first, '--rounds', '2', '--interval', '10ms'], 0],
      [['watch', 'web-1=command:true', 'web-2=command:true', '--ip', first], 130, ctrlC('web-2 is up')],
      [['network', first, '--os', 'netplan'], 0],
      [['rm', first], 0, { after: '[y/N]', input: 'y\r' }],
      [['ocf', 'meta-data'], 0, undefined, true],
      [['completion', 'bash'], 0, undefined, true],
      [['emulator', '--port', '0'], 0, ctrlC('secret'), true],
      [['record', '--port', '0', '--upstream', upstream, '--to', join(folder, 'new.jsonl')], 0, ctrlC('url'), true],
      [['replay', session], 1, undefined, true],
      [['console', '--port', '0', '--emulator', '--files', folder], 0, ctrlC('http'), true],
      [['mcp'], 130, ctrlC('flexip mcp')],
    ]
    const wrong: unknown[] = []
    for (const [args, code, typed, isLocal] of runs) {
      const ended = await inTerminal(columns, [...args, ...(isLocal ? [] : [emulator])], typed)
      const table = ended.lines.findIndex((line) => /^(ADDRESS|SERVER) /.test(line))
      const long = table === -1 ? [] : ended.lines.slice(table).filter((line) => line.length > columns)
      if (ended.code !== code || ended.lines.length === 0 || long.length > 0 || ended.lines.some((line) => line.startsWith('{"'))) wrong.push({ args, code, ended: ended.code, long, lines: ended.lines.slice(0, 8) })
    }
    expect(wrong).toEqual([])
    const names = [...(await inTerminal(80, ['--help'])).lines.join('\n').matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help')
    expect(names.filter((name) => !runs.some(([[command]]) => command === name))).toEqual([])
  })

  test('the table has as many columns as fit, and its last one is cut', async () => {
    const { emulator } = await served()
    const [narrow, wide] = [await inTerminal(80, ['ls', emulator]), await inTerminal(120, ['ls', emulator])]
    expect(narrow.lines[0]).toBe('ADDRESS        STATUS    SERVER  ZONE      DESCRIPTION')
    expect(wide.lines[0]).toBe('ADDRESS        STATUS    SERVER  ZONE      DESCRIPTION                          TAGS        MAC')
    expect(narrow.text).toContain('\u001b[1mADDRESS')
  })

  test('NO_COLOR leaves out the colours', async () => {
    const { emulator } = await served()
    expect((await inTerminal(80, ['ls', emulator], undefined, { NO_COLOR: '1' })).text).not.toContain('\u001b[')
  })

  test('a move shows one live line with its time, and ends with a line for each step', async () => {
    const { emulator, addresses } = await served('--timing', '{"detach":400,"attach":400}')
    const { code, text, lines } = await inTerminal(80, ['claim', 'web-2', ...addresses, emulator])
    expect(code).toBe(0)
    expect(text).toMatch(/\r\u001b\[Kdetaching \S+ from web-1 … \d\.\d s/)
    expect(lines).toContainEqual(expect.stringMatching(/^detached \S+ after \d\.\d s$/))
    expect(lines.filter((line) => /^attached \S+ to web-2 after \d\.\d s$/.test(line))).toHaveLength(2)
  })

  test('rm asks, and deletes only after a yes', async () => {
    const { emulator, addresses } = await served()
    const [first = ''] = addresses
    expect(await inTerminal(80, ['rm', first, emulator], { after: '[y/N]', input: 'n\r' })).toMatchObject({ code: 3, text: expect.stringContaining('not confirmed') as string })
    expect(await inTerminal(80, ['rm', first, emulator], { after: '[y/N]', input: '\u0003' })).toMatchObject({ code: 130 })
    expect(await inTerminal(80, ['rm', first, emulator], { after: '[y/N]', input: 'y\r' })).toMatchObject({ code: 0, text: expect.stringContaining(`${first} is deleted`) as string })
  })

  test.each([80, 120])('of %i columns, ctrl-C in the middle of a failover says what is where, and the command that it names goes on', async (columns) => {
    const { emulator, addresses } = await served('--timing', '{"detach":3000}')
    const { code, lines } = await inTerminal(columns, ['failover', 'web-1', 'web-2', emulator], { after: 'detaching', input: '\u0003' })
    expect(code).toBe(130)
    const text = lines.join('\n')
    for (const address of addresses) expect(text).toMatch(new RegExp(`^${address} is (detaching|attached) on \\S+: not arrived`, 'm'))
    const command = /To go on: flexip (.*)/.exec(text)?.[1]?.trim().split(' ') ?? []
    const continued = await inTerminal(80, [...command, emulator])
    expect(continued.code).toBe(0)
    expect(continued.lines.filter((line) => /^\d\S+ +attached /.test(line))).toHaveLength(2)
  })

  test('without an argument it shows the commands, and the example data of --emulator needs no account', async () => {
    expect(await inTerminal(80, [])).toMatchObject({ code: 2, text: expect.stringContaining('flexip ls --emulator') as string })
    expect((await inTerminal(80, ['where', 'tag:mail', '--emulator'])).text).toContain('is on web-1')
  })
})

test.each([['at a question', ['detach'], '[y/N]'], ['in the midst of a move', ['claim', 'web-2'], 'detaching'], ['while it watches', ['watch', 'web-1=command:true', 'web-2=command:true', '--ip'], 'watching']])('a command whose terminal is closed %s ends by SIGHUP, which a shell shows as 129', { timeout: 300_000 }, async (_, command, after) => {
  const { emulator, addresses } = await served('--timing', '{"detach":60000}')
  expect((await inTerminal(80, [...command, addresses[0] ?? '', emulator], { after, input: 'HANGUP' })).code).toBe(129)
})

test('without a terminal, progress is plain lines on the standard error', async () => {
  const { emulator, addresses } = await served()
  const child = spawn(process.execPath, [cli, 'claim', 'web-2', ...addresses, emulator], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err] = await Promise.all([child.stdout, child.stderr].map(async (stream) => Buffer.concat((await stream.toArray()) as Buffer[]).toString()))
  expect(out).toMatch(/^ADDRESS /)
  expect(err).toMatch(/^detaching \S+ from web-1\n/)
  expect(err).not.toContain('\r')
})

test.each([['alone', []], ['under nohup, which Node ends', ['nohup']]])('a move ends with 129 at SIGHUP, and says what is where and how to go on: %s', async (_, prefix) => {
  const { emulator, addresses } = await served('--timing', '{"detach":60000}')
  const [program = '', ...args] = [...prefix, process.execPath, cli, 'claim', 'web-2', ...addresses, emulator]
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let text = ''
  child.stderr.on('data', (part: Buffer) => {
    if (!text.includes('detaching') && `${text}${part.toString()}`.includes('detaching')) child.kill('SIGHUP')
    text += part.toString()
  })
  const [code] = (await once(child, 'close')) as [number]
  expect([code, text]).toEqual([129, expect.stringMatching(/ is (detaching|attached) on \S+: not arrived[^]*\nTo go on: flexip claim --emulator=/)])
})

test.each(['stdout', 'stderr'] as const)('a move goes on to its end when the reader of its %s is gone', async (name) => {
  const { emulator, addresses } = await served('--timing', '{"detach":500}')
  const child = spawn(process.execPath, [cli, 'claim', 'web-2', ...addresses, emulator, ...(name === 'stdout' ? ['--json'] : [])], { stdio: ['ignore', 'pipe', 'pipe'] })
  child[name].destroy()
  const other = name === 'stdout' ? child.stderr : child.stdout
  other.resume()
  const [code] = (await once(child, 'close')) as [number]
  expect(code).toBe(0)
  const { lines } = await inTerminal(120, ['where', ...addresses, emulator])
  for (const address of addresses) expect(lines.join('\n')).toMatch(new RegExp(`${address} is on web-2`))
})
