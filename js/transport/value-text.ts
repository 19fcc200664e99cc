// Writes a value of the caller as a text that the core reads (`src/edge/value.rs`). Getters may throw, proxies may
// lie, objects may contain themselves, strings may be huge or not valid Unicode.
//
// An object is written if it is no promise and `Object.prototype.toString` calls it an `Object`: a plain object, an
// instance of a class, or a proxy of one. A `Promise`, `Map` or `Date` has no fields to read, so it would be an empty
// request: it is unsupported, by its name.
//
// The text is JSON with two additions: `#` stands before the bits of a number that is not whole, and `!` before a
// letter that says why a value is unsupported.

/** The greatest depth that is read. The deepest value of the API is a body with a list of objects that contain an object of texts. */
const depthMax = 5

/** The length of the longest string that is read. No argument of the API is longer. */
const textMax = 65_536

/** The length of the longest list or object that is read. No argument of the API is longer. */
const itemsMax = 10_000

/** The greatest number of prototypes that are read. */
const prototypesMax = 64

/** What a field of an object is written as instead of its value. */
export type FieldText = (name: string, field: unknown) => string | undefined

/** Writes a value; an empty text for `undefined`. `fieldText` is asked for the fields of the value itself. */
export function valueText(value: unknown, fieldText?: FieldText): string {
  return textTo(value, depthMax, fieldText)
}

function textTo(value: unknown, depth: number, fieldText?: FieldText): string {
  switch (typeof value) {
    case 'undefined':
      return ''
    case 'string':
      return stringText(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'number':
      return numberText(value)
    case 'object':
      if (value === null) return 'null'
      break
    default:
      return kindText(typeof value)
  }
  if (depth === 0) return '!d'
  try {
    return Array.isArray(value) ? listText(value, depth - 1) : objectText(value, depth - 1, fieldText)
  } catch (thrown) {
    return `!t${quoted(describe(thrown))}`
  }
}

/** The characters that a JSON string holds as they are, without surrogates. */
const plain = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/

function quoted(text: string): string {
  return plain.test(text) ? `"${text}"` : JSON.stringify(text)
}

function stringText(text: string): string {
  if (text.length > textMax) return `!l${text.length}`
  if (plain.test(text)) return `"${text}"`
  return isWellFormed(text) ? JSON.stringify(text) : '!s'
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}

function numberText(number: number): string {
  if (Number.isSafeInteger(number) && !Object.is(number, -0)) return String(number)
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, number)
  return `#${bits.getBigUint64(0).toString(16).padStart(16, '0')}`
}

function kindText(kind: string): string {
  return `!k${quoted(kind)}`
}

function listText(list: unknown[], depth: number): string {
  const { length } = list
  if (length > itemsMax) return `!m${length}`
  const items: string[] = []
  for (let index = 0; index < length; index++) items.push(textTo(list[index], depth) || kindText('undefined'))
  return `[${items.join(',')}]`
}

function objectText(value: object, depth: number, fieldText?: FieldText): string {
  const name = nameOf(value)
  return name === 'Object' ? fieldsText(value, depth, fieldText) : kindText(name)
}

/** The name of an object. Whatever can be awaited is a `Promise`. */
function nameOf(value: object): string {
  if (typeof (value as { then?: unknown }).then === 'function') return 'Promise'
  const described = Object.prototype.toString.call(value)
  if (described === '[object Object]') return 'Object'
  // An object must not pass for a `function` by its name.
  return /^\[object ([A-Z].*)\]$/s.exec(described)?.[1] ?? 'object'
}

/** Writes the fields of an object, its prototypes' included. A method of a class is not a field. */
function fieldsText(value: object, depth: number, fieldText?: FieldText): string {
  const isUsual = isObjectLike(value)
  // Most objects have no prototype with further fields.
  const isOwn = Object.getPrototypeOf(value) === Object.prototype
  const known = isOwn ? undefined : new Set<string>()
  const fields: string[] = []
  let level: object | null = value
  for (let generation = 0; generation < prototypesMax; generation++) {
    const names = fieldNames(level)
    if (names.length > itemsMax) return `!m${names.length}`
    for (const name of names) {
      // The prototype of all objects of another realm has a getter named `__proto__`.
      if (known?.has(name) || (generation > 0 && name === '__proto__')) continue
      let field: unknown = (value as Record<string, unknown>)[name]
      if (name === 'headers' && isHeaders(field)) field = Object.fromEntries(field as Iterable<[string, unknown]>)
      const text = fieldText?.(name, field) ?? textTo(field, depth)
      if (text === '') continue
      known?.add(name)
      fields.push(`${nameText(name)}:${text}`)
    }
    level = isOwn ? null : (Object.getPrototypeOf(level) as object | null)
    if (level === null || (isUsual && !isObjectLike(level))) return `{${fields.join(',')}}`
  }
  return '!d'
}

function nameText(name: string): string {
  if (plain.test(name)) return `"${name}"`
  return JSON.stringify(isWellFormed(name) ? name : name.replace(/\p{Surrogate}/gu, '\ufffd'))
}

/** Whether a value inherits from `Object.prototype`. */
function isObjectLike(value: object): boolean {
  return Object.prototype.isPrototypeOf.call(Object.prototype, value)
}

/** The names of the fields that an object has itself: those that are enumerable, and those with a getter. */
function fieldNames(object: object): string[] {
  const fields = Object.keys(object)
  const names = Object.getOwnPropertyNames(object)
  if (names.length === fields.length || names.length > itemsMax) return fields
  const isGetter = (name: string) => typeof (lookupGetter.call(object, name) as unknown) === 'function'
  return [...fields, ...names.filter((name) => !fields.includes(name) && isGetter(name))]
}

/** The platform's own method, which an object of any realm can be asked with. */
const lookupGetter = (Object.prototype as unknown as { __lookupGetter__: (name: string) => unknown }).__lookupGetter__

/** Whether a value is a `Headers`: the platform's, or one of a package. A `Map` is none. */
function isHeaders(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || typeof (value as { entries?: unknown }).entries !== 'function') return false
  const name = nameOf(value)
  return name === 'Headers' || name === 'Object'
}

/** The message of what was thrown. */
function describe(thrown: unknown): string {
  try {
    const message = typeof thrown === 'object' && thrown !== null ? (thrown as { message?: unknown }).message : undefined
    return typeof message === 'string' ? message : String(thrown)
  } catch {
    return ''
  }
}
