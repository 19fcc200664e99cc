// The state on disk. A copy of its files, taken while the server runs, is what a crash at that moment leaves.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { StateError, serveEmulator } from 'flexip/server'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { send } from './support/http.js'
import { api, temporaryFolder } from './support/served.js'

type Options = NonNullable<Parameters<typeof serveEmulator>[0]>

async function served(options: Options) {
  const server = await serveEmulator(options)
  let closed: Promise<void> | undefined
  const close = () => (closed ??= server.close(0))
  onTestFinished(() => close().catch(() => undefined))
  const { secretKey, projectId } = server.emulator
  return { ...server, close, ...api({ url: server.url, secretKey, projectId }) }
}

/** Starts a server with a state file in a new folder. */
async function withState(options: Options = {}) {
  const data = join(temporaryFolder(), 'state.json')
  return { data, ...(await served({ data, clock: 'manual', ...options })) }
}

/** Copies the files of a state, as a crash at this moment would leave them. Returns the path of the copied state file. */
function copyAfterCrash(data: string): string {
  const copy = temporaryFolder()
  cpSync(join(data, '..'), copy, { recursive: true })
  return join(copy, 'state.json')
}

const readFiles = (data: string): Record<string, string> =>
  Object.fromEntries(readdirSync(join(data, '..')).filter((name) => !name.endsWith('.lock')).map((name) => [name, readFileSync(join(data, '..', name), 'latin1')]))
const log = (data: string): string => join(data, '..', readdirSync(join(data, '..')).filter((name) => name.endsWith('.log')).at(-1) ?? 'no log')
const descriptions = async ({ call }: Pick<Awaited<ReturnType<typeof served>>, 'call'>) => (await call('GET', '?page_size=100')).body.flexible_ips.map(({ description }) => description)

test('fault rules of the options are added to a state once, also when they leave values out, and again by a reset', async () => {
  const late = { operation: 'createFlexibleIP', nth: 9, fault: { late: { ms: 300 } } }
  const first = await withState({ faults: [late, late] })
  first.emulator.removeFault(2)
  await first.close()
  const second = await served({ data: first.data, clock: 'manual', faults: [late, { fault: 'gzip' }] })
  expect(second.emulator.faults.map(({ id, rule }) => [id, typeof rule.fault === 'string' ? rule.fault : Object.keys(rule.fault)[0]])).toEqual([[1, 'late'], [3, 'gzip']])
  second.emulator.reset()
  await second.close()
  const third = await served({ data: first.data, clock: 'manual' })
  expect(third.emulator.faults.map(({ id }) => id)).toEqual([1, 2])
})

describe('after a crash', () => {
  test('everything that a response confirmed is there: flexible IPs, servers, faults, timing, a forced status', async () => {
    const before = await withState()
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
    const after = await served({ data: copyAfterCrash(before.data) })
    const expected = JSON.parse(before.emulator.snapshot()) as { state: { requests: number } }
    expect(JSON.parse(after.emulator.snapshot())).toEqual(expected)
    expect(after.emulator.now).toEqual(before.emulator.now)
    expect((await after.call('GET', `/${id}`)).status).toBe(429)
  })

  test('the effects of faults are there: work whose response was replaced, the tokens of a rate gate, the random draws', async () => {
    const before = await withState()
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
    const after = await served({ data: copyAfterCrash(before.data) })
    expect(JSON.parse(after.emulator.snapshot())).toEqual(JSON.parse(before.emulator.snapshot()))
    expect((await after.call('GET', '')).body.flexible_ips).toHaveLength(4)
  })

  test('work that a fault made late is done at its time, and is done once', async () => {
    const before = await withState()
    before.emulator.addFault({ operation: 'createFlexibleIP', nth: 1, times: 2, fault: { late: { ms: { min: 300, max: 900 } } } })
    expect((await before.create({ description: 'one' })).status).toBe(504)
    expect((await before.create({ description: 'two' })).status).toBe(504)
    const copy = copyAfterCrash(before.data)
    const after = await served({ data: copy })
    expect(await descriptions(after)).toEqual([])
    for (const { emulator } of [before, after]) emulator.advance(900)
    expect((await descriptions(after)).sort()).toEqual(['one', 'two'])
    expect(await descriptions(after)).toEqual(await descriptions(before))
    const later = await served({ data: copyAfterCrash(copy) })
    expect(await descriptions(later)).toEqual(await descriptions(before))
  })

  test('the effects of faults of reads and deletions are there, whatever the reads had in their queries and headers', async () => {
    const before = await withState()
    before.emulator.addFault({ fault: 'reuse' })
    before.emulator.addFault({ times: 1, fault: { flap: { calls: 2 } } })
    before.emulator.addFault({ nth: 3, times: 3, fault: { tear: {} } })
    before.emulator.addFault({ fault: { stale: {} } })
    expect([(await before.create()).status, (await before.create()).status]).toEqual([403, 403])
    const { id } = (await before.create({ description: 'gone' })).body
    await before.call('DELETE', `/${id}`)
    for (const path of ['?page=abc', '?page=2&page_size=1', '', `/${id}`]) {
      await before.call('GET', path)
      const headers = { 'X-Auth-Token': before.emulator.secretKey, 'Cache-Control': 'no-store' }
      await send(`${before.url}/flexible-ip/v1alpha1/zones/fr-par-1/fips${path}`, { method: 'GET', headers })
    }
    await before.create({ description: 'last' })
    const after = await served({ data: copyAfterCrash(before.data) })
    expect(JSON.parse(after.emulator.snapshot())).toEqual(JSON.parse(before.emulator.snapshot()))
    after.emulator.clearFaults()
    expect(await descriptions(after)).toEqual(['last'])
  })

  test('a transition that was under way ends at its time', async () => {
    const before = await withState({ timing: { attach: 3000 } as never, servers: [{ zone: 'fr-par-1', name: 'web-1' }] })
    const { id } = (await before.create()).body
    await before.call('POST', '/attach', { fips_ids: [id], server_id: before.emulator.servers[0]?.id })
    before.emulator.advance(1000)
    await before.create()
    const after = await served({ data: copyAfterCrash(before.data) })
    after.emulator.advance(1999)
    expect((await after.call('GET', `/${id}`)).body.status).toBe('updating')
    after.emulator.advance(1)
    expect((await after.call('GET', `/${id}`)).body).toMatchObject({ status: 'attached', server_id: after.emulator.servers[0]?.id })
  })

  describe('with a timing that was set, a transition of a real clock ends at its time,', () => {
    /** A crash while a flexible IP is on its way, and the start after the transition fell due. */
    async function crashed() {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 5, 1) })
      onTestFinished(() => void vi.useRealTimers())
      const before = await withState({ clock: 'real', servers: [{ zone: 'fr-par-1', name: 'web-1' }] })
      before.emulator.setTiming({ attach: 3000 } as never)
      const { id } = (await before.create()).body
      await before.call('POST', '/attach', { fips_ids: [id], server_id: before.emulator.servers[0]?.id })
      await before.close()
      const again = await served({ data: before.data })
      expect((await again.call('POST', '/detach', { fips_ids: [id] })).status).toBe(409)
      await again.create({ description: 'one' })
      expect((await again.call('POST', '/detach', { fips_ids: [id] })).status).toBe(409)
      await again.create({ description: 'two' })
      const copy = copyAfterCrash(before.data)
      vi.setSystemTime(Date.now() + 3500)
      return { copy, id }
    }

    test('however late the start is', async () => {
      const { copy, id } = await crashed()
      const after = await served({ data: copy })
      expect(await descriptions(after)).toEqual(['', 'one', 'two'])
      expect((await after.call('GET', `/${id}`)).body.status).toBe('attached')
    })

    test.each([1, 2, 3, 4])('also in a repair that leaves out a line before line %i of the log', async (at) => {
      const { copy, id } = await crashed()
      const wrong = lineOf(JSON.stringify([{ at: Date.UTC(2026, 5, 1), method: 'POST', target: '/flexible-ip/v1alpha1/zones/fr-par-1/fips', body: '{}', status: 200, sum: '0123456789abcdef' }]))
      edit(log(copy), (text) => text.split(/(?<=\n)/).flatMap((line, index) => (index === at ? [wrong, line] : [line])).join('') + (text.split('\n').length - 1 === at ? wrong : ''))
      const after = await served({ data: copy, repair: true })
      expect(after.leftOut).toHaveLength(1)
      expect(await descriptions(after)).toEqual(['', 'one', 'two'])
      expect((await after.call('GET', `/${id}`)).body.status).toBe('attached')
    })
  })

  test.each([
    ['1 day', Date.UTC(2026, 5, 2)],
    ['373 years', Date.UTC(2399, 5, 1)],
    ['600 years', Date.UTC(2626, 5, 1)],
  ])('time goes on as ever after a date that was %s ahead, also after another restart', async (_, wrong) => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'], now: wrong })
    onTestFinished(() => void vi.useRealTimers())
    const options: Options = { timing: { create: 50 } as never, servers: [{ zone: 'fr-par-1', name: 'web-1' }] }
    const before = await withState({ clock: 'real', ...options })
    await before.create()
    const copy = copyAfterCrash(before.data)
    await before.close()
    vi.setSystemTime(Date.UTC(2026, 5, 1))
    for (const data of [before.data, copy, copy]) {
      const after = await served({ data })
      const { id } = (await after.create({ server_id: after.emulator.servers[0]?.id })).body
      const from = after.emulator.now.getTime()
      vi.advanceTimersByTime(56)
      const passed = after.emulator.now.getTime() - from
      expect([passed >= 50 && passed <= 57, (await after.call('GET', `/${id}`)).body.status]).toEqual([true, 'attached'])
      await after.close()
    }
  })

  test('the ids of requests are other ones, also after reads, a stop, a reset and a restored snapshot', async () => {
    let { data, ...server } = await withState()
    const snapshot = server.emulator.snapshot()
    const ids: string[] = []
    const ask = async () => {
      const kinds = [() => server.create({}), () => server.call('GET', ''), () => server.call('GET', ''), () => server.call('PATCH', '/none', {})]
      for (const kind of kinds) await kind()
      ids.push(...server.emulator.journal.map(({ requestId }) => requestId))
      server.emulator.clearJournal()
    }
    await ask()
    for (const change of [() => undefined, () => server.emulator.reset(), () => server.emulator.restore(snapshot)]) {
      for (const hasCrashed of [true, false]) {
        if (hasCrashed) data = copyAfterCrash(data)
        else await server.close()
        server = await served({ data, clock: 'manual' })
        change()
        await ask()
      }
    }
    expect([ids.length, new Set(ids).size]).toEqual([28, 28])
  })

  test('the same requests get the same responses as without the crash', async () => {
    const before = await withState({ timing: 'recorded', seed: 5 })
    await before.create()
    const after = await served({ data: copyAfterCrash(before.data) })
    for (const server of [before, after]) server.emulator.advance(7)
    expect((await after.create()).body).toEqual((await before.create()).body)
  })

  test.each(['reset', 'restore'] as const)('the effect of a %s is there', async (control) => {
    const before = await withState()
    await before.create({ description: 'first' })
    const snapshot = before.emulator.snapshot()
    await before.create({ description: 'second' })
    if (control === 'reset') before.emulator.reset()
    else before.emulator.restore(snapshot)
    await before.create({ description: 'third' })
    expect(await descriptions(await served({ data: copyAfterCrash(before.data) }))).toEqual(control === 'reset' ? ['third'] : ['first', 'third'])
  })

  test('wherever the last write broke off, everything before it is there and nothing of it', async () => {
    const before = await withState()
    await before.create({ description: 'first' })
    const whole = readFileSync(log(before.data)).length
    await before.create({ description: 'second' })
    const image = copyAfterCrash(before.data)
    const end = readFileSync(log(image)).length
    for (let length = end - 1; length >= whole; length -= 9) {
      const data = copyAfterCrash(image)
      truncateSync(log(data), length)
      const after = await served({ data })
      expect(await descriptions(after)).toEqual(['first'])
      await after.close()
    }
    const data = copyAfterCrash(image)
    const bytes = readFileSync(log(data))
    writeFileSync(log(data), bytes.fill(0, whole + 5, end - 9))
    expect(await descriptions(await served({ data }))).toEqual(['first'])
  })

  test('after several crashes, one of them during the start, everything is there', async () => {
    let { data, ...server } = await withState()
    for (let round = 0; round < 5; round++) {
      await server.create({ description: `round ${round}` })
      data = copyAfterCrash(data)
      // The start was killed after it created its log.
      if (round === 2) cpSync(log(data), log(data).replace('.log', '.spare'))
      server = await served({ data })
    }
    expect(await descriptions(server)).toHaveLength(5)
  })
})

describe('the state file', () => {
  test('is the only file after a stop, apart from the lock, and brings the state back', async () => {
    const before = await withState()
    await before.create({ description: 'stored' })
    await before.close()
    expect(readdirSync(join(before.data, '..')).sort()).toEqual(['state.json', 'state.json.lock'])
    expect(JSON.parse(readFileSync(before.data, 'utf8'))).toMatchObject({ format: 'flexip state', version: 1 })
    expect(await descriptions(await served({ data: before.data }))).toEqual(['stored'])
  })

  test('is written again when the log is long, so that the files do not grow with the number of requests', async () => {
    const before = await withState({ logBytes: 2000 })
    const { id } = (await before.create()).body
    for (let round = 0; round < 200; round++) await before.call('PATCH', `/${id}`, { description: `round ${round}` })
    const size = Object.values(readFiles(copyAfterCrash(before.data))).reduce((sum, { length }) => sum + length, 0)
    expect(size).toBeLessThan(20_000)
    expect(await descriptions(await served({ data: copyAfterCrash(before.data) }))).toEqual(['round 199'])
  })

  test('holds no secret, nor does the log', async () => {
    const [secretKey, sessionToken] = ['s3cr3t-k3y-of-mine', 's3ss10n-t0k3n-of-mine']
    const before = await withState({ secretKey, sessionToken })
    before.emulator.addFault({ probability: 0, fault: 'garbage' })
    await before.create()
    const headers = { 'X-Auth-Token': 'wrong', 'X-Session-Token': sessionToken }
    await send(`${before.url}/flexible-ip/v1alpha1/zones/fr-par-1/fips?token=${secretKey}`, { method: 'POST', headers, body: '{}' })
    await send(`${before.url}/flexible-ip/v1alpha1/zones/fr-par-1/fips`, { method: 'POST', body: `{"description":"${secretKey}"}` })
    const image = copyAfterCrash(before.data)
    const after = await served({ data: image, secretKey: 'another' })
    expect(after.emulator.secretKey).toBe('another')
    await before.close()
    for (const text of [...Object.values(readFiles(image)), ...Object.values(readFiles(before.data))]) expect(text).not.toMatch(/s3cr3t|s3ss10n/)
  })

  test('holds the options: those passed later override them, except for the seed, the population, Project and Organization', async () => {
    const before = await withState({ seed: 7, timing: { attach: 3000 } as never, quota: 1, servers: [{ zone: 'fr-par-1', name: 'web-1' }] })
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

describe('a response', () => {
  test('is sent after the change that it confirms is synced, and so is a response that reads the change', async () => {
    const before = await withState()
    const file = await open(before.data, 'r')
    await file.close()
    let release = (): void => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const sync = vi.spyOn(Object.getPrototypeOf(file) as { datasync: () => Promise<void> }, 'datasync').mockImplementation(() => held)
    onTestFinished(() => sync.mockRestore())
    const responses: string[] = []
    const create = before.create().then(() => responses.push('create'))
    await vi.waitFor(() => expect(sync).toHaveBeenCalled())
    const read = before.call('GET', '').then(() => responses.push('read'))
    await vi.waitFor(() => expect(before.emulator.journal).toHaveLength(2))
    await new Promise(setImmediate)
    expect(responses).toEqual([])
    release()
    await Promise.all([create, read])
    expect(responses.sort()).toEqual(['create', 'read'])
  })

  test.each(['a create', 'a read after addServer'])('of emulator.fetch is given after the sync too: %s', async (what) => {
    const { data, emulator } = await withState()
    const file = await open(data, 'r')
    await file.close()
    let release = (): void => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const sync = vi.spyOn(Object.getPrototypeOf(file) as { datasync: () => Promise<void> }, 'datasync').mockImplementation(() => held)
    onTestFinished(() => sync.mockRestore())
    if (what !== 'a create') emulator.addServer({ zone: 'fr-par-1' })
    const init = what === 'a create' ? { method: 'POST', body: JSON.stringify({ project_id: emulator.projectId }) } : {}
    let isSettled = false
    const response = emulator.fetch('/flexible-ip/v1alpha1/zones/fr-par-1/fips', { headers: { 'X-Auth-Token': emulator.secretKey }, ...init }).finally(() => (isSettled = true))
    await vi.waitFor(() => expect(sync).toHaveBeenCalled())
    await new Promise(setImmediate)
    expect(isSettled).toBe(false)
    release()
    expect((await response).status).toBe(200)
  })

  test('of emulator.fetch is an error once the state could not be saved', async () => {
    const { data, emulator } = await withState()
    const file = await open(data, 'r')
    await file.close()
    const sync = vi.spyOn(Object.getPrototypeOf(file) as { datasync: () => Promise<void> }, 'datasync').mockRejectedValueOnce(new Error('no space is left'))
    onTestFinished(() => sync.mockRestore())
    const create = () => emulator.fetch('/flexible-ip/v1alpha1/zones/fr-par-1/fips', { method: 'POST', headers: { 'X-Auth-Token': emulator.secretKey }, body: JSON.stringify({ project_id: emulator.projectId }) })
    for (let call = 0; call < 2; call++) await expect(create()).rejects.toThrow(/could not be saved: no space is left/)
  })

  test('shares its sync with the responses to other requests of the same time', async () => {
    const before = await withState()
    const file = await open(before.data, 'r')
    await file.close()
    const sync = vi.spyOn(Object.getPrototypeOf(file) as { datasync: () => Promise<void> }, 'datasync')
    onTestFinished(() => sync.mockRestore())
    await Promise.all(Array.from({ length: 100 }, () => before.create()))
    expect(sync.mock.calls.length).toBeLessThan(100)
    expect((await served({ data: copyAfterCrash(before.data) }).then((after) => after.call('GET', ''))).body.total_count).toBe(100)
  })

  test.each([
    ['throws', () => { throw new Error('of the listener') }],
    ['rejects', async () => Promise.reject(new Error('of the listener'))],
  ])('is a 500, and nothing is left unhandled, where onFailure %s', async (_, onFailure) => {
    const unhandled: unknown[] = []
    const note = (error: unknown) => void unhandled.push(error)
    process.on('unhandledRejection', note)
    onTestFinished(() => void process.off('unhandledRejection', note))
    const { data, create } = await withState({ onFailure: onFailure as () => void })
    rmSync(`${data}.lock`)
    expect((await create()).status).toBe(500)
    await new Promise(setImmediate)
    expect(unhandled).toEqual([])
  })

  test('has the status 500 once the state could not be saved', async () => {
    const failures: Error[] = []
    const before = await withState({ onFailure: (error) => failures.push(error) })
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

describe('after close', () => {
  test('every input is refused with a StateError, and what was confirmed before is on the disk', async () => {
    const { data, emulator, create, close } = await withState()
    const server = emulator.addServer({ zone: 'fr-par-1', name: 'web-1' })
    const { id } = (await create({ description: 'confirmed' })).body
    const snapshot = emulator.snapshot()
    await close()
    const url = '/flexible-ip/v1alpha1/zones/fr-par-1/fips'
    const headers = { 'X-Auth-Token': emulator.secretKey }
    await expect(emulator.fetch(url, { method: 'POST', headers, body: JSON.stringify({ project_id: emulator.projectId }) })).rejects.toThrow(StateError)
    await expect(emulator.fetch(url, { headers })).rejects.toThrow(/state\.json is closed/)
    const inputs: (() => unknown)[] = [
      () => emulator.addServer({ zone: 'fr-par-1' }),
      () => emulator.removeServer(server.id),
      () => emulator.forceStatus(id, 'locked'),
      () => emulator.setTiming('recorded'),
      () => emulator.addFault({ fault: 'gzip' }),
      () => emulator.removeFault(1),
      () => emulator.clearFaults(),
      () => emulator.advance(1000),
      () => emulator.restore(snapshot),
      () => emulator.reset(),
    ]
    for (const input of inputs) expect(input, String(input)).toThrow(StateError)
    expect(emulator.snapshot()).toBe(snapshot)
    const again = await served({ data })
    expect([again.emulator.servers.length, await descriptions(again)]).toEqual([1, ['confirmed']])
  })

  test('every input is refused with the error of a write that failed, too', async () => {
    const { data, emulator, create, url } = await withState()
    rmSync(`${data}.lock`)
    expect((await create()).status).toBe(500)
    expect(() => emulator.addServer({ zone: 'fr-par-1' })).toThrow(/could not be saved/)
    const body = JSON.stringify({ zone: 'fr-par-1', name: 'web-1' })
    const response = await send(`${url}/_emulator/servers`, { method: 'POST', headers: { 'X-Auth-Token': emulator.secretKey, 'Content-Type': 'application/json' }, body })
    expect([response.status, emulator.servers]).toEqual([500, []])
  })

  test('an emulator without a state on the disk still answers in the process', async () => {
    const { emulator, close } = await served({})
    await close()
    expect(emulator.addServer({ zone: 'fr-par-1', name: 'web-1' }).name).toBe('web-1')
  })
})

/** Damages a copy of a state. Expects that the server refuses the copy and leaves it unchanged. */
async function expectRefusal(data: string, damage: (data: string) => void, message: RegExp): Promise<void> {
  const copy = copyAfterCrash(data)
  damage(copy)
  const before = readFiles(copy)
  const thrown: unknown = await serveEmulator({ data: copy }).then(({ close }) => close(0), (error: unknown) => error)
  expect(thrown).toBeInstanceOf(StateError)
  expect((thrown as Error).message).toMatch(message)
  expect(readFiles(copy)).toEqual(before)
}

const edit = (path: string, change: (text: string) => string) => writeFileSync(path, change(readFileSync(path, 'utf8')))
const lineOf = (json: string) => `${createHash('sha256').update(json).digest('hex').slice(0, 16)} ${json}\n`

describe('a damaged state is refused and left unchanged:', () => {
  test.each<[string, (data: string) => void, RegExp]>([
    ['a state file in another format', (data) => writeFileSync(data, '{"my":"notes"}'), /is not a state file of flexip/],
    ['an empty state file', (data) => writeFileSync(data, ''), /is not a state file of flexip/],
    ['a truncated state file', (data) => truncateSync(data, 500), /is damaged: its checksum is wrong/],
    ['a state file with one letter changed', (data) => edit(data, (text) => text.replace('"web-1"', '"web-2"')), /is damaged: its checksum is wrong/],
    ['a newer state file', (data) => edit(data, (text) => text.replace('"version":1', '"version":2')), /is of version 2, this flexip reads up to 1: use a newer one/],
    ['a log with one letter changed in an earlier line', (data) => edit(log(data), (text) => text.replace('first', 'forst')), /is damaged in line 2/],
    ['a log with one letter changed in its last line', (data) => edit(log(data), (text) => text.replace('second', 'secund')), /is damaged in line 3/],
    ['a log with an earlier line removed', (data) => edit(log(data), (text) => text.split('\n').filter((_, index) => index !== 1).join('\n')), /replaying input 1 gives another response/],
    ['a log under the name of another', (data) => cpSync(log(data), log(data).replace('.1.log', '.2.log')), /is the log number 1, under another name/],
    ['a newer log', (data) => edit(log(data), (text) => text.replace(/^.*\n/, lineOf('{"format":"flexip log","version":2,"generation":1,"writtenBy":"9.0.0"}'))), /is of version 2/],
    ['a log whose predecessor is missing', (data) => cpSync(log(data), log(data).replace('.1.log', '.3.log')), /the log number 2 of .* is missing/],
  ])('%s', async (_, damage, message) => {
    const { data, create } = await withState({ servers: [{ zone: 'fr-par-1', name: 'web-1' }] })
    await create({ description: 'first' })
    await create({ description: 'second' })
    await expectRefusal(data, damage, message)
  })

  test('a log whose state file is missing', async () => {
    const { data, create } = await withState()
    await create()
    const copy = join(temporaryFolder(), 'state.json')
    cpSync(log(data), `${copy}.1.log`)
    await expect(serveEmulator({ data: copy })).rejects.toThrow(/exists, but its state file does not/)
  })

  test('a log of another version of flexip, whose responses differ from those of this version', async () => {
    const { data, create } = await withState()
    await create({ description: 'first' })
    const alter = (text: string) => {
      const [head = '', line = ''] = text.split('\n')
      return lineOf(head.slice(17).replace(/"writtenBy":"[^"]*"/, '"writtenBy":"0.0.9"')) + lineOf(line.slice(17).replace(/"sum":"\w+"/, '"sum":"0123456789abcdef"'))
    }
    await expectRefusal(data, (copy) => edit(log(copy), alter), /input 1 gives another response.*written by flexip 0\.0\.9, this is \d.*open it with that one and stop it there/)
  })
})

describe('a state cannot be saved', () => {
  test('in a folder that does not exist', async () => {
    await expect(serveEmulator({ data: join(temporaryFolder(), 'nowhere/state.json') })).rejects.toThrow(/no state can be saved in .*nowhere\/state\.json: ENOENT/)
  })

  test('in place of a folder', async () => {
    const data = join(temporaryFolder(), 'state.json')
    mkdirSync(data)
    await expect(serveEmulator({ data })).rejects.toThrow(/state\.json/)
  })

  test.each<[string, (lock: string) => void, RegExp]>([
    ['removed', (lock) => rmSync(lock), /state\.json\.lock was removed, so another process may have the state/],
    ['replaced by a link', (lock) => (rmSync(lock), symlinkSync('/dev/null', lock)), /state\.json\.lock was replaced/],
  ])('once its lock file was %s, and confirms nothing more', async (_, change, message) => {
    const failures: string[] = []
    const { data, create, close, url } = await withState({ onFailure: ({ message }) => void failures.push(message) })
    await create({ description: 'confirmed' })
    change(`${data}.lock`)
    expect((await create({ description: 'lost' })).status).toBe(500)
    expect([failures, (await send(`${url}/_emulator/health`)).status]).toEqual([[expect.stringMatching(message)], 500])
    await expect(close()).rejects.toThrow(message)
  })

  test.each([
    ['its log', (data: string) => rmSync(log(data)), /\.log was removed/],
    ['the log that it has open', (data: string) => (rmSync(log(data)), writeFileSync(`${data}.1.log`, '')), /\.log was replaced/],
    ['its state file', (data: string) => rmSync(data), /state\.json was removed/],
  ])('where a start after a crash would not find it, without %s', async (_, remove, message) => {
    const failures: string[] = []
    const { data, create } = await withState({ onFailure: ({ message }) => void failures.push(message) })
    await create({ description: 'confirmed' })
    remove(data)
    expect((await create({ description: 'lost' })).status).toBe(500)
    expect(failures).toEqual([expect.stringMatching(message)])
  })

  test.each([1, 2, 3, 4])('at a start on a full disk, whose sync number %d fails: the error names the file, and nothing is left', async (step) => {
    const before = await withState()
    await before.create({ description: 'confirmed' })
    await before.close()
    const files = readFiles(before.data)
    const file = await open(before.data, 'r')
    await file.close()
    const prototype = Object.getPrototypeOf(file) as { sync: () => Promise<void> }
    const { sync } = prototype
    let syncs = 0
    const full = vi.spyOn(prototype, 'sync').mockImplementation(function (this: unknown) {
      return ++syncs === step ? Promise.reject(Object.assign(new Error('ENOSPC: no space left on device, fsync'), { code: 'ENOSPC' })) : Promise.resolve(Reflect.apply(sync, this, []))
    })
    onTestFinished(() => full.mockRestore())
    const thrown: unknown = await serveEmulator({ data: before.data }).then(({ close }) => close(0), (error: unknown) => error)
    expect(thrown).toBeInstanceOf(StateError)
    expect((thrown as Error).message).toBe(`no state can be saved in ${before.data}: ENOSPC: no space left on device, fsync`)
    // The last sync is that of the folder, after the file was replaced.
    if (step < 4) expect(readFiles(before.data)).toEqual(files)
    expect(await descriptions(await served({ data: before.data }))).toEqual(['confirmed'])
  })

  test('that another process took over after the lock file was removed', async () => {
    const first = await withState()
    await first.create({ description: 'of the first' })
    rmSync(`${first.data}.lock`)
    const second = await served({ data: first.data, clock: 'manual' })
    await second.create({ description: 'of the second' })
    expect((await first.create({ description: 'lost' })).status).toBe(500)
    await expect(first.close()).rejects.toThrow(/\.lock was replaced/)
    await second.create({ description: 'after that' })
    await second.close()
    const third = await served({ data: first.data })
    expect(await descriptions(third)).toEqual(['of the first', 'of the second', 'after that'])
  })

  test('at its end, if its lock file was removed', async () => {
    const { data, close } = await withState()
    const before = readFiles(data)
    rmSync(`${data}.lock`)
    await expect(close()).rejects.toThrow(/\.lock was removed/)
    expect(readFiles(data)).toEqual(before)
  })

  test('in a file that another server uses, under any of its names', async () => {
    const { data, close } = await withState()
    for (const name of [data, join(data, '../../', data.split('/').at(-2) ?? '', 'state.json')]) await expect(serveEmulator({ data: name })).rejects.toThrow(/is in use by this process already: close it there first/)
    await close()
    await served({ data })
  })
})

test('a folder or a pipe in the place of the file is refused at once, and no lock is left', async () => {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'state'))
  await expect(serveEmulator({ data: join(folder, 'state') })).rejects.toThrow(new StateError(`no state can be saved in ${join(folder, 'state')}: it is a folder`))
  rmSync(join(folder, 'state'), { recursive: true })
  if (process.platform !== 'win32') {
    execFileSync('mkfifo', [join(folder, 'pipe')])
    await expect(serveEmulator({ data: join(folder, 'pipe') })).rejects.toThrow(new StateError(`no state can be saved in ${join(folder, 'pipe')}: it is no regular file`))
    rmSync(join(folder, 'pipe'))
  }
  expect(readdirSync(folder)).toEqual([])
})
