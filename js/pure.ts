// What needs no network.
import type { BuiltRequest, FlexibleIP, ParsedIp, Problem } from '../build/client/flexip.js'
import { core, reported } from './core.js'
import { type Operations, forEachOperation } from './operations.js'
import type { RequestDefaults } from './options.js'

/** One function for each operation. */
type PerOperation<Result> = {
  readonly [Name in keyof Operations]: (request: Operations[Name]['request'], defaults?: RequestDefaults) => Result
}

/**
 * Checks a request without sending it. Gives every problem, warnings included; none means that it
 * would be sent.
 *
 * @example
 * validate.getFlexibleIP({ zone: 'fr-par-1', fipId: 'x' })[0]?.helpMessage // 'value must be a valid UUID; found "x"'
 */
export const validate: PerOperation<Problem[]> = /* @__PURE__ */ forEachOperation(
  (name) => (request: unknown, defaults?: RequestDefaults) => reported((module) => module.validate(name, request, defaults)),
)

/**
 * Builds a request without sending it: method, URL, headers without the credentials, body.
 * Throws an `InvalidArgumentsError` when it breaks a rule.
 */
export const buildRequest: PerOperation<BuiltRequest> = /* @__PURE__ */ forEachOperation(
  (name) => (request: unknown, defaults?: RequestDefaults) => reported((module) => module.buildRequest(name, request, defaults)),
)

/**
 * Whether the virtual MAC address of `source` may be duplicated to `destination`: both must be
 * attached to the same server. No problem means yes; the problem names both servers.
 */
export function checkSameServer(source: FlexibleIP, destination: FlexibleIP): Problem[] {
  return core().checkSameServer(source, destination)
}

/** Puts flexible IPs into their MAC groups: those that carry one virtual MAC address move together. Who carries none is alone. */
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

/** Reads an IPv4 or IPv6 address in any spelling, with or without a prefix; `undefined` if it is none. */
export function parseIp(text: string): ParsedIp | undefined {
  return core().parseIp(text)
}

/** The resource name of a flexible IP, as Scaleway's other tools write it. */
export function srn({ id, zone }: Pick<FlexibleIP, 'id' | 'zone'>): string {
  return `srn://flexible-ip.scw.eu/zones/${zone}/flexible-ips/${id}`
}
