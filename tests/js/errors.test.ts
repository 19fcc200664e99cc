// The errors themselves: one family of real errors, in every copy of the library.
import { createRequire } from 'node:module'
import { inspect } from 'node:util'
import * as flexip from 'flexip'
import { ConfigurationError, FlexipError, InvalidArgumentsError, PermissionsDeniedError, isFlexipError } from 'flexip'
import * as emulator from 'flexip/emulator'
import { describe, expect, test } from 'vitest'
import { fipId } from './support/bodies.js'
import { unusualValues } from './support/hostile.js'
import { clientOf, failure, farEnd, json, rejection, secretKey } from './support/wire.js'

const required = createRequire(import.meta.url)('flexip') as typeof flexip
const classes = Object.entries(flexip).filter(([name]) => name.endsWith('Error') && name !== 'isFlexipError') as [string, typeof FlexipError][]
const refused = () => rejection(clientOf(farEnd(() => json(403, { type: 'permissions_denied', message: 'no' })).fetch).getFlexibleIP({ fipId }))

describe.each(classes)('a %s', (name, Class) => {
  test('is a real Error of the one family, by its own name', () => {
    const cause = new Error('because')
    const error = new Class('what happened', { cause })
    expect(error).toBeInstanceOf(Error)
    expect(error).toBeInstanceOf(FlexipError)
    expect(isFlexipError(error)).toBe(true)
    expect(error).toMatchObject({ name, message: 'what happened', attempts: 0, retryable: false })
    expect(error.cause).toBe(cause)
    expect(String(error)).toBe(`${name}: what happened`)
    expect(inspect(error)).toMatch(new RegExp(`^${name}: what happened\\n +at `))
    expect(error.stack).toContain('errors.test')
  })

  test('has a cause only if there was one', () => {
    expect('cause' in new Class('alone')).toBe(false)
    expect('cause' in new Class('with undefined', { cause: undefined })).toBe(true)
  })
})

test('the names are in the built file as texts, because minifying changes those of the classes', async () => {
  const error = await refused()
  expect(error).toMatchObject({ name: 'PermissionsDeniedError' })
  expect(new FlexipError('x').name).toBe('FlexipError')
})

test('an error of a caller’s own subclass is of that class only', () => {
  class Mine extends FlexipError {}
  class Yours extends required.FlexipError {}
  expect(new Mine('x')).toBeInstanceOf(FlexipError)
  expect(new Yours('x')).toBeInstanceOf(FlexipError)
  expect(new FlexipError('x')).not.toBeInstanceOf(Mine)
  expect(new Yours('x')).not.toBeInstanceOf(Mine)
})

test('JSON.stringify of an error has the name, the message and the fields', async () => {
  expect(JSON.parse(JSON.stringify(await refused()))).toMatchObject({ name: 'PermissionsDeniedError', message: expect.stringContaining('no'), code: 'permissions_denied', status: 403 })
})

test('one entry has the classes of another', () => {
  expect(emulator.ConfigurationError).toBe(ConfigurationError)
})

describe('isFlexipError', () => {
  test('recognises the errors of the other copies: import, require, emulator', async () => {
    const ofRequired = await rejection(new required.FlexibleIpClient({ secretKey, fetch: farEnd().fetch }).getFlexibleIP({ fipId }))
    expect(ofRequired).toBeInstanceOf(InvalidArgumentsError)
    expect(ofRequired).toBeInstanceOf(FlexipError)
    expect(ofRequired).not.toBeInstanceOf(ConfigurationError)
    expect(ofRequired).toBeInstanceOf(required.InvalidArgumentsError)
    expect(isFlexipError(ofRequired)).toBe(true)
    expect(required.isFlexipError(await refused())).toBe(true)
    expect(emulator.isFlexipError(await refused())).toBe(true)
    expect(isFlexipError(new emulator.ConfigurationError('x'))).toBe(true)
  })

  test.each(Object.entries(unusualValues))('is false for %s, and does not throw', (_, value) => {
    expect(isFlexipError(value)).toBe(false)
  })

  test('is false for other errors', () => {
    expect(isFlexipError(new Error('x'))).toBe(false)
    expect(isFlexipError(Object.assign(new Error('x'), { name: 'FlexipError', code: 'connection' }))).toBe(false)
  })
})

test('the fields of an error are shown when it is logged, and cannot be overwritten', async () => {
  const error = (await refused()) as PermissionsDeniedError
  expect(JSON.parse(JSON.stringify(error))).toMatchObject({ name: 'PermissionsDeniedError', message: error.message, code: 'permissions_denied', status: 403, operation: 'getFlexibleIP', attempts: 1 })
  expect(error.message).toContain('403')
  expect(inspect(error)).toMatch(/status: 403/)
  expect(() => Object.assign(error, { status: 200 })).toThrow(TypeError)
  expect(error.status).toBe(403)
})

test('the stack leads to the call', async () => {
  async function myFunction(): Promise<unknown> {
    return await clientOf(farEnd().fetch).getFlexibleIP({ fipId: 'x' })
  }
  const error = await failure(myFunction(), InvalidArgumentsError)
  expect(error.stack).toContain('myFunction')
})

test('invalid client options throw in the constructor, with all problems', () => {
  const make = () => new flexip.FlexibleIpClient({ secretKey: 'a key', defaultZone: 'mars-1', timeoutMs: 0 })
  expect(make).toThrow(ConfigurationError)
  try {
    make()
  } catch (error) {
    expect((error as ConfigurationError).details.map(({ field }) => field)).toEqual(['defaultZone', 'secretKey', 'timeoutMs'])
    expect(error).toMatchObject({ name: 'ConfigurationError', code: 'configuration', attempts: 0, retryable: false })
    expect(error).not.toHaveProperty('operation')
  }
})
