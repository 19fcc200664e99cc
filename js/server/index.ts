// flexip/server: the emulator on a port. For Node only.
import type { AddressInfo } from 'node:net'
import { type EmulatorOptions, FlexibleIpEmulator } from '../emulator.js'
import { ConfigurationError } from '../errors/index.js'
import { hostOf } from '../emulator/internals.js'
import { refuseKnownKey, resolveAddress } from './access.js'
import { type Limits, createHttpServer } from './http.js'
import { listen } from './listen.js'
import { callListener } from './listener.js'
import { Store } from './store/store.js'
import { version } from './version.js'

export type { EmulatorOptions, FaultRule, FirstServer, FlexibleIpEmulator } from '../emulator.js'
export { type AnyFlexipError, type CalledName, ConfigurationError, EmulatorTrapError, type ErrorCode, type FailureContext, FlexipError, isFlexipError } from '../errors/index.js'
export { readFaultFile } from './fault-file.js'
export type { Limits } from './http.js'
export { type Recorder, type RecordOptions, recordSession } from './session/recorder.js'
export { type Difference, type ReplayResult, replaySession } from './session/replay.js'
export { StateError } from './store/error.js'

/** Where the emulator listens and where its state is, besides the options of the emulator. */
export interface ServeOptions extends EmulatorOptions {
  /** The port. A free one if 0 or absent. */
  port?: number
  /** The address to listen on. 127.0.0.1 if absent, which only this machine can reach. Any other address needs a `secretKey`. */
  host?: string
  /**
   * The file that holds the state. Everything that a response confirmed is there after a crash, on the port and of
   * `emulator.fetch`; a method such as `addServer` returns before that, and `GET /_emulator/health` waits for it. The log and the
   * lock are beside the file. Options that are absent are those that the state was made with.
   */
  data?: string
  /** The size of the log, in bytes, from which on the state file is written again. 16 MiB if absent. */
  logBytes?: number
  /**
   * Leaves out what cannot be read or replayed of the log, instead of refusing the state: `leftOut` says what. Copies of
   * the logs are kept beside the state.
   */
  repair?: boolean
  /** Called when the state could not be saved, or the WebAssembly module trapped. From then on the response to every request is 500. What it throws is dropped. */
  onFailure?: (error: Error) => void
  /** Limits on the resources that clients can take. */
  limits?: Partial<Limits>
}

/** An emulator on a port. */
export interface ServedEmulator {
  /** The URL of the emulator, without a slash at its end. */
  readonly url: string
  /** What `repair` left out, a sentence each. */
  readonly leftOut: readonly string[]
  /** The emulator behind the port: servers, faults, clock, journal. */
  readonly emulator: FlexibleIpEmulator
  /** Stops: accepts no more connections, waits up to `graceMs` milliseconds (5,000 if absent) for open requests, and saves the state. A second call waits for the first. */
  close(graceMs?: number): Promise<void>
}

const defaultLimits: Limits = { bodyBytes: 2 ** 20, openBodyBytes: 2 ** 26, controlBodyBytes: 500_000_000, headBytes: 2 ** 14, headers: 200, headMs: 10_000, requestMs: 30_000, connections: 10_000 }

/** The longest time of a timer. */
const graceMsMax = 2 ** 31 - 1

/**
 * Serves the Flexible IP API on a port.
 *
 * @example
 * import { serveEmulator } from 'flexip/server'
 *
 * const { url, emulator, close } = await serveEmulator({ seed: 7, timing: 'recorded' })
 * const response = await fetch(`${url}/flexible-ip/v1alpha1/zones/fr-par-1/fips`, {
 *   headers: { 'X-Auth-Token': emulator.secretKey },
 * })
 * response.status // 200
 * await close()
 */
export async function serveEmulator({ port = 0, host = '127.0.0.1', data, logBytes, repair, onFailure, limits, ...options }: ServeOptions = {}): Promise<ServedEmulator> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new ConfigurationError(`port must be a whole number from 0 to 65535; found ${port}`)
  if (repair && data === undefined) throw new ConfigurationError('repair needs data: the file to repair')
  const checkedLimits = checkLimits(limits)
  const address = await resolveAddress(host)
  // Before the state is opened. Whether a key that was set is the public one, only the emulator can tell.
  refuseKnownKey(address, options.secretKey !== undefined)
  const store = data === undefined ? undefined : await Store.open(data, options, { ...(onFailure && { onFailure }), ...(logBytes !== undefined && { logBytes }), ...(repair !== undefined && { repair }) })
  const emulator = store?.emulator ?? new FlexibleIpEmulator(options)
  const { server, closeIdle, closeAll } = createHttpServer({ emulator, limits: checkedLimits, version, whenDurable: () => store?.whenDurable() })
  try {
    refuseKnownKey(address, hostOf(emulator).core.hasOwnKey)
    await listen(server, { port, host: address, backlog: 4096 })
  } catch (error) {
    await store?.close()
    throw error
  }
  let hasTrapped = false
  hostOf(emulator).onTrap = (error) => {
    if (!hasTrapped) callListener(onFailure, error)
    hasTrapped = true
  }
  const { family, port: boundPort } = server.address() as AddressInfo
  const stop = async (graceMs: number): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve))
    closeIdle()
    // A response whose head was sent before did not end its connection, which is idle after it.
    const idle = setInterval(closeIdle, 50)
    const timer = setTimeout(closeAll, graceMs)
    await closed
    clearInterval(idle)
    clearTimeout(timer)
    await store?.close()
  }
  let stopped: Promise<void> | undefined
  const close = async (graceMs = 5000): Promise<void> => {
    if (!Number.isInteger(graceMs) || graceMs < 0 || graceMs > graceMsMax) throw new ConfigurationError(`graceMs must be a whole number of milliseconds from 0 to ${graceMsMax}; found ${String(graceMs)}`)
    await (stopped ??= stop(graceMs))
  }
  return { url: `http://${family === 'IPv6' ? `[${address}]` : address}:${boundPort}`, emulator, leftOut: store?.leftOut ?? [], close }
}

/** Returns the limits with the defaults. Throws a `ConfigurationError` for one that would not limit anything. */
function checkLimits(limits: Partial<Limits> = {}): Limits {
  const checked = { ...defaultLimits }
  for (const [name, value] of Object.entries(limits)) {
    if (!Object.hasOwn(defaultLimits, name)) throw new ConfigurationError(`there is no limit ${name}; there are ${Object.keys(defaultLimits).join(', ')}`)
    if (value === undefined) continue
    if (!Number.isSafeInteger(value) || value < 1) throw new ConfigurationError(`limits.${name} must be a whole number from 1; found ${String(value)}`)
    checked[name as keyof Limits] = value
  }
  return checked
}
