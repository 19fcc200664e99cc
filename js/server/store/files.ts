// What has to happen so that a file is there after a crash.
import { createHash } from 'node:crypto'
import { type FileHandle, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Puts a text in the place of a file, wholly or not at all. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.tmp`
  await createSynced(draft, text).then((file) => file.close())
  await rename(draft, path)
  await syncFolder(path)
}

/** Makes a file that holds a text, and leaves it open to be appended to. Its name is not yet safe: see `syncFolder`. */
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

/** Makes the names in a file's folder safe. Windows has no such thing. */
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
