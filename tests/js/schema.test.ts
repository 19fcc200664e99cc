// flexip/schema, with the libraries that take Standard Schemas.
import { sValidator } from '@hono/standard-validator'
import { standardSchemaResolver } from '@hookform/resolvers/standard-schema'
import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import { FormApi } from '@tanstack/form-core'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { type CreateFlexibleIPRequest, validate } from 'flexip'
import { type SchemaIssue, requestSchemas, schemas } from 'flexip/schema'
import { Hono } from 'hono'
import { readFileSync } from 'node:fs'
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

  test('has the zones that the core knows, or the form of a zone where unknown ones are allowed', () => {
    const { zone } = schemas.getFlexibleIP['~standard'].jsonSchema.input({ target: 'draft-07' }).properties as { zone: { enum: string[] } }
    expect(validate.getFlexibleIP({ zone: 'Paris', fipId })[0]?.helpMessage).toContain(`one of ${zone.enum.join(', ')};`)
    const allowing = requestSchemas({ allowUnknownZones: true }).getFlexibleIP
    expect(['fr-par-9', 'fr-par-1\n', 'Paris', 'fr-par-123'].map((zone) => [isValid(allowing, { zone, fipId }), isAccepted(allowing, { zone, fipId })])).toEqual([[true, true], [false, false], [false, false], [false, false]])
  })

  test('is the own copy of its caller, who may change it', () => {
    for (const target of ['draft-2020-12', 'draft-07', 'openapi-3.0']) {
      for (const name of names) {
        const { input, output } = schemas[name]['~standard'].jsonSchema
        const before = JSON.stringify(input({ target }))
        deface(input({ target }))
        deface(output({ target }))
        deface(requestSchemas(defaults)[name]['~standard'].jsonSchema.input({ target }))
        expect(JSON.stringify(input({ target }))).toBe(before)
        expect(JSON.stringify(output({ target }))).toBe(before)
      }
    }
  })

  test('and validate refuse null in every field', () => {
    for (const name of names) {
      for (const of of [schemas, requestSchemas(defaults)]) {
        const request: Record<string, unknown> = valid[name]
        for (const field of fieldsOf(name)) {
          expect(isValid(of[name], { ...request, [field]: null }), field).toBe(false)
          expect(of[name]['~standard'].validate({ ...request, [field]: null }).issues?.map(({ path }) => path)).toEqual([[field]])
        }
      }
    }
  })

  test.each(names)('of %s takes what validate takes, but for what it cannot say', (name) => {
    const request: Record<string, unknown> = valid[name]
    const changes = fc.array(fc.tuple(fc.constantFrom(...fieldsOf(name), 'other'), fc.constantFrom(...values)), { maxLength: 3 })
    const all = [schemas, requestSchemas(defaults), requestSchemas({ allowUnknownZones: true })]
    let taken = 0
    fc.assert(
      fc.property(changes, fc.nat(all.length - 1), (changed, index) => {
        const schema = (all[index] ?? schemas)[name]
        const candidate: Record<string, unknown> = { ...request, ...Object.fromEntries(changed) }
        const issues = schema['~standard'].validate(candidate).issues ?? []
        if (issues.length === 0) taken++
        const said = issues.filter((issue) => !isUnsaid(issue, candidate))
        expect(isValid(schema, candidate), JSON.stringify([candidate, issues])).toBe(said.length === 0)
      }),
      { numRuns: 300 },
    )
    expect(taken).toBeGreaterThan(0)
  })

  // Each with the words of the guide.
  test.each([
    ['that ids are the same in capitals', 'detachFlexibleIP', { fipsIds: [fipId, fipId.toUpperCase()] }],
    ['that two flexible IPs must differ', 'moveMACAddr', { dstFipId: fipId }],
    ['what a host name is', 'updateFlexibleIP', { reverse: 'a b' }],
    ['half a surrogate pair', 'updateFlexibleIP', { description: '\ud800' }],
    ['a text of more than 65,536 UTF-16 units', 'updateFlexibleIP', { tags: ['x'.repeat(65_537)] }],
    ['a list of more than 10,000 items', 'updateFlexibleIP', { tags: Array(10_001).fill('x') }],
  ] as const)('cannot say: %s', (words, name, change) => {
    const request = { ...valid[name], ...change }
    expect([isValid(schemas[name], request), isAccepted(schemas[name], request)]).toEqual([true, false])
    expect(readFileSync(new URL('../../docs/guides/schema-and-query.md', import.meta.url), 'utf8')).toContain(words)
  })

  test('names its dialect, and refuses one that there is not', () => {
    const { input } = schemas.getFlexibleIP['~standard'].jsonSchema
    expect(input({ target: 'draft-07' }).$schema).toBe('http://json-schema.org/draft-07/schema#')
    expect(input({ target: 'openapi-3.0' })).not.toHaveProperty('$schema')
    expect(() => input({ target: 'draft-03' })).toThrow(/target .*one of draft-2020-12, draft-07, openapi-3.0; found the string "draft-03"/)
  })
})

const otherId = 'a1b2c3d4-0000-4000-8000-000000000002'
const one = { zone: 'fr-par-1', fipId }

/** A valid request of each operation. */
const valid: { readonly [Name in keyof typeof schemas]: Record<string, unknown> } = {
  listFlexibleIPs: { zone: 'fr-par-1' },
  createFlexibleIP: { zone: 'fr-par-1', projectId: fipId },
  getFlexibleIP: one,
  updateFlexibleIP: one,
  deleteFlexibleIP: one,
  attachFlexibleIP: { zone: 'fr-par-1', fipsIds: [fipId], serverId: otherId },
  detachFlexibleIP: { zone: 'fr-par-1', fipsIds: [fipId] },
  generateMACAddr: { ...one, macType: 'kvm' },
  deleteMACAddr: one,
  duplicateMACAddr: { ...one, duplicateFromFipId: otherId },
  moveMACAddr: { ...one, dstFipId: otherId },
}

/** Values that some field takes, or nearly takes. */
const values = [null, '', 'x', 'fr-par-1', 'fr-par-9', 'Paris', fipId, fipId.toUpperCase(), otherId, `${fipId} `, `${fipId}\n`, fipId.replaceAll('-', ''), 0, 1, -1, 1.5, 100, 101, 2 ** 31, '1', true, false, [], [fipId], [fipId, fipId], [fipId, fipId.toUpperCase()], ['x'], ['x', 'x'], [null], [7], ids(64), ids(65), {}, 'x'.repeat(255), 'x'.repeat(256), '\u{1f600}'.repeat(255), '\u{1f600}'.repeat(256), 'kvm', 'KVM', 'created_at_asc', ['ready'], ['ready', 'bad'], 'mail.example.com', 'a b', '\ud800']

/** Whether an issue is of the rules that a JSON Schema cannot say. */
function isUnsaid({ message, path: [field = ''] }: SchemaIssue, { [field]: value }: Record<string, unknown>): boolean {
  if (/not valid Unicode/.test(message)) return ['description', 'reverse'].includes(String(field)) || (field === 'tags' && Array.isArray(value))
  if (/occurs more than once/.test(message)) return Array.isArray(value) && new Set(value).size === value.length
  return /must be different flexible IPs|must be a host name/.test(message)
}

const compiled = new Map<object, ValidateFunction>()

function isValid(schema: StandardJSONSchemaV1, request: unknown): boolean {
  const known = compiled.get(schema)
  if (known) return known(request)
  // Formats are remarks here: the pattern decides.
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  const check = ajv.compile(schema['~standard'].jsonSchema.input({ target: 'draft-2020-12' }))
  compiled.set(schema, check)
  return check(request)
}

function isAccepted(schema: StandardSchemaV1, request: unknown): boolean {
  return !(schema['~standard'].validate(request) as StandardSchemaV1.Result<unknown>).issues
}

function fieldsOf(name: keyof typeof schemas): string[] {
  return Object.keys(schemas[name]['~standard'].jsonSchema.input({ target: 'draft-07' }).properties as object)
}

/** Spoils a value in depth. */
function deface(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  Object.values(value).forEach(deface)
  if (Array.isArray(value)) value.length = 0
  else for (const name of Object.keys(value)) (value as Record<string, unknown>)[name] = 'changed'
}

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
