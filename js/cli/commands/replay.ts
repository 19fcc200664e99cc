// flexip replay: where the emulator differs from a session that was recorded.
import { Option } from 'commander'
import { withExamples, withNote } from '../common-options.js'
import { exitCodes } from '../exit-codes.js'
import { parseSetting } from '../parsers.js'
import type { CliIo, Register } from '../register.js'
import { reportStart } from '../serving.js'

export const registerReplay: Register = (program, io) => {
  const command = program
    .command('replay')
    .description('Sends the requests of a session to a new emulator, and prints where the responses differ.')
    .argument('<file>', 'session that flexip record wrote')
    .addOption(new Option('--set <name=value>', 'setting of the emulator, such as goneIp=notFound; may be repeated').default({}, 'none').argParser(parseSetting))
    .action(async (file: string, { set }: { set: Record<string, unknown> }) => void (io.exitCode = await replay(io, file, set)))
  withNote(command, 'The exit code is 0 if nothing differs, 1 if something does or nothing could be compared, and 2 for an invalid argument or file.')
  withExamples(command, ['flexip replay session.jsonl', 'where the emulator responds otherwise'], ['flexip replay session.jsonl --set goneIp=notFound', 'with another setting of the emulator'])
}

async function replay(io: CliIo, file: string, settings: Record<string, unknown>): Promise<number> {
  const { replaySession } = await import('../../server/index.js')
  const say = (line: string) => io.out(`${line}\n`)
  let result
  try {
    result = await replaySession(file, settings)
  } catch (error) {
    return reportStart(io, error)
  }
  const { compared, skipped, differences } = result
  for (const { line, request, reason } of skipped) say(`line ${line}, ${request}: not compared, ${reason}`)
  for (const { line, request, differences: sentences } of differences) {
    for (const sentence of sentences) say(`line ${line}, ${request}: ${sentence}`)
  }
  const verdict = compared === 0 ? 'nothing was compared' : differences.length === 0 ? 'no difference' : `${differences.length} differ`
  say(`${compared} of ${compared + skipped.length} exchanges were compared: ${verdict}`)
  return compared > 0 && differences.length === 0 ? exitCodes.done : exitCodes.failed
}
