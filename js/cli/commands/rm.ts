// flexip rm: deletes flexible IPs.
import { withCommon, withDryRun, withExamples, withWait, withYes } from '../common-options.js'
import { confirm } from '../confirm.js'
import { each } from '../each.js'
import { namesOf } from '../progress.js'
import { noteBefore } from '../recheck.js'
import { type Register, act } from '../register.js'
import { checkWords, readInventory, selectIps } from '../selection.js'

export const registerRm: Register = (program, io) => {
  const command = program
    .command('rm')
    .alias('delete')
    .description('Deletes flexible IPs. Their addresses go back to the pool, and others can get them.')
    .argument('<ip...>', 'address, id, tag:<tag> or server:<name>')
  withExamples(withYes(withDryRun(withWait(withCommon(command)))), ['flexip rm 51.159.1.2', 'asks first'], ['flexip rm tag:old --yes', 'several, without a question'])
  act<{ yes?: true; dryRun?: true; wait: boolean }>(command, io, async (session, words, { yes, dryRun, wait }) => {
    checkWords(words)
    const inventory = await readInventory(session)
    const ips = await selectIps(session, words, inventory)
    const check = noteBefore(session, ips, inventory.ips)
    const { client } = await session.connection()
    if (!yes) await session.readNames(ips)
    const names = await namesOf(session)
    const described = ips.map(({ ipAddress, serverId }) => `${ipAddress}${serverId === undefined ? '' : ` (on ${names(serverId)})`}`)
    if (dryRun) {
      for (const [index, ip] of ips.entries()) {
        if (session.options.json) session.printObject({ action: 'delete', address: ip.ipAddress, fipId: ip.id, serverId: ip.serverId ?? null })
        else session.print(`delete ${described[index]}`)
      }
      return
    }
    await confirm(session, yes, `Delete ${ips.length} flexible ${ips.length === 1 ? 'IP' : 'IPs'}: ${described.join(', ')}`)
    await check()
    const { results, exitCode } = await each(session, ips, ({ ipAddress }) => ipAddress, async (ip) => {
      const request = { zone: ip.zone, fipId: ip.id }
      await client.deleteFlexibleIP(request, session.call())
      if (wait) await client.waitUntilDeleted(request, session.call())
      return ip
    })
    for (const { id, ipAddress, zone } of results) {
      if (session.options.json) session.printObject({ id, address: ipAddress, zone, deleted: wait })
      else session.print(wait ? `${ipAddress} is deleted` : `${ipAddress} is being deleted`)
    }
    return exitCode
  })
}
