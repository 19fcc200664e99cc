// A proxy in front of an emulator, and requests to it.
import { type EmulatorOptions, FlexibleIpEmulator } from 'flexip/emulator'
import { type ProxyAuditEvent, type ProxyGrant, type ProxyOptions, createProxy } from 'flexip/proxy'

export const origin = 'https://console.example'
export const otherProject = 'bbbbbbbb-0000-4000-8000-00000000000b'
export const thirdProject = 'cccccccc-0000-4000-8000-00000000000c'

export interface Caller {
  id: string
}

/** An emulator with two Projects, each with flexible IPs in fr-par-1, one server, and a proxy whose callers may use the first Project. */
export async function world(options: Partial<ProxyOptions<Caller>> & { grant?: Partial<ProxyGrant> } = {}, settings: EmulatorOptions = {}) {
  const emulator = new FlexibleIpEmulator({ seed: 11, clock: 'manual', projects: [otherProject], servers: [{ zone: 'fr-par-1', name: 'web-1' }, { zone: 'fr-par-1', name: 'web-2' }], ...settings })
  const events: ProxyAuditEvent[] = []
  const { grant, ...others } = options
  const proxy = createProxy<Caller>({
    secretKey: emulator.secretKey,
    fetch: emulator.fetch,
    basePath: '/api/scaleway',
    origins: [origin],
    authorize: ({ headers }) => callerOf(headers.get('cookie')),
    policy: { grants: [{ projects: [emulator.projectId], zones: ['fr-par-1', 'fr-par-2'], servers: true, ...grant }] },
    onAudit: (event) => void events.push(event),
    ...others,
  })
  const create = async (project: string, zone = 'fr-par-1') => {
    const response = await emulator.fetch(`https://api.scaleway.com/flexible-ip/v1alpha1/zones/${zone}/fips`, {
      method: 'POST',
      headers: { 'X-Auth-Token': emulator.secretKey, 'Content-Type': 'application/json' },
      body: JSON.stringify({ project_id: project }),
    })
    return ((await response.json()) as { id: string }).id
  }
  const [own, second, foreign] = [await create(emulator.projectId), await create(emulator.projectId), await create(otherProject)]
  emulator.clearJournal()
  /** Method and target of each request that reached the service. */
  const forwarded = () => emulator.journal.map(({ method, target }) => `${method} ${target}`)
  const [server, secondServer] = emulator.servers.map(({ id }) => id)
  return { emulator, proxy, events, create, forwarded, ids: { own, second, foreign, server: server ?? '', secondServer: secondServer ?? '', project: emulator.projectId } }
}

/** The user of a cookie. */
export function callerOf(cookie: string | null): Caller | undefined {
  const name = /^user=(\w+)$/.exec(cookie ?? '')?.[1]
  return name === undefined ? undefined : { id: name }
}

/** The path of a zone's flexible IPs behind the proxy. */
export const fips = '/api/scaleway/flexible-ip/v1alpha1/zones/fr-par-1/fips'
export const servers = '/api/scaleway/baremetal/v1/zones/fr-par-1/servers'

export interface Asked {
  body?: unknown
  /** Headers; `undefined` leaves one out that is set otherwise. */
  headers?: Record<string, string | undefined>
}

/** A request as a page of the console sends it. */
export function ask(method: string, path: string, { body, headers = {} }: Asked = {}): Request {
  const all = { Origin: origin, 'Sec-Fetch-Site': 'same-origin', Cookie: 'user=ann', ...(body !== undefined && { 'Content-Type': 'application/json' }), ...headers }
  const set = Object.entries(all).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]]))
  const text = typeof body === 'string' || body instanceof Uint8Array || body instanceof ReadableStream || body === undefined ? body : JSON.stringify(body)
  return new Request(`https://console.example${path}`, { method, headers: set, ...(text !== undefined && { body: text, duplex: 'half' }) } as RequestInit)
}
