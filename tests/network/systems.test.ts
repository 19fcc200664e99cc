// Each configuration is loaded by the system's tools, and gives the kernel the addresses and routes that are meant.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type NetworkConfig, type NetworkFile, type NetworkIp, type NetworkSystem, networkConfig } from '../../js/network.js'
import { bash, inNamespace, tools, withFiles } from './namespace.js'

const zone = 'nl-ams-1'
const mac = '02:00:00:12:34:56'
const macAddress = { macAddress: mac }
const four: NetworkIp[] = [{ ipAddress: '51.159.1.2', zone }, { ipAddress: '62.210.7.8', zone }]
const six: NetworkIp[] = [{ ipAddress: '2001:bc8:1:2::/64', zone }]
const gateway6 = 'fe80::dc00:ff:fe62:c5ea'
const vm = (ips: NetworkIp[]): NetworkIp[] => ips.map((ip) => ({ ...ip, macAddress }))

/** The host's main address, which must stay. */
const main = { address: '51.15.9.9', gateway: '51.15.9.1' }

type File = Pick<NetworkFile, 'path' | 'content'> & Partial<NetworkFile>

/** How a system is run in a namespace: the files that are there before, and the commands that make the kernel's state of all files. */
interface Runner {
  base: File[]
  load(config: NetworkConfig): string
}

// The daemon says when the interface is ready. Its log must not complain about a line of a file.
const networkd = `
  mkfifo /run/log
  SYSTEMD_LOG_LEVEL=debug SYSTEMD_LOG_TARGET=console /lib/systemd/systemd-networkd > /run/log 2>&1 &
  timeout 30 sed '/eth0: State changed: .* -> configured/q' /run/log > /run/lines || { cat /run/lines >&2; exit 1; }
  if grep -E '[.](network|conf):[0-9]+:' /run/lines >&2; then exit 1; fi`

// A veth pair has no permanent MAC address, by which netplan lets systemd-networkd match.
const permanent = "sed -i 's/^PermanentMACAddress=/MACAddress=/' /run/systemd/network/*.network"

const runners: Partial<Record<NetworkSystem, Runner>> = {
  netplan: {
    base: [{ path: '/etc/netplan/50-main.yaml', mode: '600', content: `network: {version: 2, ethernets: {eth0: {accept-ra: false, addresses: [${main.address}/24], routes: [{to: default, via: ${main.gateway}}]}}}\n` }],
    load: () => `${tools}/usr/libexec/netplan/generate > /run/said 2>&1 || true\nif [ -s /run/said ]; then cat /run/said >&2; exit 1; fi\n${permanent}\n${networkd}`,
  },
  'systemd-networkd': {
    base: [{ path: '/etc/systemd/network/10-netplan-eth0.network', content: `[Match]\nName=eth0\n\n[Network]\nIPv6AcceptRA=no\nAddress=${main.address}/24\nGateway=${main.gateway}\n` }],
    load: () => networkd,
  },
  ifupdown: {
    base: [{ path: '/etc/network/interfaces', content: `source /etc/network/interfaces.d/*\n\nauto eth0\niface eth0 inet static\n    address ${main.address}/24\n    gateway ${main.gateway}\n` }],
    load: () => 'ifquery eth0 >&2\nifup eth0',
  },
  proxmox: {
    base: [{ path: '/etc/network/interfaces', content: `source /etc/network/interfaces.d/*\n\nauto eth0\niface eth0 inet static\n    address ${main.address}/24\n    gateway ${main.gateway}\n` }],
    load: () => 'ifquery eth0 >&2\nifup eth0',
  },
  networkmanager: {
    base: [{ path: '/main.nmconnection', mode: '600', content: `[connection]\nid=main\ntype=ethernet\ninterface-name=eth0\n\n[ipv4]\nmethod=manual\naddress1=${main.address}/24,${main.gateway}\n\n[ipv6]\nmethod=auto\n` }],
    load: ({ role, apply }) => `
      mkdir -p /run/NetworkManager /run/udev /run/keyfiles
      ${role === 'vm' ? 'cp -a /etc/NetworkManager/system-connections/. /run/keyfiles/' : offlineChange(apply[0] ?? '')}
      chmod 600 /run/keyfiles/*
      for file in /run/keyfiles/*; do nmcli --offline connection modify connection.autoconnect yes < "$file" > /dev/null; done
      printf '[main]\\nplugins=keyfile\\nno-auto-default=*\\ndns=none\\n[keyfile]\\npath=/run/keyfiles\\n' > /run/nm.conf
      mount -t tmpfs tmpfs /var/lib
      mkdir /var/lib/NetworkManager
      NetworkManager --debug --configure-and-quit=initrd --config=/run/nm.conf --config-dir=/run/none --intern-config=/run/none.conf --state-file=/run/state --pid-file=/run/pid > /run/lines 2>&1
      if grep -E '<(warn|error)>.*(keyfile|connection|address|route)' /run/lines >&2; then exit 1; fi`,
  },
  ifcfg: {
    base: [{ path: '/etc/sysconfig/network-scripts/ifcfg-eth0', content: `DEVICE=eth0\nIPADDR=${main.address}\nPREFIX=24\nGATEWAY=${main.gateway}\nIPV6INIT=yes\n` }],
    // Debian has no network scripts: this does what they do with these variables.
    load: ({ role }) => `
      cd /etc/sysconfig/network-scripts
      ip link set eth0 up
      for file in ifcfg-*; do (
        IPADDR= IPADDR1= PREFIX=32 IPV6ADDR= IPV6ADDR_SECONDARIES= GATEWAY= IPV6_DEFAULTGW= HWADDR= NETMASK=
        while IFS= read -r line; do [[ $line =~ ^[A-Z0-9_]+=(\\"[^\\"]*\\"|[A-Za-z0-9.:/_-]*)$ ]]; done < $file
        . ./$file
        [ "\${DEVICE%%:*}" = eth0 ]
        [ -z "$HWADDR" ] || [ "\${HWADDR,,}" = "$(ip -json link show eth0 | sed 's/.*"address":"\\([^"]*\\)".*/\\1/')" ]
        [ -z "$NETMASK" ] || [ $NETMASK = 255.255.255.255 ]
        for address in $IPADDR $IPADDR1; do ip address add $address/$PREFIX dev eth0; done
        for address in $IPV6ADDR $IPV6ADDR_SECONDARIES; do ip address add $address dev eth0; done
        [ -z "$GATEWAY" ] || ip route add default via $GATEWAY
        [ -z "$IPV6_DEFAULTGW" ] || ip -6 route add default via $IPV6_DEFAULTGW dev $IPV6_DEFAULTDEV
      ); done
      ${role === 'vm' ? 'if [ -e route-eth0 ]; then while IFS= read -r line; do ip route add $line; done < route-eth0; fi' : ''}`,
  },
}

/** What nmcli makes of the host's connection, without the daemon. */
function offlineChange(command: string): string {
  const change = /^nmcli connection modify "\$\([^)]*\)" (.*)$/.exec(command)?.[1]
  expect(change).toBeDefined()
  return `nmcli --offline connection modify ${change} < /run/files/main.nmconnection > /run/keyfiles/main.nmconnection`
}

/** The kernel's state: global addresses and default routes. */
interface State {
  addresses: string[]
  routes: string[]
}

function stateOf(out: string): State {
  const [links = '[]', four = '[]', six = '[]'] = out.trim().split('\n')
  const [link] = JSON.parse(links) as { addr_info: { local: string; prefixlen: number; scope: string }[] }[]
  const routes = [four, six].flatMap((list) => JSON.parse(list) as { gateway: string; dev: string }[])
  return {
    addresses: (link?.addr_info ?? []).filter(({ scope }) => scope === 'global').map(({ local, prefixlen }) => `${local}/${prefixlen}`).sort(),
    routes: routes.map(({ gateway, dev }) => `${gateway} ${dev}`),
  }
}

function load(config: NetworkConfig, runner: Runner): State {
  const files = config.role === 'host' ? [...runner.base, ...config.files] : [...(config.system === 'ifupdown' ? [{ path: '/etc/network/interfaces', content: 'source /etc/network/interfaces.d/*\n' }] : []), ...config.files]
  // Each command that verifies fails before, and succeeds after.
  const verify = config.verify.map((command) => `bash -c ${quoted(command)} >&2`)
  const before = verify.map((command) => `if ${command}; then echo 'verified too early' >&2; exit 1; fi`)
  const state = 'ip -json address show dev eth0\nip -json -4 route show default\nip -json -6 route show default'
  const script = [...before, runner.load(config), ...verify, state].join('\n')
  return withFiles(files, (folder) => stateOf(inNamespace(folder, script, mac).out))
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

describe.each(Object.entries(runners) as [NetworkSystem, Runner][])('%s', (system, runner) => {
  const nic = { interface: 'eth0' }

  test('gives a host the addresses beside those that it has', () => {
    const state = load(networkConfig([...four, ...six], { system, ...nic }), runner)
    expect(state.addresses).toEqual([`${main.address}/24`, '2001:bc8:1:2::1/64', '51.159.1.2/32', '62.210.7.8/32'].sort())
    expect(state.routes).toEqual([`${main.gateway} eth0`])
  })

  if (system === 'proxmox') return

  test('gives a virtual machine the addresses and both default routes', () => {
    const state = load(networkConfig(vm([...four, ...six]), { system, gateway6, ...nic }), runner)
    expect(state.addresses).toEqual(['2001:bc8:1:2::1/64', '51.159.1.2/32', '62.210.7.8/32'])
    expect(state.routes).toEqual(['62.210.0.1 eth0', `${gateway6} eth0`])
  })

  test('gives a virtual machine with IPv4 only no route of IPv6', () => {
    const state = load(networkConfig(vm(four.slice(0, 1)), { system, ...nic }), runner)
    expect(state).toEqual({ addresses: ['51.159.1.2/32'], routes: ['62.210.0.1 eth0'] })
  })

  test('gives a virtual machine with IPv6 only no route of IPv4', () => {
    const state = load(networkConfig(vm(six), { system, gateway6, ...nic }), runner)
    expect(state).toEqual({ addresses: ['2001:bc8:1:2::1/64'], routes: [`${gateway6} eth0`] })
  })
})

describe('the commands that change a host at once', () => {
  test.each(['ifupdown', 'ifcfg', 'proxmox'] as const)('of %s add the addresses, and take them away again', (system) => {
    const { apply, verify, revert, files } = networkConfig([...four, ...six], { system, interface: 'eth0' })
    const all = [...verify.map((command) => `! bash -c ${quoted(command)}`), ...apply, ...verify, ...apply, ...revert, ...verify.map((command) => `! bash -c ${quoted(command)}`)]
    withFiles([...files, ...(runners[system]?.base ?? [])], (folder) => inNamespace(folder, `ip link set eth0 up\n${all.map((command) => `${command} >&2`).join('\n')}`, mac))
  })
})

describe('a file that a tool does not understand is noticed', () => {
  const bad = (path: string, content: string): NetworkConfig => ({ system: 'netplan', role: 'vm', files: [{ path, content, mode: '644', append: false }], apply: [], verify: [], revert: [], notes: [] })

  test('by netplan', () => {
    const { netplan } = runners
    expect(() => netplan && load(bad('/etc/netplan/60-flexip.yaml', 'network: {version: 2, ethernets: {eth0: {adresses: []}}}'), netplan)).toThrow('unknown key')
  })

  test('in the log of systemd-networkd', () => {
    const runner = runners['systemd-networkd']
    const content = `[Match]\nMACAddress=${mac}\n[Network]\nIPv6AcceptRA=no\nAdress=51.159.1.2/32\nAddress=51.159.1.2/32\n`
    expect(() => runner && load(bad('/etc/systemd/network/05-flexip.network', content), runner)).toThrow('Unknown key')
  })
})

describe('mistakes that docs/guides/network.md lists of published netplan files', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/network.md'), 'utf8')

  /** What netplan says of a file in /etc/netplan/. */
  const said = (content: string): string =>
    withFiles([{ path: '/tree/etc/netplan/60-own.yaml', mode: '600', content }], (folder) => bash(`${tools}/usr/libexec/netplan/generate --root-dir ${folder}/tree 2>&1 || true`).out)

  // Each is the smallest file with the mistake.
  test.each<[string, string]>([
    ['expected mapping', 'network:\nethernets:\n  eth0: {dhcp4: true}\n'],
    ["unknown key 'version'", 'network:\n  ethernets:\n    eth0: {dhcp4: true}\nversion: 2\n'],
    ['Invalid YAML', 'network:\n  ethernets:\n    eth0:\n      routes:\n        - to: 192.0.2.0/24\n        via: 192.0.2.1\n'],
    ['expected either scalar or mapping', 'network:\n  ethernets:\n    eth0:\n      addresses:\n        - ["192.0.2.2/32"]\n'],
    ['`gateway4` has been deprecated', 'network:\n  ethernets:\n    eth0: {addresses: [192.0.2.2/24], gateway4: 192.0.2.1}\n'],
  ])('%s', (message, content) => {
    expect(said(content)).toContain(message)
    expect(guide).toContain(message)
  })

  test('are in none of ours, of which netplan says nothing', () => {
    const own = [networkConfig([...four, ...six], { system: 'netplan', interface: 'eth0' }), networkConfig(vm([...four, ...six]), { system: 'netplan', gateway6, interface: 'eth0' }), networkConfig(vm(six), { system: 'netplan', gateway6, interface: 'eth0' })]
    expect(own.flatMap(({ files }) => files.map(({ content }) => said(content)))).toEqual(['', '', ''])
  })
})

describe('cloud-init', () => {
  const cloudInit = `python3 -m cloudinit.cmd.main`

  test('passes the network configuration to netplan, which loads it', () => {
    const { files } = networkConfig(vm([...four, ...six]), { system: 'cloud-init', gateway6 })
    withFiles(files, (folder) => {
      const out = join(folder, 'out')
      bash(`${cloudInit} devel net-convert -p ${folder}/network-config -k yaml -d ${out} -D ubuntu -m eth0,${mac} -O netplan >&2\nchmod 600 ${out}/etc/netplan/*`)
      const { log } = bash(`${tools}/usr/libexec/netplan/generate --root-dir ${out}`)
      expect(log).toBe('')
      const { out: made } = bash(`cat ${out}/run/systemd/network/*.network`)
      for (const line of [`Address=51.159.1.2/32`, 'Address=2001:bc8:1:2::1/64', 'Gateway=62.210.0.1', `Gateway=${gateway6}`, 'GatewayOnLink=true', 'DNS=51.158.139.28']) expect(made).toContain(line)
    })
  })

  test('makes a wrong IPv6 route for systems without netplan, as the note says', () => {
    const { files, notes } = networkConfig(vm(six), { system: 'cloud-init', gateway6 })
    withFiles(files, (folder) => {
      bash(`${cloudInit} devel net-convert -p ${folder}/network-config -k yaml -d ${folder}/out -D debian -m eth0,${mac} -O eni >&2`)
      expect(bash(`cat ${folder}/out/etc/network/interfaces.d/*`).out).toContain('::/64')
    })
    expect(notes.join(' ')).toContain('systems without netplan')
  })

  test('accepts the user data for a host, and the file in it loads', () => {
    const { files } = networkConfig([...four, ...six], { system: 'cloud-init', interface: 'eth0' })
    withFiles(files, (folder) => {
      expect(bash(`${cloudInit} schema --config-file ${folder}/user-data`).out).toContain('Valid')
      bash(`mkdir -p ${folder}/tree/etc/netplan
        python3 -c 'import sys, yaml; print(yaml.safe_load(sys.stdin)["write_files"][0]["content"])' < ${folder}/user-data > ${folder}/tree/etc/netplan/60-flexip.yaml
        chmod 600 ${folder}/tree/etc/netplan/60-flexip.yaml`)
      expect(bash(`${tools}/usr/libexec/netplan/generate --root-dir ${folder}/tree`).log).toBe('')
    })
  })
})

describe('systems whose tools are not to be had on Linux', () => {
  test('FreeBSD: sh reads the lines of rc.conf, and its routes are made in the order that makes the gateway reachable', () => {
    const { files } = networkConfig(vm([...four, ...six]), { system: 'freebsd', gateway6 })
    const rc = files.find(({ path }) => path === '/etc/rc.conf')?.content ?? ''
    // As rc.d/routing does: each name of static_routes is a variable with the arguments of "route add".
    const { out } = bash(`${rc}\nfor name in $static_routes; do eval echo "\\$route_$name"; done\necho "$ifconfig_vtnet0|$ifconfig_vtnet0_alias0|$ifconfig_vtnet0_ipv6|$ipv6_defaultrouter|$defaultrouter"`)
    expect(out.trim().split('\n')).toEqual([
      '-host 62.210.0.1 -interface vtnet0',
      'default 62.210.0.1',
      `inet 51.159.1.2 netmask 255.255.255.255|inet 62.210.7.8 netmask 255.255.255.255|inet6 2001:bc8:1:2::1 prefixlen 64 -accept_rtadv|${gateway6}%vtnet0|NO`,
    ])
  })

  test('Proxmox: a shell reads the command as it is meant', () => {
    const { apply } = networkConfig(vm([...four.slice(0, 1), ...six]), { system: 'proxmox', gateway6, vmId: 204 })
    const { out } = bash(`qm() { printf '%s\\n' "$@"; }\n${apply[0]}`)
    expect(out.trim().split('\n')).toEqual([
      'set', '204', '--net0', `virtio=${mac},bridge=vmbr0`, '--ipconfig0', `ip=51.159.1.2/32,gw=62.210.0.1,ip6=2001:bc8:1:2::1/64,gw6=${gateway6}`,
      '--nameserver', '51.158.139.28 51.158.139.25 2001:bc8:1408:1::f 2001:bc8:1408:1::c',
    ])
  })
})
