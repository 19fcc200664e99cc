// The selected flexible IPs, with the changes that the service would refuse or that would lose something.
import { type FlexibleIP, macGroups } from 'flexip/slim'
import { useMemo } from 'react'
import { useSelection } from './selection.js'
import { useFleet } from './store.js'

export function useChosen(): readonly FlexibleIP[] {
  const { ips } = useFleet()
  const selected = useSelection()
  return useMemo(() => ips.filter(({ id }) => selected.has(id)), [ips, selected])
}

/** What can be detached: whole groups that are on a server. */
export interface Detachable {
  readonly groups: readonly (readonly FlexibleIP[])[]
  /** On no server already. */
  readonly ready: readonly FlexibleIP[]
  /** One of a MAC group that is not selected whole. */
  readonly parts: readonly FlexibleIP[]
  /** In error or locked. */
  readonly stuck: readonly FlexibleIP[]
}

export function detachable(chosen: readonly FlexibleIP[], all: readonly FlexibleIP[]): Detachable {
  const ids = new Set(chosen.map(({ id }) => id))
  const groups: FlexibleIP[][] = []
  const ready: FlexibleIP[] = []
  const parts: FlexibleIP[] = []
  const stuck: FlexibleIP[] = []
  for (const whole of macGroups(all)) {
    const group = whole.filter(({ id }) => ids.has(id))
    if (group.length === 0) continue
    if (group.some(({ status }) => status === 'locked' || status === 'error')) stuck.push(...group)
    else if (group.every(({ serverId }) => serverId === undefined)) ready.push(...group)
    else if (group.length < whole.length) parts.push(...group)
    else groups.push(group)
  }
  return { groups, ready, parts, stuck }
}
