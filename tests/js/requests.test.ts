// Valid requests. All others are refused before anything is sent, with every problem named.
import fc from 'fast-check'
import { type InvalidArgument, InvalidArgumentsError, type Problem, type RequestDefaults, buildRequest, validate } from 'flexip'
import { describe, expect, test } from 'vitest'
import { type Request, validRequests, zones } from './support/arbitrary.js'
import { fipId, projectId, serverId } from './support/bodies.js'
import { cycle, unusualValues, revoked, throwing, untouchable } from './support/hostile.js'
import { type OperationName, call, operationNames, operations } from './support/operations.js'
import { clientOf, failure, farEnd, json, secretKey } from './support/wire.js'

const defaults: RequestDefaults = { defaultZone: 'fr-par-1', defaultProjectId: projectId }
const { fetch, sent } = farEnd(({ method }) => (method === 'DELETE' ? json(204) : json(200, {})))
const client = clientOf(fetch)

const problems = (name: OperationName, request: unknown): Problem[] =>
  (validate as Record<OperationName, (request: unknown, defaults: RequestDefaults) => Problem[]>)[name](request, defaults)
const built = (name: OperationName, request: unknown) =>
  (buildRequest as Record<OperationName, (request: unknown, defaults: RequestDefaults) => { method: string; url: string; body?: string }>)[name](request, defaults)

/** The problems of a request, which all three ways to make one have to agree on; none of them sends it. */
async function refused(name: OperationName, request: unknown): Promise<readonly InvalidArgument[]> {
  sent.length = 0
  const { details } = await failure(call(client, name, request), InvalidArgumentsError)
  expect(sent).toEqual([])
  expect(problems(name, request)).toEqual(details)
  expect(() => built(name, request)).toThrow(InvalidArgumentsError)
  return details
}

/** Every argument of each operation. */
const fields: Record<OperationName, string[]> = {
  listFlexibleIPs: ['zone', 'orderBy', 'page', 'pageSize', 'tags', 'status', 'serverIds', 'organizationId', 'projectId'],
  createFlexibleIP: ['zone', 'projectId', 'description', 'tags', 'serverId', 'reverse', 'isIpv6'],
  getFlexibleIP: ['zone', 'fipId'],
  updateFlexibleIP: ['zone', 'fipId', 'description', 'tags', 'reverse'],
  deleteFlexibleIP: ['zone', 'fipId'],
  attachFlexibleIP: ['zone', 'fipsIds', 'serverId'],
  detachFlexibleIP: ['zone', 'fipsIds'],
  generateMACAddr: ['zone', 'fipId', 'macType'],
  deleteMACAddr: ['zone', 'fipId'],
  duplicateMACAddr: ['zone', 'fipId', 'duplicateFromFipId'],
  moveMACAddr: ['zone', 'fipId', 'dstFipId'],
}

/** Values that no argument may have. */
const hostile: [string, unknown][] = [
  ...Object.entries(unusualValues).filter(([what]) => !['undefined', 'null', 'an empty string', 'a string'].includes(what)),
  ['a string of 10 million letters', 'x'.repeat(10_000_000)],
  ['a lone surrogate', '\ud800'],
  ['a list of a million', new Array(1_000_000).fill('x')],
  ['a list of itself', [cycle()]],
  ['a list with a symbol', [Symbol('x')]],
  ['a list that throws when it is read', Object.defineProperty(['x'], '0', { get: throwing })],
  ['a list with a hole', [, 'x']],
  ['a String object', Object('x')],
  ['half a number', 0.5],
  ['infinity', Infinity],
  ['a number as a string', '7'],
  ['true as a string', 'true'],
]

const known = fc.constantFrom(...operationNames).chain((name) => fc.tuple(fc.constant(name), fc.constantFrom(...fields[name])))
/** Where the API has no rule for a text, it may be any. */
const anyText = ['description', 'reverse']

test('a request that breaks no rule is sent as buildRequest builds it, and validate finds nothing', async () => {
  for (const name of operationNames) {
    await fc.assert(
      fc.asyncProperty(validRequests[name], async (request) => {
        expect(problems(name, request).filter(({ severity }) => severity === 'error')).toEqual([])
        const { method, url, body } = built(name, request)
        sent.length = 0
        await call(client, name, request, { skipPreflight: true }).catch(() => undefined)
        expect(sent.map(({ init }) => [init.method, init.body])).toEqual([[method, body]])
        expect(sent[0]?.url.href).toBe(new URL(url).href)
      }),
    )
  }
})

describe.each(operationNames)('%s', (name) => {
  test.each(fields[name])('names %s when its value is invalid', async (field) => {
    for (const [what, value] of hostile) {
      if (typeof value === 'string' && anyText.includes(field) && value.length < 3 * 64 && !/\p{Surrogate}/u.test(value)) continue
      const details = await refused(name, { ...operations[name].request, [field]: value })
      expect(new Set(details.map((problem) => problem.field?.replace(/\[.*/, ''))), what).toEqual(new Set([field]))
    }
  })

  test.each(fields[name])('survives a %s that throws when it is read', async (field) => {
    const request = Object.defineProperty({ ...operations[name].request }, field, { get: throwing, enumerable: true })
    const [problem] = await refused(name, request)
    expect(problem?.helpMessage).toContain('do not touch')
  })

  test('refuses a value that is not a request', async () => {
    for (const request of [null, '', 'x', 0, 1n, Symbol('x'), [], [fipId], () => ({}), revoked(), untouchable(), revoked(() => 0)]) {
      const [problem] = await refused(name, request)
      expect(problem).toMatchObject({ field: 'request', argumentName: 'request', reason: 'format', severity: 'error' })
    }
  })

  test('refuses an argument that the API does not have, and a field of the prototype', async () => {
    expect(await refused(name, { ...operations[name].request, colour: 'red' })).toMatchObject([{ field: 'colour', reason: 'unknown' }])
    expect(await refused(name, JSON.parse('{"__proto__":1}'))).toContainEqual(expect.objectContaining({ field: '__proto__', reason: 'unknown' }))
  })
})

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'

/** Exactly the URLs of an operation. */
function urls(name: OperationName): RegExp {
  const path = operations[name].path.replace('{fipId}', uuid)
  const query = name === 'listFlexibleIPs' ? String.raw`(?:\?[\w.~%&=-]*)?` : ''
  return new RegExp(`^https://api\\.scaleway\\.com/flexible-ip/v1alpha1/zones/(?:${zones.join('|')})${path}${query}$`)
}

test('whatever a method is given, it sends one of its operation’s URLs, or nothing and names what is wrong', async () => {
  const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withNullPrototype: true, withObjectString: true, withSparseArray: true, withTypedArray: true, withUnicodeString: true })
  const field = fc.oneof(anything, fc.constantFrom(fipId, serverId, [fipId], 'fr-par-1', 'kvm', '../x', `${fipId}/mac`, `${fipId}?x`, 7))
  const fragments = (name: OperationName) => fc.dictionary(fc.constantFrom(...fields[name]), field, { noNullPrototype: false })
  const cases = fc.constantFrom(...operationNames).chain((name) =>
    fc.tuple(fc.constant(name), fc.oneof(anything, fragments(name), fragments(name).map((some): Request => ({ ...operations[name].request, ...some })))),
  )
  const ends = { sent: 0, refused: 0 }
  await fc.assert(
    fc.asyncProperty(cases, async ([name, request]) => {
      const asked: string[] = []
      const spying = clientOf((url, init) => (asked.push(url), fetch(url, init)))
      const thrown: unknown = await call(spying, name, request, { skipPreflight: true }).catch((error: unknown) => error)
      if (thrown instanceof InvalidArgumentsError) {
        ends.refused++
        expect(asked).toEqual([])
        expect(thrown.details.length).toBeGreaterThan(0)
        expect(thrown.attempts).toBe(0)
      } else {
        ends.sent++
        expect(asked).toEqual([expect.stringMatching(urls(name))])
      }
    }),
    { numRuns: 5000 },
  )
  expect(Math.min(ends.sent, ends.refused)).toBeGreaterThan(100)
})

test('all problems are reported together, with the argument as the caller and as the API write it', async () => {
  const request = { zone: 'mars-1', description: '😹'.repeat(256), isIpv6: 'true', tags: ['a', 1], reverse: 'not a host', serverId: 7, descripton: 'typo' }
  expect((await refused('createFlexibleIP', request)).map(({ field, argumentName, reason }) => [field, argumentName, reason])).toEqual([
    ['zone', 'zone', 'constraint'],
    ['description', 'description', 'constraint'],
    ['tags[1]', 'tags', 'format'],
    ['serverId', 'server_id', 'format'],
    ['reverse', 'reverse', 'format'],
    ['isIpv6', 'is_ipv6', 'format'],
    ['descripton', 'descripton', 'unknown'],
  ])
})

test('a problem says what was found and what is allowed, in a line that can be read', async () => {
  await fc.assert(
    fc.asyncProperty(known, fc.constantFrom(...hostile), async ([name, field], [, value]) => {
      for (const { helpMessage } of problems(name, { ...operations[name].request, [field]: value }).slice(0, 5)) {
        expect(helpMessage).toMatch(/^.{10,300}$/su)
        expect(helpMessage).not.toMatch(/panicked|unwrap|\[object/)
      }
    }),
    { numRuns: 300 },
  )
})

test('a warning does not stop a request', async () => {
  const request = { isIpv6: true, reverse: 'host.example.' }
  expect(problems('createFlexibleIP', request)).toMatchObject([{ field: 'reverse', severity: 'warning' }])
  expect(JSON.parse(built('createFlexibleIP', request).body ?? '')).toEqual({ project_id: projectId, is_ipv6: true, reverse: 'host.example.' })
})

test('absent, null and empty are three different things', () => {
  const body = (fields: object) => built('updateFlexibleIP', { fipId, ...fields }).body
  expect(body({ description: undefined })).toBe('{}')
  expect(body({ description: null, tags: null })).toBe('{"description":null,"tags":null}')
  expect(body({ description: '', tags: [], reverse: '' })).toBe('{"description":"","tags":[],"reverse":""}')
})

test('a built request has its headers, without credentials', () => {
  const request = buildRequest.createFlexibleIP({}, { ...defaults, headers: { 'X-Mine': '1' }, secretKey } as RequestDefaults)
  expect(request).toMatchObject({ headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'X-Mine': '1' } })
  expect(JSON.stringify(request)).not.toContain(secretKey)
})
