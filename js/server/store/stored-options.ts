// The options that a state was made with. They are stored with it, and options passed later override them.
import { isDeepStrictEqual } from 'node:util'
import type { EmulatorOptions, FirstServer } from '../../emulator.js'
import { StateError } from './error.js'

/** Options as the state file has them: without secrets, the date as milliseconds since the epoch. */
export type StoredOptions = Omit<EmulatorOptions, 'secretKey' | 'sessionToken' | 'startsAt'> & { startsAt?: number }

export function toStored({ secretKey: _, sessionToken: __, startsAt, ...options }: EmulatorOptions): StoredOptions {
  return { ...options, ...(startsAt && { startsAt: startsAt.getTime() }) }
}

export function fromStored({ startsAt, ...options }: StoredOptions): EmulatorOptions {
  return { ...options, ...(startsAt !== undefined && { startsAt: new Date(startsAt) }) }
}

/** Returns the stored options, overridden by those passed now. Throws a `StateError` when the seed or the population differs. */
export function mergeOptions(file: string, stored: StoredOptions, passed: EmulatorOptions): EmulatorOptions {
  const storedSeed = stored.seed ?? 1
  if (passed.seed !== undefined && passed.seed !== storedSeed) {
    throw new StateError(`${file} was made with the seed ${storedSeed}, not ${passed.seed}: leave the seed out, or use another file`)
  }
  if (passed.population !== undefined && !isDeepStrictEqual(passed.population, stored.population)) {
    throw new StateError(`${file} was made with ${stored.population === undefined ? 'no population' : 'another population'}: leave the population out, or use another file`)
  }
  const options = fromStored(stored)
  const key = ({ zone, name }: FirstServer): string => `${zone}/${name ?? ''}`
  const known = new Set(options.servers?.map(key))
  const added = passed.servers?.filter((server) => !known.has(key(server))) ?? []
  return { ...options, ...passed, servers: [...(options.servers ?? []), ...added] }
}
