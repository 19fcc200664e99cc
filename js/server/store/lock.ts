// One process at a time. The kernel holds the lock, so that it ends with the process, however that ends.
import { spawnSync } from 'node:child_process'
import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { StateError } from './error.js'

/** BSD's and macOS's flag of open(2) for a lock; libuv's for Windows. `fs.constants` has neither. */
const BSD_EXLOCK = 0x20
const WINDOWS_EXLOCK = 0x1000_0000

/** Takes the lock of a state file; gives what returns it. Throws a `StateError` when another process has it. */
export function lock(file: string): () => void {
  const path = `${file}.lock`
  const taken = (): StateError => new StateError(`${file} is in use by another process${holder(path)}`)
  const flag = process.platform === 'linux' ? 0 : process.platform === 'win32' ? WINDOWS_EXLOCK : BSD_EXLOCK | constants.O_NONBLOCK
  let descriptor: number
  try {
    descriptor = openSync(path, constants.O_RDWR | constants.O_CREAT | flag, 0o600)
  } catch (error) {
    if (['EAGAIN', 'EBUSY', 'EWOULDBLOCK'].includes((error as NodeJS.ErrnoException).code ?? '')) throw taken()
    throw error
  }
  if (process.platform === 'linux' && !flock(descriptor)) {
    closeSync(descriptor)
    throw taken()
  }
  ftruncateSync(descriptor)
  writeSync(descriptor, `${process.pid}\n`, 0)
  return () => closeSync(descriptor)
}

// Node has no flock(2). The command locks the open file that it inherits; the lock outlives the command,
// because this process has the same file open.
function flock(descriptor: number): boolean {
  const { status, error } = spawnSync('flock', ['-n', '-x', '3'], { stdio: ['ignore', 'ignore', 'ignore', descriptor] })
  if (error) throw new StateError(`a state on disk needs the command flock (of util-linux, or busybox), to keep other processes out: ${error.message}`)
  return status === 0
}

function holder(path: string): string {
  try {
    const pid = readFileSync(path, 'utf8').trim()
    return /^\d+$/.test(pid) ? ` (${pid})` : ''
  } catch {
    return ''
  }
}
