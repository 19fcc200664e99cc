// flexip destinations: where flexible IPs can go, and why not.
import { destinations } from '../../index.js'
import { withCommon, withExamples } from '../common-options.js'
import { type Register, act } from '../register.js'
import { readInventory, selectIps } from '../selection.js'
import { unreadable } from '../servers.js'
import { type Column, table } from '../table.js'

interface Row {
  name: string
  zone: string
  free: number
  problems: readonly { message: string }[]
}

const columns: Column<Row>[] = [
  { title: 'SERVER', cell: ({ name }) => name },
  { title: 'ZONE', cell: ({ zone }) => zone },
  { title: 'FREE', cell: ({ free }) => String(free) },
  { title: 'POSSIBLE', cell: ({ problems }) => (problems.length === 0 ? 'yes' : `no: ${problems.map(({ message }) => message).join('; ')}`), min: 8 },
]

export const registerDestinations: Register = (program, io) => {
  const command = program.command('destinations').description('Says to which servers flexible IPs can go together, and why not to the others.').argument('<ip...>', 'address, id, tag:<tag> or server:<name>')
  withExamples(withCommon(command), ['flexip destinations 51.159.1.2', 'every server, with the reason if it cannot go there'])
  act(command, io, async (session, words) => {
    const inventory = await readInventory(session)
    const ips = await selectIps(session, words, inventory)
    const { servers } = await session.connection()
    const { servers: known, failures } = await servers.all()
    const unread = failures.find(({ zone }) => ips.some((ip) => ip.zone === zone))
    if (unread) throw unreadable(unread, [unread])
    const { destinations: entries, movesAlong } = destinations(ips, { flexibleIps: inventory.ips, servers: known })
    for (const { ipAddress, macAddress } of movesAlong) session.say(`${ipAddress} moves along: it shares the virtual MAC address ${macAddress?.macAddress ?? ''}`)
    const rows = entries.map(({ serverId, ...entry }) => ({ serverId, name: known.find(({ id }) => id === serverId)?.name ?? serverId, ...entry }))
    if (session.options.json) {
      for (const { serverId, name, zone, possible, free, problems } of rows) session.printObject({ serverId, serverName: name, zone, possible, free, problems, movesAlong: movesAlong.map(({ ipAddress }) => ipAddress) })
    } else if (rows.length === 0) session.say('there is no server')
    else for (const line of table(columns, rows, session.io.outIsTerminal ? session.io.columns : Infinity, session.tableStyle)) session.print(line)
  })
}
