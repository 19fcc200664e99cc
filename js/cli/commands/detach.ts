// flexip detach: takes flexible IPs from their servers.
import { type FlexibleIP, macGroups } from '../../index.js'
import { withCommon, withDryRun, withExamples, withWait, withYes } from '../common-options.js'
import { confirm } from '../confirm.js'
import { each } from '../each.js'
import { exitCodes } from '../exit-codes.js'
import { namesOf } from '../progress.js'
import { noteBefore, unlessChanged } from '../recheck.js'
import { type Register, act } from '../register.js'
import { readInventory, selectIps, withGroups } from '../selection.js'
import { Stop } from '../stop.js'

export const registerDetach: Register = (program, io) => {
  const command = program
    .command('detach')
    .description('Takes flexible IPs from their servers. One that is on no server stays as it is.')
    .argument('<ip...>', 'address, id, tag:<tag> or server:<name>')
    .option('--alone', 'detach a part of a MAC group: those that are detached lose their virtual MAC address')
  withExamples(withYes(withDryRun(withWait(withCommon(command)))), ['flexip detach 51.159.1.2', 'asks first'], ['flexip detach server:web-1 --yes', 'all flexible IPs of a server'])
  act<{ yes?: true; dryRun?: true; wait: boolean; alone?: true }>(command, io, async (session, words, { yes, dryRun, wait, alone }) => {
    const inventory = await readInventory(session)
    const selected = await selectIps(session, words, inventory)
    const missing = withGroups(selected, inventory.ips).slice(selected.length)
    if (missing.length > 0 && !alone) {
      const lines = missing.map(({ ipAddress, macAddress }) => `${ipAddress} shares ${macAddress?.macAddress ?? ''}`).join(', ')
      throw new Stop(exitCodes.refused, `the MAC group has more members: ${lines}`, 'Name them too, or add --alone: then those that are detached lose their virtual MAC address.')
    }
    const attached = selected.filter(({ serverId }) => serverId !== undefined)
    // Also with --alone: what would lose its virtual MAC address may be more than what was asked about.
    const check = noteBefore(session, attached, inventory.ips)
    const { client } = await session.connection()
    if (!yes) await session.readNames(attached)
    const names = await namesOf(session)
    const stepOf = ({ ipAddress, serverId }: FlexibleIP) => `${ipAddress} from ${names(serverId ?? '')}`
    if (dryRun) {
      for (const ip of attached) {
        if (session.options.json) session.printObject({ action: 'detach', addresses: [ip.ipAddress], fipsIds: [ip.id], serverId: ip.serverId ?? null })
        else session.print(`detach ${stepOf(ip)}`)
      }
      if (attached.length === 0) session.say('nothing to do')
      return
    }
    if (attached.length > 0) await confirm(session, yes, `Detach ${attached.map(stepOf).join(', ')}${missing.length > 0 ? ', and lose the virtual MAC address' : ''}`)
    await check()
    const groups = missing.length > 0 ? attached.map((ip) => [ip]) : macGroups(attached)
    const { results, exitCode } = await each(session, groups, (group) => group.map(({ ipAddress }) => ipAddress).join(', '), async (group) => {
      const request = { zone: group[0]?.zone ?? '', fipsIds: group.map(({ id }) => id) }
      const { flexibleIps } = await unlessChanged(session, client.detachFlexibleIP(request, session.call()), inventory.ips)
      return wait ? client.waitForFlexibleIPs(request, session.call()) : flexibleIps
    })
    const shown = [...selected.filter(({ serverId }) => serverId === undefined), ...results.flat()]
    if (shown.length > 0) await session.printIps(shown)
    return exitCode
  })
}
