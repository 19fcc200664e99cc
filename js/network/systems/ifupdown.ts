// ifupdown: Debian's /etc/network/interfaces. An interface may have several stanzas, in several files.
import { gateway4 } from '../facts.js'
import type { Plan, System } from '../types.js'
import { addressCommands, linuxInterface, needsAdvertisements, newFile, verifyOnLinux } from './linux.js'

const path = '/etc/network/interfaces.d/flexip'
const sourced = 'The main file must have the line "source /etc/network/interfaces.d/*", as it has on Debian.'

export const ifupdown: System = {
  ...linuxInterface,
  interfaceOf: () => 'eth0',
  usesInterface: () => true,
  render: (plan) => {
    const verify = verifyOnLinux(plan)
    if (plan.role === 'host') {
      const { add, remove } = addressCommands(plan)
      return { files: [newFile(path, '644', hostStanzas(plan))], apply: add, verify, revert: [`rm ${path}`, ...remove], notes: [sourced] }
    }
    return {
      files: [newFile(path, '644', vmStanzas(plan))],
      apply: [`ifup ${plan.interface}`],
      verify,
      revert: [`ifdown ${plan.interface}`, `rm ${path}`],
      notes: [sourced, `No other file may define ${plan.interface}. If it is up, run "ifdown ${plan.interface}" before you write this file.`, 'The lines dns-nameservers need the package resolvconf. Without it, write the resolvers to /etc/resolv.conf.'],
    }
  },
}

/** A stanza for each address. The system's own stanza of the interface brings it up. */
export function hostStanzas({ interface: name, v4, v6 }: Plan): string[] {
  const stanza = (family: string, address: string) => [`iface ${name} ${family} static`, `    address ${address}`, '']
  return [...v4.flatMap((address) => stanza('inet', `${address}/32`)), ...v6.flatMap((address) => stanza('inet6', `${address}/64`))].slice(0, -1)
}

function vmStanzas(plan: Plan): string[] {
  const { interface: name, v4, v6, gateway6, resolvers } = plan
  const dns = (isOfFamily: (address: string) => boolean) => `    dns-nameservers ${resolvers.filter(isOfFamily).join(' ')}`
  // pointopoint makes the route to the gateway, which the default route needs.
  const inet = v4.flatMap((address, index) => [
    '',
    `iface ${name} inet static`,
    `    address ${address}/32`,
    ...(index === 0 ? [`    pointopoint ${gateway4}`, `    gateway ${gateway4}`, dns((address) => !address.includes(':'))] : []),
  ])
  const advertisements = needsAdvertisements(plan) ? 1 : 0
  const inet6 = v6.flatMap((address, index) => [
    '',
    `iface ${name} inet6 static`,
    `    address ${address}/64`,
    `    accept_ra ${advertisements}`,
    `    autoconf ${advertisements}`,
    ...(index === 0 ? [...(gateway6 === undefined ? [] : [`    gateway ${gateway6}`]), dns((address) => address.includes(':'))] : []),
  ])
  return [`auto ${name}`, ...inet, ...inet6]
}
