// The lines of a log. Each line is one batch of records, which were synced together before their responses were sent.
//
//   <first 16 digits of the SHA-256 of the JSON> [record, record, …]
import { isUtf8 } from 'node:buffer'
import type { ControlCall, EmulatorInput } from '../../emulator/host.js'
import { sha256 } from './files.js'
import type { WithoutSecrets } from './without-secrets.js'

/** An input in the log. Of a response it has the status, and of a success the checksum, to compare with at replay. */
export type LogRecord =
  | { at: number; method: string; target: string; body?: string; base64?: string; status: number; sum?: string }
  | { at: number; call: ControlCall; args: readonly unknown[] }

export function recordOf(input: EmulatorInput, secrets: WithoutSecrets): LogRecord {
  if ('call' in input) return input
  const { at, method, body, response } = input
  const { status } = response
  // A query changes no state, and may hold a key. Neither it nor the body of an unauthenticated request goes to disk.
  const target = secrets.path(input.target.split('?', 1)[0] ?? '', status)
  const request = { at, method, target, ...(status !== 401 && encodeBody(secrets.body(body))), status }
  return method !== 'GET' && status < 300 ? { ...request, sum: checksum(response.body) } : request
}

export function inputOf(record: LogRecord): EmulatorInput {
  if ('call' in record) return record
  const { at, method, target, body, base64, status } = record
  const bytes = base64 !== undefined ? Buffer.from(base64, 'base64') : Buffer.from(body ?? '')
  return { at, method, target, body: bytes, response: { status, body: new Uint8Array(0) } }
}

/**
 * Whether a replayed response is that of the record. Of a refusal only the status is compared, since its text may
 * change. Of a read nothing is compared: it depends on the query and the headers, which the log does not have.
 */
export function isSameResponse(record: LogRecord, response: { status: number; body: Uint8Array }): boolean {
  return !('status' in record) || record.method === 'GET' || (response.status === record.status && (record.sum === undefined || record.sum === checksum(response.body)))
}

export function writeLine(json: string): string {
  return `${checksum(json)} ${json}\n`
}

/** Parses a line, without its line feed. Returns `undefined` if it is damaged. */
export function readLine(line: string): unknown {
  const json = line.slice(17)
  return line[16] === ' ' && checksum(json) === line.slice(0, 16) ? JSON.parse(json) : undefined
}

function checksum(data: string | Uint8Array): string {
  return sha256(data).slice(0, 16)
}

function encodeBody(body: Uint8Array): { body?: string; base64?: string } {
  if (body.length === 0) return {}
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.length)
  return isUtf8(buffer) ? { body: buffer.toString() } : { base64: buffer.toString('base64') }
}
