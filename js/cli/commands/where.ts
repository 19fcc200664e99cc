// flexip where: on which server a flexible IP is.
import type { Command } from 'commander'
import { withCommon, withExamples } from '../common-options.js'
import { type Register, act } from '../register.js'
import { selectIps } from '../selection.js'
import { ipObject } from '../output.js'
import { visible } from '../table.js'

export const registerWhere: Register = (program: Command, io) => {
  const command = program.command('where').description('Says on which server flexible IPs are.').argument('<ip...>', 'address, id, tag:<tag> or server:<name>')
  withExamples(withCommon(command), ['flexip where 51.159.1.2', 'the server of an address'], ['flexip where tag:mail --json', 'as JSON, for a script'])
  act(command, io, async (session, words) => {
    const rows = await session.rows(await selectIps(session, words))
    for (const row of rows) {
      const { ip, server } = row
      if (session.options.json) session.printObject(ipObject(row))
      else if (ip.serverId === undefined) session.print(visible(`${ip.ipAddress} is on no server in ${ip.zone}: ${ip.status}`))
      else session.print(visible(`${ip.ipAddress} is on ${server ? `${server.name} (${ip.serverId})` : ip.serverId} in ${ip.zone}: ${ip.status}`))
    }
  })
}
