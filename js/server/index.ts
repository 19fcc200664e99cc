// flexip/server: the emulator on a port. For Node only.
import type { AddressInfo } from 'node:net'
import { type EmulatorOptions, FlexibleIpEmulator } from '../emulator.js'
import { ConfigurationError } from '../errors/index.js'
import { isLoopback } from './access.js'
import { type Limits, serverOf } from './http.js'
import { Store } from './store/store.js'
import { version } from './version.js'

export type { EmulatorOptions, FirstServer, FlexibleIpEmulator } from '../emulator.js'
export { ConfigurationError, FlexipError, isFlexipError } from '../errors/index.js'
export type { Limits } from './http.js'
export { StateError } from './store/error.js'

/** Where the emulator listens; the rest are the emulator's own options. */
export interface ServeOptions extends EmulatorOptions {
  /** The port; 0, or none, for one that is free. */
  port?: number
  /** The address to listen on. Only this machine reaches the default, 127.0.0.1. */
  host?: string
  /**
   * A file to keep the state in: what was answered is there after any crash. Beside it are its log and
   * its lock. Options that are not given are those that the state was made with.
   */
  data?: string
  /** How long the log beside it may get, in bytes, before the file is written anew; 16 MiB if absent. */
  logBytes?: number
  /** Is told when the state could not be saved. From then on no request is answered but with 500. */
  onFailure?: (error: Error) => void
  /** Bounds of what a client may do. */
  limits?: Partial<Limits>
}

/** An emulator on a port. */
export interface ServedEmulator {
  /** Where it is, without a slash at the end. */
  readonly url: string
  /** The emulator behind the port: servers, faults, clock, journal. */
  readonly emulator: FlexibleIpEmulator
  /** Takes no more requests, lets those under way finish for at most this long (5,000 ms if absent), saves the state, and stops. */
  close(graceMs?: number): Promise<void>
}

const usual: Limits = { bodyBytes: 2 ** 20, controlBodyBytes: 2 ** 28, headBytes: 2 ** 14, headMs: 10_000, requestMs: 30_000, connections: 10_000 }

/**
 * Serves the Flexible IP API on a port.
 *
 * @example
 * import { serveEmulator } from 'flexip/server'
 *
 * const { url, emulator, close } = await serveEmulator({ seed: 7, timing: 'recorded' })
 * const answer = await fetch(`${url}/flexible-ip/v1alpha1/zones/fr-par-1/fips`, {
 *   headers: { 'X-Auth-Token': emulator.secretKey },
 * })
 * answer.status // 200
 * await close()
 */
export async function serveEmulator({ port = 0, host = '127.0.0.1', data, logBytes, onFailure, limits, ...options }: ServeOptions = {}): Promise<ServedEmulator> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new ConfigurationError(`port must be a whole number from 0 to 65535; found ${port}`)
  const store = data === undefined ? undefined : await Store.open(data, options, { ...(onFailure && { onFailure }), ...(logBytes !== undefined && { logBytes }) })
  const emulator = store?.emulator ?? new FlexibleIpEmulator(options)
  const server = serverOf({ emulator, limits: { ...usual, ...limits }, loopback: isLoopback(host), version, durable: () => store?.durable() })
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ port, host, backlog: 4096 }, resolve)
    })
  } catch (error) {
    await store?.close()
    throw error
  }
  const { address, family, port: found } = server.address() as AddressInfo
  const close = async (graceMs = 5000): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeIdleConnections()
    const giveUp = setTimeout(() => server.closeAllConnections(), graceMs)
    await closed
    clearTimeout(giveUp)
    await store?.close()
  }
  return { url: `http://${family === 'IPv6' ? `[${address}]` : address}:${found}`, emulator, close }
}
