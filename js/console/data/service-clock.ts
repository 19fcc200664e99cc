// How far the clock of the service is from that of this browser, by the dates of its answers.
import { observable } from './observable.js'

/** Less than this is the time that an answer takes, and the whole seconds of its date. */
const slackMs = 30_000

/** What is to be added to the time of this browser. */
export const clockOffset = observable(0)

/** Notes when an answer was given. */
export function noteDate({ headers }: { readonly headers: { get(name: string): string | null } }, now = Date.now()): void {
  const ahead = Date.parse(headers.get('Date') ?? '') - now
  if (Number.isNaN(ahead)) return
  const next = Math.abs(ahead) < slackMs ? 0 : ahead
  if (Math.abs(next - clockOffset.get()) >= slackMs) clockOffset.set(next)
}

/** What time it is for the service. */
export const serviceNow = (): number => Date.now() + clockOffset.get()
