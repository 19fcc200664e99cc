// What enters the emulator is checked and copied: options, rules, clocks, requests of any `fetch`.
import { Readable } from 'node:stream'
import { ConfigurationError, type EmulatorOptions, FlexibleIpEmulator } from 'flexip/emulator'
import { describe, expect, onTestFinished, test, vi } from 'vitest'

const zone = 'fr-par-1'
const fips = `https://api.scaleway.com/flexible-ip/v1alpha1/zones/${zone}/fips`
const id = '7c715b98-e683-493a-9e62-109d684e4348'

function setUp(options: EmulatorOptions = {}) {
  const emulator = new FlexibleIpEmulator({ seed: 3, clock: 'manual', ...options })
  const headers = { 'X-Auth-Token': emulator.secretKey }
  const create = async (fields: object = {}) => (await (await emulator.fetch(fips, { method: 'POST', headers, body: JSON.stringify({ project_id: emulator.projectId, ...fields }) })).json()) as { id: string; status: string }
  const status = async (fipId: string) => ((await (await emulator.fetch(`${fips}/${fipId}`, { headers })).json()) as { status: string }).status
  return { emulator, headers, create, status }
}

function refusal(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message
    throw error
  }
  throw new Error('it was accepted')
}

describe('an option is refused by its name:', () => {
  const cyclic: Record<string, unknown> = {}
  cyclic.self = cyclic
  test.each<[string, unknown, RegExp]>([
    ['null in place of the options', null, /the options must be an object; found null/],
    ['a word that is no clock', { clock: 'Manual' }, /clock must be 'real' or 'manual'; found "Manual"/],
    ['an invalid date', { startsAt: new Date(NaN) }, /startsAt must be a Date from 1970 .*; found an invalid Date/],
    ['a date before 1970', { startsAt: new Date(-1) }, /startsAt must be a Date from 1970/],
    ['a date after 2500', { startsAt: new Date(Date.UTC(2600, 0)) }, /to 2500-01-01.*; found 2600-01-01/],
    ['a number in place of a date', { startsAt: 5 }, /startsAt must be a Date .*; found 5/],
    ['a quota of NaN', { quota: NaN }, /quota must be a finite number.*; found NaN/],
    ['an infinite seed', { seed: Infinity }, /seed must be a finite number.*; found Infinity/],
    ['a negative seed', { seed: -1 }, /seed: invalid value: integer `-1`/],
    ['a seed with a fraction', { seed: 1.5 }, /seed: invalid type/],
    ['a bigint', { quota: 5n }, /quota must be a finite number.*; found 5/],
    ['NaN in a delay', { timing: { attach: [1, NaN, 3] } }, /timing\.attach\[1\] must be a finite number/],
    ['a delay with a fraction', { timing: { attach: 1.5 } }, /attach: a delay is a whole number of milliseconds/],
    ['a delay over 2^31', { timing: { attach: 2 ** 31 } }, /the delay attach is 2147483648 ms long, the longest is 2147483647/],
    ['blocks that overlap', { ipv4Blocks: { [zone]: ['203.0.113.0/24', '203.0.113.8/29'] } }, /203\.0\.113\.0\/24 and 203\.0\.113\.8\/29 overlap/],
    ['servers that are no list', { servers: { zone } }, /servers must be a list of \{zone, name\?\}/],
    ['a server without a zone', { servers: [{ name: 'web' }] }, /servers\[0\]\.zone must be a string; found nothing/],
    ['fault rules that are no list', { faults: { fault: 'gzip' } }, /faults must be a list of fault rules; found an object/],
    ['NaN in a fault rule', { faults: [{ fault: 'gzip' }, { probability: NaN, fault: 'gzip' }] }, /faults\[1\]\.probability must be a finite number.*; found NaN/],
    ['a fault rule that does not exist', { faults: [{ fault: 'gzipped' }] }, /unknown variant `gzipped`/],
    ['a map', { ipv4Blocks: new Map() }, /ipv4Blocks must be .*; found an object \(Map\)/],
    ['a value that contains itself', { projects: cyclic }, /is nested more than 64 deep/],
    ['a list in place of a timing', { timing: [1, 2, 3] }, /timing must be 'instant', 'recorded' or an object .*; found a list/],
    ['a misspelt field of a server', { servers: [{ zone, nam: 'web' }] }, /servers\[0\] has no field nam; there are zone and name/],
    ['a list in place of a fault rule', { faults: [['createFlexibleIP', null, null, null, null, null, 'garbage']] }, /faults\[0\] must be an object/],
    ['a key that is no string', { secretKey: 5 }, /secretKey must be a string$/],
    ['a key with spaces, which no client takes', { secretKey: 'a b c d' }, /^secretKey must have no spaces/],
    ['a session token with a space', { sessionToken: 'abcd efgh' }, /^sessionToken must have no spaces/],
  ])('%s', (_, options, message) => {
    expect(refusal(() => new FlexibleIpEmulator(options as EmulatorOptions))).toMatch(message)
  })
})

describe('an argument is refused by its name, and nothing changes:', () => {
  test.each<[string, (emulator: FlexibleIpEmulator) => unknown, RegExp]>([
    ['removeServer(server)', (emulator) => emulator.removeServer(emulator.servers[0] as never), /the id of a server must be a string; found an object/],
    ['removeServer()', (emulator) => emulator.removeServer(undefined as never), /the id of a server must be a string; found nothing/],
    ['restore(object)', (emulator) => emulator.restore({} as never), /a snapshot must be a string; found an object/],
    ['addServer(zone)', (emulator) => emulator.addServer(zone as never), /a server must be an object; found "fr-par-1"/],
    ['a server without a zone', (emulator) => emulator.addServer({} as never), /zone must be a string; found nothing/],
    ['a server with a number as its name', (emulator) => emulator.addServer({ zone, name: 5 as never }), /name must be a string; found 5/],
    ['a symbol as a status', (emulator) => emulator.forceStatus(id, Symbol('x') as never), /status must be a string; found Symbol\(x\)/],
    ['an unknown status', (emulator) => emulator.forceStatus(id, 'tired' as never), /there is no status tired/],
    ['removeFault(NaN)', (emulator) => emulator.removeFault(NaN), /the id of a fault rule must be a finite number; found NaN/],
    ['removeFault()', (emulator) => emulator.removeFault(undefined as never), /the id of a fault rule must be a finite number; found nothing/],
    ['a rule that is no object', (emulator) => emulator.addFault(undefined as never), /the rule must be/],
    ['a probability of NaN', (emulator) => emulator.addFault({ probability: NaN, fault: 'garbage' }), /the rule\.probability must be a finite number.*; found NaN/],
    ['an nth beyond 2^32', (emulator) => emulator.addFault({ nth: 2 ** 32, fault: 'garbage' }), /nth: invalid value/],
    ['a delay over 2^31', (emulator) => emulator.addFault({ fault: { delay: 2 ** 31 } }), /a delay is at most 2147483647 milliseconds; found 2147483648/],
    ['a 204 with a body', (emulator) => emulator.addFault({ fault: { status: { status: 204, body: 'x' } } }), /a response with status 204 has no body/],
    ['a misspelt field of a server', (emulator) => emulator.addServer({ zone, nam: 'x' } as never), /a server has no field nam; there are zone and name/],
    ['a list in place of a timing', (emulator) => emulator.setTiming([[1, 2, 3]] as never), /timing must be .*; found a list/],
    ['a list in place of a rule', (emulator) => emulator.addFault([null, null, null, null, null, null, 'garbage'] as never), /the rule must be an object/],
    ...[{ stale: [true] }, { drip: [2, 100] }, { status: [500] }, { late: [5] }, { flap: [5] }, { tear: [] }, { rateGate: [1, 1] }, { retryAfter: ['huge'] }, { delay: [1, 2] }].map((fault): [string, (emulator: FlexibleIpEmulator) => unknown, RegExp] => [
      `a list in place of the fields of ${Object.keys(fault)[0]}`,
      (emulator) => emulator.addFault({ fault } as never),
      new RegExp(`the rule\\.fault\\.${Object.keys(fault)[0]} must not be a list`),
    ]),
    ['a list in place of the milliseconds of late', (emulator) => emulator.addFault({ fault: { late: { ms: [1, 2] } } } as never), /the rule\.fault\.late\.ms must not be a list/],
    ['null in place of fields', (emulator) => emulator.addFault({ fault: { garbage: null } } as never), /the rule\.fault\.garbage must not be null: a fault without fields is its name, 'garbage'/],
    ...['Content-Length', 'content-length', 'Transfer-Encoding', 'Connection', 'Keep-Alive', 'Proxy-Connection', 'Trailer', 'TE', 'Upgrade'].map((header): [string, (emulator: FlexibleIpEmulator) => unknown, RegExp] => [
      `a response with ${header}`,
      (emulator) => emulator.addFault({ fault: { status: { status: 200, body: 'x', headers: { [header]: '2' } } } }),
      new RegExp(`the rule\\.fault\\.status\\.headers must not have ${header}: it belongs to the connection`),
    ]),
    ['a response with Content-Encoding', (emulator) => emulator.addFault({ fault: { status: { status: 200, body: 'x', headers: { 'content-encoding': 'gzip' } } } }), /the rule\.fault\.status\.headers must not have Content-Encoding: no client could read the body, .*; the fault gzip compresses one/],
    ...([
      ['a rule', (emulator, bad) => emulator.addFault(bad as never), 'the rule'],
      ['the fault of a rule', (emulator, bad) => emulator.addFault({ fault: { status: bad } } as never), 'the rule'],
      ['a timing', (emulator, bad) => emulator.setTiming(bad as never), 'timing'],
      ['a server', (emulator, bad) => emulator.addServer(bad as never), 'a server'],
    ] as [string, (emulator: FlexibleIpEmulator, bad: object) => unknown, string][]).flatMap(([what, call, name]) =>
      [
        () => Proxy.revocable({}, {}),
        () => ({ proxy: new Proxy({}, { get: () => { throw new Error('secret') }, ownKeys: () => { throw new Error('secret') } }) }),
        () => ({ proxy: { get fault() { throw new Error('secret') }, get zone() { throw new Error('secret') } } }),
      ].map((make, index): [string, (emulator: FlexibleIpEmulator) => unknown, RegExp] => {
        const bad = make()
        if ('revoke' in bad && typeof bad.revoke === 'function') bad.revoke()
        return [`${what} that throws when it is read, ${index}`, (emulator) => call(emulator, bad.proxy), new RegExp(`^${name} cannot be read: reading it threw an error$`)]
      }),
    ),
    ['an unknown timing', (emulator) => emulator.setTiming('slow' as never), /allowed are "instant", "recorded"/],
    ['no timing', (emulator) => emulator.setTiming(undefined as never), /timing must be/],
    ['a bigint of time', (emulator) => emulator.advance(5n as never), /time can be moved on by 0 or more milliseconds; found 5/],
    ['a time beyond the end', (emulator) => emulator.advance(1e15), /time ends at 2500-01-01.*; found 1000000000000000/],
  ])('%s', (_, call, message) => {
    const { emulator } = setUp({ servers: [{ zone, name: 'web' }], population: { [zone]: 40 } })
    const before = [emulator.snapshot(), emulator.now]
    expect(refusal(() => call(emulator))).toMatch(message)
    expect([emulator.snapshot(), emulator.now]).toEqual(before)
  })
})

test('a server of another emulator can be added: it gets an id of its own', () => {
  const [first, second] = [setUp({ servers: [{ zone, name: 'web-1' }] }).emulator, setUp({ seed: 4 }).emulator]
  const [server] = first.servers
  if (!server) throw new Error('there is no server')
  expect(second.addServer(server)).toMatchObject({ zone, name: 'web-1', id: expect.not.stringMatching(server.id) as string })
  const third = new FlexibleIpEmulator({ servers: first.servers })
  expect(third.servers).toMatchObject([{ zone, name: 'web-1' }])
})

test('30,000 fault rules are added in seconds', () => {
  const { emulator } = setUp()
  const from = performance.now()
  for (let number = 0; number < 30_000; number++) emulator.addFault({ fault: 'gzip', nth: 99 })
  // It took over a minute when each rule added up the bytes of all before it.
  expect(performance.now() - from).toBeLessThan(20_000)
})

test('lists stay allowed where a rule has them: the flexible IPs of a tear, and the body of a response', () => {
  const { emulator } = setUp()
  expect([emulator.addFault({ fault: { tear: { fipsIds: [id] } } }), emulator.addFault({ fault: { status: { status: 400, body: [1, [2]] } } })]).toEqual([1, 2])
})

test('the headers of a fault replace those that every response has', async () => {
  const { emulator, headers } = setUp()
  const own = { 'content-type': 'text/html', Date: 'Thu, 01 Jan 2026 00:00:00 GMT', 'X-Request-Id': 'abc', SERVER: 'me', 'X-Frame-Options': 'SAMEORIGIN', 'X-Own': '1' }
  emulator.addFault({ fault: { status: { status: 200, body: 'hi', headers: own } } })
  const response = await emulator.fetch(fips, { headers })
  for (const [name, value] of Object.entries(own)) expect(response.headers.get(name), name).toBe(value)
  expect(response.headers.get('strict-transport-security')).toBe('max-age=63072000')
})

test('a status that contradicts whether there is a server is refused', async () => {
  const { emulator, create } = setUp()
  const { id: ready } = await create()
  const { id: attached } = await create({ server_id: emulator.addServer({ zone }).id })
  emulator.advance(0)
  const before = emulator.snapshot()
  expect(refusal(() => emulator.forceStatus(ready, 'attached'))).toMatch(/without a server cannot be attached: allowed are ready/)
  expect(refusal(() => emulator.forceStatus(attached, 'ready'))).toMatch(/on a server cannot be ready: allowed are attached/)
  expect(emulator.snapshot()).toBe(before)
})

test('what a caller changes after a call does not change the emulator', async () => {
  const servers = [{ zone, name: 'web' }]
  const faults = [{ nth: 9, fault: { chunked: 2 } }]
  const { emulator, headers, create } = setUp({ servers, faults })
  faults[0] = { nth: 0, fault: { chunked: 0 } }
  const rule = { operation: 'createFlexibleIP', times: 1, fault: { status: { status: 503, headers: { 'Retry-After': '1' } } } }
  emulator.addFault(rule)
  rule.operation = 'x'
  rule.fault.status.status = 99
  servers.push({ zone: 'mars-1', name: '' })
  await expect(create()).rejects.toThrow(/JSON/)
  emulator.reset()
  expect(emulator.servers.map(({ name }) => name)).toEqual(['web'])
  expect(emulator.faults).toMatchObject([{ id: 1, rule: { nth: 9, fault: { chunked: 2 } } }])
  const body = new TextEncoder().encode(JSON.stringify({ project_id: emulator.projectId, description: 'one' }))
  const sent = emulator.fetch(fips, { method: 'POST', headers, body })
  body.fill(0)
  expect(await (await sent).json()).toMatchObject({ description: 'one' })
})

test('no later call changes an answer that is not read yet', async () => {
  const { emulator, headers, create } = setUp()
  await create({ description: 'a'.repeat(200) })
  const response = await emulator.fetch(fips, { headers })
  for (let round = 0; round < 50; round++) await create({ description: 'b'.repeat(250), tags: Array.from({ length: 50 }, () => 'c'.repeat(500)) })
  expect(await response.json()).toMatchObject({ total_count: 1, flexible_ips: [{ description: 'a'.repeat(200) }] })
})

test('a host that reads the body of a response later reads the same bytes', async () => {
  // As WebKit and happy-dom do.
  const Original = globalThis.Response
  const bodies: unknown[] = []
  vi.stubGlobal('Response', class extends Original {
    constructor(body?: BodyInit | null, init?: ResponseInit) {
      super(body, init)
      bodies.push(body)
    }
  })
  onTestFinished(() => void vi.unstubAllGlobals())
  const { emulator, headers, create } = setUp()
  await create({ description: 'first' })
  for (let round = 0; round < 50; round++) await emulator.fetch(fips, { headers })
  const [first] = bodies as [Uint8Array]
  expect(JSON.parse(new TextDecoder().decode(first))).toMatchObject({ description: 'first' })
  expect(first.buffer.byteLength).toBe(first.byteLength)
})

describe('emulator.fetch takes', () => {
  const { emulator } = setUp()
  const key: [string, string] = ['x-auth-token', emulator.secretKey]
  const loose = emulator.fetch as (input: unknown, init?: unknown) => Promise<Response>

  // A class of headers that is not the global one, as those of undici and node-fetch.
  class OtherHeaders {
    *[Symbol.iterator]() {
      yield key
    }
    entries() {
      return this[Symbol.iterator]()
    }
  }
  class OtherRequest {
    url = fips
    method = 'POST'
    headers = new OtherHeaders()
    arrayBuffer = async () => new TextEncoder().encode(JSON.stringify({ project_id: emulator.projectId })).buffer
  }

  test.each<[string, unknown]>([
    ['headers of another class', new OtherHeaders()],
    ['a map', new Map([key])],
    ['a generator', new OtherHeaders().entries()],
    ['pairs that are iterable', [new Set(key)]],
    ['an object', Object.fromEntries([key])],
    ['an object without a prototype', Object.assign(Object.create(null) as object, Object.fromEntries([key]))],
  ])('%s as headers', async (_, headers) => {
    expect((await loose(fips, { headers })).status).toBe(200)
  })

  test.each<[string, unknown, unknown]>([
    ['a Request of another class', new OtherRequest(), undefined],
    ['a Request of another class with an init', new OtherRequest(), { method: 'POST' }],
    ['any object that is a URL as a string', { toString: () => fips }, { method: 'POST', headers: [key], body: JSON.stringify({ project_id: emulator.projectId }) }],
    ['a body that is an async iterable', new URL(fips), { method: 'POST', headers: [key], duplex: 'half', body: Readable.from([Buffer.from(JSON.stringify({ project_id: emulator.projectId }))]) }],
  ])('%s', async (_, input, init) => {
    expect((await loose(input, init)).status).toBe(200)
  })

  test('null as an init, as `fetch` does', async () => {
    expect((await loose(fips, null)).status).toBe(401)
  })
})

describe('a real clock whose system is set back', () => {
  const start = Date.UTC(2026, 5, 1)

  test.each([1, 60, 3600, 86_400 * 400])('by %d seconds goes on from where it was', async (seconds) => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'], now: start })
    onTestFinished(() => void vi.useRealTimers())
    const { emulator, create, status } = setUp({ clock: 'real', timing: { create: 900 } as never })
    const { id: fipId } = await create({ server_id: emulator.addServer({ zone }).id })
    vi.setSystemTime(start - seconds * 1000)
    expect([await status(fipId), emulator.now.getTime()]).toEqual(['updating', start])
    vi.advanceTimersByTime(999)
    expect(await status(fipId)).toBe('updating')
    // The clock is a tenth slower until the system has caught up.
    vi.advanceTimersByTime(1)
    expect([await status(fipId), emulator.now.getTime()]).toEqual(['attached', start + 900])
  })
})

test('a snapshot has its time: to restore it moves a manual clock, also back', async () => {
  const { emulator, create, status } = setUp({ timing: { create: 3000 } as never })
  emulator.advance(500.25)
  const { id: fipId } = await create({ server_id: emulator.addServer({ zone }).id })
  const [snapshot, now, next] = [emulator.snapshot(), emulator.now, emulator.msToNextTransition()]
  emulator.advance(1_000_000)
  expect(await status(fipId)).toBe('attached')
  emulator.restore(snapshot)
  expect([emulator.now, emulator.msToNextTransition(), emulator.snapshot()]).toEqual([now, next, snapshot])
  emulator.advance(3001)
  expect(await status(fipId)).toBe('attached')
})

describe('a snapshot with a time that cannot be is refused by its name:', () => {
  interface Record {
    created_at: string
    updated_at: string
    job?: { due: string }
  }
  interface Snapshot {
    at?: string
    state: { last_stamp: string; ips: { [id: string]: Record }; groups: { [id: string]: Record }; machines: { [id: string]: { leaves_at: string | null } }; late: { due: string }[]; history: { at: string } }
    faults: { rules: { full_at: string; flap?: { until: string } }[] }
  }
  const second = 1_000_000_000n
  const hour = 3600n * second
  const century = 876_600n * hour
  const later = (time: string | undefined, by: bigint): string => String(BigInt(time ?? 0) + by)
  const first = <T>(records: { [id: string]: T }): T => Object.values(records)[0] as T
  const withJob = ({ state }: Snapshot): { due: string } => Object.values(state.ips).find(({ job }) => job)?.job as { due: string }

  /** A state in which everything that has a time occurs. */
  async function rich() {
    const parts = setUp({ timing: { attach: 3000, generateMac: 0, serverDelete: 90_000 } as never })
    const { emulator, headers, create } = parts
    const post = (path: string, body: object) => emulator.fetch(`${fips}/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    const server = emulator.addServer({ zone })
    emulator.removeServer(emulator.addServer({ zone }).id)
    const [one, other] = [await create(), await create()]
    await post('attach', { fips_ids: [one.id], server_id: server.id })
    emulator.advance(3000)
    await post(`${one.id}/mac`, { mac_type: 'kvm' })
    emulator.advance(1)
    await post('attach', { fips_ids: [other.id], server_id: server.id })
    emulator.addFault({ operation: 'listFlexibleIPs', fault: { rateGate: { perSecond: 2, burst: 3 } } })
    emulator.addFault({ operation: 'listFlexibleIPs', fault: { tear: { share: 0 } } })
    emulator.addFault({ operation: 'getFlexibleIP', fault: { flap: { forMs: 500 } } })
    emulator.addFault({ operation: 'createFlexibleIP', fault: { late: { ms: 7000 } } })
    await emulator.fetch(fips, { headers })
    expect((await emulator.fetch(`${fips}/${one.id}`, { headers })).status).toBe(403)
    expect((await emulator.fetch(fips, { method: 'POST', headers, body: JSON.stringify({ project_id: emulator.projectId }) })).status).toBe(504)
    return parts
  }

  test.each<[string, (snapshot: Snapshot) => unknown, RegExp]>([
    ['no time', (snapshot) => delete snapshot.at, /missing field `at`/],
    ['a time before everything', (snapshot) => (snapshot.at = '0'), /nothing was written after its time|counters of fault rule/],
    ['a time after 2550', (snapshot) => (snapshot.at = '18446744073709551615'), /nothing was written after its time: it is after 2550/],
    ['a last write in the future', ({ state }) => (state.last_stamp = later(state.last_stamp, century)), /nothing was written after its time/],
    ['a change in the future', ({ state, at }) => (state.history.at = later(at, hour)), /nothing was written after its time/],
    ['a flexible IP that was updated before it was created', ({ state }) => (first(state.ips).updated_at = '0'), /every date is one that a write had/],
    ['a flexible IP that was updated after the last write', ({ state, at }) => (first(state.ips).updated_at = later(at, hour)), /every date is one that a write had/],
    ['a MAC address that was created after its update', ({ state }) => (first(state.groups).created_at = later(first(state.groups).updated_at, 1n)), /every date is one that a write had/],
    ['a MAC address of the future', ({ state, at }) => (first(state.groups).updated_at = later(at, hour)), /every date is one that a write had/],
    ['a transition that ended before it began', (snapshot) => (withJob(snapshot).due = later(snapshot.at, -hour)), /what is under way ends after the last write/],
    ['a transition of a century', (snapshot) => (withJob(snapshot).due = later(snapshot.at, century)), /and within the longest delay/],
    ['a server that leaves in a century', ({ state, at }) => (Object.values(state.machines).find((server) => server.leaves_at) ?? { leaves_at: '' }).leaves_at = later(at, century), /and within the longest delay/],
    ['late work that was due before it was sent', ({ state }) => ((state.late[0] as { due: string }).due = '0'), /what is under way ends after the last write/],
    ['late work in a century', ({ state, at }) => ((state.late[0] as { due: string }).due = later(at, century)), /and within the longest delay/],
    ['a rate gate that is full in a century', ({ faults, at }) => ((faults.rules[0] as { full_at: string }).full_at = later(at, century)), /the counters of fault rule 1 contradict/],
    ['a flap that lasts for a century', ({ faults, at }) => ((faults.rules[2] as { flap: { until: string } }).flap.until = later(at, century)), /the counters of fault rule 3 contradict/],
  ])('%s', async (_, change, message) => {
    const { emulator } = await rich()
    const text = emulator.snapshot()
    const snapshot = JSON.parse(text) as Snapshot
    change(snapshot)
    expect(JSON.stringify(snapshot)).not.toBe(text)
    expect(refusal(() => emulator.restore(JSON.stringify(snapshot)))).toMatch(message)
    expect(emulator.snapshot()).toBe(text)
    emulator.restore(text)
  })

  test('but not because a clock stands before the dates of the addresses', async () => {
    const { emulator, create } = setUp({ startsAt: new Date(0), population: { [zone]: 40 } })
    await create({ server_id: emulator.addServer({ zone }).id })
    await create()
    emulator.restore(emulator.snapshot())
    emulator.advance(60 * 365 * 86_400_000)
    emulator.restore(emulator.snapshot())
  })
})

test('a snapshot that breaks an invariant is refused by its name, and nothing changes', async () => {
  const { emulator, create } = setUp()
  await create()
  await create()
  const before = emulator.snapshot()
  // A create would overwrite the second flexible IP.
  const broken = before.replace('"grown":2,', '"grown":1,')
  expect(broken).not.toBe(before)
  expect(refusal(() => emulator.restore(broken))).toMatch(/the snapshot/)
  const contradicting = before.replace('"status":"ready"', '"status":"attached"')
  expect(refusal(() => emulator.restore(contradicting))).toMatch(/breaks the rule that a status is that of the job under way/)
  expect(emulator.snapshot()).toBe(before)
})
