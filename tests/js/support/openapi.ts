// An OpenAPI description as plain facts, one a line, so that two of them can be compared.

interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: string[]
  default?: unknown
  nullable?: boolean
  required?: string[]
  properties?: Record<string, Schema>
  items?: Schema
  anyOf?: Schema[]
}

interface Parameter {
  $ref?: string
  name: string
  in: string
  required?: boolean
  schema: Schema
}

type Content = Record<string, { schema: Schema }>

interface Operation {
  operationId: string
  parameters?: Parameter[]
  requestBody?: { required?: boolean; content: Content }
  responses: Record<string, { $ref?: string; content?: Content }>
}

export interface Description {
  paths: Record<string, Record<string, Operation>>
}

/** What a description says of operations, parameters, fields, enumerations and statuses. */
export function facts(description: Description): string[] {
  return Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      const { operationId, parameters = [], requestBody, responses } = operation
      const said = [
        `${method.toUpperCase()} ${path}`,
        ...parameters.flatMap((parameter) => {
          const { name, in: place, required, schema } = follow(description, parameter)
          return ofSchema(description, `${place} ${name}`, schema, required)
        }),
        ...(requestBody ? ofSchema(description, 'body', json(requestBody.content), requestBody.required) : []),
        ...Object.entries(responses).flatMap(([status, response]) => {
          const { content } = follow(description, response)
          return [`answers ${status}`, ...(content && status.startsWith('2') ? ofSchema(description, 'result', json(content)) : [])]
        }),
      ]
      return said.map((fact) => `${operationId}: ${fact}`)
    }),
  )
}

function ofSchema(description: Description, name: string, described: Schema, required = false): string[] {
  const { schema, nullable } = plain(description, described)
  const kind = [schema.type].flat().filter((type) => type !== 'null')
  return [
    `${name} is ${kind.join(' or ')}`,
    ...(schema.enum ? [`${name} is one of ${schema.enum.join(', ')}`] : []),
    ...(schema.default === undefined ? [] : [`${name} is ${String(schema.default)} by default`]),
    ...(required ? [`${name} is required`] : []),
    ...(nullable ? [`${name} may be null`] : []),
    ...(schema.items ? ofSchema(description, `${name}[]`, schema.items) : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([field, inner]) => ofSchema(description, `${name}.${field}`, inner, schema.required?.includes(field))),
  ]
}

/** The schema itself, and whether it may be null: OpenAPI 3.0 and 3.1 say so in three ways. */
function plain(description: Description, described: Schema): { schema: Schema; nullable: boolean } {
  const schema = follow(description, described)
  const inner = schema.anyOf?.find(({ type }) => type !== 'null')
  if (inner) return { schema: follow(description, inner), nullable: true }
  return { schema, nullable: schema.nullable === true || [schema.type].flat().includes('null') }
}

function follow<T extends { $ref?: string }>(description: Description, described: T): T {
  if (described.$ref === undefined) return described
  const names = described.$ref.split('/').slice(1)
  return names.reduce((found: unknown, name) => (found as Record<string, unknown>)[name], description) as T
}

function json(content: Content): Schema {
  const found = content['application/json']
  if (!found) throw new Error('no application/json')
  return found.schema
}
