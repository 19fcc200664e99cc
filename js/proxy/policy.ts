// The policy: what a caller may do, as data.
import type { InvalidArgument } from '../errors/index.js'
import type { OperationName } from '../client/operations.js'
import { type ProxyOperation, type Row, ipOperations, isServerOperation } from './operations.js'

/** What is allowed in some Projects: every one of the operations, in every one of the zones. */
export interface ProxyGrant {
  /** The ids of the Projects. */
  projects: readonly string[]
  /** The zones. All if absent. */
  zones?: readonly string[] | undefined
  /** The operations on flexible IPs. All if absent. */
  operations?: readonly OperationName[] | undefined
  /** Whether the Elastic Metal servers of the Projects may be read. They can never be changed, and only fields without credentials are passed on. `false` if absent. */
  servers?: boolean | undefined
}

/** What a caller may do. What no grant allows is refused. */
export interface ProxyPolicy {
  /** What is allowed. */
  grants: readonly ProxyGrant[]
  /** Refuses every operation that changes something, whatever the grants say. `false` if absent. */
  readOnly?: boolean | undefined
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const zoneForm = /^[a-z]{2}-[a-z]{3}-\d{1,2}$/

export const isUuid = (value: unknown): value is string => typeof value === 'string' && uuid.test(value)
export const isZone = (value: unknown): value is string => typeof value === 'string' && zoneForm.test(value)

/** The ids of the Projects, in lower case, in which a policy allows an operation in a zone. */
export function allowedProjects({ grants, readOnly }: ProxyPolicy, { operation, method }: Row, zone: string): ReadonlySet<string> {
  if (readOnly && method !== 'GET') return new Set()
  const allowing = grants.filter((grant) => allowsOperation(grant, operation) && (grant.zones?.includes(zone) ?? true))
  return new Set(allowing.flatMap(({ projects }) => projects.map((project) => project.toLowerCase())))
}

/** Whether a policy has anything to say about a zone. */
export function hasZone({ grants }: ProxyPolicy, zone: string): boolean {
  return grants.some(({ zones }) => zones?.includes(zone) ?? true)
}

function allowsOperation({ operations, servers }: ProxyGrant, operation: ProxyOperation): boolean {
  if (isServerOperation(operation)) return servers === true
  return operations?.includes(operation) ?? true
}

/** What is wrong with a policy. A misspelt word would allow nothing, or everything where it is optional. */
export function policyProblems(policy: unknown): InvalidArgument[] {
  if (!isRecord(policy)) return [problem('policy', 'value must be an object with grants')]
  const { grants, readOnly } = policy
  return [
    ...unknownFields('policy', policy, ['grants', 'readOnly']),
    ...switchProblems('policy.readOnly', readOnly),
    ...(Array.isArray(grants) ? grants.flatMap((grant: unknown, index) => grantProblems(`policy.grants[${index}]`, grant)) : [problem('policy.grants', 'value must be a list')]),
  ]
}

function grantProblems(path: string, grant: unknown): InvalidArgument[] {
  if (!isRecord(grant)) return [problem(path, 'value must be an object with projects')]
  const { projects, zones, operations, servers } = grant
  return [
    ...unknownFields(path, grant, ['projects', 'zones', 'operations', 'servers']),
    ...listProblems(`${path}.projects`, projects, isUuid, 'the ids of Projects, which are UUIDs'),
    ...(zones === undefined ? [] : listProblems(`${path}.zones`, zones, isZone, 'zones, such as fr-par-1')),
    ...(operations === undefined ? [] : listProblems(`${path}.operations`, operations, isIpOperation, `operations: ${ipOperations.join(', ')}`)),
    ...switchProblems(`${path}.servers`, servers),
  ]
}

const isIpOperation = (value: unknown) => (ipOperations as readonly unknown[]).includes(value)

function listProblems(path: string, value: unknown, isRight: (item: unknown) => boolean, allowed: string): InvalidArgument[] {
  return Array.isArray(value) && value.every(isRight) ? [] : [problem(path, `value must be a list of ${allowed}`)]
}

function switchProblems(path: string, value: unknown): InvalidArgument[] {
  return value === undefined || typeof value === 'boolean' ? [] : [problem(path, 'value must be true or false')]
}

/** A problem for each field that has no meaning. */
export function unknownFields(path: string, object: object, known: readonly string[]): InvalidArgument[] {
  const unknown = Object.keys(object).filter((field) => !known.includes(field))
  return unknown.map((field) => problem(path === '' ? field : `${path}.${field}`, `there is no such field; there are ${known.join(', ')}`))
}

export function problem(argumentName: string, helpMessage: string): InvalidArgument {
  return { argumentName, reason: 'format', helpMessage }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
