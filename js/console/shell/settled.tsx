// Reads out which flexible IPs have come to rest: one announcement for all of one reading.
import type { FlexibleIP } from 'flexip/slim'
import { useEffect, useRef } from 'react'
import { isUnderWay, useFleet, useServerName } from '../data/store.js'
import { strings } from '../strings.js'
import { announce } from './live.js'

/** More than these are counted, not named. */
const namedMax = 3

export function Settled() {
  const { ips } = useFleet()
  const nameOf = useServerName()
  const before = useRef<ReadonlySet<string>>(new Set())
  useEffect(() => {
    const underWay = new Set(ips.filter(isUnderWay).map(({ id }) => id))
    const settled = ips.filter(({ id }) => before.current.has(id) && !underWay.has(id))
    before.current = underWay
    if (settled.length > 0) announce(textOf(settled, nameOf))
  }, [ips, nameOf])
  return null
}

function textOf(settled: readonly FlexibleIP[], nameOf: (id: string) => string): string {
  const texts = strings.settled
  if (settled.length > namedMax) return texts.many(settled.length)
  return settled.map(({ ipAddress, status, serverId }) => texts.one(ipAddress, strings.statuses[status], serverId === undefined ? undefined : nameOf(serverId))).join(' ')
}
