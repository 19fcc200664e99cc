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

const allowed = 'Allowed is a server, an equals sign and a check: web-1=tcp://10.0.0.1:443, web-1=http://10.0.0.1/health, or web-1=command:ping -c 1 10.0.0.1.'

export function parseWatched(text: string): Watched {
  const [, server = '', rest = ''] = /^([^=]+)=(.+)$/s.exec(text) ?? []
  if (server === '') throw new InvalidArgumentError(allowed)
  if (rest.startsWith('command:') && rest.length > 'command:'.length) return { server, check: { kind: 'command', command: rest.slice('command:'.length) } }
  try {
    const { protocol, hostname, port } = new URL(rest)
    if (protocol === 'http:' || protocol === 'https:') return { server, check: { kind: 'http', url: rest } }
    if (protocol === 'tcp:' && hostname !== '' && Number(port) > 0) return { server, check: { kind: 'tcp', host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port) } }
  } catch {
    // It is refused below.
  }
  throw new InvalidArgumentError(allowed)
}

/** Whether the check succeeds within the time. Never throws. */
export async function runCheck(check: Check, io: Io, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  const { signal: limit, end } = limitOf(signal, timeoutMs)
  // What cannot be killed, such as a process that waits for a disk, is not waited for.
  const over = new Promise<boolean>((resolve) => limit.addEventListener('abort', () => resolve(false)))
  try {
    return !limit.aborted && (await Promise.race([run(check, io, limit), over]))
  } catch {
    return false
  } finally {
    end()
  }
}

async function run(check: Check, io: Io, limit: AbortSignal): Promise<boolean> {
  if (check.kind === 'command') return (await io.shell(check.command, limit)) === 0 && !limit.aborted
  return check.kind === 'tcp' ? connects(check.host, check.port, limit) : responds(check.url, limit)
}

function connects(host: string, port: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal })
    const end = (isUp: boolean) => {
      socket.destroy()
      resolve(isUp)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
}

/** A status of 200 to 399 is a success. A redirection is not followed. */
async function responds(url: string, signal: AbortSignal): Promise<boolean> {
  // A new connection: one that was kept open says nothing about new ones.
  const response = await fetch(url, { redirect: 'manual', signal, headers: { Connection: 'close' } })
  await response.body?.cancel()
  return response.status >= 200 && response.status < 400
}
