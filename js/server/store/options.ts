// The options that a state was made with. They stay with it; what is given anew counts.
import { isDeepStrictEqual } from 'node:util'
import type { EmulatorOptions, FirstServer } from '../../emulator.js'
import { StateError } from './error.js'

/** As they are written: without secrets. */
export type StoredOptions = Omit<EmulatorOptions, 'secretKey' | 'sessionToken' | 'startsAt'> & { startsAt?: number }

export function stored({ secretKey: _, sessionToken: __, startsAt, ...options }: EmulatorOptions): StoredOptions {
  return { ...options, ...(startsAt && { startsAt: startsAt.getTime() }) }
}

export function restored({ startsAt, ...options }: StoredOptions): EmulatorOptions {
  return { ...options, ...(startsAt !== undefined && { startsAt: new Date(startsAt) }) }
}

/** The stored options with those that are given in their place. */
export function merged(file: string, before: StoredOptions, given: EmulatorOptions): EmulatorOptions {
  const was = before.seed ?? 1
  if (given.seed !== undefined && given.seed !== was) {
    throw new StateError(`${file} was made with the seed ${was}, not ${given.seed}: leave the seed out, or use another file`)
  }
  if (given.population !== undefined && !isDeepStrictEqual(given.population, before.population)) {
    throw new StateError(`${file} was made with ${before.population === undefined ? 'no population' : 'another population'}: leave the population out, or use another file`)
  }
  const old = restored(before)
  const key = ({ zone, name }: FirstServer): string => `${zone}/${name ?? ''}`
  const known = new Set(old.servers?.map(key))
  const fresh = given.servers?.filter((server) => !known.has(key(server))) ?? []
  return { ...old, ...given, servers: [...(old.servers ?? []), ...fresh] }
}
