// What callers pass in, checked and copied where it enters: no later change of theirs can reach the emulator or its log.
import type { FaultRule, Timing } from '../../build/emulator/flexip.js'
import { ConfigurationError } from '../errors/index.js'
import { defaultStart, latest } from './clock.js'

/** How deep a value may be nested. The core reads no more. */
const maxDepth = 64

/** A server that exists from the start. */
export interface FirstServer {
  /** The zone of the server. */
  zone: string
  /** Its name. `server` if absent. */
  name?: string
}

/** The options of an emulator, with the settings of the core apart from the others. */
export interface ReadOptions {
  settings: object
  clock: 'real' | 'manual'
  startsAt: Date
  servers: readonly FirstServer[]
  faults: readonly FaultRule[]
}

/** Reads the options of an emulator. Throws a `ConfigurationError` that names what is wrong. */
export function readOptions(options: unknown): ReadOptions {
  const { clock = 'real', startsAt = new Date(defaultStart), servers = [], faults = [], ...settings } = copyOptions(options)
  return { settings, clock, startsAt, servers, faults }
}

/** Checks and copies the options that are set. */
export function copyOptions(options: unknown): Partial<ReadOptions> {
  return reading('the options', () => copySetOptions(options))
}

/** What `read` returns. Reading a getter or a proxy of the caller may throw: that is a `ConfigurationError` too. Its message does not repeat what was thrown, which may hold a secret. */
function reading<T>(name: string, read: () => T): T {
  try {
    return read()
  } catch (thrown) {
    if (thrown instanceof ConfigurationError) throw thrown
    throw new ConfigurationError(`${name} cannot be read: reading it threw an error`)
  }
}

function copySetOptions(options: unknown): Partial<ReadOptions> {
  const { clock, startsAt, servers, faults, secretKey, sessionToken, ...settings } = asObject(options, 'the options')
  // A message must not show a secret.
  const secrets = Object.entries({ secretKey, sessionToken }).filter(([, secret]) => secret !== undefined)
  for (const [name, secret] of secrets) if (typeof secret !== 'string') throw new ConfigurationError(`${name} must be a string`)
  // As of a client. The core refuses one at the beginning or the end.
  for (const [name, secret] of secrets) if ((secret as string).trim().includes(' ')) throw new ConfigurationError(`${name} must have no spaces: no client sends such a key`)
  return {
    ...(plainCopy({ ...settings }, '') as object),
    ...(settings.timing !== undefined && { timing: asTiming(settings.timing) }),
    ...Object.fromEntries(secrets),
    ...(clock !== undefined && { clock: asChoice(clock, 'clock', ['real', 'manual']) }),
    ...(startsAt !== undefined && { startsAt: asDate(startsAt, 'startsAt') }),
    ...(servers !== undefined && { servers: asServers(servers) }),
    ...(faults !== undefined && { faults: asFaults(faults) }),
  }
}

/** Copies a value as JSON has it. Throws a `ConfigurationError` that names the place of what JSON has not, such as NaN. */
export function plainCopy(value: unknown, name: string, depth = 0): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (depth > maxDepth) throw new ConfigurationError(`${name.slice(0, 40)}… is nested more than ${maxDepth} deep`)
  if (Array.isArray(value)) return Array.from(value, (item, index) => plainCopy(item, `${name}[${index}]`, depth + 1))
  if (typeof value === 'object' && Object.prototype.toString.call(value) === '[object Object]') {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined)
    return Object.fromEntries(fields.map(([key, field]) => [key, plainCopy(field, name === '' ? key : `${name}.${key}`, depth + 1)]))
  }
  throw new ConfigurationError(`${name} must be a finite number, a string, a boolean, null, a list or a plain object; found ${describe(value)}`)
}

export function asString(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new ConfigurationError(`${name} must be a string; found ${describe(value)}`)
  return value
}

export function asNumber(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new ConfigurationError(`${name} must be a finite number; found ${describe(value)}`)
  return value
}

export function asObject(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ConfigurationError(`${name} must be an object; found ${describe(value)}`)
  return value as Record<string, unknown>
}

function asServers(value: unknown): FirstServer[] {
  if (!Array.isArray(value)) throw new ConfigurationError(`servers must be a list of {zone, name?}; found ${describe(value)}`)
  return value.map((server: unknown, index) => {
    const { zone, name } = asServer(server, `servers[${index}]`)
    return { zone: asString(zone, `servers[${index}].zone`), ...(name !== undefined && { name: asString(name, `servers[${index}].name`) }) }
  })
}

function asFaults(value: unknown): FaultRule[] {
  if (!Array.isArray(value)) throw new ConfigurationError(`faults must be a list of fault rules; found ${describe(value)}`)
  return value.map((rule: unknown, index) => asRule(rule, `faults[${index}]`))
}

/** Headers of the connection, and of how long the body is. What a fault says of them would contradict what is sent. */
const connectionHeader = /^(?:content-length|transfer-encoding|connection|keep-alive|proxy-.*|trailer|te|upgrade|expect)$/i

/** Checks and copies a fault rule, as far as the core would read another rule from it, or the response would break. */
export function asRule(value: unknown, name: string): FaultRule {
  const rule = reading(name, () => asObject(plainCopy(value, name), name))
  const place = `${name}.fault`
  refuseLists(rule, name, [`${place}.tear.fipsIds`, `${place}.status.body`])
  for (const [kind, fields] of Object.entries(isObject(rule.fault) ? rule.fault : {})) {
    if (fields === null) throw new ConfigurationError(`${place}.${kind} must not be null: a fault without fields is its name, '${kind}'`)
    const headers = kind === 'status' && isObject(fields) && isObject(fields.headers) ? Object.keys(fields.headers) : []
    if (headers.some((header) => /^content-encoding$/i.test(header))) throw new ConfigurationError(`${place}.status.headers must not have Content-Encoding: no client could read the body, which is sent as it is; the fault gzip compresses one`)
    const refused = headers.find((header) => connectionHeader.test(header))
    if (refused !== undefined) throw new ConfigurationError(`${place}.status.headers must not have ${refused}: it belongs to the connection; the faults truncate, chunked and gzip change how a body is sent`)
  }
  return rule as unknown as FaultRule
}

/** Checks and copies a timing. The core would take a list for an object, by the order of its fields. */
export function asTiming(value: unknown): Timing {
  const timing = reading('timing', () => plainCopy(value, 'timing'))
  if (Array.isArray(timing)) throw new ConfigurationError(`timing must be 'instant', 'recorded' or an object with the milliseconds of each transition; found a list`)
  return timing as Timing
}

/** Checks the names of the fields of a server, and copies it. A server of another emulator has an id too, which the new one does not get. */
export function asServer(value: unknown, name: string): Record<string, unknown> {
  const server = reading(name, () => ({ ...asObject(value, name) }))
  const unknown = Object.keys(server).find((field) => !['zone', 'name', 'id'].includes(field))
  if (unknown !== undefined) throw new ConfigurationError(`${name} has no field ${unknown}; there are zone and name`)
  return server
}

/** Refuses a list where the core expects an object, whose fields it would take from the list in their order. */
function refuseLists(value: unknown, place: string, allowed: readonly string[]): void {
  if (allowed.includes(place)) return
  if (Array.isArray(value)) throw new ConfigurationError(`${place} must not be a list`)
  if (isObject(value)) for (const [name, field] of Object.entries(value)) refuseLists(field, `${place}.${name}`, allowed)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asChoice<Choice extends string>(value: unknown, name: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((choice) => choice === value)
  if (choice === undefined) throw new ConfigurationError(`${name} must be ${choices.map((choice) => `'${choice}'`).join(' or ')}; found ${describe(value)}`)
  return choice
}

function asDate(value: unknown, name: string): Date {
  // A Date of another realm, such as a test's, is no instance of this one.
  const at = Object.prototype.toString.call(value) === '[object Date]' ? Number(value) : undefined
  if (at === undefined || !(at >= 0 && at <= latest)) throw new ConfigurationError(`${name} must be a Date from 1970 to ${new Date(latest).toISOString()}; found ${describe(value)}`)
  return new Date(at)
}

/** Describes a value for a message, in a few words. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string') return value.length > 60 ? `"${value.slice(0, 60)}…"` : `"${value}"`
  if (typeof value === 'object' && value !== null) {
    const tag = Object.prototype.toString.call(value).slice(8, -1)
    return tag === 'Date' ? (Number.isNaN(Number(value)) ? 'an invalid Date' : new Date(Number(value)).toISOString()) : `an object (${tag})`
  }
  return typeof value === 'function' ? 'a function' : String(value)
}
