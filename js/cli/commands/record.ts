// flexip record: a proxy on this machine that writes a session, until it is stopped.
import { Option } from 'commander'
import { version } from '../../server/version.js'
import { withExamples } from '../common-options.js'
import { parseWhole } from '../parsers.js'
import type { CliIo, Register } from '../register.js'
import { reportStart, sayFailure, stopOnSignal } from '../serving.js'

/** The options of `flexip record`, parsed. */
interface RecordArguments {
  to: string
  upstream: string
  port: number
  json?: true
}

export const registerRecord: Register = (program, io) => {
  const command = program
    .command('record')
    .description('Passes requests to a service and records them, without secrets and ids, until it is stopped.')
    .requiredOption('--to <file>', 'new file for the session')
    .requiredOption('--upstream <url>', 'URL of the service, such as https://api.scaleway.com')
    .addOption(new Option('--port <number>', 'port to listen on, on this machine only; 0 for a free one').default(4011).argParser(parseWhole(0, 65_535)))
    .option('--json', 'print one line of JSON when the recorder is ready, and nothing else')
    .action(async (options: RecordArguments) => void (io.exitCode = await record(io, options)))
  withExamples(command, ['flexip record --upstream https://api.scaleway.com --to session.jsonl', 'then set the API URL of your program to the one that it prints'])
}

async function record(io: CliIo, { json, ...options }: RecordArguments): Promise<number> {
  const { recordSession } = await import('../../server/index.js')
  let recorder
  try {
    recorder = await recordSession({ ...options, onFailure: (error) => sayFailure(io, causeOf(error), json === true) })
  } catch (error) {
    return reportStart(io, error, json)
  }
  const { ended } = stopOnSignal(io, () => recorder.close(), json)
  const { url } = recorder
  io.out(json ? `${JSON.stringify({ url })}\n` : `flexip ${version}: records to ${options.to}\n  url           ${url}\nUse this URL in place of the service's. Stop it with Ctrl+C.\n`)
  const exitCode = await ended
  if (!json) io.out(`${recorder.recorded} exchanges are in ${options.to}. Names, descriptions, tags and addresses are in it as they were.\n`)
  return exitCode
}

function causeOf({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message
}
