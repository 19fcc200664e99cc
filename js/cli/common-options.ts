// The options that all commands of the API share.
import { type Command, Option } from 'commander'
import { parseDuration, parseUrl, zones } from './parsers.js'
import { wrap } from './table.js'

/** The options of every command that uses the API, parsed. */
export interface CommonOptions {
  profile?: string
  config?: string
  apiUrl?: string
  zone?: string
  emulator?: string
  json?: true
  timeout?: number
}

/** The value of `--emulator` without a URL. */
export const inProcess = 'process'

/** Adds the options that every command of the API has. */
export function withCommon(command: Command): Command {
  withProfile(command).addOption(new Option('--zone <zone>', 'use only this zone (default: all zones)').choices(zones))
  return withEmulator(command, 'use an emulator: one in this process with example data, or the one at a URL')
    .addOption(new Option('--timeout <duration>', 'time for the whole command, such as 90s or 5m (default: 5m)').argParser(parseDuration))
    .option('--json', 'print one object of JSON a line')
}

/** Adds the options that say where the key and the service are. */
export function withProfile(command: Command): Command {
  return command
    .option('--profile <name>', 'profile of the config file (default: SCW_PROFILE, or its active_profile)')
    .option('--config <file>', 'config file (default: SCW_CONFIG_PATH, or scw/config.yaml in ~/.config)')
    .addOption(new Option('--api-url <url>', 'address of the API, such as that of a proxy').argParser(parseUrl))
}

/** Adds `--emulator`. */
export function withEmulator(command: Command, meaning: string): Command {
  return command.addOption(new Option('--emulator [url]', meaning).argParser(parseEmulator))
}

/** Adds `--no-wait`. */
export function withWait(command: Command): Command {
  return command.option('--no-wait', 'return when the service has accepted the change, before it is made')
}

/** Adds `--dry-run`. */
export function withDryRun(command: Command): Command {
  return command.option('--dry-run', 'show the steps, and change nothing')
}

/** Adds `--yes`. */
export function withYes(command: Command): Command {
  return command.option('-y, --yes', 'do not ask')
}

/** Adds examples to the help of a command. */
export function withExamples(command: Command, ...examples: readonly (readonly [line: string, meaning: string])[]): Command {
  return command.addHelpText('after', `\nExamples:\n${examples.map(([line, meaning]) => `  # ${meaning}\n  $ ${line}`).join('\n')}`)
}

/** Adds a text to the help of a command, in lines that fit. */
export function withNote(command: Command, text: string): Command {
  return command.addHelpText('after', ({ error, command: shown }) => {
    const { getOutHelpWidth, getErrHelpWidth } = shown.configureOutput()
    return wrap(`\n${text}`, (error ? getErrHelpWidth : getOutHelpWidth)?.() ?? 80)
  })
}

/** Only a URL follows `--emulator`, so that `flexip ls --emulator tag:mail` means what it says. */
export function separateEmulator(args: readonly string[]): string[] {
  const end = args.indexOf('--')
  return args.map((arg, index) => (arg === '--emulator' && (end === -1 || index < end) && !/^https?:/.test(args[index + 1] ?? '') ? `--emulator=${inProcess}` : arg))
}

function parseEmulator(text: string): string {
  return text === inProcess ? text : parseUrl(text)
}
