// Reads a file that may be a named pipe, without a thread that waits for its writer: such a thread keeps the process from its end.
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { Io } from './io.js'

/** The pause between two reads of a pipe that has nothing, in milliseconds. */
const pauseMs = 50

/** The text of a file. Of a pipe, it waits for a writer and for its end, until the signal is aborted. */
export async function readInputFile(path: string, io: Pick<Io, 'sleep'>, signal: AbortSignal): Promise<string> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    if (!(await file.stat()).isFIFO()) return await file.readFile('utf8')
    // That of a shell has had its writer from its begin on.
    let hasWriter = /^\/(dev|proc)\//.test(path)
    const parts: Buffer[] = []
    while (!signal.aborted) {
      const part = await readSome(file)
      if (part === undefined) hasWriter = true
      else if (part.length > 0) parts.push(part)
      else if (hasWriter || parts.length > 0) break
      if (part === undefined || part.length === 0) await io.sleep(pauseMs, signal)
    }
    return Buffer.concat(parts).toString()
  } finally {
    await file.close()
  }
}

/** What there is to read: nothing when there is no writer, `undefined` when the writer has written nothing more. */
async function readSome(file: Awaited<ReturnType<typeof open>>): Promise<Buffer | undefined> {
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(65_536), 0, 65_536, null)
    return buffer.subarray(0, bytesRead)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined
    throw error
  }
}
