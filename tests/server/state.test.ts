// The state on disk. A copy of its files, taken while it runs, is what a crash at that moment leaves.
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { StateError, serveEmulator } from 'flexip/server'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { send } from './support/http.js'
import { api, folder } from './support/served.js'

type Options = NonNullable<Parameters<typeof serveEmulator>[0]>

async function served(options: Options) {
  const server = await serveEmulator(options)
  let closed: Promise<void> | undefined
  const close = () => (closed ??= server.close(0))
  onTestFinished(() => close().catch(() => undefined))
  const { secretKey, projectId } = server.emulator
  return { ...server, close, ...api({ url: server.url, secretKey, projectId }) }
}

/** A state file's folder, with a server that keeps its state there. */
async function kept(options: Options = {}) {
  const data = join(folder(), 'state.json')
  return { data, ...(await served({ data, clock: 'manual', ...options })) }
}

/** What a crash leaves at this moment. */
function crash(data: string): string {
  const copy = folder()
  cpSync(join(data, '..'), copy, { recursive: true })
  return join(copy, 'state.json')
}

const files = (data: string): Record<string, string> =>
  Object.fromEntries(readdirSync(join(data, '..')).filter((name) => !name.endsWith('.lock')).map((name) => [name, readFileSync(join(data, '..', name), 'latin1')]))
const log = (data: string): string => join(data, '..', readdirSync(join(data, '..')).filter((name) => name.endsWith('.log')).at(-1) ?? 'no log')
const descriptions = async ({ call }: Pick<Awaited<ReturnType<typeof served>>, 'call'>) => (await call('GET', '?page_size=100')).body.flexible_ips.map(({ description }) => description)

describe('after a crash', () => {
  test('everything that was answered is there: flexible IPs, servers, faults, timing, a forced status', async () => {
    const before = await kept()
    const server = before.emulator.addServer({ zone: 'fr-par-1', name: 'web-1' })
    before.emulator.setTiming({ attach: 3000 } as never)
    const { id } = (await before.create({ description: 'one', tags: ['a'] })).body
    const locked = (await before.create({ description: 'two' })).body.id
    const gone = (await before.create({ description: 'three' })).body.id
    await before.call('POST', `/${id}/mac`, { mac_type: 'kvm' })
    await before.call('POST', '/attach', { fips_ids: [id], server_id: server.id })
    before.emulator.forceStatus(locked, 'locked')
    await before.call('DELETE', `/${gone}`)
    before.emulator.removeServer(before.emulator.addServer({ zone: 'fr-par-1' }).id)
    before.emulator.addFault({ operation: 'getFlexibleIP', nth: 2, fault: 'rateLimit' })
    await before.call('GET', `/${id}`)
    const after = await served({ data: crash(before.data) })
    const there = JSON.parse(before.emulator.snapshot()) as { state: { requests: number } }
    expect(JSON.parse(after.emulator.snapshot())).toEqual(there)
    expect(after.emulator.now).toEqual(before.emulator.now)
    expect((await after.call('GET', `/${id}`)).status).toBe(429)
  })

  test('what faults left is there: work whose answer was replaced, the tokens of a gate, the draws', async () => {
    const before = await kept()
    before.emulator.addFault({ operation: 'createFlexibleIP', nth: 2, fault: { status: { status: 502, body: { message: 'bad gateway' }, after: true } } })
    before.emulator.addFault({ operation: 'createFlexibleIP', nth: 3, fault: { drip: { pieces: 2, overMs: 0 } } })
    before.emulator.addFault({ operation: 'createFlexibleIP', fault: { rateGate: { perSecond: 1, burst: 4 } } })
    before.emulator.addFault({ operation: 'listFlexibleIPs', probability: 0.5, fault: { delay: { min: 0, max: 0 } } })
    const statuses: number[] = []
    for (let call = 0; call < 5; call++) {
      statuses.push((await before.create()).status)
      await before.call('GET', '')
    }
    expect(statuses).toEqual([200, 502, 200, 200, 429])
    const after = await served({ data: crash(before.data) })
    expect(JSON.parse(after.emulator.snapshot())).toEqual(JSON.parse(before.emulator.snapshot()))
    expect((await after.call('GET', '')).body.flexible_ips).toHaveLength(4)
  })

  test('what was in transition goes on, at its time', async () => {
    const before = await kept({ timing: { attach: 3000 } as never, servers: [{ zone: 'fr-par-1', name: 'web-1' }] })
    const { id } = (await before.create()).body
    await before.call('POST', '/attach', { fips_ids: [id], server_id: before.emulator.servers[0]?.id })
    before.emulator.advance(1000)
    await before.create()
    const after = await served({ data: crash(before.data) })
    after.emulator.advance(1999)
    expect((await after.call('GET', `/${id}`)).body.status).toBe('updating')
    after.emulator.advance(1)
    expect((await after.call('GET', `/${id}`)).body).toMatchObject({ status: 'attached', server_id: after.emulator.servers[0]?.id })
  })

  test('the same follows as would have without it', async () => {
    const before = await kept({ timing: 'recorded', seed: 5 })
    await before.create()
    const after = await served({ data: crash(before.data) })
    for (const server of [before, after]) server.emulator.advance(7)
    expect((await after.create()).body).toEqual((await before.create()).body)
  })

  test.each(['reset', 'restore'] as const)('a %s is there', async (how) => {
    const before = await kept()
    await before.create({ description: 'first' })
    const snapshot = before.emulator.snapshot()
    await before.create({ description: 'second' })
    if (how === 'reset') before.emulator.reset()
    else before.emulator.restore(snapshot)
    await before.create({ description: 'third' })
    expect(await descriptions(await served({ data: crash(before.data) }))).toEqual(how === 'reset' ? ['third'] : ['first', 'third'])
  })

  test('wherever the last write broke off, what was answered before it is there, and nothing of it is', async () => {
    const before = await kept()
    await before.create({ description: 'first' })
    const whole = readFileSync(log(before.data)).length
    await before.create({ description: 'second' })
    const image = crash(before.data)
    const end = readFileSync(log(image)).length
    for (let length = end - 1; length >= whole; length -= 9) {
      const data = crash(image)
      truncateSync(log(data), length)
      const after = await served({ data })
      expect(await descriptions(after)).toEqual(['first'])
      await after.close()
    }
    const data = crash(image)
    const bytes = readFileSync(log(data))
    writeFileSync(log(data), bytes.fill(0, whole + 5, end - 9))
    expect(await descriptions(await served({ data }))).toEqual(['first'])
  })

  test('again and again, also while it starts', async () => {
    let { data, ...server } = await kept()
    for (let round = 0; round < 5; round++) {
      await server.create({ description: `round ${round}` })
      data = crash(data)
      // A start that was killed after it began its log.
      if (round === 2) cpSync(log(data), log(data).replace('.log', '.spare'))
      server = await served({ data })
    }
    expect(await descriptions(server)).toHaveLength(5)
  })
})

describe('the files', () => {
  test('are one after a stop, and what is there comes back', async () => {
    const before = await kept()
    await before.create({ description: 'kept' })
    await before.close()
    expect(readdirSync(join(before.data, '..')).sort()).toEqual(['state.json', 'state.json.lock'])
    expect(JSON.parse(readFileSync(before.data, 'utf8'))).toMatchObject({ format: 'flexip state', version: 1 })
    expect(await descriptions(await served({ data: before.data }))).toEqual(['kept'])
  })

  test('do not grow with what was done: the log is folded into the state file', async () => {
    const before = await kept({ logBytes: 2000 })
    const { id } = (await before.create()).body
    for (let round = 0; round < 200; round++) await before.call('PATCH', `/${id}`, { description: `round ${round}` })
    const size = Object.values(files(crash(before.data))).reduce((sum, { length }) => sum + length, 0)
    expect(size).toBeLessThan(20_000)
    expect(await descriptions(await served({ data: crash(before.data) }))).toEqual(['round 199'])
  })

  test('hold no secret', async () => {
    const [secretKey, sessionToken] = ['s3cr3t-k3y-of-mine', 's3ss10n-t0k3n-of-mine']
    const before = await kept({ secretKey, sessionToken })
    before.emulator.addFault({ probability: 0, fault: 'garbage' })
    await before.create()
    const headers = { 'X-Auth-Token': 'wrong', 'X-Session-Token': sessionToken }
    await send(`${before.url}/flexible-ip/v1alpha1/zones/fr-par-1/fips?token=${secretKey}`, { method: 'POST', headers, body: '{}' })
    await send(`${before.url}/flexible-ip/v1alpha1/zones/fr-par-1/fips`, { method: 'POST', body: `{"description":"${secretKey}"}` })
    const image = crash(before.data)
    const after = await served({ data: image, secretKey: 'another' })
    expect(after.emulator.secretKey).toBe('another')
    await before.close()
    for (const text of [...Object.values(files(image)), ...Object.values(files(before.data))]) expect(text).not.toMatch(/s3cr3t|s3ss10n/)
  })

  test('keep the options; what is given anew counts, but for what the state was made with', async () => {
    const before = await kept({ seed: 7, timing: { attach: 3000 } as never, quota: 1, servers: [{ zone: 'fr-par-1', name: 'web-1' }] })
    await before.create()
    await before.close()
    const { data } = before
    const after = await served({ data, servers: [{ zone: 'fr-par-1', name: 'web-1' }, { zone: 'fr-par-2', name: 'web-2' }] })
    expect((await after.create()).body.type).toBe('quotas_exceeded')
    expect(after.emulator.servers.map(({ name }) => name).sort()).toEqual(['web-1', 'web-2'])
    await after.close()
    const wider = await served({ data, quota: 2 })
    expect((await wider.create()).status).toBe(200)
    await wider.close()
    await expect(serveEmulator({ data, seed: 8 })).rejects.toThrow(/made with the seed 7, not 8/)
    await expect(serveEmulator({ data, projectId: '7c715b98-e683-493a-9e62-109d684e4348' })).rejects.toThrow(/made with the projectId/)
  })
})

describe('an answer', () => {
  test('waits until what it says is synced, and so does one that only reads it', async () => {
    const before = await kept()
    const file = await open(before.data, 'r')
    await file.close()
    let release = (): void => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const sync = vi.spyOn(Object.getPrototypeOf(file) as { datasync: () => Promise<void> }, 'datasync').mockImplementation(() => held)
    onTestFinished(() => sync.mockRestore())
    const answered: string[] = []
    const create = before.create().then(() => answered.push('create'))
    await vi.waitFor(() => expect(sync).toHaveBeenCalled())
    const read = before.call('GET', '').then(() => answered.push('read'))
    await vi.waitFor(() => expect(before.emulator.journal).toHaveLength(2))
    await new Promise(setImmediate)
    expect(answered).toEqual([])
    release()
    await Promise.all([create, read])
    expect(answered.sort()).toEqual(['create', 'read'])
  })

  test('shares its sync with others that came with it', async () => {
    const before = await kept()
    const file = await open(before.data, 'r')
    await file.close()
    const sync = vi.spyOn(Object.getPrototypeOf(file) as { datasync: () => Promise<void> }, 'datasync')
    onTestFinished(() => sync.mockRestore())
    await Promise.all(Array.from({ length: 100 }, () => before.create()))
    expect(sync.mock.calls.length).toBeLessThan(100)
    expect((await served({ data: crash(before.data) }).then((after) => after.call('GET', ''))).body.total_count).toBe(100)
  })

  test('is 500 from the moment that the state cannot be saved', async () => {
    const failures: Error[] = []
    const before = await kept({ onFailure: (error) => failures.push(error) })
    const file = await open(before.data, 'r')
    await file.close()
    const sync = vi.spyOn(Object.getPrototypeOf(file) as { datasync: () => Promise<void> }, 'datasync').mockRejectedValueOnce(new Error('no space is left'))
    onTestFinished(() => sync.mockRestore())
    expect((await before.create()).status).toBe(500)
    expect(failures).toMatchObject([{ message: expect.stringMatching(/could not be saved: no space is left/) as string }])
    expect((await before.call('GET', '')).status).toBe(500)
    expect((await send(`${before.url}/_emulator/health`)).status).toBe(500)
  })
})

/** Damages a copy of a state, and expects that it is refused and left as it is. */
async function refused(data: string, damage: (data: string) => void, message: RegExp): Promise<void> {
  const copy = crash(data)
  damage(copy)
  const before = files(copy)
  const thrown: unknown = await serveEmulator({ data: copy }).then(({ close }) => close(0), (error: unknown) => error)
  expect(thrown).toBeInstanceOf(StateError)
  expect((thrown as Error).message).toMatch(message)
  expect(files(copy)).toEqual(before)
}

const edit = (path: string, change: (text: string) => string) => writeFileSync(path, change(readFileSync(path, 'utf8')))
const withSum = (json: string) => `${createHash('sha256').update(json).digest('hex').slice(0, 16)} ${json}\n`

describe('what is not whole is refused, and left as it is:', () => {
  test.each<[string, (data: string) => void, RegExp]>([
    ['a state file that is none', (data) => writeFileSync(data, '{"my":"notes"}'), /is no state of flexip/],
    ['an empty state file', (data) => writeFileSync(data, ''), /is no state of flexip/],
    ['a state file that ends too early', (data) => truncateSync(data, 500), /is damaged: its sum is another/],
    ['a state file with another letter', (data) => edit(data, (text) => text.replace('"web-1"', '"web-2"')), /is damaged: its sum is another/],
    ['a newer state file', (data) => edit(data, (text) => text.replace('"version":1', '"version":2')), /is of version 2, this flexip reads up to 1: use a newer one/],
    ['a log with another letter in an earlier line', (data) => edit(log(data), (text) => text.replace('first', 'forst')), /is damaged in line 2/],
    ['a log with another letter in its last line', (data) => edit(log(data), (text) => text.replace('second', 'secund')), /is damaged in line 3/],
    ['a log without an earlier line', (data) => edit(log(data), (text) => text.split('\n').filter((_, place) => place !== 1).join('\n')), /does not come about again/],
    ['a log of another number', (data) => cpSync(log(data), log(data).replace('.1.log', '.2.log')), /is the log number 1, under another name/],
    ['a newer log', (data) => edit(log(data), (text) => text.replace(/^.*\n/, withSum('{"format":"flexip log","version":2,"generation":1,"writtenBy":"9.0.0"}'))), /is of version 2/],
    ['a log with a gap before it', (data) => cpSync(log(data), log(data).replace('.1.log', '.3.log')), /the log number 2 of .* is missing/],
  ])('%s', async (_, damage, message) => {
    const { data, create } = await kept({ servers: [{ zone: 'fr-par-1', name: 'web-1' }] })
    await create({ description: 'first' })
    await create({ description: 'second' })
    await refused(data, damage, message)
  })

  test('a log whose state file is gone', async () => {
    const { data, create } = await kept()
    await create()
    const copy = join(folder(), 'state.json')
    cpSync(log(data), `${copy}.1.log`)
    await expect(serveEmulator({ data: copy })).rejects.toThrow(/the state that it goes on from is not/)
  })

  test('a log of another version of flexip, whose answers this one would not give', async () => {
    const { data, create } = await kept()
    await create({ description: 'first' })
    const lie = (text: string) => {
      const [head = '', line = ''] = text.split('\n')
      return withSum(head.slice(17).replace(/"writtenBy":"[^"]*"/, '"writtenBy":"0.0.9"')) + withSum(line.slice(17).replace(/"sum":"\w+"/, '"sum":"0123456789abcdef"'))
    }
    await refused(data, (copy) => edit(log(copy), lie), /input 1 does not come about again.*written by flexip 0\.0\.9, this is \d.*open it with that one and stop it there/)
  })
})

describe('a state that cannot be kept', () => {
  test('in a folder that there is not', async () => {
    await expect(serveEmulator({ data: join(folder(), 'nowhere/state.json') })).rejects.toThrow(/no state can be kept in .*nowhere\/state\.json: ENOENT/)
  })

  test('in a folder’s place', async () => {
    const data = join(folder(), 'state.json')
    mkdirSync(data)
    await expect(serveEmulator({ data })).rejects.toThrow(/state\.json/)
  })

  test('in a file that another has, also by another name', async () => {
    const { data, close } = await kept()
    for (const name of [data, join(data, '../../', data.split('/').at(-2) ?? '', 'state.json')]) await expect(serveEmulator({ data: name })).rejects.toThrow(/is in use by another process/)
    await close()
    await served({ data })
  })
})
