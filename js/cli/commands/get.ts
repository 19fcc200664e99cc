// flexip get: all fields of flexible IPs.
import { withCommon, withExamples } from '../common-options.js'
import { ipLines, ipObject } from '../output.js'
import { type Register, act } from '../register.js'
import { selectIps } from '../selection.js'

export const registerGet: Register = (program, io) => {
  const command = program.command('get').description('Shows all fields of flexible IPs.').argument('<ip...>', 'address, id, tag:<tag> or server:<name>')
  withExamples(withCommon(command), ['flexip get 51.159.1.2', 'one, by its address'], ['flexip get 2001:bc8:702:6b7::25', 'the IPv6 block that has this address'])
  act(command, io, async (session, words) => {
    const rows = await session.rows(await selectIps(session, words))
    for (const [index, row] of rows.entries()) {
      if (session.options.json) session.printObject(ipObject(row))
      else for (const line of [...(index > 0 ? [''] : []), ...ipLines(row)]) session.print(line)
    }
  })
}
