// The log: the inputs since the state file was written. Each is synced before its response is sent.
import { type BigIntStats, fstatSync, readdirSync, rmSync } from 'node:fs'
import { type FileHandle, readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { StateError } from './error.js'
import { changeOf, createSynced, syncFolder } from './files.js'
import { type LogRecord, readLine, writeLine } from './record.js'
import { refuseNewerVersion } from './state-file.js'

const version = 1

export const logPath = (file: string, generation: number): string => `${file}.${generation}.log`

/** A log that is being written. */
export class Log {
  /** How many bytes of batches were appended. */
  bytes = 0
  readonly #path: string
  readonly #file: FileHandle
  readonly #stats: BigIntStats

  private constructor(path: string, file: FileHandle) {
    this.#path = path
    this.#file = file
    this.#stats = fstatSync(file.fd, { bigint: true })
  }

  /** Creates the log of a generation. Replaces a file of that name. */
  static async create(file: string, generation: number, writtenBy: string): Promise<Log> {
    const path = logPath(file, generation)
    const head = writeLine(JSON.stringify({ format: 'flexip log', version, generation, writtenBy }))
    const log = new Log(path, await createSynced(path, head))
    try {
      await syncFolder(path)
      return log
    } catch (error) {
      await log.discard()
      throw error
    }
  }

  /** Appends a batch. Resolves when the batch is on disk. */
  async append(records: readonly LogRecord[]): Promise<void> {
    const bytes = Buffer.from(writeLine(JSON.stringify(records)))
    for (let written = 0; written < bytes.length; ) written += (await this.#file.write(bytes, written)).bytesWritten
    await this.#file.datasync()
    this.bytes += bytes.length
  }

  /** Throws a `StateError` if the file was removed or replaced: a later start would not read it. */
  check(): void {
    const change = changeOf(this.#path, this.#stats)
    if (change) throw new StateError(`${this.#path} was ${change}`)
  }

  close(): Promise<void> {
    return this.#file.close()
  }

  /** Closes and removes the log. */
  async discard(): Promise<void> {
    await this.close()
    rmSync(this.#path, { force: true })
  }
}

/** The content of a log. */
export interface ReadLog {
  path: string
  writtenBy: string
  records: LogRecord[]
  /** Whether it ends within its first line, which is synced before any other. */
  isHeadCut: boolean
  /** Whether the last batch is incomplete. No response to its inputs was sent. */
  isTorn: boolean
}

/**
 * Reads a log. Returns `undefined` if there is none. Throws a `StateError` when it is unreadable or newer. Of a damaged
 * line `onDamage` decides: it throws, or the line is left out.
 */
export async function readLog(file: string, generation: number, onDamage: (error: StateError) => void): Promise<ReadLog | undefined> {
  const path = logPath(file, generation)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new StateError(`${path} cannot be read: ${error.message}`)
  })
  if (text === undefined) return undefined
  // After the last line feed comes nothing, or a line that was not completely written.
  const lines = text.split('\n')
  const rest = lines.pop()
  const log: ReadLog = { path, writtenBy: '', records: [], isHeadCut: lines.length === 0, isTorn: rest !== '' }
  for (const [index, line] of lines.entries()) {
    const content = readLine(line)
    if (index === 0) {
      const head = isHead(content) ? content : undefined
      if (!head && (lines.length > 1 || content !== undefined)) onDamage(damaged(path, 1))
      if (head) {
        refuseNewerVersion(path, head.version, version)
        if (head.generation !== generation) {
          // Its records may be those of the other log.
          onDamage(new StateError(`${path} is the log number ${head.generation}, under another name`))
          return log
        }
      }
      log.writtenBy = head?.writtenBy ?? ''
      log.isHeadCut = lines.length === 1 && content === undefined
      log.isTorn ||= log.isHeadCut
    } else if (Array.isArray(content)) {
      for (const record of content as LogRecord[]) log.records.push(record)
    } else if (content === undefined && index === lines.length - 1 && rest === '' && line.includes('\0')) {
      // After a power failure, parts of an unsynced batch can read as zeros even where its end was written.
      log.isTorn = true
    } else {
      onDamage(damaged(path, index + 1))
    }
  }
  return log
}

interface Head {
  version: number
  generation: number
  writtenBy: string
}

/** Whether the content of a line is a head, and not a batch. */
function isHead(content: unknown): content is Head {
  return typeof content === 'object' && content !== null && 'generation' in content
}

function damaged(path: string, line: number): StateError {
  return new StateError(`${path} is damaged in line ${line}`)
}

/** Returns the generations of the logs of a state file, in ascending order. */
export function listGenerations(file: string): number[] {
  const name = basename(file)
  const numbers = readdirSync(dirname(file)).flatMap((other) => {
    const number = other.startsWith(`${name}.`) ? /^(\d+)\.log$/.exec(other.slice(name.length + 1))?.[1] : undefined
    return number === undefined ? [] : [Number(number)]
  })
  return numbers.sort((one, other) => one - other)
}
