// flexip watch: moves flexible IPs to a server that is up when theirs is down.
import { Option } from 'commander'
import { withCommon, withDryRun, withExamples, withNote } from '../common-options.js'
import { collect, parseDuration, parseWhole } from '../parsers.js'
import { type Register, act } from '../register.js'
import { checkLastingWords } from '../selection.js'
import { wrongArgument } from '../stop.js'
import { parseWatched } from '../watch/checks.js'
import { watch } from '../watch/watch.js'

interface WatchArguments {
  ip: string[]
  fall: number
  of: number
  rise: number
  interval: number
  coolDown: number
  failback?: true
  direct?: true
  dryRun?: true
  rounds?: number
}

export const registerWatch: Register = (program, io) => {
  const duration = (flags: string, text: string, ms: number, shown: string) => new Option(flags, text).default(ms, shown).argParser(parseDuration)
  const number = (flags: string, text: string, value: number) => new Option(flags, text).default(value).argParser(parseWhole(1, 100))
  const command = program
    .command('watch')
    .description('Checks servers, and moves flexible IPs to the first that is up when theirs is down. The servers are in the order of preference.')
    .argument('<server=check...>', 'server and its check: web-1=tcp://10.0.0.1:443, =http://…, or =command:…')
    .addOption(new Option('--ip <ip>', 'flexible IP to move: address, id or tag:<tag>; may be repeated').argParser(collect).makeOptionMandatory())
    .addOption(number('--fall <n>', 'a server is down when this many of its last checks failed', 3))
    .addOption(number('--of <n>', 'the number of last checks that --fall counts in', 5))
    .addOption(number('--rise <n>', 'a server is up when this many of its last checks succeeded, one after the other', 3))
    .addOption(duration('--interval <duration>', 'time between two checks, and the longest time of one', 5000, '5s'))
    .addOption(duration('--cool-down <duration>', 'shortest time between two moves', 300_000, '5m'))
    .option('--failback', 'move back to the first server when it is up again (default: they stay)')
    .option('--direct', 'attach without a detach before')
    .addOption(new Option('--rounds <n>', 'end after so many rounds of checks (default: never)').argParser(parseWhole(1, 1_000_000)))
  withNote(
    command,
    'It sees what it checks, from where it runs. If every check fails, it does nothing: its own network is the likely cause.\nIt does not agree with another flexip watch: run one. It does not stop a server that is down from using an address: the service routes an address to one server only.\n--timeout is the time of one move.',
  )
  withExamples(withDryRun(withCommon(command)), ['flexip watch web-1=tcp://10.0.0.1:443 web-2=tcp://10.0.0.2:443 --ip tag:vip', 'two servers'], ["flexip watch web-1='command:ssh web-1 true' web-2=http://10.0.0.2/health --ip 51.159.1.2 --fall 2 --of 3", 'other checks'])
  act<WatchArguments>(command, io, async (session, words, { ip, fall, of, rise, interval, coolDown, failback, direct, dryRun, rounds }) => {
    checkLastingWords(ip)
    if (fall > of) throw wrongArgument(`--fall ${fall} of the last ${of} checks can never fail`, 'Give --of a number that is not below --fall.')
    const watched = words.map(parseWatched)
    if (watched.length < 2) throw wrongArgument('there is no other server to move to', 'Name two servers or more, each with its check.')
    if (new Set(watched.map(({ server }) => server)).size < watched.length) throw wrongArgument('a server is named twice')
    const rules = { fall, of, rise, coolDownMs: coolDown, pauseMs: interval, failback: failback === true }
    session.say(`watching ${watched.map(({ server }) => server).join(', ')}: down after ${fall} of ${of} failed checks, up after ${rise}, every ${interval / 1000} s; at most one move in ${coolDown / 1000} s`)
    return watch(session, { watched, words: ip, rules, intervalMs: interval, ...(dryRun && { dryRun }), ...(direct && { direct }), ...(rounds !== undefined && { rounds }) })
  })
}
