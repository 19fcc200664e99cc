// flexip failover: moves the flexible IPs of one server to another.
import type { FlexibleIP, MoveStep } from '../../index.js'
import { commandLine } from '../command-line.js'
import { withCommon, withDryRun, withExamples } from '../common-options.js'
import { exitCodes } from '../exit-codes.js'
import { checkZones, collectGroups } from '../groups.js'
import { printSteps, showProgress } from '../progress.js'
import { againIfChanged, refuseStuck, unlessChanged } from '../recheck.js'
import { type Register, act } from '../register.js'
import { checkWords, readInventory, selectIps } from '../selection.js'
import type { Target } from '../servers.js'
import type { Session } from '../session.js'
import { Stop, wrongArgument } from '../stop.js'

interface FailoverOptions {
  direct?: true
  dryRun?: true
}

export const registerFailover: Register = (program, io) => {
  const command = program
    .command('failover')
    .description('Moves the flexible IPs of one server to another, in whole MAC groups. It can be repeated: what has arrived stays. What a run that was killed has left on no server is not part of the next: claim brings it.')
    .argument('<from>', 'name, id or zone/name of the server that they leave')
    .argument('<to>', 'name, id or zone/name of the server that they go to')
    .argument('[ip...]', 'only these: address, id or tag:<tag>')
    .option('--direct', 'attach without a detach before')
  withExamples(withDryRun(withCommon(command)), ['flexip failover web-1 web-2', 'all flexible IPs of web-1'], ['flexip failover web-1 web-2 --dry-run', 'shows the steps'])
  act<FailoverOptions>(command, io, async (session, [from = '', to = '', ...words], options) => {
    checkWords(words)
    return againIfChanged(session, () => failover(session, from, to, words, options))
  })
}

async function failover(session: Session, from: string, to: string, words: readonly string[], { direct, dryRun }: FailoverOptions): Promise<void> {
  const { client, servers } = await session.connection()
  const [source, target] = await Promise.all([servers.find(from), servers.find(to)])
  if (source.id === target.id) throw wrongArgument('both servers are the same')
  const inventory = await readInventory(session)
  const unread = inventory.failures.find(({ zone }) => source.zone === undefined || source.zone === zone)
  if (unread) throw unread.error
  const there = inventory.ips.filter(({ serverId }) => serverId === source.id)
  const named = words.length > 0 ? collectGroups(session, await selectIps(session, words, inventory), inventory.ips) : there
  const foreign = named.filter(({ serverId }) => serverId !== source.id && serverId !== target.id)
  if (foreign.length > 0) throw new Stop(exitCodes.refused, `${foreign.map(({ ipAddress }) => ipAddress).join(', ')}: on neither of the two servers`, `To bring them there: ${commandLine(session.options, 'claim', [to, ...words])}`)
  if (named.length === 0 && source.name === undefined) await servers.checkId(source.id)
  if (named.length === 0) return sayNothing(session, source, target, inventory.ips)
  const zone = checkZones(named, target)
  const request = { zone, fromServerId: source.id, toServerId: target.id, fipsIds: named.map(({ id }) => id), ...(direct && { strategy: 'direct' as const }) }
  if (dryRun) {
    await printSteps(session, (await unlessChanged(session, client.failover({ ...request, dryRun: true }, session.call()), inventory.ips, target.id)) as MoveStep[], inventory.ips)
    return refuseStuck(named, target.id)
  }
  const endOfProgress = await showProgress(session, named)
  const moved = await unlessChanged(session, client.failover({ ...request, dryRun: false }, session.call()), inventory.ips, target.id).finally(endOfProgress)
  return session.printIps(moved, 'known')
}

/** A run that was killed can have left them on no server. It is unknown whether they were on this one: the user must know. */
function sayNothing(session: Session, source: Target, target: Target, ips: readonly FlexibleIP[]): void {
  session.say(`nothing to do: no flexible IP is on ${source.name ?? source.id}`)
  const zone = source.zone ?? target.zone
  const free = ips.filter((ip) => ip.serverId === undefined && (zone === undefined || ip.zone === zone)).map(({ ipAddress }) => ipAddress)
  if (free.length > 0) session.warn(`on no server${zone === undefined ? '' : ` of ${zone}`}: ${free.join(', ')}. If a failover that was killed has left them there, claim brings them to ${target.name ?? target.id}`)
}
