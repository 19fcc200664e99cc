// Keeps secrets out of what leaves the library: messages, causes, bodies of refusals.
import { type Range, finderOf } from './spellings.js'

/** Takes secrets out of texts. */
export interface Redaction {
  /**
   * Replaces the secrets in a text of others, in every spelling. Clean before cutting a text, else the beginning
   * of a secret could stay.
   */
  clean(text: string): string
  /** The same for a text that the library wrote, where a very short secret is found in its own words. */
  cleanOwn(text: string): string
}

/** What stands for a secret. */
export const hidden = '[secret]'

/** The length of a secret that can be looked for among the library's own words. */
const ownMin = 3

/** Makes a redaction of these secrets. They are asked for at each text, because a function may give new keys. */
export function redactionOf(secrets: () => readonly string[]): Redaction {
  let known = ''
  let all: (text: string) => string = String
  let own: (text: string) => string = String
  const update = () => {
    const list = secrets().filter((secret) => secret !== '')
    const key = list.join('\n')
    if (key === known) return
    known = key
    all = replacerOf(list)
    own = replacerOf(list.filter((secret) => secret.length >= ownMin))
  }
  return {
    clean(text) {
      update()
      return withoutCredentials(all(text))
    },
    cleanOwn(text) {
      update()
      return withoutCredentials(own(text))
    },
  }
}

/** A text without these secrets, in any spelling. All else stays as it is. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return replacerOf(secrets)(text)
}

/** The latest replacers by their secrets: each call has its own redaction, and most calls have the same secrets. */
const replacers = new Map<string, (text: string) => string>()
const replacersMax = 4

function replacerOf(secrets: readonly string[]): (text: string) => string {
  if (secrets.length === 0) return String
  const place = secrets.join('\n')
  const replacer = replacers.get(place) ?? createReplacer(secrets)
  // The last used one goes to the end, and the first one goes.
  replacers.delete(place)
  replacers.set(place, replacer)
  for (const [oldest] of replacers) if (replacers.size > replacersMax) replacers.delete(oldest)
  return replacer
}

function createReplacer(secrets: readonly string[]): (text: string) => string {
  const find = finderOf([...new Set(secrets)])
  return (text) => withoutBeginnings(withoutRanges(text, find(text)), secrets)
}

/** Replaces parts of a text in one pass. Parts that overlap are replaced as one. */
function withoutRanges(text: string, ranges: readonly Range[]): string {
  if (ranges.length === 0) return text
  const parts: string[] = []
  let done = 0
  for (const [start, end] of [...ranges].sort(([one], [other]) => one - other)) {
    if (start >= done) parts.push(text.slice(done, start), hidden)
    done = Math.max(done, end)
  }
  return [...parts, text.slice(done)].join('')
}

/** The shortest beginning of a secret that is replaced. */
const beginningMin = 4

/** Values in messages are cut, with an ellipsis where they are. */
function withoutBeginnings(text: string, secrets: readonly string[]): string {
  if (!text.includes('…')) return text
  const [last = '', ...others] = text.split('…').reverse()
  const cut = others.map((part) => secrets.reduce(withoutBeginning, part))
  return [last, ...cut].reverse().join('…')
}

/** A text at whose end no beginning of a secret is. */
function withoutBeginning(text: string, secret: string): string {
  for (let length = Math.min(secret.length - 1, text.length); length >= beginningMin; length--) {
    if (text.endsWith(secret.slice(0, length))) return text.slice(0, -length) + hidden
  }
  return text
}

/** What is a credential by its place, whatever its value is: in a URL, or behind the name of a header or a parameter. */
const places: readonly RegExp[] = [
  /(\b[a-z][a-z\d+.-]{0,20}:\/\/)[^\s/?#@"'<>\\]+(?=@)/gi,
  /((?:[?&]|%3f|%26)[\w.~-]{0,40}(?:token|key|secret|passw(?:or)?d|signature|auth|credential)[\w.~-]{0,40}(?:=|%3d))[^&\s"'<>\\#]+/gi,
  /(\b(?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:[a-z]+ +)?)[^\s"',;\\]+/gi,
  /(\b(?:set-)?cookie["']?\s*[:=]\s*["']?)[^"'\r\n\\]+/gi,
  /(\bx-(?:auth|session|api)-(?:token|key)["']?\s*[:=]\s*["']?)[^\s"',;\\]+/gi,
  /(\b(?:bearer|basic) +)(?=[^\s"',;\\]*[\d=])[^\s"',;\\]{4,}/gi,
]

function withoutCredentials(text: string): string {
  return places.reduce((clean, place) => clean.replace(place, `$1${hidden}`), text)
}

/** The headers whose values are no secret, of all that can be set. */
const harmless = /^(?:accept.*|content-.*|user-agent|date|traceparent|x-request-id)$/i

/** The headers whose values are a secret however short they are. */
const credential = /auth|cookie|token|key|secret|session|passw|credential|signature/i

/** The length from which the value of any other header counts as a secret. */
const valueMin = 8

/** The length from which a part of a cookie counts as a secret: a shorter one is in other words by chance. */
const crumbMin = 4

/** The secrets in the headers of a request: the values, and the parts of them that can be repeated alone. */
export function secretsOf(headers: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    if (typeof value !== 'string' || harmless.test(name)) return []
    if (!credential.test(name)) return value.length < valueMin ? [] : [value]
    const [, scheme = '', rest = ''] = /^([A-Za-z][\w-]*) +(.+)$/.exec(value) ?? []
    const basic = /^basic$/i.test(scheme) ? decoded(rest) : ''
    const crumbs = /cookie/i.test(name) ? value.split(/; */).map((crumb) => crumb.slice(crumb.indexOf('=') + 1)).filter((crumb) => crumb.length >= crumbMin) : []
    return [value, rest, basic, basic.slice(basic.indexOf(':') + 1), ...crumbs].filter((part) => part !== '')
  })
}

function decoded(digits: string): string {
  try {
    return atob(digits)
  } catch {
    return ''
  }
}

/** How deep a value is cleaned. The deepest of the API is a page, or a refusal with details. */
const depthMax = 12

/** What stands for a deeper value: it may have secrets, and what writes it as JSON might not reach its end. */
const tooDeep = '[too deep]'

/** The words of a refusal by which its kind is known. */
const words: readonly string[] = ['type', 'resource', 'resource_id']

/** A copy of plain data with `clean` applied to its texts. Other objects, such as errors, stay as they are. */
export function cleanDeep(value: unknown, clean: (text: string) => string, cleanNames: (text: string) => string = String, depth = depthMax): unknown {
  if (typeof value === 'string') return clean(value)
  if (typeof value === 'number') return clean(`${value}`) === `${value}` ? value : clean(`${value}`)
  if (typeof value !== 'object' || value === null) return value
  if (depth === 0) return tooDeep
  // A text comes back as a list of its bytes or characters too.
  const parts = partsOf(value)
  if (parts !== undefined && clean(parts) !== parts) return clean(parts)
  if (Array.isArray(value)) return value.map((item) => cleanDeep(item, clean, cleanNames, depth - 1))
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [cleanNames(name), cleanDeep(item, clean, cleanNames, depth - 1)]))
}

/** What the numbers or single characters of a list say together, or of an object with numbers as names. */
function partsOf(value: object): string | undefined {
  const names = Object.keys(value)
  if (!Array.isArray(value) && names.some((name) => !/^\d+$/.test(name))) return undefined
  const items: unknown[] = Object.values(value)
  if (items.length < 2) return undefined
  if (items.every((item) => typeof item === 'number')) return items.join()
  return items.every((item) => typeof item === 'string' && item.length === 1) ? items.join('') : undefined
}

/** A copy of a body without secrets. A very short one is not looked for in names, nor in the words of a refusal. */
export function cleanBody(body: unknown, { clean, cleanOwn }: Redaction): unknown {
  const shown = cleanDeep(body, clean, cleanOwn)
  if (typeof shown !== 'object' || shown === null || Array.isArray(shown)) return shown
  const fields = body as Readonly<Record<string, unknown>>
  const ofKind = words.filter((name) => typeof fields[name] === 'string').map((name) => [name, cleanOwn(fields[name] as string)])
  return { ...shown, ...(Object.fromEntries(ofKind) as object) }
}
