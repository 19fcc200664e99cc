// The lock of a state file, for one process at a time. The kernel holds it, so it ends with the process, even after a crash.
import { spawnSync } from 'node:child_process'
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readFileSync, statSync, writeSync } from 'node:fs'
import { StateError } from './error.js'

/** Flags of open(2) for a lock: of BSD and macOS, and of libuv for Windows. `fs.constants` has neither. */
const BSD_EXLOCK = 0x20
const WINDOWS_EXLOCK = 0x1000_0000

/** A planted link would lead to a file that is not ours. Windows has no such flag. */
const noFollow = (constants.O_NOFOLLOW as number | undefined) ?? 0

/** The lock of a state file. */
export interface Lock {
  /** Throws a `StateError` if the lock file was removed or replaced: another process may have the state now. */
  check: () => void
  release: () => void
}

/** Takes the lock of a state file. Throws a `StateError` when another process holds it. */
export function lock(file: string): Lock {
  const path = `${file}.lock`
  const inUse = (): StateError => new StateError(`${file} is in use by another process${readHolder(path)}`)
  const flag = process.platform === 'linux' ? 0 : process.platform === 'win32' ? WINDOWS_EXLOCK : BSD_EXLOCK | constants.O_NONBLOCK
  let descriptor: number
  try {
    descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT | flag | noFollow, 0o600)
  } catch (error) {
    if (['EAGAIN', 'EBUSY', 'EWOULDBLOCK'].includes((error as NodeJS.ErrnoException).code ?? '')) throw inUse()
    if ((error as NodeJS.ErrnoException).code === 'ELOOP') throw new StateError(`${path} is a link: remove it`)
    throw error
  }
  if (process.platform === 'linux' && !flock(descriptor)) {
    closeSync(descriptor)
    throw inUse()
  }
  ftruncateSync(descriptor)
  writeSync(descriptor, `${process.pid}\n`, 0)
  const { dev, ino } = fstatSync(descriptor, { bigint: true })
  const check = (): void => {
    const found = statSync(path, { bigint: true, throwIfNoEntry: false })
    if (found?.ino !== ino || found.dev !== dev) throw new StateError(`${path} was ${found ? 'replaced' : 'removed'}, so another process may have the state: start again`)
  }
  return { check, release: () => closeSync(descriptor) }
}

// Node has no flock(2). The command locks the open file that it inherits. The lock outlives the command, because this
// process has the same file open.
function flock(descriptor: number): boolean {
  const { status, error } = spawnSync('flock', ['-n', '-x', '3'], { stdio: ['ignore', 'ignore', 'ignore', descriptor] })
  if (error) throw new StateError(`a state on disk needs the command flock (of util-linux, or busybox), to keep other processes out: ${error.message}`)
  return status === 0
}

/** Returns the id of the process that holds the lock, in parentheses, or nothing if it is unknown. */
function readHolder(path: string): string {
  try {
    const pid = readFileSync(path, 'utf8').trim()
    return /^\d+$/.test(pid) ? ` (${pid})` : ''
  } catch {
    return ''
  }
}
