// Every response that is not a success: the class and the fields of its error.
import * as flexip from 'flexip'
import { type FlexipError, InvalidArgumentsError, PermissionsDeniedError, QuotasExceededError, TooManyRequestsError } from 'flexip'
import { describe, expect, test } from 'vitest'
import { fipId, flexibleIp, serverId } from './support/bodies.js'
import { call, operationNames, operations } from './support/operations.js'
import { clientOf, failure, farEnd, json, rejection, requestId, text } from './support/wire.js'

const url = `https://api.scaleway.com/flexible-ip/v1alpha1/zones/fr-par-1/fips/${fipId}`

async function refused(answer: () => Response): Promise<FlexipError> {
  const error = await rejection(clientOf(farEnd(answer).fetch).getFlexibleIP({ fipId }))
  if (!flexip.isFlexipError(error)) throw new Error('an error of the library was expected', { cause: error })
  return error
}

/** Status, body as it was recorded, class, code, and the fields of the class. */
type Row = readonly [number, object, string, string, object]

const rows: Row[] = [
  [
    400,
    { details: [{ argument_name: 'project_id', help_message: 'value must be a valid UUID', reason: 'format' }], message: 'invalid argument(s)', type: 'invalid_arguments' },
    'InvalidArgumentsError',
    'invalid_arguments',
    { details: [{ argumentName: 'project_id', reason: 'format', helpMessage: 'value must be a valid UUID' }] },
  ],
  [
    401,
    { message: 'authentication is denied', method: 'api_key', reason: 'not_found', type: 'denied_authentication' },
    'DeniedAuthenticationError',
    'denied_authentication',
    { authenticationMethod: 'api_key', reason: 'not_found', method: 'GET' },
  ],
  [
    403,
    { details: [{ action: 'read', resource: 'flexible-ip' }], message: 'insufficient permissions', type: 'permissions_denied' },
    'PermissionsDeniedError',
    'permissions_denied',
    { details: [{ action: 'read', resource: 'flexible-ip' }] },
  ],
  [403, { details: [], message: 'insufficient permissions', type: 'permissions_denied' }, 'PermissionsDeniedError', 'permissions_denied', { details: [] }],
  [
    403,
    { details: [{ current: 25, quota: 25, resource: 'UsrProjectsWidth' }], message: 'quota(s) exceeded for this resource', type: 'quotas_exceeded' },
    'QuotasExceededError',
    'quotas_exceeded',
    { details: [{ current: 25, quota: 25, resource: 'UsrProjectsWidth' }] },
  ],
  [
    404,
    { message: 'resource is not found', resource: 'flexible_ips', resource_id: fipId, type: 'not_found' },
    'ResourceNotFoundError',
    'not_found',
    { resource: 'flexible_ips', resourceId: fipId },
  ],
  [
    409,
    { current_state: 'configuring', message: 'resource is in a transient state', resource: 'gateway', resource_id: fipId, type: 'transient_state' },
    'TransientStateError',
    'transient_state',
    { currentState: 'configuring', resource: 'gateway', resourceId: fipId, retryable: true },
  ],
  [
    409,
    { help_message: 'choose another', message: 'resource already exists', resource: 'mac', resource_id: fipId, type: 'already_exists' },
    'AlreadyExistsError',
    'already_exists',
    { resource: 'mac', resourceId: fipId, helpMessage: 'choose another' },
  ],
  [409, { message: 'Tuple concurrently updated' }, 'ConflictError', 'conflict', {}],
  [409, { message: 'somebody else', type: 'conflict' }, 'ConflictError', 'conflict', {}],
  [
    410,
    { resource: 'flexible_ips', resource_id: fipId, expired_since: '2026-01-02T03:04:05.000006Z', type: 'expired' },
    'ResourceExpiredError',
    'expired',
    { resource: 'flexible_ips', resourceId: fipId, expiredSince: new Date('2026-01-02T03:04:05Z') },
  ],
  [410, { resource: 'flexible_ips', type: 'resource_expired' }, 'ResourceExpiredError', 'expired', { resource: 'flexible_ips' }],
  [
    412,
    { help_message: 'server should be stopped', message: 'precondition is not respected', precondition: 'resource_not_usable', type: 'precondition_failed' },
    'PreconditionFailedError',
    'precondition_failed',
    { precondition: 'resource_not_usable', helpMessage: 'server should be stopped' },
  ],
  [400, { precondition: 'resource_still_in_use', type: 'precondition_failed' }, 'PreconditionFailedError', 'precondition_failed', { precondition: 'resource_still_in_use' }],
  [423, { resource: 'flexible_ips', resource_id: fipId, type: 'locked' }, 'ResourceLockedError', 'locked', { resource: 'flexible_ips', resourceId: fipId }],
  [429, { help_message: 'slow down', message: 'too many', type: 'too_many_requests' }, 'TooManyRequestsError', 'too_many_requests', { helpMessage: 'slow down', retryable: true }],
  [500, { message: 'internal error' }, 'InternalServerError', 'internal_error', { retryable: true }],
  [503, { message: 'resource is out of stock', resource: 'server', type: 'out_of_stock' }, 'OutOfStockError', 'out_of_stock', { resource: 'server', retryable: false }],
  [503, { message: 'upstream connect error or disconnect/reset before headers' }, 'ServiceUnavailableError', 'unavailable', { retryable: true }],
]

test.each(rows)('%i %j is a %s', async (status, body, name, code, own) => {
  const error = await refused(() => json(status, body))
  expect(error.constructor).toBe(flexip[name as keyof typeof flexip])
  expect(error).toMatchObject({ name, code, status, requestId, operation: 'getFlexibleIP', method: 'GET', url, attempts: 1, body, ...own })
  expect(error.message).toContain('getFlexibleIP: ')
  expect(error.message).toContain(`(request id ${requestId})`)
  if ('message' in body) expect(error.message).toContain(body.message)
  expect(error.cause).toBeUndefined()
})

test('every class of a refusal has its row', () => {
  const others = ['FlexipError', 'ConfigurationError', 'ConnectionError', 'TimeoutError', 'DecodeError', 'UnexpectedResponseError', 'AmbiguousResultError', 'WaitError', 'IncompleteError', 'IncompleteListError']
  const classes = Object.keys(flexip).filter((name) => name.endsWith('Error') && name !== 'isFlexipError')
  expect(new Set(rows.map(([, , name]) => name))).toEqual(new Set(classes.filter((name) => !others.includes(name))))
})

describe('a response without a type', () => {
  const anyBodies = ['', ' \n', '<html>Bad Gateway</html>', '[]', '"text"', 'null', '{}', '{"type":7}', '{"details":[null,1,{}]}']
  const messages = ['{"message":"no"}', '{"type":"of the future"}']

  test.each([
    [401, 'DeniedAuthenticationError'],
    [408, 'ServiceUnavailableError'],
    [418, 'UnexpectedResponseError'],
    [429, 'TooManyRequestsError'],
    [500, 'InternalServerError'],
    [502, 'ServiceUnavailableError'],
    [503, 'ServiceUnavailableError'],
    [504, 'ServiceUnavailableError'],
    [599, 'InternalServerError'],
    [302, 'UnexpectedResponseError'],
  ])('is classified by its status: %i', async (status, name) => {
    for (const body of [...anyBodies, ...messages]) {
      const error = await refused(() => text(status, body))
      expect(error, body).toMatchObject({ name, status })
    }
  })

  test.each([
    [400, 'InvalidArgumentsError'],
    [409, 'ConflictError'],
    [410, 'ResourceExpiredError'],
    [412, 'PreconditionFailedError'],
    [423, 'ResourceLockedError'],
  ])('is classified by its status if it has a message: %i', async (status, name) => {
    for (const body of messages) expect(await refused(() => text(status, body)), body).toMatchObject({ name, status })
    for (const body of ['', '<html>', '[]']) expect(await refused(() => text(status, body)), body).toMatchObject({ name: 'UnexpectedResponseError', status })
  })

  test.each([403, 404])('is not of this API, which types each refusal: %i', async (status) => {
    for (const body of [...anyBodies, ...messages]) expect(await refused(() => text(status, body)), body).toMatchObject({ name: 'UnexpectedResponseError', status })
  })
})

test('the gateway’s 429 has no body, no type and no Retry-After', async () => {
  const error = await refused(() => new Response(null, { status: 429, headers: { 'X-Envoy-Ratelimited': 'true' } }))
  expect(error).toBeInstanceOf(TooManyRequestsError)
  expect(error).toMatchObject({ status: 429, retryable: true, message: 'getFlexibleIP: 429 too_many_requests' })
  for (const field of ['body', 'requestId', 'helpMessage', 'cause']) expect(field in error, field).toBe(false)
})

test('a page of HTML is shown in the message, cut', async () => {
  const error = await refused(() => text(502, `<html>${'x'.repeat(10_000)}</html>`, { 'Content-Type': 'text/html' }))
  expect(error.message).toContain('502 unavailable: <html>xxx')
  expect(error.message.length).toBeLessThan(400)
  expect(error.body).toBeUndefined()
})

test('an error body is read whatever its content type says', async () => {
  const body = { message: 'insufficient permissions', type: 'permissions_denied' }
  for (const type of ['application/json; charset=utf-8', 'text/html', '']) {
    expect(await refused(() => json(403, body, { 'Content-Type': type }))).toMatchObject({ name: 'PermissionsDeniedError', body, details: [] })
  }
})

test('the body is as it came, also where the library does not know it', async () => {
  const body = { type: 'invalid_arguments', details: [{ argument_name: 5 }, 'x', { reason: 'format' }], future: [{ deep: { er: 1 } }] }
  const error = await refused(() => json(400, body))
  expect(error).toBeInstanceOf(InvalidArgumentsError)
  expect(error.body).toEqual(body)
  expect(error).toMatchObject({ details: [{ argumentName: '', reason: '' }, { argumentName: '', reason: '' }, { argumentName: '', reason: 'format' }] })
})

test.each(operationNames)('the refusal of %s names its request', async (name) => {
  const { fetch, sent } = farEnd(() => json(403, { type: 'permissions_denied' }))
  const error = await failure(call(clientOf(fetch), name, operations[name].request, { skipPreflight: true }), PermissionsDeniedError)
  expect(error).toMatchObject({ operation: name, method: operations[name].method, url: sent[0]?.url.href, attempts: 1 })
})

test('details of a quota can be used without a check', async () => {
  const body = { type: 'quotas_exceeded', details: [{ resource: 'FlexibleIPs', quota: 2, current: 2 }] }
  const client = clientOf(farEnd(() => json(403, body)).fetch)
  const { details } = await failure(client.createFlexibleIP({ serverId }), QuotasExceededError)
  expect(details.map(({ resource, quota, current }) => `${resource} ${current}/${quota}`)).toEqual(['FlexibleIPs 2/2'])
})

test('a success of another status is a success', async () => {
  const client = clientOf(farEnd(() => json(201, flexibleIp())).fetch)
  expect(await client.createFlexibleIP()).toMatchObject({ id: fipId })
})
