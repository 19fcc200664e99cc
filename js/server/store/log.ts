// The log: what was done since the state file was written, safe before it is answered.
import { readdirSync } from 'node:fs'
import { type FileHandle, readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { StateError } from './error.js'
import { createSynced, syncFolder } from './files.js'
import { type Record, line, readLine } from './record.js'
import { refuseNewer } from './snapshot.js'

const version = 1

export const logPath = (file: string, generation: number): string => `${file}.${generation}.log`

/** A log that is being written. */
export class Log {
  /** How long it is. */
  bytes = 0
  readonly #file: FileHandle

  private constructor(file: FileHandle) {
    this.#file = file
  }

  /** Begins a log, in the place of one of that name. */
  static async create(file: string, generation: number, writtenBy: string): Promise<Log> {
    const path = logPath(file, generation)
    const head = line(JSON.stringify({ format: 'flexip log', version, generation, writtenBy }))
    const log = new Log(await createSynced(path, head))
    await syncFolder(path)
    return log
  }

  /** Appends a batch. When this resolves, the batch is safe. */
  async append(records: readonly Record[]): Promise<void> {
    const bytes = Buffer.from(line(JSON.stringify(records)))
    for (let written = 0; written < bytes.length; ) written += (await this.#file.write(bytes, written)).bytesWritten
    await this.#file.datasync()
    this.bytes += bytes.length
  }

  close(): Promise<void> {
    return this.#file.close()
  }
}

/** A log that was read. */
export interface ReadLog {
  path: string
  writtenBy: string
  records: Record[]
  /** The last batch was not wholly written: nobody was told of it. */
  torn: boolean
}

/** Reads a log; `undefined` if there is none. Throws a `StateError` when it is damaged. */
export async function readLog(file: string, generation: number): Promise<ReadLog | undefined> {
  const path = logPath(file, generation)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new StateError(`${path} cannot be read: ${error.message}`)
  })
  if (text === undefined) return undefined
  // What follows the last line end is nothing, or a line without its own.
  const lines = text.split('\n')
  const rest = lines.pop()
  const log: ReadLog = { path, writtenBy: '', records: [], torn: rest !== '' }
  for (const [place, text] of lines.entries()) {
    const found = readLine(text)
    if (place === 0) {
      const head = found as { version: number; generation: number; writtenBy: string } | undefined
      if (!head && lines.length > 1) throw damaged(path, 1)
      if (head) {
        refuseNewer(path, head.version, version)
        if (head.generation !== generation) throw new StateError(`${path} is the log number ${head.generation}, under another name; it was left as it is`)
      }
      log.writtenBy = head?.writtenBy ?? ''
      log.torn ||= !head
    } else if (found !== undefined) {
      for (const record of found as Record[]) log.records.push(record)
    } else if (place === lines.length - 1 && rest === '' && text.includes('\0')) {
      // After a power failure, a part of what was not yet synced can be missing within it.
      log.torn = true
    } else {
      throw damaged(path, place + 1)
    }
  }
  return log
}

function damaged(path: string, place: number): StateError {
  return new StateError(`${path} is damaged in line ${place}; it was left as it is`)
}

/** The numbers of the logs of a state file, in their order. */
export function generations(file: string): number[] {
  const name = basename(file)
  const numbers = readdirSync(dirname(file)).flatMap((other) => {
    const number = other.startsWith(`${name}.`) ? /^(\d+)\.log$/.exec(other.slice(name.length + 1))?.[1] : undefined
    return number === undefined ? [] : [Number(number)]
  })
  return numbers.sort((one, other) => one - other)
}
