// Replaces secrets and ids in recorded texts.
//
// Every UUID is replaced, since a secret key is one too, and an id shows a tenant's resources. The same UUID gives the
// same stand-in everywhere, in every spelling. Other secrets are removed. Each text is read once: what replaces
// something is not read again.

const secretHeaders = ['x-auth-token', 'x-session-token', 'x-api-key', 'authorization', 'proxy-authorization', 'cookie', 'set-cookie']
const removed = '[removed]'

/** The length from which on a text is a secret. A shorter one would occur everywhere. */
export const leastSecret = 4

/** What can stand between the groups of a UUID: a character that is no letter or digit, also percent-encoded or escaped. */
const separator = '(?:%(?:25)*[c-f][0-9a-f](?:%(?:25)*[89ab][0-9a-f])+|\\\\+u[0-9a-f]{4}|[^0-9a-z])'

/** How many separators can stand between two groups of any UUID, such as a hyphen between spaces. */
const betweenGroups = `${separator}{0,4}`

/** How many separators can stand between two digits of a known secret, such as those of a list of characters in JSON, indented. */
const betweenDigits = `${separator}{0,32}`

/** A UUID with hyphens, with some of them, with other separators or without any; a JSON Web Token; an access key of Scaleway. */
const shapes = [`[0-9a-f]{8}(?:${betweenGroups}[0-9a-f]{4}){3}${betweenGroups}[0-9a-f]{12}`, 'eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]*', 'SCW[0-9a-z]{17}']

/**
 * A character of ASCII that is percent-encoded, also several times over; a character, or the half of one, that is escaped
 * as in JSON; a slash that some programs escape.
 */
const encoded = '%(?:25)*([0-7][0-9a-f])|\\\\+u([0-9a-f]{4})|\\\\+(/)'

export class Redaction {
  readonly #standIns = new Map<string, string>()
  readonly #secrets = new Set<string>()
  /** The bytes of the secrets in UTF-8, each as a character, in small letters. */
  #secretBytes: string[] = []
  #pattern = patternOf([])

  /** Remembers the secrets that a request's headers have. Returns the names of these headers. */
  learn(headers: NodeJS.Dict<string | string[]>): string[] {
    const names = secretHeaders.filter((name) => headers[name] !== undefined)
    this.add(names.flatMap((name) => secretsOf(name, [headers[name] ?? ''].flat().join('; '))))
    return names
  }

  /** Remembers the values of the cookies that a response sets, each with its attributes. */
  learnCookies(cookies: string[]): void {
    this.add(cookies.map((cookie) => (cookie.split(';', 1)[0] ?? '').replace(/^[^=]*=/, '').replace(/^\s*"?|"?\s*$/g, '')))
  }

  /** Remembers these secrets. */
  add(secrets: string[]): void {
    const count = this.#secrets.size
    for (const secret of secrets) if (secret.length >= leastSecret) this.#secrets.add(secret)
    if (this.#secrets.size === count) return
    this.#pattern = patternOf([...this.#secrets])
    this.#secretBytes = Array.from(this.#secrets, (secret) => Buffer.from(secret).toString('latin1').toLowerCase())
  }

  /** A text without secrets and ids, however their characters are encoded. */
  text(text: string): string {
    const { decoded, startOf } = decode(text)
    const places = [...decoded.matchAll(this.#pattern)].map(({ 0: found, index }) => ({ from: index, to: index + found.length, found }))
    places.push(...this.#placesInBase64(decoded))
    places.sort((one, other) => one.from - other.from)
    let [clean, end] = ['', 0]
    for (const { from, to, found } of places) {
      // Places that overlap are replaced once.
      if (from >= end) clean += text.slice(startOf(end), startOf(from)) + this.#replacement(found, (at) => text.slice(startOf(from + at), startOf(from + at + 1)))
      end = Math.max(end, to)
    }
    return clean + text.slice(startOf(end))
  }

  /** Where secrets are within base64, such as that of `user:secret`: the characters that have a part of one. */
  #placesInBase64(text: string): { from: number; to: number; found: string }[] {
    const places: { from: number; to: number; found: string }[] = []
    for (const { 0: token, index } of text.matchAll(/[\w+/-]{6,}/g)) {
      // What is before the base64 may be of the same characters.
      for (let first = 0; first < 4; first++) {
        const bytes = Buffer.from(token.slice(first), 'base64').toString('latin1').toLowerCase()
        for (const secret of this.#secretBytes) {
          for (let at = bytes.indexOf(secret); at >= 0; at = bytes.indexOf(secret, at + 1)) {
            const start = index + first
            places.push({ from: start + Math.floor((at * 8) / 6), to: start + Math.ceil(((at + secret.length) * 8) / 6), found: '' })
          }
        }
      }
    }
    return places
  }

  /** The digits of the stand-in, between the separators of the UUID. `spelled` gives the spelling of a character in the text. */
  #replacement(found: string, spelled: (at: number) => string): string {
    const hex = found.replaceAll(new RegExp(separator, 'gi'), '').toLowerCase()
    if (!/^[0-9a-f]{32}$/.test(hex)) return removed
    const digits = this.#standIn(hex).replaceAll('-', '')
    let next = 0
    // A hyphen is decoded, since a replay compares ids as they are. Others, such as a line feed, stay encoded.
    const between = (unit: string, at: number): string => (/^[-_]$/.test(unit) ? unit : [...unit.split('').keys()].map((index) => spelled(at + index)).join(''))
    return found.replaceAll(new RegExp(`(${separator})|[^]`, 'gi'), (_, unit: string | undefined, at: number) => (unit === undefined ? digits.charAt(next++) : between(unit, at)))
  }

  /** A JSON value with all its strings and keys redacted. */
  value(value: unknown): unknown {
    if (typeof value === 'string') return this.text(value)
    if (Array.isArray(value)) return value.map((item) => this.value(item))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [this.text(key), this.value(field)]))
  }

  /** A body: as JSON if it is JSON, so that no escape hides a secret, else as text. */
  body(text: string): string {
    const value = parse(text)
    return value === undefined ? this.text(text) : JSON.stringify(this.value(value))
  }

  #standIn(hex: string): string {
    const known = this.#standIns.get(hex)
    if (known !== undefined) return known
    // No letters, so that upper and lower case do not differ. Version 4, as the service's.
    const standIn = `00000000-0000-4000-8000-${String(this.#standIns.size + 1).padStart(12, '0')}`
    this.#standIns.set(hex, standIn)
    return standIn
  }
}

/** The deepest JSON that is read. A deeper one would end the stack. */
export const maxDepth = 100

/** Parses JSON. Returns `undefined` if the text is not JSON, or too deep. */
export function parse(text: string): unknown {
  try {
    const value = JSON.parse(text) as unknown
    return isTooDeep(value) ? undefined : value
  } catch {
    return undefined
  }
}

export function isTooDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false
  return depth === maxDepth || Object.values(value).some((field) => isTooDeep(field, depth + 1))
}

/** The secrets in the value of a header: the whole value, and its parts after a scheme or a name. */
function secretsOf(name: string, value: string): string[] {
  if (name === 'cookie' || name === 'set-cookie') return value.split(/; */).flatMap((cookie) => [cookie, cookie.replace(/^[^=]*=/, '')])
  const token = value.replace(/^\w+ +/, '')
  const decoded = /^basic /i.test(value) ? Buffer.from(token, 'base64').toString() : ''
  return [value, token, decoded, ...decoded.split(':').slice(1)]
}

/** The pattern of all shapes, and of these secrets as they are, percent-encoded, escaped or in base64. */
function patternOf(secrets: string[]): RegExp {
  const spellings = secrets.flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('base64'), ...base64Within(secret)])
  // As they are after the decoding of what can be decoded, too.
  spellings.push(...spellings.map((spelling) => decode(spelling).decoded))
  // The longest first, so that of two secrets that begin alike none leaves a rest.
  const texts = [...new Set(spellings)].sort((one, other) => other.length - one.length)
  // A secret that is a UUID, with separators anywhere.
  const digits = secrets.map((secret) => secret.replaceAll(/[-_]/g, '')).filter((hex) => /^[0-9a-f]{32}$/i.test(hex))
  const uuids = digits.map((hex) => hex.split('').join(betweenDigits))
  return new RegExp([...texts.map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')), ...uuids, ...shapes].join('|'), 'gi')
}

/** The length from which on a part of base64 shows a secret. A shorter part would occur in other words. */
const leastBase64 = 12

/** A secret within longer base64, such as that of `user:secret`: the characters that no byte beside it changes. */
function base64Within(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const parts = [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes])
    return whole.toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor((whole.length * 8) / 6))
  })
  // The second spelling is that for URLs.
  return parts.filter(({ length }) => length >= leastBase64).flatMap((part) => [part, part.replaceAll('+', '-').replaceAll('/', '_')])
}

/** Decodes the encoded characters, until none is left. `startOf`: where in the text a character of `decoded` begins. */
function decode(text: string): { decoded: string; startOf: (at: number) => number } {
  let [decoded, starts]: [string, number[] | undefined] = [text, undefined]
  while (new RegExp(encoded, 'i').test(decoded)) {
    const [before, next]: [number[] | undefined, number[]] = [starts, []]
    decoded = decoded.replace(new RegExp(`${encoded}|[^]`, 'gi'), (unit: string, ascii: string | undefined, escaped: string | undefined, slash: string | undefined, at: number) => {
      next.push(before?.[at] ?? at)
      const hex = ascii ?? escaped
      return hex === undefined ? (slash ?? unit) : String.fromCharCode(parseInt(hex, 16))
    })
    starts = next
  }
  const ofDecoded = starts
  return { decoded, startOf: (at) => (ofDecoded ? (ofDecoded[at] ?? text.length) : at) }
}
