// The marker of a resource that runs: a file that says what start did, so that stop and monitor need no API for it.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { network } from '../../network/addresses.js'
import { linuxInterface } from '../../network/systems/linux.js'

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
  /** Start has begun, and has added no address yet: the resource does not run. */
  isBegun?: true
}

function isMarker(value: unknown): value is Marker {
  const { local, ips, elsewhere, serverId, zone, interface: name } = (value ?? {}) as Record<string, unknown>
  const isTexts = (texts: unknown) => Array.isArray(texts) && texts.every((text) => typeof text === 'string')
  const isOnInterface = typeof name === 'string' ? linuxInterface.interfacePattern.test(name) : name === undefined && isTexts(local) && (local as string[]).length === 0
  return isTexts(local) && (local as string[]).every((address) => network(address) !== undefined) && isTexts(elsewhere) && Array.isArray(ips) && typeof serverId === 'string' && typeof zone === 'string' && isOnInterface
}

/** Makes a folder with those above it. Not with Node's `recursive`: that never ends below a folder such as /proc, which says that it does not exist. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o755 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || dirname(path) === path) throw error
    makeFolder(dirname(path))
    mkdirSync(path, { mode: 0o755 })
  }
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

  /** `undefined` if there is none. Throws for one that cannot be read, or is not whole. */
  read(): Marker | undefined {
    try {
      const marker: unknown = JSON.parse(readFileSync(this.#path, 'utf8'))
      if (isMarker(marker)) return marker
      throw new Error('the marker is not whole')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }

  /** Replaces the marker as a whole. */
  write(marker: Marker): void {
    makeFolder(this.#folder)
    writeFileSync(`${this.#path}.new`, JSON.stringify(marker), { mode: 0o600 })
    renameSync(`${this.#path}.new`, this.#path)
  }

  remove(): void {
    rmSync(this.#path, { force: true })
  }
}
