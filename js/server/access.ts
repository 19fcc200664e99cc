// Who may use what is below /_emulator/.
import type { IncomingMessage } from 'node:http'

/** Whether a host, without its port, can only be this machine. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}

/**
 * Whether a request can only come from a program of this machine. A page can reach a loopback
 * address, too: by its own name for it (then the Host tells) or from another origin (then that does).
 */
export function isLocal({ headers }: IncomingMessage): boolean {
  return isLoopback(nameIn(headers.host)) && (headers.origin === undefined || isLoopback(nameIn(headers.origin.replace(/^https?:\/\//, ''))))
}

function nameIn(host = ''): string {
  return host.replace(/:\d+$/, '')
}
