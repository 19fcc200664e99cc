// Fault rules in a file: a JSON array of them.
import { readFileSync } from 'node:fs'
import { ConfigurationError } from '../errors/index.js'
import type { FaultRule } from '../emulator.js'
import { readFaultRules } from '../emulator/host.js'

/** Reads the fault rules of a file. Throws a `ConfigurationError` with the file, and the line or the number of the rule, when one is invalid. */
export function readFaultFile(path: string): FaultRule[] {
  let text: string
  try {
    // Without the mark at its beginning that some editors write.
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch (error) {
    throw new ConfigurationError(`${path} cannot be read: ${isNotUtf8(error) ? 'it is not UTF-8' : (error as Error).message}`)
  }
  try {
    return readFaultRules(text)
  } catch (error) {
    throw error instanceof ConfigurationError ? new ConfigurationError(`${path}: ${error.message}`) : error
  }
}

function isNotUtf8(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
}
