// The functions that need no client and send nothing, and ask the core.
import type { BuiltRequest, FlexibleIP, Problem } from '../../build/client/flexip.js'
import { callCore } from '../transport/core.js'
import { redactionOf } from '../transport/redaction.js'
import { valueText } from '../transport/value-text.js'
import { type Operations, forEachOperation } from './operations.js'
import type { RequestDefaults } from './options.js'
import { secretsOfOptions } from './secrets.js'

const noSecrets = /* @__PURE__ */ redactionOf(() => [])
const redactionOfDefaults = (defaults: RequestDefaults | undefined) => redactionOf(() => secretsOfOptions(defaults))

/** One function for each operation. */
export type PerOperation<Result> = {
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
  (name) => (request: unknown, defaults?: RequestDefaults) => JSON.parse(callCore((module) => module.validate(name, valueText(request), valueText(defaults)), redactionOfDefaults(defaults))) as Problem[],
)

/**
 * Builds a request without sending it: method, URL, headers without the credentials, body.
 * Throws an `InvalidArgumentsError` if the request breaks a rule.
 */
export const buildRequest: PerOperation<BuiltRequest> = /* @__PURE__ */ forEachOperation(
  (name) => (request: unknown, defaults?: RequestDefaults) => JSON.parse(callCore((module) => module.buildRequest(name, valueText(request), valueText(defaults)), redactionOfDefaults(defaults))) as BuiltRequest,
)

/**
 * Whether the virtual MAC address of `source` may be duplicated to `destination`: both must be
 * attached to the same server. Returns no problem if so; otherwise one that names both servers.
 */
export function checkSameServer(source: FlexibleIP, destination: FlexibleIP): Problem[] {
  return JSON.parse(callCore((module) => module.checkSameServer(valueText(source), valueText(destination)), noSecrets)) as Problem[]
}
