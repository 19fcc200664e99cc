// flexip attach: attaches flexible IPs that are on no server.
import { type MoveStep, macGroups } from '../../index.js'
import { commandLine } from '../command-line.js'
import { withCommon, withDryRun, withExamples, withWait } from '../common-options.js'
import { each } from '../each.js'
import { exitCodes } from '../exit-codes.js'
import { checkZones, collectGroups } from '../groups.js'
import { printSteps, showProgress } from '../progress.js'
import { type Register, act } from '../register.js'
import { checkWords, readInventory, selectIps } from '../selection.js'
import { Stop } from '../stop.js'

export const registerAttach: Register = (program, io) => {
  const command = program
    .command('attach')
    .description('Attaches flexible IPs to a server. One that is on another server is refused: claim moves it.')
    .argument('<server>', 'name, id or zone/name of the server')
    .argument('<ip...>', 'address, id, tag:<tag> or server:<name>')
  withExamples(withDryRun(withWait(withCommon(command))), ['flexip attach web-1 51.159.1.2 51.159.1.3', 'several at once'], ['flexip attach web-1 tag:mail --dry-run', 'shows the steps'])
  act<{ wait: boolean; dryRun?: true }>(command, io, async (session, [server = '', ...words], { wait, dryRun }) => {
    checkWords(words)
    const { client, servers } = await session.connection()
    const target = await servers.find(server)
    const inventory = await readInventory(session)
    const ips = collectGroups(session, await selectIps(session, words, inventory), inventory.ips)
    const zone = checkZones(ips, target)
    const elsewhere = ips.filter(({ serverId }) => serverId !== undefined && serverId !== target.id)
    if (elsewhere.length > 0) throw new Stop(exitCodes.refused, `${elsewhere.map(({ ipAddress }) => ipAddress).join(', ')}: on another server`, `To move: ${commandLine(session.options, 'claim', [server, ...words])}`)
    const request = { zone, serverId: target.id, fipsIds: ips.map(({ id }) => id) }
    if (dryRun) return printSteps(session, (await client.ensureAttached({ ...request, dryRun: true }, session.call())) as MoveStep[], inventory.ips)
    if (!wait) {
      const groups = macGroups(ips.filter(({ serverId }) => serverId === undefined))
      const nameOf = (group: (typeof groups)[number]) => group.map(({ ipAddress }) => ipAddress).join(', ')
      const { results, exitCode } = await each(session, groups, nameOf, async (group) => (await client.attachFlexibleIP({ zone, serverId: target.id, fipsIds: group.map(({ id }) => id) }, session.call())).flexibleIps)
      await session.printIps([...ips.filter(({ serverId }) => serverId !== undefined), ...results.flat()])
      return exitCode
    }
    const endOfProgress = await showProgress(session, ips)
    const attached = await client.ensureAttached({ ...request, dryRun: false }, session.call()).finally(endOfProgress)
    return session.printIps(attached)
  })
}
