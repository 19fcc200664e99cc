// A request of the log as a command: with curl, or with the command of this package. The key is a variable in the first,
// and read from the environment by the second.
import { type Upstream, defaultService } from '../data/connection.js'
import type { RequestRow } from './log-rows.js'

/** A word as the shell reads it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** Where in a URL the path at the service begins. */
export const startOfPath = (url: string): number => Math.max(0, url.search(/\/(?:flexible-ip|baremetal)\//))

/** The address at the service. A page sends to its proxy. */
function addressOf(url: string, upstream: Upstream): string {
  return upstream.address + url.slice(startOfPath(url))
}

/** The variable with the key. The key of an account is not sent to an emulator. */
export const keyVariable = ({ isEmulator }: Upstream): string => (isEmulator ? 'FLEXIP_SECRET_KEY' : 'SCW_SECRET_KEY')

/** The words that lead the command of this package to the same service. */
export function optionsFor({ address, isEmulator }: Upstream): string[] {
  if (isEmulator) return [`--emulator=${address}`]
  return address === defaultService ? [] : [`--api-url=${address}`]
}

export function curlOf({ method, url, body }: RequestRow, upstream: Upstream): string {
  const parts = [`curl -X ${method} ${quoted(addressOf(url, upstream))}`, `-H "X-Auth-Token: $${keyVariable(upstream)}"`]
  if (body !== undefined) parts.push(`-H 'Content-Type: application/json'`, `-d ${quoted(body)}`)
  return parts.join(' \\\n  ')
}

/** Names for ids: the address of a flexible IP, the name of a server. */
export interface Names {
  readonly addressOf: (fipId: string) => string | undefined
  readonly serverName: (serverId: string) => string
}

/** The command of this package that does the same; `undefined` if there is none. */
export function flexipOf({ operation, url, body }: RequestRow, names: Names, upstream: Upstream): string | undefined {
  const zone = /\/zones\/([^/]+)\//.exec(url)?.[1] ?? ''
  const fields = fieldsOf(body)
  const ip = (id: string) => names.addressOf(id) ?? id
  const subject = ip(/\/fips\/([\da-f-]{36})/.exec(url)?.[1] ?? '')
  const text = (name: string): string | undefined => (typeof fields[name] === 'string' ? fields[name] : undefined)
  const texts = (name: string): string[] | undefined => (Array.isArray(fields[name]) ? fields[name].filter((item) => typeof item === 'string') : undefined)
  const server = (): string => {
    const id = text('server_id') ?? ''
    const name = names.serverName(id)
    // A name that another server could have, or that is no word, is not used.
    return id.startsWith(name) || !/^[\w.-]+$/.test(name) ? id : name
  }
  const option = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [`--${name}=${value}`])
  const words = (): string[] | undefined => {
    switch (operation) {
      case 'listFlexibleIPs':
        return ['ls']
      case 'listServers':
        return ['servers']
      case 'getFlexibleIP':
        return ['get', subject]
      case 'createFlexibleIP':
        return ['create', ...option('description', text('description')), ...(texts('tags') ?? []).flatMap((tag) => option('tag', tag)), ...option('reverse', text('reverse')), ...(text('server_id') === undefined ? [] : option('server', server())), ...option('project', text('project_id')), ...(fields.is_ipv6 === true ? ['--ipv6'] : [])]
      case 'updateFlexibleIP': {
        const tags = texts('tags')
        return ['update', subject, ...option('description', text('description')), ...(tags?.length === 0 ? ['--no-tags'] : (tags ?? []).flatMap((tag) => option('tag', tag))), ...option('reverse', text('reverse'))]
      }
      case 'deleteFlexibleIP':
        return ['rm', subject]
      case 'attachFlexibleIP':
        return ['attach', server(), ...(texts('fips_ids') ?? []).map(ip)]
      case 'detachFlexibleIP':
        return ['detach', ...(texts('fips_ids') ?? []).map(ip)]
      case 'generateMACAddr':
        return ['mac', 'generate', subject, ...option('type', text('mac_type'))]
      case 'duplicateMACAddr':
        return ['mac', 'duplicate', ip(text('duplicate_from_fip_id') ?? ''), subject]
      case 'moveMACAddr':
        return ['mac', 'move', subject, ip(text('dst_fip_id') ?? '')]
      case 'deleteMACAddr':
        return ['mac', 'rm', subject]
      default:
        return undefined
    }
  }
  const command = words()
  return command && ['npx flexip', ...command.map(quoted), ...[...option('zone', zone), ...optionsFor(upstream)].map(quoted)].join(' ')
}

function fieldsOf(body: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body ?? '{}')
    return typeof parsed === 'object' && parsed !== null ? (parsed as Readonly<Record<string, unknown>>) : {}
  } catch {
    return {}
  }
}
