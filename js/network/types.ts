// The types of flexip/network.
import type { FlexibleIP } from '../../build/client/flexip.js'

/** Where a configuration goes. */
export type NetworkSystem = 'netplan' | 'systemd-networkd' | 'ifupdown' | 'networkmanager' | 'ifcfg' | 'freebsd' | 'windows' | 'proxmox' | 'cloud-init'

/** A `host` has its main address beside the flexible IPs. A `vm` has only flexible IPs, with one virtual MAC address. */
export type NetworkRole = 'host' | 'vm'

/** What a configuration needs of a flexible IP. */
export interface NetworkIp extends Pick<FlexibleIP, 'ipAddress' | 'zone'> {
  /** Its virtual MAC address, if it has one. */
  macAddress?: { macAddress: string }
}

/** The options of `networkConfig`. */
export interface NetworkConfigOptions {
  /** What reads the configuration. */
  system: NetworkSystem
  /** Default: `vm` if the flexible IP has a virtual MAC address, else `host`. */
  role?: NetworkRole
  /**
   * The IPv6 gateway of a virtual machine. Scaleway does not say which it is: `ip -6 route show default` shows it
   * in the virtual machine. Without it, the configuration takes the gateway from router advertisements.
   */
  gateway6?: string
  /** The network interface; on a Proxmox host, the bridge. Default: the usual one of the system, and a note says so. */
  interface?: string
  /** The number of the virtual machine on Proxmox. Default: 100, and a note says so. */
  vmId?: number
}

/** A file of a configuration. */
export interface NetworkFile {
  /** Where the file is. */
  path: string
  /** The permissions, in octal. */
  mode: '600' | '644'
  /** Whether the content goes to the end of the file, which exists. Otherwise the file is new. */
  append: boolean
  /** What the file has, or what is added to it. */
  content: string
}

/** A configuration: files, and commands for root. */
export interface NetworkConfig {
  /** What reads it. */
  system: NetworkSystem
  /** What it is for: a host or a virtual machine. */
  role: NetworkRole
  /** The files to write. */
  files: NetworkFile[]
  /** The commands that put it into effect, after the files are written. */
  apply: string[]
  /** Each of these commands fails if an address or a route is missing. */
  verify: string[]
  /** The commands that undo it, files included. */
  revert: string[]
  /** What a person must know or change. */
  notes: string[]
}

/** What is to be configured, checked: what each system writes in its format. */
export interface Plan {
  role: NetworkRole
  interface: string
  v4: readonly string[]
  /** An address of each IPv6 block. Its prefix has 64 bits. */
  v6: readonly string[]
  /** The virtual MAC address, of a virtual machine. */
  mac: string
  gateway6: string | undefined
  resolvers: readonly string[]
  vmId: number
}

/** A system's part of a configuration. */
export type Rendered = Omit<NetworkConfig, 'system' | 'role'>

/** A system: the interface that it assumes, and how it writes a plan. */
export interface System {
  interfaceOf(role: NetworkRole): string
  /** Whether the configuration for this role names the interface, rather than the MAC address. */
  usesInterface(role: NetworkRole): boolean
  /** The names of interfaces that its format can hold. */
  interfacePattern: RegExp
  interfaceRule: string
  render(plan: Plan): Rendered
}
