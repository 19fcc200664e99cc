// Proxmox: a host has ifupdown with a bridge. A virtual machine gets its interface, and its addresses by cloud-init.
import { invalidArgument } from '../../errors/invalid.js'
import { gateway4 } from '../facts.js'
import type { Plan, Rendered, System } from '../types.js'
import { hostStanzas } from './ifupdown.js'
import { addressCommands, linuxInterface, newFile, verifyOnLinux } from './linux.js'

const path = '/etc/network/interfaces.d/flexip'

export const proxmox: System = {
  ...linuxInterface,
  interfaceOf: () => 'vmbr0',
  usesInterface: () => true,
  render: (plan) => (plan.role === 'host' ? hostConfig(plan) : vmConfig(plan)),
}

function hostConfig(plan: Plan): Rendered {
  const { add, remove } = addressCommands(plan)
  return {
    files: [newFile(path, '644', hostStanzas(plan))],
    apply: add,
    verify: verifyOnLinux(plan),
    revert: [`rm ${path}`, ...remove],
    notes: ['The main file must have the line "source /etc/network/interfaces.d/*".'],
  }
}

function vmConfig({ interface: bridge, vmId, mac, v4, v6, gateway6, resolvers }: Plan): Rendered {
  for (const [family, list] of [['IPv4', v4], ['IPv6', v6]] as const) {
    if (list.length > 1) throw invalidArgument('networkConfig', 'ips', `at most one flexible IP of ${family}, because an interface of Proxmox has one address of it`, list.join(', '))
  }
  const [address4] = v4
  const [address6] = v6
  const parts = [
    ...(address4 === undefined ? [] : [`ip=${address4}/32`, `gw=${gateway4}`]),
    ...(address6 === undefined ? [] : [`ip6=${address6}/64`, ...(gateway6 === undefined ? [] : [`gw6=${gateway6}`])]),
  ]
  return {
    files: [],
    apply: [`qm set ${vmId} --net0 virtio=${mac.toUpperCase()},bridge=${bridge} --ipconfig0 ${parts.join(',')} --nameserver '${resolvers.join(' ')}'`, `qm cloudinit update ${vmId}`],
    verify: [`qm config ${vmId} | grep -F ${mac.toUpperCase()}`, `qm config ${vmId} | grep -F '${parts.join(',')}'`],
    revert: [`qm set ${vmId} --delete ipconfig0,nameserver,net0`],
    notes: [
      'The virtual machine needs a cloud-init drive, and must start again. Without cloud-init, make its interface only, and configure the system within by its own format.',
      'cloud-init of old images, such as that of Ubuntu 20.04, makes no route to the gateway: there, configure the system within.',
    ],
  }
}
