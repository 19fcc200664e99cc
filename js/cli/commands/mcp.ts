// flexip mcp: the MCP server, by which assistants read, plan and apply.
import type { Command } from 'commander'
import { type CommonOptions, inProcess, withCommon, withExamples, withNote } from '../common-options.js'
import { checkConfig } from '../connect.js'
import { exampleSettings, fillExample } from '../example-world.js'
import { exitCodes } from '../exit-codes.js'
import type { Failure } from '../failure.js'
import type { Io } from '../io.js'
import { Commands, type RunCommand } from '../mcp/commands.js'
import { loadSdk, serveStdio } from '../mcp/sdk.js'
import { createServer } from '../mcp/server.js'
import { type CliIo, act } from '../register.js'
import { report } from '../report.js'
import { Interruption, Stop, wrongArgument } from '../stop.js'

interface McpOptions extends CommonOptions {
  service?: true
  write?: true
  readOnly?: true
}

/** Adds the command. `run` runs the other ones. */
export function registerMcp(program: Command, io: CliIo, run: RunCommand): void {
  const command = withCommon(program.command('mcp').description('Serves the Model Context Protocol on the standard input and output: tools that read, tools that plan, and with --write one that applies a plan.'))
  command
    .option('--service', 'use the service, with the key of the configuration (default: an emulator in this process with example data)')
    .option('--write', 'let plans be applied (default: nothing can be changed)')
    .option('--read-only', 'let nothing be changed, which is the default')
  withNote(withExamples(command, ['flexip mcp', 'example data, read only'], ['flexip mcp --service --profile prod', 'your flexible IPs, read only'], ['flexip mcp --service --write', 'your flexible IPs; plans can be applied']), 'It needs the package @modelcontextprotocol/sdk beside flexip.')
  act<McpOptions>(command, io, async (session, _, options) => {
    const { service, write, readOnly } = options
    if (write && readOnly) throw wrongArgument('--write and --read-only exclude each other')
    if (options.json) throw wrongArgument('--json is not for mcp, whose standard output is the protocol')
    const own = [options.profile, options.config, options.apiUrl].some((value) => value !== undefined)
    if (own && !service) throw wrongArgument('--profile, --config and --api-url are for the service', 'Add --service.')
    if (service && options.emulator !== undefined) throw wrongArgument('--service and --emulator exclude each other')
    if (service) checkConfig(options, io.env)
    const sdk = await loadSdk()
    const commands = await commandsFor(io, run, options)
    session.say(`flexip mcp: ${service ? 'the service' : options.emulator && options.emulator !== inProcess ? options.emulator : 'an emulator with example data'}, ${write ? 'plans can be applied' : 'read only'}`)
    const { server, end } = createServer(sdk, commands, write === true)
    let unfinished: Awaited<ReturnType<typeof end>> = []
    await serveStdio(sdk, server, session.signal, (text) => session.io.out(text), async () => (unfinished = await end()))
    // The client may be gone by now.
    for (const { messages } of unfinished) for (const message of messages) if (isFailure(message)) report(session.io, message.error, false)
    const { reason } = session.signal as { reason: unknown }
    if (reason instanceof Interruption) throw new Stop(reason.exitCode, reason.message, unfinished.length === 0 ? 'No change was under way.' : [])
    return unfinished.length > 0 ? exitCodes.incomplete : exitCodes.done
  })
}

function isFailure(message: unknown): message is { error: Failure } {
  return typeof message === 'object' && message !== null && 'error' in message
}

/** The commands, with the options that say where the API is. One emulator is there for all of them. */
async function commandsFor(io: Io, run: RunCommand, { service, emulator: url = inProcess, profile, config, apiUrl, zone, timeout }: McpOptions): Promise<Commands> {
  const shared = Object.entries({ zone, timeout: timeout === undefined ? undefined : `${timeout}ms` })
  const options = (more: [string, string | undefined][]) => [...shared, ...more].flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]))
  if (service) return new Commands(io, run, options([['profile', profile], ['config', config], ['api-url', apiUrl]]))
  if (url !== inProcess) return new Commands(io, run, options([['emulator', url]]))
  const { FlexibleIpEmulator } = await import('../../emulator.js')
  const emulator = new FlexibleIpEmulator(exampleSettings)
  await fillExample(emulator)
  const inside: Io = Object.assign(Object.create(io) as Io, { fetch: emulator.fetch, env: { ...io.env, FLEXIP_SECRET_KEY: emulator.secretKey } })
  return new Commands(inside, run, options([['emulator', 'http://127.0.0.1']]))
}
