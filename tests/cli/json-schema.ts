// A validator of the part of JSON Schema that docs/command-output.schema.json uses. A keyword that it does not know is an error.
import schemas from '../../docs/command-output.schema.json' with { type: 'json' }

interface Schema {
  $ref?: string
  description?: string
  type?: string | readonly string[]
  enum?: readonly unknown[]
  pattern?: string
  items?: Schema
  required?: readonly string[]
  properties?: Readonly<Record<string, Schema>>
  additionalProperties?: boolean
}

const known = ['$ref', 'description', 'type', 'enum', 'pattern', 'items', 'required', 'properties', 'additionalProperties']
const definitions = schemas.$defs as Record<string, Schema>

/** What is wrong with a value, a text for each problem. */
export function problemsOf(name: string, value: unknown): string[] {
  const definition = definitions[name]
  return definition ? check(definition, value, name) : [`there is no schema ${name}`]
}

function check(schema: Schema, value: unknown, place: string): string[] {
  const unknown = Object.keys(schema).filter((key) => !known.includes(key))
  if (unknown.length > 0) return [`${place}: the validator does not know ${unknown.join(', ')}`]
  if (schema.$ref !== undefined) return problemsOf(schema.$ref.replace('#/$defs/', ''), value).map((text) => `${place}: ${text}`)
  const problems: string[] = []
  const types = schema.type === undefined ? undefined : [schema.type].flat()
  if (types && !types.includes(typeOf(value)) && !(types.includes('integer') && Number.isInteger(value))) problems.push(`${place} is of type ${typeOf(value)}, not ${types.join(' or ')}`)
  if (schema.enum && !schema.enum.includes(value)) problems.push(`${place} is ${JSON.stringify(value)}`)
  if (schema.pattern !== undefined && typeof value === 'string' && !new RegExp(schema.pattern).test(value)) problems.push(`${place} is ${value}`)
  if (schema.items && Array.isArray(value)) problems.push(...value.flatMap((item, index) => check(schema.items ?? {}, item, `${place}[${index}]`)))
  if (typeOf(value) === 'object') {
    const object = value as Record<string, unknown>
    for (const field of schema.required ?? []) if (!Object.hasOwn(object, field)) problems.push(`${place}.${field} is missing`)
    for (const [field, item] of Object.entries(object)) {
      const own = schema.properties?.[field]
      if (own) problems.push(...check(own, item, `${place}.${field}`))
      else if (schema.additionalProperties === false) problems.push(`${place}.${field} is not in the schema`)
    }
  }
  return problems
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}
