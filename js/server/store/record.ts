// The lines of a log. Each is one batch of inputs: what was synced together, and answered after that.
//
//   <16 digits of the SHA-256 of the rest> [input, input, …]
import { isUtf8 } from 'node:buffer'
import type { Calls, Input } from '../../emulation.js'
import { sha256 } from './files.js'

/** An input as it is written. Of an answer there is as much as shows whether it comes about again. */
export type Record =
  | { at: number; method: string; target: string; body?: string; base64?: string; status: number; sum?: string }
  | { at: number; call: keyof Calls; args: readonly unknown[] }

export function recordOf(input: Input): Record {
  if ('call' in input) return input
  const { at, method, body, answer } = input
  const { status } = answer
  // A query changes nothing; who put a key there does not want it on the disk. A request that was not let in, neither.
  const target = input.target.split('?', 1)[0] ?? ''
  const request = { at, method, target, ...(status !== 401 && written(body)), status }
  return method !== 'GET' && status < 300 ? { ...request, sum: sumOf(answer.body) } : request
}

export function inputOf(record: Record): Input {
  if ('call' in record) return record
  const { at, method, target, body, base64, status } = record
  const bytes = base64 !== undefined ? Buffer.from(base64, 'base64') : Buffer.from(body ?? '')
  return { at, method, target, body: bytes, answer: { status, body: new Uint8Array(0) } }
}

/** Of refusals only the status counts: how they look may change. */
export function sumOf(body: Uint8Array): string {
  return sha256(body).slice(0, 16)
}

export function line(json: string): string {
  return `${sha256(json).slice(0, 16)} ${json}\n`
}

/** What stands in a line, without its end; `undefined` if it is damaged. */
export function readLine(text: string): unknown {
  const json = text.slice(17)
  return text[16] === ' ' && sha256(json).slice(0, 16) === text.slice(0, 16) ? JSON.parse(json) : undefined
}

function written(body: Uint8Array): { body?: string; base64?: string } {
  if (body.length === 0) return {}
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.length)
  return isUtf8(buffer) ? { body: buffer.toString() } : { base64: buffer.toString('base64') }
}
