// flexip network: what an operating system needs so that it uses flexible IPs.
import { Option } from 'commander'
import type { FlexibleIP } from '../../index.js'
import { type NetworkConfig, type NetworkRole, type NetworkSystem, networkConfig, networkSystems } from '../../network.js'
import { withCommon, withExamples } from '../common-options.js'
import { parseWhole } from '../parsers.js'
import { namesOf } from '../progress.js'
import { type Register, act } from '../register.js'
import { readInventory, selectIps, withGroups } from '../selection.js'
import type { Session } from '../session.js'
import { wrongArgument } from '../stop.js'

interface NetworkOptions {
  os: NetworkSystem
  role?: NetworkRole
  gateway6?: string
  interface?: string
  vmId?: number
}

export const registerNetwork: Register = (program, io) => {
  const command = program
    .command('network')
    .description('Prints the network configuration of a host or a virtual machine with these flexible IPs. Changes nothing.')
    .argument('<ip...>', 'address, id, tag:<tag> or server:<name>; the others of a MAC group are added')
    .addOption(new Option('--os <system>', 'where it goes').choices(networkSystems).makeOptionMandatory())
    .addOption(new Option('--role <role>', 'what has the addresses (default: vm if they have a virtual MAC address)').choices(['host', 'vm']))
    .option('--gateway6 <address>', 'IPv6 gateway of a virtual machine; without it, the notes say how to find it')
    .option('--interface <name>', 'network interface, or bridge on Proxmox (default: the usual one of the system)')
    .addOption(new Option('--vm-id <number>', 'number of the virtual machine on Proxmox (default: 100)').argParser(parseWhole(100, 999_999_999)))
  withExamples(
    withCommon(command),
    ['flexip network 51.159.1.2 --os netplan --interface eno1', 'for the server itself, on Ubuntu'],
    ['flexip network tag:mail --os networkmanager --gateway6 fe80::1', 'for a virtual machine, if the flexible IPs have a virtual MAC address'],
  )
  act<NetworkOptions>(command, io, async (session, words, { os: system, role, gateway6, interface: name, vmId }) => {
    const inventory = await readInventory(session)
    const selected = await selectIps(session, words, inventory)
    const ips = role === 'host' ? selected : withGroups(selected, inventory.ips)
    await checkServers(session, ips)
    const config = networkConfig(ips, {
      system,
      ...(role !== undefined && { role }),
      ...(gateway6 !== undefined && { gateway6 }),
      ...(name !== undefined && { interface: name }),
      ...(vmId !== undefined && { vmId }),
    })
    if (session.options.json) session.printObject(config)
    else for (const line of textOf(config)) session.print(line)
  })
}

/** A configuration is for one host or one virtual machine. Those on no server may be attached later. */
async function checkServers(session: Session, ips: readonly FlexibleIP[]): Promise<void> {
  const ids = [...new Set(ips.flatMap(({ serverId }) => serverId ?? []))]
  if (ids.length < 2) return
  await session.readNames(ips)
  throw wrongArgument(`the flexible IPs are on several servers: ${ids.map(await namesOf(session)).join(', ')}`, 'A configuration is for one server: name the flexible IPs of each server apart.')
}

/** A configuration for people. What is not a file or a command is a comment, in shells and in PowerShell. */
function textOf({ system, role, files, apply, verify, revert, notes }: NetworkConfig): string[] {
  const part = (title: string, lines: readonly string[]) => (lines.length > 0 ? ['', `# ${title}`, ...lines] : [])
  return [
    `# ${system}, for a ${role === 'vm' ? 'virtual machine' : 'host'}`,
    ...notes.map((note) => `# Note: ${note}`),
    ...files.flatMap(({ path, mode, append, content }) => part(append ? `Add to the end of ${path}:` : `Write to ${path}, mode ${mode}:`, content.trimEnd().split('\n'))),
    ...part('Put into effect:', apply),
    ...part('Verify:', verify),
    ...part('Revert:', revert),
  ]
}
