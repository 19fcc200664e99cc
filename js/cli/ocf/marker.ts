// The marker of a resource that runs: a file that says what start did, so that stop and monitor need no API for it.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What start did. */
export interface Marker {
  serverId: string
  zone: string
  ips: { id: string; ipAddress: string }[]
  interface?: string
  /** The addresses on the interface, with their prefixes. */
  local: string[]
  /** The flexible IPs that monitor last saw elsewhere. */
  elsewhere: string[]
}

/** The marker of a resource. It is in a folder that a restart of the machine empties. */
export class MarkerFile {
  readonly #folder: string
  readonly #path: string

  constructor(env: Readonly<Record<string, string | undefined>>) {
    const name = (env.OCF_RESOURCE_INSTANCE || 'default').replace(/[^A-Za-z0-9_-]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
    this.#folder = env.HA_RSCTMP || '/run/resource-agents'
    this.#path = join(this.#folder, `flexip-${name}.json`)
  }

  /** `undefined` if there is none. Throws for one that cannot be read. */
  read(): Marker | undefined {
    try {
      return JSON.parse(readFileSync(this.#path, 'utf8')) as Marker
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }

  /** Replaces the marker as a whole. */
  write(marker: Marker): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o755 })
    writeFileSync(`${this.#path}.new`, JSON.stringify(marker), { mode: 0o600 })
    renameSync(`${this.#path}.new`, this.#path)
  }

  remove(): void {
    rmSync(this.#path, { force: true })
  }
}
