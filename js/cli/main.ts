// npx flexip: the commands.
import { Command, InvalidArgumentError, Option } from 'commander'
import type { Timing } from '../emulator.js'
import { type FirstServer, type ServeOptions, isFlexipError, serveEmulator } from '../server/index.js'
import { version } from '../server/version.js'

interface Given {
  port: number
  host: string
  seed?: number
  timing?: Timing
  clock?: 'real' | 'manual'
  population?: number | Record<string, number>
  data?: string
  logSize?: number
  set: Record<string, unknown>
  server: FirstServer[]
  json?: true
}

const zones = ['fr-par-1', 'fr-par-2', 'nl-ams-1', 'nl-ams-2', 'pl-waw-2', 'pl-waw-3']

const program = new Command('flexip').description("Client and emulator of Scaleway's Flexible IP API.").version(version).configureOutput({ outputError: (text, write) => write(text) })
// A call that cannot be carried out ends with 2, as with most programs.
program.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))

program
  .command('emulator')
  .description('Serves the API on a port, with state, delays and faults, until it is stopped.')
  .addOption(new Option('--port <number>', 'port to listen on; 0 for one that is free').default(4010).argParser(whole(0, 65_535)))
  .option('--host <address>', 'address to listen on; on another than loopback, /_emulator/ needs the token too', '127.0.0.1')
  .addOption(new Option('--seed <number>', 'everything random follows from it (default: 1)').argParser(whole(0, Number.MAX_SAFE_INTEGER)))
  .addOption(new Option('--timing <how>', 'how long transitions take: instant, recorded, or JSON with milliseconds (default: instant)').argParser(timing))
  .addOption(new Option('--clock <kind>', 'whether time passes by itself, or by POST /_emulator/clock (default: real)').choices(['real', 'manual']))
  .addOption(new Option('--population <number>', 'flexible IPs that are there from the start, spread over all zones; or zone=number, which may be repeated (default: 0)').argParser(population))
  .option('--data <file>', 'a file to keep the state in, through any crash (default: it is not kept)')
  .addOption(new Option('--log-size <bytes>', 'how long the log beside it may get before the file is written anew (default: 16777216)').argParser(whole(0, Number.MAX_SAFE_INTEGER)))
  .addOption(new Option('--set <name=value>', 'any other setting of the emulator, such as quota=10 or goneIp=notFound; may be repeated').default({}, 'none').argParser(setting))
  .addOption(new Option('--server <zone/name>', 'an Elastic Metal server that is there from the start; may be repeated').default([], 'none').argParser(server))
  .option('--json', 'print one line of JSON when it is ready, and nothing else')
  .addHelpText('after', '\nThe secret key follows from the seed, or is what FLEXIP_SECRET_KEY says.')
  .copyInheritedSettings(program)
  .action(emulator)

await program.parseAsync()

async function emulator({ json, server, seed, timing, set, logSize, ...given }: Given): Promise<void> {
  const { FLEXIP_SECRET_KEY: secretKey } = process.env
  const options: ServeOptions = {
    ...set,
    ...given,
    ...(logSize !== undefined && { logBytes: logSize }),
    servers: server,
    onFailure: (error) => {
      console.error(`error: ${error.message}`)
      process.exit(1)
    },
    ...(seed !== undefined && { seed }),
    ...(timing !== undefined && { timing }),
    ...(secretKey && { secretKey }),
  }
  const served = await serveEmulator(options).catch((error: unknown) => {
    const readable = isFlexipError(error) || (error instanceof Error && 'code' in error)
    if (!readable) throw error
    console.error(`error: ${error.message}`)
    process.exit(isFlexipError(error) ? 2 : 1)
  })
  // Who reads the first line may stop it at once.
  let stopping = false
  const stop = (): void => {
    // Who asks twice does not want to wait.
    if (stopping) process.exit(1)
    stopping = true
    void served.close().then(() => process.exit(0))
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)

  const { url, emulator } = served
  const { secretKey: key, projectId, organizationId, servers } = emulator
  if (json) console.log(JSON.stringify({ url, secretKey: key, projectId, organizationId, servers }))
  else console.log(greeting(url, emulator))
}

function greeting(url: string, { secretKey, projectId, organizationId, servers }: { secretKey: string; projectId: string; organizationId: string; servers: { id: string; name: string; zone: string }[] }): string {
  const lines = [
    ['url', url],
    ['secret key', secretKey],
    ['project', projectId],
    ['organization', organizationId],
    ...servers.slice(0, 10).map(({ id, name, zone }) => ['server', `${id}  ${zone}/${name}`]),
    ...(servers.length > 10 ? [['', `and ${servers.length - 10} servers more`]] : []),
  ]
  const rows = lines.map(([what = '', value = '']) => `  ${what.padEnd(13)} ${value}`)
  return [`flexip ${version}: the Flexible IP API, emulated`, ...rows, 'Stop it with Ctrl+C.'].join('\n')
}

function whole(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < min || value > max) throw new InvalidArgumentError(`Allowed is a whole number from ${min} to ${max}.`)
    return value
  }
}

function timing(text: string): Timing {
  if (text === 'instant' || text === 'recorded') return text
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Timing
  } catch {
    // Then it is refused below.
  }
  throw new InvalidArgumentError('Allowed are instant, recorded, and JSON such as {"attach":3000}.')
}

/** The value is JSON, or a text. */
function setting(text: string, before: Record<string, unknown>): Record<string, unknown> {
  const [, name = '', value = ''] = /^([A-Za-z0-9]+)=(.*)$/s.exec(text) ?? []
  if (name === '') throw new InvalidArgumentError('Allowed is a name, an equals sign and a value, such as quota=10.')
  if (/secret|token$/i.test(name)) throw new InvalidArgumentError('A secret does not belong in a command, which others can see: use FLEXIP_SECRET_KEY.')
  try {
    return { ...before, [name]: JSON.parse(value) as unknown }
  } catch {
    return { ...before, [name]: value }
  }
}

function population(text: string, before: number | Record<string, number> = {}): number | Record<string, number> {
  const [zone = '', number = '', ...more] = text.includes('=') ? text.split('=') : [undefined, text]
  const count = /^\d+$/.test(number) && more.length === 0 ? Number(number) : undefined
  if (count === undefined || (text.includes('=') && !zones.includes(zone))) {
    throw new InvalidArgumentError(`Allowed is a number, such as 1000000, or a zone, an equals sign and a number, such as fr-par-1=1000. The zones are ${zones.join(', ')}.`)
  }
  return text.includes('=') ? { ...(typeof before === 'object' && before), [zone]: count } : count
}

function server(text: string, before: FirstServer[]): FirstServer[] {
  const [, zone = '', name = ''] = /^([^/]*)\/(.+)$/.exec(text) ?? []
  if (!zones.includes(zone)) throw new InvalidArgumentError(`Allowed is a zone, a slash and a name, such as fr-par-1/web-1. The zones are ${zones.join(', ')}.`)
  return [...before, { zone, name }]
}
