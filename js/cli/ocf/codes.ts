// The exit codes of OCF 1.1, and how failures of commands become them.
import { exitCodes } from '../exit-codes.js'
import type { Failure } from '../failure.js'

export const ocf = {
  success: 0,
  /** It may work the next time, on this node too. */
  generic: 1,
  /** The parameters do not fit this node. */
  arguments: 2,
  unimplemented: 3,
  /** This node lacks a permission. */
  permission: 4,
  /** This node lacks a program. */
  notInstalled: 5,
  /** The parameters are wrong on every node. */
  configured: 6,
  /** Only monitor returns it: cleanly stopped. */
  notRunning: 7,
} as const

export type OcfCode = (typeof ocf)[keyof typeof ocf]

/** Ends an action with a code and a reason. */
export class Failed extends Error {
  override readonly name = 'Failed'
  constructor(readonly code: OcfCode, message: string) {
    super(message)
  }
}

/**
 * What a failure of a command is for Pacemaker. What another attempt can end otherwise is generic: the codes from 2 on
 * keep the resource off this node, and 6 off every node.
 */
export function ocfCodeOf({ code, exitCode }: Failure): OcfCode {
  if (code === 'denied_authentication' || code === 'permissions_denied') return ocf.permission
  if (exitCode === exitCodes.arguments || exitCode === exitCodes.notFound) return ocf.arguments
  return ocf.generic
}
