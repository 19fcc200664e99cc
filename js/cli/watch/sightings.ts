// Where the responses to an attempt of `flexip watch` say that its flexible IPs are: others can move them meanwhile.

/** What a response says of a flexible IP. */
interface Sighting {
  id?: unknown
  server_id?: unknown
}

/** Where each flexible IP was when an attempt first read it, and when it last did. */
export class Sightings {
  readonly #first = new Map<string, string | undefined>()
  readonly #last = new Map<string, string | undefined>()

  /** Notes what a response says. */
  async note(response: Response): Promise<void> {
    if (!response.ok) return
    for (const { id, server_id: server } of await sightingsOf(response.clone())) {
      if (typeof id !== 'string') continue
      const serverId = typeof server === 'string' ? server.toLowerCase() : undefined
      if (!this.#first.has(id)) this.#first.set(id, serverId)
      this.#last.set(id, serverId)
    }
  }

  /** Notes that a change of these was accepted: they have left the server that they were first read on. */
  noteLeft(ids: readonly string[]): void {
    for (const id of ids) this.#first.set(id, undefined)
  }

  /** The server that it was last read on, if it was not there when the attempt began, or has left it since. */
  newServerOf(id: string): string | undefined {
    const server = this.#last.get(id)
    return server === this.#first.get(id) ? undefined : server
  }
}

async function sightingsOf(response: Response): Promise<Sighting[]> {
  try {
    const body = Object(await response.json()) as { flexible_ips?: unknown } & Sighting
    return Array.isArray(body.flexible_ips) ? body.flexible_ips.map((ip) => Object(ip) as Sighting) : [body]
  } catch {
    // The client says what is wrong with it.
    return []
  }
}
