// A state on disk of which a part cannot be read or replayed: --repair leaves that out and says so.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, lstatSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serveEmulator } from 'flexip/server'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { api, spawnCli, temporaryFolder, whenReady } from './support/served.js'

type Options = NonNullable<Parameters<typeof serveEmulator>[0]>

async function served(options: Options) {
  const server = await serveEmulator(options)
  let closed: Promise<void> | undefined
  const close = () => (closed ??= server.close(0))
  onTestFinished(() => close().catch(() => undefined))
  const { secretKey, projectId } = server.emulator
  return { ...server, close, ...api({ url: server.url, secretKey, projectId }) }
}

/** The files of a state with three flexible IPs in its log, as a crash leaves them. */
async function crashed(options: Options = {}): Promise<string> {
  const data = join(temporaryFolder(), 'state.json')
  const { create, emulator } = await served({ data, clock: 'manual', ...options })
  for (const description of ['first', 'second', 'third']) {
    await create({ description })
    emulator.advance(5)
  }
  await create({ description: 'last' })
  const copy = temporaryFolder()
  cpSync(join(data, '..'), copy, { recursive: true })
  return join(copy, 'state.json')
}

const log = (data: string): string => join(data, '..', readdirSync(join(data, '..')).filter((name) => name.endsWith('.log')).at(-1) ?? 'no log')
const lineOf = (json: string): string => `${createHash('sha256').update(json).digest('hex').slice(0, 16)} ${json}`
const descriptions = async ({ call }: Pick<Awaited<ReturnType<typeof served>>, 'call'>) => (await call('GET', '?page_size=100')).body.flexible_ips.map(({ description }) => description)

/** Changes the lines of the log; the first is its head. */
function editLines(data: string, change: (lines: string[]) => string[]): void {
  const lines = readFileSync(log(data), 'utf8').split('\n').slice(0, -1)
  writeFileSync(log(data), `${change(lines).join('\n')}\n`)
}

const insert = (record: object) => (data: string) => editLines(data, ([head = '', first = '', ...rest]) => [head, first, lineOf(JSON.stringify([{ at: Date.UTC(2026, 0, 1), ...record }])), ...rest])

const damages: [name: string, damage: (data: string) => void, leftOut: RegExp, rest: string[]][] = [
  ['a call with an invalid rule', insert({ call: 'addFault', args: [{ fault: 'earthquake' }] }), /input 2 fails: .*earthquake.*\(addFault\)/, ['first', 'second', 'third', 'last']],
  ['a call that does not exist', insert({ call: 'constructor', args: [] }), /input 2 fails: there is no call "constructor"/, ['first', 'second', 'third', 'last']],
  ['a call without its arguments', insert({ call: 'removeServer', args: [] }), /the id of a server must be a string; found nothing/, ['first', 'second', 'third', 'last']],
  ['a request with another response', insert({ method: 'DELETE', target: '/flexible-ip/v1alpha1/zones/fr-par-1/fips/x', status: 204 }), /input 2 gives another response than it had \(DELETE/, ['first', 'second', 'third', 'last']],
  ['a line that is damaged', (data) => editLines(data, (lines) => lines.map((line) => line.replace('"last', '"lost'))), /is damaged in line 8/, ['first', 'second', 'third']],
  ['a head that is damaged', (data) => editLines(data, ([head = '', ...rest]) => [head.replace('flexip', 'flixip'), ...rest]), /is damaged in line 1/, ['first', 'second', 'third', 'last']],
  ['a head that occurs twice', (data) => editLines(data, ([head = '', first = '', ...rest]) => [head, first, head, ...rest]), /is damaged in line 3/, ['first', 'second', 'third', 'last']],
  ['a line before the head', (data) => editLines(data, (lines) => ['', ...lines]), /is damaged in line 1$/, ['first', 'second', 'third', 'last']],
  ['an object before the head', (data) => editLines(data, (lines) => [lineOf('{}'), ...lines]), /is damaged in line 1$/, ['first', 'second', 'third', 'last']],
  ['the only log, which is empty', (data) => writeFileSync(log(data), ''), /state\.json\.1\.log is damaged in line 1/, []],
  ['a log that is missing', (data) => cpSync(log(data), log(data).replace('.1.log', '.4.log')), /the log number 2 of .* is missing/, ['first', 'second', 'third', 'last']],
]

describe.each(damages)('%s', (_, damage, leftOut, rest) => {
  test('is refused without --repair, and is all that --repair leaves out', async () => {
    const data = await crashed()
    damage(data)
    const before = readFileSync(log(data))
    await expect(serveEmulator({ data })).rejects.toThrow(/it was left as it is; with --repair the rest can be read/)
    expect(readFileSync(log(data))).toEqual(before)
    const repaired = await served({ data, repair: true })
    expect(repaired.leftOut[0]).toMatch(leftOut)
    expect(await descriptions(repaired)).toEqual(rest)
    await repaired.close()
    expect(readdirSync(join(data, '..')).some((name) => name.endsWith('.log.before-repair'))).toBe(true)
    const again = await served({ data })
    expect([again.leftOut, await descriptions(again)]).toEqual([[], rest])
  })
})

test('the only log, if it is missing, is missed until a stop writes the state', async () => {
  const data = await crashed()
  rmSync(log(data))
  const state = readFileSync(data)
  await expect(serveEmulator({ data })).rejects.toThrow(/the log number 1 of .*state\.json is missing; it was left as it is; with --repair/)
  expect(readFileSync(data)).toEqual(state)
  const repaired = await served({ data, repair: true })
  expect([repaired.leftOut, await descriptions(repaired)]).toEqual([[expect.stringMatching(/^the log number 1 of .* is missing$/)], []])
  await repaired.create({ description: 'after' })
  await repaired.close()
  expect(readdirSync(join(data, '..')).filter((name) => name.endsWith('.log'))).toEqual([])
  expect(await descriptions(await served({ data }))).toEqual(['after'])
})

test('records that follow from one that is left out are left out too, and what is independent of them stays', async () => {
  const data = await crashed()
  editLines(data, (lines) => lines.filter((_, index) => index !== 1))
  const repaired = await served({ data, repair: true })
  // Each create has another address without the first.
  expect(repaired.leftOut).toHaveLength(3)
  expect(repaired.emulator.now).toEqual(new Date(Date.UTC(2026, 0, 1) + 15))
})

test('a state in order has nothing that is left out', async () => {
  const repaired = await served({ data: await crashed(), repair: true })
  expect([repaired.leftOut, await descriptions(repaired)]).toEqual([[], ['first', 'second', 'third', 'last']])
})

test('the command prints what it leaves out', async () => {
  const data = await crashed()
  damages[0]?.[1](data)
  const child = spawnCli(['emulator', '--port', '0', '--json', '--data', data, '--repair'])
  onTestFinished(() => void child.kill('SIGKILL'))
  expect(await descriptions(api(await whenReady(child)))).toHaveLength(4)
  expect(child.errors()).toMatch(/^\{"warning":"left out: .*input 2 fails: .*earthquake/)
  await expect(serveEmulator({ repair: true })).rejects.toThrow(/repair needs data/)
})

describe('what the answer depends on is in the log:', () => {
  async function reopened(run: (before: Awaited<ReturnType<typeof served>>) => Promise<void>, options: Options = {}) {
    const data = join(temporaryFolder(), 'state.json')
    const before = await served({ data, clock: 'manual', ...options })
    await run(before)
    await before.create()
    const copy = temporaryFolder()
    cpSync(join(data, '..'), copy, { recursive: true })
    const after = await served({ data: join(copy, 'state.json') })
    // Reads are counted, and are not in the log.
    const stateOf = ({ emulator }: typeof after) => JSON.parse(emulator.snapshot().replace(/"requests":\d+,/, '')) as unknown
    expect(stateOf(after)).toEqual(stateOf(before))
  }

  test('a rule and a timing that the caller changes after the call', () =>
    reopened(async ({ emulator, create }) => {
      const rule = { operation: 'createFlexibleIP', times: 1, fault: { status: { status: 503, after: true } } }
      const timing = { create: 3000, attach: [1, 2, 3] as [number, number, number] }
      emulator.addFault(rule)
      emulator.setTiming(timing as never)
      rule.fault.status.status = 99
      rule.operation = 'x'
      timing.attach[0] = 100
      expect((await create()).status).toBe(503)
    }))

  test('options that the caller changes after the call', async () => {
    const options: Options = { servers: [{ zone: 'fr-par-1', name: 'web-1' }], timing: { create: 3000 } as never, startsAt: new Date('2026-02-01') }
    await reopened(async ({ emulator, create }) => {
      ;(options.servers as { zone: string; name: string }[]).pop()
      ;(options.timing as unknown as { create: unknown }).create = 'x'
      ;(options.startsAt as Date).setTime(NaN)
      await create({ server_id: emulator.servers[0]?.id })
    }, options)
  })

  test('a read that ended a transition before its timing or the rules changed', () =>
    reopened(async ({ emulator, create, call }) => {
      const server = emulator.addServer({ zone: 'fr-par-1' })
      await create({ server_id: server.id })
      emulator.setTiming('recorded')
      emulator.removeServer(server.id)
      emulator.advance(2600)
      await call('GET', '')
      emulator.setTiming({ serverDetach: 90_000 } as never)
      emulator.addFault({ fault: { tear: {} } })
      emulator.advance(60_000)
    }))

  test('clock moves that are refused, and those that are not', () =>
    reopened(async ({ emulator }) => {
      for (const ms of [NaN, Infinity, -1, 1e300]) expect(() => emulator.advance(ms)).toThrow()
      emulator.advance(0.125)
      const snapshot = emulator.snapshot()
      emulator.advance(1e9)
      emulator.restore(snapshot)
    }))

  test('a real clock that is set back before a restart', async () => {
    const start = Date.UTC(2026, 5, 1)
    vi.useFakeTimers({ toFake: ['Date', 'performance'], now: start })
    onTestFinished(() => void vi.useRealTimers())
    const data = join(temporaryFolder(), 'state.json')
    const before = await served({ data, timing: { create: 2700 } as never })
    const { id } = (await before.create({ server_id: before.emulator.addServer({ zone: 'fr-par-1' }).id })).body
    await before.close()
    vi.setSystemTime(start - 3_600_000)
    const after = await served({ data })
    expect((await after.call('GET', `/${id}`)).body.status).toBe('updating')
    vi.advanceTimersByTime(3000)
    expect((await after.call('GET', `/${id}`)).body.status).toBe('attached')
  })
})

test('a planted link is not followed: drafts and logs are new files, and the lock is refused', async () => {
  const data = join(temporaryFolder(), 'state.json')
  const victim = join(temporaryFolder(), 'victim')
  writeFileSync(victim, 'mine')
  const plant = (...suffixes: string[]) => suffixes.forEach((suffix) => symlinkSync(victim, `${data}${suffix}`))
  plant('.tmp', '.1.log')
  const { create, close } = await served({ data })
  plant('.3.log')
  await create()
  await close()
  expect([readFileSync(victim, 'utf8'), lstatSync(data).isSymbolicLink(), existsSync(`${data}.tmp`)]).toEqual(['mine', false, false])
  rmSync(`${data}.lock`)
  plant('.lock')
  await expect(serveEmulator({ data })).rejects.toThrow(/state\.json\.lock is a link: remove it/)
  expect(readFileSync(victim, 'utf8')).toBe('mine')
})
