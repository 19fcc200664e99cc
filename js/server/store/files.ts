// Files that survive a crash.
import { createHash } from 'node:crypto'
import { type FileHandle, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Replaces the content of a file. After a crash the file has either the old content or the new one. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.tmp`
  await createSynced(draft, text).then((file) => file.close())
  await rename(draft, path)
  await syncFolder(path)
}

/** Creates a file with a text, synced, and leaves it open for appending. Its name survives a crash only after `syncFolder`. */
export async function createSynced(path: string, text: string): Promise<FileHandle> {
  const file = await open(path, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
    return file
  } catch (error) {
    await file.close()
    throw error
  }
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

export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
