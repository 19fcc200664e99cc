// The requests as JSON Schema. It says what a schema can say; the rules of the core decide.
import type { OperationName, Operations } from '../client/operations.js'
import type { RequestDefaults } from '../client/options.js'
import { invalidArgument } from '../errors/invalid.js'

/** A JSON Schema, as plain data. */
export type JsonSchema = Record<string, unknown>

/** The dialects. What the schemas use means the same in all of them. */
export type JsonSchemaTarget = 'draft-2020-12' | 'draft-07' | 'openapi-3.0' | (string & {})

const dialects: Readonly<Record<string, Readonly<JsonSchema>>> = {
  'draft-2020-12': { $schema: 'https://json-schema.org/draft/2020-12/schema' },
  'draft-07': { $schema: 'http://json-schema.org/draft-07/schema#' },
  'openapi-3.0': {},
}

const text = { type: 'string' }
// Many validators take a format for a remark.
const id = { ...text, format: 'uuid', pattern: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' }
const zone = { enum: ['fr-par-1', 'fr-par-2', 'nl-ams-1', 'nl-ams-2', 'pl-waw-2', 'pl-waw-3'] }
/** A zone where unknown ones are allowed. */
const anyZone = { ...text, pattern: '^[a-z]{2}-[a-z]{3}-[0-9]{1,2}$' }
const tags = { type: 'array', items: text }
const description = { ...text, maxLength: 255 }
const ids = { type: 'array', items: id }
const fipsIds = { ...ids, minItems: 1, maxItems: 64, uniqueItems: true }
const statuses = ['unknown', 'ready', 'updating', 'attached', 'error', 'detaching', 'locked']
const one = { zone, fipId: id }

/** The fields of a request: all of its type, and no others. */
type Fields<Name extends OperationName> = { readonly [Field in keyof Required<Operations[Name]['request']>]: Readonly<JsonSchema> }

const fields: { readonly [Name in OperationName]: Fields<Name> } = {
  listFlexibleIPs: {
    zone,
    orderBy: { enum: ['created_at_asc', 'created_at_desc'] },
    page: { type: 'integer', minimum: 1, maximum: 2_147_483_647 },
    pageSize: { type: 'integer', minimum: 1, maximum: 100 },
    tags,
    status: { type: 'array', items: { enum: statuses } },
    serverIds: ids,
    organizationId: id,
    projectId: id,
  },
  createFlexibleIP: { zone, projectId: id, description, tags, serverId: id, reverse: text, isIpv6: { type: 'boolean' } },
  getFlexibleIP: one,
  updateFlexibleIP: { ...one, description, tags, reverse: text },
  deleteFlexibleIP: one,
  attachFlexibleIP: { zone, fipsIds, serverId: id },
  detachFlexibleIP: { zone, fipsIds },
  generateMACAddr: { ...one, macType: { enum: ['vmware', 'xen', 'kvm'] } },
  deleteMACAddr: one,
  duplicateMACAddr: { ...one, duplicateFromFipId: id },
  moveMACAddr: { ...one, dstFipId: id },
}

const required: { readonly [Name in OperationName]: readonly (keyof Operations[Name]['request'] & string)[] } = {
  listFlexibleIPs: [],
  createFlexibleIP: [],
  getFlexibleIP: ['fipId'],
  updateFlexibleIP: ['fipId'],
  deleteFlexibleIP: ['fipId'],
  attachFlexibleIP: ['fipsIds', 'serverId'],
  detachFlexibleIP: ['fipsIds'],
  generateMACAddr: ['fipId', 'macType'],
  deleteMACAddr: ['fipId'],
  duplicateMACAddr: ['fipId', 'duplicateFromFipId'],
  moveMACAddr: ['fipId', 'dstFipId'],
}

/** The names of the fields of a request. */
export function fieldNames(name: OperationName): readonly string[] {
  return Object.keys(fields[name])
}

/** The JSON Schema of the request of an operation: the caller's own copy. Without a default for them, zone and Project are required. */
export function jsonSchemaOf(name: OperationName, defaults: RequestDefaults, target: JsonSchemaTarget): JsonSchema {
  const dialect = Object.hasOwn(dialects, target) ? dialects[target] : undefined
  if (!dialect) throw invalidArgument(name, 'target', `one of ${Object.keys(dialects).join(', ')}`, target)
  const needed: string[] = [...required[name]]
  if (defaults.defaultZone === undefined) needed.push('zone')
  if (name === 'createFlexibleIP' && defaults.defaultProjectId === undefined) needed.push('projectId')
  const properties = { ...fields[name], ...(defaults.allowUnknownZones && { zone: anyZone }) }
  const schema = { ...dialect, type: 'object', properties, ...(needed.length > 0 && { required: needed }), additionalProperties: false }
  return JSON.parse(JSON.stringify(schema)) as JsonSchema
}
