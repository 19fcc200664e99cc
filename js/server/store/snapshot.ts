// The state file: everything as it was at one moment, as JSON.
//
//   {"format":"flexip state","version":1,"sum":"…","about":{…},"emulator":{…}}
//
// `sum` is the SHA-256 of all that follows it. `emulator` is the emulator's own snapshot, as it wrote it.
import { readFile } from 'node:fs/promises'
import type { Timing } from '../../emulator.js'
import { StateError } from './error.js'
import { replaceFile, sha256 } from './files.js'
import type { StoredOptions } from './options.js'

const format = 'flexip state'
const version = 1

/** What is known of an emulator beside what it holds. */
export interface About {
  /** The number of the log that goes on from here. */
  generation: number
  /** The version of flexip that wrote it. */
  writtenBy: string
  /** What time it was there, in milliseconds since the epoch. */
  now: number
  options: StoredOptions
  /** How long transitions take, where that was set after the start. */
  timing?: Timing
}

export interface StateFile {
  about: About
  /** What `FlexibleIpEmulator.snapshot()` gave. */
  emulator: string
}

const between = ',"emulator":'

export async function writeState(path: string, { about, emulator }: StateFile): Promise<void> {
  const rest = `"about":${JSON.stringify(about)}${between}${emulator}}\n`
  await replaceFile(path, `{"format":"${format}","version":${version},"sum":"${sha256(rest)}",${rest}`)
}

/** Reads it; `undefined` if there is none. Throws a `StateError` when it is anything but one that was wholly written. */
export async function readState(path: string): Promise<StateFile | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new StateError(`${path} cannot be read: ${error.message}`)
  })
  if (text === undefined) return undefined
  const head = /^\{"format":"flexip state","version":(\d+),(?:"sum":"([0-9a-f]{64})",)?/.exec(text)
  if (!head) throw new StateError(`${path} is no state of flexip, or its beginning is damaged; it was left as it is`)
  refuseNewer(path, Number(head[1]), version)
  const rest = text.slice(head[0].length)
  if (sha256(rest) !== head[2]) throw new StateError(`${path} is damaged: its sum is another; it was left as it is`)
  const end = rest.indexOf(between)
  return { about: JSON.parse(rest.slice('"about":'.length, end)) as About, emulator: rest.slice(end + between.length, -2) }
}

export function refuseNewer(path: string, found: number, known: number): void {
  if (found > known) throw new StateError(`${path} is of version ${found}, this flexip reads up to ${known}: use a newer one; it was left as it is`)
}
