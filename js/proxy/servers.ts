// What a page receives of an Elastic Metal server. The service's answers also have credentials, such as the password of
// the rescue system; so only known fields are passed on.
import { isRecord } from './policy.js'

const ofServer = ['id', 'name', 'description', 'zone', 'status', 'ping_status', 'boot_type', 'protected', 'organization_id', 'project_id', 'offer_id', 'offer_name', 'domain', 'created_at', 'updated_at']
const ofIp = ['id', 'address', 'version', 'reverse', 'reverse_status']

/** A server, or a page of servers, without any other field. */
export function withoutCredentials(json: unknown): unknown {
  if (!isRecord(json)) return undefined
  if (!Array.isArray(json.servers)) return serverOf(json)
  return { ...plainFields(json, ['total_count']), servers: json.servers.map(serverOf) }
}

function serverOf(server: unknown): unknown {
  if (!isRecord(server)) return undefined
  const { tags, ips } = server
  return {
    ...plainFields(server, ofServer),
    ...(Array.isArray(tags) && { tags: tags.filter((tag) => typeof tag === 'string') }),
    ...(Array.isArray(ips) && { ips: ips.filter(isRecord).map((ip) => plainFields(ip, ofIp)) }),
  }
}

/** The fields whose values are texts, numbers, booleans or null: nothing is inside them. */
function plainFields(object: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.flatMap((name) => (Object.hasOwn(object, name) && Object(object[name]) !== object[name] ? [[name, object[name]]] : [])))
}
