// The lock of a state file, for one process at a time. The kernel holds it, so it ends with the process, even after a crash.
import { spawnSync } from 'node:child_process'
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { StateError } from './error.js'
import { changeOf } from './files.js'

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
  const inUse = (): StateError => new StateError(`${file} is in use by ${readHolder(path)}`)
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
  const stats = fstatSync(descriptor, { bigint: true })
  const check = (): void => {
    const change = changeOf(path, stats)
    if (change) throw new StateError(`${path} was ${change}, so another process may have the state: start again`)
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

/** Names the process that holds the lock, with its id if that is known. */
function readHolder(path: string): string {
  try {
    const pid = readFileSync(path, 'utf8').trim()
    if (pid === String(process.pid)) return 'this process already: close it there first'
    return /^\d+$/.test(pid) ? `another process (${pid})` : 'another process'
  } catch {
    return 'another process'
  }
}
