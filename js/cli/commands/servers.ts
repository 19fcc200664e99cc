// flexip servers: the Elastic Metal servers that flexible IPs can be on.
import { withCommon, withExamples } from '../common-options.js'
import { exitCodes } from '../exit-codes.js'
import { type Register, act } from '../register.js'
import { type Server, unreadable } from '../servers.js'
import { type Column, table } from '../table.js'

const columns: Column<Server>[] = [
  { title: 'SERVER', cell: ({ name }) => name, min: 8 },
  { title: 'ZONE', cell: ({ zone }) => zone },
  { title: 'ID', cell: ({ id }) => id },
]

export const registerServers: Register = (program, io) => {
  const command = program.command('servers').description('Lists the Elastic Metal servers, by whose names the other commands know them.')
  withExamples(withCommon(command), ['flexip servers --zone fr-par-1', 'those of a zone'])
  act(command, io, async (session) => {
    const { servers: names } = await session.connection()
    const { servers, failures } = await names.all()
    if (session.options.json) for (const { id, name, zone } of servers) session.printObject({ id, name, zone })
    else if (servers.length > 0) for (const line of table(columns, servers, session.io.outIsTerminal ? session.io.columns : Infinity, session.tableStyle)) session.print(line)
    else if (failures.length === 0) session.say('there is no server')
    const [failure] = failures
    if (failure) throw unreadable(failure, failures, undefined, servers.length > 0 ? exitCodes.incomplete : undefined)
  })
}
