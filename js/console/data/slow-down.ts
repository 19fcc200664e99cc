// Whether the service asks for fewer requests (429), since when, and when the next request is due.
import type { ActivityLog } from './log.js'
import { observable, useObservable } from './observable.js'

export interface SlowDown {
  readonly since: number
  /** When the next request is due. */
  readonly nextAt: number
}

/** So long after the last 429 it is over. */
const overAfterMs = 4000
/** The client waits no longer, whatever a response asks for. */
const longestMs = 60_000

const state = observable<SlowDown | undefined>(undefined)
let timer: ReturnType<typeof setTimeout> | undefined

/** Has 429s of this log noticed. */
export function noticeSlowDown(log: ActivityLog): void {
  let read = 0
  // The calls whose last request was turned away. A move says by its next wait how long it waits.
  const turnedAway = new Set<number>()
  log.subscribe(() => {
    for (const { number, at, event } of log.entries()) {
      if (number <= read) continue
      read = number
      // The limit of the servers' API is another one.
      if (event.type === 'response' && event.status === 429 && event.operation !== 'listServers') {
        postpone(at + (retryAfterMs(event.headers, at) ?? 0))
        turnedAway.add(event.call)
      }
      if (event.type === 'wait' && turnedAway.delete(event.call)) postpone(at + event.delayMs)
      if (event.type === 'retry' && event.error.code === 'too_many_requests') postpone(at + event.delayMs)
    }
  })
}

/** The time that a response has the client wait: seconds or a date. */
function retryAfterMs(headers: Readonly<Record<string, string>> | undefined, now: number): number | undefined {
  const value = headers?.['retry-after']
  if (value === undefined) return undefined
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now
  return ms > 0 ? Math.min(ms, longestMs) : undefined
}

/** Notes that the next request is due at a time. Of several waits, the longest counts. */
export function postpone(until: number): void {
  const now = Date.now()
  const present = state.get()
  const nextAt = Math.max(present?.nextAt ?? 0, until)
  state.set({ since: present?.since ?? now, nextAt })
  clearTimeout(timer)
  timer = setTimeout(() => state.set(undefined), Math.max(0, nextAt - now) + overAfterMs)
}

export function isSlowedDown(): boolean {
  return state.get() !== undefined
}

export function useSlowDown(): SlowDown | undefined {
  return useObservable(state)
}

const forms = observable(0)

/** Counts the change of a form while it is being sent, also when its form was left. */
export async function countSending(sending: Promise<void>): Promise<void> {
  forms.set(forms.get() + 1)
  try {
    await sending
  } finally {
    forms.set(forms.get() - 1)
  }
}

/** How many changes of forms are being sent. */
export function useSending(): number {
  return useObservable(forms)
}
