// What the target of a claim has refused after a detach. It went back, and each further detach would be another outage.
import { type AnyFlexipError, type FlexibleIP, IncompleteError, type Move, isFlexipError } from '../index.js'
import { exitCodes } from './exit-codes.js'
import { failureOf, isUnknownServer, toGoOn } from './failure.js'
import type { Session } from './session.js'
import { Stop } from './stop.js'

/** What no repetition cures. A conflict, a lock, a precondition or a permission can be another one in a minute. */
const final: readonly string[] = ['invalid_arguments', 'denied_authentication', 'quotas_exceeded', 'expired', 'already_exists', 'out_of_stock']

/** How long what went back stays before it is detached again, in milliseconds. Each pause is twice as long as the one before. */
const firstPauseMs = 30_000

interface Refusal {
  error: AnyFlexipError
  pauseMs: number
  /** When it may be detached again. */
  until: number
}

/** The refusals of the target, by the ids of the flexible IPs that went back. */
export class Refusals {
  readonly #session: Session
  readonly #byId = new Map<string, Refusal>()

  constructor(session: Session) {
    this.#session = session
  }

  /** Notes which flexible IPs went back, and why. */
  note(error: unknown): void {
    if (!(error instanceof IncompleteError)) return
    for (const { fipId, returned, error: reason } of error.moves) {
      if (!returned || !isFlexipError(reason)) continue
      const before = this.#byId.get(fipId)
      const pauseMs = before ? 2 * before.pauseMs : firstPauseMs
      this.#byId.set(fipId, { error: reason, pauseMs, until: this.#session.io.now() + pauseMs })
    }
  }

  /** Whether this one may not be detached yet. Where the target does not exist, it never may. */
  keeps({ id }: FlexibleIP, target: string): boolean {
    const refusal = this.#byId.get(id)
    return refusal !== undefined && (this.#session.absence.has(target) || this.#session.io.now() < refusal.until)
  }

  /** Why these are kept, and whether no repetition cures that. */
  reasonOf(ips: readonly FlexibleIP[], target: string): { text: string; cause: AnyFlexipError | undefined; isFinal: boolean } {
    const refusals = ips.map(({ id }) => this.#byId.get(id)).filter((refusal) => refusal !== undefined)
    const cause = refusals[0]?.error
    const left = Math.max(...refusals.map(({ until }) => until)) - this.#session.io.now()
    const pause = this.#session.absence.has(target) ? '' : ` for ${Math.max(1, Math.ceil(left / 1000))} s`
    return { text: `the target has refused it, and nothing that went back is detached again${pause}: ${cause?.message ?? ''}`, cause, isFinal: refusals.every(({ error }) => isFinal(error)) }
  }
}

/** What ends a claim after this error: its target has refused all that has not arrived, for good. `undefined` if another attempt can succeed. */
export function refusalOf(session: Session, error: unknown): Stop | undefined {
  if (!(error instanceof IncompleteError) || error.code !== 'incomplete') return undefined
  const left = error.moves.filter(({ arrived }) => !arrived)
  const cause = left[0]?.error
  const failure = failureOf(error, session.circumstances())
  if (!failure || !isFlexipError(cause)) return undefined
  const isAbsent = left.every(({ error: reason }) => isFlexipError(reason) && isUnknownServer(reason))
  // What is on no server has an outage already: an attempt takes nothing from a server.
  const isOver = ({ returned, error: reason }: Move) => isFlexipError(reason) && isFinal(reason) && (returned || !session.circumstances().hasChanged)
  if (!isAbsent && !left.every(isOver)) return undefined
  const exitCode = left.length < error.moves.length ? exitCodes.incomplete : isAbsent ? exitCodes.notFound : exitCodes.refused
  return new Stop(exitCode, failure.message, isAbsent ? failure.hints.filter((hint) => !hint.startsWith(toGoOn)) : failure.hints, { cause })
}

function isFinal(error: AnyFlexipError): boolean {
  return final.includes(error.code) || isUnknownServer(error)
}
