// What the scripts share: where the repository is, how a program is run, how a script stops.
// Only Node's own modules, because setup runs before there is a node_modules.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** A failure that the reader can act on: shown without a stack. */
export class Stop extends Error {}

/** Runs a program and stops when it fails. Its output is shown, or with `stdout` as 'pipe' returned. */
export function run(program, args, env = {}, stdout = 'inherit') {
  const stdio = ['inherit', stdout, 'inherit']
  const result = spawnSync(program, args, { cwd: root, stdio, encoding: 'utf8', env: { ...process.env, ...env } })
  if (result.error) throw new Stop(`${program} could not be started: ${result.error.message}`)
  if (result.status !== 0) throw new Stop(`failed: ${program} ${args.join(' ')}`)
  return result.stdout
}

/** What a program prints, or undefined when it is missing or fails: for finding out what there is. */
export function output(program, args, env = {}) {
  const { status, stdout } = spawnSync(program, args, { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } })
  return status === 0 ? stdout.trim() : undefined
}

/** Runs a script's main function and turns a `Stop` into its message and exit code 1. */
export async function main(body) {
  try {
    await body()
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
