// The lines of a session file: one recorded exchange each, as JSON.
import { readFileSync } from 'node:fs'
import { ConfigurationError } from '../../errors/index.js'
import { fractionOf } from './mapping.js'
import { isTooDeep, maxDepth } from './redaction.js'

/** A recorded exchange, without secrets. */
export interface Row {
  /** When the response was received, in RFC 3339. */
  at: string
  method: string
  path: string
  /** The query, without its question mark. */
  query: string
  /** The names of the headers with which the request authenticated itself, in lower case. */
  auth: string[]
  /** The JSON of the request's body; null if there is none. */
  request: unknown
  /** The body of the request, if it is not JSON. */
  request_text?: string
  status: number
  content_type: string
  /** The body of the response. */
  response: string
}

/** A row and the number of its line, from 1. */
export interface NumberedRow extends Row {
  line: number
}

/** Reads a session. Throws a `ConfigurationError` with the file, the line and the field when a row is invalid. */
export function readSession(path: string): NumberedRow[] {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigurationError(`${path} cannot be read: ${(error as Error).message}`)
  }
  const lines = text.split('\n').map((json, index) => ({ json, line: index + 1 }))
  return lines.filter(({ json }) => json.trim() !== '').map(({ json, line }) => ({ ...readRow(json, `${path}:${line}`), line }))
}

function readRow(json: string, place: string): Row {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    throw new ConfigurationError(`${place}: the line is not JSON: ${(error as Error).message}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ConfigurationError(`${place}: the line must be an object; found ${json.slice(0, 40)}`)
  const row = value as Record<string, unknown>
  if (isTooDeep(row) || isTooDeepText(row.response) || isTooDeepText(row.request_text)) throw new ConfigurationError(`${place}: the line, a request or a response in it is JSON that is nested more than ${maxDepth} deep`)
  const field = (name: string, isValid: (value: unknown) => boolean, allowed: string): void => {
    if (!isValid(row[name])) throw new ConfigurationError(`${place}: ${name} must be ${allowed}; found ${JSON.stringify(row[name]) ?? 'nothing'}`)
  }
  const isText = (value: unknown): boolean => typeof value === 'string'
  field('at', (value) => value === undefined || (isText(value) && fractionOf(value as string) !== undefined), 'a date in RFC 3339, in UTC')
  field('method', (value) => isText(value) && /^[A-Z]+$/.test(value as string), 'a method in capitals')
  field('path', (value) => isText(value) && /^\/[!-~]*$/.test(value as string), 'a path that begins with a slash')
  field('query', (value) => value === undefined || isText(value), 'a string')
  field('auth', (value) => value === undefined || (Array.isArray(value) && value.every(isText)), 'a list of names of headers')
  field('status', (value) => Number.isInteger(value) && (value as number) >= 200 && (value as number) <= 599, 'a whole number from 200 to 599')
  for (const name of ['response', 'content_type', 'request_text']) field(name, (value) => value === undefined || isText(value), 'a string')
  return { at: '', query: '', auth: ['x-auth-token'], request: null, content_type: '', response: '', ...row } as Row
}

function isTooDeepText(text: unknown): boolean {
  try {
    return typeof text === 'string' && isTooDeep(JSON.parse(text))
  } catch {
    return false
  }
}
