// What the audit of a proxy receives.
import type { ProxyOperation } from './operations.js'

/** One call: the caller, what was asked, and how it ended. It has no secret. A preflight of CORS that is allowed is not a call. */
export interface ProxyAuditEvent {
  /** When the call ended. */
  at: Date
  /** The `id` of the caller; absent if the call was refused before the caller was known. */
  caller?: string
  /** The HTTP method. */
  method: string
  /** The path as it was sent, without its query. */
  path: string
  /** The operation, also of a call that is refused; absent for a path or a method that has none. */
  operation?: ProxyOperation
  /** The zone. */
  zone?: string
  /** The ids of the flexible IPs that the path and the body name. The body is read only if the caller is known and within its limits. */
  fipIds: readonly string[]
  /** The id of the server that the call names. */
  serverId?: string
  /** The id of the Project that a list or a create was limited to. */
  projectId?: string
  /** `answered`: the status is the service's. `refused`: the proxy refused, and the call was not forwarded. `failed`: the proxy or the service gave no answer, or the caller of a read was gone before the service answered. */
  outcome: 'answered' | 'refused' | 'failed'
  /** The status of the response. */
  status: number
  /** The service's `X-Request-Id`. */
  requestId?: string
  /** Why the proxy refused or failed. */
  reason?: string
  /** How long the call took, in milliseconds. */
  durationMs: number
}
