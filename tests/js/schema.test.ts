// flexip/schema, with the libraries that take Standard Schemas.
import { sValidator } from '@hono/standard-validator'
import { standardSchemaResolver } from '@hookform/resolvers/standard-schema'
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import { FormApi } from '@tanstack/form-core'
import { type CreateFlexibleIPRequest, validate } from 'flexip'
import { requestSchemas, schemas } from 'flexip/schema'
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'

const fipId = 'a1b2c3d4-0000-4000-8000-000000000001'
const defaults = { defaultZone: 'fr-par-1', defaultProjectId: fipId }
const names = Object.keys(validate) as (keyof typeof schemas)[]

test('there is a schema for each operation, and it is a Standard Schema with JSON Schema', () => {
  expect(Object.keys(schemas).sort()).toEqual([...names].sort())
  const standard: StandardSchemaV1 & StandardJSONSchemaV1 = schemas.createFlexibleIP
  expect(standard['~standard']).toMatchObject({ version: 1, vendor: 'flexip' })
})

describe('validate', () => {
  test('gives the value of a request that would be sent', () => {
    const request = { zone: 'fr-par-1', fipId }
    expect(schemas.getFlexibleIP['~standard'].validate(request)).toEqual({ value: request })
  })

  test('gives an issue for each problem, with the path of the field', () => {
    const result = requestSchemas(defaults).createFlexibleIP['~standard'].validate({ description: 'x'.repeat(256), tags: ['a', 7], other: 1 })
    expect(result.issues?.map(({ path }) => path)).toEqual([['description'], ['tags', 1], ['other']])
    expect(result.issues?.[0]?.message).toBe('value length must be at most 255 characters; found 256')
  })

  test('asks for zone and Project unless there are defaults', () => {
    expect(schemas.createFlexibleIP['~standard'].validate({}).issues?.map(({ path }) => path)).toEqual([['zone'], ['projectId']])
    expect(requestSchemas(defaults).createFlexibleIP['~standard'].validate({})).toEqual({ value: {} })
  })

  test.each([null, undefined, 7, 'text', []])('refuses %o with an issue', (value) => {
    expect(schemas.getFlexibleIP['~standard'].validate(value).issues).not.toHaveLength(0)
  })
})

describe('the JSON Schema', () => {
  test.each(names)('of %s has the fields that the core knows, and requires those that it requires', (name) => {
    const { properties, required } = schemas[name]['~standard'].jsonSchema.input({ target: 'draft-2020-12' }) as { properties: object; required: string[] }
    const check = validate[name] as (request: unknown) => { field: string; reason: string; helpMessage?: string }[]
    const problems = check({ thereIsNoSuchField: 1 })
    const known = problems.find(({ reason }) => reason === 'unknown')?.helpMessage?.match(/the fields are (.*)/)?.[1]?.split(', ')
    expect(Object.keys(properties).sort()).toEqual(known?.sort())
    expect([...required].sort()).toEqual(problems.filter(({ reason }) => reason === 'required').map(({ field }) => field).sort())
  })

  test.each(names)('of %s refuses what the core refuses at its limits', (name) => {
    const { properties } = schemas[name]['~standard'].jsonSchema.input({ target: 'draft-07' }) as { properties: Record<string, { maxLength?: number; maximum?: number; minimum?: number; maxItems?: number; enum?: string[]; items?: { enum?: string[] } }> }
    const check = validate[name] as (request: unknown) => { field: string }[]
    const isRefused = (field: string, value: unknown) => check({ [field]: value }).some((problem) => problem.field.startsWith(field))
    for (const [field, { maxLength, maximum, minimum, maxItems, enum: words, items }] of Object.entries(properties)) {
      if (maxLength !== undefined) expect([isRefused(field, 'x'.repeat(maxLength)), isRefused(field, 'x'.repeat(maxLength + 1))], field).toEqual([false, true])
      if (maximum !== undefined) expect([isRefused(field, maximum), isRefused(field, maximum + 1)], field).toEqual([false, true])
      if (minimum !== undefined) expect([isRefused(field, minimum), isRefused(field, minimum - 1)], field).toEqual([false, true])
      if (maxItems !== undefined) expect([isRefused(field, ids(maxItems)), isRefused(field, ids(maxItems + 1)), isRefused(field, [])], field).toEqual([false, true, true])
      for (const word of words ?? []) expect([isRefused(field, word), isRefused(field, `${word}x`)], field).toEqual([false, true])
      for (const word of items?.enum ?? []) expect([isRefused(field, [word]), isRefused(field, [`${word}x`])], field).toEqual([false, true])
    }
  })

  test('names its dialect, and refuses one that there is not', () => {
    const { input } = schemas.getFlexibleIP['~standard'].jsonSchema
    expect(input({ target: 'draft-07' }).$schema).toBe('http://json-schema.org/draft-07/schema#')
    expect(input({ target: 'openapi-3.0' })).not.toHaveProperty('$schema')
    expect(() => input({ target: 'draft-03' })).toThrow(/target .*one of draft-2020-12, draft-07, openapi-3.0; found the string "draft-03"/)
  })
})

function ids(count: number): string[] {
  return Array.from({ length: count }, (_, place) => `a1b2c3d4-0000-4000-8000-${String(place).padStart(12, '0')}`)
}

test('React Hook Form’s resolver shows the API’s rule beside its field', async () => {
  const resolve = standardSchemaResolver(requestSchemas(defaults).createFlexibleIP)
  const options = { fields: {}, shouldUseNativeValidation: false }
  const { errors } = await resolve({ description: 'x'.repeat(256) }, undefined, options)
  expect(errors.description?.message).toBe('value length must be at most 255 characters; found 256')
  expect(await resolve({ description: 'mail' }, undefined, options)).toEqual({ values: { description: 'mail' }, errors: {} })
})

test('TanStack Form shows the API’s rule beside its field, and submits a value that obeys', async () => {
  const submitted: object[] = []
  const defaultValues: CreateFlexibleIPRequest = { description: 'x'.repeat(256), tags: ['prod'] }
  const form = new FormApi({
    defaultValues,
    validators: { onChange: requestSchemas(defaults).createFlexibleIP },
    onSubmit: ({ value }) => void submitted.push(value),
  })
  form.mount()
  await form.handleSubmit()
  expect(form.getAllErrors().fields.description.errors).toMatchObject([{ message: 'value length must be at most 255 characters; found 256' }])
  expect(submitted).toEqual([])
  form.setFieldValue('description', 'mail')
  await form.handleSubmit()
  expect(submitted).toEqual([{ description: 'mail', tags: ['prod'] }])
})

test('Hono’s validator refuses a body that breaks a rule, and gives the handler one that does not', async () => {
  const app = new Hono().post('/ips', sValidator('json', requestSchemas(defaults).createFlexibleIP), (context) => context.json(context.req.valid('json')))
  const post = (body: unknown) => app.request('/ips', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
  expect((await post({ tags: 'x' })).status).toBe(400)
  expect(await (await post({ tags: ['x'] })).json()).toEqual({ tags: ['x'] })
})
