// Why no target of a move is chosen.
import type { Outlook, Target } from '../data/planning.js'
import { useServerFailures, useServersWaiting } from '../data/store.js'
import { strings } from '../strings.js'

const words = strings.move

/** The reason, for a plan without a target. */
export function useNowhere({ zone, count }: Outlook, targets: readonly Target[]): string {
  const isWaiting = useServersWaiting().some((waiting) => waiting === zone)
  const isUnread = useServerFailures().some((failure) => failure.zone === zone)
  if (count === 0) return words.nothing
  if (zone === undefined) return words.severalZonesShort
  if (targets.some(({ possible }) => possible)) return words.choose
  const here = targets.filter((target) => target.zone === zone)
  if (here.some(({ problems: [problem] }) => problem?.reason !== 'here')) return words.noTarget(zone, count)
  if (isWaiting) return words.serversWait(zone)
  return isUnread ? words.noServers(zone) : words.noOther(zone, count)
}
