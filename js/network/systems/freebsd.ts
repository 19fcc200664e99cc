// FreeBSD: lines of /etc/rc.conf, which is a shell script.
import { gateway4 } from '../facts.js'
import type { Plan, Rendered, System } from '../types.js'

export const freebsd: System = {
  interfacePattern: /^[a-z][a-z0-9]{0,14}$/,
  interfaceRule: 'the name of an interface: a letter, then up to 14 letters and digits, in lower case',
  interfaceOf: (role) => (role === 'vm' ? 'vtnet0' : 'em0'),
  usesInterface: () => true,
  render: (plan) => (plan.role === 'host' ? hostConfig(plan) : vmConfig(plan)),
}

function hostConfig({ interface: name, v4, v6 }: Plan): Rendered {
  const addresses = [...v4.map((address) => `inet ${address} netmask 255.255.255.255`), ...v6.map((address) => `inet6 ${address} prefixlen 64`)]
  return rcConf(
    addresses.map((value, index) => [`ifconfig_${name}_alias${index}`, value]),
    addresses.map((value) => `ifconfig ${name} ${value} alias`),
    [...v4.map((address) => `ifconfig ${name} inet ${address} -alias`), ...v6.map((address) => `ifconfig ${name} inet6 ${address} -alias`)],
    verify(name, v4, v6),
    [`FreeBSD stops at the first alias that is missing: if the interface has ${name}_alias0 already, go on with the next number.`],
  )
}

function vmConfig({ interface: name, v4, v6, gateway6, resolvers }: Plan): Rendered {
  const [first4, ...others4] = v4
  const [first6, ...others6] = v6
  const others = [...others4.map((address) => `inet ${address} netmask 255.255.255.255`), ...others6.map((address) => `inet6 ${address} prefixlen 64`)]
  const inet: [string, string][] = [
    [`ifconfig_${name}`, `inet ${first4} netmask 255.255.255.255`],
    // The routes are made in this order. The first makes the gateway reachable, which is outside the /32.
    ['static_routes', 'flexipgw flexipdefault'],
    ['route_flexipgw', `-host ${gateway4} -interface ${name}`],
    ['route_flexipdefault', `default ${gateway4}`],
    ['defaultrouter', 'NO'],
  ]
  const link: [string, string] = [`ifconfig_${name}`, 'up']
  const inet6: [string, string][] = [
    [`ifconfig_${name}_ipv6`, `inet6 ${first6} prefixlen 64 ${gateway6 === undefined ? 'accept_rtadv' : '-accept_rtadv'}`],
    ...(gateway6 === undefined ? [] : [['ipv6_defaultrouter', gateway6.startsWith('fe80:') ? `${gateway6}%${name}` : gateway6] as [string, string]]),
  ]
  const variables = [...(first4 === undefined ? [link] : inet), ...(first6 === undefined ? [] : inet6), ...others.map((value, index) => [`ifconfig_${name}_alias${index}`, value] as [string, string])]
  const rendered = rcConf(
    variables,
    ['service netif restart', 'service routing restart'],
    ['service netif restart', 'service routing restart'],
    [
      ...verify(name, v4, v6),
      ...(first4 === undefined ? [] : [`netstat -rn -f inet | grep '^default' | grep -wF ${gateway4}`]),
      ...(first6 === undefined ? [] : [`netstat -rn -f inet6 | grep '^default'${gateway6 === undefined ? '' : ` | grep -F ${gateway6}`}`]),
    ],
    ['Later lines of rc.conf replace earlier ones of the same name: keep a copy of the file to go back to.'],
  )
  const resolv = { path: '/etc/resolv.conf', mode: '644' as const, append: false, content: resolvers.map((address) => `nameserver ${address}\n`).join('') }
  return { ...rendered, files: [...rendered.files, resolv] }
}

function verify(name: string, v4: readonly string[], v6: readonly string[]): string[] {
  return [...v4, ...v6].map((address) => `ifconfig ${name} | grep -wF ${address}`)
}

function rcConf(variables: readonly (readonly [name: string, value: string])[], apply: string[], undo: string[], verify: string[], notes: string[]): Rendered {
  return {
    files: [{ path: '/etc/rc.conf', mode: '644', append: true, content: variables.map(([name, value]) => `${name}="${value}"\n`).join('') }],
    apply,
    verify,
    revert: [`sysrc -x ${variables.map(([name]) => name).join(' ')}`, ...undo],
    notes,
  }
}
