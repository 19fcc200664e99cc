// The operations that the proxy forwards: the path of each, and what its query and its body may have.
// A test compares the table with the requests that the core builds, and with docs/openapi.json.
import type { OperationName } from '../client/operations.js'

/** An operation that a policy can allow: one of the 11, or reading Elastic Metal servers. */
export type ProxyOperation = OperationName | 'listServers' | 'getServer'

/** What a value of a field must be. Null is allowed for all but the ids of flexible IPs. */
export type FieldKind = 'flexibleIp' | 'flexibleIps' | 'server' | 'project' | 'text' | 'texts' | 'boolean'

/** What a value of a query must be. `tags`, `status` and `servers` may be repeated. */
export type ParameterKind = 'number' | 'word' | 'text' | 'project' | 'tags' | 'words' | 'servers'

/** A row of the table. */
export interface Row {
  operation: ProxyOperation
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** The segments of the path. */
  path: readonly string[]
  /** The parameters of the query. */
  query?: Readonly<Record<string, ParameterKind>>
  /** The fields of the body. Without them, the request has no body. */
  body?: Readonly<Record<string, FieldKind>>
  /** The fields that must be there. */
  required?: readonly string[]
}

const fips = (...rest: string[]) => ['flexible-ip', 'v1alpha1', 'zones', '{zone}', 'fips', ...rest]
const servers = (...rest: string[]) => ['baremetal', 'v1', 'zones', '{zone}', 'servers', ...rest]

const ofList = { order_by: 'word', page: 'number', page_size: 'number', tags: 'tags', status: 'words', server_ids: 'servers', project_id: 'project' } as const
const ofServers = { order_by: 'word', page: 'number', page_size: 'number', tags: 'tags', status: 'words', name: 'text', project_id: 'project' } as const
const ofUpdate = { description: 'text', tags: 'texts', reverse: 'text' } as const
const ofCreate = { ...ofUpdate, project_id: 'project', server_id: 'server', is_ipv6: 'boolean' } as const

/** The table. Rows with fixed segments come before those with an id: the first match is right. */
export const rows: readonly Row[] = [
  { operation: 'listFlexibleIPs', method: 'GET', path: fips(), query: ofList },
  { operation: 'createFlexibleIP', method: 'POST', path: fips(), body: ofCreate },
  { operation: 'attachFlexibleIP', method: 'POST', path: fips('attach'), body: { fips_ids: 'flexibleIps', server_id: 'server' }, required: ['fips_ids', 'server_id'] },
  { operation: 'detachFlexibleIP', method: 'POST', path: fips('detach'), body: { fips_ids: 'flexibleIps' }, required: ['fips_ids'] },
  { operation: 'getFlexibleIP', method: 'GET', path: fips('{id}') },
  { operation: 'updateFlexibleIP', method: 'PATCH', path: fips('{id}'), body: ofUpdate },
  { operation: 'deleteFlexibleIP', method: 'DELETE', path: fips('{id}') },
  { operation: 'generateMACAddr', method: 'POST', path: fips('{id}', 'mac'), body: { mac_type: 'text' }, required: ['mac_type'] },
  { operation: 'deleteMACAddr', method: 'DELETE', path: fips('{id}', 'mac') },
  { operation: 'duplicateMACAddr', method: 'POST', path: fips('{id}', 'mac', 'duplicate'), body: { duplicate_from_fip_id: 'flexibleIp' }, required: ['duplicate_from_fip_id'] },
  { operation: 'moveMACAddr', method: 'POST', path: fips('{id}', 'mac', 'move'), body: { dst_fip_id: 'flexibleIp' }, required: ['dst_fip_id'] },
  { operation: 'listServers', method: 'GET', path: servers(), query: ofServers },
  { operation: 'getServer', method: 'GET', path: servers('{id}') },
]

/** The operations on flexible IPs. */
export const ipOperations = rows.flatMap(({ operation }) => (isServerOperation(operation) ? [] : [operation]))

/** Whether an operation reads Elastic Metal servers. */
export function isServerOperation(operation: ProxyOperation): operation is 'listServers' | 'getServer' {
  return operation === 'listServers' || operation === 'getServer'
}

/** The row of a request, or the methods that the path has; with the zone and the id as they are in the path. */
export type Found = ({ row: Row } | { methods: readonly string[] }) & { zone: string; id: string | undefined }

/** What the table has for a method and a path. */
export function findRow(method: string, path: string): Found {
  const segments = path.split('/').slice(1)
  const found = rows.filter(({ path }) => path.length === segments.length && path.every((segment, index) => segment === segments[index] || (segment.startsWith('{') && segments[index] !== '')))
  const row = found.find((row) => row.method === method)
  const zone = segments[3] ?? ''
  if (!row) {
    const isOfIps = found.some(({ operation }) => !isServerOperation(operation))
    return { methods: found.map((row) => row.method), zone, id: isOfIps ? segments[5] : undefined }
  }
  return { row, zone, id: row.path[5] === '{id}' ? segments[5] : undefined }
}

/** The path of a row with these ids in it, which must be checked ids. */
export function pathOf({ path }: Row, zone: string, id: string | undefined): string {
  return path.map((segment) => `/${segment === '{zone}' ? zone : segment === '{id}' ? id : segment}`).join('')
}
