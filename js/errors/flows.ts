// The errors of waits, moves and lists.
import type { FlexibleIP } from '../../build/client/flexip.js'
import { FlexipError } from './flexip-error.js'

/** A wait failed: its time was up, or the flexible IP is stuck or gone. If it is gone, `cause` is the refusal. */
export class WaitError extends FlexipError {
  static override readonly name: string = 'WaitError'
  /** The id of the flexible IP that was waited for. */
  declare readonly fipId: string
  /** The last known state of the flexible IP. */
  declare readonly last?: FlexibleIP
}

/** How the move of one flexible IP ended. */
export interface Move {
  fipId: string
  /** Whether the flexible IP is attached to the target. */
  arrived: boolean
  /** The last known state of the flexible IP: its server, its status. */
  last?: FlexibleIP
  /** Why it did not arrive. */
  error?: FlexipError
}

/** Not every flexible IP arrived. `moves` has the state of each. The same call continues the move. */
export class IncompleteError extends FlexipError {
  static override readonly name: string = 'IncompleteError'
  declare readonly moves: readonly Move[]
}

/**
 * The pages of a list did not agree, however often they were read: the list changes too fast, or the
 * responses contradict each other. The same call may succeed later.
 */
export class IncompleteListError extends FlexipError {
  static override readonly name: string = 'IncompleteListError'
  /** All flexible IPs that were read. Others may exist. */
  declare readonly flexibleIps: readonly FlexibleIP[]
  /** The total that the last page stated. */
  declare readonly totalCount: number
}
