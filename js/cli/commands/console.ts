// flexip console: the console with the proxy that holds the key, until it is stopped.
import { Option } from 'commander'
import { type ProfileOptions, profileFromEnvironment } from '../../node/index.js'
import { version } from '../../server/version.js'
import { type CommonOptions, inProcess, withEmulator, withExamples, withProfile } from '../common-options.js'
import { readConsole } from '../console/files.js'
import { type ServedConsole, type Upstream, serveConsole } from '../console/serve.js'
import { exitCodes } from '../exit-codes.js'
import { failureOf } from '../failure.js'
import type { Io } from '../io.js'
import { isId, parseWhole } from '../parsers.js'
import type { CliIo, Register } from '../register.js'
import { report } from '../report.js'
import { stopOnSignal } from '../serving.js'
import { Stop, wrongArgument } from '../stop.js'

/** The options of `flexip console`, parsed. */
interface ConsoleArguments extends Pick<CommonOptions, 'profile' | 'config' | 'apiUrl' | 'emulator' | 'json'> {
  port: number
  project?: string
  files?: string
}

export const registerConsole: Register = (program, io) => {
  const command = withProfile(program.command('console').description('Serves the console, a page for flexible IPs, on this machine, until it is stopped. The key stays in this process.'))
  withEmulator(command, 'use no account: an emulated fleet in the page, or the emulator at a URL')
  command
    .addOption(new Option('--port <number>', 'port to listen on, on this machine only; 0 for a free one').default(4012).argParser(parseWhole(0, 65_535)))
    .option('--project <id>', 'Project whose flexible IPs are shown (default: SCW_DEFAULT_PROJECT_ID, or that of the profile)')
    .option('--files <folder>', 'folder with the static files of the console (default: those of this package)')
    .option('--json', 'print one line of JSON when the console is ready, and nothing else')
  withExamples(command, ['flexip console --emulator', 'an emulated fleet in the page, without an account'], ['flexip console', 'your flexible IPs, with the key of the configuration'], ['flexip console --profile prod --port 0', 'another profile, on a free port'])
  command.action(async (options: ConsoleArguments) => void (io.exitCode = await runConsole(io, options)))
}

/** Serves until a signal. */
async function runConsole(io: CliIo, options: ConsoleArguments): Promise<number> {
  let served: ServedConsole
  let upstream: Upstream | undefined
  try {
    upstream = await upstreamOf(io, options)
    served = await serveConsole(readConsole(options.files), options.port, upstream).catch((error: unknown) => refusePort(error, options.port))
  } catch (error) {
    const failure = failureOf(error, { isLate: false, isLateForMoves: false, hasSent: false, hasChanged: false, options })
    if (!failure) throw error
    report(io, failure, options.json === true)
    return failure.exitCode
  }
  // The handlers are set before the first output, because a program that reads it may send a signal at once.
  const { ended } = stopOnSignal(io, served.close, options.json)
  const { url } = served
  io.out(`${options.json ? JSON.stringify({ url, service: upstream?.baseUrl ?? null, projectId: upstream?.projectId ?? null }) : greeting(url, upstream)}\n`)
  return ended
}

function greeting(url: string, upstream: Upstream | undefined): string {
  const rows = upstream ? [['service', upstream.baseUrl], ['project', upstream.projectId]] : [['fleet', 'emulated, in the page']]
  return [`flexip ${version}: the console`, `  ${'address'.padEnd(13)} ${url}`, ...rows.map(([label = '', value = '']) => `  ${label.padEnd(13)} ${value}`), 'Open the address: it works once, for one browser. Stop it with Ctrl+C.'].join('\n')
}

/** What the proxy passes requests to; `undefined` for the emulated fleet, which the page has itself. */
async function upstreamOf(io: Io, { profile: name, config, apiUrl, emulator, project }: ConsoleArguments): Promise<Upstream | undefined> {
  if (project !== undefined && !isId(project)) throw wrongArgument('--project is not an id', 'Allowed is the id of a Project, such as 11111111-2222-4333-8444-555555555555.')
  if (emulator !== undefined) {
    if (apiUrl !== undefined) throw wrongArgument('--api-url and --emulator exclude each other')
    if (emulator === inProcess) {
      if (project !== undefined) throw wrongArgument('--project is for the service, or for an emulator at a URL')
      return undefined
    }
    // As the other commands do: no key of the environment for the service is sent to an emulator.
    const { FlexibleIpEmulator } = await import('../../emulator.js')
    const { secretKey, projectId } = new FlexibleIpEmulator()
    return { baseUrl: emulator, secretKey: io.env.FLEXIP_SECRET_KEY ?? secretKey, projectId: project ?? projectId, isEmulator: true, fetch: fetchOf(io) }
  }
  const where: ProfileOptions = { profile: name, configPath: config, env: io.env, onWarning: (message) => io.err(`warning: ${message}\n`) }
  const profile = profileFromEnvironment(where)
  if (profile.secretKey === undefined) {
    throw wrongArgument('there is no API key: set SCW_ACCESS_KEY and SCW_SECRET_KEY, or write them into the config file', 'Without an account, add --emulator to see the console with an emulated fleet.')
  }
  const projectId = project ?? profile.defaultProjectId
  if (projectId === undefined) throw wrongArgument('it is unknown whose flexible IPs to show: the configuration has no default Project', 'Set SCW_DEFAULT_PROJECT_ID, or add --project with the id of a Project.')
  return { baseUrl: apiUrl ?? profile.apiUrl ?? 'https://api.scaleway.com', secretKey: profile.secretKey, projectId, isEmulator: false, fetch: fetchOf(io) }
}

const fetchOf = (io: Io): Upstream['fetch'] => (url, init) => io.fetch(url, init as Parameters<Io['fetch']>[1]) as Promise<Response>

function refusePort(error: unknown, port: number): never {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') throw new Stop(exitCodes.failed, `the port ${port} is in use`, 'Add --port 0 for a free one.')
  if (code === 'EACCES') throw new Stop(exitCodes.failed, `this user may not listen on the port ${port}`, 'Add --port 0 for a free one.')
  throw error
}
