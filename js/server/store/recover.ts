// From what is on disk to an emulator that goes on from there. Nothing is written here.
import { Clock, usualStart } from '../../clock.js'
import { Emulation } from '../../emulation.js'
import { type EmulatorOptions, FlexibleIpEmulator } from '../../emulator.js'
import { innardsOf } from '../../innards.js'
import { version } from '../version.js'
import { StateError } from './error.js'
import { type ReadLog, generations, readLog } from './log.js'
import { merged } from './options.js'
import { inputOf, sumOf } from './record.js'
import { type StateFile, readState } from './snapshot.js'

export interface Recovered {
  emulator: FlexibleIpEmulator
  /** The options that it has now. */
  options: EmulatorOptions
  /** The number of the log that goes on from here. */
  generation: number
}

/** Throws a `StateError` when what is there is not whole. */
export async function recover(file: string, given: EmulatorOptions): Promise<Recovered> {
  const state = await readState(file)
  const numbers = generations(file)
  const first = state?.about.generation ?? numbers[0] ?? 1
  const logs = await readLogs(file, first, numbers)
  const generation = first + logs.length
  if (!state) {
    const records = logs.find((log) => log.records.length > 0)
    if (records) throw new StateError(`${records.path} is there, but the state that it goes on from is not: ${file}`)
    return { emulator: new FlexibleIpEmulator(given), options: given, generation }
  }
  const { emulation, snapshot } = replay(file, state, logs)
  const options = merged(file, state.about.options, given)
  const emulator = new FlexibleIpEmulator(options)
  const innards = innardsOf(emulator)
  emulator.restore(snapshot)
  innards.clock.resume(emulation.clock.now())
  if (emulation.timing !== undefined && given.timing === undefined) emulator.setTiming(emulation.timing)
  refuseOther(file, 'projectId', given.projectId, emulator.projectId)
  refuseOther(file, 'organizationId', given.organizationId, emulator.organizationId)
  for (const { zone, name = 'server' } of given.servers ?? []) {
    if (!emulator.servers.some((server) => server.zone === zone && server.name === name)) emulator.addServer({ zone, name })
  }
  return { emulator, options, generation }
}

/** The logs from the generation of the state file on, without a gap. Only the last that has anything may end torn. */
async function readLogs(file: string, first: number, numbers: number[]): Promise<ReadLog[]> {
  const logs: ReadLog[] = []
  for (const number of numbers.filter((number) => number >= first)) {
    if (number !== first + logs.length) throw new StateError(`the log number ${first + logs.length} of ${file} is missing; what is there was left as it is`)
    const log = await readLog(file, number)
    if (log) logs.push(log)
  }
  for (const [place, log] of logs.entries()) {
    const goesOn = logs.slice(place + 1).some(({ records }) => records.length > 0)
    if (log.torn && goesOn) throw new StateError(`${log.path} is damaged at its end; it was left as it is`)
  }
  return logs
}

/** Does again what the logs say, under the options of the time. */
function replay(file: string, { about, emulator }: StateFile, logs: ReadLog[]): { emulation: Emulation; snapshot: string } {
  const { clock = 'real', startsAt = usualStart, servers = [], ...settings } = about.options
  const emulation = new Emulation({ settings, clock: new Clock(clock, new Date(startsAt)), servers })
  try {
    emulation.do('restore', emulator)
  } catch (error) {
    throw new StateError(`${file}: ${(error as Error).message}; it was left as it is`, { cause: error })
  }
  emulation.clock.resume(about.now)
  if (about.timing !== undefined) emulation.do('setTiming', about.timing)
  for (const log of logs) {
    for (const [place, record] of log.records.entries()) {
      const input = inputOf(record)
      let same = true
      try {
        const answer = emulation.repeat(input)
        if (answer && 'status' in record) same = answer.status === record.status && (record.sum === undefined || record.sum === sumOf(answer.body))
      } catch {
        same = false
      }
      if (!same) throw new StateError(`${log.path}: input ${place + 1} does not come about again as it was answered. It was written by flexip ${log.writtenBy}, this is ${version}: open it with that one and stop it there; it was left as it is`)
    }
  }
  return { emulation, snapshot: emulation.core.snapshot() }
}

function refuseOther(file: string, name: string, given: string | undefined, found: string): void {
  if (given !== undefined && given.toLowerCase() !== found) throw new StateError(`${file} was made with the ${name} ${found}, not ${given}: leave it out, or use another file`)
}
