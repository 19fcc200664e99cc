// The errors of waits, moves and lists.
import type { EnsureAttachedRequest, FlexibleIP } from '../../build/client/flexip.js'
import { type FailureContext, FlexipError } from './flexip-error.js'

/**
 * A wait failed: its time was up, or the flexible IP is stuck, gone, on another server than the asked one, or
 * was refused for two minutes. `cause` is the last poll that failed or was refused, or in a move the last step
 * that failed, with its own status and request id.
 */
export class WaitError extends FlexipError {
  static override get name(): string {
    return 'WaitError'
  }

  /** The code of this class. */
  override readonly code = 'wait'

  /** The id of the flexible IP that was waited for. */
  declare readonly fipId: string
  /** The last known state of the flexible IP. */
  declare readonly last?: FlexibleIP
}

/** How the move of one flexible IP ended. */
export interface Move {
  /** The id of the flexible IP. */
  fipId: string
  /** Whether the flexible IP is attached to the target. */
  arrived: boolean
  /** Whether it was attached back to the server that it came from, because the target refused it. */
  returned: boolean
  /** The last known state of the flexible IP: its server, its status. */
  last?: FlexibleIP
  /** Why it did not arrive. Absent if the caller aborted the move and the target had not refused it. */
  error?: FlexipError
}

/**
 * Not every flexible IP arrived. `moves` has the state of each. An abort that came after the first change
 * is such an error too: its `code` is `aborted`, and its `cause` the reason of the signal.
 */
export class IncompleteError extends FlexipError {
  static override get name(): string {
    return 'IncompleteError'
  }

  /** The codes of this class. */
  declare readonly code: 'incomplete' | 'aborted'

  constructor(message: string, options?: { cause?: unknown }, context?: Partial<FailureContext>) {
    super(message, options, { code: 'incomplete', ...context })
  }

  /** How the move of each flexible IP ended. */
  declare readonly moves: readonly Move[]
  /**
   * The request of `ensureAttached` that continues the move, in any process: it is plain JSON. Absent if
   * none of the flexible IPs can be moved any more.
   */
  declare readonly resume?: Pick<EnsureAttachedRequest, 'fipsIds' | 'serverId' | 'strategy' | 'onRefusal'> & { zone: string }
}

/**
 * The pages of a list did not agree, however often they were read: the list changes too fast, or the
 * responses contradict each other. The same call may succeed later.
 */
export class IncompleteListError extends FlexipError {
  static override get name(): string {
    return 'IncompleteListError'
  }

  /** The code of this class. */
  override readonly code = 'incomplete_list'

  /** All flexible IPs that were read. Others may exist. */
  declare readonly flexibleIps: readonly FlexibleIP[]
  /** The total that the last page stated. */
  declare readonly totalCount: number
}
