// What moves as one, what stays and why, and where it can go: the rules are those of the library.
import { type Destination, type FlexibleIP, type MoveStep, destinations, macGroups } from 'flexip/slim'
import type { Unit } from './moves.js'
import type { Server } from './servers.js'

export interface Staying {
  readonly unit: Unit
  readonly reason: 'locked' | 'error' | 'torn'
}

export interface Outlook {
  readonly units: readonly Unit[]
  readonly staying: readonly Staying[]
  /** The flexible IPs that were not asked for, and go along with their MAC group. */
  readonly along: readonly FlexibleIP[]
  readonly count: number
  /** The zone, if all are in one. */
  readonly zone: string | undefined
  readonly targets: readonly Target[]
}

export interface Target extends Destination {
  readonly name: string
}

export function unitOf(ips: readonly FlexibleIP[]): Unit {
  return { ips, mac: ips[0]?.macAddress?.macAddress, fromId: ips[0]?.serverId }
}

/** Whether a plan has this step for a unit. Until the steps of the library's plan are known, what the unit shows says so. */
export function isPlanned(unit: Unit, action: MoveStep['action'], toId: string | undefined, steps: readonly MoveStep[] | undefined): boolean {
  if (steps) return steps.some((step) => step.action === action && step.fipsIds.some((id) => unit.ips.some((ip) => ip.id === id)))
  return unit.fromId !== toId && (action === 'attach' || unit.fromId !== undefined)
}

/** Plans for flexible IPs. `fromId` is the server that they leave, which is not a target. */
export function outlookOf(asked: readonly FlexibleIP[], all: readonly FlexibleIP[], servers: ReadonlyMap<string, Server>, fromId: string | undefined): Outlook {
  const ids = new Set(asked.map(({ id }) => id))
  const groups = macGroups(all).filter((group) => group.some(({ id }) => ids.has(id)))
  const units: Unit[] = []
  const staying: Staying[] = []
  for (const group of groups) {
    const unit = unitOf(group)
    const stuck = group.find(({ status }) => status === 'locked' || status === 'error')
    if (stuck) staying.push({ unit, reason: stuck.status === 'locked' ? 'locked' : 'error' })
    else if (new Set(group.map(({ serverId }) => serverId)).size > 1) staying.push({ unit, reason: 'torn' })
    else units.push(unit)
  }
  // Groups come first, the largest before the others.
  units.sort((a, b) => b.ips.length - a.ips.length)
  const moving = units.flatMap(({ ips }) => ips)
  const zones = new Set(moving.map(({ zone }) => zone))
  const others = [...servers.values()].filter(({ id }) => id !== fromId)
  const { destinations: entries } = destinations(moving, { flexibleIps: all, servers: others })
  return {
    units,
    staying,
    along: moving.filter(({ id }) => !ids.has(id)),
    count: moving.length,
    zone: zones.size === 1 ? moving[0]?.zone : undefined,
    targets: moving.length === 0 ? [] : entries.map((entry) => ({ ...entry, name: servers.get(entry.serverId)?.name ?? entry.serverId.slice(0, 8) })),
  }
}
