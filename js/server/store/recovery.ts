// Recovers an emulator from the state file and the logs. It writes nothing.
import { isDeepStrictEqual } from 'node:util'
import { Clock, defaultStart } from '../../emulator/clock.js'
import { EmulatorHost, readFaultRules } from '../../emulator/host.js'
import { hostOf } from '../../emulator/internals.js'
import { type EmulatorOptions, type FaultRule, FlexibleIpEmulator } from '../../emulator.js'
import { version } from '../version.js'
import { StateError } from './error.js'
import { type ReadLog, listGenerations, readLog } from './log.js'
import { inputOf, isSameResponse } from './record.js'
import { type StateFile, readState } from './state-file.js'
import { mergeOptions } from './stored-options.js'

export interface Recovered {
  emulator: FlexibleIpEmulator
  /** The options of the emulator: the stored ones, overridden by those passed. */
  options: EmulatorOptions
  /** The number of the next log. */
  generation: number
}

/** Recovers the state of a file, or creates a new one if there is none. Throws a `StateError` when it is incomplete or damaged. */
export async function recover(file: string, passed: EmulatorOptions): Promise<Recovered> {
  const state = await readState(file)
  const numbers = listGenerations(file)
  const first = state?.about.generation ?? numbers[0] ?? 1
  const logs = await readLogs(file, first, numbers)
  const generation = first + logs.length
  if (!state) {
    const orphan = logs.find((log) => log.records.length > 0)
    if (orphan) throw new StateError(`${orphan.path} exists, but its state file does not: ${file}`)
    return { emulator: new FlexibleIpEmulator(passed), options: passed, generation }
  }
  const replayed = replayLogs(file, state, logs)
  const options = mergeOptions(file, state.about.options, passed)
  const emulator = new FlexibleIpEmulator(options)
  emulator.restore(replayed.core.snapshot())
  hostOf(emulator).clock.resume(replayed.clock.now())
  if (replayed.timing !== undefined && passed.timing === undefined) emulator.setTiming(replayed.timing)
  refuseOther(file, 'projectId', passed.projectId, emulator.projectId)
  refuseOther(file, 'organizationId', passed.organizationId, emulator.organizationId)
  for (const { zone, name = 'server' } of passed.servers ?? []) {
    if (!emulator.servers.some((server) => server.zone === zone && server.name === name)) emulator.addServer({ zone, name })
  }
  addMissing(emulator, passed.faults ?? [])
  return { emulator, options, generation }
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
 * Reads the logs from the generation of the state file on. Throws a `StateError` when a log is missing, or when a log
 * is torn and a later one has records.
 */
async function readLogs(file: string, first: number, numbers: number[]): Promise<ReadLog[]> {
  const logs: ReadLog[] = []
  for (const number of numbers.filter((number) => number >= first)) {
    const expected = first + logs.length
    if (number !== expected) throw new StateError(`the log number ${expected} of ${file} is missing; the other files were left as they are`)
    const log = await readLog(file, number)
    if (log) logs.push(log)
  }
  for (const [index, log] of logs.entries()) {
    const hasSuccessor = logs.slice(index + 1).some(({ records }) => records.length > 0)
    if (log.isTorn && hasSuccessor) throw new StateError(`${log.path} is damaged at its end; it was left as it is`)
  }
  return logs
}

/** Restores the snapshot of the state file and replays the logs, under the stored options. */
function replayLogs(file: string, { about, emulator }: StateFile, logs: ReadLog[]): EmulatorHost {
  const { clock = 'real', startsAt = defaultStart, servers = [], faults = [], ...settings } = about.options
  const host = new EmulatorHost({ settings, clock: new Clock(clock, new Date(startsAt)), servers, faults })
  try {
    host.call('restore', emulator)
  } catch (error) {
    throw new StateError(`${file}: ${(error as Error).message}; it was left as it is`, { cause: error })
  }
  host.clock.resume(about.now)
  if (about.timing !== undefined) host.call('setTiming', about.timing)
  for (const log of logs) {
    for (const [index, record] of log.records.entries()) {
      let isSame: boolean
      try {
        const response = host.replay(inputOf(record))
        isSame = !response || isSameResponse(record, response)
      } catch {
        isSame = false
      }
      if (!isSame) throw new StateError(`${log.path}: replaying input ${index + 1} gives another response than it had. It was written by flexip ${log.writtenBy}, this is ${version}: open it with that one and stop it there; it was left as it is`)
    }
  }
  return host
}

function refuseOther(file: string, name: string, passed: string | undefined, stored: string): void {
  if (passed !== undefined && passed.toLowerCase() !== stored) throw new StateError(`${file} was made with the ${name} ${stored}, not ${passed}: leave it out, or use another file`)
}
