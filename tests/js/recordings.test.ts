// What the real service answered, read by this client and by the official SDK.
import {
  type FlexipError,
  InternalServerError,
  PermissionsDeniedError,
  ResourceNotFoundError,
} from 'flexip'
import { describe, expect, test } from 'vitest'
import { callOfficial, official } from './support/official.js'
import { call, operations } from './support/operations.js'
import { type Recorded, folder, recordings } from './support/recordings.js'
import { clientOf, failure, farEnd, json, text } from './support/wire.js'

const all = recordings()
const absent = all.length === 0

const answerOf = ({ status, response, contentType }: Recorded) =>
  status === 204 ? json(204) : text(status, response, { 'Content-Type': contentType })

/** A request that fits the recorded call: what else stood in it does not change how the answer is read. */
function request({ operation, zone, fipId }: Recorded): Record<string, unknown> {
  return { ...operations[operation].request, zone, ...(fipId && { fipId }) }
}

function read(row: Recorded): Promise<unknown> {
  return call(clientOf(farEnd(() => answerOf(row)).fetch), row.operation, request(row), { skipPreflight: true })
}

/** Without the keys that are null or undefined: the official SDK leaves null where its type says undefined. */
function withoutNothings(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNothings)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  const fields = Object.entries(value).filter(([, field]) => field !== null && field !== undefined)
  return Object.fromEntries(fields.map(([name, field]) => [name, withoutNothings(field)]))
}

/** The class of a recorded refusal, by its status and its type. */
const refusals: Record<string, abstract new (...args: never[]) => FlexipError> = {
  '403 permissions_denied': PermissionsDeniedError,
  '404 not_found': ResourceNotFoundError,
  '500 undefined': InternalServerError,
}

if (absent) {
  test(`there are no recordings in ${folder}, so what follows is skipped: set FLEXIP_RECORDINGS`, () => {})
}

describe.skipIf(absent)('of what the service answered', () => {
  const successes = all.filter(({ status }) => status < 300)

  test('every success is read as the official SDK reads it', async () => {
    for (const row of successes) {
      const theirs = await callOfficial(official(() => answerOf(row)).api, row.operation, request(row))
      const mine = await read(row)
      // For a deletion it gives the answer itself.
      expect(mine, row.where).toEqual(row.status === 204 ? undefined : withoutNothings(theirs))
    }
    expect(successes.length).toBeGreaterThan(200)
  })

  test('every success has no null and no undefined, and dates are dates', async () => {
    for (const row of successes.filter(({ status }) => status === 200)) {
      const result = await read(row)
      expect(result, row.where).toStrictEqual(withoutNothings(result))
      const ips = 'flexibleIps' in Object(result) ? (result as { flexibleIps: object[] }).flexibleIps : [result]
      for (const ip of ips) expect(ip).toMatchObject({ createdAt: expect.any(Date) as Date, updatedAt: expect.any(Date) as Date })
    }
  })

  test('every refusal is an error of its class, with the words of the service', async () => {
    const rows = all.filter(({ status }) => status >= 400)
    for (const row of rows) {
      const body = JSON.parse(row.response) as { type?: string; message: string }
      const Class = refusals[`${row.status} ${body.type}`]
      if (!Class) throw new Error(`${row.where}: a refusal that the table does not have: ${row.status} ${body.type}`)
      const error = await failure(read(row), Class)
      expect(error.constructor, row.where).toBe(Class)
      expect(error).toMatchObject({ status: row.status, operation: row.operation, body })
      expect(error.message).toContain(body.message)
    }
    expect(rows.length).toBeGreaterThan(20)
  })
})
