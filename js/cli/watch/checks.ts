// The health checks of `flexip watch`: a TCP connection, an HTTP request, or a command of the shell.
import { connect } from 'node:net'
import { InvalidArgumentError } from 'commander'
import type { Io } from '../io.js'
import { limitOf } from '../limit.js'

/** A health check. */
export type Check = { kind: 'tcp'; host: string; port: number } | { kind: 'http'; url: string } | { kind: 'command'; command: string }

/** A server with its check. */
export interface Watched {
  server: string
  check: Check
}

/** The ports that the Fetch Standard blocks. */
const blockedPorts: ReadonlySet<number> = new Set([
  0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79,
  87, 95, 101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179,
  389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989,
  990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679,
  6697, 10080,
])

const allowed = 'Allowed is a server, an equals sign and a check: web-1=tcp://10.0.0.1:443, web-1=http://10.0.0.1/health, or web-1=command:ping -c 1 10.0.0.1.'

export function parseWatched(text: string): Watched {
  const [, server = '', rest = ''] = /^([^=]+)=(.+)$/s.exec(text) ?? []
  if (server === '') throw new InvalidArgumentError(allowed)
  if (/^command:.*\S/s.test(rest)) return { server, check: { kind: 'command', command: rest.slice('command:'.length) } }
  try {
    const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(rest)
    if (protocol === 'http:' || protocol === 'https:') {
      // Node's fetch sends no such request: it would be a failed check for ever.
      if (username !== '' || password !== '') throw new InvalidArgumentError('A URL with a user or a password is not fetched. Use command:curl with a file of secrets instead.')
      if (port !== '' && blockedPorts.has(Number(port))) throw new InvalidArgumentError(`Port ${port} is one that fetch refuses. Use tcp://${hostname}:${port}, or command:curl, instead.`)
      return { server, check: { kind: 'http', url: rest } }
    }
    const isBare = username === '' && password === '' && /^\/?$/.test(pathname) && search === '' && hash === ''
    if (protocol === 'tcp:' && isBare && hostname !== '' && Number(port) > 0) return { server, check: { kind: 'tcp', host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port) } }
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw error
    // It is refused below.
  }
  throw new InvalidArgumentError(allowed)
}

/** How a check ended: the server is up or not, or the check was not made, for this reason. */
export type CheckResult = boolean | Error

/** Makes the check, which has this time. Never throws. */
export async function runCheck(check: Check, io: Io, timeoutMs: number, signal: AbortSignal): Promise<CheckResult> {
  const { signal: limit, end } = limitOf(signal, timeoutMs)
  // What cannot be killed, such as a process that waits for a disk, is not waited for.
  const over = new Promise<boolean>((resolve) => limit.addEventListener('abort', () => resolve(false)))
  try {
    return !limit.aborted && (await Promise.race([run(check, io, limit), over]))
  } catch (error) {
    return !limit.aborted && ownFaultOf(error, check)
  } finally {
    end()
  }
}

/** What this machine lacks for a check: it says nothing about the server. */
const ownFaults: readonly string[] = ['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'ENOBUFS', 'EADDRNOTAVAIL']

/** The error if the check was not made because of this machine, else `false`. Every error of a command is: it was not started. */
function ownFaultOf(error: unknown, check: Check): CheckResult {
  const own = [error, error instanceof Error ? error.cause : undefined].find((one) => one instanceof Error && (check.kind === 'command' || ownFaults.includes(String((one as NodeJS.ErrnoException).code))))
  return own instanceof Error && own
}

async function run(check: Check, io: Io, limit: AbortSignal): Promise<boolean> {
  if (check.kind === 'command') return (await io.shell(check.command, limit)) === 0 && !limit.aborted
  return check.kind === 'tcp' ? connects(check.host, check.port, limit) : responds(check.url, limit)
}

function connects(host: string, port: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal })
    const end = (isUp: boolean) => {
      socket.destroy()
      resolve(isUp)
    }
    socket.once('connect', () => end(true))
    socket.once('error', reject)
  })
}

/** A status of 200 to 399 is a success. A redirection is not followed. */
async function responds(url: string, signal: AbortSignal): Promise<boolean> {
  // A new connection: one that was kept open says nothing about new ones.
  const response = await fetch(url, { redirect: 'manual', signal, headers: { Connection: 'close' } })
  await response.body?.cancel()
  return response.status >= 200 && response.status < 400
}
