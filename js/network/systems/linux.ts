// What the systems on Linux share.
import { gateway4 } from '../facts.js'
import type { NetworkFile, Plan } from '../types.js'

/** The kernel allows 15 characters. A colon names an alias and a slash a file; the names "all" and "default" have a meaning in sysctl. */
export const linuxInterface = {
  interfacePattern: /^(?!(?:all|default)$)[A-Za-z][A-Za-z0-9_.-]{0,14}$/,
  interfaceRule: 'the name of an interface: a letter, then up to 14 letters, digits, dots, dashes and underscores',
}

/** The addresses with their prefixes. */
export function withPrefixes({ v4, v6 }: Plan): string[] {
  return [...v4.map((address) => `${address}/32`), ...v6.map((address) => `${address}/64`)]
}

/** The default routes of a virtual machine: destination and gateway. Without a known IPv6 gateway, that route comes from router advertisements. */
export function defaultRoutes({ v4, v6, gateway6 }: Plan): { to: string; via: string }[] {
  return [...(v4.length > 0 ? [{ to: '0.0.0.0/0', via: gateway4 }] : []), ...(v6.length > 0 && gateway6 !== undefined ? [{ to: '::/0', via: gateway6 }] : [])]
}

/** Whether router advertisements are needed: there is an IPv6 block, and its gateway is not known. */
export function needsAdvertisements({ v6, gateway6 }: Plan): boolean {
  return v6.length > 0 && gateway6 === undefined
}

/** Commands that each fail if an address or a default route is missing. */
export function verifyOnLinux(plan: Plan): string[] {
  const addresses = [...plan.v4, ...plan.v6].map((address) => `ip -oneline address show to ${address} | grep .`)
  if (plan.role === 'host') return addresses
  const v4 = plan.v4.length > 0 ? [`ip -4 route show default | grep -F 'via ${gateway4} dev'`] : []
  const v6 = plan.v6.length > 0 ? [`ip -6 route show default | grep -F 'via ${plan.gateway6 === undefined ? '' : `${plan.gateway6} dev`}'`] : []
  return [...addresses, ...v4, ...v6]
}

/** Commands that give a host the addresses at once, without a moment in which its other addresses are gone; and those that take them. */
export function addressCommands(plan: Plan): { add: string[]; remove: string[] } {
  const commands = (verb: string) => withPrefixes(plan).map((address) => `ip address ${verb} ${address} dev ${plan.interface}`)
  return { add: commands('replace'), remove: commands('delete') }
}

/** A new file. */
export function newFile(path: string, mode: NetworkFile['mode'], lines: readonly string[]): NetworkFile {
  return { path, mode, append: false, content: `${lines.join('\n')}\n` }
}
