// NetworkManager: a keyfile for a virtual machine. A host keeps its connection, which gets more addresses.
import { gateway4 } from '../facts.js'
import type { Plan, System } from '../types.js'
import { linuxInterface, newFile, verifyOnLinux, withPrefixes } from './linux.js'

const path = '/etc/NetworkManager/system-connections/flexip.nmconnection'

export const networkManager: System = {
  ...linuxInterface,
  interfaceOf: () => 'eth0',
  usesInterface: (role) => role === 'host',
  render: (plan) => {
    const verify = verifyOnLinux(plan)
    if (plan.role === 'host') {
      const connection = `"$(nmcli -g GENERAL.CONNECTION device show ${plan.interface})"`
      const modify = (sign: string) => {
        const changes = withPrefixes(plan).map((address) => `${sign}ipv${address.includes(':') ? 6 : 4}.addresses ${address}`)
        return [`nmcli connection modify ${connection} ${changes.join(' ')}`, `nmcli device reapply ${plan.interface}`]
      }
      return { files: [], apply: modify('+'), verify, revert: modify('-'), notes: ['There is no file: the connection that the host has gets the addresses. nmcli device reapply does not interrupt it.'] }
    }
    return {
      files: [newFile(path, '600', keyfile(plan))],
      apply: ['nmcli connection reload', 'nmcli connection up flexip'],
      verify,
      revert: ['nmcli connection delete flexip'],
      notes: ['NetworkManager ignores a keyfile that other users can read: its mode must be 600.'],
    }
  },
}

function keyfile(plan: Plan): string[] {
  const { v4, v6, gateway6, resolvers } = plan
  const addresses = (list: readonly string[], prefix: number) => list.map((address, index) => `address${index + 1}=${address}/${prefix}`)
  const dns = (isOfFamily: (address: string) => boolean) => `dns=${resolvers.filter(isOfFamily).map((address) => `${address};`).join('')}`
  // The route to the gateway comes first, because the gateway is outside the /32.
  const ipv4 = ['method=manual', ...addresses(v4, 32), `route1=${gateway4}/32`, `route2=0.0.0.0/0,${gateway4}`, dns((address) => !address.includes(':'))]
  const ipv6 = [gateway6 === undefined ? 'method=auto' : 'method=manual', ...addresses(v6, 64), ...(gateway6 === undefined ? [] : [`gateway=${gateway6}`]), dns((address) => address.includes(':'))]
  return [
    '[connection]',
    'id=flexip',
    'type=ethernet',
    'autoconnect-priority=100',
    '',
    '[ethernet]',
    `mac-address=${plan.mac.toUpperCase()}`,
    '',
    '[ipv4]',
    ...(v4.length > 0 ? ipv4 : ['method=disabled']),
    '',
    '[ipv6]',
    ...(v6.length > 0 ? ipv6 : ['method=disabled']),
  ]
}
