// Files that survive a crash.
import { createHash } from 'node:crypto'
import { type BigIntStats, rmSync, statSync } from 'node:fs'
import { type FileHandle, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { piecesOf } from '../pieces.js'

/** Replaces the content of a file. After a crash the file has either the old content or the new one. */
export async function replaceFile(path: string, ...texts: string[]): Promise<void> {
  const draft = `${path}.tmp`
  const file = await createSynced(draft, ...texts)
  try {
    await file.close()
    await rename(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
  await syncFolder(path)
}

/**
 * Creates a file with texts, synced, and leaves it open for appending. Its name survives a crash only after
 * `syncFolder`. What has the name is removed, and never opened: it may be a link that another user of the folder planted.
 */
export async function createSynced(path: string, ...texts: string[]): Promise<FileHandle> {
  rmSync(path, { force: true })
  const file = await open(path, 'wx', 0o600)
  try {
    for (const text of texts) for (const piece of piecesOf(text)) await file.writeFile(piece)
    await file.sync()
    return file
  } catch (error) {
    await file.close()
    // A part of it is of no use, and a full disk needs the room.
    rmSync(path, { force: true })
    throw error
  }
}

/** Returns what happened to an open file: whether its name is gone, or names another one. */
export function changeOf(path: string, { dev, ino }: BigIntStats): 'removed' | 'replaced' | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false })
  if (!found) return 'removed'
  return found.ino === ino && found.dev === dev ? undefined : 'replaced'
}

/** Syncs the folder of a file, and thereby the names in it. Windows cannot do this, and nothing is done there. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

export function sha256(...data: (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of data) {
    if (typeof part === 'string') for (const piece of piecesOf(part)) hash.update(piece)
    else hash.update(part)
  }
  return hash.digest('hex')
}
