// What a browser must show to be served: the token of the printed address once, and from then on a cookie and a key.
// A browser sends the cookies of 127.0.0.1 to every port of it, so that a server of another user could receive the
// cookie. The key is in the page's own storage, which other ports cannot read.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** The header in which the page sends the key. */
export const keyHeader = 'x-flexip-session'

/** The session of one browser. */
export class BrowserSession {
  /** What the printed address has. */
  readonly token = secret()
  readonly #cookie = secret()
  /** What the page keeps and sends. */
  readonly #key = secret()
  #isUsed = false

  /** Uses the token. Returns what the browser gets for it; `undefined` if it is another one, or was used. */
  exchange(token: string, port: number): { cookie: string; key: string } | undefined {
    if (!areEqual(token, this.token) || this.#isUsed) return undefined
    this.#isUsed = true
    return { cookie: `${nameOf(port)}=${this.#cookie}; Path=/; HttpOnly; SameSite=Strict`, key: this.#key }
  }

  /** Whether the cookies of a request have the one of this session. */
  hasCookie(header: string, port: number): boolean {
    const name = `${nameOf(port)}=`
    return header.split(';').some((part) => part.trim().startsWith(name) && areEqual(part.trim().slice(name.length), this.#cookie))
  }

  /** Whether a key is that of this session. */
  hasKey(key: string): boolean {
    return areEqual(key, this.#key)
  }
}

/** Two consoles on one machine have two cookies. */
const nameOf = (port: number): string => `flexip-console-${port}`

const secret = (): string => randomBytes(32).toString('base64url')

/** Compares without a time that depends on the texts: their digests have one length. */
function areEqual(text: string, other: string): boolean {
  return timingSafeEqual(digest(text), digest(other))
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
