// The line after the time of an attach: its mark is the usual time, its end the longest on record. Detaches were never recorded.
import { seconds, strings } from '../strings.js'

/** What attaches took in recordings of the service: half of them, and the longest. */
const usualMs = 3000
const longestMs = 43_000

const width = 36

// The first seconds have the most room, because most attaches end in them.
const placeOf = (ms: number): number => width * Math.sqrt(Math.min(1, Math.max(0, ms) / longestMs))

export function UsualTime({ ms }: { readonly ms: number }) {
  const text = ms > longestMs ? strings.usualTime.over(seconds(longestMs)) : strings.usualTime.text(seconds(usualMs), seconds(longestMs))
  return (
    <span className={ms > longestMs ? 'usual-time over' : 'usual-time'} role="img" aria-label={text} title={text}>
      <svg width={width} height="8" viewBox={`0 0 ${width} 8`} aria-hidden="true" focusable="false">
        <rect className="track" y="3" width={width} height="2" rx="1" />
        <rect className="passed" y="2" width={placeOf(ms)} height="4" rx="1" />
        <rect className="usual" x={placeOf(usualMs) - 0.5} width="1.5" height="8" />
      </svg>
    </span>
  )
}
