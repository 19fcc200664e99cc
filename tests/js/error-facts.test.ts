// The facts of an error belong to the request that the error names.
import { type FlexipError, FlexibleIpClient } from 'flexip'
import { FlexibleIpEmulator } from 'flexip/emulator'
import { describe, expect, test } from 'vitest'
import { fipId, flexibleIp, page } from './support/bodies.js'
import { clientOf, farEnd, json, rejection } from './support/wire.js'

const retry = { maxAttempts: 2, baseDelayMs: 1, maxDelayMs: 1 }

describe('a change that failed, and was read afterwards', () => {
  /** Each response has its own request id and its own body. */
  function world(answer: (method: string) => Response | Promise<Response>) {
    let count = 0
    const ids: Record<string, string> = {}
    const { fetch } = farEnd(async ({ method }) => {
      const id = `request-${++count}`
      const response = await answer(method)
      ids[method] = id
      const { status } = response
      return new Response(status === 204 ? null : await response.text(), { status, headers: { 'X-Request-Id': id } })
    })
    return { fetch, ids }
  }

  test('has the status, the body and the request id of the change', async () => {
    const { fetch, ids } = world((method) => (method === 'GET' ? json(200, flexibleIp()) : json(500, { message: 'broken', method })))
    const error = (await rejection(clientOf(fetch, { retry, totalTimeoutMs: 3000 }).generateMACAddr({ fipId, macType: 'kvm' }, { settlingMs: 1 } as object))) as FlexipError
    const own = error.code === 'ambiguous_result' ? (error.cause as FlexipError) : error
    expect(own).toMatchObject({ method: 'POST', status: 500, body: { method: 'POST' }, requestId: ids.POST })
    expect(own.message).toContain(`request id ${ids.POST}`)
  })

  test('has the cause of the change, also after reads that succeed', async () => {
    const fetch = farEnd(({ method }) => (method === 'GET' ? json(200, flexibleIp()) : Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) })))).fetch
    const error = (await rejection(clientOf(fetch, { retry, totalTimeoutMs: 3000 }).generateMACAddr({ fipId, macType: 'kvm' }, { settlingMs: 1 } as object))) as FlexipError
    const own = error.code === 'ambiguous_result' ? (error.cause as FlexipError) : error
    expect(own).toMatchObject({ code: 'connection', method: 'POST' })
    expect(own.status).toBeUndefined()
    expect(own.body).toBeUndefined()
    expect(own.requestId).toBeUndefined()
    expect(own.cause).toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNRESET' } })
  })

  test('against the emulator has the request id of the last POST', async () => {
    for (const fault of ['resetBefore', { status: { status: 500, body: '{"message":"internal error"}' } }] as const) {
      const emulator = new FlexibleIpEmulator({ seed: 1 })
      const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId, retry, totalTimeoutMs: 3000 })
      const ip = await client.createFlexibleIP()
      emulator.addFault({ operation: 'generateMACAddr', fault })
      const error = (await rejection(client.generateMACAddr({ fipId: ip.id, macType: 'kvm' }, { settlingMs: 1 } as object))) as FlexipError
      const own = error.code === 'ambiguous_result' ? (error.cause as FlexipError) : error
      const last = emulator.journal.filter(({ operation }) => operation === 'generateMACAddr').at(-1)
      expect(own.url).toContain('/mac')
      expect(own.requestId).toBe(fault === 'resetBefore' ? undefined : last?.requestId)
      expect(own.body).toEqual(fault === 'resetBefore' ? undefined : { message: 'internal error' })
    }
  })
})

test('an update that is lost at every attempt has the facts of the last one, and one that is refused at last has none of the refusal', async () => {
  let sent = 0
  const lost = () => json(504, { message: 'late', attempt: ++sent }, { 'X-Request-Id': `request-${sent}` })
  const error = (await rejection(clientOf(farEnd(lost).fetch, { retry: { ...retry, maxAttempts: 3 } }).updateFlexibleIP({ fipId, tags: [] }))) as FlexipError
  expect(error).toMatchObject({ code: 'ambiguous_result', attempts: 3 })
  expect(error.cause).toMatchObject({ status: 504, requestId: 'request-3', body: { attempt: 3 } })
  sent = 0
  const refusedAtLast = () => (sent === 1 ? json(403, { type: 'permissions_denied', message: 'no' }, { 'X-Request-Id': `request-${++sent}` }) : lost())
  const refused = (await rejection(clientOf(farEnd(refusedAtLast).fetch, { retry }).updateFlexibleIP({ fipId, tags: [] }))) as FlexipError
  expect(refused).toMatchObject({ code: 'ambiguous_result', cause: { code: 'unavailable' } })
  expect(refused.cause).not.toHaveProperty('body')
  expect((refused.cause as FlexipError).message).toContain('request-1')
})

test('a preflight that fails has the facts of the read that failed', async () => {
  const other = '7c715b98-e683-493a-9e62-109d684e4349'
  const { fetch } = farEnd(({ url }) => (url.pathname.endsWith(other) ? json(404, { type: 'not_found', resource: 'flexible_ips', resource_id: other }, { 'X-Request-Id': 'the-failed-one' }) : json(200, flexibleIp())))
  const error = await rejection(clientOf(fetch, { retry }).duplicateMACAddr({ fipId: other, duplicateFromFipId: fipId }))
  expect(error).toMatchObject({ code: 'not_found', status: 404, requestId: 'the-failed-one', url: expect.stringContaining(other) })
})

test('a page that cannot be read has the facts of that page', async () => {
  let count = 0
  const many = Array.from({ length: 100 }, (_, index) => flexibleIp({ id: `7c715b98-e683-493a-9e62-${String(index).padStart(12, '0')}` }))
  const { fetch } = farEnd(() => (++count === 1 ? json(200, { ...page(...many), total_count: 250 }) : json(400, { type: 'invalid_arguments', message: 'no' }, { 'X-Request-Id': 'the-failed-one' })))
  expect(await rejection(clientOf(fetch, { retry }).listFlexibleIPs().all())).toMatchObject({ status: 400, requestId: 'the-failed-one' })
})
