// npx flexip: the commands.
import { Command, InvalidArgumentError, Option } from 'commander'
import type { Timing } from '../emulator.js'
import { EmulatorTrapError, type FirstServer, type ServeOptions, isFlexipError, readFaultFile, recordSession, replaySession, serveEmulator } from '../server/index.js'
import { version } from '../server/version.js'

/** The options of `flexip emulator`, parsed. */
interface EmulatorArguments {
  port: number
  host: string
  seed?: number
  timing?: Timing
  clock?: 'real' | 'manual'
  population?: number | Record<string, number>
  data?: string
  logSize?: number
  repair?: true
  set: Record<string, unknown>
  server: FirstServer[]
  faults?: string
  json?: true
}

const zones = ['fr-par-1', 'fr-par-2', 'nl-ams-1', 'nl-ams-2', 'pl-waw-2', 'pl-waw-3']

const program = new Command('flexip').description("Client and emulator of Scaleway's Flexible IP API.").version(version).configureOutput({ outputError: (text, write) => write(text) })
// As in most programs, the exit code for invalid arguments is 2.
program.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))

program
  .command('emulator')
  .description('Serves the API on a port, with state, delays and faults, until it is stopped.')
  .addOption(new Option('--port <number>', 'port to listen on; 0 for a free one').default(4010).argParser(parseWhole(0, 65_535)))
  .option('--host <address>', 'address to listen on; any but a loopback address needs FLEXIP_SECRET_KEY', '127.0.0.1')
  .addOption(new Option('--seed <number>', 'seed of everything random (default: 1)').argParser(parseWhole(0, Number.MAX_SAFE_INTEGER)))
  .addOption(new Option('--timing <timing>', 'how long transitions take: instant, recorded, or JSON with milliseconds (default: instant)').argParser(parseTiming))
  .addOption(new Option('--clock <kind>', 'whether time passes by itself, or by POST /_emulator/clock (default: real)').choices(['real', 'manual']))
  .addOption(new Option('--population <number>', 'flexible IPs that exist from the start, spread over all zones; or zone=number, which may be repeated (default: 0)').argParser(parsePopulation))
  .option('--data <file>', 'file that holds the state, also after a crash (default: the state is lost at the end)')
  .option('--repair', 'leave out what cannot be read or replayed of the log of --data, and print what that is')
  .addOption(new Option('--log-size <bytes>', 'size of the log from which on the data file is written again (default: 16777216)').argParser(parseWhole(0, Number.MAX_SAFE_INTEGER)))
  .addOption(new Option('--set <name=value>', 'any other setting of the emulator, such as quota=10 or goneIp=notFound; may be repeated').default({}, 'none').argParser(parseSetting))
  .addOption(new Option('--server <zone/name>', 'Elastic Metal server that exists from the start; may be repeated').default([], 'none').argParser(parseServer))
  .option('--faults <file>', 'file with fault rules as a JSON array, which exist from the start (default: none)')
  .option('--json', 'print one line of JSON when the emulator is ready, and nothing else')
  .addHelpText('after', '\nThe secret key is the value of FLEXIP_SECRET_KEY. If that is not set, it is derived from the seed, and only this machine can use the emulator.')
  .copyInheritedSettings(program)
  .action(runEmulator)

program
  .command('record')
  .description('Passes requests to a service and records them, without secrets and ids, until it is stopped.')
  .requiredOption('--to <file>', 'new file for the session')
  .requiredOption('--upstream <url>', 'URL of the service, such as https://api.scaleway.com')
  .addOption(new Option('--port <number>', 'port to listen on, on this machine only; 0 for a free one').default(4011).argParser(parseWhole(0, 65_535)))
  .option('--json', 'print one line of JSON when the recorder is ready, and nothing else')
  .copyInheritedSettings(program)
  .action(runRecord)

program
  .command('replay')
  .description('Sends the requests of a session to a new emulator, and prints where the responses differ.')
  .argument('<file>', 'session that flexip record wrote')
  .addOption(new Option('--set <name=value>', 'setting of the emulator, such as goneIp=notFound; may be repeated').default({}, 'none').argParser(parseSetting))
  .addHelpText('after', '\nThe exit code is 0 if nothing differs, 1 if something does or nothing could be compared, and 2 for an invalid argument or file.')
  .copyInheritedSettings(program)
  .action(runReplay)

await program.parseAsync()

async function runRecord({ json, ...options }: { to: string; upstream: string; port: number; json?: true }): Promise<void> {
  const { FLEXIP_SECRET_KEY, SCW_SECRET_KEY, SCW_ACCESS_KEY } = process.env
  const secrets = [FLEXIP_SECRET_KEY, SCW_SECRET_KEY, SCW_ACCESS_KEY].filter((secret) => secret !== undefined)
  const recorder = await orExit(() => recordSession({ ...options, secrets, onFailure: (error) => console.error(`error: ${causeOf(error)}`) }))
  stopOnSignal(async () => {
    await recorder.close()
    if (!json) console.log(`${recorder.recorded} exchanges are in ${options.to}. Names, descriptions, tags and addresses are in it as they were.`)
  })
  const { url } = recorder
  if (json) console.log(JSON.stringify({ url }))
  else console.log(`flexip ${version}: records to ${options.to}\n  url           ${url}\nUse this URL in place of the service's. Stop it with Ctrl+C.`)
}

async function runReplay(file: string, { set }: { set: Record<string, unknown> }): Promise<void> {
  const { compared, skipped, differences } = await orExit(() => replaySession(file, set))
  for (const { line, request, reason } of skipped) console.log(`line ${line}, ${request}: not compared, ${reason}`)
  for (const { line, request, differences: sentences } of differences) {
    for (const sentence of sentences) console.log(`line ${line}, ${request}: ${sentence}`)
  }
  const verdict = compared === 0 ? 'nothing was compared' : differences.length === 0 ? 'no difference' : `${differences.length} differ`
  console.log(`${compared} of ${compared + skipped.length} exchanges were compared: ${verdict}`)
  process.exitCode = compared > 0 && differences.length === 0 ? 0 : 1
}

function causeOf({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message
}

async function runEmulator({ json, server, seed, timing, set, logSize, faults, ...others }: EmulatorArguments): Promise<void> {
  const { FLEXIP_SECRET_KEY: secretKey } = process.env
  const rules = faults === undefined ? undefined : await orExit(() => readFaultFile(faults))
  let fail = (error: Error): void => {
    console.error(`error: ${error.message}`)
    process.exit(1)
  }
  const options: ServeOptions = {
    ...set,
    ...others,
    ...(logSize !== undefined && { logBytes: logSize }),
    servers: server,
    onFailure: (error) => fail(error),
    ...(seed !== undefined && { seed }),
    ...(timing !== undefined && { timing }),
    // An empty one is refused, and not replaced by the public one.
    ...(secretKey !== undefined && { secretKey }),
    ...(rules && { faults: rules }),
  }
  const served = await orExit(() => serveEmulator(options))
  // The handlers are set before the first output, because a program that reads it may send a signal at once.
  const beginStop = stopOnSignal(() => served.close())
  fail = (error) => {
    if (!beginStop()) return
    const rest = error instanceof EmulatorTrapError && others.data !== undefined ? `; ${others.data} has everything that a response confirmed` : ''
    console.error(`error: ${error.message}${rest}`)
    // The open requests get their responses first. The state cannot be saved once more.
    void served.close(1000).then(() => process.exit(1), () => process.exit(1))
  }

  const { url, emulator, leftOut } = served
  for (const part of leftOut) console.error(`left out: ${part}`)
  const { secretKey: key, projectId, organizationId, servers } = emulator
  if (json) console.log(JSON.stringify({ url, secretKey: key, projectId, organizationId, servers }))
  else console.log(greeting(url, emulator))
}

/** Closes and ends the process at SIGTERM and SIGINT. Returns a function that begins another stop: it returns false if one is under way. */
function stopOnSignal(close: () => Promise<void>): () => boolean {
  let isStopping = false
  const begin = (): boolean => {
    const isFirst = !isStopping
    isStopping = true
    return isFirst
  }
  const onError = (error: unknown): void => {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`)
    process.exit(1)
  }
  const stop = (): void => {
    // A second signal stops without waiting.
    if (!begin()) process.exit(1)
    void close().then(() => process.exit(0), onError)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  return begin
}

/** Ends the process when the error is one that a user can mend: with exit code 2 for an invalid argument, else 1. */
async function orExit<T>(act: () => T | Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    const isExpected = isFlexipError(error) || (error instanceof Error && 'code' in error)
    if (!isExpected) throw error
    console.error(`error: ${error.message}`)
    process.exit(isFlexipError(error) && !(error instanceof EmulatorTrapError) ? 2 : 1)
  }
}

function greeting(url: string, { secretKey, projectId, organizationId, servers }: { secretKey: string; projectId: string; organizationId: string; servers: { id: string; name: string; zone: string }[] }): string {
  const lines = [
    ['url', url],
    ['secret key', secretKey],
    ['project', projectId],
    ['organization', organizationId],
    ...servers.slice(0, 10).map(({ id, name, zone }) => ['server', `${id}  ${zone}/${name}`]),
    ...(servers.length > 10 ? [['', `and ${servers.length - 10} more servers`]] : []),
  ]
  const rows = lines.map(([label = '', value = '']) => `  ${label.padEnd(13)} ${value}`)
  return [`flexip ${version}: the Flexible IP API, emulated`, ...rows, 'Stop it with Ctrl+C.'].join('\n')
}

function parseWhole(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < min || value > max) throw new InvalidArgumentError(`Allowed is a whole number from ${min} to ${max}.`)
    return value
  }
}

function parseTiming(text: string): Timing {
  if (text === 'instant' || text === 'recorded') return text
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Timing
  } catch {
    // It is refused below.
  }
  throw new InvalidArgumentError('Allowed are instant, recorded, and JSON such as {"attach":3000}.')
}

/** Adds a setting to the previous ones. A value that is not JSON is a string. */
function parseSetting(text: string, previous: Record<string, unknown>): Record<string, unknown> {
  const [, name = '', value = ''] = /^([A-Za-z0-9]+)=(.*)$/s.exec(text) ?? []
  if (name === '') throw new InvalidArgumentError('Allowed is a name, an equals sign and a value, such as quota=10.')
  if (/secret|token$/i.test(name)) throw new InvalidArgumentError('Other users can see the arguments of a command, so secrets do not belong there: use FLEXIP_SECRET_KEY.')
  try {
    return { ...previous, [name]: JSON.parse(value) as unknown }
  } catch {
    return { ...previous, [name]: value }
  }
}

function parsePopulation(text: string, previous: number | Record<string, number> = {}): number | Record<string, number> {
  const [zone = '', number = '', ...more] = text.includes('=') ? text.split('=') : [undefined, text]
  const count = /^\d+$/.test(number) && more.length === 0 ? Number(number) : undefined
  if (count === undefined || (text.includes('=') && !zones.includes(zone))) {
    throw new InvalidArgumentError(`Allowed is a number, such as 1000000, or a zone, an equals sign and a number, such as fr-par-1=1000. The zones are ${zones.join(', ')}.`)
  }
  return text.includes('=') ? { ...(typeof previous === 'object' && previous), [zone]: count } : count
}

function parseServer(text: string, previous: FirstServer[]): FirstServer[] {
  const [, zone = '', name = ''] = /^([^/]*)\/(.+)$/.exec(text) ?? []
  if (!zones.includes(zone)) throw new InvalidArgumentError(`Allowed is a zone, a slash and a name, such as fr-par-1/web-1. The zones are ${zones.join(', ')}.`)
  return [...previous, { zone, name }]
}
