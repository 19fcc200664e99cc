// flexip attach: attaches flexible IPs that are on no server.
import { type FlexibleIP, IncompleteError, type MoveStep, macGroups } from '../../index.js'
import { commandLine } from '../command-line.js'
import { withCommon, withDryRun, withExamples, withWait } from '../common-options.js'
import { each } from '../each.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import { checkZones, collectGroups, stillToGo } from '../groups.js'
import { printSteps, showProgress } from '../progress.js'
import { againIfChanged, noteBefore, refuseStuck, unlessChanged } from '../recheck.js'
import { type Register, act } from '../register.js'
import { checkWords, readInventory, selectIps } from '../selection.js'
import type { Session } from '../session.js'
import { Stop } from '../stop.js'

export const registerAttach: Register = (program, io) => {
  const command = program
    .command('attach')
    .description('Attaches flexible IPs to a server. One that is on another server is refused: claim moves it.')
    .argument('<server>', 'name, id or zone/name of the server')
    .argument('<ip...>', 'address, id, tag:<tag> or server:<name>')
  withExamples(withDryRun(withWait(withCommon(command))), ['flexip attach web-1 51.159.1.2 51.159.1.3', 'several at once'], ['flexip attach web-1 tag:mail --dry-run', 'shows the steps'])
  act<AttachOptions>(command, io, async (session, [server = '', ...words], options) => {
    checkWords(words)
    session.resumesWith = 'attach'
    const addresses = new Map<string, string>()
    const elsewhere = (names: readonly string[]) => new Stop(exitCodes.refused, `${names.join(', ')}: on another server`, `To move: ${commandLine(session.options, 'claim', [server, ...words])}`)
    refuseDetach(session, (ids) => elsewhere(ids.map((id) => addresses.get(id) ?? id)))
    return againIfChanged(session, async () => {
      const { servers } = await session.connection()
      const target = await servers.find(server)
      const inventory = await readInventory(session)
      const ips = collectGroups(session, await selectIps(session, words, inventory), inventory.ips)
      for (const { id, ipAddress } of ips) addresses.set(id, ipAddress)
      const zone = checkZones(ips, target)
      const others = ips.filter(({ serverId }) => serverId !== undefined && serverId !== target.id)
      if (others.length > 0) throw elsewhere(others.map(({ ipAddress }) => ipAddress))
      return attach(session, { zone, serverId: target.id, ips, all: inventory.ips }, options)
    })
  })
}

interface AttachOptions {
  wait: boolean
  dryRun?: true
}

interface Choice {
  zone: string
  serverId: string
  ips: readonly FlexibleIP[]
  /** Those that were read with them. */
  all: readonly FlexibleIP[]
}

async function attach(session: Session, { zone, serverId: target, ips, all }: Choice, { wait, dryRun }: AttachOptions): Promise<ExitCode | void> {
  const { client } = await session.connection()
  const going = stillToGo(ips, target)
  if (going.length === 0) return dryRun ? printSteps(session, [], all) : session.printIps(ips)
  const request = { zone, serverId: target, fipsIds: going.map(({ id }) => id) }
  if (dryRun) {
    await printSteps(session, (await unlessChanged(session, client.ensureAttached({ ...request, dryRun: true }, session.call()), all, target)) as MoveStep[], all)
    return refuseStuck(ips, target)
  }
  if (!wait) {
    // Here the service would move it without a detach.
    await noteBefore(session, going, all)()
    const groups = macGroups(ips.filter(({ serverId }) => serverId === undefined))
    const nameOf = (group: (typeof groups)[number]) => group.map(({ ipAddress }) => ipAddress).join(', ')
    const { results, exitCode } = await each(session, groups, nameOf, async (group) => (await unlessChanged(session, client.attachFlexibleIP({ zone, serverId: target, fipsIds: group.map(({ id }) => id) }, session.call()), all, target)).flexibleIps)
    const attached = [...ips.filter(({ serverId }) => serverId !== undefined), ...results.flat()]
    if (attached.length > 0) await session.printIps(attached)
    return exitCode
  }
  // A detach is refused before it is sent.
  const endOfProgress = await showProgress(session, ips, ['attach'])
  try {
    const attached = await unlessChanged(session, client.ensureAttached({ ...request, dryRun: false }, session.call()), all, target)
    return await session.printIps(ips.map((ip) => attached.find(({ id }) => id === ip.id) ?? ip))
  } catch (error) {
    // Where others were attached, what is where says more.
    const { reason } = session.signal as { reason: unknown }
    const hasArrived = error instanceof IncompleteError && error.moves.some(({ arrived }) => arrived)
    throw reason instanceof Stop && !hasArrived ? reason : error
  } finally {
    endOfProgress()
  }
}

/** Ends the session before a detach is sent: a flexible IP that was free when it was read is on another server by now. */
function refuseDetach(session: Session, refusalOf: (ids: readonly string[]) => Stop): void {
  session.gate = (fetch) => (url, init) => {
    if (init.method === 'GET' || !url.endsWith('/detach')) return fetch(url, init)
    const { fips_ids: ids = [] } = JSON.parse(String(init.body)) as { fips_ids?: string[] }
    const refusal = refusalOf(ids)
    session.abort(refusal)
    return Promise.reject(refusal)
  }
}
