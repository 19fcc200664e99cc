// The client of a command: from the environment, or of an emulator.
import { existsSync, statSync } from 'node:fs'
import { type ClientEvent, type Fetch, FlexibleIpClient } from '../index.js'
import { type ProfileOptions, clientFromEnvironment, profileFromEnvironment } from '../node/index.js'
import { readConfigFile } from '../node/config-file.js'
import { type CommonOptions, inProcess } from './common-options.js'
import { exampleSettings, fillExample } from './example-world.js'
import type { Io } from './io.js'
import { Servers } from './servers.js'
import { quoted, wrongArgument } from './stop.js'

/** What a command needs beside its options. */
export interface Surroundings {
  io: Io
  signal: AbortSignal
  remaining(): number
  onEvent(event: ClientEvent): void
  warn(message: string): void
}

/** The API, as a command uses it. */
export interface Connection {
  client: FlexibleIpClient
  servers: Servers
  /** The Project of new flexible IPs, if one is known. */
  projectId: string | undefined
  /** The zone of the configuration, if it has one. */
  defaultZone?: string | undefined
}

/** Lets a command check every request before it is sent. */
export type Gate = (fetch: Fetch) => Fetch

/** Connects to what the options name. */
export async function connect(options: CommonOptions, surroundings: Surroundings, gate: Gate): Promise<Connection> {
  if (options.emulator !== undefined) return toEmulator(options.emulator, options, surroundings, gate)
  const { io, remaining, signal, onEvent, warn } = surroundings
  checkConfig(options, io.env)
  const where: ProfileOptions = { profile: options.profile, configPath: options.config, env: io.env, onWarning: warn }
  const profile = profileFromEnvironment(where)
  io.secrets.add(profile.secretKey)
  const fetch = gate(io.fetch)
  const client = clientFromEnvironment({ ...where, onWarning: () => undefined, fetch, onEvent, ...(options.apiUrl !== undefined && { baseUrl: options.apiUrl }) })
  const baseUrl = options.apiUrl ?? profile.apiUrl ?? 'https://api.scaleway.com'
  return { client, servers: new Servers({ baseUrl, secretKey: profile.secretKey, fetch, remaining, signal }, options.zone), projectId: profile.defaultProjectId, defaultZone: profile.defaultZone }
}

/** A file that an option names must exist, and so must a file for the profile that an option names: else another account would be used. */
export function checkConfig({ config, profile }: CommonOptions, env: Io['env']): void {
  if (config !== undefined && !existsSync(config)) throw wrongArgument(`the config file ${quoted(config)} does not exist`, 'Allowed for --config is a file.')
  // Its read waits for a writer, and no signal and no time ends that.
  for (const path of [config, env.SCW_CONFIG_PATH]) if (path && isNamedPipe(path)) throw wrongArgument(`the config file ${quoted(path)} is a named pipe`, 'Allowed is a file, or what a shell makes of <(COMMAND).')
  if (profile !== undefined && !readConfigFile(config, env, () => undefined)) throw wrongArgument(`there is no config file with the profile ${quoted(profile)}`, 'Name the file with --config.')
}

function isNamedPipe(path: string): boolean {
  return !/^\/(dev|proc)\//.test(path) && (statSync(path, { throwIfNoEntry: false })?.isFIFO() ?? false)
}

async function toEmulator(url: string, options: CommonOptions, { io, remaining, signal, onEvent }: Surroundings, gate: Gate): Promise<Connection> {
  if (options.apiUrl !== undefined) throw wrongArgument('--api-url and --emulator exclude each other')
  // It is loaded only here: it has the second WebAssembly module.
  const { FlexibleIpEmulator } = await import('../emulator.js')
  const { FLEXIP_SECRET_KEY: ownKey } = io.env
  if (url === inProcess) {
    const emulator = new FlexibleIpEmulator(exampleSettings)
    await fillExample(emulator)
    const { secretKey, projectId } = emulator
    const fetch = gate(emulator.fetch)
    const baseUrl = 'https://api.scaleway.com'
    return { client: new FlexibleIpClient({ secretKey, fetch, onEvent, defaultProjectId: projectId }), servers: new Servers({ baseUrl, secretKey, fetch, remaining, signal }, options.zone), projectId }
  }
  // The key of the seed that `flexip emulator` has by default. No key of the environment for the service is sent to an emulator.
  const { secretKey: knownKey, projectId } = new FlexibleIpEmulator()
  const secretKey = ownKey ?? knownKey
  const fetch = gate(io.fetch)
  return { client: new FlexibleIpClient({ secretKey, fetch, onEvent, baseUrl: url, defaultProjectId: projectId }), servers: new Servers({ baseUrl: url, secretKey, fetch, remaining, signal }, options.zone), projectId }
}
