// The same request through this client and through the official SDK gives the same bytes on the wire,
// except for the intended differences in one table.
import fc from 'fast-check'
import { type FlexibleIpClient, InvalidArgumentsError } from 'flexip'
import { describe, expect, test } from 'vitest'
import { type Request, typedRequests, validRequests, zones } from './support/arbitrary.js'
import { fipId } from './support/bodies.js'
import { callOfficial, official } from './support/official.js'
import { type OperationName, call, operationNames, operations } from './support/operations.js'
import { type Sent, clientOf, failure, farEnd, json } from './support/wire.js'

/** What both send, in a form that can be compared. */
interface Wire {
  method: string
  path: string
  query: string[]
  body: unknown
}

interface Row {
  /** Which fields of a request differ. */
  fields(request: Request, name: OperationName): string[]
  /** An example. */
  example: readonly [OperationName, Request]
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const label = /^[a-z0-9_][a-z0-9_-]{0,62}$/i
const where = (request: Request, breaks: (value: unknown, field: string) => boolean) =>
  Object.keys(request).filter((field) => [request[field]].flat().some((value) => breaks(value, field)))
const within = (value: unknown, max: number) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= max
const isHostName = (text: string) => {
  const name = text.replace(/\.$/, '')
  return text === '' || (name.length <= 253 && name.split('.').every((part) => label.test(part)))
}
const ids = (request: Request) => [request.fipsIds ?? []].flat().map((id) => String(id).toLowerCase())
const source = (request: Request) => String(request.duplicateFromFipId ?? request.dstFipId).toLowerCase()

/** What the official SDK sends as it is and this client refuses. */
const refused: Record<string, Row> = {
  'an id that is no UUID: in the path it is an injection (J1)': {
    fields: (request) => where(request, (value, field) => /Ids?$/.test(field) && !uuid.test(String(value))),
    example: ['getFlexibleIP', { fipId: '../../../../../iam/v1alpha1/api-keys?x=' }],
  },
  'a zone where no flexible IPs are sold (J11)': {
    fields: (request) => where(request, (value, field) => field === 'zone' && !zones.includes(String(value))),
    example: ['listFlexibleIPs', { zone: 'mars-1' }],
  },
  'a page that is no page, and a page size that the service does not have (J11)': {
    fields: (request) =>
      where(request, (value, field) => (field === 'page' && !within(value, 2 ** 31 - 1)) || (field === 'pageSize' && !within(value, 100))),
    example: ['listFlexibleIPs', { pageSize: 1000 }],
  },
  'a description of more than 255 characters': {
    fields: (request) => where(request, (value, field) => field === 'description' && [...String(value)].length > 255),
    example: ['createFlexibleIP', { description: '😹'.repeat(256), isIpv6: false }],
  },
  'a reverse that is no host name': {
    fields: (request) => where(request, (value, field) => field === 'reverse' && !isHostName(String(value))),
    example: ['createFlexibleIP', { description: '', isIpv6: false, reverse: 'not a host' }],
  },
  'the MAC type that is only ever an answer': {
    fields: (request) => where(request, (value) => value === 'unknown_type').filter((field) => field === 'macType'),
    example: ['generateMACAddr', { fipId, macType: 'unknown_type' }],
  },
  'no flexible IP, one twice, or more than a server holds': {
    fields: (request) => {
      const all = ids(request)
      return 'fipsIds' in request && (all.length === 0 || all.length > 64 || new Set(all).size < all.length) ? ['fipsIds'] : []
    },
    example: ['detachFlexibleIP', { fipsIds: [] }],
  },
  'a source that is its own destination': {
    fields: (request, name) => {
      const field = { duplicateMACAddr: 'duplicateFromFipId', moveMACAddr: 'dstFipId' }[String(name)]
      return field && uuid.test(source(request)) && source(request) === String(request.fipId).toLowerCase() ? [field] : []
    },
    example: ['moveMACAddr', { fipId, dstFipId: fipId }],
  },
  'a string that is not valid Unicode': {
    fields: (request) => where(request, (value) => typeof value === 'string' && /\p{Surrogate}/u.test(value)),
    example: ['updateFlexibleIP', { fipId, tags: ['\ud800'] }],
  },
}

const ours = farEnd(({ method }) => (method === 'DELETE' ? json(204) : json(200, {})))
const client = clientOf(ours.fetch)
const theirs = official(({ method }) => (method === 'DELETE' ? json(204) : json(200, {})))

/** What this client sends. That the answer is none that can be decoded does not matter here. */
async function sentByUs(name: OperationName, request: Request, by: FlexibleIpClient = client): Promise<Wire | undefined> {
  ours.sent.length = 0
  await call(by, name, request, { skipPreflight: true }).catch(() => undefined)
  expect(ours.sent.length).toBeLessThan(2)
  return ours.sent.map(wire)[0]
}

async function sentByThem(name: OperationName, request: Request): Promise<Wire | undefined> {
  theirs.sent.length = 0
  await callOfficial(theirs.api, name, request).catch(() => undefined)
  return theirs.sent.map(wire)[0]
}

function wire({ method, url, body }: Pick<Sent, 'method' | 'url' | 'body'>): Wire {
  return { method, path: url.pathname, query: [...url.searchParams].map(String).sort(), body }
}

/** The one thing that this client writes in another way: UUIDs are in lower case. */
function withIdsInLowerCase(request: Request): Request {
  const lower = (value: unknown) => (typeof value === 'string' && uuid.test(value) ? value.toLowerCase() : value)
  const fields = Object.entries(request).map(([field, value]) => {
    const isId = /Ids?$/.test(field)
    return [field, !isId ? value : Array.isArray(value) ? value.map(lower) : lower(value)]
  })
  return Object.fromEntries(fields) as Request
}

describe.each(operationNames)('%s', (name) => {
  test('is sent as the official SDK sends it, whatever the request', async () => {
    await fc.assert(
      fc.asyncProperty(validRequests[name], async (request) => {
        const sent = await sentByUs(name, request)
        expect(sent?.method).toBe(operations[name].method)
        expect(sent).toEqual(await sentByThem(name, request))
      }),
      { numRuns: 1000 },
    )
  })

  test('is sent or refused by the table of differences, whatever the values', async () => {
    await fc.assert(
      fc.asyncProperty(typedRequests[name], async (request) => {
        const expected = new Set(Object.values(refused).flatMap((row) => row.fields(request, name)))
        if (expected.size === 0) {
          const sent = await sentByUs(name, request)
          expect(sent).toBeDefined()
          expect(sent).toEqual(await sentByThem(name, withIdsInLowerCase(request)))
          return
        }
        ours.sent.length = 0
        const { details } = await failure(call(client, name, request), InvalidArgumentsError)
        const found = details.filter(({ severity }) => severity !== 'warning').map(({ field }) => field?.replace(/\[.*/, ''))
        expect(new Set(found)).toEqual(expected)
        expect(ours.sent).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})

test.each(Object.entries(refused))('the official SDK sends %s', async (_, { fields, example: [name, request] }) => {
  expect(fields(request, name)).not.toEqual([])
  expect(await sentByThem(name, request)).toBeDefined()
  expect(await sentByUs(name, request)).toBeUndefined()
})

test('an id in upper case is sent in lower case, as the service writes it', async () => {
  const request = { fipId: fipId.toUpperCase() }
  expect((await sentByThem('getFlexibleIP', request))?.path).toContain(fipId.toUpperCase())
  expect((await sentByUs('getFlexibleIP', request))?.path).toContain(fipId)
})

test('a request left out is an empty one for a list, as in the official SDK', async () => {
  await client.listFlexibleIPs().catch(() => undefined)
  await theirs.api.listFlexibleIPs().catch(() => undefined)
  expect(ours.sent.map(wire).at(-1)).toEqual(theirs.sent.map(wire).at(-1))
})

test('the headers are the official ones, but for the name of the client and a charset that JSON does not have', async () => {
  await sentByUs('updateFlexibleIP', { fipId })
  await sentByThem('updateFlexibleIP', { fipId })
  const mine = Object.fromEntries(new Headers(ours.sent[0]?.headers))
  const official = Object.fromEntries(theirs.sent[0]?.headers ?? [])
  expect(mine).toEqual({ ...official, 'content-type': 'application/json', 'user-agent': expect.stringMatching(/^flexip\/\d/) as string })
})
