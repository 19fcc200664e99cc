// systemd-networkd. Of several .network files that match an interface it reads only the first: a host needs a drop-in of that one.
import type { System } from '../types.js'
import { defaultRoutes, linuxInterface, needsAdvertisements, newFile, verifyOnLinux, withPrefixes } from './linux.js'

export const networkd: System = {
  ...linuxInterface,
  interfaceOf: () => 'eth0',
  usesInterface: (role) => role === 'host',
  render: (plan) => {
    const addresses = withPrefixes(plan).flatMap((address) => ['', '[Address]', `Address=${address}`])
    const effect = { apply: ['networkctl reload'], verify: verifyOnLinux(plan) }
    if (plan.role === 'host') {
      const path = `/etc/systemd/network/10-netplan-${plan.interface}.network.d/flexip.conf`
      return {
        ...effect,
        files: [newFile(path, '644', addresses.slice(1))],
        revert: [`rm ${path}`, 'networkctl reload'],
        notes: [`The folder must have the name of the file that "networkctl status ${plan.interface}" shows as Network File, with .d after it. Here it is that of a file by netplan.`],
      }
    }
    const path = '/etc/systemd/network/05-flexip.network'
    const content = [
      '[Match]',
      `MACAddress=${plan.mac}`,
      '',
      '[Network]',
      'DHCP=no',
      `IPv6AcceptRA=${needsAdvertisements(plan) ? 'yes' : 'no'}`,
      ...plan.resolvers.map((address) => `DNS=${address}`),
      ...addresses,
      ...defaultRoutes(plan).flatMap(({ via }) => ['', '[Route]', `Gateway=${via}`, 'GatewayOnLink=yes']),
    ]
    return {
      ...effect,
      files: [newFile(path, '644', content)],
      revert: [`rm ${path}`, 'networkctl reload'],
      notes: ['The resolvers work with systemd-resolved. Without it, write them to /etc/resolv.conf.'],
    }
  },
}
