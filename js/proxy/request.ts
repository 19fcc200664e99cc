// Reads what a request asks for. Nothing of it is forwarded as it is: the request to the service is built from what
// was read here.
import { type BodyFailure, textOf } from './body.js'
import type { FieldKind, ParameterKind, Row } from './operations.js'
import { isRecord, isUuid } from './policy.js'
import { Refusal, invalidArgument, refused } from './refusal.js'

/** What a request asks for, besides its operation and its zone. */
export interface Question {
  /** The parameters of the query, without the Project. */
  query: [string, string][]
  /** The fields of the body, without the Project; absent if the operation has no body. */
  body: Record<string, unknown> | undefined
  /** The flexible IPs that it names, in lower case and each once. */
  fipIds: string[]
  serverId: string | undefined
  /** The Project that a list or a create names. */
  projectId: string | undefined
}

/** The longest URL, in characters. */
export const urlMax = 8192

/** The most flexible IPs that a request may name: as many as a server has. */
const fipsMax = 64

/** The most characters of a text, and the most items of a list. */
const textMax = 2048
const itemsMax = 100

/** Headers that ask for something else than what was checked, and credentials, which only the proxy has. */
const refusedHeaders = ['x-http-method-override', 'x-http-method', 'x-method-override', 'x-auth-token', 'x-session-token', 'upgrade', 'content-encoding']

/** Refuses headers that a request to the proxy must not have. */
export function checkHeaders({ headers }: Request, row: Row): void {
  for (const name of refusedHeaders) {
    if (headers.has(name)) throw refused(name === 'content-encoding' ? 415 : 400, `the header ${name} is not allowed here`)
  }
  const length = headers.get('content-length')
  if (length !== null && !/^\d{1,15}$/.test(length)) throw refused(400, 'the header content-length is not a number')
  if (headers.has('transfer-encoding') && (length !== null || headers.get('transfer-encoding')?.toLowerCase() !== 'chunked')) {
    throw refused(400, 'the length of the body is ambiguous')
  }
  const type = headers.get('content-type')
  if (row.body && !isJson(type)) throw refused(415, 'the content type must be application/json')
  if (!row.body && type !== null && !isJson(type)) throw refused(415, 'the content type must be application/json, or absent')
}

function isJson(type: string | null): boolean {
  return /^application\/json(\s*;\s*charset=("?)utf-8\2)?$/i.test(type?.trim() ?? '')
}

/** Reads the query of a request. */
export function readQuery(search: string, { query = {} }: Row): Pick<Question, 'query' | 'projectId'> {
  const read: [string, string][] = []
  let projectId: string | undefined
  for (const [name, value] of new URLSearchParams(search)) {
    const kind = Object.hasOwn(query, name) ? query[name] : undefined
    if (!kind) throw invalidArgument(name.slice(0, 60), 'unknown', 'the proxy does not forward this parameter')
    const isRepeatable = kind === 'tags' || kind === 'words' || kind === 'servers'
    const before = read.filter(([other]) => other === name).length + (name === 'project_id' && projectId !== undefined ? 1 : 0)
    if (before >= (isRepeatable ? itemsMax : 1)) throw invalidArgument(name, 'constraint', 'the parameter is repeated too often')
    if (!isParameter(kind, value)) throw invalidArgument(name, 'format', `value is not allowed for this parameter`)
    if (kind === 'project') projectId = value.toLowerCase()
    else read.push([name, kind === 'servers' ? value.toLowerCase() : value])
  }
  return { query: read, projectId }
}

function isParameter(kind: ParameterKind, value: string): boolean {
  switch (kind) {
    case 'number':
      return /^\d{1,10}$/.test(value)
    case 'word':
    case 'words':
      return /^[a-z_]{1,40}$/.test(value)
    case 'project':
    case 'servers':
      return isUuid(value)
    case 'text':
    case 'tags':
      return value.length <= textMax
  }
}

/** Reads the body of a request, whose bytes or the reason why there are none are here. */
export function readBody(bytes: Uint8Array | BodyFailure, declared: string | null, { body: fields, required = [] }: Row): Omit<Question, 'query'> {
  if (bytes === 'too large') throw refused(413, 'the body of the request is too large')
  if (bytes === 'too slow') throw refused(408, 'the body of the request did not arrive in time')
  if (bytes === 'broken') throw refused(400, 'the body of the request was broken off')
  if (declared !== null && Number(declared) !== bytes.length) throw refused(400, 'the body has another length than its header says; the proxy must read it first')
  if (!fields) {
    if (bytes.length > 0) throw refused(400, 'this operation has no body')
    return { body: undefined, fipIds: [], serverId: undefined, projectId: undefined }
  }
  const body: Record<string, unknown> = {}
  const question: Omit<Question, 'query'> = { body, fipIds: [], serverId: undefined, projectId: undefined }
  for (const [name, value] of Object.entries(parseObject(bytes))) {
    const kind = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (!kind) throw invalidArgument(name.slice(0, 60), 'unknown', 'the proxy does not forward this field')
    if (value === null && !required.includes(name)) {
      // Null and absent are the same, but for the Project, which the proxy sets.
      if (kind !== 'project') body[name] = null
      continue
    }
    if (!isField(kind, value)) throw invalidArgument(name, 'format', `value is not allowed for this field`)
    if (kind === 'flexibleIps') question.fipIds = idsOf(value)
    else if (kind === 'flexibleIp') question.fipIds = [String(value).toLowerCase()]
    else if (kind === 'server') question.serverId = String(value).toLowerCase()
    else if (kind === 'project') question.projectId = String(value).toLowerCase()
    if (kind !== 'project') body[name] = kind === 'flexibleIps' ? question.fipIds : kind === 'flexibleIp' || kind === 'server' ? String(value).toLowerCase() : value
  }
  const missing = required.find((name) => !Object.hasOwn(body, name))
  if (missing !== undefined) throw invalidArgument(missing, 'required', 'value is required')
  return question
}

/** The flexible IPs and the server that a body names, for the audit: also a body that is refused. */
export function namesIn(bytes: Uint8Array | BodyFailure, { body: fields = {} }: Row): { fipIds: string[]; serverId: string | undefined } {
  const names: ReturnType<typeof namesIn> = { fipIds: [], serverId: undefined }
  const body = typeof bytes === 'string' ? undefined : parseJson(bytes)
  if (!isRecord(body)) return names
  for (const [name, kind] of Object.entries(fields)) {
    const value = body[name]
    if (kind === 'flexibleIps' && Array.isArray(value)) names.fipIds = idsOf(value.slice(0, fipsMax).filter(isUuid))
    else if (kind === 'flexibleIp' && isUuid(value)) names.fipIds = [value.toLowerCase()]
    else if (kind === 'server' && isUuid(value)) names.serverId = value.toLowerCase()
  }
  return names
}

/** The ids of a list, in lower case and each once. */
function idsOf(value: unknown): string[] {
  return [...new Set((value as string[]).map((id) => id.toLowerCase()))]
}

function isField(kind: FieldKind, value: unknown): boolean {
  switch (kind) {
    case 'flexibleIp':
    case 'server':
    case 'project':
      return isUuid(value)
    case 'flexibleIps':
      return Array.isArray(value) && value.length > 0 && value.length <= fipsMax && value.every(isUuid)
    case 'text':
      return isText(value)
    case 'texts':
      return Array.isArray(value) && value.length <= itemsMax && value.every(isText)
    case 'boolean':
      return typeof value === 'boolean'
  }
}

const isText = (value: unknown) => typeof value === 'string' && value.length <= textMax

function parseObject(bytes: Uint8Array): Record<string, unknown> {
  const parsed = parseJson(bytes)
  if (!isRecord(parsed)) throw new Refusal(400, { message: 'the body must be an object of JSON in UTF-8' })
  return parsed
}

/** The value of JSON; `undefined` if the bytes are something else. */
function parseJson(bytes: Uint8Array): unknown {
  const text = textOf(bytes)
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
