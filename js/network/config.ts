// networkConfig: checks the arguments, and lets the system write its format.
import { invalidArgument } from '../errors/invalid.js'
import { gatewayAddress, ipv4, ipv6OfBlock, mac } from './addresses.js'
import { resolversOf } from './facts.js'
import { networkSystems, systems } from './systems/index.js'
import type { NetworkConfig, NetworkConfigOptions, NetworkIp, NetworkRole, Plan, System } from './types.js'

/** A flexible IP, checked. */
interface Checked {
  zone: string
  v4: string | undefined
  v6: string | undefined
  mac: string | undefined
}

/**
 * The configuration by which an operating system uses flexible IPs: those of a host, or all of one virtual machine.
 * It sends nothing and reads nothing. Throws an `InvalidArgumentsError` for what no configuration can be made of.
 *
 * @example
 * networkConfig(ip, { system: 'netplan' }).files[0].content
 */
export function networkConfig(ips: NetworkIp | readonly NetworkIp[], options: NetworkConfigOptions): NetworkConfig {
  const list = readIps(ips)
  const read = readOptions(options)
  const system = systems[read.system]
  const role = read.role ?? (list.some((ip) => ip.mac !== undefined) ? 'vm' : 'host')
  const plan = { ...planOf(list, role, read.gateway6), interface: interfaceOf(read.interface, system, role), vmId: read.vmId ?? 100 }
  const rendered = system.render(plan)
  return { system: read.system, role, ...rendered, notes: [...assumptions(read, plan, system), ...rendered.notes] }
}

function planOf(ips: readonly Checked[], role: NetworkRole, gateway6: string | undefined): Omit<Plan, 'interface' | 'vmId'> {
  const v4 = ips.flatMap((ip) => ip.v4 ?? [])
  const v6 = ips.flatMap((ip) => ip.v6 ?? [])
  const zones = new Set(ips.map(({ zone }) => zone))
  if (zones.size > 1) throw invalid('ips', 'flexible IPs of one zone', [...zones].join(', '))
  if (new Set([...v4, ...v6]).size < ips.length) throw invalid('ips', 'flexible IPs with different addresses', [...v4, ...v6].join(', '))
  const macs = new Set(ips.map((ip) => ip.mac))
  const [macOfAll = ''] = macs
  if (role === 'vm' && (macs.size > 1 || macOfAll === '')) {
    throw invalid('ips', 'flexible IPs with one virtual MAC address, which a virtual machine needs (role "host" needs none)', [...macs].map((mac) => mac ?? 'none').join(', '))
  }
  const [resolvers4, resolvers6] = resolversOf[[...zones][0] ?? ''] ?? [[], []]
  const resolvers = [...(v4.length > 0 ? resolvers4 : []), ...(v6.length > 0 ? resolvers6 : [])]
  return { role, v4, v6, mac: role === 'vm' ? macOfAll : '', gateway6, resolvers }
}

function interfaceOf(chosen: string | undefined, system: System, role: NetworkRole): string {
  if (chosen === undefined) return system.interfaceOf(role)
  if (!system.interfacePattern.test(chosen)) throw invalid('options.interface', system.interfaceRule, chosen)
  return chosen
}

function assumptions({ interface: chosen, vmId, system: name }: NetworkConfigOptions, plan: Plan, system: System): string[] {
  const notes: string[] = []
  if (chosen === undefined && system.usesInterface(plan.role)) notes.push(`The interface is assumed to be ${plan.interface}: give its name if it has another.`)
  if (name === 'proxmox' && plan.role === 'vm' && vmId === undefined) notes.push(`The virtual machine is assumed to be ${plan.vmId}: give its number if it has another.`)
  if (plan.role === 'vm' && plan.v6.length > 0 && plan.gateway6 === undefined) {
    const find = name === 'windows' ? 'Get-NetRoute -DestinationPrefix ::/0' : name === 'freebsd' ? 'netstat -rn -f inet6 | grep ^default' : 'ip -6 route show default'
    notes.push(`Scaleway does not say which IPv6 gateway a virtual machine has. This configuration takes it from router advertisements. To make it fixed, run "${find}" in the virtual machine, and give the address after "via" or "default" as gateway6.`)
  }
  return notes
}

function readIps(ips: unknown): Checked[] {
  const list: unknown[] = read('ips', 'a flexible IP, or a list of them', ips, () => (Array.isArray(ips) ? [...(ips as unknown[])] : [ips]))
  if (list.length === 0 || list.length > 64) throw invalid('ips', 'from 1 to 64 flexible IPs', `${list.length} flexible IPs`)
  return list.map((ip, index) => readIp(ip, Array.isArray(ips) ? `ips[${index}]` : 'ip'))
}

function readIp(ip: unknown, path: string): Checked {
  const { ipAddress, zone, macAddress } = read(path, 'a flexible IP', ip, () => {
    const { ipAddress, zone, macAddress } = ip as NetworkIp
    return { ipAddress: ipAddress as unknown, zone: zone as unknown, macAddress: macAddress?.macAddress as unknown }
  })
  const v4 = typeof ipAddress === 'string' ? ipv4(ipAddress) : undefined
  const v6 = typeof ipAddress === 'string' ? ipv6OfBlock(ipAddress) : undefined
  if (v4 === undefined && v6 === undefined) throw invalid(`${path}.ipAddress`, 'an IPv4 address, or an IPv6 block of 64 bits such as 2001:bc8:1:2::/64', ipAddress)
  if (typeof zone !== 'string' || !Object.hasOwn(resolversOf, zone)) throw invalid(`${path}.zone`, `one of ${Object.keys(resolversOf).join(', ')}`, zone)
  const address = typeof macAddress === 'string' ? mac(macAddress) : undefined
  if (macAddress !== undefined && address === undefined) throw invalid(`${path}.macAddress.macAddress`, 'a MAC address of one machine, such as 02:00:00:12:34:56', macAddress)
  return { zone, v4, v6, mac: address }
}

function readOptions(options: NetworkConfigOptions): NetworkConfigOptions {
  const { system, role, gateway6, interface: chosen, vmId } = read('options', 'an object with a system', options, () => {
    const { system, role, gateway6, interface: chosen, vmId } = options
    return { system, role, gateway6, interface: chosen, vmId }
  })
  if (!networkSystems.includes(system)) throw invalid('options.system', `one of ${networkSystems.join(', ')}`, system)
  if (role !== undefined && role !== 'host' && role !== 'vm') throw invalid('options.role', 'host or vm', role)
  const gateway = typeof gateway6 === 'string' ? gatewayAddress(gateway6) : undefined
  if (gateway6 !== undefined && gateway === undefined) throw invalid('options.gateway6', 'an IPv6 address without a prefix and without an interface, such as fe80::1', gateway6)
  if (chosen !== undefined && typeof chosen !== 'string') throw invalid('options.interface', 'the name of an interface', chosen)
  if (vmId !== undefined && !(Number.isInteger(vmId) && vmId >= 100 && vmId <= 999_999_999)) throw invalid('options.vmId', 'a whole number from 100 to 999999999', typeof vmId === 'number' ? String(vmId) : vmId)
  return {
    system,
    ...(role !== undefined && { role }),
    ...(gateway !== undefined && { gateway6: gateway }),
    ...(chosen !== undefined && { interface: chosen }),
    ...(vmId !== undefined && { vmId }),
  }
}

/** What `body` gives. What it throws is the argument's fault: `null`, or a getter that throws. */
function read<T>(path: string, allowed: string, found: unknown, body: () => T): T {
  try {
    return body()
  } catch {
    throw invalid(path, allowed, found)
  }
}

function invalid(path: string, allowed: string, found: unknown) {
  return invalidArgument('networkConfig', path, allowed, found)
}
