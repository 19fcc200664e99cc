// The functions that need no client and send nothing.
import type { BuiltRequest, FlexibleIP, ParsedIp, Problem } from '../../build/client/flexip.js'
import { invalidArgument } from '../errors/invalid.js'
import { type ExactTimes, exactTimesOf } from '../results/exact-times.js'
import { callCore, core } from '../transport/core.js'
import { redactionOf } from '../transport/redaction.js'
import { type Operations, forEachOperation } from './operations.js'
import type { RequestDefaults } from './options.js'
import { secretsOfOptions } from './secrets.js'

const noSecrets = /* @__PURE__ */ redactionOf(() => [])
const redactionOfDefaults = (defaults: RequestDefaults | undefined) => redactionOf(() => secretsOfOptions(defaults))

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
  (name) => (request: unknown, defaults?: RequestDefaults) => callCore((module) => module.validate(name, request, defaults), redactionOfDefaults(defaults)),
)

/**
 * Builds a request without sending it: method, URL, headers without the credentials, body.
 * Throws an `InvalidArgumentsError` if the request breaks a rule.
 */
export const buildRequest: PerOperation<BuiltRequest> = /* @__PURE__ */ forEachOperation(
  (name) => (request: unknown, defaults?: RequestDefaults) => callCore((module) => module.buildRequest(name, request, defaults), redactionOfDefaults(defaults)),
)

/**
 * Whether the virtual MAC address of `source` may be duplicated to `destination`: both must be
 * attached to the same server. Returns no problem if so; otherwise one that names both servers.
 */
export function checkSameServer(source: FlexibleIP, destination: FlexibleIP): Problem[] {
  return callCore((module) => module.checkSameServer(source, destination), noSecrets)
}

/**
 * Splits flexible IPs into their MAC groups. A flexible IP without a virtual MAC address is a group by itself.
 * Throws an `InvalidArgumentsError` for what is not an iterable of objects.
 */
export function macGroups(ips: readonly FlexibleIP[]): FlexibleIP[][] {
  const groups = new Map<unknown, FlexibleIP[]>()
  readArgument('macGroups', 'ips', 'a list of flexible IPs', ips, () => {
    for (const ip of ips) {
      if (typeof ip !== 'object') throw new TypeError('not a flexible IP')
      const key = ip.macAddress?.id ?? ip
      const group = groups.get(key)
      if (group) group.push(ip)
      else groups.set(key, [ip])
    }
  })
  return [...groups.values()]
}

/**
 * Parses an IPv4 or IPv6 address in any spelling, with or without a prefix. Returns `undefined` for any other text.
 * Throws an `InvalidArgumentsError` for what is not a text.
 */
export function parseIp(text: string): ParsedIp | undefined {
  if (typeof text !== 'string') throw invalidArgument('parseIp', 'text', 'a string', text)
  return core().parseIp(text)
}

/** The Scaleway resource name of a flexible IP, as Scaleway's other tools write it. */
export function srn(ip: Pick<FlexibleIP, 'id' | 'zone'>): string {
  const { id, zone } = readArgument('srn', 'ip', 'a flexible IP', ip, () => ({ id: ip.id, zone: ip.zone }))
  if (typeof id !== 'string') throw invalidArgument('srn', 'ip.id', 'a string', id)
  if (typeof zone !== 'string') throw invalidArgument('srn', 'ip.zone', 'a string', zone)
  return `srn://flexible-ip.scw.eu/zones/${zone}/flexible-ips/${id}`
}

/**
 * The exact times of a flexible IP or a MAC address that this library returned, as the service wrote
 * them: nanoseconds in the response to a write, microseconds in later reads. A copy has none.
 */
export function exactTimes(result: { createdAt?: Date; updatedAt?: Date }): ExactTimes {
  if (typeof result !== 'object' || result === null) throw invalidArgument('exactTimes', 'result', 'a flexible IP or a MAC address', result)
  return exactTimesOf(result)
}

/** What `read` gives. What it throws is the argument's fault: a proxy that was revoked, a getter that throws, another type. */
function readArgument<T>(operation: string, field: string, allowed: string, argument: unknown, read: () => T): T {
  try {
    return read()
  } catch {
    throw invalidArgument(operation, field, allowed, argument)
  }
}
