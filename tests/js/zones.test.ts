// An answer of another zone than the one that was asked is not an answer.
import { AmbiguousResultError, DecodeError, WaitError } from 'flexip'
import { describe, expect, test } from 'vitest'
import { fipId, flexibleIp, type JsonObject, page, serverId } from './support/bodies.js'
import { call, operationNames, operations } from './support/operations.js'
import { clientOf, failure, farEnd, json } from './support/wire.js'

/** The answer of an operation, with this zone in each of its flexible IPs. */
function answerIn(name: (typeof operationNames)[number], zone: string | undefined): [number, unknown] {
  const [status, body] = operations[name].success
  const inZone = (ip: unknown) => ({ ...(ip as JsonObject), zone }) as JsonObject
  if (body === undefined) return [status, body]
  return [status, Array.isArray(body.flexible_ips) ? page(...body.flexible_ips.map(inZone)) : inZone(body)]
}

const decoded = operationNames.filter((name) => operations[name].success[0] === 200)
const reads = ['getFlexibleIP', 'listFlexibleIPs']

describe.each(decoded.filter((name) => name !== 'listFlexibleIPs'))('%s', (name) => {
  const client = (zone: string | undefined) => clientOf(farEnd(() => json(...answerIn(name, zone))).fetch)
  const options = { skipPreflight: true }

  test('does not take an answer of another zone: a read cannot be decoded, a change is in doubt', async () => {
    const error = await failure(call(client('nl-ams-1'), name, operations[name].request, options), reads.includes(name) ? DecodeError : AmbiguousResultError)
    expect(error.message).toContain('nl-ams-1')
    expect(error.message).toContain('zone')
  })

  test('takes an answer of its zone, and one without a zone', async () => {
    for (const zone of ['fr-par-1', undefined, '']) await call(client(zone), name, operations[name].request, options)
  })
})

test('a list of another zone is a DecodeError, awaited and over all pages', async () => {
  const client = clientOf(farEnd(() => json(200, page(flexibleIp(), flexibleIp({ zone: 'nl-ams-1' })))).fetch)
  const list = client.listFlexibleIPs()
  for (const read of [() => list, () => list.all(), () => list.pages().next(), () => client.findByIp('1.2.3.4')]) {
    expect((await failure(read(), DecodeError)).message).toContain('nl-ams-1')
  }
  expect(await failure(list.then(), DecodeError)).toMatchObject({ field: 'flexible_ips[1].zone' })
})

test('a poll of another zone does not end a wait', async () => {
  const client = clientOf(farEnd(() => json(200, flexibleIp({ zone: 'nl-ams-1' }))).fetch)
  expect(await failure(client.waitForFlexibleIP({ fipId }, { totalTimeoutMs: 20 }), WaitError)).toMatchObject({ cause: { name: 'DecodeError' } })
})

test('a change that is answered from another zone is read back in its own', async () => {
  const { fetch } = farEnd(({ method }) => json(200, method === 'GET' ? flexibleIp({ status: 'attached', server_id: serverId }) : page(flexibleIp({ zone: 'nl-ams-1' }))))
  const { flexibleIps } = await clientOf(fetch, { retry: {} }).attachFlexibleIP({ fipsIds: [fipId], serverId })
  expect(flexibleIps).toMatchObject([{ zone: 'fr-par-1', serverId }])
})
