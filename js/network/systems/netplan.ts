// netplan: a file that is merged with the others of /etc/netplan.
import type { Plan, System } from '../types.js'
import { defaultRoutes, linuxInterface, needsAdvertisements, newFile, verifyOnLinux, withPrefixes } from './linux.js'

const path = '/etc/netplan/60-flexip.yaml'

export const netplan: System = {
  ...linuxInterface,
  interfaceOf: () => 'eth0',
  usesInterface: (role) => role === 'host',
  render: (plan) => ({
    files: [newFile(path, '600', ['network:', ...version2(plan).map((line) => `  ${line}`)])],
    apply: ['netplan try'],
    verify: verifyOnLinux(plan),
    revert: [`rm ${path}`, 'netplan apply'],
    notes: [
      'netplan try takes the change back by itself if you do not confirm it within two minutes.',
      ...(plan.role === 'host'
        ? [`The other files of /etc/netplan must name the interface "${plan.interface}" too: netplan merges what has one name.`]
        : ['No other file of /etc/netplan may define this interface. If cloud-init wrote one, delete it and write "network: {config: disabled}" to /etc/cloud/cloud.cfg.d/99-disable-network-config.cfg.']),
    ],
  }),
}

/** The content of `network:`, version 2, as netplan and cloud-init read it. MAC addresses and names are quoted: YAML has other ideas of 12:34 and of "on". */
export function version2(plan: Plan): string[] {
  const addresses = ['addresses:', ...withPrefixes(plan).map((address) => `  - "${address}"`)]
  if (plan.role === 'host') return ['version: 2', 'ethernets:', `  "${plan.interface}":`, ...addresses.map((line) => `    ${line}`)]
  const routes = defaultRoutes(plan).flatMap(({ to, via }) => [`  - to: "${to}"`, `    via: "${via}"`, '    on-link: true'])
  const body = [
    'match:',
    `  macaddress: "${plan.mac}"`,
    'dhcp4: false',
    'dhcp6: false',
    `accept-ra: ${needsAdvertisements(plan)}`,
    ...addresses,
    ...(routes.length > 0 ? ['routes:', ...routes] : []),
    'nameservers:',
    '  addresses:',
    ...plan.resolvers.map((address) => `    - "${address}"`),
  ]
  return ['version: 2', 'ethernets:', '  "flexip":', ...body.map((line) => `    ${line}`)]
}
