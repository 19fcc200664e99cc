// Runs commands in this process, against an emulator on a port.
import { onTestFinished } from 'vitest'
import type { Io } from '../../js/cli/io.js'
import { Secrets } from '../../js/cli/secrets.js'
import type { StopSignal } from '../../js/cli/stop.js'
import { run } from '../../js/cli/program.js'
import { FlexibleIpClient } from '../../js/index.js'
import { type ServeOptions, type ServedEmulator, serveEmulator } from '../../js/server/index.js'

/** How a command ended, and what it printed. */
export interface Ended {
  code: number
  out: string
  err: string
}

/** The surroundings of a test: nothing of the process, time that only sleeps move. */
export interface TestIo extends Io {
  printed: { out: string; err: string }
  /** Raises a signal. */
  raise(signal: StopSignal): void
  exits: number[]
}

export function testIo(overrides: Partial<Io> = {}): TestIo {
  const printed = { out: '', err: '' }
  const listeners = new Set<(signal: StopSignal) => void>()
  const exits: number[] = []
  let now = 0
  return {
    printed,
    exits,
    secrets: new Secrets(overrides.env ?? {}),
    raise: (signal) => listeners.forEach((listener) => listener(signal)),
    env: {},
    out: (text) => void (printed.out += text),
    err: (text) => void (printed.err += text),
    outIsTerminal: false,
    errIsTerminal: false,
    columns: 80,
    readInput: () => Promise.resolve(''),
    ask: () => Promise.resolve(undefined),
    onSignal: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    exit: (code) => void exits.push(code),
    now: () => now,
    // Another task runs before the sleep ends, so that responses of the port arrive.
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        setImmediate(() => {
          if (!signal.aborted) now += ms
          resolve()
        })
      }),
    shell: () => Promise.resolve(0),
    fetch: (url, init) => fetch(url, init as RequestInit),
    ...overrides,
  }
}

/** The emulator on a port, with two servers in fr-par-1 and one in nl-ams-1, and how to run commands against it. */
export async function world(options: ServeOptions = {}) {
  const served: ServedEmulator = await serveEmulator({ servers: [{ zone: 'fr-par-1', name: 'web-1' }, { zone: 'fr-par-1', name: 'web-2' }, { zone: 'nl-ams-1', name: 'db-1' }], ...options })
  onTestFinished(() => served.close(0))
  const { emulator, url } = served
  const client = new FlexibleIpClient({ secretKey: emulator.secretKey, fetch: emulator.fetch, defaultZone: 'fr-par-1', defaultProjectId: emulator.projectId })
  const serverId = (name: string) => emulator.servers.find((server) => server.name === name)?.id ?? ''
  /** Creates a flexible IP, and waits until it is at rest. */
  const create = async (server?: string, fields: { zone?: string; tags?: string[]; description?: string; isIpv6?: boolean } = {}) => {
    const { id, zone } = await client.createFlexibleIP({ ...fields, ...(server !== undefined && { serverId: serverId(server) }) })
    return client.waitForFlexibleIP({ zone, fipId: id })
  }
  /** The flexible IP as it is now. */
  const read = ({ id, zone }: { id: string; zone: string }) => client.getFlexibleIP({ fipId: id, zone })
  /** Makes a MAC group of flexible IPs on one server. */
  const group = async (...ips: { id: string; zone: string }[]) => {
    const [first, ...others] = ips
    if (!first) return
    await client.generateMACAddr({ zone: first.zone, fipId: first.id, macType: 'kvm' })
    await client.waitForFlexibleIP({ zone: first.zone, fipId: first.id })
    for (const { id, zone } of others) {
      await client.duplicateMACAddr({ zone, fipId: id, duplicateFromFipId: first.id })
      await client.waitForFlexibleIP({ zone, fipId: id })
    }
  }
  const flexip = async (args: string[], overrides: Partial<Io> = {}): Promise<Ended> => {
    const io = testIo(overrides)
    // Commands without the API have no such option, and after `--` come words only.
    const isLocal = ['emulator', 'completion'].includes(args[0] ?? '') || args.length < 2
    const end = args.includes('--') ? args.indexOf('--') : args.length
    const code = await run(isLocal && args[0] !== 'ls' && args[0] !== 'create' ? args : [...args.slice(0, end), `--emulator=${url}`, ...args.slice(end)], io)
    return { code, ...io.printed }
  }
  /** Runs a command with `--json`, and returns its objects. */
  const json = async (...args: string[]): Promise<Record<string, unknown>[]> => linesOf(await flexip([...args, '--json']))
  return { served, emulator, url, client, serverId, create, read, group, flexip, json }
}

/** The objects of an output, one a line. Throws if the command failed. */
export function linesOf({ code, out, err }: Ended): Record<string, unknown>[] {
  if (code !== 0) throw new Error(`ended with ${code}: ${err}`)
  return out.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>)
}

/** Runs a command without an emulator. */
export async function flexip(args: string[], overrides: Partial<Io> = {}): Promise<Ended> {
  const io = testIo(overrides)
  return { code: await run(args, io), ...io.printed }
}
