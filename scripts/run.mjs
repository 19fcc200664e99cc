// Shared by all scripts: the folder of the repository, running programs, ending with a message.
// It imports only Node's own modules, because setup runs before node_modules exists.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** A failure whose message says what to do. It is printed without a stack. */
export class Stop extends Error {}

/** Runs a program, in `cwd`, and throws a `Stop` when it fails. Its output is printed; with `stdout` 'pipe' it is returned. */
export function run(program, args, env = {}, { stdout = 'inherit', cwd = root } = {}) {
  const stdio = ['inherit', stdout, 'inherit']
  const result = spawnSync(program, args, { cwd, stdio, encoding: 'utf8', env: { ...process.env, ...env } })
  if (result.error) throw new Stop(`${program} could not be started: ${result.error.message}`)
  if (result.status !== 0) {
    if (stdout === 'pipe') process.stdout.write(result.stdout)
    throw new Stop(`failed: ${program} ${args.join(' ')}`)
  }
  return result.stdout
}

/** The trimmed output of a program; undefined when the program is missing or fails. */
export function output(program, args, env = {}) {
  const { status, stdout } = spawnSync(program, args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28, env: { ...process.env, ...env } })
  return status === 0 ? stdout.trim() : undefined
}

/** Runs the main function of a script. For a `Stop` it prints the message and sets exit code 1. */
export async function main(body) {
  try {
    await body()
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
