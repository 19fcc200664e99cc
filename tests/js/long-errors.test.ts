// An error prints a short text, whatever it is about; its data can be read all the same.
import { spawnSync } from 'node:child_process'
import { inspect } from 'node:util'
import { AmbiguousResultError, ConnectionError, FlexipError, IncompleteError, IncompleteListError, InvalidArgumentsError } from 'flexip'
import { describe, expect, test } from 'vitest'
import { flexibleIp, fipId, page, serverId } from './support/bodies.js'
import { clientOf, failure, farEnd, json, rejection, secretKey, text } from './support/wire.js'

const long = 'a word and '.repeat(2000)
const numbered = (number: number) => `7c715b98-e683-493a-9e62-${String(number).padStart(12, '0')}`
const many = Array.from({ length: 300 }, (_, number) => flexibleIp({ id: numbered(number) }))
const on = (answer: Parameters<typeof farEnd>[0]) => clientOf(farEnd(answer).fetch)

const cases: [string, () => Promise<unknown>][] = [
  ['an IncompleteListError of 300 flexible IPs', () => on(({ url }) => (url.searchParams.get('page') === '1' ? json(200, { total_count: 900, flexible_ips: many }) : json(200, { total_count: 900, flexible_ips: [] }))).listFlexibleIPs().all()],
  ['a refusal with a long message', () => on(() => json(403, { type: 'permissions_denied', message: long })).getFlexibleIP({ fipId })],
  ['a refusal with long details', () => on(() => json(400, { type: 'invalid_arguments', message: 'no', details: many })).getFlexibleIP({ fipId })],
  ['a page of a gateway', () => on(() => text(502, `<html>${long}`)).getFlexibleIP({ fipId })],
  ['a long message of fetch', () => on(() => Promise.reject(new Error(long, { cause: new AggregateError(Array.from({ length: 9 }, () => new Error(long)), long) }))).getFlexibleIP({ fipId })],
  ['a change with a long message of fetch', () => on(() => Promise.reject(new Error(long))).createFlexibleIP()],
  ['a success that cannot be decoded', () => on(() => json(200, { total_count: 'x', flexible_ips: many })).listFlexibleIPs()],
  ['invalid arguments', () => on(() => undefined).createFlexibleIP(Object.fromEntries(many.map((_, number) => [`field${number}`, number])))],
  ['an argument of 50,000 characters', () => on(() => undefined).getFlexibleIP({ fipId: 'x'.repeat(50_000) })],
]

/** What a console prints of an error, without the frames of the stack, which belong to the caller. */
const printed = (error: unknown) => inspect(error).replace(/^ +at .*$/gm, '')

describe.each(cases)('%s', (_, call) => {
  test('prints a short text, and its data can be read', async () => {
    const error = (await rejection(call())) as FlexipError
    expect(error.message.length).toBeLessThanOrEqual(1000)
    expect(printed(error).length).toBeLessThan(6000)
  })
})

test('the data of a long error is in its fields', async () => {
  const incomplete = await failure(cases[0]![1](), IncompleteListError)
  expect(incomplete.flexibleIps).toHaveLength(300)
  expect(Object.keys(incomplete)).not.toContain('flexibleIps')
  expect(incomplete).toMatchObject({ totalCount: 900, attempts: expect.any(Number) })
  const refused = (await rejection(cases[1]![1]())) as FlexipError
  expect((refused.body as { message: string }).message).toBe(long)
  expect((await failure(cases[7]![1](), InvalidArgumentsError)).details.length).toBe(300)
  expect((await failure(cases[5]![1](), AmbiguousResultError)).cause).toBeInstanceOf(ConnectionError)
})

test('a body that is nested 100,000 deep is cut: the error can be written as JSON', async () => {
  const deep = `{"type":"permissions_denied","message":"no","x":${'['.repeat(100_000)}"${secretKey}"${']'.repeat(100_000)}}`
  for (const answer of [text(403, deep), text(200, deep)]) {
    const error = await failure(on(() => answer).getFlexibleIP({ fipId }), FlexipError)
    const written = JSON.stringify(error)
    expect(written).toContain('[too deep]')
    expect(written).not.toContain(secretKey)
    expect(written.length).toBeLessThan(2000)
  }
})

test('a key that is nested deeper than a body of the API is not shown', async () => {
  const nested = (depth: number): unknown => (depth === 0 ? secretKey : { x: nested(depth - 1) })
  for (const depth of [5, 11, 12, 13, 14, 40]) {
    const error = await failure(on(() => json(403, nested(depth))).getFlexibleIP({ fipId }), FlexipError)
    expect(JSON.stringify(error.body)).not.toContain(secretKey)
    expect(JSON.stringify(error.body)).toContain(depth < 12 ? '[secret]' : '[')
  }
})

test('short data is printed as before', async () => {
  const error = await rejection(on(() => json(403, { type: 'permissions_denied', message: 'no', details: [{ action: 'read' }] })).getFlexibleIP({ fipId }))
  expect(inspect(error)).toContain("action: 'read'")
})

test('a move of many flexible IPs prints a short text', async () => {
  const ips = many.slice(0, 60).map((ip) => ({ ...ip, status: 'attached', server_id: fipId }))
  const { fetch } = farEnd(({ method, url }) => (method !== 'GET' ? json(403, { type: 'permissions_denied', message: long }) : url.pathname.endsWith('/fips') ? json(200, page(...ips)) : json(200, {})))
  const error = await failure(clientOf(fetch).failover({ fromServerId: fipId, toServerId: serverId }, { totalTimeoutMs: 2000 }), IncompleteError)
  expect(error.moves).toHaveLength(60)
  expect(printed(error).length).toBeLessThan(6000)
})

test('an uncaught error of a list of hundreds prints less than 8 KB', () => {
  const script = `import { FlexibleIpClient } from './pkg/index.js'
    const ip = ${JSON.stringify(flexibleIp())}
    const flexible_ips = Array.from({ length: 300 }, (_, number) => ({ ...ip, id: ip.id.slice(0, 24) + String(number).padStart(12, '0') }))
    const fetch = async () => ({ status: 200, headers: new Headers(), text: async () => JSON.stringify({ total_count: 900, flexible_ips }) })
    await new FlexibleIpClient({ secretKey: 'a-key', fetch, defaultZone: 'fr-par-1' }).listFlexibleIPs().all()`
  const { stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', timeout: 20_000 })
  expect(status).toBe(1)
  expect(stderr).toContain('IncompleteListError')
  expect(stderr.length).toBeLessThan(8192)
})
