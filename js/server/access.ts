// Which requests may use the paths below /_emulator/ without the secret key.
import type { IncomingMessage } from 'node:http'

/** Whether a host name, without its port, is a loopback name or address. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
}

/**
 * Whether a request can only come from a program of this machine. Web pages can reach loopback addresses too: through
 * a host name of the attacker, which the Host header shows, or from another origin, which the Origin header shows.
 */
export function isLocal({ headers }: IncomingMessage): boolean {
  return isLoopback(hostName(headers.host)) && (headers.origin === undefined || isLoopback(hostName(headers.origin.replace(/^https?:\/\//, ''))))
}

function hostName(host = ''): string {
  return host.replace(/:\d+$/, '')
}
