// Recovers an emulator from the state file and the logs. It writes nothing.
import { isDeepStrictEqual } from 'node:util'
import { createHost } from '../../emulator/emulator.js'
import { type EmulatorHost, readFaultRules } from '../../emulator/host.js'
import { type EmulatorOptions, type FaultRule, FlexibleIpEmulator, type Timing } from '../../emulator.js'
import { version } from '../version.js'
import { StateError } from './error.js'
import { type ReadLog, listGenerations, logPath, readLog } from './log.js'
import { type LogRecord, inputOf, isSameResponse } from './record.js'
import { type StateFile, readState } from './state-file.js'
import { fromStored, mergeOptions } from './stored-options.js'

export interface Recovered {
  emulator: FlexibleIpEmulator
  /** The options of the emulator: the stored ones, overridden by those passed. */
  options: EmulatorOptions
  /** The number of the next log. */
  generation: number
  /** What a repair left out, a sentence each. */
  leftOut: string[]
}

/** Receives what cannot be read or replayed. It throws, or the part is left out. */
type OnDamage = (error: StateError) => void

/** Recovers the state of a file, or creates a new one if there is none. Throws a `StateError` when it is incomplete or damaged. */
export async function recover(file: string, passed: EmulatorOptions, { isRepair = false } = {}): Promise<Recovered> {
  const leftOut: string[] = []
  const onDamage = (error: StateError): void => {
    if (!isRepair) throw new StateError(`${error.message}; it was left as it is; with --repair the rest can be read`)
    leftOut.push(error.message)
  }
  const state = await readState(file)
  const numbers = listGenerations(file)
  const first = state?.about.generation ?? numbers[0] ?? 1
  const hasLog = state?.about.hasLog === true
  const logs = await readLogs(file, { first, hasLog }, numbers, onDamage)
  const generation = Math.max(hasLog ? first + 1 : first, (numbers.at(-1) ?? 0) + 1)
  if (!state) {
    const orphan = logs.find((log) => log.records.length > 0)
    if (orphan) throw new StateError(`${orphan.path} exists, but its state file does not: ${file}`)
    return { emulator: new FlexibleIpEmulator(passed), options: passed, generation, leftOut }
  }
  const { snapshot, now, timing } = logs.some(({ records }) => records.length > 0) ? replayLogs(file, state, logs, onDamage) : stateOf(state)
  const options = mergeOptions(file, state.about.options, passed)
  const host = withFileName(file, () => createHost(options, snapshot))
  const emulator = new FlexibleIpEmulator(host as object)
  host.clock.resume(now)
  // The log of each start has another number. Reads are in no log, so the number of the last request is unknown.
  host.beginRun(generation)
  // At the time of the state: transitions that fell due since have this timing too.
  if (timing !== undefined && passed.timing === undefined) setTiming(host, timing, now)
  refuseOther(file, 'projectId', passed.projectId, emulator.projectId)
  refuseOther(file, 'organizationId', passed.organizationId, emulator.organizationId)
  for (const { zone, name = 'server' } of passed.servers ?? []) {
    if (!emulator.servers.some((server) => server.zone === zone && server.name === name)) emulator.addServer({ zone, name })
  }
  addMissing(emulator, passed.faults ?? [])
  return { emulator, options, generation, leftOut }
}

/** Adds the fault rules that the state does not have yet. */
function addMissing(emulator: FlexibleIpEmulator, rules: readonly FaultRule[]): void {
  const present = emulator.faults.map(({ rule }) => rule)
  // As the core lists them, with the values that a rule leaves out.
  for (const rule of readFaultRules(JSON.stringify(rules))) {
    const index = present.findIndex((other) => isDeepStrictEqual(other, rule))
    if (index < 0) emulator.addFault(rule)
    else present.splice(index, 1)
  }
}

/**
 * Reads the logs from the generation of the state file on. Damaged is a log that is missing, one with a damaged line, and
 * one that is torn while a later one has records. `hasLog`: the first one was there when the state file was written.
 */
async function readLogs(file: string, { first, hasLog }: { first: number; hasLog: boolean }, numbers: number[], onDamage: OnDamage): Promise<ReadLog[]> {
  const logs: ReadLog[] = []
  let expected = first
  for (const number of numbers.filter((number) => number >= first)) {
    if (number > expected) onDamage(new StateError(`the log number ${expected} of ${file} is missing`))
    const log = await readLog(file, number, onDamage)
    if (log) logs.push(log)
    expected = number + 1
  }
  if (hasLog && !numbers.includes(first) && expected === first) onDamage(new StateError(`the log number ${first} of ${file} is missing`))
  const [log] = logs
  if (hasLog && log?.path === logPath(file, first) && log.isHeadCut) onDamage(new StateError(`${log.path} is damaged in line 1`))
  for (const [index, log] of logs.entries()) {
    const hasSuccessor = logs.slice(index + 1).some(({ records }) => records.length > 0)
    if (log.isTorn && hasSuccessor) onDamage(new StateError(`${log.path} is damaged at its end`))
  }
  return logs
}

/** Restores the snapshot of the state file and replays the logs, under the stored options. */
function replayLogs(file: string, { about, emulator }: StateFile, logs: ReadLog[], onDamage: OnDamage): Checkpoint {
  const host = withFileName(file, () => createHost(fromStored(about.options), emulator, { isReplay: true }))
  host.clock.resume(about.now)
  if (about.timing !== undefined) setTiming(host, about.timing, about.now)
  const replay = new Replay(host, emulator)
  for (const log of logs) {
    for (const [index, record] of log.records.entries()) {
      const why = replay.next(record)
      if (why === undefined) continue
      const what = 'call' in record ? record.call : `${record.method} ${record.target}`
      onDamage(new StateError(`${log.path}: replaying input ${index + 1} ${why} (${what}). It was written by flexip ${log.writtenBy}, this is ${version}: open it with that one and stop it there`))
      replay.leaveOut()
    }
  }
  const end = checkpointOf(host)
  host.free()
  return end
}

/** Sets the timing at a time of the state, which may be long before that of a real clock. */
function setTiming(host: EmulatorHost, timing: Timing, at: number): void {
  host.replay({ at, call: 'setTiming', args: [timing] })
}

function stateOf({ about, emulator }: StateFile): Checkpoint {
  return { snapshot: emulator, now: about.now, timing: about.timing }
}

function checkpointOf(host: EmulatorHost): Checkpoint {
  return { snapshot: host.snapshot(), now: host.clock.now(), timing: host.timing }
}

function withFileName(file: string, create: () => EmulatorHost): EmulatorHost {
  try {
    return create()
  } catch (error) {
    throw new StateError(`${file}: ${(error as Error).message}; it was left as it is`, { cause: error })
  }
}

/** Replays records. One that cannot be replayed can be left out: then everything is as before it. */
class Replay {
  readonly #host: EmulatorHost
  #checkpoint: Checkpoint
  /** The records since the checkpoint. */
  #replayed: LogRecord[] = []

  constructor(host: EmulatorHost, snapshot: string) {
    this.#host = host
    this.#checkpoint = { snapshot, now: host.clock.now(), timing: host.timing }
  }

  /** Replays a record. Returns what is wrong if it cannot be replayed. */
  next(record: LogRecord): string | undefined {
    let why: string | undefined
    try {
      const response = this.#host.replay(inputOf(record))
      if (response && !isSameResponse(record, response)) why = 'gives another response than it had'
    } catch (error) {
      why = `fails: ${(error as Error).message}`
    }
    if (why === undefined) this.#replayed.push(record)
    return why
  }

  /** Returns to the state before the last record, and makes it the next checkpoint. So no record is replayed more than twice. */
  leaveOut(): void {
    const host = this.#host
    const { snapshot, now, timing } = this.#checkpoint
    host.call('reset')
    host.call('restore', snapshot)
    host.clock.restore(now)
    if (timing !== undefined) setTiming(host, timing, now)
    for (const record of this.#replayed) host.replay(inputOf(record))
    if (this.#replayed.length > 0) this.#checkpoint = checkpointOf(host)
    this.#replayed = []
  }
}

interface Checkpoint {
  snapshot: string
  now: number
  timing: Timing | undefined
}

function refuseOther(file: string, name: string, passed: string | undefined, stored: string): void {
  if (passed !== undefined && passed.toLowerCase() !== stored) throw new StateError(`${file} was made with the ${name} ${stored}, not ${passed}: leave it out, or use another file`)
}
