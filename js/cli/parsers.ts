// The values of arguments and options.
import { InvalidArgumentError } from 'commander'

/** The zones that have flexible IPs. */
export const zones = ['fr-par-1', 'fr-par-2', 'nl-ams-1', 'nl-ams-2', 'pl-waw-2', 'pl-waw-3']

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether a text is an id. */
export function isId(text: string): boolean {
  return uuid.test(text)
}

export function parseWhole(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < min || value > max) throw new InvalidArgumentError(`Allowed is a whole number from ${min} to ${max}.`)
    return value
  }
}

export function parseUrl(text: string): string {
  try {
    const { protocol, username, password } = new URL(text)
    if (username !== '' || password !== '') throw new InvalidArgumentError('Other users can see the arguments of a command, so a password does not belong there.')
    if ((protocol === 'http:' || protocol === 'https:') && !text.endsWith('/')) return text
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw error
  }
  throw new InvalidArgumentError('Allowed is a URL without a final slash, such as http://127.0.0.1:4010.')
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** The longest duration, in milliseconds: a timer cannot wait longer than about 24 days. */
const longest = 24 * 3_600_000

/** Reads a duration into milliseconds. A number alone counts seconds. */
export function parseDuration(text: string): number {
  const [, number = '', unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text) ?? []
  const ms = Math.round(Number(number) * (units[unit] ?? NaN))
  if (number === '' || ms < 1 || ms > longest) throw new InvalidArgumentError('Allowed is a duration from 1ms to 24h, such as 500ms, 90s, 5m or 1h.')
  return ms
}

/** Collects the values of an option that may be repeated. */
export function collect(text: string, previous: readonly string[] = []): string[] {
  return [...previous, text]
}

export function parseText(text: string): string {
  if (text === '') throw new InvalidArgumentError('Allowed is a text that is not empty.')
  return text
}

export function parseTags(text: string, previous: readonly string[] = []): string[] {
  if (text === '') throw new InvalidArgumentError('Allowed is a tag, not an empty text.')
  return [...previous, text]
}

/** Adds a setting to the previous ones. A value that is not JSON is a string. */
export function parseSetting(text: string, previous: Record<string, unknown>): Record<string, unknown> {
  const [, name = '', value = ''] = /^([A-Za-z0-9]+)=(.*)$/s.exec(text) ?? []
  if (name === '') throw new InvalidArgumentError('Allowed is a name, an equals sign and a value, such as quota=10.')
  if (/secret|token$/i.test(name) && name !== 'requireToken') throw new InvalidArgumentError('Other users can see the arguments of a command, so secrets do not belong there: use FLEXIP_SECRET_KEY.')
  try {
    return { ...previous, [name]: JSON.parse(value) as unknown }
  } catch {
    return { ...previous, [name]: value }
  }
}
