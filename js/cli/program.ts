// The program: all commands, and the codes that it ends with.
import { Command, CommanderError } from 'commander'
import { version } from '../server/version.js'
import { registerAttach } from './commands/attach.js'
import { registerClaim } from './commands/claim.js'
import { registerCompletion } from './commands/completion.js'
import { registerConsole } from './commands/console.js'
import { registerCreate } from './commands/create.js'
import { registerDestinations } from './commands/destinations.js'
import { registerDetach } from './commands/detach.js'
import { registerEmulator } from './commands/emulator.js'
import { registerFailover } from './commands/failover.js'
import { registerGet } from './commands/get.js'
import { registerLs } from './commands/ls.js'
import { registerMac } from './commands/mac.js'
import { registerMcp } from './commands/mcp.js'
import { registerNetwork } from './commands/network.js'
import { registerOcf } from './commands/ocf.js'
import { registerPlan } from './commands/plan.js'
import { registerRecord } from './commands/record.js'
import { registerReplay } from './commands/replay.js'
import { registerRm } from './commands/rm.js'
import { registerServers } from './commands/servers.js'
import { registerUpdate } from './commands/update.js'
import { registerWatch } from './commands/watch.js'
import { registerWhere } from './commands/where.js'
import { separateEmulator, withNote } from './common-options.js'
import { exitCodes } from './exit-codes.js'
import { usageFailure } from './failure.js'
import type { Io } from './io.js'
import { hasColours } from './output.js'
import type { CliIo, Register } from './register.js'
import { report } from './report.js'
import { visible, visibleLine, visibleOutput } from './table.js'

/** Every command, in the order of the help. */
const commands: Register[] = [registerLs, registerGet, registerWhere, registerDestinations, registerServers, registerCreate, registerUpdate, registerRm, registerAttach, registerDetach, registerMac, registerFailover, registerClaim, registerPlan, registerWatch, registerOcf, registerNetwork, registerConsole, registerEmulator, registerRecord, registerReplay, (program, io) => registerMcp(program, io, run), registerCompletion]

/** Runs the command that the arguments name, and returns its exit code. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const { secrets } = io
  secrets.addArguments(args)
  // The emulator prints the key that it accepts: it is what its user needs.
  const clean = (text: string) => (args[0] === 'emulator' ? text : secrets.clean(text))
  const surroundings: CliIo = Object.assign(Object.create(io) as Io, { exitCode: exitCodes.done, out: (text: string) => io.out(visibleOutput(clean(text))), err: (text: string) => io.err(visibleOutput(secrets.cleanMessage(text))) })
  const end = args.indexOf('--')
  const asJson = args.slice(0, end === -1 ? undefined : end).includes('--json')
  // What a command of the user prints can have secrets in it, and is no JSON.
  const say = (line: string) => surroundings.err(`${asJson ? JSON.stringify({ warning: line }) : visibleLine(line, hasColours(io.errIsTerminal, io.env))}\n`)
  surroundings.shell = (command, signal, env) => io.shell(command, signal, env, say)
  const program = createProgram(surroundings, asJson)
  try {
    await program.parseAsync(separateEmulator(args), { from: 'user' })
    return surroundings.exitCode
  } catch (error) {
    // As in most programs, the exit code for wrong arguments is 2.
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.done
      if (asJson) report(surroundings, usageFailure(error), true)
      return exitCodes.arguments
    }
    throw error
  }
}

/** Makes the program with all its commands. With `asJson`, its parser says nothing about what it refuses. */
export function createProgram(io: CliIo, asJson = false): Command {
  const program = new Command('flexip')
    .description("Client and emulator of Scaleway's Flexible IP API.")
    .version(version)
    .configureHelp({ minWidthToWrap: 20 })
    .configureOutput({
      writeOut: (text) => io.out(text),
      writeErr: (text) => asJson || io.err(text),
      // It repeats the words that it refuses.
      outputError: (text, write) => write(text.split('\n').map(visible).join('\n')),
      getOutHelpWidth: () => Math.min(io.columns, 120),
      getErrHelpWidth: () => Math.min(io.columns, 120),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride()
  withNote(program, "The key and the defaults are those of Scaleway's CLI: SCW_ variables or ~/.config/scw/config.yaml.\nTo try it without an account: flexip ls --emulator\nExit codes: 0 done, 2 arguments, 3 refused, 4 in doubt, 5 timed out, 6 incomplete, 7 unreachable, 8 not found, 9 differs, 10 withdrawn, 129 hung up, 130 interrupted, 143 terminated, 1 anything else.")
  for (const register of commands) register(program, io)
  return program
}
