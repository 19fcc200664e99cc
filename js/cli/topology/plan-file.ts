// A plan on disk, between `flexip plan --out` and `flexip apply`.
import { createHash } from 'node:crypto'
import type { Server } from '../servers.js'
import { wrongArgument } from '../stop.js'
import { isId } from '../parsers.js'
import { problemsOfFields } from './fields.js'
import type { PlannedIp } from './plan.js'

const format = 'flexip plan 1'
/** What a plan of any format begins with. */
const anyFormat = 'flexip plan'

/** What a plan was made of: it is stale when anything of it has changed. */
export interface Noted {
  ips: PlannedIp[]
  /** The servers of these, as far as they could be read. */
  servers: Server[]
}

/** The text of a plan. */
export function writePlan({ ips, servers }: Noted): string {
  return `${JSON.stringify({ format, ips, servers, sum: sumOf({ ips, servers }) }, null, 2)}\n`
}

/** What shows that a plan is as it was written: a change by hand, such as another target, was never seen or checked. */
function sumOf({ ips, servers }: Noted): string {
  return createHash('sha256').update(JSON.stringify([ips, servers])).digest('hex')
}

/** Whether a text is a plan, maybe of another format or not whole, and not a topology. */
export function isPlan(text: string): boolean {
  return text.trimStart().startsWith('{') && /"format"\s*:/.test(text)
}

/** Reads a plan. Throws a `Stop` for what `writePlan` did not write. */
export function readPlan(text: string, file: string): Noted {
  const refuse = () => wrongArgument(`${file} is not a whole plan`, 'Make it again: flexip plan <topology> --out <file>')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw refuse()
  }
  const { format: found, ips, servers, sum, ...others } = Object(value) as { format?: unknown; ips?: unknown; servers?: unknown; sum?: unknown }
  if (found !== format && (typeof found === 'number' || (typeof found === 'string' && found.startsWith(anyFormat)))) throw wrongArgument(`${file} is of another format: it is a ${/^flexip plan \d+$/.test(String(found)) ? String(found) : JSON.stringify(found)}, and this version reads a ${format}`, 'Make it again: flexip plan <topology> --out <file>')
  if (found !== format || !Array.isArray(ips) || !ips.every(isPlannedIp) || !Array.isArray(servers) || !servers.every(isServer)) throw refuse()
  const repeated = ips.find(({ id, address }, index) => ips.slice(0, index).some((other) => other.id.toLowerCase() === id.toLowerCase() || other.address === address))
  if (repeated) throw wrongArgument(`${file} names ${repeated.address} twice`, 'Make it again: flexip plan <topology> --out <file>')
  const doubled = ips.find(({ changes }) => new Set(changes.map(({ kind }) => kind)).size < changes.length)
  if (doubled) throw wrongArgument(`${file} changes one field of ${doubled.address} twice`, 'Make it again: flexip plan <topology> --out <file>')
  const [problem, ...more] = ips.flatMap(({ address, changes }) => problemsOfFields(Object.fromEntries(changes.map(({ kind, to }) => [kind, to]))).map((text) => `${address}: ${text}`))
  if (problem !== undefined) throw wrongArgument(`${file}: ${problem}`, more)
  // The sum is of what a plan has: another field is of no sum.
  if (sum !== sumOf({ ips, servers }) || Object.keys(others).length > 0) throw wrongArgument(`${file} was changed after flexip had written it`, 'Change the topology instead, and make the plan again: flexip plan <topology> --out <file>')
  return { ips, servers }
}

function isPlannedIp(value: unknown): value is PlannedIp {
  const { id, zone, address, changes, seen } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Record<keyof PlannedIp, unknown>>
  const isSeen = typeof seen === 'object' && seen !== null && ['status', 'projectId', 'serverId', 'description', 'tags', 'reverse', 'macId', 'group'].every((field) => field in seen)
  return typeof id === 'string' && typeof zone === 'string' && typeof address === 'string' && isSeen && Array.isArray(changes) && changes.every(isChange)
}

function isServer(value: unknown): value is Server {
  const { id, name, zone } = Object(value) as Partial<Record<keyof Server, unknown>>
  return [id, name, zone].every((field) => typeof field === 'string')
}

function isChange(value: unknown): boolean {
  const { kind, from, to } = Object(value) as { kind?: unknown; from?: unknown; to?: unknown }
  if (kind === 'server') return (from === null || typeof from === 'string') && (to === null || (typeof to === 'string' && isId(to)))
  if (kind === 'tags') return [from, to].every((tags) => Array.isArray(tags) && tags.every((tag) => typeof tag === 'string'))
  return (kind === 'description' || kind === 'reverse') && typeof from === 'string' && typeof to === 'string'
}
