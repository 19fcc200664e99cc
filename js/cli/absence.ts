// Which servers do not exist, by what the Elastic Metal API says of them, and the Flexible IP API of an attach to them. The client asks it before a move, and refuses an absent target
// and a full one as the same argument: its response tells them apart.
import type { Fetch } from '../index.js'

const attachPath = /\/fips\/attach$/
const pathOfServer = /\/baremetal\/v1\/zones\/[^/]+\/servers\/([^/?]+)$/

/** What the last response about each server said. */
export class Absence {
  readonly #absent = new Set<string>()

  /** Whether the last response about the server said that there is none. */
  has(serverId: string): boolean {
    return this.#absent.has(serverId)
  }

  /** Passes requests on, and notes what the responses about servers say. */
  noting(fetch: Fetch): Fetch {
    return async (url, init) => {
      const id = pathOfServer.exec(url)?.[1] ?? (attachPath.test(url) ? targetOf(init.body) : undefined)
      if (id === undefined) return fetch(url, init)
      const response = (await fetch(url, init)) as Response
      if (response.status === 404 && (await isAbout(response.clone(), id))) this.#absent.add(id)
      // A refusal of the key says nothing about the server.
      else if (response.ok) this.#absent.delete(id)
      return response
    }
  }
}

/** The server that a request attaches to. */
function targetOf(body: unknown): string | undefined {
  const { server_id: id } = typeof body === 'string' && body !== '' ? (JSON.parse(body) as { server_id?: unknown }) : {}
  return typeof id === 'string' ? id.toLowerCase() : undefined
}

/** Whether a 404 is the API's own, about this server: a gateway responds with 404 too. */
async function isAbout(response: Response, id: string): Promise<boolean> {
  try {
    const { type, resource_id: about } = Object(await response.json()) as { type?: unknown; resource_id?: unknown }
    return type === 'not_found' && about === id
  } catch {
    return false
  }
}
