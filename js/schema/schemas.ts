// The schemas: each implements Standard Schema 1 and Standard JSON Schema 1, for the libraries that take either.
import { type OperationName, type Operations, forEachOperation } from '../client/operations.js'
import type { RequestDefaults } from '../client/options.js'
import { orUndefined } from '../client/or-undefined.js'
import { validate } from '../client/pure.js'
import { type JsonSchema, type JsonSchemaTarget, fieldNames, jsonSchemaOf } from './json-schema.js'

/** What is wrong with a request. */
export interface SchemaIssue {
  /** What was found and what is allowed. */
  readonly message: string
  /** The field: its name, and the place in it if it is a list. */
  readonly path: readonly (string | number)[]
}

/** A Standard Schema of the request of an operation. */
export interface RequestSchema<Input> {
  /** What the specification of Standard Schema asks for. */
  readonly '~standard': {
    readonly version: 1
    readonly vendor: 'flexip'
    /** Checks a request by the rules of the API, as the client does before it sends one. Also refuses null in an optional field, which the types do not have and the client takes for absent. */
    readonly validate: (value: unknown) => { readonly value: Input; readonly issues?: undefined } | { readonly issues: readonly SchemaIssue[] }
    readonly types?: { readonly input: Input; readonly output: Input } | undefined
    readonly jsonSchema: {
      readonly input: (options: { readonly target: JsonSchemaTarget }) => Record<string, unknown>
      readonly output: (options: { readonly target: JsonSchemaTarget }) => Record<string, unknown>
    }
  }
}

/** A schema for each operation. */
export type RequestSchemas = { readonly [Name in OperationName]: RequestSchema<Operations[Name]['request']> }

/**
 * Makes the schemas of requests that may leave out what `defaults` has: the zone, the Project.
 *
 * @example
 * const { createFlexibleIP } = requestSchemas({ defaultZone: 'fr-par-1', defaultProjectId })
 * createFlexibleIP['~standard'].validate({ description: 'mail' }) // { value: { description: 'mail' } }
 */
export function requestSchemas(defaults: RequestDefaults = {}): RequestSchemas {
  return forEachOperation((name) => schemaOf(name, defaults))
}

/** The schemas of whole requests: with the zone, and to create with the Project. */
export const schemas: RequestSchemas = /* @__PURE__ */ requestSchemas()

function schemaOf<Name extends OperationName>(name: Name, defaults: RequestDefaults): RequestSchema<Operations[Name]['request']> {
  type Input = Operations[Name]['request']
  const check = validate[name] as (request: unknown, defaults: RequestDefaults) => ReturnType<(typeof validate)[Name]>
  const jsonSchema = ({ target }: { readonly target: JsonSchemaTarget }): JsonSchema => jsonSchemaOf(name, defaults, target)
  return {
    '~standard': {
      version: 1,
      vendor: 'flexip',
      validate(value) {
        const errors = check(value, defaults).filter(({ severity }) => severity === 'error')
        const issues = errors.map(({ field, reason, helpMessage }) => ({ message: helpMessage || reason, path: pathOf(field) }))
        for (const field of nullFields(name, value)) {
          if (!errors.some((error) => error.field === field)) issues.push({ message: 'value must not be null: leave the field out', path: [field] })
        }
        return issues.length === 0 ? { value: value as Input } : { issues }
      },
      jsonSchema: { input: jsonSchema, output: jsonSchema },
    },
  }
}

/** The fields of a request that are null. Reading them may throw. */
function nullFields(name: OperationName, request: unknown): readonly string[] {
  if (typeof request !== 'object' || request === null) return []
  return fieldNames(name).filter((field) => orUndefined(() => (request as Record<string, unknown>)[field]) === null)
}

/** `tags[1]` is the place 1 of `tags`. */
function pathOf(field: string): (string | number)[] {
  return [...field.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([name, place]) => (place === undefined ? name : Number(place)))
}
