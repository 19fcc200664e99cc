// A state on disk: the state file, and the log of what was done since.
//
// The emulator gives the same for the same inputs, so the inputs are what is written. Every so often, and at the start
// and the end, the state file is written anew; its generation says with which log it goes on. A log is begun before the
// state file that it belongs to, and removed after the next one: at every moment one state file and the logs from its
// generation on are there.
import { realpathSync, rmSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Input } from '../../emulation.js'
import { type EmulatorOptions, FlexibleIpEmulator } from '../../emulator.js'
import { innardsOf } from '../../innards.js'
import { version } from '../version.js'
import { StateError } from './error.js'
import { lock } from './lock.js'
import { Log, generations, logPath } from './log.js'
import { stored } from './options.js'
import { type Record, recordOf } from './record.js'
import { recover } from './recover.js'
import { type About, writeState } from './snapshot.js'

/** Logs shorter than this are not worth a new state file. */
const usualLogBytes = 2 ** 24

interface Batch {
  records: Record[]
  done: Promise<void>
  settle: (error?: Error) => void
}

export class Store {
  readonly emulator: FlexibleIpEmulator
  readonly #file: string
  readonly #options: EmulatorOptions
  readonly #unlock: () => void
  readonly #logBytes: number
  readonly #onFailure: (error: Error) => void
  #generation: number
  #log: Log
  #waiting: Batch | undefined
  #flushing: Batch | undefined
  #compacting: Promise<void> | undefined
  #stateBytes = 0
  #failure: Error | undefined

  private constructor(made: { emulator: FlexibleIpEmulator; file: string; options: EmulatorOptions; unlock: () => void; logBytes: number; onFailure: (error: Error) => void; generation: number; log: Log }) {
    this.emulator = made.emulator
    this.#file = made.file
    this.#options = made.options
    this.#unlock = made.unlock
    this.#logBytes = made.logBytes
    this.#onFailure = made.onFailure
    this.#generation = made.generation
    this.#log = made.log
  }

  /** Opens the state in a file, or begins one there. Throws a `StateError`, and has changed nothing, when that cannot be. */
  static async open(path: string, given: EmulatorOptions, { onFailure = () => {}, logBytes = usualLogBytes }: { onFailure?: (error: Error) => void; logBytes?: number } = {}): Promise<Store> {
    const file = real(path)
    const unlock = told(file, () => lock(file))
    try {
      const { emulator, options, generation } = await recover(file, given)
      const log = await Log.create(file, generation, version)
      const store = new Store({ emulator, file, options, unlock, logBytes, onFailure, generation, log })
      await store.#write(generation, emulator.snapshot())
      innardsOf(emulator).recorder = (input) => store.#take(input)
      return store
    } catch (error) {
      unlock()
      throw error
    }
  }

  /** Resolves when all that was done so far is safe; `undefined` if it is. */
  durable(): Promise<void> | undefined {
    if (this.#failure) return Promise.reject(this.#failure)
    return (this.#waiting ?? this.#flushing)?.done
  }

  /** Writes the state file, and lets go of it. */
  async close(): Promise<void> {
    innardsOf(this.emulator).recorder = undefined
    try {
      await this.durable()
      await this.#compacting
      if (this.#failure) throw this.#failure
      await this.#log.close()
      this.#generation++
      await this.#write(this.#generation, this.emulator.snapshot())
    } finally {
      this.#unlock()
    }
  }

  #take(input: Input): void {
    this.#waiting ??= batch()
    this.#waiting.records.push(recordOf(input))
    if (!this.#flushing && !this.#failure) void this.#flush()
  }

  /** Writes one batch after the other; what comes in the meantime is the next one. */
  async #flush(): Promise<void> {
    // What arrives in this turn of the event loop shares a sync.
    this.#flushing = this.#waiting
    await new Promise(setImmediate)
    while (this.#waiting) {
      this.#flushing = this.#waiting
      this.#waiting = undefined
      try {
        // The moment after this batch and before the next.
        const snapshot = this.#isLong() ? this.emulator.snapshot() : undefined
        const about = this.#about(this.#generation + 1)
        await this.#log.append(this.#flushing.records)
        this.#flushing.settle()
        if (snapshot !== undefined) await this.#begin(about, snapshot)
      } catch (error) {
        this.#fail(error as Error)
        return
      }
    }
    this.#flushing = undefined
  }

  #isLong(): boolean {
    return !this.#compacting && this.#log.bytes > Math.max(this.#logBytes, this.#stateBytes)
  }

  /** Goes on in a new log, and writes the state file that it belongs to beside it. */
  async #begin(about: About, snapshot: string): Promise<void> {
    const full = this.#log
    this.#log = await Log.create(this.#file, about.generation, version)
    this.#generation = about.generation
    await full.close()
    this.#compacting = this.#write(about.generation, snapshot, about)
      .catch((error: Error) => this.#fail(error))
      .finally(() => (this.#compacting = undefined))
  }

  async #write(generation: number, snapshot: string, about = this.#about(generation)): Promise<void> {
    await writeState(this.#file, { about, emulator: snapshot })
    this.#stateBytes = snapshot.length
    for (const number of generations(this.#file)) if (number < generation) rmSync(logPath(this.#file, number))
  }

  #about(generation: number): About {
    const { clock, timing } = innardsOf(this.emulator)
    return { generation, writtenBy: version, now: clock.now(), options: stored(this.#options), ...(timing !== undefined && { timing }) }
  }

  /** After a failed write nobody knows what is on the disk: nothing is answered any more. */
  #fail(error: Error): void {
    if (this.#failure) return
    this.#failure = new StateError(`the state in ${this.#file} could not be saved: ${error.message}`, { cause: error })
    this.#flushing?.settle(this.#failure)
    this.#waiting?.settle(this.#failure)
    this.#onFailure(this.#failure)
  }
}

function batch(): Batch {
  let settle!: (error?: Error) => void
  const done = new Promise<void>((resolve, reject) => (settle = (error) => (error ? reject(error) : resolve())))
  // Who waits hears of it; that nobody waits is no fault.
  done.catch(() => undefined)
  return { records: [], done, settle }
}

/** The file itself: two names of it are one state. */
function real(path: string): string {
  const file = resolve(path)
  return told(file, () => {
    try {
      return realpathSync(file)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      return join(realpathSync(dirname(file)), basename(file))
    }
  })
}

function told<T>(file: string, call: () => T): T {
  try {
    return call()
  } catch (error) {
    if (error instanceof StateError) throw error
    throw new StateError(`no state can be kept in ${file}: ${(error as Error).message}`, { cause: error })
  }
}
