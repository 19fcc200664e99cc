// Rows that keep their place while states change. They are sorted again when the order, the filters or the names of
// servers change, and when it is asked for.
import type { FlexibleIP } from 'flexip/slim'
import { useMemo, useRef, useState } from 'react'

/** The rows as they stand, with the flexible IPs as they are now. New ones come where they belong. */
export function inOrder(before: readonly string[], sorted: readonly FlexibleIP[]): readonly FlexibleIP[] {
  const now = new Map(sorted.map((ip) => [ip.id, ip]))
  const known = new Set(before)
  const after = new Map<string, FlexibleIP[]>()
  let previous = ''
  for (const ip of sorted) {
    if (!known.has(ip.id)) after.set(previous, [...(after.get(previous) ?? []), ip])
    else previous = ip.id
  }
  const standing = before.flatMap((id) => {
    const ip = now.get(id)
    return [...(ip ? [ip] : []), ...(after.get(id) ?? [])]
  })
  return [...(after.get('') ?? []), ...standing]
}

interface Steady {
  readonly ips: readonly FlexibleIP[]
  /** They would stand in another order if they were sorted now. */
  readonly hasChanged: boolean
  readonly sortAgain: () => void
}

/** `reasons` are what the rows are sorted again for, besides the button. */
export function useSteadyOrder(sorted: readonly FlexibleIP[], ...reasons: readonly unknown[]): Steady {
  const [count, setCount] = useState(0)
  const standing = useRef<{ reasons: readonly unknown[]; order: readonly string[] }>(undefined)
  const ips = useMemo(() => {
    const all = [...reasons, count]
    const last = standing.current
    const isSame = last !== undefined && all.every((reason, index) => Object.is(reason, last.reasons[index]))
    const next = isSame ? inOrder(last.order, sorted) : sorted
    standing.current = { reasons: all, order: next.map(({ id }) => id) }
    return next
  }, [sorted, count, ...reasons])
  const hasChanged = ips !== sorted && ips.some(({ id }, index) => id !== sorted[index]?.id)
  return { ips, hasChanged, sortAgain: () => setCount((before) => before + 1) }
}
