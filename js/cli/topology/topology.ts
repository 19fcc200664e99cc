// The file of `flexip plan`: where flexible IPs should be, and what they should say.
import { parseDocument } from 'yaml'
import { parseIp } from '../../index.js'
import { isId } from '../parsers.js'
import { wrongArgument } from '../stop.js'
import { problemsOfFields } from './fields.js'

/** What the file says of one flexible IP. What is absent is left as it is. */
export interface Wish {
  /** An address or an id. */
  ip: string
  /** The name or the id of its server; null for none. */
  server?: string | null
  description?: string
  tags?: string[]
  reverse?: string
  /** `other`: something else, such as keepalived, decides; flexip only shows it. */
  owner?: 'other'
}

/** The file. */
export interface Topology {
  flexibleIps: Wish[]
}

const fields = ['ip', 'server', 'description', 'tags', 'reverse', 'owner']

/** Reads the YAML. Throws a `Stop` that names every problem with its place. */
export function parseTopology(text: string, file: string): Topology {
  const document = parseDocument(text, { version: '1.2', uniqueKeys: true })
  const [error] = document.errors
  if (error?.code === 'MULTIPLE_DOCS') throw wrongArgument(`${file} has more than one document`, 'A topology is one: write all flexible IPs into one list, without a line ---.')
  if (error) throw wrongArgument(`${file} is not YAML: ${error.message.split('\n')[0] ?? ''}`)
  // Without aliases, a small file cannot become a large value.
  const value = toValue(document, file)
  const problems: string[] = []
  const root = isObject(value) ? value : {}
  if (!isObject(value)) problems.push('the file must be a map with flexibleIps')
  for (const name of Object.keys(root)) if (name !== 'flexibleIps') problems.push(`${name}: there is no such field; there is flexibleIps`)
  const list = root.flexibleIps ?? []
  if (!Array.isArray(list)) problems.push('flexibleIps must be a list')
  const wishes = (Array.isArray(list) ? (list as unknown[]) : []).map((item, index) => readWish(item, `flexibleIps[${index}]`, problems))
  const seen = new Map<string, number>()
  for (const [index, { ip }] of wishes.entries()) {
    const first = seen.get(ip)
    if (first !== undefined && ip !== '') problems.push(`flexibleIps[${index}].ip: ${ip} is in flexibleIps[${first}] already`)
    seen.set(ip, index)
  }
  if (problems.length > 0) throw wrongArgument(`${file}: ${problems[0] ?? ''}${problems.length > 1 ? `, and ${problems.length - 1} more` : ''}`, problems.slice(1))
  return { flexibleIps: wishes }
}

function toValue(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 }) as unknown
  } catch (error) {
    throw wrongArgument(`${file} is not a topology: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function readWish(item: unknown, place: string, problems: string[]): Wish {
  const wish: Wish = { ip: '' }
  if (!isObject(item)) {
    problems.push(`${place} must be a map with ip`)
    return wish
  }
  const check = (name: string, isRight: boolean, allowed: string) => {
    if (!isRight) problems.push(`${place}.${name} must be ${allowed}; found ${JSON.stringify(item[name]) ?? 'nothing'}`)
    return isRight
  }
  for (const name of Object.keys(item)) if (!fields.includes(name)) problems.push(`${place}.${name}: there is no such field; there are ${fields.join(', ')}`)
  const { ip, server, description, tags, reverse, owner } = item
  if (check('ip', typeof ip === 'string' && (isId(ip) || parseIp(ip) !== undefined), 'an address or an id')) wish.ip = ip as string
  if (server !== undefined && check('server', server === null || (typeof server === 'string' && server !== ''), 'the name or the id of a server, or null for none')) wish.server = server as string | null
  if (description !== undefined && check('description', typeof description === 'string', 'a text')) wish.description = description as string
  if (reverse !== undefined && check('reverse', typeof reverse === 'string', 'a text')) wish.reverse = reverse as string
  if (tags !== undefined && check('tags', Array.isArray(tags) && tags.every((tag) => typeof tag === 'string' && tag !== ''), 'a list of texts')) wish.tags = tags as string[]
  if (owner !== undefined && check('owner', owner === 'other', 'other, or absent')) wish.owner = 'other'
  problems.push(...problemsOfFields(wish).map((problem) => `${place}.${problem}`))
  return wish
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
