// Replaces secrets and ids in recorded texts.
//
// Every UUID is replaced, since a secret key is one too, and an id shows a tenant's resources. The same UUID gives the
// same stand-in everywhere, in every spelling. Other secrets are removed. Each text is read once: what replaces
// something is not read again.

const secretHeaders = ['x-auth-token', 'x-session-token', 'authorization', 'proxy-authorization', 'cookie']
const removed = '[removed]'

/** A UUID with hyphens, which may be percent-encoded, or without; a JSON Web Token; an access key of Scaleway. */
const shapes = ['[0-9a-f]{8}(?:(?:-|%2d)[0-9a-f]{4}){3}(?:-|%2d)[0-9a-f]{12}', '[0-9a-f]{32}', 'eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]*', 'SCW[0-9a-z]{17}']

export class Redaction {
  readonly #standIns = new Map<string, string>()
  readonly #secrets = new Set<string>()
  #pattern = patternOf([])

  /** Remembers the secrets that a request's headers have. Returns the names of these headers. */
  learn(headers: NodeJS.Dict<string | string[]>): string[] {
    const names = secretHeaders.filter((name) => headers[name] !== undefined)
    this.add(names.flatMap((name) => secretsOf(name, [headers[name] ?? ''].flat().join('; '))))
    return names
  }

  /** Remembers these secrets. */
  add(secrets: string[]): void {
    const count = this.#secrets.size
    // A shorter text is not a secret, and would occur everywhere.
    for (const secret of secrets) if (secret.length >= 4) this.#secrets.add(secret)
    if (this.#secrets.size > count) this.#pattern = patternOf([...this.#secrets])
  }

  text(text: string): string {
    return text.replace(this.#pattern, (found) => {
      const hex = found.toLowerCase().replaceAll(/-|%2d/g, '')
      if (!/^[0-9a-f]{32}$/.test(hex)) return removed
      const standIn = this.#standIn(hex)
      return /-/.test(found) ? standIn : /%2d/i.test(found) ? standIn.replaceAll('-', '%2D') : standIn.replaceAll('-', '')
    })
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

  /** A path or a query. A part that hides something behind percent-encoding is encoded anew. */
  target(target: string): string {
    return target.replace(/[^/?&=]+/g, (part) => {
      const decoded = decode(part)
      const clean = this.text(decoded)
      return clean === decoded ? this.text(part) : encodeURIComponent(clean)
    })
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

/** Parses JSON. Returns `undefined` if the text is not JSON. */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** The secrets in the value of a header: the whole value, and its parts after a scheme or a name. */
function secretsOf(name: string, value: string): string[] {
  if (name === 'cookie') return value.split(/; */).flatMap((cookie) => [cookie, cookie.replace(/^[^=]*=/, '')])
  const token = value.replace(/^\w+ +/, '')
  const decoded = /^basic /i.test(value) ? Buffer.from(token, 'base64').toString() : ''
  return [value, token, decoded, ...decoded.split(':').slice(1)]
}

/** The pattern of all shapes, and of these secrets as they are, percent-encoded, escaped or in base64. */
function patternOf(secrets: string[]): RegExp {
  const spellings = secrets.flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), Buffer.from(secret).toString('base64')])
  // The longest first, so that of two secrets that begin alike none leaves a rest.
  const texts = [...new Set(spellings)].sort((one, other) => other.length - one.length)
  return new RegExp([...texts.map((text) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')), ...shapes].join('|'), 'gi')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
