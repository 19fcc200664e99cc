// flexip/schema: the requests as Standard Schemas, with JSON Schema, over the rules of the core.
export type * from './client/types.js'
export type { JsonSchema, JsonSchemaTarget } from './schema/json-schema.js'
export { type RequestSchema, type RequestSchemas, type SchemaIssue, requestSchemas, schemas } from './schema/schemas.js'
