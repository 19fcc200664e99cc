// Listening on a port, with an error that names it.
import type { Server } from 'node:http'
import type { ListenOptions } from 'node:net'
import { ConfigurationError } from '../errors/index.js'

const reasons: Record<string, string> = {
  EADDRINUSE: 'it is in use by another program; name another, or 0 for a free one',
  EACCES: 'this user may not',
  EADDRNOTAVAIL: 'this machine does not have the address',
}

/** Listens. Throws a `ConfigurationError` that names the port when that is impossible, with the system's error as its cause. */
export async function listen(server: Server, options: ListenOptions & { port: number; host: string }): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options, resolve)
  }).catch((error: NodeJS.ErrnoException) => {
    const { code = '' } = error
    throw new ConfigurationError(`port ${options.port} of ${options.host} cannot be listened on: ${reasons[code] ?? error.message} (${code})`, { cause: error })
  })
}

/** Whether an error is one of `listen`. It is none of the arguments themselves. */
export function isListenError(error: unknown): boolean {
  return error instanceof Error && (error.cause as NodeJS.ErrnoException | undefined)?.syscall === 'listen'
}
