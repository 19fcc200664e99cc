// Which rows of a table are in sight. All are equally high, so that nothing is measured while it scrolls.
import { type RefObject, useCallback, useLayoutEffect, useMemo, useState } from 'react'
import { flushSync } from 'react-dom'

/** How many rows are drawn above and below those in sight. */
const over = 8
/** How long a table has not scrolled when it is at rest. */
const restMs = 200

export interface DrawnRow {
  readonly index: number
  /** Which elements it has. A row that leaves gives them to one that comes. */
  readonly slot: number
}

/** The rows to draw in an element whose parent scrolls, in the order of their elements. */
export function useRowsInSight(rows: RefObject<HTMLElement | null>, count: number, height: number): readonly DrawnRow[] {
  const [first, setFirst] = useState(0)
  // The first row at rest. The places of the elements stay while it scrolls, because a move costs as much as a new one.
  const [resting, setResting] = useState(0)
  const [room, setRoom] = useState(0)
  useLayoutEffect(() => {
    const table = rows.current?.parentElement
    if (!table) return
    let timer: ReturnType<typeof setTimeout> | undefined
    const read = () => {
      const now = Math.floor(table.scrollTop / height)
      setFirst(now)
      // At rest the elements are in the order of the rows, for those who read them in it. An effect would be one more task in each frame.
      clearTimeout(timer)
      timer = setTimeout(() => setResting(now), restMs)
    }
    // Drawn in the same frame, so that no row is missing in it.
    const onScroll = () => flushSync(read)
    const observer = new ResizeObserver(() => {
      setRoom(table.clientHeight)
      read()
    })
    setRoom(table.clientHeight)
    read()
    observer.observe(table)
    table.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      clearTimeout(timer)
      observer.disconnect()
      table.removeEventListener('scroll', onScroll)
    }
  }, [rows, height])
  const slots = Math.ceil(room / height) + 1 + 2 * over
  const startAt = (row: number) => Math.max(0, Math.min(row, count) - over)
  const from = startAt(first)
  const origin = startAt(resting)
  const to = Math.min(count, from + slots)
  return useMemo(() => {
    const place = (index: number) => (((index - origin) % slots) + slots) % slots
    return Array.from({ length: Math.max(0, to - from) }, (_, at) => ({ index: from + at, slot: (from + at) % slots })).sort((a, b) => place(a.index) - place(b.index))
  }, [from, to, slots, origin])
}

export interface Sight {
  /** Scrolls no more than it takes to have a row in sight. */
  readonly reveal: (index: number) => void
  /** Whether a row is in sight, or a part of it. */
  readonly isInSight: (index: number) => boolean
}

/** Where an element that scrolls is, below a head that stays. Scrolling draws nothing anew here. */
export function useSight(element: RefObject<HTMLElement | null>, height: number, headHeight: number): Sight {
  const reveal = useCallback(
    (index: number) => {
      const table = element.current
      if (!table) return
      const top = index * height
      const bottom = top + height + headHeight - table.clientHeight
      if (table.scrollTop > top) table.scrollTop = top
      else if (table.scrollTop < bottom) table.scrollTop = bottom
    },
    [element, height, headHeight],
  )
  const isInSight = (index: number): boolean => {
    const table = element.current
    const top = index * height
    return table !== null && top + height > table.scrollTop && top + headHeight < table.scrollTop + table.clientHeight
  }
  return { reveal, isInSight }
}
