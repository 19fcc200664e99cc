// Decoding of successes, and the errors of bodies that cannot be decoded.
import fc from 'fast-check'
import { DecodeError, type FlexibleIP, FlexipError } from 'flexip'
import { describe, expect, test } from 'vitest'
import { fipId, flexibleIp, type Json, type JsonObject, mac, macId, page, projectId, serverId } from './support/bodies.js'
import { call, operationNames, operations } from './support/operations.js'
import { clientOf, failure, farEnd, json, requestId, text } from './support/wire.js'

const get = (body: Json) => clientOf(farEnd(() => json(200, body)).fetch).getFlexibleIP({ fipId })
const list = (body: Json) => clientOf(farEnd(() => json(200, body)).fetch).listFlexibleIPs()

const attached = flexibleIp({ server_id: serverId, status: 'attached', tags: ['a', 'b'], mac_address: mac({ status: 'used' }) })

test('a flexible IP is decoded field by field', async () => {
  const ip = await get(attached)
  const expected: FlexibleIP = {
    id: fipId,
    organizationId: projectId,
    projectId,
    description: '',
    tags: ['a', 'b'],
    updatedAt: new Date('2026-02-25T13:56:59.865Z'),
    createdAt: new Date('2024-08-28T11:35:44.473Z'),
    status: 'attached',
    ipAddress: '195.154.148.225',
    macAddress: {
      id: macId,
      macAddress: '52:54:00:12:34:56',
      macType: 'kvm',
      status: 'used',
      updatedAt: new Date('2026-02-25T13:57:00.184Z'),
      createdAt: new Date('2026-02-25T13:57:00.184Z'),
      zone: 'fr-par-1',
    },
    serverId,
    reverse: '195-154-148-225.rev.poneytelecom.eu.',
    zone: 'fr-par-1',
  }
  expect(ip).toStrictEqual(expected)
  expect(JSON.parse(JSON.stringify(ip))).toEqual(JSON.parse(JSON.stringify(expected)))
})

test('a field that is null on the wire is absent', async () => {
  const ip = await get(flexibleIp({ created_at: null, updated_at: null }))
  for (const field of ['serverId', 'macAddress', 'createdAt', 'updatedAt']) expect(field in ip, field).toBe(false)
})

test('the order of the keys, unknown keys and unknown statuses do not matter', async () => {
  const body = Object.fromEntries(Object.entries({ ...attached, future: { deep: [1] }, status: 'melting' }).reverse())
  expect(await get(body)).toMatchObject({ id: fipId, status: 'melting', serverId })
})

test('a response of 2022, which has no zone, is decoded', async () => {
  const { zone: _, ...body } = flexibleIp()
  expect(await get(body)).toMatchObject({ id: fipId, zone: '' })
})

test('a page is decoded with its count, which may disagree with its items', async () => {
  expect(await list({ total_count: 12, flexible_ips: [flexibleIp()] })).toMatchObject({ totalCount: 12, flexibleIps: [{ id: fipId }] })
  expect(await list(page())).toStrictEqual({ totalCount: 0, flexibleIps: [] })
})

describe('dates', () => {
  test('of any precision and offset are decoded as the platform does', async () => {
    const rfc3339 = fc
      .tuple(fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }), fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 9 }), fc.constantFrom('Z', '+02:00', '-11:30'))
      .map(([date, fraction, zone]) => date.toISOString().slice(0, 19) + (fraction && `.${fraction}`) + zone)
    await fc.assert(
      fc.asyncProperty(rfc3339, async (updated_at) => {
        expect((await get(flexibleIp({ updated_at }))).updatedAt).toEqual(new Date(updated_at))
      }),
    )
  })

  test.each(['', 'yesterday', '2026-02-25', '2026-02-25T13:57:00', '2026-02-25 13:57:00Z', '2026-13-01T00:00:00Z!', '2026-02-25T13:57:00.Z', '2026-0a-25T13:57:00Z', '١٩٧٠-01-01T00:00:00Z'])(
    'written as %j are none',
    async (created_at) => {
      expect(await failure(get(flexibleIp({ created_at })), DecodeError)).toMatchObject({ field: 'created_at' })
    },
  )

  test.each(['2026-13-01T00:00:00Z', '2026-02-32T00:00:00Z', '2026-02-25T25:00:00Z', '2026-02-25T13:61:00Z', '2026-00-10T00:00:00Z'])(
    'that no calendar has (%s) are none',
    async (created_at) => {
      expect(await failure(get(flexibleIp({ created_at })), DecodeError)).toMatchObject({ field: 'created_at' })
    },
  )
})

describe('a DecodeError', () => {
  test('names the request, the response, and the field as it stands on the wire', async () => {
    const body = page(attached, attached, attached, { ...attached, status: 7 })
    const error = await failure(list(body), DecodeError)
    expect(error).toMatchObject({ name: 'DecodeError', code: 'decode', field: 'flexible_ips[3].status', operation: 'listFlexibleIPs', status: 200, requestId, body, attempts: 1, retryable: true })
    expect(error.message).toContain('listFlexibleIPs: the answer cannot be read: its field flexible_ips[3].status is a value of type number')
  })

  test.each([
    ['mac_address.zone', { mac_address: mac({ zone: 1 }) }],
    ['mac_address', { mac_address: [] }],
    ['tags[1]', { tags: ['a', null] }],
    ['server_id', { server_id: 5 }],
  ])('names %s', async (field, fields) => {
    expect(await failure(get({ ...attached, ...fields }), DecodeError)).toMatchObject({ field })
  })

  test.each([
    ['an empty body', '', 'its body is empty'],
    ['white space', ' \n', 'its body is empty'],
    ['HTML', '<html>', 'its body is not JSON'],
    ['a body that was cut', JSON.stringify(attached).slice(0, -5), 'its body is not JSON'],
    ['null', 'null', 'its body is null'],
    ['a list', '[]', 'its body is an array'],
  ])('is thrown for %s', async (_, body, words) => {
    const client = clientOf(farEnd(() => text(200, body)).fetch)
    const error = await failure(client.getFlexibleIP({ fipId }), DecodeError)
    expect(error).toMatchObject({ status: 200, requestId, operation: 'getFlexibleIP', attempts: 1 })
    expect(error.message).toContain(words)
  })
})

/** Every field of an object, also of the objects in it, by its path. */
function paths(body: JsonObject, before = ''): string[] {
  return Object.entries(body).flatMap(([field, value]) => {
    const path = before + field
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? [path, ...paths(value, `${path}.`)] : [path]
  })
}

/** A body with another value at a path; without the field, where there is no value. */
function changed(body: JsonObject, [field = '', ...rest]: string[], value: Json | undefined): JsonObject {
  const { [field]: old, ...others } = body
  if (rest.length > 0) return { ...others, [field]: changed(old as JsonObject, rest, value) }
  return value === undefined ? others : { ...others, [field]: value }
}

const nullable = ['mac_address', 'server_id', 'created_at', 'updated_at', 'mac_address.created_at', 'mac_address.updated_at']
const mayLack = [...nullable, 'zone', 'mac_address.zone']

/** Whether a value may stand in a field. */
function fits(path: string, value: Json | undefined): boolean {
  if (value === undefined) return mayLack.includes(path)
  if (value === null) return nullable.includes(path)
  return false
}

test('a field that is missing or of another type is named, unless it may be absent or null', async () => {
  const other = fc.constantFrom<Json | undefined>(undefined, null, 0, -1.5, true, {})
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths(attached)), other, fc.nat(5), async (path, value, place) => {
      const body = changed(attached, path.split('.'), value)
      const inPage = page(...Array.from({ length: place }, () => attached), body)
      if (fits(path, value)) {
        await get(body)
        await list(inPage)
        return
      }
      // An empty object for a MAC address lacks its id.
      const field = path === 'mac_address' && value !== null && typeof value === 'object' ? 'mac_address.id' : path
      expect((await failure(get(body), DecodeError)).field).toBe(field)
      expect((await failure(list(inPage), DecodeError)).field).toBe(`flexible_ips[${place}].${field}`)
    }),
    { numRuns: 1000 },
  )
})

test.each(operationNames)('any JSON in a response to %s gives a result or an error of the library', async (name) => {
  const [status] = operations[name].success
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      const client = clientOf(farEnd(() => (status === 204 ? text(200, JSON.stringify(value)) : json(200, value))).fetch)
      const called = call(client, name, operations[name].request, { skipPreflight: true })
      if (status === 204) expect(await called).toBeUndefined()
      else await failure(called, FlexipError)
    }),
  )
})

test('a field named __proto__ is a field like any other', async () => {
  const client = clientOf(farEnd(() => text(200, JSON.stringify(attached).replace('{', '{"__proto__":{"polluted":1},'))).fetch)
  expect(await client.getFlexibleIP({ fipId })).not.toHaveProperty('polluted')
  expect({}).not.toHaveProperty('polluted')
})
