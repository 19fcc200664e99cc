// flexip emulator: the emulator on a port, until it is stopped.
import { InvalidArgumentError, Option } from 'commander'
import type { Timing } from '../../emulator.js'
import type { FirstServer, ServeOptions } from '../../server/index.js'
import { version } from '../../server/version.js'
import { exitCodes } from '../exit-codes.js'
import { withExamples, withNote } from '../common-options.js'
import { parseSetting, parseWhole, zones } from '../parsers.js'
import type { CliIo, Register } from '../register.js'
import { reportStart, sayFailure, stopOnSignal } from '../serving.js'

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

export const registerEmulator: Register = (program, io) => {
  const command = program
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
    .addOption(new Option('--set <name=value>', 'any other setting of the emulator, such as quota=10 or goneIp=notFound; may be repeated').default({}, 'none').argParser(parseOtherSetting))
    .addOption(new Option('--server <zone/name>', 'Elastic Metal server that exists from the start; may be repeated').default([], 'none').argParser(parseServer))
    .option('--faults <file>', 'file with fault rules as a JSON array, which exist from the start (default: none)')
    .option('--json', 'print one line of JSON when the emulator is ready, and nothing else')
    .action(async (options: EmulatorArguments) => void (io.exitCode = await runEmulator(io, options)))
  withNote(command, 'The secret key is the value of FLEXIP_SECRET_KEY. If that is not set, it is derived from the seed, and only this machine can use the emulator.')
  withExamples(command, ['flexip emulator --server fr-par-1/web-1 --timing recorded', 'a server, and transitions that take as long as those of the service'], ['flexip emulator --data state.json', 'what there is outlasts the process'])
}

/** Serves until a signal or a failure. */
async function runEmulator(io: CliIo, { json, server, seed, timing, set, logSize, faults, ...others }: EmulatorArguments): Promise<number> {
  const { serveEmulator, readFaultFile, EmulatorTrapError } = await import('../../server/index.js')
  const { FLEXIP_SECRET_KEY: secretKey } = io.env
  let fail = (error: Error): void => {
    sayFailure(io, error.message, json === true)
    io.exit(exitCodes.failed)
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
  }
  let served
  try {
    served = await serveEmulator({ ...options, ...(faults !== undefined && { faults: readFaultFile(faults) }) })
  } catch (error) {
    return reportStart(io, error, json)
  }
  const { close } = served
  // The handlers are set before the first output, because a program that reads it may send a signal at once.
  const stop = stopOnSignal(io, close, json)
  fail = (error) => {
    const rest = error instanceof EmulatorTrapError && others.data !== undefined ? `; ${others.data} has everything that a response confirmed` : ''
    stop.fail(`${error.message}${rest}`)
  }
  const { url, emulator, leftOut } = served
  for (const part of leftOut) io.err(json ? `${JSON.stringify({ warning: `left out: ${part}` })}\n` : `left out: ${part}\n`)
  const { secretKey: key, projectId, organizationId, servers } = emulator
  io.out(`${json ? JSON.stringify({ url, secretKey: key, projectId, organizationId, servers }) : greeting(url, emulator)}\n`)
  return stop.ended
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

/** The options of `serveEmulator` that have other arguments, or that no argument can hold. */
const notOfSet: Record<string, string> = {
  ...{ port: '--port', host: '--host', data: '--data', logBytes: '--log-size', repair: '--repair' },
  ...{ seed: '--seed', timing: '--timing', clock: '--clock', population: '--population', servers: '--server', faults: '--faults' },
  ...{ limits: '', onFailure: '', startsAt: '' },
}

function parseOtherSetting(text: string, previous: Record<string, unknown>): Record<string, unknown> {
  const argument = Object.entries(notOfSet).find(([name]) => text.startsWith(`${name}=`))?.[1]
  if (argument !== undefined) throw new InvalidArgumentError(argument === '' ? 'Only serveEmulator has this option.' : `Use ${argument}.`)
  return parseSetting(text, previous)
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

function parsePopulation(text: string, previous?: number | Record<string, number>): number | Record<string, number> {
  const [zone = '', number = '', ...more] = text.includes('=') ? text.split('=') : [undefined, text]
  const count = /^\d+$/.test(number) && more.length === 0 ? Number(number) : undefined
  if (count === undefined || (text.includes('=') && !zones.includes(zone))) {
    throw new InvalidArgumentError(`Allowed is a number, such as 1000000, or a zone, an equals sign and a number, such as fr-par-1=1000. The zones are ${zones.join(', ')}.`)
  }
  if (typeof previous === 'number' || (previous && !text.includes('='))) throw new InvalidArgumentError('A number for all zones stands alone.')
  if (previous && zone in previous) throw new InvalidArgumentError(`The zone ${zone} has a number already.`)
  return text.includes('=') ? { ...previous, [zone]: count } : count
}

function parseServer(text: string, previous: FirstServer[]): FirstServer[] {
  const [, zone = '', name = ''] = /^([^/]*)\/(.+)$/.exec(text) ?? []
  if (!zones.includes(zone)) throw new InvalidArgumentError(`Allowed is a zone, a slash and a name, such as fr-par-1/web-1. The zones are ${zones.join(', ')}.`)
  return [...previous, { zone, name }]
}
