// The state on disk: the state file, and the log of the inputs since.
//
// The same inputs give the same state, so the store writes the inputs. The state file is written again at the start, at
// the end, and when the log is long. Its generation is the number of the first log that continues it. A log is created
// before its state file is written, and deleted after the next state file is written. So at every moment there is one
// state file with all logs from its generation on.
import { copyFileSync, realpathSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { EmulatorInput } from '../../emulator/host.js'
import { copyOptions } from '../../emulator/inputs.js'
import { hostOf } from '../../emulator/internals.js'
import type { EmulatorOptions, FlexibleIpEmulator } from '../../emulator.js'
import { FlexipError } from '../../errors/index.js'
import { callListener } from '../listener.js'
import { version } from '../version.js'
import { StateError } from './error.js'
import { type Lock, lock } from './lock.js'
import { Log, listGenerations, logPath } from './log.js'
import { type LogRecord, recordOf } from './record.js'
import { recover } from './recovery.js'
import { type About, readState, writeState } from './state-file.js'
import { toStored } from './stored-options.js'
import { WithoutSecrets } from './without-secrets.js'

/** The size of a log, in bytes, from which on a new state file is written. */
const defaultLogBytes = 2 ** 24

/** Records that are synced together. `done` settles when they are on disk or could not be written. */
interface Batch {
  records: LogRecord[]
  done: Promise<void>
  settle: (error?: Error) => void
}

interface StoreParts {
  emulator: FlexibleIpEmulator
  file: string
  options: EmulatorOptions
  lock: Lock
  logBytes: number
  onFailure: (error: Error) => void
  generation: number
  log: Log
  leftOut: readonly string[]
}

export interface StoreOptions {
  onFailure?: (error: Error) => void
  logBytes?: number
  /** Whether to leave out what cannot be replayed, instead of refusing the state. */
  repair?: boolean
}

export class Store {
  readonly emulator: FlexibleIpEmulator
  /** What a repair left out, a sentence each. */
  readonly leftOut: readonly string[]
  readonly #file: string
  readonly #options: EmulatorOptions
  readonly #lock: Lock
  readonly #logBytes: number
  readonly #onFailure: (error: Error) => void
  readonly #secrets: WithoutSecrets
  #generation: number
  #log: Log
  #waiting: Batch | undefined
  #flushing: Batch | undefined
  #compacting: Promise<void> | undefined
  #stateBytes = 0
  #failure: Error | undefined

  private constructor(parts: StoreParts) {
    this.emulator = parts.emulator
    this.leftOut = parts.leftOut
    this.#file = parts.file
    this.#options = parts.options
    this.#lock = parts.lock
    this.#logBytes = parts.logBytes
    this.#onFailure = parts.onFailure
    const { projectId, organizationId } = parts.emulator
    this.#secrets = new WithoutSecrets(hostOf(parts.emulator), [projectId, organizationId, ...(parts.options.projects ?? [])])
    this.#generation = parts.generation
    this.#log = parts.log
  }

  /** Opens the state in a file, or creates it. Throws a `StateError`, with the files unchanged, when that is impossible. */
  static async open(path: string, options: EmulatorOptions, { onFailure = () => {}, logBytes = defaultLogBytes, repair = false }: StoreOptions = {}): Promise<Store> {
    const passed: EmulatorOptions = copyOptions(options)
    const file = resolveFile(path)
    refuseNoFile(file)
    const held = withStateError(file, () => lock(file))
    try {
      const { emulator, options, generation, leftOut } = await recover(file, passed, { isRepair: repair })
      const host = hostOf(emulator)
      for (const [index, rule] of (passed.faults ?? []).entries()) host.refuseSecrets(rule, `faults[${index}]`)
      const log = await Log.create(file, generation, version)
      const store = new Store({ emulator, file, options, lock: held, logBytes, onFailure, generation, log, leftOut })
      try {
        if (leftOut.length > 0) keepLogs(file, generation)
        await store.#writeState(generation, emulator.snapshot())
      } catch (error) {
        await discardUnused(file, generation, log)
        throw error
      }
      host.onInput = (input) => store.#record(input)
      host.whenDurable = () => store.whenDurable()
      return store
    } catch (error) {
      held.release()
      throw asStateError(file, error)
    }
  }

  /** Resolves when all inputs so far are on disk. Returns `undefined` if they are. Rejects once a write has failed. */
  whenDurable(): Promise<void> | undefined {
    if (this.#failure) return Promise.reject(this.#failure)
    return (this.#waiting ?? this.#flushing)?.done
  }

  /** Writes the state file and releases the lock. */
  async close(): Promise<void> {
    const host = hostOf(this.emulator)
    host.refusal ??= new StateError(`the state in ${this.#file} is closed: nothing can be saved in it any more`)
    try {
      await this.whenDurable()
      await this.#compacting
      if (this.#failure) throw this.#failure
      await this.#log.close()
      this.#generation++
      await this.#writeState(this.#generation, this.emulator.snapshot(), { ...this.#about(this.#generation), hasLog: false })
    } finally {
      // It is closed by now, unless something before has failed: that is what the caller learns.
      await this.#log.close().catch(() => undefined)
      this.#lock.release()
    }
  }

  #record(input: EmulatorInput): void {
    this.#waiting ??= createBatch()
    this.#waiting.records.push(recordOf(input, this.#secrets))
    if (!this.#flushing && !this.#failure) void this.#flush()
  }

  /** Writes batch after batch. Inputs that arrive during a write form the next batch. */
  async #flush(): Promise<void> {
    // Inputs that arrive in the same turn of the event loop share a sync.
    this.#flushing = this.#waiting
    await new Promise(setImmediate)
    while (this.#waiting) {
      this.#flushing = this.#waiting
      this.#waiting = undefined
      try {
        // Taken now, the snapshot includes this batch and nothing after it.
        const snapshot = this.#isLogLong() ? this.emulator.snapshot() : undefined
        const about = this.#about(this.#generation + 1)
        await this.#log.append(this.#flushing.records)
        // After the write: a process that takes the state, or starts after a crash, from now on reads it.
        this.#checkFiles()
        this.#flushing.settle()
        if (snapshot !== undefined) await this.#compact(about, snapshot)
      } catch (error) {
        this.#fail(error as Error)
        return
      }
    }
    this.#flushing = undefined
  }

  /** Throws a `StateError` if a start after a crash would not find what is written. */
  #checkFiles(): void {
    this.#lock.check()
    this.#log.check()
    // It is replaced by each state file that is written, so another one than before is no sign of anything.
    if (!statSync(this.#file, { throwIfNoEntry: false })) throw new StateError(`${this.#file} was removed`)
  }

  #isLogLong(): boolean {
    return !this.#compacting && this.#log.bytes > Math.max(this.#logBytes, this.#stateBytes)
  }

  /** Switches to a new log, and starts to write its state file in the background. */
  async #compact(about: About, snapshot: string): Promise<void> {
    const full = this.#log
    this.#log = await Log.create(this.#file, about.generation, version)
    this.#generation = about.generation
    await full.close()
    this.#compacting = this.#writeState(about.generation, snapshot, about)
      .catch((error: Error) => this.#fail(error))
      .finally(() => (this.#compacting = undefined))
  }

  /** Writes the state file, then deletes the logs of earlier generations. */
  async #writeState(generation: number, snapshot: string, about = this.#about(generation)): Promise<void> {
    this.#lock.check()
    await writeState(this.#file, { about, emulator: snapshot })
    this.#stateBytes = snapshot.length
    for (const number of listGenerations(this.#file)) if (number < generation) rmSync(logPath(this.#file, number))
  }

  #about(generation: number): About {
    const { clock, timing } = hostOf(this.emulator)
    return { generation, hasLog: true, writtenBy: version, now: clock.now(), options: toStored(this.#options), ...(timing !== undefined && { timing }) }
  }

  /** Ends the store: after a failed write it is unknown what is on disk, so no response may be sent any more. */
  #fail(error: Error): void {
    if (this.#failure) return
    this.#failure = new StateError(`the state in ${this.#file} could not be saved: ${error.message}`, { cause: error })
    this.#flushing?.settle(this.#failure)
    this.#waiting?.settle(this.#failure)
    hostOf(this.emulator).refusal = this.#failure
    callListener(this.#onFailure, this.#failure)
  }
}

/** Keeps copies of the logs before a generation under names that no start reads: a repair left out parts of them. */
function keepLogs(file: string, generation: number): void {
  for (const number of listGenerations(file)) if (number < generation) copyFileSync(logPath(file, number), `${logPath(file, number)}.before-repair`)
}

function createBatch(): Batch {
  let settle!: (error?: Error) => void
  const done = new Promise<void>((resolve, reject) => (settle = (error) => (error ? reject(error) : resolve())))
  // The failure of a batch that no response waits for is not an unhandled rejection: `onFailure` reports it.
  done.catch(() => undefined)
  return { records: [], done, settle }
}

/** Resolves symbolic links, so that two names of one file share one lock. */
function resolveFile(path: string): string {
  const file = resolve(path)
  return withStateError(file, () => {
    try {
      return realpathSync(file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      return join(realpathSync(dirname(file)), basename(file))
    }
  })
}

/** Refuses a folder or a pipe, before a lock is beside it: the read of a pipe would not end. */
function refuseNoFile(file: string): void {
  const found = withStateError(file, () => statSync(file, { throwIfNoEntry: false }))
  if (found && !found.isFile()) throw new StateError(`no state can be saved in ${file}: it is ${found.isDirectory() ? 'a folder' : 'no regular file'}`)
}

function withStateError<T>(file: string, call: () => T): T {
  try {
    return call()
  } catch (error) {
    throw asStateError(file, error)
  }
}

/** Names the file in an error of the system, such as that of a full disk. Others name what they are about. */
function asStateError(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || error instanceof FlexipError) return error
  return new StateError(`no state can be saved in ${file}: ${error.message}`, { cause: error })
}

/** Removes the log of a start that failed, unless a state file was written that it continues. */
async function discardUnused(file: string, generation: number, log: Log): Promise<void> {
  const state = await readState(file).catch(() => 'unreadable' as const)
  if (state === 'unreadable' || (state?.about.hasLog && state.about.generation === generation)) await log.close()
  else await log.discard()
}
