// What `fetch`, a key function or the platform threw. Such a value may hold anything, so that only a copy of it
// leaves the library.

import type { Redaction } from './redaction.js'
import { shorten } from './shorten.js'

/** How deep causes of causes are read, and how many errors are read of a list and copied in all. */
const depthMax = 5
const errorsMax = 10
const copiesMax = 20

/** The most characters of a message, and of a stack, which contains the message. */
const textMax = 500
const stackMax = 2000

/** Copies what was thrown: name, message, code, stack, causes and errors. `clean` takes the secrets out of a text. */
export function copyError(thrown: unknown, clean: Redaction['clean']): Error {
  let copies = 0
  const copy = (thrown: unknown, depth: number): Error => {
    copies++
    return copyOne(thrown, clean, depth === 0 || copies > copiesMax ? undefined : (inner) => copy(inner, depth - 1))
  }
  return copy(thrown, depthMax)
}

/** Copies one error, and with `copyInner` what it contains. */
function copyOne(thrown: unknown, clean: Redaction['clean'], copyInner: ((inner: unknown) => Error) | undefined): Error {
  const short = (text: string, max = textMax) => shorten(clean(text), max)
  const copy = new Error(short(textOf(thrown)))
  const set = (name: string, value: unknown, enumerable = false) => Object.defineProperty(copy, name, { value, enumerable, writable: true, configurable: true })
  const [name, stack, code, cause, errors] = ['name', 'stack', 'code', 'cause', 'errors'].map((field) => read(thrown, field))
  if (typeof name === 'string' && typeof thrown !== 'function') set('name', short(name))
  // The stack of the copy would lead here.
  set('stack', typeof stack === 'string' ? short(stack, stackMax) : `${copy}`)
  if (typeof code === 'string') set('code', short(code), true)
  if (typeof code === 'number') set('code', code, true)
  if (!copyInner) return copy
  if (cause !== undefined) set('cause', copyInner(cause))
  const list = listOf(errors)
  if (list) set('errors', list.map(copyInner))
  return copy
}

/** The message of anything that was thrown, with the message or the code of its cause. */
export function messageOf(thrown: unknown): string {
  const cause = read(thrown, 'cause')
  const because = read(cause, 'message') || read(cause, 'code')
  return because ? `${textOf(thrown)}: ${textOf(because)}` : textOf(thrown)
}

/** The codes of errors before anything is sent; `configuration` is that of the emulator where a global is missing. */
const unsentCodes = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED', 'ERR_INVALID_URL', 'configuration']

/** Whether an error says that no request was sent. Of several errors, one for each address, all must say so. */
export function isUnsent(thrown: unknown, depth = depthMax): boolean {
  if (depth === 0) return false
  const errors = listOf(read(thrown, 'errors'))
  if (errors?.length) return errors.every((error) => isUnsent(error, depth - 1))
  const code = read(thrown, 'code')
  if (typeof code === 'string') return unsentCodes.includes(code)
  const cause = read(thrown, 'cause')
  return cause !== undefined && isUnsent(cause, depth - 1)
}

function textOf(thrown: unknown): string {
  const message = read(thrown, 'message')
  if (typeof message === 'string' && message) return message
  try {
    return String(thrown)
  } catch {
    return 'something that has no text'
  }
}

function listOf(value: unknown): unknown[] | undefined {
  try {
    return Array.isArray(value) ? Array.from({ length: Math.min(value.length, errorsMax) }, (_, index) => read(value, `${index}`)) : undefined
  } catch {
    // A revoked proxy.
    return undefined
  }
}

/** A field of anything; `undefined` where there is none or where reading it throws. */
function read(value: unknown, field: string): unknown {
  try {
    return (value as Record<string, unknown> | undefined)?.[field]
  } catch {
    return undefined
  }
}
