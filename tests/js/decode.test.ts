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

test('a list of which some have no zone is decoded, and one with another zone, or a part of the path, is refused', async () => {
  const { zone: _, ...without } = flexibleIp()
  const listWith = (last: JsonObject) => list(page(flexibleIp(), without, last))
  expect((await listWith(flexibleIp())).flexibleIps.map(({ zone }) => zone)).toEqual(['fr-par-1', '', 'fr-par-1'])
  for (const zone of ['nl-ams-1', 'fr-par-1/fips', 'fr-par-', '/']) {
    await expect(listWith({ ...flexibleIp(), zone })).rejects.toMatchObject({ code: 'decode', field: 'flexible_ips[2].zone' })
  }
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

  test('of the years 0 to 99 stay in those years', async () => {
    const years = await Promise.all(['0000', '0001', '0004', '0099', '0100', '1999', '9999'].map(async (year) => (await get(flexibleIp({ updated_at: `${year}-02-28T00:00:00Z` }))).updatedAt?.toISOString()))
    expect(years).toEqual(['0000', '0001', '0004', '0099', '0100', '1999', '9999'].map((year) => `${year}-02-28T00:00:00.000Z`))
    expect((await get(flexibleIp({ updated_at: '0001-01-01T00:00:00Z' }))).updatedAt?.toISOString()).toBe('0001-01-01T00:00:00.000Z')
    expect((await get(flexibleIp({ updated_at: '0000-02-29T00:00:00Z' }))).updatedAt?.toISOString()).toBe('0000-02-29T00:00:00.000Z')
  })

  test.each([
    ['2026-01-01t02:00:00z', '2026-01-01T02:00:00.000Z'],
    ['2026-01-01T02:00:00.5+02:00', '2026-01-01T00:00:00.500Z'],
    ['2026-01-01t00:00:00-11:30', '2026-01-01T11:30:00.000Z'],
    ['2026-01-01T00:00:00.123456789+00:00', '2026-01-01T00:00:00.123Z'],
    ['2026-01-01T00:00:00-00:00', '2026-01-01T00:00:00.000Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29T23:59:59+23:59', '2000-02-29T00:00:59.000Z'],
  ])('written as %s are those of RFC 3339', async (updated_at, iso) => {
    expect((await get(flexibleIp({ updated_at }))).updatedAt?.toISOString()).toBe(iso)
  })

  test('of every day are decoded, and no other days', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(2400), fc.nat(13), fc.nat(32), async (year, month, day) => {
        const two = (value: number) => String(value).padStart(2, '0')
        const text = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
        const platform = new Date(`${text}T00:00:00.000Z`)
        const isDay = !Number.isNaN(platform.getTime()) && platform.toISOString().startsWith(text)
        const read = await get(flexibleIp({ updated_at: `${text}T00:00:00Z` })).catch((error: unknown) => error)
        if (isDay) expect(read).toMatchObject({ updatedAt: platform })
        else expect(read).toBeInstanceOf(DecodeError)
      }),
      { numRuns: 1000 },
    )
  })

  test.each(['', 'yesterday', '2026-02-25', '2026-02-25T13:57:00', '2026-02-25 13:57:00Z', '2026-13-01T00:00:00Z!', '2026-02-25T13:57:00.Z', '2026-0a-25T13:57:00Z', '١٩٧٠-01-01T00:00:00Z'])(
    'written as %j are none',
    async (created_at) => {
      expect(await failure(get(flexibleIp({ created_at })), DecodeError)).toMatchObject({ field: 'created_at' })
    },
  )

  test.each([
    '2026-13-01T00:00:00Z', '2026-02-32T00:00:00Z', '2026-02-25T25:00:00Z', '2026-02-25T13:61:00Z', '2026-00-10T00:00:00Z',
    '2026-01-01T24:00:00Z', '2026-02-31T00:00:00Z', '2026-02-29T00:00:00Z', '2100-02-29T00:00:00Z', '2026-04-31T00:00:00Z', '2026-01-00T00:00:00Z',
    '2026-02-31T00:00:00+02:00', '2026-01-01T24:00:00+02:00', '2026-01-01T00:00:00+24:00', '2026-01-01T00:00:00+02:60',
  ])(
    'that no calendar has (%s) are none',
    async (created_at) => {
      expect(await failure(get(flexibleIp({ created_at })), DecodeError)).toMatchObject({ field: 'created_at' })
    },
  )
})

describe('an odd answer', () => {
  test.each<[string, JsonObject]>([
    ['status', { status: null }], ['status', { status: '' }], ['status', { status: 1 }],
    ['id', { id: null }], ['id', { id: '' }],
    ['ip_address', { ip_address: null }], ['ip_address', { ip_address: '' }], ['ip_address', { ip_address: { address: '1.2.3.4' } }],
    ['tags', { tags: null }], ['tags', { tags: {} }], ['tags[0]', { tags: [1] }],
    ['reverse', { reverse: null }], ['description', { description: null }], ['project_id', { project_id: null }], ['zone', { zone: null }],
    ['server_id', { server_id: 1 }],
    ['mac_address.id', { mac_address: {} }], ['mac_address.id', { mac_address: mac({ id: null }) }], ['mac_address', { mac_address: '52:54:00:11:22:33' }],
    ['updated_at', { updated_at: '' }], ['updated_at', { updated_at: 1767225600 }],
  ])('whose %s is none rejects with a DecodeError that names it: %j', async (field, fields) => {
    expect((await failure(get(flexibleIp(fields)), DecodeError)).field).toBe(field)
    expect((await failure(list(page(flexibleIp(fields))), DecodeError)).field).toBe(`flexible_ips[0].${field}`)
  })

  test.each<[JsonObject, Partial<FlexibleIP>]>([
    [{ status: 'provisioning' }, { status: 'provisioning' as FlexibleIP['status'] }],
    [{ ip_address: '1.2.3.4/32' }, { ipAddress: '1.2.3.4/32' }],
    [{ ip_address: '2001:0BC8:0702:06B7:0000:0000:0000:0000/64' }, { ipAddress: '2001:0BC8:0702:06B7:0000:0000:0000:0000/64' }],
    [{ mac_address: mac({ mac_type: 'hyperv' }) }, { macAddress: expect.objectContaining({ macType: 'hyperv' }) as FlexibleIP['macAddress'] & object }],
  ])('whose words this version does not know passes them on: %j', async (fields, expected) => {
    expect(await get(flexibleIp(fields))).toMatchObject(expected)
  })

  test('with an empty server id is on no server', async () => {
    expect(await get(flexibleIp({ server_id: '' }))).not.toHaveProperty('serverId')
    const client = clientOf(farEnd(({ url }) => json(200, url.pathname.endsWith('fips') ? page(flexibleIp({ server_id: '' })) : flexibleIp({ server_id: '' }))).fetch)
    expect(await client.waitForFlexibleIP({ fipId })).not.toHaveProperty('serverId')
    expect((await client.waitForFlexibleIPs({ fipsIds: [fipId] }))[0]).not.toHaveProperty('serverId')
  })

  test('with a byte order mark before its JSON is read', async () => {
    const marked = (status: number, body: object) => ({ status, headers: new Headers({ 'x-request-id': requestId }), text: async () => `\ufeff${JSON.stringify(body)}` })
    expect(await clientOf(farEnd(() => marked(200, attached)).fetch).getFlexibleIP({ fipId })).toMatchObject({ id: fipId })
    const refused = clientOf(farEnd(() => marked(403, { type: 'permissions_denied', message: 'x', details: [] })).fetch).getFlexibleIP({ fipId })
    expect(await failure(refused, FlexipError)).toMatchObject({ code: 'permissions_denied' })
  })
})

describe('a DecodeError', () => {
  test('names the request, the response, and the field as it stands on the wire', async () => {
    const body = page(attached, attached, attached, { ...attached, status: 7 })
    const error = await failure(list(body), DecodeError)
    expect(error).toMatchObject({ name: 'DecodeError', code: 'decode', field: 'flexible_ips[3].status', operation: 'listFlexibleIPs', status: 200, requestId, body, attempts: 1, retryable: true })
    expect(error.message).toContain('listFlexibleIPs: the answer cannot be read: its field flexible_ips[3].status is the number 7')
  })

  test.each([-1, 250.5, 2 ** 32])('shows a number that cannot be a total: %s', async (total_count) => {
    const client = clientOf(farEnd(() => json(200, { ...page(attached), total_count })).fetch)
    for (const read of [client.listFlexibleIPs(), client.listFlexibleIPs().all()]) {
      const error = await failure(read, DecodeError)
      expect(error).toMatchObject({ field: 'total_count' })
      expect(error.message).toContain(`its field total_count is the number ${total_count}`)
    }
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

test.each(operationNames)('any JSON in a response to %s that is not what was promised gives an error of the library', async (name) => {
  const [status] = operations[name].success
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), async (value) => {
      const client = clientOf(farEnd(() => (status === 204 ? text(200, JSON.stringify(value)) : json(200, value))).fetch)
      const called = call(client, name, operations[name].request, { skipPreflight: true })
      await failure(called, FlexipError)
    }),
  )
})

test('a field named __proto__ is a field like any other', async () => {
  const client = clientOf(farEnd(() => text(200, JSON.stringify(attached).replace('{', '{"__proto__":{"polluted":1},'))).fetch)
  expect(await client.getFlexibleIP({ fipId })).not.toHaveProperty('polluted')
  expect({}).not.toHaveProperty('polluted')
})

test.each(operationNames.filter((name) => operations[name].success[1] !== undefined))('the error of a response to %s names the field and the request id, for a change as for a read', async (name) => {
  const { success, request } = operations[name]
  const inPage = Object.hasOwn(success[1] as JsonObject, 'flexible_ips')
  const ip = (inPage ? ((success[1] as { flexible_ips: JsonObject[] }).flexible_ips[0] ?? flexibleIp()) : success[1]) as JsonObject
  const broken = { ...ip, status: 5 }
  const client = clientOf(farEnd(() => json(200, inPage ? page(broken) : broken)).fetch)
  const thrown = await failure(call(client, name, request, { skipPreflight: true, settlingMs: 1 }), FlexipError)
  const error = thrown instanceof DecodeError ? thrown : thrown.cause
  expect(error).toMatchObject({ name: 'DecodeError', field: inPage ? 'flexible_ips[0].status' : 'status', requestId })
  expect((error as Error).message).toContain(`field ${inPage ? 'flexible_ips[0].' : ''}status is the number 5 (request id ${requestId})`)
})

test('the error of a body that is not JSON names the request id', async () => {
  const error = await failure(clientOf(farEnd(() => text(200, 'hello')).fetch).getFlexibleIP({ fipId }), DecodeError)
  expect(error.message).toContain(`its body is not JSON (request id ${requestId})`)
})
