// A file that a command writes.
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { type FileHandle, access, constants, open, realpath, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { exitCodes } from './exit-codes.js'
import { Stop, wrongArgument } from './stop.js'

/** What is wrong with a path, and not with the disk. */
const ofPath: readonly unknown[] = ['EACCES', 'EEXIST', 'EINVAL', 'EISDIR', 'ELOOP', 'ENAMETOOLONG', 'ENOENT', 'ENOTDIR', 'EPERM', 'EROFS']

/** Writes a file as a whole: if it fails, what was there before stays. A device or a pipe is written as it is. */
export async function writeOutputFile(path: string, text: string): Promise<void> {
  try {
    const before = await stat(path).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? undefined : Promise.reject(error)))
    if (before && !before.isFile()) return await writeFile(path, text)
    // A rename asks only for the rights to the folder.
    if (before) await access(path, constants.W_OK)
    // A link stays one.
    const place = await realpath(path).catch(() => path)
    await replace(place, text, before && before.mode & 0o777)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    // The rest of the message names the draft.
    const said = `${path} cannot be written: ${message.split(', ')[0] ?? ''}`
    throw ofPath.includes(code) ? wrongArgument(said) : new Stop(exitCodes.failed, said)
  }
}

/** Writes a file beside the path, and gives it the name. Another user of the folder cannot know where it will be. */
async function replace(path: string, text: string, mode: number | undefined): Promise<void> {
  const draft = join(dirname(path), `.flexip-${randomBytes(6).toString('hex')}.tmp`)
  const file = await open(draft, 'wx', mode === undefined ? 0o666 : 0o600)
  try {
    await fill(file, text, mode)
    await rename(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

async function fill(file: FileHandle, text: string, mode: number | undefined): Promise<void> {
  try {
    await file.writeFile(text)
    if (mode !== undefined) await file.chmod(mode)
    // Only what is on the disk may replace what is there.
    await file.sync()
  } finally {
    await file.close()
  }
}
