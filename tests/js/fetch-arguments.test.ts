// `emulator.fetch` beside `new Request(...)` and `fetch` of Node: it refuses what they refuse, and sends what they send.
import fc from 'fast-check'
import { FlexibleIpEmulator } from 'flexip/emulator'
import * as nodeFetch from 'node-fetch'
import * as undici from 'undici'
import { describe, expect, test } from 'vitest'

const fips = 'https://api.scaleway.com/flexible-ip/v1alpha1/zones/fr-par-1/fips'
type Loose = (input: unknown, init?: unknown) => Promise<Response>

interface Call {
  input: unknown
  init: unknown
}

/** What a request sends: the method, the target, the headers with names in small letters, the body. */
type Sent = [method: string, target: string, headers: Record<string, string>, body: string]

/** What Node makes of the arguments of a `fetch`. */
async function byNode({ input, init }: Call): Promise<Sent | 'TypeError'> {
  try {
    const request = new Request(input as string, init as RequestInit)
    // A constructor takes them, a fetch does not.
    const url = new URL(request.url)
    if (!/^https?:$/.test(url.protocol)) return 'TypeError'
    const headers = Object.fromEntries(request.headers)
    return [request.method, url.pathname + url.search, headers, await request.text()]
  } catch (error) {
    if (error instanceof TypeError) return 'TypeError'
    throw error
  }
}

/** What the emulator makes of them, as its journal shows it. */
async function byEmulator({ input, init }: Call): Promise<Sent | 'TypeError'> {
  const emulator = new FlexibleIpEmulator({ clock: 'manual' })
  try {
    await (emulator.fetch as Loose)(input, init)
  } catch (error) {
    if (error instanceof TypeError) return 'TypeError'
    throw error
  }
  const { method, target, headers, body } = emulator.journal[0] ?? { method: '', target: '', headers: [], body: '' }
  return [method, target, Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])), body]
}

const text = fc.oneof(fc.constantFrom('', 'a', 'é', '日', 'a\nb', 'a\r', '\0', ' a ', '\t', 'x'.repeat(300)), fc.string({ maxLength: 5 }))
const name = fc.oneof({ weight: 6, arbitrary: fc.constantFrom('X-Note', 'x-note', 'Content-Type', 'X-Other') }, { weight: 1, arbitrary: fc.constantFrom('', 'a b', 'é', 'x:y', 'x\ny') })
const pair = fc.oneof({ weight: 12, arbitrary: fc.tuple(name, text) }, { weight: 1, arbitrary: fc.constantFrom(['a'], ['a', 'b', 'c'], 'ab', null, 5) })
const headers = fc.oneof(
  fc.dictionary(name, text, { maxKeys: 3 }),
  fc.array(pair, { maxLength: 3 }),
  fc.array(pair, { maxLength: 2 }).map((entries) => new Set(entries)),
  fc.constantFrom(undefined, null, 'x', 5, new Headers({ 'X-Note': '1' }), new Map([['X-Note', '1']]), { [Symbol('x')]: '1' }),
)
const method = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('GET', 'POST', 'post', 'Delete', 'PATCH', 'HEAD', 'head', 'put', 'OPTIONS', undefined) },
  { weight: 2, arbitrary: fc.constantFrom('patch', 'TRACE', 'connect', 'Track', 'G ET', '', 'é', 'BREW', null, 5, 'GET\n') },
)
// Makes a new one for each of the two, since a stream can be read once.
const body = fc.constantFrom<(() => unknown)[]>(
  () => undefined,
  () => undefined,
  () => null,
  () => '',
  () => '{"a":1}',
  () => 'é',
  () => new TextEncoder().encode('bytes'),
  () => new DataView(new TextEncoder().encode('view').buffer, 1, 2),
  () => new Blob(['blob'], { type: 'text/x-note' }),
  () => new URLSearchParams({ a: 'b c' }),
  () => new Blob(['stream']).stream(),
  () => ({ a: 1 }),
  () => 5,
  async function* () {
    yield new TextEncoder().encode('iterable')
  },
  () => {
    const stream = new Blob(['locked']).stream()
    stream.getReader()
    return stream
  },
)
const other = fc.constantFrom<object[]>({}, {}, {}, {}, { duplex: 'half' }, { duplex: 'full' }, { mode: 'cors' }, { mode: 'navigate' }, { mode: 'x' }, { cache: 'reload' }, { cache: 'x' }, { cache: 'only-if-cached' }, { redirect: 'follow' }, { redirect: 'x' }, { credentials: 'include' }, { credentials: 1 }, { referrer: 'http://[' }, { referrerPolicy: 'x' }, { keepalive: true }, { window: 1 }, { window: null }, { integrity: 'x' }, { signal: null }, { signal: {} }, { signal: 'x' }, { signal: new AbortController().signal })
const url = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<unknown[]>(fips, new URL(fips), { toString: () => fips }, `${fips}?tags=é&page=1#part`, `${fips}/%41/../x`, fips.replace('https', 'HTTP')) },
  { weight: 1, arbitrary: fc.constantFrom<unknown[]>('', 'fips', './fips', undefined, null, 5, 'http://', 'http://[', 'https://a:b@api.scaleway.com/', 'https://a@api.scaleway.com/', 'ftp://x/', 'file:///etc/passwd', 'mailto:x', 'javascript:0') },
)

/** A call, made anew at each use. */
type MakeCall = () => Call
const init = fc.record({ method, headers, body, other, has: fc.record({ method: fc.boolean(), headers: fc.boolean() }) }).map(({ method, headers, body, other, has }) => () => {
  const made = body()
  return { ...(has.method && { method }), ...(has.headers && { headers }), ...(made !== undefined && { body: made }), ...other }
})
const valid = fc.record({ method: fc.constantFrom('GET', 'POST', 'DELETE'), text: fc.constantFrom(undefined, 'x', ''), isRead: fc.boolean() })
const request = valid.map(({ method, text, isRead }) => () => {
  const made = new Request(fips, { method, headers: { 'X-Note': 'of the request' }, ...(method !== 'GET' && text !== undefined && { body: text }) })
  if (isRead) void made.text()
  return made
})
const call: fc.Arbitrary<MakeCall> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(url, init).map(([input, init]): MakeCall => () => ({ input, init: init() })) },
  { weight: 2, arbitrary: fc.tuple(request, init).map(([request, init]): MakeCall => () => ({ input: request(), init: init() })) },
  { weight: 1, arbitrary: fc.tuple(fc.oneof(url, request.map((make) => make)), fc.constantFrom<unknown[]>(undefined, null, 5, 'x', true, [], () => {})).map(([input, init]): MakeCall => () => ({ input: typeof input === 'function' ? (input as () => unknown)() : input, init })) },
)

test('emulator.fetch refuses with a TypeError what new Request refuses, and gets the same request of everything else', async () => {
  let [refused, accepted] = [0, 0]
  await fc.assert(
    fc.asyncProperty(call, async (make) => {
      const [ours, nodes] = [await byEmulator(make()), await byNode(make())]
      if (nodes === 'TypeError') {
        refused++
        expect(ours).toBe('TypeError')
        return
      }
      accepted++
      const [method, target, headers, body] = nodes
      // Node adds this to a string, and it means nothing here.
      if (headers['content-type'] === 'text/plain;charset=UTF-8') delete headers['content-type']
      const [, , ourHeaders] = ours as Sent
      for (const added of ['pragma', 'cache-control', 'content-type']) if (!(added in headers)) delete ourHeaders[added]
      expect(ours).toEqual([method, target, headers, body])
    }),
    { numRuns: 1500 },
  )
  expect(Math.min(refused, accepted)).toBeGreaterThan(200)
})

describe('emulator.fetch with a signal that aborted', () => {
  const emulator = new FlexibleIpEmulator({ clock: 'manual' })
  const outcome = (fetch: Loose, input: unknown, init?: unknown): Promise<unknown> => fetch(input, init).then(({ status }) => status, (error: unknown) => error)

  test.each<[string, () => [unknown, unknown?]]>([
    ['in the init', () => [fips, { signal: AbortSignal.abort('reason') }]],
    ['of a Request', () => [new Request(fips, { signal: AbortSignal.abort('reason') })]],
    ['and a body', () => [fips, { method: 'POST', body: new Blob(['x']).stream(), duplex: 'half', signal: AbortSignal.abort('reason') }]],
  ])('rejects with its reason, and handles nothing: %s', async (_, make) => {
    expect(await outcome(emulator.fetch as Loose, ...make())).toBe('reason')
    expect(await outcome(fetch as Loose, ...make())).toBe('reason')
    expect(emulator.journal).toEqual([])
  })

  test('rejects with a TypeError first, if another argument is invalid', async () => {
    const init = { method: 'G ET', signal: AbortSignal.abort('reason') }
    expect(await outcome(emulator.fetch as Loose, fips, init)).toBeInstanceOf(TypeError)
    expect(await outcome(fetch as Loose, fips, init)).toBeInstanceOf(TypeError)
  })
})

describe('emulator.fetch takes the classes of other implementations:', () => {
  const implementations = [['undici', undici], ['node-fetch', nodeFetch]] as unknown as [string, { Headers: typeof Headers; Request: typeof Request }][]
  test.each(implementations)('%s', async (_, { Headers, Request }) => {
    const emulator = new FlexibleIpEmulator()
    const fetch = emulator.fetch as Loose
    const headers = new Headers({ 'X-Auth-Token': emulator.secretKey })
    const body = JSON.stringify({ project_id: emulator.projectId, description: 'é' })
    expect((await fetch(fips, { headers })).status).toBe(200)
    const request = new Request(fips, { method: 'POST', headers, body })
    expect(await (await fetch(request)).json()).toMatchObject({ description: 'é' })
    await expect(fetch(request)).rejects.toThrow(TypeError)
    expect((await fetch(new Request(fips, { headers }))).status).toBe(200)
    await expect(fetch(new Request(fips, { method: 'POST', headers, body }), { method: 'GET' })).rejects.toThrow(TypeError)
    expect(emulator.journal.map(({ status }) => status)).toEqual([200, 200, 200])
  })
})

test('two values of one header are joined, so that a key beside another is no key', async () => {
  const emulator = new FlexibleIpEmulator()
  const entries: [string, string][] = [['X-Auth-Token', emulator.secretKey], ['x-auth-token', 'other']]
  for (const headers of [entries, Object.fromEntries(entries)]) expect((await emulator.fetch(fips, { headers })).status).toBe(401)
  expect(emulator.journal[0]?.headers).toEqual([['X-Auth-Token', '[removed]']])
})

test('a path stands for the URL of any host', async () => {
  const emulator = new FlexibleIpEmulator()
  const headers = { 'X-Auth-Token': emulator.secretKey }
  expect((await emulator.fetch('/flexible-ip/v1alpha1/zones/fr-par-1/fips', { headers })).status).toBe(200)
})

test("a redirection is refused with redirect: 'error', as by every fetch, and given as it is otherwise", async () => {
  const emulator = new FlexibleIpEmulator()
  const redirect = { status: { status: 307, headers: { Location: 'http://elsewhere.invalid/' } } }
  for (const fault of [{ portal: 302 }, redirect]) {
    emulator.clearFaults()
    emulator.addFault({ fault })
    const refused = [emulator.fetch(fips, { redirect: 'error' }), emulator.fetch(new Request(fips, { redirect: 'error' })), emulator.fetch(new undici.Request(fips, { redirect: 'error' }) as never)]
    for (const response of refused) await expect(response).rejects.toThrow(expect.objectContaining({ name: 'TypeError', cause: expect.objectContaining({ message: 'unexpected redirect' }) as Error }) as TypeError)
    for (const init of [{}, { redirect: 'follow' as const }, { redirect: 'manual' as const }]) expect((await emulator.fetch(new Request(fips, { redirect: 'error' }), { redirect: 'manual', ...init })).status).toBeLessThan(308)
  }
  emulator.clearFaults()
  emulator.addFault({ fault: { status: { status: 304 } } })
  expect((await emulator.fetch(fips, { redirect: 'error' })).status).toBe(304)
})

test('a body of no bytes can break off too', async () => {
  const emulator = new FlexibleIpEmulator()
  emulator.addFault({ fault: { truncate: 0 } })
  const response = await emulator.fetch(fips, { headers: { 'X-Auth-Token': emulator.secretKey } })
  await expect(response.text()).rejects.toThrow('terminated')
})

test('refuses the control characters in the value of a header that Headers takes and fetch of Node does not send', async () => {
  const emulator = new FlexibleIpEmulator({ clock: 'manual' })
  for (const value of ['a\x01b', 'a\x1fb', 'a\x7fb']) {
    expect(new Headers({ 'X-Note': value }).get('X-Note')).toBe(value)
    await expect(emulator.fetch(fips, { headers: { 'X-Note': value } })).rejects.toThrow(new TypeError('the value of the header X-Note has a control character'))
  }
  for (const value of ['a\tb', '\xe9']) expect((await emulator.fetch(fips, { headers: { 'X-Note': value } })).status).toBe(401)
})
