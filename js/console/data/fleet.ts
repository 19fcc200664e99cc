// The fleet of a first visit: three zones, 12 servers, 60 flexible IPs, MAC groups, one server that fails.
import { type EmulatedServer, type EmulatorOptions, FlexibleIpEmulator } from 'flexip/emulator/slim'

const servers: Readonly<Record<string, readonly string[]>> = {
  'fr-par-1': ['web-1', 'web-2', 'mail-1', 'db-1', 'db-2', 'vm-1'],
  'fr-par-2': ['web-3', 'web-4', 'vm-2'],
  'nl-ams-1': ['edge-1', 'edge-2', 'backup-1'],
}

/** A flexible IP of the fleet. Those with one `group` carry one virtual MAC address. */
interface Seed {
  zone: string
  server?: string
  description: string
  tags: string[]
  reverse?: string
  group?: string
  isIpv6?: boolean
  status?: 'error' | 'locked'
}

/** The settings of the emulator that has the fleet, or another with so many flexible IPs. */
export function fleetSettings(population: number): EmulatorOptions {
  const all = Object.entries(servers).flatMap(([zone, names]) => names.map((name) => ({ zone, name })))
  return { seed: 15, timing: 'instant', servers: all, journalLimit: 200, ...(population > 0 && { population }) }
}

/** Whether a server of the fleet is the one that fails. */
export function hasFailing({ name }: EmulatedServer): boolean {
  return name === 'web-1'
}

const special: readonly Seed[] = [
  { zone: 'fr-par-1', server: 'web-1', description: 'Public API, blue side', tags: ['prod', 'api', 'blue'], reverse: 'api.northwind.example', group: 'api' },
  { zone: 'fr-par-1', server: 'web-1', description: 'Public API, green side', tags: ['prod', 'api', 'green'], reverse: 'api-b.northwind.example', group: 'api' },
  { zone: 'fr-par-1', server: 'web-1', description: 'Callback address of the card processor', tags: ['prod', 'pci'], group: 'api' },
  { zone: 'fr-par-1', server: 'web-1', description: 'Shop front', tags: ['prod', 'shop'], reverse: 'shop.northwind.example', group: 'shop' },
  { zone: 'fr-par-1', server: 'web-1', description: 'Shop front, static files', tags: ['prod', 'shop', 'cdn'], reverse: 'static.northwind.example', group: 'shop' },
  { zone: 'fr-par-1', server: 'web-1', description: 'IPv6 of the API and the shop', tags: ['prod', 'v6'], isIpv6: true },
  { zone: 'fr-par-1', server: 'web-1', description: 'Under abuse review, ticket 481516', tags: ['prod'], status: 'locked' },
  { zone: 'fr-par-1', server: 'web-2', description: 'Web, main site', tags: ['prod', 'web'], reverse: 'www.northwind.example', group: 'www' },
  { zone: 'fr-par-1', server: 'web-2', description: 'Web, staging', tags: ['staging', 'web'] },
  { zone: 'fr-par-1', server: 'web-2', description: 'Tunnel end of the Lyon office', tags: ['office', 'vpn'], status: 'error' },
  { zone: 'fr-par-1', server: 'web-2', description: 'IPv6 of the main site', tags: ['prod', 'web', 'v6'], isIpv6: true },
  { zone: 'fr-par-1', server: 'mail-1', description: 'Mail in', tags: ['prod', 'mail'], reverse: 'mx1.northwind.example', group: 'mail' },
  { zone: 'fr-par-1', server: 'mail-1', description: 'Mail out, warmed up since March', tags: ['prod', 'mail', 'reputation'], reverse: 'mx2.northwind.example', group: 'mail' },
  { zone: 'fr-par-1', server: 'mail-1', description: 'Bounces', tags: ['prod', 'mail'], reverse: 'bounce.northwind.example', group: 'mail' },
  { zone: 'fr-par-1', server: 'db-1', description: 'Replication, primary', tags: ['prod', 'db'] },
  { zone: 'fr-par-1', server: 'db-2', description: 'Replication, standby', tags: ['prod', 'db'] },
  { zone: 'fr-par-1', description: 'Spare', tags: ['spare'] },
  { zone: 'fr-par-1', description: 'Spare', tags: ['spare'] },
  { zone: 'fr-par-2', server: 'web-3', description: 'Shop, second site', tags: ['prod', 'shop'], reverse: 'eu.northwind.example', group: 'eu' },
  { zone: 'fr-par-2', server: 'web-3', description: 'Shop, second site, static files', tags: ['prod', 'shop', 'cdn'], group: 'eu' },
  { zone: 'fr-par-2', server: 'web-4', description: 'Web, second site', tags: ['prod', 'web'] },
  { zone: 'fr-par-2', description: 'Spare', tags: ['spare'] },
  { zone: 'nl-ams-1', server: 'edge-1', description: 'Name server 1', tags: ['prod', 'dns'], reverse: 'ns1.northwind.example' },
  { zone: 'nl-ams-1', server: 'edge-2', description: 'Name server 2', tags: ['prod', 'dns'], reverse: 'ns2.northwind.example' },
  { zone: 'nl-ams-1', server: 'backup-1', description: 'Backups', tags: ['backup'] },
]

const vms: readonly Seed[] = [
  ...guests('fr-par-1', 'vm-1', 14),
  ...guests('fr-par-2', 'vm-2', 12),
  ...guests('nl-ams-1', 'edge-1', 9),
]

// Every third machine has two addresses on one virtual MAC address.
function guests(zone: string, server: string, count: number): Seed[] {
  return Array.from({ length: count }, (_, index) => ({
    zone,
    server,
    description: `Guest ${index + 1} of ${server}`,
    tags: ['vm', index % 2 === 0 ? 'kvm' : 'test'],
    ...(index % 4 < 2 && { group: `${server}-${Math.floor(index / 4)}` }),
  }))
}

const hourMs = 3_600_000
/** The first flexible IP of the fleet was made so long ago, the last one an hour ago. */
const fleetAgeMs = 180 * 24 * hourMs

/** How long ago the flexible IP with this number was made, of so many: the latest came more often. */
function ageMs(index: number, count: number): number {
  return Math.round(hourMs + fleetAgeMs * (1 - (index + 1) / count) ** 2)
}

/** Fills an emulator with the fleet, as if it had been built over months. */
export async function fillFleet(emulator: FlexibleIpEmulator): Promise<void> {
  const now = emulator.now.getTime()
  const seeds = [...special, ...vms]
  const past = new FlexibleIpEmulator({ ...fleetSettings(0), clock: 'manual', startsAt: new Date(now - ageMs(-1, seeds.length)) })
  await build(past, seeds, (index) => past.advance(now - ageMs(index, seeds.length) - past.now.getTime()))
  emulator.restore(past.snapshot())
}

/** Makes flexible IPs through the API. `before` is called before each. */
async function build(emulator: FlexibleIpEmulator, seeds: readonly Seed[], before: (index: number) => void): Promise<void> {
  const idOf = new Map(emulator.servers.map(({ id, name }) => [name, id]))
  const base = 'https://api.scaleway.com/flexible-ip/v1alpha1/zones'
  const headers = { 'X-Auth-Token': emulator.secretKey, 'Content-Type': 'application/json' }
  const send = async (method: string, path: string, body: object): Promise<string> => {
    const response = await emulator.fetch(`${base}/${path}`, { method, headers, body: JSON.stringify(body) })
    if (response.status !== 200) throw new Error(`the fleet cannot be made: ${response.status} ${await response.text()}`)
    return ((await response.json()) as { id: string }).id
  }
  const firstOf = new Map<string, string>()
  for (const [index, { zone, server, description, tags, reverse, group, isIpv6 = false, status }] of seeds.entries()) {
    before(index)
    const serverId = server === undefined ? undefined : idOf.get(server)
    const id = await send('POST', `${zone}/fips`, { project_id: emulator.projectId, description, tags, is_ipv6: isIpv6, ...(serverId !== undefined && { server_id: serverId }) })
    if (reverse !== undefined) await send('PATCH', `${zone}/fips/${id}`, { reverse })
    if (group !== undefined) {
      const first = firstOf.get(group)
      if (first === undefined) await send('POST', `${zone}/fips/${id}/mac`, { mac_type: 'kvm' })
      else await send('POST', `${zone}/fips/${id}/mac/duplicate`, { duplicate_from_fip_id: first })
      firstOf.set(group, first ?? id)
    }
    if (status !== undefined) emulator.forceStatus(id, status)
  }
}
