// Windows: commands of PowerShell, for an administrator.
import { gateway4 } from '../facts.js'
import type { Plan, Rendered, System } from '../types.js'

export const windows: System = {
  // No quote of any alphabet, because PowerShell takes all of them for quotes.
  interfacePattern: /^[\p{L}\p{N}](?:[\p{L}\p{N} ()#_.-]{0,253}[\p{L}\p{N}()#_.-])?$/u,
  interfaceRule: 'the name of an interface: letters, digits, spaces and ( ) # _ . -, at most 255',
  interfaceOf: () => 'Ethernet',
  usesInterface: (role) => role === 'host',
  render: (plan) => (plan.role === 'host' ? hostConfig(plan) : vmConfig(plan)),
}

function hostConfig({ interface: name, v4, v6 }: Plan): Rendered {
  const all = [...v4, ...v6]
  const add = (address: string, length: number) => `New-NetIPAddress -InterfaceAlias '${name}' -IPAddress '${address}' -PrefixLength ${length} -SkipAsSource $true`
  return {
    files: [],
    apply: [...v4.map((address) => add(address, 32)), ...v6.map((address) => add(address, 64))],
    verify: all.map(verifyAddress),
    revert: all.map((address) => `Remove-NetIPAddress -IPAddress '${address}' -Confirm:$false`),
    notes: ['Windows switches DHCP off on an interface that gets an address by hand: if the main address comes by DHCP, set it by hand first.'],
  }
}

function vmConfig({ mac, v4, v6, gateway6, resolvers }: Plan): Rendered {
  const nic = `$nic = (Get-NetAdapter | Where-Object MacAddress -eq '${mac.toUpperCase().replaceAll(':', '-')}').ifIndex`
  const address = (value: string, length: number) => `New-NetIPAddress -InterfaceIndex $nic -IPAddress '${value}' -PrefixLength ${length}`
  const route = (prefix: string, hop: string) => `New-NetRoute -InterfaceIndex $nic -DestinationPrefix '${prefix}' -NextHop '${hop}'`
  const noRoute = (prefix: string) => `Remove-NetRoute -InterfaceIndex $nic -DestinationPrefix '${prefix}' -Confirm:$false`
  // Windows refuses a gateway outside the prefix of the address, so that a route to the gateway comes first.
  const inet = [...v4.map((value) => address(value, 32)), route(`${gateway4}/32`, '0.0.0.0'), route('0.0.0.0/0', gateway4)]
  const discovery = (state: string) => `Set-NetIPInterface -InterfaceIndex $nic -AddressFamily IPv6 -RouterDiscovery ${state}`
  const inet6 = [discovery(gateway6 === undefined ? 'Enabled' : 'Disabled'), ...v6.map((value) => address(value, 64)), ...(gateway6 === undefined ? [] : [route('::/0', gateway6)])]
  const dns = `Set-DnsClientServerAddress -InterfaceIndex $nic -ServerAddresses ${resolvers.map((value) => `'${value}'`).join(', ')}`
  const routes = [...(v4.length > 0 ? [noRoute('0.0.0.0/0'), noRoute(`${gateway4}/32`)] : []), ...(v6.length > 0 && gateway6 !== undefined ? [noRoute('::/0')] : [])]
  return {
    files: [],
    apply: [nic, ...(v4.length > 0 ? inet : []), ...(v6.length > 0 ? inet6 : []), dns],
    verify: [
      ...[...v4, ...v6].map(verifyAddress),
      ...(v4.length > 0 ? [`Get-NetRoute -DestinationPrefix '0.0.0.0/0' -NextHop '${gateway4}' -ErrorAction Stop`] : []),
      ...(v6.length > 0 ? [`Get-NetRoute -DestinationPrefix '::/0'${gateway6 === undefined ? '' : ` -NextHop '${gateway6}'`} -ErrorAction Stop`] : []),
    ],
    revert: [
      nic,
      ...routes,
      ...[...v4, ...v6].map((value) => `Remove-NetIPAddress -InterfaceIndex $nic -IPAddress '${value}' -Confirm:$false`),
      'Set-DnsClientServerAddress -InterfaceIndex $nic -ResetServerAddresses',
      ...(v6.length > 0 ? [discovery('Enabled')] : []),
      'Set-NetIPInterface -InterfaceIndex $nic -Dhcp Enabled',
    ],
    notes: [],
  }
}

function verifyAddress(address: string): string {
  return `Get-NetIPAddress -IPAddress '${address}' -ErrorAction Stop`
}
