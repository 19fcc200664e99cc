// flexip claim: brings flexible IPs to a server, whatever happened before. What keepalived and timers call.
import { InvalidArgumentError, Option } from 'commander'
import { isFlexipError } from '../../index.js'
import { commandLine } from '../command-line.js'
import { withCommon, withDryRun, withExamples } from '../common-options.js'
import { watchCondition } from '../condition.js'
import { type BringOptions, bring } from '../moving.js'
import { type Register, act } from '../register.js'
import { checkWords } from '../selection.js'

export const registerClaim: Register = (program, io) => {
  const command = program
    .command('claim')
    .description('Brings flexible IPs to a server, whatever happened before. It can be run again and again, and repeats by itself what failed until its time is up.')
    .argument('<server>', 'name, id or zone/name of the server')
    .argument('<ip...>', 'address, id, tag:<tag> or server:<name>')
    .addOption(new Option('--while <command>', 'end when this command of the shell fails; it runs before every change, and every second').argParser(parseCommand))
    .option('--direct', 'attach without a detach before')
  withExamples(
    withDryRun(withCommon(command)),
    ['flexip claim web-2 51.159.1.2 tag:vip', 'bring these here; done at once if they are here already'],
    ["flexip claim web-2 51.159.1.2 --while 'test -e /run/is-master'", 'give up as soon as this host is no longer the master'],
  )
  act<BringOptions>(command, io, async (session, [server = '', ...words], options) => {
    checkWords(words)
    const commandOf = (left: readonly string[]) => commandLine(session.options, 'claim', [...(options.direct ? ['--direct'] : []), server, ...left])
    const onBound = (names: readonly string[]) => void (session.goOn = { names, commandOf })
    onBound(words)
    const endOfCondition = options.while === undefined ? undefined : await watchCondition(session, options.while)
    try {
      const ips = await bring(session, server, words, { ...options, onBound })
      if (ips && ips.length > 0) await session.printIps(ips, 'known')
    } catch (error) {
      // The reason of the abort says more than what it made of the call, unless the call says what is where.
      if (session.signal.aborted && !(isFlexipError(error) && 'moves' in error)) throw session.signal.reason
      throw error
    } finally {
      endOfCondition?.()
    }
  })
}

/** An empty command always succeeds, or never runs: it comes from a variable that is not set. */
function parseCommand(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Allowed is a command of the shell, not an empty text.')
  return text
}
