// The state file: the whole state at one moment, as JSON.
//
//   {"format":"flexip state","version":1,"sum":"…","about":{…},"emulator":{…}}
//
// `sum` is the SHA-256 of everything after it. `emulator` is the snapshot of the emulator, unchanged.
import { readFile } from 'node:fs/promises'
import type { Timing } from '../../emulator.js'
import { StateError } from './error.js'
import { replaceFile, sha256 } from './files.js'
import type { StoredOptions } from './stored-options.js'

const format = 'flexip state'
const version = 1

/** What the state file has besides the snapshot. */
export interface About {
  /** The number of the first log whose inputs the snapshot lacks. */
  generation: number
  /** Whether this log exists, with its first line. It does not after a stop. Files of earlier versions do not say it. */
  hasLog?: boolean
  /** The version of flexip that wrote the file. */
  writtenBy: string
  /** The time of the emulator's clock, in milliseconds since the epoch. */
  now: number
  options: StoredOptions
  /** The timing, if `setTiming` changed it since the start. */
  timing?: Timing
}

export interface StateFile {
  about: About
  /** The result of `FlexibleIpEmulator.snapshot()`. */
  emulator: string
}

const separator = ',"emulator":'

export async function writeState(path: string, { about, emulator }: StateFile): Promise<void> {
  const rest = [`"about":${JSON.stringify(about)}${separator}`, emulator, '}\n']
  await replaceFile(path, `{"format":"${format}","version":${version},"sum":"${sha256(...rest)}",`, ...rest)
}

/** Reads the state file. Returns `undefined` if there is none. Throws a `StateError` when it is damaged, unreadable or newer. */
export async function readState(path: string): Promise<StateFile | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new StateError(`${path} cannot be read: ${error.message}`)
  })
  if (text === undefined) return undefined
  const head = /^\{"format":"flexip state","version":(\d+),(?:"sum":"([0-9a-f]{64})",)?/.exec(text)
  if (!head) throw new StateError(`${path} is not a state file of flexip, or its beginning is damaged; it was left as it is`)
  refuseNewerVersion(path, Number(head[1]), version)
  const rest = text.slice(head[0].length)
  if (sha256(rest) !== head[2]) throw new StateError(`${path} is damaged: its checksum is wrong; it was left as it is`)
  const end = rest.indexOf(separator)
  return { about: JSON.parse(rest.slice('"about":'.length, end)) as About, emulator: rest.slice(end + separator.length, -2) }
}

export function refuseNewerVersion(path: string, found: number, newest: number): void {
  if (found > newest) throw new StateError(`${path} is of version ${found}, this flexip reads up to ${newest}: use a newer one; it was left as it is`)
}
