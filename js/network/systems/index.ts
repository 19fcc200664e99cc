// The table of systems.
import type { NetworkSystem, System } from '../types.js'
import { cloudInit } from './cloud-init.js'
import { freebsd } from './freebsd.js'
import { ifcfg } from './ifcfg.js'
import { ifupdown } from './ifupdown.js'
import { netplan } from './netplan.js'
import { networkd } from './networkd.js'
import { networkManager } from './networkmanager.js'
import { proxmox } from './proxmox.js'
import { windows } from './windows.js'

export const systems: Readonly<Record<NetworkSystem, System>> = {
  netplan,
  'systemd-networkd': networkd,
  ifupdown,
  networkmanager: networkManager,
  ifcfg,
  freebsd,
  windows,
  proxmox,
  'cloud-init': cloudInit,
}

/** All systems, by name. */
export const networkSystems = /* @__PURE__ */ Object.keys(systems) as NetworkSystem[]
