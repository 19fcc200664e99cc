// What a dialog is about: the selected flexible IPs, or the one of the sheet, with the changes that the service would refuse or that would lose something.
import { type FlexibleIP, macGroups } from 'flexip/slim'
import { useMemo } from 'react'
import { useSelection } from './selection.js'
import { useFleet } from './store.js'
import { usePlace } from './url.js'

export function useChosen(): readonly FlexibleIP[] {
  const { ips } = useFleet()
  const selected = useSelection()
  const only = useOnly()
  return useMemo(() => ips.filter(({ id }) => (only === undefined ? selected.has(id) : id === only)), [ips, selected, only])
}

/** One flexible IP; without it, whether the zones are still being read, some could not be, or it is gone. */
export function useOne(fipId: string): FlexibleIP | 'reading' | 'unread' | 'gone' {
  const { ips, isWhole, failures } = useFleet()
  const ip = ips.find(({ id }) => id === fipId)
  if (ip) return ip
  if (!isWhole) return 'reading'
  return failures.length > 0 ? 'unread' : 'gone'
}

/** How many of these are gone, if none of them is there: every zone was read. */
export function useAllGone(ids: ReadonlySet<string>): number {
  const { ips, isWhole, failures } = useFleet()
  return ids.size > 0 && isWhole && failures.length === 0 && !ips.some(({ id }) => ids.has(id)) ? ids.size : 0
}

/** The one flexible IP that the open dialog is about, if it is not about the selection: `delete:ip:ID`. */
export function useOnly(): string | undefined {
  const [{ dialog }] = usePlace()
  return /^(?:move|detach|delete):ip:(.+)$/.exec(dialog)?.[1]
}

/** What can be detached: whole groups that are on a server. */
export interface Detachable {
  readonly groups: readonly (readonly FlexibleIP[])[]
  /** On no server already. */
  readonly ready: readonly FlexibleIP[]
  /** Not chosen, and detached along with their MAC group. */
  readonly along: readonly FlexibleIP[]
  /** In error or locked. */
  readonly stuck: readonly FlexibleIP[]
}

export function detachable(chosen: readonly FlexibleIP[], all: readonly FlexibleIP[]): Detachable {
  const ids = new Set(chosen.map(({ id }) => id))
  const groups: FlexibleIP[][] = []
  const ready: FlexibleIP[] = []
  const along: FlexibleIP[] = []
  const stuck: FlexibleIP[] = []
  for (const whole of macGroups(all)) {
    const group = whole.filter(({ id }) => ids.has(id))
    if (group.length === 0) continue
    if (whole.some(({ status }) => status === 'locked' || status === 'error')) stuck.push(...group)
    else if (group.every(({ serverId }) => serverId === undefined)) ready.push(...group)
    else {
      groups.push(whole)
      along.push(...whole.filter(({ id }) => !ids.has(id)))
    }
  }
  return { groups, ready, along, stuck }
}
