// The functions that need no client and send nothing.
import type { BuiltRequest, FlexibleIP, ParsedIp, Problem } from '../../build/client/flexip.js'
import { callCore, core } from '../transport/core.js'
import { type Operations, forEachOperation } from './operations.js'
import type { RequestDefaults } from './options.js'

/** One function for each operation. */
type PerOperation<Result> = {
  readonly [Name in keyof Operations]: (request: Operations[Name]['request'], defaults?: RequestDefaults) => Result
}

/**
 * Checks a request without sending it. Returns all problems, including warnings. A request without
 * errors would be sent.
 *
 * @example
 * validate.getFlexibleIP({ zone: 'fr-par-1', fipId: 'x' })[0]?.helpMessage // 'value must be a valid UUID; found "x"'
 */
export const validate: PerOperation<Problem[]> = /* @__PURE__ */ forEachOperation(
  (name) => (request: unknown, defaults?: RequestDefaults) => callCore((module) => module.validate(name, request, defaults)),
)

/**
 * Builds a request without sending it: method, URL, headers without the credentials, body.
 * Throws an `InvalidArgumentsError` if the request breaks a rule.
 */
export const buildRequest: PerOperation<BuiltRequest> = /* @__PURE__ */ forEachOperation(
  (name) => (request: unknown, defaults?: RequestDefaults) => callCore((module) => module.buildRequest(name, request, defaults)),
)

/**
 * Whether the virtual MAC address of `source` may be duplicated to `destination`: both must be
 * attached to the same server. Returns no problem if so; otherwise one that names both servers.
 */
export function checkSameServer(source: FlexibleIP, destination: FlexibleIP): Problem[] {
  return core().checkSameServer(source, destination)
}

/** Splits flexible IPs into their MAC groups. A flexible IP without a virtual MAC address is a group by itself. */
export function macGroups(ips: readonly FlexibleIP[]): FlexibleIP[][] {
  const groups = new Map<unknown, FlexibleIP[]>()
  for (const ip of ips) {
    const key = ip.macAddress?.id ?? ip
    const group = groups.get(key)
    if (group) group.push(ip)
    else groups.set(key, [ip])
  }
  return [...groups.values()]
}

/** Parses an IPv4 or IPv6 address in any spelling, with or without a prefix. Returns `undefined` for any other text. */
export function parseIp(text: string): ParsedIp | undefined {
  return core().parseIp(text)
}

/** The Scaleway resource name of a flexible IP, as Scaleway's other tools write it. */
export function srn({ id, zone }: Pick<FlexibleIP, 'id' | 'zone'>): string {
  return `srn://flexible-ip.scw.eu/zones/${zone}/flexible-ips/${id}`
}
