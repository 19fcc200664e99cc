// Reads the behaviours of tests/behaviours/.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Behaviour } from './behaviours.js'

const folder = join(import.meta.dirname, '../../behaviours')

/** The behaviours of each file. */
export const behaviours: [file: string, Behaviour[]][] = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => [file, (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { behaviours: Behaviour[] }).behaviours])
