// ifcfg: the network scripts of Red Hat Enterprise Linux up to 8, and of its relatives.
import { gateway4 } from '../facts.js'
import type { NetworkFile, Plan, System } from '../types.js'
import { addressCommands, linuxInterface, needsAdvertisements, newFile, verifyOnLinux } from './linux.js'

const folder = '/etc/sysconfig/network-scripts'

export const ifcfg: System = {
  ...linuxInterface,
  interfaceOf: () => 'eth0',
  usesInterface: () => true,
  render: (plan) => {
    const verify = verifyOnLinux(plan)
    const main = `${folder}/ifcfg-${plan.interface}`
    if (plan.role === 'vm') {
      const files = [newFile(main, '644', vmLines(plan)), ...(plan.v4.length > 0 ? [newFile(`${folder}/route-${plan.interface}`, '644', routeLines(plan))] : [])]
      return {
        files,
        apply: [`ifdown ${plan.interface}; ifup ${plan.interface}`],
        verify,
        revert: [`ifdown ${plan.interface}`, ...files.map(({ path }) => `rm ${path}`)],
        notes: [`The file replaces ${main}: keep a copy of the old one to go back to.`],
      }
    }
    const aliases = plan.v4.map((address, index) => aliasFile(plan.interface, address, index))
    const secondaries = `IPV6ADDR_SECONDARIES="${plan.v6.map((address) => `${address}/64`).join(' ')}"`
    const appended: NetworkFile[] = plan.v6.length > 0 ? [{ path: main, mode: '644', append: true, content: `${secondaries}\n` }] : []
    const { add, remove } = addressCommands(plan)
    return {
      files: [...aliases, ...appended],
      apply: add,
      verify,
      revert: [...aliases.map(({ path }) => `rm ${path}`), ...appended.map(() => `sed -i '\\|^${secondaries}$|d' ${main}`), ...remove],
      notes: appended.length > 0 ? [`If ${main} has a line IPV6ADDR_SECONDARIES already, add the addresses to that line.`] : [],
    }
  },
}

/** An address of IPv4 beside the main one is an alias, with a file. The first ten numbers are left to others. */
function aliasFile(name: string, address: string, index: number): NetworkFile {
  const alias = `${name}:${10 + index}`
  return newFile(`${folder}/ifcfg-${alias}`, '644', [`DEVICE=${alias}`, 'BOOTPROTO=none', 'ONBOOT=yes', 'ONPARENT=yes', `IPADDR=${address}`, 'NETMASK=255.255.255.255'])
}

function vmLines(plan: Plan): string[] {
  const { interface: name, mac, v4, v6, gateway6, resolvers } = plan
  const [first, ...others] = v6.map((address) => `${address}/64`)
  const inet6 = [
    'IPV6INIT=yes',
    `IPV6_AUTOCONF=${needsAdvertisements(plan) ? 'yes' : 'no'}`,
    `IPV6ADDR=${first}`,
    ...(others.length > 0 ? [`IPV6ADDR_SECONDARIES="${others.join(' ')}"`] : []),
    ...(gateway6 === undefined ? [] : [`IPV6_DEFAULTGW=${gateway6}`, `IPV6_DEFAULTDEV=${name}`]),
  ]
  return [
    `DEVICE=${name}`,
    `HWADDR=${mac.toUpperCase()}`,
    'TYPE=Ethernet',
    'BOOTPROTO=none',
    'ONBOOT=yes',
    ...v4.flatMap((address, index) => [`IPADDR${index || ''}=${address}`, `PREFIX${index || ''}=32`]),
    ...(v6.length > 0 ? inet6 : ['IPV6INIT=no']),
    ...resolvers.map((address, index) => `DNS${index + 1}=${address}`),
  ]
}

/** Each line is what follows "ip route add". */
function routeLines({ interface: name }: Plan): string[] {
  return [`${gateway4} dev ${name}`, `default via ${gateway4} dev ${name}`]
}
